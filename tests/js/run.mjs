// node tests/js/run.mjs FILE…: runs test files in groups (together.mjs), three processes at a time: a machine of two cores
// computes in two of them while the third waits. The output of each comes whole when it has ended; the last lines say what
// each folder came to, and exit code 1 that a test failed.
//
// A file that failed runs once more, alone, when all else has ended. One that passes then was red by chance: the run is green
// and says so, as such a test is a fault to mend and no reason to hold up what has nothing to do with it.

import { spawn } from "node:child_process";
import { relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const AT_A_TIME = 3;
/** Processes per folder: more of them end more evenly, fewer start less. */
const GROUPS = 4;
/** More failed files than that did not fail by chance, and none runs again. */
const BY_CHANCE = 3;

/** @typedef {{ passed: number, failed: number, byChance: number, seconds: number }} Sum seconds: of all its processes, one after the other */
/** @typedef {{ folder: string, files: string[] }} Group */

const here = fileURLToPath(new URL(".", import.meta.url));
const together = fileURLToPath(new URL("together.mjs", import.meta.url));
const folders = ["browser", "worker", "package"];
/** @type {Map<string, Sum>} */
const sums = new Map(folders.map((folder) => [folder, { passed: 0, failed: 0, byChance: 0, seconds: 0 }]));

/** The folder that a file counts for: one in none of them looks at the package. @param {string} file */
const folderOf = (file) => folders.find((folder) => file.includes(`/${folder}/`)) ?? "package";

/**
 * Begins with what takes longest, so that the short ones even out the end. The package's look at memory and break the module on
 * purpose: each has a process of its own.
 * @param {string[]} files @returns {Group[]}
 */
function grouped(files) {
  return folders.flatMap((folder) => {
    const own = files.filter((file) => folderOf(file) === folder);
    const count = folder === "package" ? own.length : Math.min(GROUPS, own.length);
    return Array.from({ length: count }, (_, group) => ({ folder, files: own.filter((_, place) => place % count === group) }));
  });
}

/**
 * Runs files in one process.
 * @param {string[]} files
 * @returns {Promise<{ passed: number, failed: number, red: string[], seconds: number }>} red: those that did not pass
 */
async function run(files) {
  const started = performance.now();
  const child = spawn(process.execPath, ["--test-force-exit", "--test-reporter=spec", together, ...files], { stdio: ["ignore", "pipe", "inherit"] });
  /** @type {Buffer[]} */
  const chunks = [];
  child.stdout.on("data", (chunk) => chunks.push(chunk));
  const code = await new Promise((done, reject) => child.once("error", reject).once("close", done));
  const output = Buffer.concat(chunks).toString();
  process.stdout.write(output);
  const count = (/** @type {string} */ name) => Number(output.match(new RegExp(`^ℹ ${name} (\\d+)$`, "m"))?.[1] ?? 0);
  // One that took its process down with it has no line.
  const green = new Set(output.match(/^✔ \S+/gm));
  const red = files.filter((file) => !green.has(`✔ ${relative(here, resolve(file)).replace(".test.mjs", "")}`));
  const failed = Math.max(count("fail") + count("cancelled"), code === 0 && red.length === 0 ? 0 : 1);
  return { passed: count("pass"), failed, red, seconds: (performance.now() - started) / 1000 };
}

const queue = grouped(process.argv.slice(2));
/** @type {(Group & { failed: number })[]} */
const failures = [];
const lane = async () => {
  for (let group = queue.shift(); group; group = queue.shift()) {
    const { passed, failed, red, seconds } = await run(group.files);
    const sum = /** @type {Sum} */ (sums.get(group.folder));
    sum.passed += passed;
    sum.failed += failed;
    sum.seconds += seconds;
    if (failed) failures.push({ folder: group.folder, files: red, failed });
  }
};
const started = performance.now();
await Promise.all(Array.from({ length: AT_A_TIME }, lane));

if (failures.flatMap(({ files }) => files).length <= BY_CHANCE) {
  for (const { folder, files, failed } of failures) {
    let green = files.length > 0;
    for (const file of files) {
      console.log(`\n↻ ${file} failed. Once more, alone:\n`);
      green = (await run([file])).failed === 0 && green;
    }
    if (!green) continue;
    const sum = /** @type {Sum} */ (sums.get(folder));
    sum.passed += failed;
    sum.failed -= failed;
    sum.byChance += failed;
  }
}

// Each folder's part of the time: what its processes took of what all took.
const took = (performance.now() - started) / 1000;
const all = [...sums.values()].reduce((sum, { seconds }) => sum + seconds, 0);
console.log();
for (const [folder, { passed, failed, byChance, seconds }] of sums) {
  if (passed + failed === 0) continue;
  console.log(`tests/js/${folder}: ${passed} passed, ${failed} failed, ${byChance} by chance, ${((took * seconds) / all).toFixed(1)} s`);
}
process.exitCode = [...sums.values()].some(({ failed }) => failed > 0) ? 1 : 0;
