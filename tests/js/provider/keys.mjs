// The keys of the login servers of the tests, made once: making RSA keys is slow.

import { CompactSign, exportJWK, generateKeyPair } from "jose";

/** @typedef {{ kid?: string, alg: string, privateKey: import("jose").CryptoKey, jwk: import("jose").JWK }} SigningKey */

/** @param {string} alg @param {string} kid @returns {Promise<SigningKey>} */
async function make(alg, kid) {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, alg, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: "sig" } };
}

const [rsa, rotated, ec, ec384, ec512, ec384Old, ec512Old, edwards] = await Promise.all([
  make("RS256", "rsa-1"),
  make("RS256", "rsa-2"),
  make("ES256", "ec-1"),
  make("ES384", "ec-384"),
  make("ES512", "ec-512"),
  make("ES384", "ec-384-old"),
  make("ES512", "ec-512-old"),
  make("EdDSA", "ed-1"),
]);

/** The same RSA key under the rows that share it. @param {"RS512" | "PS256"} alg @param {string} hash */
async function alike(alg, hash) {
  const name = alg === "PS256" ? "RSA-PSS" : "RSASSA-PKCS1-v1_5";
  const pkcs8 = await crypto.subtle.exportKey("pkcs8", rsa.privateKey);
  const privateKey = await crypto.subtle.importKey("pkcs8", pkcs8, { name, hash }, false, ["sign"]);
  return { kid: rsa.kid, alg, privateKey, jwk: { ...rsa.jwk, alg } };
}

/** By name. @type {Record<string, SigningKey>} */
export const keys = {
  rsa,
  rotated,
  ec,
  ec384,
  ec512,
  ec384Old,
  ec512Old,
  edwards,
  rsa512: await alike("RS512", "SHA-512"),
  pss: await alike("PS256", "SHA-256"),
  /** Another key under the name of the first one. */
  reused: { ...rotated, kid: rsa.kid, jwk: { ...rotated.jwk, kid: rsa.kid } },
};

/**
 * A signed token of any payload whatever.
 * @param {unknown} payload
 * @param {Record<string, unknown>} header on top of `alg` and `kid`; `null` takes one away
 * @param {SigningKey | { alg: "HS256", secret: string }} key
 */
export function sign(payload, header, key) {
  const whole = "secret" in key ? { alg: key.alg, ...header } : { alg: key.alg, kid: key.kid, ...header };
  const stated = Object.fromEntries(Object.entries(whole).filter(([, value]) => value !== null));
  return new CompactSign(new TextEncoder().encode(JSON.stringify(payload)))
    .setProtectedHeader(/** @type {import("jose").CompactJWSHeaderParameters} */ (stated))
    .sign("secret" in key ? new TextEncoder().encode(key.secret) : key.privateKey);
}

/** A token that nobody signed. @param {unknown} payload */
export function unsigned(payload) {
  const part = (/** @type {unknown} */ value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "none" })}.${part(payload)}.`;
}

/** A token with one letter in the middle of its signature changed. @param {string} token */
export function damaged(token) {
  const at = Math.floor((token.lastIndexOf(".") + token.length) / 2);
  return token.slice(0, at) + (token[at] === "A" ? "B" : "A") + token.slice(at + 1);
}
