// One verdict in Node and in workerd, by the module and by the WebCrypto of each.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { Miniflare } from "miniflare";
import * as entry from "../../pkg/dist/node.js";
import { judge } from "./entries/two-ways-judge.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const vectors = (/** @type {string} */ name) =>
  JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), "utf8"));

/** Every vector, and each with a byte of its last part changed, its last part cut, and its last part zero. */
function rows() {
  const good = [
    ...vectors("python/signed").tokens.map((/** @type {any} */ { key, token }) => ({ open: "verify", key, token })),
    ...vectors("python/management").tokens.map((/** @type {any} */ { decrypt, token }) => ({ open: "decrypt", key: decrypt, token })),
  ];
  return good.flatMap((row) => {
    const at = row.token.lastIndexOf(".") + 1;
    const bytes = Buffer.from(row.token.slice(at), "base64url");
    const ends = [bytes.map((byte, index) => (index === 5 ? byte ^ 1 : byte)), bytes.subarray(1), Buffer.alloc(bytes.length)];
    return [row, ...ends.map((end) => ({ ...row, token: row.token.slice(0, at) + Buffer.from(end).toString("base64url") }))];
  });
}

test("workerd and Node come to one verdict and one code, by either way", async () => {
  const worker = new Miniflare({
    host: "127.0.0.1", port: 0, cf: false, telemetry: { enabled: false }, modules: true,
    rootPath: root, scriptPath: "tests/js/entries/two-ways.js", compatibilityDate: "2026-04-01",
    modulesRules: [{ type: "ESModule", include: ["**/*.js"] }, { type: "CompiledWasm", include: ["**/*.wasm"] }],
  });
  try {
    const all = rows();
    const asked = [];
    for (const way of /** @type {const} */ (["module", "host"])) {
      const body = JSON.stringify({ way, rows: all });
      asked.push(await (await worker.dispatchFetch("http://127.0.0.1/", { method: "POST", body })).json());
      asked.push(await judge(entry, way, all));
    }
    const [first, ...others] = /** @type {string[][]} */ (asked);
    for (const other of others) {
      all.forEach(({ key }, index) => assert.equal(other[index], first?.[index], `${key.alg} ${key.enc ?? ""} row ${index}`));
    }
    const codes = (first ?? []).filter((text) => /^(signature_invalid|decryption_failed)$/.test(text));
    assert.equal(codes.length, (all.length / 4) * 3, "three of four are refused");
    assert.ok(all.length > 300, `${all.length} rows`);
  } finally {
    await worker.dispose();
  }
});
