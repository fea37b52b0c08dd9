// What a refusal is in JavaScript: one class and a stable code; and the sentences of the one catalogue, where they are loaded.

import { kindOf } from "../codes.js";

/** @typedef {import("../catalogue.js").ErrorCode} ErrorCode */

/** The sentences by code. @type {Record<string, { says: string, how: string }>} */
let words = {};

/** Gives refusals and warnings their sentences. @param {typeof words} sentences */
export function useWords(sentences) {
  words = sentences;
}

/** What a code says: its sentence, or the code where no sentences are loaded. @param {string} code */
export const saying = (code) => (Object.hasOwn(words, code) ? words[code].says : `${code}.`);

/** The mark of a refusal, the same in every copy of the package. */
const MARK = Symbol.for("handstamp.refusal");

/** A refusal: `code` for programs, `public` for visitors, `details` for the owner of the account. */
export class HandstampError extends Error {
  /** @param {unknown} value @returns {value is HandstampError} */
  static is(value) {
    return typeof value === "object" && value !== null && MARK in value;
  }

  /**
   * @param {ErrorCode} code
   * @param {{ at?: string, expected?: string, got?: string, fix?: "issuer" | "settings" | "service" | "participant" }} [found]
   * @param {ErrorOptions} [options]
   */
  constructor(code, found = {}, options) {
    const [reason, fix, retry] = kindOf(code);
    const says = saying(code);
    const parts = [says];
    if (found.at !== undefined) parts.push(`At ${found.at}.`);
    if (found.expected !== undefined) parts.push(`Expected ${found.expected}.`);
    if (found.got !== undefined) parts.push(`Got ${found.got}.`);
    super(parts.join(" "), options);
    this.name = "HandstampError";
    this.code = code;
    this.public = reason;
    this.details = { says, how: words[code]?.how ?? "", fix, retry, ...found };
  }
}

Object.defineProperty(HandstampError.prototype, MARK, { value: true });
