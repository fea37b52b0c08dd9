// Plants each fault of planted_faults.mjs into a copy of the worker and runs the tests that must notice it. Prints the
// survivors, and fails where more than 3 % of the faults survive or one does without a reason. Slow; not part of the tests.
//
//   node xtask/js/mutants.mjs [--jobs N] [--only TEXT] [--done FILE]
//     TEXT: of a fault's file, its replacement or a test's name; FILE: which faults were noticed, to go on there another time

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, copyFile, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { FAULTS } from "./planted_faults.mjs";

/** @import { Fault } from "./planted_faults.mjs" */

const root = fileURLToPath(new URL("../..", import.meta.url));
const TESTS = "tests/js/worker";
const MOST_SURVIVORS = 0.03;
const TIMEOUT_MS = 300_000;
/** A test that was not finished in time may have been slowed by other work: it is run once more, alone, for so many times as long. */
const PATIENCE = 3;

const { values } = parseArgs({ options: { jobs: { type: "string", default: "1" }, only: { type: "string", default: "" }, done: { type: "string" } } });
/** The files of tests, in whatever room they stand, by name. */
const paths = new Map((await readdir(join(root, TESTS), { recursive: true })).map((path) => [basename(path, ".test.mjs"), join(TESTS, path)]));
/** What names a fault in the file of those that were noticed. @param {Fault} fault */
const lineOf = ({ file, find, replace, tests }) => JSON.stringify([file, find, replace, ...tests]);
/** Read anew for each fault: several runs may share the file. @param {Fault} fault */
const isDone = async (fault) => values.done !== undefined && (await readFile(values.done, "utf8").catch(() => "")).split("\n").includes(lineOf(fault));
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
 * @param {number} [patience]
 * @returns {Promise<"passed" | "failed" | "late">}
 */
async function outcome(folder, test, patience = 1) {
  const temporary = join(folder, "tmp");
  await mkdir(temporary, { recursive: true });
  // A group of its own, so that nothing which the tests have started outlives them.
  const [file, name] = test.split(": ");
  const some = name === undefined ? [] : [`--test-name-pattern=${name}`];
  const path = paths.get(file);
  if (!path) throw new Error(`no file of ${TESTS} is called ${file}`);
  const child = spawn(process.execPath, ["--test", "--test-reporter=tap", ...some, path], {
    cwd: folder, stdio: ["ignore", "pipe", "ignore"], detached: true, env: { ...process.env, HANDSTAMP_QUIET: "1", TMPDIR: temporary },
  });
  /** @type {"failed" | "late" | undefined} */
  let ended;
  const end = (/** @type {"failed" | "late"} */ why) => {
    ended ??= why;
    if (child.pid) process.kill(-child.pid, "SIGKILL");
  };
  const timer = setTimeout(() => end("late"), TIMEOUT_MS * patience);
  child.stdout.on("data", (text) => !ended && /^ *not ok /m.test(String(text)) && end("failed"));
  const [code] = await once(child, "close");
  clearTimeout(timer);
  await rm(temporary, { recursive: true, force: true });
  return ended ?? (code === 0 ? "passed" : "failed");
}

/** Tests, and whether they pass without a fault: what fails anyway notices nothing. @type {Map<string, boolean>} */
const fit = new Map();

/** @param {string} folder without a fault @param {string} test */
async function isFit(folder, test) {
  for (let tries = 0; tries < 2 && !fit.get(test); tries += 1) fit.set(test, (await outcome(folder, test, PATIENCE)) === "passed");
  return fit.get(test) === true;
}

/**
 * @param {string} folder
 * @param {Fault} fault
 * @param {number} [patience]
 * @returns {Promise<{ test?: string, isLate?: boolean, isUntried?: boolean }>} the test that noticed it, or that was not finished in time
 */
async function noticed(folder, fault, patience) {
  const path = join(folder, "worker/src", fault.file);
  const before = await readFile(path, "utf8");
  let [late, isTried] = [/** @type {string | undefined} */ (undefined), false];
  for (const test of fault.tests) {
    if (!(await isFit(folder, test))) continue;
    isTried = true;
    await writeFile(path, mutated(before, fault));
    const came = await outcome(folder, test, patience).finally(() => writeFile(path, before));
    if (came === "failed") return { test };
    if (came === "late") late = test;
  }
  if (late !== undefined) return { test: late, isLate: true };
  return isTried ? {} : { isUntried: true };
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
  /** @type {Fault[]} */
  const survivors = [];
  /** @type {Fault[]} */
  const late = [];
  /** @param {string} says @param {Fault} fault @param {string} [test] */
  const tell = (says, { file, replace }, test = "") => console.log(`${says.padEnd(8)} ${file}: ${replace.trim().split("\n")[0] || "(left out)"} ${test}`);
  let untried = 0;
  await each([...chosen], async (folder, fault) => {
    if (await isDone(fault)) return;
    const { test, isLate, isUntried } = await noticed(folder, fault);
    if (values.done && test !== undefined && !isLate) await appendFile(values.done, `${lineOf(fault)}\n`);
    if (isUntried) untried += 1;
    else if (test === undefined) survivors.push(fault);
    if (isLate) late.push(fault);
    tell(isUntried ? "untried" : isLate ? "late" : test === undefined ? "SURVIVED" : "noticed", fault, test ?? (isUntried ? `${fault.tests.join(", ")} fails without a fault` : ""));
  });
  for (const fault of late) {
    const { test, isLate } = await noticed(folders[0], fault, PATIENCE);
    if (test === undefined) survivors.push(fault);
    // A test that never ends does not pass either.
    tell(isLate ? "endless" : test === undefined ? "SURVIVED" : "noticed", fault, test);
  }
  const tried = chosen.length - untried;
  const share = tried > 0 ? survivors.length / tried : 1;
  console.log(`${survivors.length} of ${tried} survive (${(100 * share).toFixed(1)} %), ${untried} are untried`);
  for (const { file, find, reason } of survivors) console.log(`${file}: ${find.trim()}\n  ${reason ?? "no reason is given"}`);
  if (untried > 0 || share > MOST_SURVIVORS || survivors.some(({ reason }) => reason === undefined)) process.exitCode = 1;
} finally {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
}
