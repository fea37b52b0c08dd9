// Encryption (RFC 7516): in the module, but for what the host's WebCrypto does first: it encrypts the content key with
// an RSA key, and agrees with keys on P-384 and P-521.

import { HandstampError, refusing } from "../loading/error.js";

/** @typedef {import("../loading/instance.js").Module} Module */
/** @typedef {{ kid?: string, cty?: string }} Labels */
/** @typedef {{ algorithm: any, key: JsonWebKey, keyBytes: number, ivBytes: number, bits?: number }} Share what is the host's */

/**
 * @param {Module} module
 * @param {Uint8Array} content
 * @param {string} key the key with `alg` and `enc`, as JSON
 * @param {Labels} labels
 * @returns {Promise<string>}
 */
export async function encrypt(module, content, key, { kid, cty }) {
  /** @type {Share | null} */
  const share = JSON.parse(refusing(() => module.encryptionOfKey(key)));
  if (!share) {
    // Fresh for each call: under one key an IV must never repeat (RFC 7518 section 5.3).
    const entropy = random(refusing(() => module.entropyBytes(key)));
    return refusing(() => module.encryptCompact(content, key, entropy, kid, cty));
  }
  const [contentKey, iv] = [random(share.keyBytes), random(share.ivBytes)];
  if (share.algorithm.name === "ECDH") {
    const { epk, shared } = await byHost((subtle) => agree(subtle, share));
    return refusing(() => module.encryptAgreed(content, key, epk, shared, contentKey, iv, kid, cty));
  }
  const wrapped = await byHost(async (subtle) => {
    const theirs = await subtle.importKey("jwk", share.key, share.algorithm, false, ["encrypt"]);
    return new Uint8Array(await subtle.encrypt(share.algorithm, theirs, contentKey));
  });
  return refusing(() => module.encryptWrapped(content, key, contentKey, wrapped, iv, kid, cty));
}

/** An ephemeral key, and what it agrees on with the recipient's. @param {SubtleCrypto} subtle @param {Share} share */
async function agree(subtle, { algorithm, key, bits = 0 }) {
  const theirs = await subtle.importKey("jwk", key, algorithm, false, []);
  const ours = /** @type {CryptoKeyPair} */ (await subtle.generateKey(algorithm, false, ["deriveBits"]));
  const shared = await subtle.deriveBits(/** @type {any} */ ({ name: "ECDH", public: theirs }), ours.privateKey, bits);
  const { kty, crv, x, y } = await subtle.exportKey("jwk", ours.publicKey);
  return { epk: JSON.stringify({ kty, crv, x, y }), shared: new Uint8Array(shared) };
}

/**
 * @template T
 * @param {(subtle: SubtleCrypto) => Promise<T>} work
 * @returns {Promise<T>}
 */
async function byHost(work) {
  const subtle = globalThis.crypto?.subtle;
  if (!subtle) throw new HandstampError("needs_webcrypto", { at: "options.alg" });
  try {
    return await work(subtle);
  } catch {
    // What WebCrypto says may quote the key.
    throw new HandstampError("needs_webcrypto", { at: "options.alg" });
  }
}

/** @param {number} bytes */
function random(bytes) {
  return crypto.getRandomValues(new Uint8Array(bytes));
}
