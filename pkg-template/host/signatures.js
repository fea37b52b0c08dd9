// Signatures that the module leaves to the host. A key is imported once; a shared secret so that it cannot be exported
// again, and the bytes that it was imported from are wiped.

import { isAsked, prepare, prepareSecret } from "./openssl.js";
import { lacking } from "./webcrypto.js";

/** @typedef {import("../handstamp.js").Verifier} Handle */
/** @typedef {{ algorithm: { name: string, namedCurve?: string, hash?: string, saltLength?: number }, key?: JsonWebKey }} HostKey without a key, that is a point or a shared secret */
/** @typedef {Uint8Array<ArrayBuffer>} Bytes */
/** @typedef {boolean | undefined} Answer nothing where the host cannot */
/** @typedef {(signature: Bytes, data: Bytes) => Answer | Promise<Answer>} Verify */

/** Imported keys that are kept. */
const KEPT = 64;

export class Signatures {
  /** The keys by their places. @type {Map<number, Verify>} */ #keys = new Map();

  /** Forgets the keys: other ones may stand in their places. */
  forget() {
    this.#keys = new Map();
  }

  /**
   * Asks the host for the signature of the token that has just begun to wait.
   * @param {Handle} handle
   * @param {number} place of the key
   * @param {Bytes} data what was signed
   * @returns {Answer | Promise<Answer>}
   */
  ask(handle, place, data) {
    const signature = /** @type {Bytes} */ (handle.signature());
    const known = this.#keys.get(place);
    if (known) return known(signature, data);
    const keys = this.#keys;
    const keep = (/** @type {Verify | undefined} */ verify) => {
      if (keys.size >= KEPT) keys.clear();
      if (verify) keys.set(place, verify);
      return verify?.(signature, data);
    };
    const direct = isAsked();
    // A point as it is takes WebCrypto a quarter less than one in a JWK; Node's OpenSSL knows JWKs alone.
    /** @type {HostKey} */
    const { algorithm, key } = JSON.parse(handle.hostKey(place, !direct));
    const material = key ?? inBytes(handle, place);
    return direct ? keep(byOpenSsl(algorithm, material)) : byWebCrypto(algorithm, material).then(keep);
  }
}

/** A point, or else a shared secret. @param {Handle} handle @param {number} place @returns {Bytes} */
function inBytes(handle, place) {
  const point = /** @type {Bytes} */ (handle.hostPoint(place));
  return point.length > 0 ? point : /** @type {Bytes} */ (handle.secret());
}

/**
 * @param {HostKey["algorithm"]} algorithm
 * @param {JsonWebKey | Bytes} material a public key; or a point or a secret, which is wiped
 * @returns {Verify | undefined}
 */
function byOpenSsl(algorithm, material) {
  try {
    const verify = material instanceof Uint8Array ? prepareSecret(material, algorithm) : prepare(material, algorithm);
    return (signature, data) => {
      try {
        return verify(signature, data);
      } catch {
        // The long way asks WebCrypto.
        return undefined;
      }
    };
  } catch {
    return undefined;
  } finally {
    wipe(material);
  }
}

/**
 * @param {HostKey["algorithm"]} algorithm
 * @param {JsonWebKey | Bytes} material as above
 * @returns {Promise<Verify | undefined>}
 */
async function byWebCrypto(algorithm, material) {
  const cannot = (/** @type {any} */ fault) => {
    const { name, namedCurve } = algorithm;
    if (fault?.name === "NotSupportedError") lacking(namedCurve ? `${name} ${namedCurve}` : name);
    return undefined;
  };
  const { subtle } = crypto;
  try {
    const key = await (material instanceof Uint8Array
      ? subtle.importKey("raw", material, algorithm, false, ["verify"])
      : subtle.importKey("jwk", material, algorithm, false, ["verify"]));
    return (signature, data) => subtle.verify(algorithm, key, signature, data).catch(cannot);
  } catch (fault) {
    return cannot(fault);
  } finally {
    wipe(material);
  }
}

/** @param {JsonWebKey | Bytes} material */
function wipe(material) {
  if (material instanceof Uint8Array) material.fill(0);
}
