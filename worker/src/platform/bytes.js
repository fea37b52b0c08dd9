// Bytes: as text, as digests, at random. Everything here is WebCrypto or plain arithmetic.

export { fromBase64, fromBase64url, toBase64, toBase64url } from "../../../pkg/dist/base64.js";
export { readCapped } from "../../../pkg/dist/capped.js";

const text = new TextEncoder();

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** @param {ArrayBuffer | Uint8Array} bytes */
export function toHex(bytes) {
  let text = "";
  for (const byte of bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes)) text += HEX[byte];
  return text;
}

/**
 * The first bytes of a digest in the form of a UUID (RFC 9562 section 5.4).
 * @param {Uint8Array} digest
 */
export function uuidOf(digest) {
  const bytes = digest.slice(0, 16);
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return toHex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** @param {string | Uint8Array} value */
export async function sha256(value) {
  const bytes = typeof value === "string" ? text.encode(value) : value;
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

/** Keys as WebCrypto has them, by their bytes, which nobody changes. @type {WeakMap<Uint8Array, CryptoKey>} */
const imported = new WeakMap();

/**
 * @param {Uint8Array} key
 * @param {string} message
 */
export async function hmacSha256(key, message) {
  const known = imported.get(key) ?? (await crypto.subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]));
  imported.set(key, known);
  return new Uint8Array(await crypto.subtle.sign("HMAC", known, text.encode(message)));
}

/** @param {number} length */
export function random(length) {
  return crypto.getRandomValues(new Uint8Array(length));
}

/**
 * Compares two texts in time that depends on their lengths alone.
 * @param {string} left
 * @param {string} right
 */
export function sameText(left, right) {
  const a = text.encode(left);
  const b = text.encode(right);
  if (a.length !== b.length) return false;
  return crypto.subtle.timingSafeEqual(a, b);
}
