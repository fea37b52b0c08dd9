// A worker in a process of its own that can be killed and started again on the same state.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Deployment, freePort, newSecrets } from "./deployment.mjs";

export class Mortal {
  secrets = newSecrets();
  stateDir = "";
  url = "";
  port = 0;
  /** @type {{ host: number, workerd: number[] } | undefined} */
  pids;

  async start() {
    const isNew = this.stateDir === "";
    this.stateDir ||= await mkdtemp(join(tmpdir(), "handstamp-test-"));
    this.port ||= await freePort();
    this.url = `http://127.0.0.1:${this.port}`;
    const vars = { ENVIRONMENT: "development", PUBLIC_URL: this.url, ...this.secrets.vars };
    const host = fileURLToPath(new URL("host.mjs", import.meta.url));
    const child = spawn(process.execPath, [host, JSON.stringify({ stateDir: this.stateDir, port: this.port, vars, isNew })], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.pids = await new Promise((resolve, reject) => {
      child.stdout.once("data", (line) => resolve(JSON.parse(String(line))));
      child.once("exit", (code) => reject(new Error(`the worker ended with ${code}`)));
    });
    this.ended = new Promise((resolve) => child.once("close", resolve));
    assert.ok(this.pids?.workerd.length, "workerd runs");
  }

  /** Both at once, without a chance to write anything. */
  async kill() {
    for (const pid of [...(this.pids?.workerd ?? []), this.pids?.host ?? 0]) process.kill(pid, "SIGKILL");
    await this.ended;
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
