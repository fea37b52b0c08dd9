// What the module says, as objects.

import { isPlain, number, text } from "../host/exchange.js";
import { fromBase64url } from "../loading/base64.js";

/** @import * as Types from "../index.js" */

/** Headers that came by last, by the text of the token's first part: signers write few. @type {Map<string, Record<string, any>>} */
const headers = new Map();
const HEADERS = 64;
const decoder = new TextDecoder();

/** The header of a token that the module has read. @param {string} compact */
function headerOf(compact) {
  const part = compact.slice(0, compact.indexOf("."));
  const known = headers.get(part);
  // Each caller has one of its own.
  if (known) return { ...known };
  const header = JSON.parse(decoder.decode(fromBase64url(part)));
  if (part.length <= 512 && Object.values(header).every((value) => typeof value !== "object")) {
    if (headers.size >= HEADERS) headers.clear();
    headers.set(part, { ...header });
  }
  return header;
}

/**
 * A verified token, whose claims become an object when they are first looked at.
 * @param {number} what
 * @param {string} compact
 * @returns {Types.Verified}
 */
export function verified(what, compact) {
  const said = text();
  const plain = isPlain(what);
  const end = plain ? -1 : said.indexOf("\n");
  const { header, source, warnings } = plain ? { header: headerOf(compact), source: number(), warnings: [] } : JSON.parse(said.slice(0, end));
  /** @type {Record<string, unknown> | undefined} */
  let claims;
  return {
    header,
    get claims() {
      return (claims ??= JSON.parse(said.slice(end + 1)));
    },
    set claims(others) {
      claims = others;
    },
    source,
    warnings,
  };
}

/** An admission, with what must not be serialised hidden. @param {string} text @returns {Types.Admission} */
export function admission(text) {
  const found = JSON.parse(text);
  for (const name of ["needsProfile", "profileBinds", "provenance"]) {
    if (name in found) Object.defineProperty(found, name, { enumerable: false });
  }
  return found;
}
