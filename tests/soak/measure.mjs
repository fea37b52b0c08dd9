// What all soaks measure with: many at a time, quantiles, lines, and the memory of a process.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * Runs a piece of work so many times, so many at a time.
 * @param {number} times
 * @param {number} atOnce
 * @param {(index: number) => Promise<unknown>} work
 */
export async function many(times, atOnce, work) {
  let next = 0;
  const lane = async () => {
    while (next < times) await work(next++);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, times) }, lane));
}

/**
 * Once more where the connection was just being closed by the other side: what is asked here may be asked twice.
 * @template T
 * @param {() => Promise<T>} ask
 */
export const patiently = (ask) => ask().catch(ask);

/** @param {number[]} values @param {number} part 0 to 1 */
export function quantile(values, part) {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}

/**
 * The straight line through points, by least squares, at the first and the last of them.
 * @param {[x: number, y: number][]} points in the order of x
 */
export function line(points) {
  const mean = (/** @type {number[]} */ values) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const [x, y] = [mean(points.map(([at]) => at)), mean(points.map(([, value]) => value))];
  const spread = points.reduce((sum, [at]) => sum + (at - x) ** 2, 0);
  const slope = spread === 0 ? 0 : points.reduce((sum, [at, value]) => sum + (at - x) * (value - y), 0) / spread;
  const through = (/** @type {number} */ at) => y + slope * (at - x);
  return { first: through(points[0]?.[0] ?? 0), last: through(points.at(-1)?.[0] ?? 0) };
}

/** Megabytes that a process and its children named workerd hold in memory; of this process without a number. */
export function workerdMegabytes(parent = process.pid) {
  const rows = execFileSync("ps", ["-A", "-o", "ppid=,rss=,comm="], { encoding: "utf8" }).trim().split("\n");
  const own = rows.map((row) => row.trim().split(/\s+/)).filter(([of, , name]) => Number(of) === parent && name.includes("workerd"));
  return own.reduce((sum, [, rss]) => sum + Number(rss) / 1024, 0);
}

/** Milliseconds of processor time that children of a process named workerd have taken; it holds on a busy machine where the clock does not. */
export function workerdProcessorMs(parent = process.pid) {
  const rows = execFileSync("ps", ["-A", "-o", "pid=,ppid=,comm="], { encoding: "utf8" }).trim().split("\n");
  const own = rows.map((row) => row.trim().split(/\s+/)).filter(([, of, name = ""]) => Number(of) === parent && name.includes("workerd"));
  // User and system time, in hundredths of a second.
  const ticks = own.map(([pid]) => readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? []);
  return ticks.reduce((sum, fields) => sum + 10 * (Number(fields[11]) + Number(fields[12])), 0);
}

/** A generator of random numbers that a seed repeats (mulberry32). @param {number} seed */
export function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Runs a soak when its file is the program.
 * @param {string} url of the module
 * @param {(loops: number) => Promise<void>} soak
 * @param {number} loops without an argument
 */
export async function asProgram(url, soak, loops) {
  if (url !== new URL(`file://${process.argv[1]}`).href) return;
  await soak(Number(process.argv[2] ?? loops));
  // What a killed worker has left open would keep this process waiting.
  process.exit();
}
