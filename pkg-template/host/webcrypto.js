// What the module leaves to the host: signatures, agreements and RSA decryption by WebCrypto. The module names an
// operation as plain data, it is performed here, and the call is made again with the answer. A host that cannot is
// never a verdict: the module then computes itself, or says that it needs WebCrypto.

import { fromBase64url, toBase64url } from "../loading/base64.js";
import { HandstampError } from "../loading/error.js";

/**
 * @typedef {object} Operation
 * @property {"verify" | "decrypt" | "deriveBits" | "sign"} kind
 * @property {string} name the algorithm with its curve: what a host has or lacks
 * @property {string} id what the answer is bound to
 * @property {{ name: string, [parameter: string]: any }} algorithm
 * @property {JsonWebKey} key
 * @property {string} [data] the text that was or is to be signed; or what is to be decrypted, as base64url
 * @property {string} [signature]
 * @property {JsonWebKey} [public] the sender's key of an agreement
 * @property {number} [bits]
 */
/** @typedef {{ id: string, value?: boolean | string }} Answer without a value, the host could not */

/**
 * Which way to compute where both are open; the tests take either. Their host is WebCrypto everywhere, unless they want
 * Node's OpenSSL.
 * @type {{ way: "table" | "module" | "host", openSsl: boolean }}
 */
export const testing = { way: "table", openSsl: false };

/** Which column of the module's table of crossovers is ours: a host that is none of them is closest to a browser. */
const runtime = globalThis.navigator?.userAgent === "Cloudflare-Workers" ? "workerd"
  : /** @type {any} */ (globalThis).process?.release?.name === "node" ? "node" : "browser";

/** What this host turned out not to have. @type {Set<string>} */
const lacks = new Set();
/** The same as the module takes it in bits: the ways, the runtimes, and what may be lacking, each in its order. */
const WAYS = ["table", "module", "host"];
const RUNTIME = ["node", "browser", "workerd"].indexOf(runtime) << 2;
const NOTHING = 1 << 4;
const NAMES = [
  "RSASSA-PKCS1-v1_5", "RSA-PSS", "ECDSA P-256", "ECDSA P-384", "ECDSA P-521", "Ed25519",
  "ECDH P-256", "ECDH P-384", "ECDH P-521", "RSA-OAEP",
  "HMAC", "AES-GCM",
];
let lackingBits = 0;

/** @param {string} name */
export function lacking(name) {
  lacks.add(name);
  lackingBits |= (1 << 5 << NAMES.indexOf(name));
}

/** What the module is told of a host that has answered nothing yet. */
export function bits() {
  return WAYS.indexOf(testing.way) | RUNTIME | lackingBits | (globalThis.crypto?.subtle ? 0 : NOTHING);
}

/** More than any call can lead to: a report takes at most 32 operations. */
const MOST = 32;
/** Imported public keys of one verifier that are kept. */
const KEPT = 64;

const encoder = new TextEncoder();

/** What the module is told of this host: what it can, and what it has answered. @param {unknown[]} answers */
export function abilities(answers) {
  const missing = globalThis.crypto?.subtle ? [...lacks] : ["*"];
  return { way: testing.way, runtime, lacks: missing, answers };
}

export class WebCrypto {
  /** @type {Map<string, CryptoKey>} */ #keys = new Map();

  /**
   * Runs a call of the module until it asks for nothing more.
   * @template T
   * @param {(host: string) => T | { operation: Operation }} call
   * @param {T | { operation: Operation }} [first] what it has come to already
   * @returns {Promise<T>}
   */
  async during(call, first) {
    /** @type {Answer[]} */
    const answers = [];
    for (;;) {
      const result = answers.length === 0 && first !== undefined ? first : call(JSON.stringify(abilities(answers)));
      if (typeof result !== "object" || result === null || !("operation" in result)) return /** @type {T} */ (result);
      if (answers.length >= MOST) throw new HandstampError("internal");
      answers.push(await this.answer(/** @type {Operation} */ (result.operation)));
    }
  }

  /** What one operation comes to. @param {Operation} operation @returns {Promise<Answer>} */
  async answer(operation) {
    const { id } = operation;
    try {
      return { id, value: await this.#perform(operation) };
    } catch (fault) {
      if (/** @type {any} */ (fault)?.name === "NotSupportedError") lacking(operation.name);
      return { id };
    }
  }

  /** @param {Operation} operation @returns {Promise<boolean | string>} */
  async #perform(operation) {
    const { kind, algorithm, data = "", signature = "" } = operation;
    const { subtle } = crypto;
    const key = await this.#key(operation);
    if (kind === "verify") return subtle.verify(algorithm, key, bytes(signature), encoder.encode(data));
    if (kind === "sign") return toBase64url(await subtle.sign(algorithm, key, encoder.encode(data)));
    if (kind === "deriveBits") {
      const theirs = await subtle.importKey("jwk", operation.public ?? {}, algorithm, false, []);
      return toBase64url(await subtle.deriveBits({ name: "ECDH", public: theirs }, key, operation.bits ?? 0));
    }
    try {
      return toBase64url(await subtle.decrypt(algorithm, key, bytes(data)));
    } catch (fault) {
      // A wrong padding is an answer; everything else is a host that cannot.
      if (/** @type {any} */ (fault)?.name === "OperationError") return false;
      throw fault;
    }
  }

  /**
   * The key, imported; public ones once only. Promises are not kept: on some hosts they belong to one request.
   * @param {Operation} operation
   * @returns {Promise<CryptoKey>}
   */
  async #key({ kind, algorithm, key }) {
    const load = () => crypto.subtle.importKey("jwk", key, algorithm, false, [kind]);
    if (kind !== "verify") return load();
    const name = JSON.stringify([algorithm, key]);
    const known = this.#keys.get(name);
    if (known) return known;
    const loaded = await load();
    if (this.#keys.size >= KEPT) this.#keys.clear();
    this.#keys.set(name, loaded);
    return loaded;
  }
}

/** What the module has written as base64url. @param {string} text */
const bytes = (text) => /** @type {Uint8Array<ArrayBuffer>} */ (fromBase64url(text));
