// The rows that every host judges by either way.

import { readFileSync } from "node:fs";
import { claims, pair, sign } from "./mint.mjs";
import "./patience.mjs";

const vectors = (/** @type {string} */ name) =>
  JSON.parse(readFileSync(new URL(`../../vectors/${name}.json`, import.meta.url), "utf8"));

/** Every vector, and each broken. */
export function rows() {
  const good = [
    ...vectors("python/signed").tokens.map((/** @type {any} */ { key, token }) => ({ open: "verify", key, token })),
    ...vectors("python/management").tokens.map((/** @type {any} */ { decrypt, token }) => ({ open: "decrypt", key: decrypt, token })),
    ...vectors("python/encrypted").tokens.map((/** @type {any} */ { decrypt, verify, token }) => ({ open: "nested", key: decrypt, verify, token })),
  ];
  return good.flatMap(withBroken);
}

/** As many long tokens by one key on P-256 as it takes to be prepared, and each broken. */
export async function longRows() {
  const { privateKey, jwk } = await pair("ES256");
  const key = { method: "publicKey", alg: "ES256", key: jwk };
  const tokens = await Promise.all(Array.from({ length: 12 }, (_, turn) => sign(claims({ turn, custom: { text: "x".repeat(6000) } }), "ES256", privateKey)));
  return tokens.flatMap((token) => withBroken({ open: "verify", key, token }));
}

/** A row, and the same with a byte of its last part changed, its last part cut, and its last part zero. @param {any} row */
function withBroken(row) {
  const at = row.token.lastIndexOf(".") + 1;
  const bytes = Buffer.from(row.token.slice(at), "base64url");
  const ends = [bytes.map((byte, index) => (index === 5 ? byte ^ 1 : byte)), bytes.subarray(1), Buffer.alloc(bytes.length)];
  return [row, ...ends.map((end) => ({ ...row, token: row.token.slice(0, at) + Buffer.from(end).toString("base64url") }))];
}
