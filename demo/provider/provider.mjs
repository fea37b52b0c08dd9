// The customer's login server: a real OpenID Provider (npm oidc-provider) with its own login and consent pages.
// It keeps nothing: keys, sessions and grants end with the process. PKCE is required, framing is refused.

import { generateKeyPairSync, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { consentPage, errorPage, loginPage } from "./pages.mjs";
import { people, personOf } from "./people.mjs";

export const CLIENT_ID = "handstamp-demo";

/** What oidc-provider says once about settings that are meant here: state in memory, plain http, Node 20. */
const EXPECTED_NOTICE = /in-memory|Unsupported runtime|http:/i;

/**
 * Does something without the expected notices.
 * @template T
 * @param {() => T | Promise<T>} act
 */
async function quietly(act) {
  const { warn, info } = console;
  const pass = (/** @type {any[]} */ ...words) => void (EXPECTED_NOTICE.test(words.join(" ")) || warn(...words));
  Object.assign(console, { warn: pass, info: pass });
  try {
    return await act();
  } finally {
    Object.assign(console, { warn, info });
  }
}

function signingKey() {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  // A fresh kid each time: keys that an earlier process published must not be taken for these.
  return { ...privateKey.export({ format: "jwk" }), kid: randomBytes(8).toString("hex"), alg: "RS256", use: "sig" };
}

/**
 * @param {{ issuer: string, worker: string, clientSecret: string, account?: string }} options account: whose redirect URI is registered beside the shared one
 * @returns {Promise<import("node:http").RequestListener>}
 */
export async function createProvider({ issuer, worker, clientSecret, account = "demo" }) {
  const { default: Provider } = await quietly(() => import("oidc-provider"));
  const style = await readFile(new URL("./style.css", import.meta.url));
  const provider = await quietly(() => new Provider(issuer, {
    clients: [{
      client_id: CLIENT_ID,
      client_name: "Handstamp campaigns",
      client_secret: clientSecret,
      redirect_uris: [`${worker}/oauth/callback`, `${worker}/oauth/callback/${account}`],
      response_types: ["code"],
      grant_types: ["authorization_code"],
      token_endpoint_auth_method: "client_secret_basic",
    }],
    claims: {
      openid: ["sub"],
      email: ["email", "email_verified"],
      profile: ["name", "given_name", "family_name", "birthdate", "address"],
    },
    cookies: { keys: [randomBytes(32).toString("hex")] },
    jwks: { keys: [/** @type {any} */ (signingKey())] },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: false } },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    async findAccount(_, id) {
      const person = personOf(id);
      return person && {
        accountId: person.sub,
        claims: async () => ({ ...person, name: `${person.given_name} ${person.family_name}`, email_verified: true }),
      };
    },
    renderError(context, out) {
      context.type = "html";
      context.body = errorPage(out.error, out.error_description);
    },
    ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 3600, IdToken: 600, Interaction: 3600, Session: 3600 },
  }));
  const answer = provider.callback();

  return async (request, response) => {
    const path = new URL(request.url ?? "/", issuer).pathname;
    response.setHeader("x-frame-options", "DENY");
    // Where one person takes another's place, the library's own page sends itself; it adds the hash of its script.
    response.setHeader("content-security-policy", "default-src 'none'; script-src 'self'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'");
    response.setHeader("cross-origin-opener-policy", "same-origin");
    response.setHeader("referrer-policy", "no-referrer");
    if (path === "/style.css") return void response.writeHead(200, { "content-type": "text/css" }).end(style);
    if (!path.startsWith("/interaction/")) return void answer(request, response);
    try {
      await interact(provider, request, response, path.split("/")[3]);
    } catch {
      const page = errorPage("expired", "This sign-in is over. Go back to the campaign and try again.");
      response.writeHead(400, { "content-type": "text/html; charset=utf-8" }).end(page);
    }
  };
}

/**
 * @param {import("oidc-provider").default} provider
 * @param {import("node:http").IncomingMessage} request
 * @param {import("node:http").ServerResponse} response
 * @param {string | undefined} action
 */
async function interact(provider, request, response, action) {
  const { uid, prompt, session, params, grantId } = await provider.interactionDetails(request, response);
  /** @param {import("oidc-provider").InteractionResults} result @param {boolean} [more] */
  const finish = (result, more = false) => provider.interactionFinished(request, response, result, { mergeWithLastSubmission: more });

  if (request.method !== "POST") {
    const person = personOf(session?.accountId ?? "");
    const page = prompt.name === "consent" && person ? consentPage(uid, person) : loginPage(uid, people);
    return void response.writeHead(200, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" }).end(page);
  }
  const form = new URLSearchParams(await text(request));
  if (action === "cancel") return finish({ error: "access_denied", error_description: "The person stopped" });
  if (prompt.name === "login") {
    const person = personOf(form.get("person") ?? "");
    if (!person) return void response.writeHead(303, { location: `/interaction/${uid}` }).end();
    return finish({ login: { accountId: person.sub } });
  }
  const known = grantId && (await provider.Grant.find(grantId));
  const grant = known || new provider.Grant({ accountId: session?.accountId, clientId: String(params.client_id) });
  const missing = /** @type {{ missingOIDCScope?: string[], missingOIDCClaims?: string[] }} */ (prompt.details);
  if (missing.missingOIDCScope) grant.addOIDCScope(missing.missingOIDCScope.join(" "));
  if (missing.missingOIDCClaims) grant.addOIDCClaims(missing.missingOIDCClaims);
  return finish({ consent: { grantId: await grant.save() } }, true);
}

/** @param {import("node:http").IncomingMessage} request */
async function text(request) {
  let body = "";
  for await (const chunk of request.setEncoding("utf8")) {
    body += chunk;
    if (body.length > 4096) throw new Error("too long");
  }
  return body;
}
