// Node's own OpenSSL, which is what computes behind its WebCrypto too, but asked directly: the way through a pool of
// threads and back takes longer than an RSA signature does.

import { testing } from "./webcrypto.js";

/** @typedef {(signature: Uint8Array, data: Uint8Array) => boolean} Verify */
/** @typedef {(iv: Uint8Array, sealed: Uint8Array, covered: Uint8Array) => Uint8Array | null} Open null where the tag does not fit */

const TAG = 16;

const { process } = /** @type {any} */ (globalThis);
const isNode = process?.release?.name === "node" && !process.versions.bun && !process.versions.deno;
/** Not imported, so that no bundler looks for it; older versions of Node go by WebCrypto. */
const crypto = isNode ? process.getBuiltinModule?.("node:crypto") : undefined;

/** Whether there is one, and it is to be asked. */
export const isAsked = () => crypto !== undefined && (testing.way !== "host" || testing.openSsl);

/**
 * A public key, ready to verify.
 * @param {JsonWebKey} jwk
 * @param {{ name: string, hash?: string, saltLength?: number }} algorithm as WebCrypto names it
 * @returns {Verify}
 */
export function prepare(jwk, { name, hash, saltLength }) {
  const { createPublicKey, verify, constants } = crypto;
  const padding = name === "RSA-PSS" ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING;
  const key = { key: createPublicKey({ key: jwk, format: "jwk" }), dsaEncoding: "ieee-p1363", ...(name.startsWith("RSA") && { padding }), saltLength };
  // Ed25519 has its hash inside.
  const digest = hash === undefined ? null : hash.replace("-", "").toLowerCase();
  return (signature, data) => verify(digest, data, key, signature);
}

/**
 * A shared secret, ready to verify. Of the bytes a copy is made, outside the heap of JavaScript.
 * @param {Uint8Array} secret
 * @param {{ hash?: string }} algorithm as WebCrypto names it
 * @returns {Verify}
 */
export function prepareSecret(secret, { hash = "" }) {
  const { createSecretKey, createHmac, timingSafeEqual } = crypto;
  const [key, digest] = [createSecretKey(secret), hash.replace("-", "").toLowerCase()];
  return (signature, data) => {
    const own = createHmac(digest, key).update(data).digest();
    return own.length === signature.length && timingSafeEqual(own, signature);
  };
}

/**
 * A key of AES-GCM, ready to decrypt. Of the bytes a copy is made, outside the heap of JavaScript.
 * @param {Uint8Array} secret
 * @returns {Open}
 */
export function prepareContent(secret) {
  const { createSecretKey, createDecipheriv } = crypto;
  const [key, name] = [createSecretKey(secret), `aes-${secret.length * 8}-gcm`];
  return (iv, sealed, covered) => {
    const end = sealed.length - TAG;
    const decipher = createDecipheriv(name, key, iv, { authTagLength: TAG });
    decipher.setAAD(covered).setAuthTag(sealed.subarray(end));
    const plaintext = decipher.update(sealed.subarray(0, end));
    try {
      decipher.final();
    } catch {
      return null;
    }
    return plaintext;
  };
}
