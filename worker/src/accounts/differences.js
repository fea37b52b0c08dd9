// What changed between two JSON values, place by place.

import { below } from "../platform/pointer.js";

/** @typedef {{ path: string, change: "added" | "removed" | "changed", before?: unknown, after?: unknown }} Difference */

/**
 * @param {unknown} before
 * @param {unknown} after
 * @param {string} [path] JSON Pointer (RFC 6901)
 * @returns {Difference[]} in the order of the texts
 */
export function differences(before, after, path = "") {
  if (before === undefined) return after === undefined ? [] : [{ path, change: "added", after }];
  if (after === undefined) return [{ path, change: "removed", before }];
  const [left, right] = [members(before), members(after)];
  if (left && right && Array.isArray(before) === Array.isArray(after)) {
    return [...new Set([...left.keys(), ...right.keys()])].flatMap((name) =>
      differences(left.get(name), right.get(name), below(path, name)),
    );
  }
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ path, change: "changed", before, after }];
}

/** @param {unknown} value @returns {Map<string, unknown> | undefined} */
function members(value) {
  return typeof value === "object" && value !== null ? new Map(Object.entries(value)) : undefined;
}
