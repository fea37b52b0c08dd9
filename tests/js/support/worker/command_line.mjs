// The command line `handstamp`, as a process: built once if it is not yet, then run as often as asked.

import { execFile, spawn } from "node:child_process";
import { promisify } from "node:util";
import { root } from "./deployment.mjs";

/** @typedef {{ code: number | null, out: string, err: string }} Run */

/** @type {Promise<string> | undefined} */
let found;

/** Returns the path of the program. */
export const program = () => (found ??= built());

/** Where the program is: the build tools say where they have it from its own tests; else it is built here. */
async function built() {
  if (process.env.HANDSTAMP_COMMAND_LINE) return process.env.HANDSTAMP_COMMAND_LINE;
  const build = ["build", "--quiet", "--locked", "--package", "handstamp-cli", "--message-format", "json"];
  const { stdout } = await promisify(execFile)("cargo", build, { cwd: root, maxBuffer: 64 * 1024 * 1024 });
  const messages = stdout.trim().split("\n").map((line) => JSON.parse(line));
  return messages.find(({ executable, target }) => executable && target.name === "handstamp").executable;
}

/**
 * @param {string[]} words
 * @param {{ input?: string, env?: NodeJS.ProcessEnv }} [more]
 * @returns {Promise<Run>}
 */
export async function handstamp(words, { input = "", env = process.env } = {}) {
  const child = spawn(await program(), words, { cwd: root, env });
  /** @type {Run} */
  const run = { code: null, out: "", err: "" };
  child.stdout.on("data", (text) => (run.out += text));
  child.stderr.on("data", (text) => (run.err += text));
  child.stdin.on("error", () => {}); // who refuses the command line reads no document
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ ...run, code }));
  });
}
