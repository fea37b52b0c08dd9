// A module as it stands in a script, deflated (RFC 1951) and as base64, unpacked without blocking.

import { fromBase64 } from "./base64.js";
import { failed, needWebAssembly } from "./compile.js";

/** @param {string} base64 */
export async function inflate(base64) {
  needWebAssembly();
  if (typeof DecompressionStream !== "function") throw failed("nothing, on a host without DecompressionStream to unpack its own");
  const { readable, writable } = new DecompressionStream("deflate-raw");
  // Not by a Blob, which has no stream in windows that tests make up.
  const writer = writable.getWriter();
  writer.write(fromBase64(base64));
  writer.close();
  return new Response(readable).arrayBuffer();
}
