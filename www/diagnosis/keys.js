// New keys for every algorithm: random bytes for secrets, WebCrypto for pairs. They exist in this page only.

import { under } from "../shared/under.js";
import { CONTENT, HASH_BYTES, MANAGEMENT, isShared } from "./algorithms.js";
import { fromBase64, toBase64url } from "./handstamp.js";

/** @import { Jwk } from "../../pkg/dist/index.js" */
/** @typedef {{ secret: string } | { private: Jwk, public: Jwk }} NewKey a secret is base64url */

/** @param {number} bytes @returns {NewKey} */
const secret = (bytes) => ({ secret: toBase64url(crypto.getRandomValues(new Uint8Array(bytes))) });

/** Members that a thumbprint is made of, in their order (RFC 7638 section 3.2). @type {Record<string, string[]>} */
const OF_THUMBPRINT = { EC: ["crv", "kty", "x", "y"], OKP: ["crv", "kty", "x"], RSA: ["e", "kty", "n"] };

/** How WebCrypto calls a signature algorithm with a key pair. @param {string} alg @returns {any} */
function pairOf(alg) {
  const size = alg.slice(2);
  if (alg === "EdDSA") return { name: "Ed25519" };
  if (alg.startsWith("ES")) return { name: "ECDSA", namedCurve: size === "512" ? "P-521" : `P-${size}` };
  return { ...rsa(size), name: alg.startsWith("PS") ? "RSA-PSS" : "RSASSA-PKCS1-v1_5" };
}

/** The public half of a private key that was signed with as PEM. @param {string} pem PKCS#8 @param {string} alg @returns {Promise<Jwk>} */
export async function publicOfPem(pem, alg) {
  const bytes = fromBase64(pem.replace(/-----[^-]+-----|\s/g, ""));
  const whole = /** @type {any} */ (await crypto.subtle.exportKey("jwk", await crypto.subtle.importKey("pkcs8", bytes, pairOf(alg), true, ["sign"])));
  return /** @type {Jwk} */ (Object.fromEntries((under(OF_THUMBPRINT, whole.kty) ?? []).map((name) => [name, whole[name]])));
}

/** @param {string} alg a signature algorithm @returns {Promise<NewKey>} */
export async function newSigningKey(alg) {
  if (alg in HASH_BYTES) return secret(HASH_BYTES[/** @type {keyof typeof HASH_BYTES} */ (alg)]);
  return pair(pairOf(alg), ["sign", "verify"], alg, "sig");
}

/** @param {string} alg key management @param {string} enc @returns {Promise<NewKey>} */
export async function newEncryptionKey(alg, enc) {
  const kind = MANAGEMENT[alg];
  if (isShared(alg)) return secret(kind === "content" ? CONTENT[enc] : Number(kind));
  if (kind === "EC") return pair({ name: "ECDH", namedCurve: "P-256" }, ["deriveBits"], alg, "enc");
  return pair({ ...rsa(alg === "RSA-OAEP" ? "1" : "256"), name: "RSA-OAEP" }, ["encrypt", "decrypt"], alg, "enc");
}

/** @param {string} hash the number of SHA */
const rsa = (hash) => ({ modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1), hash: `SHA-${hash}` });

/**
 * @param {any} algorithm @param {KeyUsage[]} usages @param {string} alg @param {"sig" | "enc"} use
 * @returns {Promise<NewKey>}
 */
async function pair(algorithm, usages, alg, use) {
  const made = /** @type {CryptoKeyPair} */ (await crypto.subtle.generateKey(algorithm, true, usages));
  const whole = /** @type {any} */ (await crypto.subtle.exportKey("jwk", made.privateKey));
  const { key_ops: _operations, ext: _extractable, alg: _name, ...own } = whole;
  const known = Object.fromEntries((under(OF_THUMBPRINT, own.kty) ?? []).map((name) => [name, own[name]]));
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(JSON.stringify(known)));
  const labels = { kid: toBase64url(digest), alg, use };
  return { private: { ...own, ...labels }, public: /** @type {Jwk} */ ({ ...known, ...labels }) };
}

/** A key as it stands in a field. @param {NewKey} key */
export const shown = (key) => ("secret" in key ? key.secret : JSON.stringify(key.private));
