// Reports with their words: the module has only the codes.

import { catalogue } from "../catalogue.js";

/** @import * as Types from "../index.js" */
/** @typedef {import("../loading/error.js").HandstampError} HandstampError */

/** For every value that is left out of the form. */
const LEFT_OUT = "The value, or this part of it, is left out of the form; nobody is refused for it.";

/**
 * A report with the words of the catalogue: the module has only their codes.
 * @param {Types.Report} report
 * @returns {Types.Report}
 */
export function inWords({ checks, ...rest }) {
  const { codes, warnings, clues, ignored } = catalogue;
  /** @type {Record<string, { how: string, fix: Types.Check["fix"] }>} */
  const rows = { ...codes, ...warnings, ...clues };
  const words = (/** @type {string} */ code) => {
    if (Object.hasOwn(rows, code)) return { hint: rows[code].how, fix: rows[code].fix };
    return Object.hasOwn(ignored, code) ? { hint: LEFT_OUT, fix: /** @type {const} */ ("issuer") } : {};
  };
  const found = (/** @type {Types.Check} */ { status }) => status === "fail" || status === "warn";
  return { ...rest, checks: checks.map((check) => (found(check) ? { ...words(check.code), ...check } : check)) };
}

/**
 * A report in which a key set that is not there says why not.
 * @param {Types.Report} report
 * @param {HandstampError} failure
 * @returns {Types.Report}
 */
export function withFailure({ verdict, code, checks }, { code: cause, details: { expected, got, how, fix } }) {
  const why = { code: cause, ...(expected && { expected }), ...(got && { got }), hint: how, fix };
  const missing = "key_set_not_loaded";
  return {
    verdict,
    ...(code !== undefined && { code: code === missing ? cause : code }),
    checks: checks.map((check) => (check.code === missing ? { ...check, ...why } : check)),
  };
}
