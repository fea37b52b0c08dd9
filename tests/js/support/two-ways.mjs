// The rows that every host judges by either way.

import { readFileSync } from "node:fs";
import "./patience.mjs";

const vectors = (/** @type {string} */ name) =>
  JSON.parse(readFileSync(new URL(`../../vectors/${name}.json`, import.meta.url), "utf8"));

/** Every vector, and each with a byte of its last part changed, its last part cut, and its last part zero. */
export function rows() {
  const good = [
    ...vectors("python/signed").tokens.map((/** @type {any} */ { key, token }) => ({ open: "verify", key, token })),
    ...vectors("python/management").tokens.map((/** @type {any} */ { decrypt, token }) => ({ open: "decrypt", key: decrypt, token })),
    ...vectors("python/encrypted").tokens.map((/** @type {any} */ { decrypt, verify, token }) => ({ open: "nested", key: decrypt, verify, token })),
  ];
  return good.flatMap((row) => {
    const at = row.token.lastIndexOf(".") + 1;
    const bytes = Buffer.from(row.token.slice(at), "base64url");
    const ends = [bytes.map((byte, index) => (index === 5 ? byte ^ 1 : byte)), bytes.subarray(1), Buffer.alloc(bytes.length)];
    return [row, ...ends.map((end) => ({ ...row, token: row.token.slice(0, at) + Buffer.from(end).toString("base64url") }))];
  });
}
