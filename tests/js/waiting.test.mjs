// How tests wait: every file ends by itself, and sleeping stands in one place, so that a new wait is for a condition.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path/posix";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import "./support/patience.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const PATIENCE = "tests/js/support/patience.mjs";

/** @param {string} folder */
const scripts = (folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).filter((file) => /\.m?js$/.test(file)).map((file) => join(folder, file));
/** @param {string} file */
const text = (file) => readFileSync(join(root, file), "utf8");

/**
 * Whether a file imports another, directly or not, by files of the tests and the demo.
 * @param {string} from @param {string} to
 * @returns {boolean}
 */
function reaches(from, to, seen = new Set()) {
  if (from === to) return true;
  if (seen.has(from) || !/^(tests|demo)\//.test(from)) return false;
  seen.add(from);
  const named = [...text(from).matchAll(/^(?:import|export|\} from)[^\n]*?"(\.{1,2}\/[^"]+)";$/gm)].map(([, name]) => join(dirname(from), name));
  return named.some((name) => reaches(name, to, seen));
}

test("every test file ends by itself", () => {
  const files = scripts("tests/js").filter((file) => file.endsWith(".test.mjs"));
  assert.ok(files.length > 60);
  assert.deepEqual(files.filter((file) => !reaches(file, PATIENCE)), []);
});

test("nobody sleeps or counts attempts on his own: `until` waits for a condition, `pause` shows that nothing comes", () => {
  const own = [...scripts("tests/js"), ...scripts("tests/soak")].filter((file) => file !== PATIENCE && file !== "tests/js/waiting.test.mjs");
  assert.deepEqual(own.filter((file) => /\(resolve\) => setTimeout\(|for \(let tries|timers\/promises/.test(text(file))), []);
});
