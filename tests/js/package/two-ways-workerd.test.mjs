// One verdict in Node and in workerd, by the module and by the WebCrypto of each.

import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { Miniflare } from "miniflare";
import * as entry from "../../../pkg/dist/node.js";
import { judge } from "../support/entries/two-ways-judge.js";
import { longRows, rows } from "../support/two-ways.mjs";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** @param {string[]} compatibilityFlags */
const workerd = (compatibilityFlags) => new Miniflare({
  host: "127.0.0.1", port: 0, cf: false, telemetry: { enabled: false }, modules: true,
  rootPath: root, scriptPath: "tests/js/support/entries/two-ways.js", compatibilityDate: "2026-04-01", compatibilityFlags,
  modulesRules: [{ type: "ESModule", include: ["**/*.js"] }, { type: "CompiledWasm", include: ["**/*.wasm"] }],
});

test("workerd and Node come to one verdict and one code, by each way, also where workerd says that it is Node", async () => {
  const workers = [[], ["nodejs_compat"]].map(workerd);
  try {
    const all = [...rows(), ...(await longRows())];
    const asked = [];
    for (const way of /** @type {const} */ (["module", "host", "table"])) {
      for (const worker of workers) {
        const body = JSON.stringify({ way, rows: all });
        const answer = await worker.dispatchFetch("http://127.0.0.1/", { method: "POST", body });
        const { found, openSsl } = /** @type {any} */ (await answer.json());
        // Its node:crypto takes four times as long as its WebCrypto.
        assert.equal(openSsl, false);
        asked.push(found);
      }
      asked.push(await judge(entry, way, all));
    }
    const [first, ...others] = /** @type {string[][]} */ (asked);
    for (const other of others) {
      all.forEach(({ key }, index) => assert.equal(other[index], first?.[index], `${key.alg} ${key.enc ?? ""} row ${index}`));
    }
    const codes = (first ?? []).filter((text) => /^(signature_invalid|decryption_failed)$/.test(text));
    assert.equal(codes.length, (all.length / 4) * 3, "three of four are refused");
    assert.ok(all.length > 300, `${all.length} rows`);
    console.log(`  Node, workerd, workerd with nodejs_compat, by three ways: ${all.length} tokens, ${all.length - codes.length} accepted, one verdict and one code each`);
  } finally {
    await Promise.all(workers.map((worker) => worker.dispose()));
  }
});
