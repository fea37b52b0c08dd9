// The soaks of operations in short; `cargo xtask soak` runs them at length.

import { describe, test } from "node:test";
import { abuse } from "../soak/abuse.mjs";
import { faults } from "../soak/faults.mjs";
import { load } from "../soak/load.mjs";
import { rotate } from "../soak/rotation.mjs";
import { killSubmits } from "../soak/submit-kills.mjs";

describe("soaks in short", { concurrency: 3 }, () => {
  test("rotation: every key every two seconds, nobody wrongly refused", () => rotate(6));
  test("faults: each with what came of it", () => faults(150));
  test("kills: every 201 in the statistics once", () => killSubmits(12));
  test("abuse: bounded writes, exact limits", () => abuse(150));
  test("load: no error, everything counted", () => load(3));
});
