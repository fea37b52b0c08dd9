// The common cases of what the module leaves to the host: a signature, or a content and the signature inside. The token
// waits in the module under a number, the host gets the bytes, and the claims are judged while it computes. Nothing comes
// out of the module before the answer, and an answer counts for that number alone.

import { CONTENT, Contents } from "./contents.js";
import { refusing } from "../loading/error.js";
import { Signatures } from "./signatures.js";
import { bits } from "./webcrypto.js";

/** @typedef {import("../handstamp.js").Verifier} Handle */
/** @typedef {Uint8Array<ArrayBuffer>} Bytes */
/**
 * @typedef {object} Call
 * @property {(number: number, good: boolean) => string} finish
 * @property {number | undefined} now to judge the claims meanwhile
 * @property {() => boolean} waits whether the token still does: after a trap or a close() nothing waits any more
 */

/** The place of a token that is open. */
const NOTHING = 0xffff_ffff;

/**
 * At once where that can be: a promise costs more than some signatures.
 * @template A, B
 * @param {A | Promise<A>} value
 * @param {(value: A) => B | Promise<B>} next
 * @returns {B | Promise<B>}
 */
const then = (value, next) => (value instanceof Promise ? value.then(next) : next(value));

export class Handover {
  #signatures = new Signatures();
  #contents = new Contents();

  /** Forgets the keys: other ones may stand in their places. */
  forget() {
    this.#signatures.forget();
    this.#contents.forget();
  }

  /**
   * Sees a token through that has just begun to wait.
   * @param {Handle} handle
   * @param {Uint8Array} token its bytes, which are read at once
   * @param {Call} call
   * @returns {string | Promise<string>} what `finish` says; nothing where it has to be asked anew
   */
  through(handle, token, call) {
    // A copy: whoever comes next writes over the token before a host that takes its time has read it.
    const leading = /** @type {Bytes} */ (token.slice(0, handle.leadingBytes()));
    const place = handle.place();
    if (place >= CONTENT) return this.#opened(handle, place, leading, call);
    const inside = /** @type {Bytes} */ (handle.signedInside());
    return this.#proven(handle, place, inside.length > 0 ? inside : leading, call);
  }

  /**
   * @param {Handle} handle
   * @param {number} place
   * @param {Bytes} covered
   * @param {Call} call
   * @returns {string | Promise<string>}
   */
  #opened(handle, place, covered, call) {
    const number = handle.number();
    return then(this.#contents.ask(handle, place, covered), (plaintext) => {
      if (plaintext === undefined || !call.waits()) return "";
      const next = refusing(() => handle.decrypted(number, plaintext ?? undefined, bits()));
      if (next === 0) return "";
      // The next key, or the token inside.
      if (!plaintext) return this.#opened(handle, handle.place(), covered, call);
      const signed = handle.place();
      if (signed === NOTHING) return refusing(() => call.finish(next, true));
      return this.#proven(handle, signed, /** @type {Bytes} */ (plaintext.subarray(0, handle.leadingBytes())), call);
    });
  }

  /**
   * @param {Handle} handle
   * @param {number} place
   * @param {Bytes} signed
   * @param {Call} call
   * @returns {string | Promise<string>}
   */
  #proven(handle, place, signed, call) {
    const number = handle.number();
    const answer = this.#signatures.ask(handle, place, signed);
    const { now } = call;
    if (now !== undefined && answer instanceof Promise) refusing(() => handle.judge(number, now));
    return then(answer, (good) => (good === undefined || !call.waits() ? "" : refusing(() => call.finish(number, good))));
  }
}
