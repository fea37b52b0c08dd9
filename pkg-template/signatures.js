// The common case of what the module leaves to the host: one token, one signature, one key. The token waits in the
// module under a number, the host gets the bytes, and the claims are judged while it computes. Nothing comes out of the
// module before the answer, and an answer counts for that number alone.

import { lacking } from "./webcrypto.js";

/** @typedef {import("./handstamp.js").Verifier} Handle */
/** @typedef {{ name: string, algorithm: { name: string, namedCurve?: string }, key: CryptoKey }} Known */

/** Imported keys that are kept. */
const KEPT = 64;

export class Signatures {
  /** The keys by their places. @type {Map<number, Known>} */ #keys = new Map();

  /** Forgets the keys: other ones may stand in their places. */
  forget() {
    this.#keys = new Map();
  }

  /**
   * Asks the host for the signature of the token that has just begun to wait.
   * @param {Handle} handle
   * @param {Uint8Array} token its bytes, which are read at once
   * @returns {Promise<boolean | undefined>} nothing where the host cannot
   */
  ask(handle, token) {
    const [place, signature] = [handle.place(), /** @type {Uint8Array<ArrayBuffer>} */ (handle.signature())];
    // A copy: whoever comes next writes over the token before a host that takes its time has read it.
    const data = token.slice(0, handle.signedBytes());
    const known = this.#keys.get(place);
    return known ? verify(known, signature, data) : this.#load(handle, place).then((key) => key && verify(key, signature, data));
  }

  /**
   * @param {Handle} handle
   * @param {number} place
   * @returns {Promise<Known | undefined>}
   */
  async #load(handle, place) {
    const keys = this.#keys;
    const { algorithm, key: jwk } = JSON.parse(handle.hostKey(place));
    const name = algorithm.namedCurve ? `${algorithm.name} ${algorithm.namedCurve}` : algorithm.name;
    try {
      const key = await crypto.subtle.importKey("jwk", jwk, algorithm, false, ["verify"]);
      const known = { name, algorithm, key };
      if (keys.size >= KEPT) keys.clear();
      keys.set(place, known);
      return known;
    } catch (fault) {
      return cannot(fault, name);
    }
  }
}

/**
 * @param {Known} known
 * @param {BufferSource} signature
 * @param {BufferSource} data
 * @returns {Promise<boolean | undefined>}
 */
function verify({ name, algorithm, key }, signature, data) {
  return crypto.subtle.verify(algorithm, key, signature, data).catch((fault) => cannot(fault, name));
}

/** @param {any} fault @param {string} name @returns {undefined} */
function cannot(fault, name) {
  if (fault?.name === "NotSupportedError") lacking(name);
  return undefined;
}
