// One token of each algorithm that only the host computes, each of its bytes changed and each of its beginnings: always
// a refusal with a code. What the module computes too is judged so by the tests of the core.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { HandstampError, decryptCompact, verifyCompact } from "../../../pkg/dist/node.js";
import { claims, pair, sign } from "../support/mint.mjs";

/** @typedef {{ name: string, token: string, open: (token: string) => Promise<unknown> }} Row */

const management = JSON.parse(readFileSync(new URL("../../vectors/python/management.json", import.meta.url), "utf8"));

/** @returns {Promise<Row[]>} */
async function rows() {
  const signed = /** @type {const} */ (["ES384", "ES512"]).map(async (alg) => {
    const { jwk, privateKey } = await pair(alg);
    const token = await sign(claims(), alg, privateKey);
    return { name: alg, token, open: (/** @type {string} */ text) => verifyCompact(text, { method: "publicKey", key: jwk, alg }) };
  });
  const encrypted = management.tokens
    .filter((/** @type {any} */ { curve, enc }) => ["P-384", "P-521", "RSA"].includes(curve) && enc === "A128GCM")
    .map((/** @type {any} */ { alg, curve, decrypt, token }) => ({
      name: `${alg} ${curve}`, token, open: (/** @type {string} */ text) => decryptCompact(text, decrypt),
    }));
  return [...(await Promise.all(signed)), ...encrypted];
}

/** The token with each byte changed, and each beginning of it. @param {string} token */
function* changed(token) {
  for (let at = 0; at < token.length; at += 1) {
    yield token.slice(0, at) + String.fromCharCode(token.charCodeAt(at) ^ 1) + token.slice(at + 1);
    yield token.slice(0, at);
  }
}

test("T24 every flipped byte and every truncation is refused where only the host computes", async () => {
  const table = [];
  for (const { name, token, open } of await rows()) {
    await open(token);
    /** @type {Record<string, number>} */
    const codes = {};
    for (const text of changed(token)) {
      const fault = await open(text).then(() => assert.fail(`${name}: ${text} is accepted`), (error) => error);
      assert.ok(fault instanceof HandstampError && fault.code !== "internal", `${name}: ${text}: ${fault}`);
      codes[fault.code] = (codes[fault.code] ?? 0) + 1;
    }
    const byKey = (codes.signature_invalid ?? 0) + (codes.decryption_failed ?? 0);
    assert.ok(byKey > 20, `${name}: ${byKey} by the key`);
    table.push([name, token.length, token.length, byKey, Object.keys(codes).length]);
  }
  assert.equal(table.length, 12);
  const head = ["computed by the host", "flipped", "truncated", "by the key", "codes"];
  const [widths, line] = [[24, 8, 10, 11, 6], (/** @type {(string | number)[]} */ row) =>
    row.map((cell, column) => (column === 0 ? String(cell).padEnd(24) : String(cell).padStart(widths[column] ?? 0))).join(" ")];
  console.log([head, ...table].map(line).join("\n"));
});
