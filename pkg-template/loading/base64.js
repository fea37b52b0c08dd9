// Base64 and base64url (RFC 4648 sections 4 and 5), for the package, the worker and the diagnosis page.

/** All whole groups, then a rest whose unused bits are zero: the one spelling that some bytes have. */
const BASE64URL = /^(?:[\w-]{4})*(?:[\w-][AQgw]|[\w-]{2}[AEIMQUYcgkosw048])?$/;

/** @param {string} base64 @returns {Uint8Array<ArrayBuffer>} */
export function fromBase64(base64) {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index++) bytes[index] = text.charCodeAt(index);
  return bytes;
}

/**
 * Reads base64url without padding.
 * @param {string} text
 * @returns {Uint8Array<ArrayBuffer> | undefined} nothing for a text that is not the one spelling of its bytes
 */
export function fromBase64url(text) {
  return BASE64URL.test(text) ? fromBase64(text.replaceAll("-", "+").replaceAll("_", "/")) : undefined;
}

/** @param {ArrayBuffer | Uint8Array} bytes */
export function toBase64(bytes) {
  let text = "";
  for (const byte of bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes)) text += String.fromCharCode(byte);
  return btoa(text);
}

/**
 * Writes base64url without padding.
 * @param {ArrayBuffer | Uint8Array} bytes
 */
export function toBase64url(bytes) {
  return toBase64(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
