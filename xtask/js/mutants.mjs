// Plants each fault of planted_faults.mjs into a copy of the worker and runs the tests that must notice it. Prints the
// survivors, and fails where more than 3 % of the faults survive or one does without a reason. Slow; not part of the tests.
//
//   node xtask/js/mutants.mjs [--jobs N] [--only TEXT]    TEXT: of a fault's file, its replacement or a test's name

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { FAULTS } from "./planted_faults.mjs";

/** @import { Fault } from "./planted_faults.mjs" */

const root = fileURLToPath(new URL("../..", import.meta.url));
const MOST_SURVIVORS = 0.03;
const TIMEOUT_MS = 300_000;

const { values } = parseArgs({ options: { jobs: { type: "string", default: "1" }, only: { type: "string", default: "" } } });
const chosen = FAULTS.filter(({ file, replace, tests }) => [file, replace, ...tests].some((text) => text.includes(values.only)));

/**
 * The source of a file with a fault in it, or an error: a table that no longer fits the code proves nothing.
 * @param {string} source
 * @param {Fault} fault
 */
function mutated(source, { file, find, replace }) {
  const found = source.split(find).length - 1;
  if (found !== 1) throw new Error(`${file} has ${found} times, not once: ${find}`);
  return source.replace(find, () => replace);
}

/** Every file that a test may need, in a folder of its own. */
async function copyOfTree() {
  await mkdir(join(root, "target"), { recursive: true });
  const folder = await mkdtemp(join(root, "target/mutants-"));
  const run = promisify(execFile);
  const { stdout } = await run("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { cwd: root, maxBuffer: 1 << 26 });
  const made = await run("find", ["pkg", "-type", "f", "-print0"], { cwd: root, maxBuffer: 1 << 26 });
  const files = [...new Set((stdout + made.stdout).split("\0").filter(Boolean))];
  for (const folderOfFile of new Set(files.map(dirname))) await mkdir(join(folder, folderOfFile), { recursive: true });
  // A file that was deleted and not committed yet is listed too.
  for (const file of files) await copyFile(join(root, file), join(folder, file)).catch(() => {});
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
  return folder;
}

/**
 * Runs one file of tests, until the first of them fails.
 * @param {string} folder
 * @param {string} test a file, or `file: words` for those of its tests whose names have the words
 * @returns {Promise<boolean>} whether all passed
 */
async function passes(folder, test) {
  const temporary = join(folder, "tmp");
  await mkdir(temporary, { recursive: true });
  // A group of its own, so that nothing which the tests have started outlives them.
  const [file, name] = test.split(": ");
  const some = name === undefined ? [] : [`--test-name-pattern=${name}`];
  const child = spawn(process.execPath, ["--test", "--test-reporter=tap", ...some, `tests/js/worker/${file}.test.mjs`], {
    cwd: folder, stdio: ["ignore", "pipe", "ignore"], detached: true, env: { ...process.env, HANDSTAMP_QUIET: "1", TMPDIR: temporary },
  });
  let hasFailed = false;
  const end = () => {
    hasFailed = true;
    if (child.pid) process.kill(-child.pid, "SIGKILL");
  };
  const timer = setTimeout(end, TIMEOUT_MS);
  child.stdout.on("data", (text) => !hasFailed && /^ *not ok /m.test(String(text)) && end());
  const [code] = await once(child, "close");
  clearTimeout(timer);
  await rm(temporary, { recursive: true, force: true });
  return !hasFailed && code === 0;
}

/** @param {string} folder @param {Fault} fault @returns {Promise<string | undefined>} the test that noticed it */
async function noticed(folder, fault) {
  const path = join(folder, "worker/src", fault.file);
  const before = await readFile(path, "utf8");
  await writeFile(path, mutated(before, fault));
  try {
    for (const test of fault.tests) if (!(await passes(folder, test))) return test;
    return undefined;
  } finally {
    await writeFile(path, before);
  }
}

for (const fault of FAULTS) mutated(await readFile(join(root, "worker/src", fault.file), "utf8"), fault);
console.log(`${chosen.length} of ${FAULTS.length} planted faults, each found once in its file`);
const folders = await Promise.all(Array.from({ length: Number(values.jobs) }, copyOfTree));
try {
  /** Works off a list, one item for each folder at a time. @template T @param {T[]} list @param {(folder: string, item: T) => Promise<void>} work */
  const each = (list, work) =>
    Promise.all(folders.map(async (folder) => {
      for (let item = list.shift(); item !== undefined; item = list.shift()) await work(folder, item);
    }));
  await each([...new Set(chosen.flatMap(({ tests }) => tests.map((test) => test.split(": ")[0])))], async (folder, test) => {
    if (!(await passes(folder, test))) throw new Error(`${test} fails without a fault`);
  });
  /** @type {Fault[]} */
  const survivors = [];
  await each([...chosen], async (folder, fault) => {
    const test = await noticed(folder, fault);
    if (test === undefined) survivors.push(fault);
    console.log(`${test === undefined ? "SURVIVED" : "noticed "} ${fault.file}: ${fault.replace.trim().split("\n")[0] || "(left out)"} ${test ?? ""}`);
  });
  const share = survivors.length / chosen.length;
  console.log(`${survivors.length} of ${chosen.length} survive (${(100 * share).toFixed(1)} %)`);
  for (const { file, find, reason } of survivors) console.log(`${file}: ${find.trim()}\n  ${reason ?? "no reason is given"}`);
  if (share > MOST_SURVIVORS || survivors.some(({ reason }) => reason === undefined)) process.exitCode = 1;
} finally {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
}
