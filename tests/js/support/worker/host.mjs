// A worker in a process of its own, to be killed. Prints one line: the address and the ids of both processes.

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { Miniflare } from "miniflare";
import { applyMigrations, workerOptions } from "../../../../worker/dev.js";

const { stateDir, port, vars, isNew } = JSON.parse(process.argv[2]);
const root = fileURLToPath(new URL("../../../..", import.meta.url));
/** @param {import("node:stream").Readable[]} streams */
const unheard = (...streams) => streams.forEach((stream) => stream.resume());
// Tests come from one address, so they have no limits.
const limits = { caller: 1_000_000, account: 1_000_000 };
const options = workerOptions({ root, ports: { worker: port }, stateDir, vars, limits, handleRuntimeStdio: unheard });
const miniflare = new Miniflare(options);
await miniflare.ready;
if (isNew) await applyMigrations(miniflare, root);
const rows = execFileSync("ps", ["-A", "-o", "pid=,ppid=,comm="], { encoding: "utf8" })
  .trim()
  .split("\n")
  .map((row) => row.trim().split(/\s+/));
const workerd = rows.filter(([, parent, name]) => Number(parent) === process.pid && name.includes("workerd")).map(([pid]) => Number(pid));
console.log(JSON.stringify({ host: process.pid, workerd }));
