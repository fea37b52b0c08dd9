// What `dev --check` prints: one line per step, and what the step proved.

import { isDeepStrictEqual } from "node:util";

export class Transcript {
  #failed = 0;
  #steps = 0;
  #say;

  /** @param {(line: string) => void} say */
  constructor(say) {
    this.#say = say;
  }

  /** @param {string} title */
  chapter(title) {
    this.#say(`\n${title}`);
  }

  /**
   * One step: what was done, what came back, and what should have. Values are shown only when they differ.
   * @param {string} step @param {unknown} got @param {unknown} expected @param {string} proved
   */
  expect(step, got, expected, proved) {
    this.#steps += 1;
    const good = isDeepStrictEqual(got, expected);
    this.#say(`${good ? "  ok  " : "  NO  "} ${step.padEnd(42)} ${good ? proved : `expected ${JSON.stringify(expected)}, got ${JSON.stringify(got)}`}`);
    if (!good) this.#failed += 1;
  }

  /** @returns {boolean} whether every step came out as expected */
  end() {
    this.#say(`\n${this.#steps - this.#failed} passed, ${this.#failed} failed`);
    return this.#failed === 0 && this.#steps > 0;
  }
}
