// Access tokens of the API: ES256 JWTs (RFC 9068, `typ` at+jwt) that live 3600 seconds and say for which
// account and for what. Operators belong to account `*`, which stands for every account.

import { fromBase64url, random, toBase64url } from "../platform/bytes.js";
import { isObject } from "../http/body.js";
import { Refusal } from "../http/problem.js";

/** @import { Configuration } from "../platform/configuration.js" */
/** @import { Context } from "../types.d.ts" */

export const SCOPES = ["crypto", "explain", "refusals", "participants", "statistics", "accounts"];
export const LIFE_SECONDS = 3600;
/** Operators belong to this account, which stands for every other; no document has its name. */
export const OPERATORS = "*";

const ES256 = { name: "ECDSA", namedCurve: "P-256" };
const encoder = new TextEncoder();

/** @param {unknown} value */
const part = (value) => toBase64url(encoder.encode(JSON.stringify(value)));

/** @param {Configuration} config */
const audience = (config) => `${config.publicUrl}/v1`;

/**
 * @param {Configuration} config
 * @param {{ clientId: string, account: string, scope: string[] }} grant
 * @param {number} now milliseconds
 */
export async function issueAccessToken(config, grant, now) {
  const { kid, kty, crv, x, y, d } = config.signingKey;
  const key = await crypto.subtle.importKey("jwk", { kty, crv, x, y, d }, ES256, false, ["sign"]);
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
  const input = `${part({ alg: "ES256", typ: "at+jwt", kid })}.${part(claims)}`;
  const signature = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, key, encoder.encode(input));
  return `${input}.${toBase64url(signature)}`;
}

/** @param {string} text */
function object(text) {
  const bytes = fromBase64url(text);
  try {
    const value = bytes && JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * @param {Configuration} config
 * @param {string} token
 * @param {number} now milliseconds
 * @returns {Promise<{ account: string, scope: string[], clientId: string } | undefined>}
 */
export async function readAccessToken(config, token, now) {
  const parts = token.split(".");
  if (parts.length !== 3 || token.length > 4096) return undefined;
  const header = object(parts[0]);
  const signature = fromBase64url(parts[2]);
  const { kid, kty, crv, x, y } = config.signingKey;
  if (!signature || header?.alg !== "ES256" || header.typ !== "at+jwt" || header.kid !== kid || "crit" in header)
    return undefined;
  const key = await crypto.subtle.importKey("jwk", { kty, crv, x, y }, ES256, false, ["verify"]);
  const input = encoder.encode(`${parts[0]}.${parts[1]}`);
  if (!(await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, signature, input))) return undefined;
  const claims = object(parts[1]);
  const seconds = now / 1000;
  if (claims?.iss !== config.publicUrl || claims.aud !== audience(config)) return undefined;
  if (
    typeof claims.exp !== "number" ||
    claims.exp <= seconds ||
    typeof claims.iat !== "number" ||
    claims.iat > seconds + 60
  )
    return undefined;
  if (typeof claims.account !== "string" || typeof claims.scope !== "string" || typeof claims.client_id !== "string")
    return undefined;
  return { account: claims.account, scope: claims.scope.split(" ").filter(Boolean), clientId: claims.client_id };
}

/**
 * Lets a privileged request pass: a valid token, the scope, and the account it is for.
 * @param {Context} context
 * @param {string} scope
 * @param {string} [account] of the path; without one the token's own
 * @returns {Promise<{ account: string, clientId: string, issuedTo: string }>} the account that is asked for, and whose token it is
 */
export async function requireScope(context, scope, account) {
  const authorization = context.request.headers.get("authorization") ?? "";
  const token = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i.exec(authorization)?.[1];
  const grant = token && (await readAccessToken(context.config, token, context.now));
  if (!grant) throw unauthorized(token !== undefined);
  const elsewhere = account !== undefined && grant.account !== OPERATORS && grant.account !== account;
  if (elsewhere || !grant.scope.includes(scope)) {
    throw new Refusal(
      "scope_missing",
      { expected: elsewhere ? "a token for this account" : scope },
      { headers: { "www-authenticate": `Bearer realm="handstamp", error="insufficient_scope", scope="${scope}"` } },
    );
  }
  context.facts.client = grant.clientId;
  return { account: account ?? grant.account, clientId: grant.clientId, issuedTo: grant.account };
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

/** @param {Configuration} config */
export function publicKeys(config) {
  const { kid, kty, crv, x, y } = config.signingKey;
  return { keys: [{ kty, crv, x, y, kid, alg: "ES256", use: "sig" }] };
}
