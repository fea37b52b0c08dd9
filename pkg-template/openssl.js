// Node's own OpenSSL, which is what computes behind its WebCrypto too, but asked directly: the way through a pool of
// threads and back takes longer than an RSA signature does.

/** @typedef {(signature: Uint8Array, data: Uint8Array) => boolean} Verify */

const { process } = /** @type {any} */ (globalThis);
const isNode = process?.release?.name === "node" && !process.versions.bun && !process.versions.deno;
/** Not imported, so that no bundler looks for it; older versions of Node go by WebCrypto. */
const crypto = isNode ? process.getBuiltinModule?.("node:crypto") : undefined;

/** Whether there is one. */
export const here = crypto !== undefined;

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
