// Keys as hosts hold them (CryptoKey, Node's KeyObject, bytes), as the JWK or PEM that the module reads.

import { toBase64, toBase64url } from "../loading/base64.js";
import { HandstampError } from "../refusals/refusal.js";

/** @typedef {"public" | "secret" | "private"} Kind what bytes are in that place: SPKI, a secret, PKCS#8 */

/** Not `instanceof`: a key may come from another realm. @param {unknown} value */
const tag = (value) => Object.prototype.toString.call(value).slice(8, -1);
/** @param {unknown} value @returns {value is CryptoKey} */
export const isCryptoKey = (value) => tag(value) === "CryptoKey";
/** @param {any} value */
const isKeyObject = (value) => typeof value?.export === "function" && ["secret", "public", "private"].includes(value.type);
/** @param {unknown} value @returns {value is ArrayBuffer | ArrayBufferView} */
const isBytes = (value) => value instanceof ArrayBuffer || ArrayBuffer.isView(value);
/** Whether a key needs to be told in another form. @param {unknown} value */
const isHeld = (value) => isCryptoKey(value) || isBytes(value) || isKeyObject(value);

/**
 * A key as the settings spell it; a string or a JWK stays as it is.
 * @param {any} key
 * @param {string} at
 * @param {Kind} kind
 * @returns {Promise<any>}
 */
export async function readable(key, at, kind) {
  if (!isHeld(key)) return key;
  if (isBytes(key)) return ofBytes(key, kind);
  if (isCryptoKey(key) && !key.extractable) {
    throw new HandstampError("key_invalid", { at, expected: "a CryptoKey that was made or imported as extractable", got: "one that is not" });
  }
  try {
    const { ext, key_ops, alg, ...jwk } = isCryptoKey(key) ? await crypto.subtle.exportKey("jwk", key) : key.export({ format: "jwk" });
    // WebCrypto names the content encryption or the wrapping of an AES key, which is not what a token's `alg` is.
    return alg === undefined || alg.startsWith("A") ? jwk : { ...jwk, alg };
  } catch {
    // What the host says may quote the key.
    throw new HandstampError("key_invalid", { at, expected: "a key that has a form as JWK" });
  }
}

/** @param {ArrayBuffer | ArrayBufferView} key @param {Kind} kind */
function ofBytes(key, kind) {
  const bytes = ArrayBuffer.isView(key) ? new Uint8Array(key.buffer, key.byteOffset, key.byteLength) : new Uint8Array(key);
  if (kind === "secret") return { kty: "oct", k: toBase64url(bytes) };
  const name = `${kind.toUpperCase()} KEY-----`;
  return `-----BEGIN ${name}\n${toBase64(bytes)}\n-----END ${name}\n`;
}

/** A verification key's entry. @template T @param {T} source @param {string} at @returns {Promise<T>} */
export async function readableSource(source, at) {
  const { key, method } = /** @type {any} */ (source ?? {});
  return withKey(source, await readable(key, `${at}/key`, method === "symmetricKey" ? "secret" : "public"));
}

/** A decryption key's entry. @template T @param {T} entry @param {string} at @returns {Promise<T>} */
export async function readableDecryptKey(entry, at) {
  const { key, alg } = /** @type {any} */ (entry ?? {});
  return withKey(entry, await readable(key, `${at}/key`, /^(RSA|ECDH)/.test(alg) ? "private" : "secret"));
}

/** @template T @param {T} entry @param {unknown} key @returns {T} */
function withKey(entry, key) {
  return key === /** @type {any} */ (entry)?.key ? entry : { ...entry, key };
}

const READ = /** @type {const} */ ({ verify: readableSource, decrypt: readableDecryptKey });

/**
 * Settings whose keys the module can read. Those that need nothing, as most, are returned as they are and at once: each promise takes a
 * microsecond.
 * @param {Record<string, unknown>} settings
 * @returns {Record<string, unknown> | Promise<Record<string, unknown>>}
 */
export function readableKeys(settings) {
  const holds = (/** @type {unknown} */ given) => [given].flat().some((/** @type {any} */ entry) => isHeld(entry?.key));
  return holds(settings.verify) || holds(settings.decrypt) ? told(settings) : settings;
}

/** @param {Record<string, unknown>} settings */
async function told(settings) {
  for (const name of /** @type {(keyof typeof READ)[]} */ (Object.keys(READ))) {
    const given = settings[name];
    const entries = Array.isArray(given)
      ? Promise.all(given.map((entry, index) => READ[name](entry, `/${name}/${index}`)))
      : READ[name](given, `/${name}`);
    if (given !== undefined) settings = { ...settings, [name]: await entries };
  }
  return settings;
}
