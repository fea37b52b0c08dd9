// node server.mjs URL REDIRECT_URI: runs in a folder with better-auth installed, and writes the client that it made there.
// @ts-nocheck The packages are installed when the soak runs.

import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { betterAuth } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
import { toNodeHandler } from "better-auth/node";
import { jwt } from "better-auth/plugins";
import { oauthProvider } from "@better-auth/oauth-provider";

const [url, redirectUri] = process.argv.slice(2);
const PERSON = { email: "ada@example.org", password: "correct horse battery", name: "Ada" };

const tables = ["user", "session", "account", "verification", "jwks", "oauthClient", "oauthConsent", "oauthAccessToken", "oauthRefreshToken", "oauthResource", "oauthClientResource", "oauthClientAssertion"];
const auth = betterAuth({
  baseURL: url,
  secret: randomBytes(32).toString("hex"),
  database: memoryAdapter(Object.fromEntries(tables.map((name) => [name, []]))),
  emailAndPassword: { enabled: true },
  disabledPaths: ["/token"],
  plugins: [jwt(), oauthProvider({ loginPage: "/sign-in", consentPage: "/consent", silenceWarnings: { oauthAuthServerConfig: true, openidConfig: true } })],
});

const signedUp = await auth.api.signUpEmail({ body: PERSON, asResponse: true });
const cookie = signedUp.headers.getSetCookie().map((each) => each.split(";")[0]).join("; ");
const client = await auth.api.createOAuthClient({
  headers: new Headers({ cookie }),
  body: { redirect_uris: [redirectUri], client_name: "Campaigns", scope: "openid email profile", application_type: "native", token_endpoint_auth_method: "client_secret_basic" },
});
await writeFile("client.json", JSON.stringify(client));

/** A page whose button asks the product to go on with the query that it was opened with. */
const page = (label, path, body) => `<!doctype html><title>${label}</title><button>${label}</button><script>
document.querySelector("button").onclick = async () => {
  const body = { ...${JSON.stringify(body)}, oauth_query: location.search.slice(1) };
  const answer = await fetch("/api/auth${path}", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  const told = await answer.json();
  const next = told.url ?? told.redirect_uri ?? told.uri;
  if (next) location.href = next; else document.body.textContent = JSON.stringify(told);
};
</script>`;
const pages = {
  "/sign-in": page("Sign in", "/sign-in/email", { email: PERSON.email, password: PERSON.password }),
  "/consent": page("Allow", "/oauth2/consent", { accept: true }),
  "/ready": "ready",
};
const handle = toNodeHandler(auth);
createServer((request, response) => {
  const own = pages[new URL(request.url, url).pathname];
  if (own) response.writeHead(200, { "content-type": "text/html" }).end(own);
  else handle(request, response);
}).listen(new URL(url).port, "127.0.0.1");
