// node tests/js/run.mjs FILE…: runs test files in groups (together.mjs), three processes at a time: a machine of two cores
// computes in two of them while the third waits. The output of each comes whole when it has ended; exit 1 if a test failed.

import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const AT_A_TIME = 3;
/** Groups per process slot: more of them end more evenly, fewer start less. */
const ROUNDS = 2;

const together = fileURLToPath(new URL("together.mjs", import.meta.url));
const files = process.argv.slice(2);
const groups = Array.from({ length: Math.min(AT_A_TIME * ROUNDS, files.length) }, (_, group) =>
  files.filter((_, place) => place % (AT_A_TIME * ROUNDS) === group),
);

/** @param {string[]} group @returns {Promise<boolean>} whether all went well */
async function run(group) {
  const child = spawn(process.execPath, ["--test-force-exit", "--test-reporter=spec", together, ...group], { stdio: ["ignore", "pipe", "inherit"] });
  /** @type {Buffer[]} */
  const output = [];
  child.stdout.on("data", (chunk) => output.push(chunk));
  const code = await new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
  process.stdout.write(Buffer.concat(output));
  return code === 0;
}

let good = true;
const lane = async () => {
  for (let group = groups.shift(); group; group = groups.shift()) good = (await run(group)) && good;
};
await Promise.all(Array.from({ length: AT_A_TIME }, lane));
process.exitCode = good ? 0 : 1;
