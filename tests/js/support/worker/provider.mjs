// A small OpenID Provider on loopback: it signs in whoever comes, checks what a real one checks (client, PKCE,
// redirect address, code used once), and can be told to misbehave.

import { createHash, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { pause } from "../patience.mjs";

/** @typedef {{ challenge: string, nonce: string, redirectUri: string, scope: string }} Grant */

/** @typedef {{ publicKey: import("jose").CryptoKey, privateKey: import("jose").CryptoKey }} Pair */
/** Pairs of providers that have stopped, as making one takes longer than most tests. No two that run at a time have the same. @type {Pair[]} */
const spare = [];

export class Provider {
  clientId = "campaigns";
  clientSecret = "a client secret that nobody may see";
  /** @type {{ sub: string, email: string, given_name: string, family_name: string, picture?: string }} */
  person = { sub: "p-1", email: "canary@example.org", given_name: "Canary", family_name: "Bird" };
  /** Its token endpoint's answer to a good request, in place of tokens. @type {{ status: number, headers?: Record<string, string>, body?: unknown } | undefined} */
  tokenAnswer = undefined;
  /** The keys that it publishes. @type {any[]} */
  keys = [];
  /** What the next authorization answers: nothing special, or these parameters instead of a code. @type {Record<string, string> | undefined} */
  answer = undefined;
  /** Whether it shows a page with the links "Allow" and "Cancel" first, as a real one does. */
  asks = false;
  /** How long the token endpoint thinks, milliseconds. */
  delay = 0;
  /** Whether it posts its answer where that is asked for (OAuth 2.0 Form Post Response Mode), by a page whose form sends itself. */
  posts = false;
  /** Whether it sends iss with its answer (RFC 9207). */
  sendsIss = true;
  /** The redirect URIs that are registered; without a list it takes any. @type {string[] | undefined} */
  redirectUris = undefined;
  /** Changes an authorization request before it is answered, as a server of an attacker's may. @type {((asked: URLSearchParams) => string) | undefined} */
  instead = undefined;
  /** What else its metadata says. @type {Record<string, unknown>} */
  metadata = {};
  /** What its token endpoint was sent. @type {URLSearchParams[]} */
  exchanges = [];
  /** @type {Record<string, number>} requests by path */
  requests = {};
  /** @type {URLSearchParams[]} */
  authorizations = [];
  /** @type {Map<string, Grant>} */
  #codes = new Map();
  /** @type {Set<string>} */
  #tokens = new Set();
  #pair;
  #server;
  issuer = "";

  /** @param {Pair} pair @param {object} jwk */
  constructor(pair, jwk) {
    this.#pair = pair;
    this.keys = [jwk];
    this.#server = createServer((request, response) => {
      this.#respond(request, response).catch((error) => response.writeHead(500).end(String(error)));
    });
  }

  static async start() {
    const pair = spare.pop() ?? (await generateKeyPair("RS256"));
    const provider = new Provider(pair, { ...(await exportJWK(pair.publicKey)), kid: "p1", alg: "RS256", use: "sig" });
    await new Promise((resolve) => provider.#server.listen(0, "127.0.0.1", () => resolve(undefined)));
    const { port } = /** @type {import("node:net").AddressInfo} */ (provider.#server.address());
    provider.issuer = `http://127.0.0.1:${port}`;
    return provider;
  }

  stop() {
    if (this.#server.listening) spare.push(this.#pair);
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** The `oauth` member of an account that uses this provider. */
  settings() {
    return {
      issuer: this.issuer,
      clientId: this.clientId,
      clientAuth: { method: "client_secret_basic", secret: { secret: "OIDC_CLIENT" } },
    };
  }

  /** @param {import("node:http").IncomingMessage} request @param {import("node:http").ServerResponse} response */
  async #respond(request, response) {
    const url = new URL(request.url ?? "/", this.issuer);
    this.requests[url.pathname] = (this.requests[url.pathname] ?? 0) + 1;
    const json = (/** @type {unknown} */ value, status = 200) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
    if (url.pathname === "/.well-known/openid-configuration") return json(this.#metadata());
    if (url.pathname === "/jwks") return json({ keys: this.keys });
    if (url.pathname === "/authorize" && this.instead) return response.writeHead(302, { location: this.instead(url.searchParams) }).end();
    if (url.pathname === "/authorize" && this.asks && !url.searchParams.has("wish")) {
      const link = (/** @type {string} */ wish) => `<a href="${`${url.pathname}${url.search}&wish=${wish}`.replaceAll("&", "&amp;")}">${wish}</a>`;
      return response.writeHead(200, { "content-type": "text/html" }).end(`<!doctype html><title>Sign in</title>${link("Allow")} ${link("Cancel")}`);
    }
    const redirectUri = url.searchParams.get("redirect_uri") ?? "";
    if (url.pathname === "/authorize" && this.redirectUris?.includes(redirectUri) === false) return response.writeHead(400).end("redirect_uri");
    if (url.pathname === "/authorize" && this.posts) return response.writeHead(200, { "content-type": "text/html" }).end(formOf(new URL(this.#authorize(url.searchParams))));
    if (url.pathname === "/authorize") return response.writeHead(302, { location: this.#authorize(url.searchParams) }).end();
    if (url.pathname === "/token") return this.#exchange(request, json, response);
    if (url.pathname === "/me") {
      const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1] ?? "";
      return this.#tokens.has(token) ? json(this.person) : json({ error: "invalid_token" }, 401);
    }
    return response.writeHead(404).end();
  }

  #metadata() {
    const at = (/** @type {string} */ path) => this.issuer + path;
    return {
      issuer: this.issuer,
      authorization_endpoint: at("/authorize"),
      token_endpoint: at("/token"),
      jwks_uri: at("/jwks"),
      userinfo_endpoint: at("/me"),
      response_types_supported: ["code"],
      subject_types_supported: ["public"],
      id_token_signing_alg_values_supported: ["RS256"],
      code_challenge_methods_supported: ["S256"],
      authorization_response_iss_parameter_supported: this.sendsIss,
      ...this.metadata,
    };
  }

  /** @param {URLSearchParams} asked */
  #authorize(asked) {
    this.authorizations.push(asked);
    const redirectUri = asked.get("redirect_uri") ?? "";
    const back = new URL(redirectUri);
    back.searchParams.set("state", asked.get("state") ?? "");
    if (this.sendsIss) back.searchParams.set("iss", this.issuer);
    const answer = asked.get("wish") === "Cancel" ? { error: "access_denied" } : this.answer;
    if (answer) {
      for (const [name, value] of Object.entries(answer)) back.searchParams.set(name, value);
      return back.href;
    }
    const code = `code-${randomUUID()}`;
    this.#codes.set(code, {
      challenge: asked.get("code_challenge") ?? "",
      nonce: asked.get("nonce") ?? "",
      redirectUri,
      scope: asked.get("scope") ?? "",
    });
    back.searchParams.set("code", code);
    return back.href;
  }

  /** @param {import("node:http").IncomingMessage} request @param {(value: unknown, status?: number) => unknown} json @param {import("node:http").ServerResponse} response */
  async #exchange(request, json, response) {
    let text = "";
    for await (const chunk of request) text += chunk;
    const form = new URLSearchParams(text);
    this.exchanges.push(form);
    await pause(this.delay, undefined, { ref: false });
    if (!this.#isClient(request.headers.authorization, form)) return json({ error: "invalid_client" }, 401);
    if (this.tokenAnswer) {
      const { status, headers = { "content-type": "application/json" }, body } = this.tokenAnswer;
      return response.writeHead(status, headers).end(body === undefined ? "<h1>no</h1>" : JSON.stringify(body));
    }
    const code = form.get("code") ?? "";
    const grant = this.#codes.get(code);
    this.#codes.delete(code);
    const challenge = createHash("sha256")
      .update(form.get("code_verifier") ?? "")
      .digest("base64url");
    if (!grant || grant.challenge !== challenge || grant.redirectUri !== form.get("redirect_uri"))
      return json({ error: "invalid_grant" }, 400);
    const accessToken = `canary-access-${randomUUID()}`;
    this.#tokens.add(accessToken);
    const idToken = await new SignJWT({ nonce: grant.nonce })
      .setProtectedHeader({ alg: "RS256", kid: "p1" })
      .setIssuer(this.issuer)
      .setAudience(this.clientId)
      .setSubject(this.person.sub)
      .setIssuedAt()
      .setExpirationTime("5m")
      .sign(this.#pair.privateKey);
    return json({ access_token: accessToken, token_type: "Bearer", expires_in: 300, id_token: idToken, scope: grant.scope });
  }
  /**
   * RFC 6749 section 2.3.1: both parts are form-encoded. A public client has no secret and says its name alone.
   * @param {string | undefined} header
   * @param {URLSearchParams} form
   */
  #isClient(header, form) {
    if (this.clientSecret === "") return header === undefined && form.get("client_id") === this.clientId;
    const text = Buffer.from(/^Basic (.+)$/.exec(header ?? "")?.[1] ?? "", "base64").toString();
    const [id, secret] = text.split(":").map((part) => decodeURIComponent(part.replaceAll("+", "%20")));
    return id === this.clientId && secret === this.clientSecret;
  }
}

/** The page that posts an answer. @param {URL} back */
function formOf(back) {
  const escaped = (/** @type {string} */ text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  const fields = [...back.searchParams].map(([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`);
  return `<!doctype html><form method="post" action="${escaped(back.origin + back.pathname)}">${fields.join("")}</form><script>document.forms[0].submit()</script>`;
}
