// W3C trace context: one request here and what it causes at the customer's servers carry the same trace id, so that
// both sides find it. `tracestate` is not passed on: it is whatever the caller wrote, and the customer's servers are
// not the caller's.

import { random, toHex } from "./bytes.js";

const ID_BYTES = 16;
/** Ids are no secrets, so the next ones may lie ready: to ask for randomness takes much longer than to take it. */
const pool = new Uint8Array(ID_BYTES * 256);
let used = pool.length;

/** @typedef {{ id: string, flags: string }} Trace */

/** Version 00, and later ones as far as they are alike; ff is no version, zeros are no id. */
const PARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})(?:-|$)/;

/**
 * The trace of a request: the caller's, or a new one.
 * @param {Request} request
 * @returns {Trace}
 */
export function traceOf(request) {
  const header = request.headers.get("traceparent") ?? "";
  const [, id, flags] = (header.length <= 128 && PARENT.exec(header)) || [];
  // Only "sampled" is passed on of the flags: the others belong to whoever made the id.
  return id ? { id, flags: Number.parseInt(flags, 16) & 1 ? "01" : "00" } : newTrace();
}

/** @returns {Trace} */
export function newTrace() {
  if (used === pool.length) {
    crypto.getRandomValues(pool);
    used = 0;
  }
  return { id: toHex(pool.subarray(used, (used += ID_BYTES))), flags: "00" };
}

/**
 * The header of one outgoing request.
 * @param {Trace} trace
 */
export function traceparent({ id, flags }) {
  return `00-${id}-${toHex(random(8))}-${flags}`;
}
