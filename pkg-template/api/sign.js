// Signing (RFC 7515): HMAC in the module, everything with a private key by the host's WebCrypto, because no
// RSA implementation for WebAssembly hides the key's bits from a clock (RUSTSEC-2023-0071).

import { fromBase64, toBase64url } from "../loading/base64.js";
import { HandstampError, refusing } from "../loading/error.js";
import { invalid, json } from "../refusals/input.js";
import { isCryptoKey, readable } from "../shared/key-material.js";

/** @typedef {import("../loading/instance.js").Module} Module */
/** @typedef {{ name: string, hash?: string, namedCurve?: string, saltLength?: number }} Row */

/** @type {Record<string, Row>} */
const ALGORITHMS = {
  RS256: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
  RS384: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-384" },
  RS512: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-512" },
  PS256: { name: "RSA-PSS", hash: "SHA-256", saltLength: 32 },
  PS384: { name: "RSA-PSS", hash: "SHA-384", saltLength: 48 },
  PS512: { name: "RSA-PSS", hash: "SHA-512", saltLength: 64 },
  ES256: { name: "ECDSA", hash: "SHA-256", namedCurve: "P-256" },
  ES384: { name: "ECDSA", hash: "SHA-384", namedCurve: "P-384" },
  ES512: { name: "ECDSA", hash: "SHA-512", namedCurve: "P-521" },
  EdDSA: { name: "Ed25519" },
  Ed25519: { name: "Ed25519" },
};

/**
 * @param {Module} module
 * @param {{ alg: string, typ?: string, kid?: string }} header
 * @param {Uint8Array} payload
 * @param {unknown} key
 * @returns {Promise<string>}
 */
export async function sign(module, header, payload, key) {
  const { alg } = header;
  key = await signingKey(alg, key);
  if (/^HS(256|384|512)$/.test(alg)) {
    const source = { method: "symmetricKey", ...secret(key), alg };
    return refusing(() => module.signHmac(JSON.stringify(header), payload, json(source, "key")));
  }
  const row = Object.hasOwn(ALGORITHMS, alg) ? ALGORITHMS[alg] : undefined;
  if (!row) throw new HandstampError(alg === "none" ? "alg_none" : "alg_unknown", { at: "options.alg" });
  if (!globalThis.crypto?.subtle) throw new HandstampError("needs_webcrypto", { at: "options.alg" });
  const privateKey = await importKey(row, alg, key);
  const input = refusing(() => module.signingInput(JSON.stringify(header), payload));
  const signature = await crypto.subtle.sign(/** @type {any} */ (row), privateKey, new TextEncoder().encode(input));
  return `${input}.${toBase64url(signature)}`;
}

/**
 * A key as it is held, by itself or in `{ key }`. A private CryptoKey stays as it is: it signs, exportable or not.
 * @param {string} alg
 * @param {any} given
 * @returns {Promise<any>}
 */
async function signingKey(alg, given) {
  const isMember = typeof given === "object" && given !== null && !isCryptoKey(given) && "key" in given;
  const key = isMember ? given.key : given;
  if (isCryptoKey(key) && key.type === "private") return key;
  const found = await readable(key, "key", alg.startsWith("HS") ? "secret" : "private");
  return found === key ? given : found;
}

/** A secret as the settings spell it: `{ key, encoding }`. @param {any} key */
function secret(key) {
  if (typeof key !== "object" || key === null) throw invalid("key", "a JWK, or { key, encoding }", key);
  if ("kty" in key) return { key };
  return key.encoding === undefined ? { key: key.key } : { key: key.key, encoding: key.encoding };
}

/**
 * @param {Row} row
 * @param {string} alg
 * @param {any} given
 */
async function importKey(row, alg, given) {
  if (isCryptoKey(given)) return fitting(row, alg, given);
  const key = typeof given === "object" && given !== null && !("kty" in given) ? given.key : given;
  const isJwk = typeof key === "object" && key !== null;
  if (!isJwk && typeof key !== "string") throw invalid("key", "a private JWK, or a PKCS#8 PEM", key);
  if (isJwk && typeof key.d !== "string") throw new HandstampError("key_wrong_type", { at: "key", expected: "a private key" });
  // Ed25519 has two names (RFC 9864).
  const isNamed = isJwk && (key.alg === alg || (row.name === "Ed25519" && ALGORITHMS[key.alg]?.name === row.name));
  if (isJwk && key.alg !== undefined && !isNamed) {
    throw new HandstampError("alg_not_allowed", { at: "key/alg", expected: alg, got: String(key.alg).slice(0, 20) });
  }
  if (isJwk && key.use !== undefined && key.use !== "sig") throw new HandstampError("key_use", { at: "key/use", expected: "sig" });
  try {
    const imported = isJwk
      ? await crypto.subtle.importKey("jwk", jwk(key), row, false, ["sign"])
      : await crypto.subtle.importKey("pkcs8", pkcs8(key), row, false, ["sign"]);
    return sized(imported);
  } catch (cause) {
    if (cause instanceof HandstampError) throw cause;
    // What WebCrypto says may quote the key.
    throw new HandstampError("key_invalid", { at: "key", expected: `a private key for ${alg}` });
  }
}

/** A private key of WebCrypto, if it serves that algorithm. @param {Row} row @param {string} alg @param {CryptoKey} key */
function fitting({ name, hash, namedCurve }, alg, key) {
  const { name: named, ...of } = /** @type {any} */ (key.algorithm);
  // ECDSA keys are for every hash.
  const serves = named === name && of.namedCurve === namedCurve && (of.hash === undefined || of.hash.name === hash) && key.usages.includes("sign");
  if (!serves) throw new HandstampError("key_wrong_type", { at: "key", expected: `a private CryptoKey for ${alg}` });
  return sized(key);
}

/** @param {CryptoKey} key */
function sized(key) {
  const bits = /** @type {any} */ (key.algorithm).modulusLength;
  if (bits !== undefined && (bits < 2048 || bits > 4096)) {
    throw new HandstampError("key_rsa_size", { at: "key", expected: "2048 to 4096 bits", got: `${bits} bits` });
  }
  return key;
}

/** Only what the key is made of: WebCrypto compares the rest with its own names. @param {any} key */
function jwk({ kty, crv, x, y, d, n, e, p, q, dp, dq, qi }) {
  return JSON.parse(JSON.stringify({ kty, crv, x, y, d, n, e, p, q, dp, dq, qi }));
}

/** @param {string} pem */
function pkcs8(pem) {
  const body = /^\s*-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END PRIVATE KEY-----\s*$/.exec(pem)?.[1];
  if (body === undefined) throw new HandstampError("key_invalid", { at: "key", expected: "-----BEGIN PRIVATE KEY-----" });
  return fromBase64(body.replace(/\s/g, ""));
}
