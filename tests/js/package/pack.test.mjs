// The conformance pack in Node and in workerd: what the native command line expects, whoever computes.

import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { Miniflare } from "miniflare";
import * as entry from "../../../pkg/dist/node.js";
import { judge } from "../support/entries/pack-judge.js";
import { compare, pack, table } from "../support/pack.mjs";

const root = fileURLToPath(new URL("../../../", import.meta.url));

test("28 situations have 28 codes", () => {
  const codes = pack.rows.filter((/** @type {any} */ { situation }) => situation).map((/** @type {any} */ { code }) => code);
  assert.deepEqual([codes.length, new Set(codes).size], [28, 28]);
});

test("the conformance pack has one outcome in Node, workerd and native", async (t) => {
  const worker = new Miniflare({
    host: "127.0.0.1", port: 0, cf: false, telemetry: { enabled: false }, modules: true,
    rootPath: root, scriptPath: "tests/js/support/entries/pack.js", compatibilityDate: "2026-04-01",
    modulesRules: [{ type: "ESModule", include: ["**/*.js"] }, { type: "CompiledWasm", include: ["**/*.wasm"] }],
  });
  try {
    /** @type {Record<string, any[]>} */
    const hosts = {};
    for (const way of /** @type {const} */ (["table", "module", "host"])) {
      const body = JSON.stringify({ way, pack });
      const answer = await worker.dispatchFetch("http://127.0.0.1/", { method: "POST", body });
      hosts[`workerd by ${way}`] = /** @type {any[]} */ (await answer.json());
      hosts[`Node by ${way}`] = await judge(entry, way, pack);
    }
    for (const line of table(hosts)) t.diagnostic(line);
    for (const [host, judged] of Object.entries(hosts)) compare(host, judged);
  } finally {
    await worker.dispose();
  }
});
