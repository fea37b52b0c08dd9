// One verdict in Node and in workerd, by the module and by the WebCrypto of each.

import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { Miniflare } from "miniflare";
import * as entry from "../../../pkg/dist/node.js";
import { judge } from "../support/entries/two-ways-judge.js";
import { rows } from "../support/two-ways.mjs";

const root = fileURLToPath(new URL("../../../", import.meta.url));

test("workerd and Node come to one verdict and one code, by either way", async () => {
  const worker = new Miniflare({
    host: "127.0.0.1", port: 0, cf: false, telemetry: { enabled: false }, modules: true,
    rootPath: root, scriptPath: "tests/js/support/entries/two-ways.js", compatibilityDate: "2026-04-01",
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
    console.log(`  Node and workerd, either way: ${all.length} tokens, ${all.length - codes.length} accepted, one verdict and one code each`);
  } finally {
    await worker.dispose();
  }
});
