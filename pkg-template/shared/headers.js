// The header of a token that the module has read.

import { fromBase64url } from "../loading/base64.js";

/** Headers that came by last, by the text of the token's first part: signers write few. @type {Map<string, import("../index.js").TokenHeader>} */
const headers = new Map();
const HEADERS = 64;
const decoder = new TextDecoder();

/** @param {string} compact @returns {import("../index.js").TokenHeader} one of the caller's own */
export function headerOf(compact) {
  const part = compact.slice(0, compact.indexOf("."));
  const known = headers.get(part);
  if (known) return { ...known };
  const header = JSON.parse(decoder.decode(fromBase64url(part)));
  if (part.length <= 512 && Object.values(header).every((value) => typeof value !== "object")) {
    if (headers.size >= HEADERS) headers.clear();
    headers.set(part, { ...header });
  }
  return header;
}
