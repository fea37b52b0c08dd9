// The inlined module as bytes.

import base64 from "./inlined.js";

/** @returns {Uint8Array<ArrayBuffer>} */
export function inlinedBytes() {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index++) bytes[index] = text.charCodeAt(index);
  return bytes;
}
