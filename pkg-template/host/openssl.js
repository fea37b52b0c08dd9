// Node's own OpenSSL, which is what computes behind its WebCrypto too, but asked directly: the way through a pool of
// threads and back takes longer than an RSA signature does.

import { runtime, testing, wipe } from "./webcrypto.js";

/** @import { Algorithm, Answer, Bytes, Compute } from "./webcrypto.js" */

const TAG = 16;

/** Not imported, so that no bundler looks for it; older versions of Node go by WebCrypto. */
const crypto = runtime === "node" ? /** @type {any} */ (globalThis).process.getBuiltinModule?.("node:crypto") : undefined;

/** Whether there is one, and it is to be asked. */
export const isAsked = () => crypto !== undefined && (testing.way !== "host" || testing.openSsl);

/**
 * A key, ready to compute. Of a secret a copy is made, outside the heap of JavaScript.
 * @param {"verify" | "open"} kind
 * @param {Algorithm} algorithm as WebCrypto names it
 * @param {JsonWebKey | Bytes} material a secret is bytes, which are wiped
 * @returns {Compute | undefined}
 */
export function prepareDirectly(kind, algorithm, material) {
  try {
    const compute = !(material instanceof Uint8Array) ? publicKey(material, algorithm) : kind === "open" ? content(material) : secret(material, algorithm);
    return (parts, then) => then(attempt(compute, parts));
  } catch {
    return undefined;
  } finally {
    wipe(material);
  }
}

/** @typedef {(data: Bytes, beside: Bytes, covered: Bytes) => Answer} Direct */

/** @param {Direct} compute @param {[Bytes, Bytes, Bytes]} parts */
function attempt(compute, parts) {
  try {
    return compute(...parts);
  } catch {
    return undefined;
  }
}

/** @param {Bytes} data @returns {Answer} */
export const hashDirectly = (data) => attempt((data) => crypto.createHash("sha256").update(data).digest(), [data, data, data]);

/** @param {JsonWebKey} jwk @param {Algorithm} algorithm @returns {Direct} */
function publicKey(jwk, { name, hash, saltLength }) {
  const { createPublicKey, verify, constants } = crypto;
  const padding = name === "RSA-PSS" ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING;
  const key = { key: createPublicKey({ key: jwk, format: "jwk" }), dsaEncoding: "ieee-p1363", ...(name.startsWith("RSA") && { padding }), saltLength };
  // Ed25519 has its hash inside.
  const digest = hash === undefined ? null : hash.replace("-", "").toLowerCase();
  return (data, signature) => verify(digest, data, key, signature);
}

/** @param {Bytes} bytes @param {Algorithm} algorithm @returns {Direct} */
function secret(bytes, { hash = "" }) {
  const { createSecretKey, createHmac, timingSafeEqual } = crypto;
  const [key, digest] = [createSecretKey(bytes), hash.replace("-", "").toLowerCase()];
  return (data, signature) => {
    const own = createHmac(digest, key).update(data).digest();
    return own.length === signature.length && timingSafeEqual(own, signature);
  };
}

/** @param {Bytes} bytes @returns {Direct} */
function content(bytes) {
  const { createSecretKey, createDecipheriv } = crypto;
  const [key, name] = [createSecretKey(bytes), `aes-${bytes.length * 8}-gcm`];
  return (sealed, iv, covered) => {
    const end = sealed.length - TAG;
    const decipher = createDecipheriv(name, key, iv, { authTagLength: TAG });
    decipher.setAAD(covered).setAuthTag(sealed.subarray(end));
    const plaintext = decipher.update(sealed.subarray(0, end));
    try {
      decipher.final();
    } catch {
      return false;
    }
    return plaintext;
  };
}
