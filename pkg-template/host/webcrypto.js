// What the module leaves to the host's WebCrypto: signatures, contents, agreements and RSA decryption. A host that cannot is
// never a verdict: the module then computes itself, or says that it needs WebCrypto.

import { ability, runtime as runtimes, way as ways } from "../boundary.js";
import { fromBase64url, toBase64url } from "../loading/base64.js";

/** @typedef {Uint8Array<ArrayBuffer>} Bytes */
/** @typedef {boolean | Bytes | undefined} Answer false where key and bytes do not fit, nothing where the host cannot */
/**
 * Goes on with an answer.
 * @template T
 * @typedef {(answer: Answer) => T | Promise<T>} Then
 */
/** @typedef {<T>(parts: [Bytes, Bytes, Bytes], then: Then<T>) => T | Promise<T>} Compute of data with a signature, or with an IV and what the tag covers too. What comes next is passed in: each promise between takes a microsecond */
/** @typedef {{ name: string, namedCurve?: string, hash?: string, saltLength?: number }} Algorithm */
/**
 * @typedef {object} Operation
 * @property {"verify" | "decrypt" | "deriveBits" | "sign"} kind
 * @property {string} name the algorithm with its curve: what a host has or lacks
 * @property {string} id what the answer is bound to
 * @property {Algorithm} algorithm
 * @property {JsonWebKey} key
 * @property {string} [data] the text that was or is to be signed; or what is to be decrypted, as base64url
 * @property {string} [signature]
 * @property {JsonWebKey} [public] the sender's key of an agreement
 * @property {number} [bits]
 */

/**
 * Which way to compute where both are open; the tests take either. Their host is WebCrypto everywhere, unless they want
 * Node's OpenSSL.
 * @type {{ way: "table" | "module" | "host", openSsl: boolean }}
 */
export const testing = { way: "table", openSsl: false };

const encoder = new TextEncoder();

const { process } = /** @type {any} */ (globalThis);
/** Bun and Deno say that they are Node too, and workerd does with `nodejs_compat`. */
const isNode = process?.release?.name === "node" && !process.versions.bun && !process.versions.deno;

/** Which column of the module's table of crossovers is ours: a host that is none of them is closest to a browser. */
export const runtime = globalThis.navigator?.userAgent === "Cloudflare-Workers" ? "workerd" : isNode ? "node" : "browser";

/** What this host turned out not to have. @type {Set<keyof typeof ability>} */
const lacks = new Set();
let lackingBits = 0;

/** @param {string} name */
function lacking(name) {
  if (!Object.hasOwn(ability, name)) return;
  const known = /** @type {keyof typeof ability} */ (name);
  lacks.add(known);
  lackingBits |= 1 << 4 << ability[known];
}

/** What the module is told of this host, if the call may wait for it. @param {boolean} waits */
export function bits(waits) {
  const way = waits ? testing.way : "synchronous";
  return ways[way] | (runtimes[runtime] << 2) | lackingBits | (globalThis.crypto?.subtle ? 0 : 1 << 4 << ability["*"]);
}

/** The same in words, for a stage that is run again with all answers. @param {unknown[]} answers */
export function abilities(answers) {
  const missing = globalThis.crypto?.subtle ? [...lacks] : ["*"];
  return { way: testing.way, lacks: missing, answers };
}

/**
 * Imports a key, so that it cannot be exported again, and goes on with it.
 * @template T
 * @param {"verify" | "open"} kind
 * @param {Algorithm} algorithm
 * @param {JsonWebKey | Bytes} material a point or a secret is bytes, which are wiped
 * @param {(compute: Compute | undefined) => T | Promise<T>} then
 * @returns {T | Promise<T>}
 */
export function prepare(kind, algorithm, material, then) {
  const cannot = cannotDo(algorithm);
  /** @param {CryptoKey} key @returns {Compute} */
  const imported = (key) => {
    const { subtle } = crypto;
    if (kind === "verify") {
      return ([data, signature], then) => subtle.verify(algorithm, key, signature, data).then(then, (fault) => then(cannot(fault)));
    }
    const not = misfit(cannot);
    return ([data, iv, additionalData], then) =>
      subtle.decrypt({ name: "AES-GCM", iv, additionalData }, key, data).then((found) => then(inBytes(found)), (fault) => then(not(fault)));
  };
  // Wiped not before the host has answered: a page may have wrapped its WebCrypto, which then takes its copy later.
  const failed = (/** @type {unknown} */ fault) => (wipe(material), then(cannot(fault)));
  /** @type {Promise<CryptoKey>} */
  let importing;
  try {
    importing = importKey(algorithm, material, kind === "verify" ? "verify" : "decrypt");
  } catch (fault) {
    return failed(fault);
  }
  return importing.then((key) => (wipe(material), then(imported(key))), failed);
}

/** @param {Bytes} data @returns {Promise<Answer>} */
export const hash = (data) => crypto.subtle.digest("SHA-256", data).then(inBytes, () => undefined);

/**
 * Computes an operation with a private key.
 * @param {Operation} operation
 * @returns {Promise<Answer>}
 */
export async function computePrivately({ kind, algorithm, key, data = "", public: theirs = {}, bits = 0 }) {
  const cannot = cannotDo(algorithm);
  try {
    const { subtle } = crypto;
    const ours = await importKey(algorithm, key, kind);
    if (kind === "sign") return inBytes(await subtle.sign(algorithm, ours, encoder.encode(data)));
    if (kind === "decrypt") return await subtle.decrypt(algorithm, ours, fromText(data)).then(inBytes, misfit(cannot));
    const other = await subtle.importKey("jwk", theirs, algorithm, false, []);
    return inBytes(await subtle.deriveBits({ name: "ECDH", public: other }, ours, bits));
  } catch (fault) {
    return cannot(fault);
  }
}

/** Answers operations that are told as text. */
export class WebCrypto {
  /** Imported public keys. Promises are not kept: on some hosts they belong to one request. @type {Map<string, Compute>} */ #keys = new Map();

  /** @param {Operation} operation @returns {Promise<{ id: string, value?: boolean | string }>} without a value, the host could not */
  async answer(operation) {
    const answer = operation.kind === "verify" ? await this.#verify(operation) : await computePrivately(operation);
    const value = answer instanceof Uint8Array ? toBase64url(answer) : answer;
    return { id: operation.id, ...(value !== undefined && { value }) };
  }

  /** @param {Operation} operation @returns {Promise<Answer>} */
  async #verify({ algorithm, key, data, signature = "" }) {
    const name = JSON.stringify([algorithm, key]);
    const compute = this.#keys.get(name) ?? (await prepare("verify", algorithm, key, (found) => found));
    if (compute) keep(this.#keys, name, compute);
    return compute?.([encoder.encode(data), fromText(signature), fromText("")], (answer) => answer);
  }
}

/** Imported keys of one verifier that are kept. */
const KEPT = 64;

/** @template K, V @param {Map<K, V>} keys @param {K} name @param {V} key */
export function keep(keys, name, key) {
  if (keys.size >= KEPT) keys.clear();
  keys.set(name, key);
}

/** @param {JsonWebKey | Bytes} material */
export function wipe(material) {
  if (material instanceof Uint8Array) material.fill(0);
}

/** @param {Algorithm} algorithm @param {JsonWebKey | Bytes} material @param {KeyUsage} usage */
function importKey(algorithm, material, usage) {
  const { subtle } = crypto;
  return material instanceof Uint8Array
    ? subtle.importKey("raw", material, algorithm, false, [usage])
    : subtle.importKey("jwk", material, algorithm, false, [usage]);
}

/** A host that cannot, which is remembered of what it has not at all. @param {Algorithm} algorithm */
function cannotDo({ name, namedCurve }) {
  return (/** @type {any} */ fault) => {
    if (fault?.name === "NotSupportedError") lacking(namedCurve ? `${name} ${namedCurve}` : name);
    return undefined;
  };
}

/** A tag or a padding that does not fit is an answer. @param {(fault: any) => undefined} cannot */
function misfit(cannot) {
  return (/** @type {any} */ fault) => (fault?.name === "OperationError" ? false : cannot(fault));
}

/** @param {ArrayBuffer} found */
const inBytes = (found) => new Uint8Array(found);

/** What the module has written as base64url. @param {string} text */
const fromText = (text) => /** @type {Bytes} */ (fromBase64url(text));
