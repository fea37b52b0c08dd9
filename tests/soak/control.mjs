// What the local platform itself keeps in memory: a worker that does nothing, asked as often, with as many objects of a row
// each. Its memory grows with every request and every object too; only what a soak holds beyond that is ours.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Miniflare } from "miniflare";
import { pause } from "../js/support/patience.mjs";
import { many, patiently, workerdMegabytes } from "./measure.mjs";

const NOTHING = `
import { DurableObject } from "cloudflare:workers";
export class Row extends DurableObject {
  async write() {
    this.ctx.storage.sql.exec("CREATE TABLE IF NOT EXISTS row (id TEXT PRIMARY KEY, body TEXT)");
    this.ctx.storage.sql.exec("INSERT INTO row VALUES (?, ?)", crypto.randomUUID(), "x".repeat(500));
    await this.ctx.storage.setAlarm(Date.now() + 90 * 86_400_000);
    await this.ctx.storage.sync();
  }
  read() {}
  alarm() {}
}
export default {
  async fetch(request, env) {
    const url = new URL(request.url);
    const way = url.pathname.slice(1);
    if (way) await env.ROW.get(env.ROW.idFromName(url.search))[way]();
    console.log("x".repeat(400));
    return Response.json({ a: 1 });
  },
};`;

/**
 * Megabytes of workerd after so much, and twenty seconds of rest.
 * @param {{ requests: number, read: number, written: number }} work requests without an object, objects that are only asked,
 *   objects that write
 */
export async function control({ requests, read, written }) {
  const stateDir = await mkdtemp(join(tmpdir(), "handstamp-test-"));
  const miniflare = new Miniflare({
    host: "127.0.0.1",
    modules: true,
    script: NOTHING,
    durableObjects: { ROW: { className: "Row", useSQLite: true } },
    defaultPersistRoot: stateDir,
    compatibilityDate: "2026-04-01",
    routes: ["*/*"],
    cf: false,
    telemetry: { enabled: false },
    handleRuntimeStdio: (/** @type {import("node:stream").Readable[]} */ ...streams) => streams.forEach((stream) => stream.resume()),
  });
  try {
    const url = await miniflare.ready;
    const ask = (/** @type {string} */ way) => async (/** @type {number} */ index) =>
      (await patiently(() => fetch(new URL(`${way}?${way}${index}`, url)))).text();
    await Promise.all([many(requests, 4, ask("")), many(read, 4, ask("read")), many(written, 4, ask("write"))]);
    await pause(20_000);
    return workerdMegabytes();
  } finally {
    await miniflare.dispose();
    await rm(stateDir, { recursive: true, force: true });
  }
}
