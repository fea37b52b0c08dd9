// A profile as somebody may look at it who sets a connection up: every member with its place, its type and its length,
// and of a text the first letter.

import { below } from "../platform/pointer.js";

const ROWS = 100;
const DEPTH = 4;

/** @typedef {{ path: string, type: string, length?: number, shown?: string }} Redacted */

/**
 * @param {unknown} value
 * @param {string} [path] JSON Pointer (RFC 6901)
 * @param {number} [depth]
 * @returns {Redacted[]}
 */
export function redacted(value, path = "", depth = 0) {
  if (typeof value === "object" && value !== null && depth < DEPTH) {
    const rows = Object.entries(value).flatMap(([name, member]) =>
      redacted(member, below(path, name), depth + 1),
    );
    return rows.slice(0, ROWS);
  }
  if (typeof value === "string") return [{ path, type: "text", length: value.length, shown: masked(value) }];
  const type = value === null ? "null" : Array.isArray(value) ? "list" : typeof value;
  return [{ path, type }];
}

/** @param {string} text */
function masked(text) {
  const [first = ""] = text;
  return text.length > 3 ? `${first}…` : "…";
}
