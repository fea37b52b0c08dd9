// What the module says, as objects.

import { isPlain, number, text } from "../host/exchange.js";
import { headerOf } from "../shared/headers.js";

/** @import * as Types from "../index.js" */

/**
 * A verified token.
 * @param {number} what
 * @param {string} compact
 * @returns {Types.Verified}
 */
export function verified(what, compact) {
  const said = text();
  if (isPlain(what)) return { header: headerOf(compact), claims: JSON.parse(said), source: number(), warnings: [] };
  const end = said.indexOf("\n");
  const { header, source, warnings } = JSON.parse(said.slice(0, end));
  return { header, claims: JSON.parse(said.slice(end + 1)), source, warnings };
}

/** An admission, with what must not be serialised hidden. @param {string} text @returns {Types.Admission} */
export function admission(text) {
  const found = JSON.parse(text);
  for (const name of ["needsProfile", "profileBinds", "provenance"]) {
    if (name in found) Object.defineProperty(found, name, { enumerable: false });
  }
  return found;
}
