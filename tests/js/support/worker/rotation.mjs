// A ring of sealing keys that is turned by `handstamp keys rotate`, as an operator turns it.

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { handstamp } from "./command_line.mjs";

/** @typedef {{ environment: string, keys: { kid: string, key: string, status: "next" | "active" | "retiring", since?: number }[] }} Ring */

/** Longer than any wait between two steps. */
const LONG = 86_400;

export class Turning {
  /** A time that passes as fast as is told, seconds since 1970. */
  now = 1_800_000_000;

  /** @param {string} folder @param {Ring} ring */
  constructor(folder, ring) {
    this.folder = folder;
    this.file = join(folder, "secrets.json");
    this.ring = ring;
  }

  /** @param {Ring} ring */
  static async start(ring) {
    const turning = new Turning(await mkdtemp(join(tmpdir(), "handstamp-test-")), ring);
    await writeFile(turning.file, JSON.stringify({ RING: JSON.stringify(ring) }));
    return turning;
  }

  /**
   * Takes a step after a day, or at once; its refusal by code, or nothing.
   * @param {"add" | "activate" | "drop"} step
   * @param {{ kid?: string, key?: string, wait?: number }} [how]
   * @returns {Promise<string | undefined>}
   */
  async step(step, { kid, key, wait = LONG } = {}) {
    this.now += wait;
    const words = ["--json", "keys", "rotate", "ring", this.file, "--step", step, "--now", String(this.now)];
    const fresh = [...(kid ? ["--name", kid] : []), ...(key ? ["--key", "-"] : [])];
    const { code, out, err } = await handstamp([...words, ...fresh], { input: key });
    if (code === 1) return JSON.parse(out).refused;
    if (code !== 0) throw new Error(`${step}: ${out}${err}`);
    this.ring = JSON.parse(JSON.parse(await readFile(this.file, "utf8")).RING);
    return undefined;
  }

  stop() {
    return rm(this.folder, { recursive: true, force: true });
  }
}
