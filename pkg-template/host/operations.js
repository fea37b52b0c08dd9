// The operations that a call about a token needs: performed by Node's OpenSSL or by WebCrypto, with keys that are imported
// once. The bytes come as views of the module's memory, and whoever takes his time gets copies.

import { outcome } from "../boundary.js";
import { hashDirectly, isAsked, prepareDirectly } from "./openssl.js";
import { computePrivately, hash, keep, prepare } from "./webcrypto.js";

/** @import { Algorithm, Bytes, Compute, Then } from "./webcrypto.js" */
/**
 * @typedef {object} Needed an operation as the module tells it
 * @property {number} what its kind, by the outcome
 * @property {number} place what its key is known by
 * @property {(copied: boolean) => [Bytes, Bytes, Bytes]} parts the bytes, as views of the module's memory or copied
 * @property {() => any} inWords
 * @property {() => { algorithm: Algorithm, key?: JsonWebKey }} parameters
 * @property {(points: boolean) => Bytes} secret the key's bytes, or none of a key that is imported in words
 */

/** The place of a key that is for one operation alone. */
const NOWHERE = 0xffff_ffff;

/** The keys of settings as they are: where those change, other keys may stand in the same places. */
export class Operations {
  /** The keys by their places. @type {Map<number, Compute>} */ #keys = new Map();

  /** @template T @param {Needed} needed @param {Then<T>} then @returns {T | Promise<T>} */
  perform(needed, then) {
    const { what, place } = needed;
    if (what === outcome.private) return computePrivately(needed.inWords()).then(then);
    const direct = isAsked();
    if (what === outcome.digest) return direct ? then(hashDirectly(needed.parts(false)[0])) : hash(needed.parts(true)[0]).then(then);
    const known = this.#keys.get(place);
    if (known) return known(needed.parts(!direct), then);
    const parts = needed.parts(true);
    const keys = this.#keys;
    const compute = (/** @type {Compute | undefined} */ found) => {
      if (found && place !== NOWHERE) keep(keys, place, found);
      return found ? found(parts, then) : then(undefined);
    };
    const kind = what === outcome.open ? "open" : "verify";
    const { algorithm, key } = needed.parameters();
    // A point as it is takes WebCrypto a quarter less than one in a JWK; Node's OpenSSL knows JWKs alone.
    const bytes = needed.secret(!direct);
    const material = bytes.length > 0 ? bytes : key ?? bytes;
    return direct ? compute(prepareDirectly(kind, algorithm, material)) : prepare(kind, algorithm, material).then(compute);
  }
}
