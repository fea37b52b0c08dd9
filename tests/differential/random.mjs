// Random numbers that are the same in every run with the same seed, so that a disagreement can be found again.

/** A source of random choices. */
export class Random {
  #state;

  /** @param {number} seed */
  constructor(seed) {
    this.#state = seed >>> 0;
  }

  /** A whole number from 0 to below the end (mulberry32). @param {number} end */
  below(end) {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * end);
  }

  /** One of them. @template T @param {readonly T[]} choices @returns {T} */
  of(choices) {
    return /** @type {T} */ (choices[this.below(choices.length)]);
  }
}
