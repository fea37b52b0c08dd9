// Access tokens of the API: ES256 JWTs (RFC 9068, `typ` at+jwt) that live 3600 seconds and say for which
// account and for what. Operators belong to account `*`, which stands for every account.

import { random, toBase64url } from "../platform/bytes.js";
import { HandstampError, createVerifier, signCompact } from "../platform/handstamp.js";
import { Refusal } from "../http/problem.js";
import { holdPersonTo } from "./roles.js";
import { beyond } from "./scopes.js";

/** @import { Configuration } from "../platform/configuration.js" */
/** @import { Verifier } from "../platform/handstamp.js" */
/** @import { Change } from "../objects/account/audit.js" */
/** @import { Context, Grant } from "../types.d.ts" */

export const LIFE_SECONDS = 3600;
/** Operators belong to this account, which stands for every other; no document has its name. */
export const OPERATORS = "*";

const ALG = "ES256";
const TYP = "at+jwt";

/** @param {Configuration} config */
const audience = (config) => `${config.publicUrl}/v1`;

/**
 * Signs an access token with the deployment's key.
 * @param {Configuration} config
 * @param {{ clientId: string, account: string, scope: string[] }} grant
 * @param {number} now milliseconds
 */
export async function issueAccessToken(config, grant, now) {
  const issuedAt = Math.floor(now / 1000);
  const claims = {
    iss: config.publicUrl,
    aud: audience(config),
    sub: grant.clientId,
    client_id: grant.clientId,
    account: grant.account,
    scope: grant.scope.join(" "),
    iat: issuedAt,
    exp: issuedAt + LIFE_SECONDS,
    jti: toBase64url(random(16)),
  };
  return signed(config, claims, TYP);
}

/**
 * Signs a token of our own with the deployment's key. Each kind has a type, by which it is refused as any other.
 * @param {Configuration} config
 * @param {Record<string, unknown>} claims
 * @param {string} typ
 */
export function signed({ signingKey }, claims, typ) {
  return signCompact(claims, signingKey, { alg: ALG, kid: signingKey.kid, typ });
}

/** The verifiers of the deployments that this isolate has served. @type {WeakMap<Configuration, Verifier>} */
const verifiers = new WeakMap();

/** @param {Configuration} config */
async function verifierOf(config) {
  const known = verifiers.get(config);
  if (known) return known;
  const verifier = await createVerifier({
    verify: { method: "jwks", keys: publicKeys(config) },
    issuer: config.publicUrl,
    audience: audience(config),
    typ: TYP,
    maxLifetimeSeconds: LIFE_SECONDS,
  });
  verifiers.set(config, verifier);
  return verifier;
}

/**
 * Verifies an access token of this deployment.
 * @param {Configuration} config
 * @param {string} token
 * @param {number} now milliseconds
 * @returns {Promise<{ account: string, scope: string[], clientId: string } | undefined>}
 */
async function readAccessToken(config, token, now) {
  const verifier = await verifierOf(config);
  try {
    const { claims, warnings } = await verifier.verify(token, { now });
    const { exp, iat, account, scope, client_id: clientId } = claims;
    // What a customer is only warned of we never sign. The leeway is for a machine whose clock runs behind the one that
    // issued the token, not for a longer life.
    if (warnings.length > 0 || iat === undefined || Number(exp) * 1000 <= now) return undefined;
    if (typeof account !== "string" || typeof scope !== "string" || typeof clientId !== "string") return undefined;
    return { account, scope: scope.split(" ").filter(Boolean), clientId };
  } catch (fault) {
    // A failure of the module says nothing about the token.
    if (!(fault instanceof HandstampError) || fault.code === "internal") throw fault;
    return undefined;
  }
}

/**
 * Lets a privileged request pass: a valid token, the scope, and the account it is for.
 * @param {Context} context
 * @param {string} scope
 * @param {string} [account] of the path; without one the token's own
 * @returns {Promise<Grant & { issuedTo: string }>} the account that is asked for, and whose token it is
 */
export async function requireScope(context, scope, account) {
  const authorization = context.request.headers.get("authorization") ?? "";
  const token = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i.exec(authorization)?.[1];
  const grant = token && (await readAccessToken(context.config, token, context.now));
  if (!grant) throw unauthorized(token !== undefined);
  const elsewhere = account !== undefined && grant.account !== OPERATORS && grant.account !== account;
  if (elsewhere) throw scopeMissing(scope, "a token for this account");
  holdClientTo(grant, [scope]);
  context.facts.client = grant.clientId;
  const actor = { kind: grant.account === OPERATORS ? /** @type {const} */ ("operator") : /** @type {const} */ ("client"), id: grant.clientId };
  return { account: account ?? grant.account, issuedTo: grant.account, scope: grant.scope, actor };
}

/**
 * Refuses what takes more scope than a caller has.
 * @param {Grant} grant
 * @param {string[]} scopes
 */
export function holdTo(grant, scopes) {
  if (grant.person) holdPersonTo(grant.person, scopes);
  else holdClientTo(grant, scopes);
}

/** @param {{ scope: string[] }} grant @param {string[]} scopes */
function holdClientTo(grant, scopes) {
  const missing = beyond(grant.scope, scopes).join(" ");
  if (missing) throw scopeMissing(missing, missing);
}

/** @param {string} scope @param {string} expected */
function scopeMissing(scope, expected) {
  const headers = { "www-authenticate": `Bearer realm="handstamp", error="insufficient_scope", scope="${scope}"` };
  return new Refusal("scope_missing", { expected }, { headers });
}

/**
 * Makes the refusal of a request without a good access token.
 * @param {boolean} given whether there was one
 */
export function unauthorized(given) {
  const error = given ? ', error="invalid_token"' : "";
  return new Refusal("unauthorized", {}, { headers: { "www-authenticate": `Bearer realm="handstamp"${error}` } });
}

/**
 * Says whose access token a request came with, on a route that asks for one.
 * @param {Context} context
 */
export function grantOf({ grant }) {
  if (!grant) throw unauthorized(false);
  return grant;
}

/** Tells whether one of the operators calls. @param {Context} context */
export const isOperator = (context) => grantOf(context).actor.kind === "operator";

/**
 * Says who changes something, for the audit list of the account.
 * @param {Context} context
 * @param {Pick<Change, "about" | "reason">} [more]
 * @returns {Change}
 */
export function changeOf(context, { about, reason } = {}) {
  const { actor } = grantOf(context);
  return { actor, action: context.action ?? "", ...(about && { about }), ...(reason && { reason }) };
}

/** @param {Configuration} config */
export function publicKeys(config) {
  const { kid, kty, crv, x, y } = config.signingKey;
  return { keys: [{ kty, crv, x, y, kid, alg: ALG, use: "sig" }] };
}
