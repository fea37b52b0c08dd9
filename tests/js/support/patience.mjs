// How tests wait: for a condition and never for a time, with a bound that only something broken reaches. A test file that
// imports this, itself or through its support, ends by itself even when it hangs and was run by hand.

import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

export { pause };

/** The longest wait for one condition, in milliseconds: a busy machine needs it, and no other test feels it. */
export const PATIENCE_MS = 60_000;

/** The longest run of one test file, in milliseconds; `--thorough` has files of hundreds of walks. Several that share a process share the sum. */
export const FILE_MS = process.env.HANDSTAMP_THOROUGH ? 1_800_000 : 300_000;

/**
 * Waits until a condition holds and returns its value; throws after `PATIENCE_MS`.
 * @template T
 * @param {() => T | Promise<T>} holds asked again and again until its value is truthy
 * @param {string | (() => string)} what names the condition in the error
 * @returns {Promise<Exclude<T, false | 0 | "" | null | undefined>>}
 */
export async function until(holds, what, patience = PATIENCE_MS) {
  for (const end = Date.now() + patience; ; await pause(20)) {
    const late = Date.now() > end;
    const value = await holds();
    if (value) return /** @type {any} */ (value);
    if (late) throw new Error(`waited ${patience / 1000} s until ${typeof what === "string" ? what : what()}`);
  }
}

// A server closes a connection that rests for seconds, and on a busy machine Node may pick it just then: ours rest for less. The
// agent is there once something was fetched.
await fetch("data:,");
const AGENT = Symbol.for("undici.globalDispatcher.1");
const { [AGENT]: agent } = /** @type {any} */ (globalThis);
Object.assign(globalThis, { [AGENT]: new agent.constructor({ keepAliveTimeout: 50, keepAliveMaxTimeout: 50 }) });

/** @type {NodeJS.Timeout | undefined} */
let deadline;

/** Ends this process with exit code 1 after so many milliseconds, unless it has ended by then. @param {number} ms */
export function endAfter(ms) {
  clearTimeout(deadline);
  deadline = setTimeout(() => {
    console.error(`${process.argv.slice(1).join(" ")}: not ended after ${ms / 1000} s`);
    process.exit(1);
  }, ms).unref();
}

// Only where a test file of ours is the program: a soak or a check of another folder takes its own time.
const program = process.argv[1] ?? "";
if (program.startsWith(fileURLToPath(new URL("..", import.meta.url))) && program.endsWith(".test.mjs")) endAfter(FILE_MS);
