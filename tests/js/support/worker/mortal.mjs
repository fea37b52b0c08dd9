// A worker that can be killed and started again on the same state.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { rm } from "node:fs/promises";
import { promisify } from "node:util";
import { Miniflare } from "miniflare";
import { startMigrated, workerOptions } from "../../../../worker/dev.js";
import { Deployment, freePort, newSecrets, root } from "./deployment.mjs";
import { newStateFolder } from "./state.mjs";

/** @param {import("node:stream").Readable[]} streams */
const unheard = (...streams) => streams.forEach((stream) => stream.resume());
// Tests come from one address, so they have no limits.
const limits = { caller: 1_000_000, account: 1_000_000 };

export class Mortal {
  secrets = newSecrets();
  stateDir = "";
  url = "";
  port = 0;
  /** @type {Miniflare | undefined} */
  #miniflare;
  /** The id of the process that holds everything: workerd. */
  #workerd = 0;

  async start() {
    const isNew = this.stateDir === "";
    this.stateDir ||= await newStateFolder();
    this.port ||= await freePort();
    this.url = `http://127.0.0.1:${this.port}`;
    const vars = { ENVIRONMENT: "development", PUBLIC_URL: this.url, ...this.secrets.vars };
    const { stateDir, port } = this;
    const options = workerOptions({ root, ports: { worker: port }, stateDir, vars, limits, handleRuntimeStdio: unheard });
    this.#miniflare = isNew ? await startMigrated(options, { root, stateDir }) : new Miniflare(options);
    await this.#miniflare.ready;
    this.#workerd = await listenerOn(port);
  }

  /** At once, without a chance to write anything. */
  async kill() {
    process.kill(this.#workerd, "SIGKILL");
    await this.#miniflare?.dispose();
  }

  /** As an operator. */
  get operator() {
    const deployment = new Deployment({
      miniflare: /** @type {any} */ (undefined),
      url: this.url,
      secrets: this.secrets,
      stateDir: this.stateDir,
    });
    return deployment;
  }

  async bury() {
    await this.kill();
    await rm(this.stateDir, { recursive: true, force: true });
  }
}

/** The id of the workerd that Miniflare has told to listen there. @param {number} port */
async function listenerOn(port) {
  const { stdout } = await promisify(execFile)("ps", ["-A", "-ww", "-o", "pid=,args="], { maxBuffer: 16 * 1024 * 1024 });
  const ids = stdout.split("\n").filter((row) => row.includes(`--socket-addr=entry=127.0.0.1:${port} `)).map((row) => Number.parseInt(row, 10));
  assert.equal(ids.length, 1, `workerd runs on ${port}`);
  return ids[0];
}
