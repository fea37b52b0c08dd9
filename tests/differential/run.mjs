// The long run: `node tests/differential/run.mjs [count] [seed] [python]` after `cargo xtask pkg`. Prints a table
// of agreements and of every kind of disagreement; ends badly when one of them has no explanation.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Comparison } from "./comparison.mjs";
import { jose, ours } from "./readers.mjs";
import { tokens } from "./tokens.mjs";

const [count = "12000", seed = "1", python] = process.argv.slice(2);
const now = Math.floor(Date.now() / 1000);
const items = tokens(Number(count), now, Number(seed));
const comparison = new Comparison();

/** @type {AsyncIterator<string> | undefined} */
let lines;
/** @type {import("node:child_process").ChildProcessWithoutNullStreams | undefined} */
let reader;
if (python) {
  reader = spawn(python, [fileURLToPath(new URL("readers.py", import.meta.url))]);
  reader.stderr.pipe(process.stderr);
  lines = createInterface({ input: reader.stdout })[Symbol.asyncIterator]();
}
for (const item of items) {
  reader?.stdin.write(`${JSON.stringify(item)}\n`);
  const mine = await ours(item, now);
  comparison.add(item, mine, "npm jose", await jose(item, now));
  if (lines) {
    const { PyJWT, jwcrypto } = JSON.parse((await lines.next()).value);
    comparison.add(item, mine, "PyJWT", PyJWT);
    comparison.add(item, mine, "jwcrypto", jwcrypto);
  }
}
reader?.stdin.end();
console.log(comparison.report());
process.exitCode = comparison.unexplained.length === 0 ? 0 : 1;
