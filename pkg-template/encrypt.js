// Encryption (RFC 7516): in the module, but for RSA, where the host's WebCrypto encrypts the content key.

import { HandstampError, refusing } from "./error.js";

/** @typedef {import("./instance.js").Module} Module */

/**
 * @param {Module} module
 * @param {Uint8Array} content
 * @param {string} key the key with `alg` and `enc`, as JSON
 * @param {{ kid?: string, cty?: string }} labels
 * @returns {Promise<string>}
 */
export async function encrypt(module, content, key, { kid, cty }) {
  const byHost = JSON.parse(refusing(() => module.encryptionOfKey(key)));
  if (byHost) {
    const { algorithm, key: jwk, keyBytes, ivBytes } = byHost;
    const [contentKey, iv] = [random(keyBytes), random(ivBytes)];
    const wrapped = await encryptedKey(algorithm, jwk, contentKey);
    return refusing(() => module.encryptWrapped(content, key, contentKey, wrapped, iv, kid, cty));
  }
  // Fresh for each call: under one key an IV must never repeat (RFC 7518 section 5.3).
  const entropy = random(refusing(() => module.entropyBytes(key)));
  return refusing(() => module.encryptCompact(content, key, entropy, kid, cty));
}

/**
 * @param {RsaHashedImportParams} algorithm
 * @param {JsonWebKey} jwk
 * @param {Uint8Array<ArrayBuffer>} contentKey
 */
async function encryptedKey(algorithm, jwk, contentKey) {
  const subtle = globalThis.crypto?.subtle;
  if (!subtle) throw new HandstampError("needs_webcrypto", { at: "options.alg" });
  try {
    const key = await subtle.importKey("jwk", jwk, algorithm, false, ["encrypt"]);
    return new Uint8Array(await subtle.encrypt(algorithm, key, contentKey));
  } catch {
    // What WebCrypto says may quote the key.
    throw new HandstampError("needs_webcrypto", { at: "options.alg" });
  }
}

/** @param {number} bytes */
function random(bytes) {
  return crypto.getRandomValues(new Uint8Array(bytes));
}
