// A module as it stands in a script, deflated (RFC 1951) and as base64, unpacked without blocking.

import { fromBase64 } from "./base64.js";
import { failed, needWebAssembly } from "./compile.js";

/** @param {string} base64 */
export async function inflate(base64) {
  needWebAssembly();
  if (typeof DecompressionStream !== "function") throw failed("nothing, on a host without DecompressionStream to unpack its own");
  return new Response(new Blob([fromBase64(base64)]).stream().pipeThrough(new DecompressionStream("deflate-raw"))).arrayBuffer();
}
