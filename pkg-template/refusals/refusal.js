// What a refusal is in JavaScript: one class, a stable code, and sentences from the one catalogue.

import { catalogue } from "../catalogue.js";

/** @typedef {import("../catalogue.js").ErrorCode} ErrorCode */

/** A refusal: `code` for programs, `public` for visitors, `details` for the owner of the account. */
export class HandstampError extends Error {
  /**
   * @param {ErrorCode} code
   * @param {{ at?: string, expected?: string, got?: string, fix?: "issuer" | "settings" | "service" | "participant" }} [found]
   * @param {ErrorOptions} [options]
   */
  constructor(code, found = {}, options) {
    const row = catalogue.codes[code];
    const parts = [row.says];
    if (found.at !== undefined) parts.push(`At ${found.at}.`);
    if (found.expected !== undefined) parts.push(`Expected ${found.expected}.`);
    if (found.got !== undefined) parts.push(`Got ${found.got}.`);
    super(parts.join(" "), options);
    this.name = "HandstampError";
    this.code = code;
    this.public = row.public;
    this.details = { says: row.says, how: row.how, fix: row.fix, retry: row.retry, ...found };
  }
}
