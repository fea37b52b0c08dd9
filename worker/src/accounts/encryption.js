// Encryption for an account: with a fresh content key for every token, under a secret that both sides share, or
// for a private key of ours, whose public half the customer may use as well.

import { fromBase64 } from "../platform/bytes.js";
import { tokenSettings } from "../platform/handstamp.js";
import { Refusal } from "../http/problem.js";

/** @import { Held } from "./held.js" */
/** @import { Jwk } from "../platform/handstamp.js" */
/** @import { ContentEncryption, KeyManagementAlg } from "../../../pkg/dist/index.js" */

/** What wraps a content key that is new for each token. `dir` would use one content key for all. */
const WRAPS = ["A256KW", "ECDH-ES+A256KW", "RSA-OAEP-256"];
/** @type {Record<string, { name: string, namedCurve?: string, hash?: string }>} */
const PRIVATE = {
  "ECDH-ES+A256KW": { name: "ECDH", namedCurve: "P-256" },
  "RSA-OAEP-256": { name: "RSA-OAEP", hash: "SHA-256" },
};

/** @typedef {{ status: string, alg: KeyManagementAlg, enc: ContentEncryption, key: string | Jwk, encoding?: any }} Row */

/**
 * The account's keys that can wrap, in the order of its document.
 * @param {Held} held
 * @returns {Row[]}
 */
function wrapping({ document, secrets }) {
  const settings = tokenSettings(document, secrets);
  const entries = /** @type {{ status: string }[]} */ (document.secureToken?.decrypt ?? []);
  const statuses = entries.map(({ status }) => status).filter((status) => status !== "revoked");
  const keys = /** @type {Row[]} */ (/** @type {unknown} */ (settings.decrypt ?? []));
  return keys.map((key, i) => ({ ...key, status: statuses[i] })).filter(({ alg }) => WRAPS.includes(alg));
}

/**
 * What a token of the account is encrypted with: its first active key that can wrap.
 * @param {Held} held
 */
export async function encryptionKey(held) {
  const row = wrapping(held).find(({ status }) => status === "active");
  if (!row) throw new Refusal("encryption_off");
  const { alg, enc, key, encoding } = row;
  if (alg === "A256KW") return { alg, enc, key: { key, ...(encoding && { encoding }) } };
  const jwk = await publicHalf(alg, key);
  return { alg, enc, key: { key: jwk }, ...(jwk.kid && { kid: jwk.kid }) };
}

/**
 * The public halves of our keys for this account, for those who encrypt themselves. The next key is not among them: whoever
 * reads the list may use what it finds at once, and not every machine may open it yet.
 * @param {Held} held
 * @returns {Promise<Jwk[]>}
 */
export async function publicEncryptionKeys(held) {
  const own = wrapping(held).filter(({ alg, status }) => Object.hasOwn(PRIVATE, alg) && status === "active");
  return Promise.all(own.map(async ({ alg, key }) => ({ ...(await publicHalf(alg, key)), alg, use: "enc" })));
}

/**
 * Makes a private key of ours, for tokens that the customer encrypts.
 * @param {string} alg
 * @param {string} kid
 * @returns {Promise<{ private: Jwk, public: Jwk }>}
 */
export async function newKeyPair(alg, kid) {
  const isRsa = alg.startsWith("RSA");
  const made = isRsa
    ? await crypto.subtle.generateKey({ name: "RSA-OAEP", modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: "SHA-256" }, true, ["decrypt", "encrypt"])
    : await crypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, true, ["deriveBits"]);
  const { ext: _ext, key_ops: _uses, alg: _alg, ...jwk } = /** @type {any} */ (await crypto.subtle.exportKey("jwk", /** @type {CryptoKeyPair} */ (made).privateKey));
  const key = { ...jwk, kid, alg, use: "enc" };
  return { private: key, public: { ...(await publicHalf(alg, key)), alg, use: "enc" } };
}

/**
 * @param {string} alg
 * @param {string | Jwk} key private: JWK or PKCS#8 PEM
 * @returns {Promise<Jwk>} what is public of it
 */
async function publicHalf(alg, key) {
  const { kty, crv, x, y, n, e, kid } = typeof key === "string" ? await read(alg, key) : key;
  return JSON.parse(JSON.stringify({ kty, crv, x, y, n, e, kid }));
}

/**
 * @param {string} alg
 * @param {string} pem whose form the core has checked
 */
async function read(alg, pem) {
  const bytes = fromBase64(pem.replace(/-----[^-]+-----|\\n|\s/g, ""));
  const use = alg === "RSA-OAEP-256" ? "decrypt" : "deriveBits";
  try {
    const key = await crypto.subtle.importKey("pkcs8", bytes, PRIVATE[alg], true, [use]);
    return /** @type {any} */ (await crypto.subtle.exportKey("jwk", key));
  } catch {
    // What WebCrypto says may quote the key.
    throw new Refusal("encryption_off");
  }
}
