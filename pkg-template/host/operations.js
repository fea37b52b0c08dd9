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
 * @property {(parts: [Bytes, Bytes, Bytes]) => void} giveBack takes copied bytes back, once they are computed with
 * @property {() => any} inWords
 * @property {(points: boolean) => { algorithm: Algorithm, key?: JsonWebKey }} parameters in words, without a key that is imported as bytes
 * @property {(points: boolean) => Bytes} secret the key's bytes, or none of a key that is imported in words
 */

/** The place of a key that is for one operation alone. */
const NOWHERE = 0xffff_ffff;

/**
 * Algorithms by their rows in the module's table, which a key's place ends with. Of a key that is bytes there is nothing else to tell.
 * @type {Map<number, Algorithm>}
 */
const algorithms = new Map();

/** The keys of settings as they are: where those change, other keys may stand in the same places. */
export class Operations {
  /** The keys by their places. @type {Map<number, Compute>} */ #keys = new Map();

  /** @template T @param {Needed} needed @param {Then<T>} then @returns {T | Promise<T>} */
  perform(needed, then) {
    const { what, place } = needed;
    if (what === outcome.private) return computePrivately(needed.inWords()).then(then);
    const direct = isAsked();
    const known = this.#keys.get(place);
    if (direct && what === outcome.digest) return then(hashDirectly(needed.parts(false)[0]));
    if (direct && known) return known(needed.parts(false), then);
    const parts = needed.parts(true);
    /** @type {Then<T>} */
    const done = (answer) => {
      needed.giveBack(parts);
      return then(answer);
    };
    if (what === outcome.digest) return hash(parts[0]).then(done);
    if (known) return known(parts, done);
    const keys = this.#keys;
    const compute = (/** @type {Compute | undefined} */ found) => {
      if (found && place !== NOWHERE) keep(keys, place, found);
      return found ? found(parts, done) : done(undefined);
    };
    const kind = what === outcome.open ? "open" : "verify";
    // A point as it is takes WebCrypto a quarter less than one in a JWK; Node's OpenSSL knows JWKs alone.
    const bytes = needed.secret(!direct);
    const isBytes = bytes.length > 0;
    const row = kind === "verify" && isBytes && place !== NOWHERE ? place & 0xff : undefined;
    const told = row === undefined ? undefined : algorithms.get(row);
    const { algorithm, key } = told ? { algorithm: told } : needed.parameters(!direct);
    if (row !== undefined) algorithms.set(row, algorithm);
    const material = isBytes ? bytes : key ?? bytes;
    return direct ? compute(prepareDirectly(kind, algorithm, material)) : prepare(kind, algorithm, material, compute);
  }
}
