// One server with many login servers, each below a path of its own and each in a situation: all is well with it but
// for what its situation changes. It signs in whoever comes, and checks what a real one checks: client, PKCE,
// redirect address, and that a code is used once.

import { createHash, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { pause } from "../support/patience.mjs";
import { answer, json } from "./faults.mjs";
import { keys, sign } from "./keys.mjs";

/** @import { Situation } from "./situation.d.ts" */

export const CLIENT_ID = "campaigns";
/** Long enough to sign with (HS256). */
export const CLIENT_SECRET = "a client secret that nobody may see";
export const PERSON = {
  sub: "canary-subject",
  email: "canary@example.org",
  given_name: "Canary",
  phone_number: "+32 2 555 12 12",
  address: { locality: "Brussels", country: "BE" },
};

const seconds = () => Math.floor(Date.now() / 1000);

/** `at_hash`: the left half of the hash of the algorithm. @param {string} text @param {string} alg */
function half(text, alg) {
  const hash = createHash(`sha${alg.slice(-3)}`).update(text).digest();
  return hash.subarray(0, hash.length / 2).toString("base64url");
}

/** One login server in its situation. */
class Login {
  /** @type {Map<string, { challenge: string, nonce: string, redirectUri: string, visit: number }>} */
  #codes = new Map();
  /** @type {Set<string>} */
  #tokens = new Set();
  /** What was pushed, by its name. @type {Map<string, URLSearchParams>} */
  #pushed = new Map();
  /** How often each endpoint was asked. @type {Record<string, number>} */
  requests = {};
  /** What was asked for at the authorization endpoint. @type {URLSearchParams[]} */
  authorizations = [];
  /** What was wrong with a request of ours: stays empty. @type {string[]} */
  complaints = [];
  heard = { bytes: 0 };

  /** @param {Situation} situation @param {string} issuer */
  constructor(situation, issuer) {
    this.situation = situation;
    this.issuer = issuer;
  }

  /** The `oauth` member of the account whose login server this is. */
  settings() {
    const clientAuth = { method: "client_secret_basic", secret: { secret: "OIDC_CLIENT" } };
    const own = this.situation.oauth ?? {};
    return { issuer: this.issuer, clientId: CLIENT_ID, clientAuth, ...(typeof own === "function" ? own(this.issuer) : own) };
  }

  /**
   * @param {string} path below the issuer
   * @param {URL} url
   * @param {import("node:http").IncomingMessage} request
   * @param {import("node:http").ServerResponse} response
   */
  async respond(path, url, request, response) {
    const endpoints = {
      "/.well-known/openid-configuration": "discovery",
      "/authorize": "authorization",
      "/token": "token",
      "/par": "pushed",
      "/jwks": "jwks",
      "/userinfo": "userinfo",
    };
    const known = /** @type {Record<string, string>} */ ({ ...endpoints, ...this.situation.paths });
    const name = known[path] ?? "elsewhere";
    this.requests[name] = (this.requests[name] ?? 0) + 1;
    const fault = this.situation.faults?.[name];
    if (fault) {
      request.resume();
      return fault(response, this.heard);
    }
    await pause(this.situation.slow?.[name] ?? 0, undefined, { ref: false });
    const type = this.situation.types?.[name] ?? "application/json";
    const reply = (/** @type {unknown} */ value, status = 200) => answer(status, type, JSON.stringify(value))(response, this.heard);
    if (request.method !== (this.situation.methods?.[name] ?? request.method)) return reply({ error: "method_not_allowed" }, 405);
    if (name === "discovery") return reply(this.#metadata());
    if (name === "authorization") return response.writeHead(302, { location: this.#authorize(url.searchParams) }).end();
    if (name === "token") return this.#exchange(request, reply);
    if (name === "pushed") return this.#push(request, reply);
    if (name === "jwks") return reply({ keys: this.#keySet(url) });
    if (name === "userinfo") return this.#userinfo(url, request, response);
    if (name === "swap") return this.#swap(request, reply);
    return reply({ error: "not_found" }, 404);
  }

  #metadata() {
    const metadata = {
      issuer: this.issuer,
      authorization_endpoint: `${this.issuer}/authorize`,
      token_endpoint: `${this.issuer}/token`,
      jwks_uri: `${this.issuer}/jwks`,
      userinfo_endpoint: `${this.issuer}/userinfo`,
      response_types_supported: ["code"],
      subject_types_supported: ["public"],
      id_token_signing_alg_values_supported: ["RS256", "RS512", "ES256", "ES384", "ES512", "PS256", "EdDSA", "HS256"],
      code_challenge_methods_supported: ["S256"],
      authorization_response_iss_parameter_supported: true,
    };
    return { ...metadata, ...this.situation.metadata?.(this.issuer, this.requests.discovery) };
  }

  /** @param {URL} url */
  #keySet(url) {
    const usual = [keys[this.situation.signWith?.(1) ?? "rsa"].jwk];
    return this.situation.keySet?.(this.requests.jwks, url.searchParams) ?? usual;
  }

  /** @param {import("node:http").IncomingMessage} request @param {(value: unknown, status?: number) => void} reply */
  async #push(request, reply) {
    const form = await formOf(request);
    const check = this.situation.isClient ?? isBasicClient;
    if (!(await check(form, request.headers.authorization, this.issuer))) return reply({ error: "invalid_client" }, 401);
    if (form.has("request_uri")) this.complaints.push("a request_uri in a pushed request");
    const name = `urn:ietf:params:oauth:request_uri:${randomUUID()}`;
    this.#pushed.set(name, form);
    return reply({ request_uri: name, expires_in: 60, ...this.situation.pushed }, 201);
  }

  /** @param {URLSearchParams} given */
  #authorize(given) {
    const name = given.get("request_uri") ?? "";
    const asked = this.#pushed.get(name) ?? given;
    if (name && (given.size !== 2 || given.get("client_id") !== asked.get("client_id"))) this.complaints.push("more than client_id and request_uri in the address");
    if (!name && this.situation.metadata?.(this.issuer).require_pushed_authorization_requests) this.complaints.push("a request that was not pushed");
    this.#pushed.delete(name);
    this.authorizations.push(asked);
    const redirectUri = asked.get("redirect_uri") ?? "";
    const code = `canary-code-${randomUUID()}`;
    const grant = { challenge: asked.get("code_challenge") ?? "", nonce: asked.get("nonce") ?? "", redirectUri };
    this.#codes.set(code, { ...grant, visit: this.authorizations.length });
    const usual = { state: asked.get("state") ?? "", iss: this.issuer, code };
    const back = new URL(redirectUri);
    for (const [name, value] of Object.entries({ ...usual, ...this.situation.authorization?.(this.issuer) }))
      if (value !== null) back.searchParams.set(name, value);
    for (const [name, values] of Object.entries(this.situation.authorizeTwice ?? {}))
      for (const value of values) back.searchParams.append(name, value);
    return back.href;
  }

  /** @param {import("node:http").IncomingMessage} request @param {(value: unknown, status?: number) => void} reply */
  async #exchange(request, reply) {
    const form = await formOf(request);
    const check = this.situation.isClient ?? isBasicClient;
    if (!(await check(form, request.headers.authorization, this.issuer))) return reply({ error: "invalid_client" }, 401);
    const code = form.get("code") ?? "";
    const grant = this.#codes.get(code);
    this.#codes.delete(code);
    const verifier = form.get("code_verifier") ?? "";
    const challenge = createHash("sha256").update(verifier).digest("base64url");
    // A server that does not know PKCE refuses what it does not know.
    const isBound = this.situation.withoutPkce ? grant?.challenge === "" && verifier === "" : grant?.challenge === challenge;
    if (!grant || !isBound || grant.redirectUri !== form.get("redirect_uri"))
      return reply({ error: "invalid_grant" }, 400);
    const signer = keys[this.situation.signWith?.(grant.visit) ?? "rsa"];
    const accessToken = (await this.situation.accessToken?.(this.issuer, signer)) ?? `canary-access-${randomUUID()}`;
    this.#tokens.add(accessToken);
    const hash = this.situation.atHash ?? signer.alg;
    const claims = {
      iss: this.issuer,
      aud: CLIENT_ID,
      sub: PERSON.sub,
      iat: seconds(),
      exp: seconds() + 300,
      nonce: grant.nonce,
      // The hash is the algorithm's own; no text says which one that is for EdDSA.
      ...(/\d$/.test(hash) && { at_hash: half(accessToken, hash) }),
    };
    const changed = without({ ...claims, ...this.situation.idToken?.(claims, this.issuer) });
    const idToken = (await this.situation.makeIdToken?.(changed)) ?? (await sign(changed, this.situation.header ?? {}, signer));
    const usual = { access_token: accessToken, token_type: "Bearer", expires_in: 300, id_token: idToken };
    return reply(without({ ...usual, ...this.situation.tokens }));
  }

  /** @param {import("node:http").IncomingMessage} request @param {(value: unknown, status?: number) => void} reply */
  async #swap(request, reply) {
    if (!this.#tokens.has(bearer(request))) return reply({ error: "invalid_token" }, 401);
    const token = (await this.situation.swap?.(this.issuer)) ?? "";
    this.#tokens.add(token);
    return reply({ access_token: token });
  }

  /** @param {URL} url @param {import("node:http").IncomingMessage} request @param {import("node:http").ServerResponse} response */
  async #userinfo(url, request, response) {
    if (url.searchParams.has("access_token")) this.complaints.push("an access token in an address");
    if (!this.#tokens.has(bearer(request))) return json({ error: "invalid_token" }, 401)(response, this.heard);
    const profile = without({ ...PERSON, ...this.situation.userinfo });
    const signed = await this.situation.signUserinfo?.(profile, this.issuer);
    const type = this.situation.types?.userinfo;
    const text = JSON.stringify(profile);
    if (signed === undefined) return answer(200, type ?? "application/json", this.situation.encode?.(text) ?? text)(response, this.heard);
    return response.writeHead(200, { "content-type": type ?? "application/jwt" }).end(signed);
  }
}

/** @param {import("node:http").IncomingMessage} request */
async function formOf(request) {
  let text = "";
  for await (const chunk of request) text += chunk;
  return new URLSearchParams(text);
}

/** @param {import("node:http").IncomingMessage} request */
function bearer(request) {
  return /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1] ?? "";
}

/** Members that are `undefined` are left out. @param {Record<string, unknown>} object */
function without(object) {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}

/** RFC 6749 section 2.3.1: both parts are form-encoded. @param {URLSearchParams} form @param {string | undefined} header */
export function isBasicClient(form, header) {
  const text = Buffer.from(/^Basic (.+)$/.exec(header ?? "")?.[1] ?? "", "base64").toString();
  const [id, secret] = text.split(":").map((part) => decodeURIComponent(part.replaceAll("+", "%20")));
  return id === CLIENT_ID && secret === CLIENT_SECRET && !form.has("client_secret");
}

/** All login servers of a table, on one port. */
export class Logins {
  /** @type {Map<string, Login>} */
  #logins = new Map();
  #server = createServer((request, response) => {
    this.#respond(request, response).catch((error) => response.writeHead(500).end(String(error)));
  });

  /** @param {Situation[]} situations */
  static async start(situations) {
    const logins = new Logins();
    await new Promise((resolve) => logins.#server.listen(0, "127.0.0.1", () => resolve(undefined)));
    const { port } = /** @type {import("node:net").AddressInfo} */ (logins.#server.address());
    for (const situation of situations) {
      if (logins.#logins.has(situation.name)) throw new Error(`two situations are called ${situation.name}`);
      const issuer = `http://127.0.0.1:${port}/${situation.name}`;
      logins.#logins.set(situation.name, new Login(situation, issuer));
    }
    return logins;
  }

  stop() {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** @param {string} name of a situation */
  login(name) {
    const login = this.#logins.get(name);
    if (!login) throw new Error(`no situation ${name}`);
    return login;
  }

  /** @param {import("node:http").IncomingMessage} request @param {import("node:http").ServerResponse} response */
  async #respond(request, response) {
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    // RFC 8414 section 3: the well-known part comes before the path of the issuer.
    const before = /^(\/\.well-known\/[^/]+)\/([^/]+)$/.exec(url.pathname);
    const [, name = "", path = "/"] = before ? ["", before[2], before[1]] : (/^\/([^/]+)(\/.*)?$/.exec(url.pathname) ?? []);
    const login = this.#logins.get(name);
    if (login) return login.respond(path, url, request, response);
    return response.writeHead(404).end();
  }
}
