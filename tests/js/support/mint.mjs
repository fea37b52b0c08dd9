// Tokens as customers make them: by other people's libraries, fresh for each run.

import assert from "node:assert/strict";
import { SignJWT, CompactEncrypt, exportJWK, exportPKCS8, exportSPKI, generateKeyPair } from "jose";
import "./patience.mjs";

export const CAMPAIGN = "123456";
export const SECRET = "a-shared-secret-of-64-bytes-for-tests-only-0123456789-0123456789";

/** The claims of a good token, with some changed; undefined takes one out. @param {object} [changed] */
export function claims(changed = {}) {
  const now = Math.floor(Date.now() / 1000);
  const good = {
    sub: "participant-7f3a",
    campaignId: CAMPAIGN,
    iat: now,
    exp: now + 300,
    form: { email: "participant@example.com", city: "Liège" },
    optin: { news: false },
  };
  return /** @type {Record<string, any>} */ (JSON.parse(JSON.stringify({ ...good, ...changed })));
}

/**
 * A fresh key pair in every form that settings take.
 * @param {string} alg
 */
export async function pair(alg) {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true, modulusLength: 2048 });
  return {
    alg,
    privateKey,
    pem: await exportSPKI(publicKey),
    pkcs8: await exportPKCS8(privateKey),
    jwk: /** @type {import("../../../pkg/dist/index.js").Jwk} */ (await exportJWK(publicKey)),
    privateJwk: /** @type {import("../../../pkg/dist/index.js").Jwk} */ (await exportJWK(privateKey)),
  };
}

/**
 * @param {object} payload
 * @param {string} alg
 * @param {CryptoKey | Uint8Array} key
 * @param {object} [header]
 */
export function sign(payload, alg, key, header = {}) {
  return new SignJWT({ ...payload }).setProtectedHeader({ alg, typ: "JWT", ...header }).sign(key);
}

/** A token signed with the shared secret. @param {object} [changed] @param {object} [header] */
export function signed(changed, header) {
  return sign(claims(changed), "HS256", new TextEncoder().encode(SECRET), header);
}

/**
 * A token inside an encrypted one.
 * @param {string} inner
 * @param {Uint8Array} key
 * @param {string} enc
 */
export function encrypted(inner, key, enc) {
  const header = { alg: "dir", enc, cty: "JWT" };
  return new CompactEncrypt(new TextEncoder().encode(inner)).setProtectedHeader(header).encrypt(key);
}

/** Settings that accept what `signed` makes. */
export const settings = {
  verify: /** @type {const} */ ({ method: "symmetricKey", key: SECRET, encoding: "utf8", alg: "HS256" }),
};

/** What must be refused, with its code. @param {() => unknown} call */
export async function refusal(call) {
  try {
    await call();
  } catch (error) {
    return /** @type {import("../../../pkg/dist/index.js").HandstampError} */ (error);
  }
  throw new Error("was not refused");
}

/** What a call comes to, in full. @param {() => any} call */
export async function outcome(call) {
  try {
    const { header, claims: found, source, warnings, ...admission } = await call();
    return { header, found, source, warnings, ...admission };
  } catch (fault) {
    const { code, details } = /** @type {any} */ (fault);
    assert.ok(code, String(fault));
    return { code, details };
  }
}
