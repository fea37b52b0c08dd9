// The soaks of operations in short; `cargo xtask soak` runs them at length. Each is a process of its own, as there.

import { execFile } from "node:child_process";
import { join } from "node:path";
import { describe, test } from "node:test";
import { promisify } from "node:util";
import { FILE_MS } from "../../support/patience.mjs";
import { REPEATS } from "../../support/repeats.mjs";
import { root } from "../../support/worker/deployment.mjs";

/** @param {string} name @param {number} loops */
async function short(name, loops) {
  const { stdout } = await promisify(execFile)(process.execPath, [join(root, `tests/soak/${name}.mjs`), String(loops)], { timeout: 0.9 * FILE_MS });
  console.log(stdout.trim());
}

describe("soaks in short", { concurrency: 3 }, () => {
  test("rotation: every key every two seconds, nobody wrongly refused", () => short("rotation", 3));
  test("faults: each with what came of it", () => short("faults", 84));
  test("kills: every 201 in the statistics once", () => short("submit-kills", 12));
  test("abuse: bounded writes, exact limits", () => short("abuse", 60));
  test("load: no error, everything counted", REPEATS, () => short("load", 2));
});
