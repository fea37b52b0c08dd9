// Results as Markdown tables.

import { quantile } from "./measure.js";

const us = (number) => (number >= 100 ? number.toFixed(0) : number.toPrecision(3));

/** The quicker of our two calls. */
export function ours(row, quantile) {
  return Math.min(...["handstamp", "handstamp sync"].map((name) => row[name]?.[quantile] ?? Infinity));
}

/** @typedef {{ q10: number, median: number, runs: number[] }} Measured µs for one token */

/** How many times as long one takes as another: the median of all runs and its interval. @param {Measured | undefined} one @param {Measured | undefined} other */
function times(one, other) {
  if (!one || !other) return "–";
  const sorted = one.runs.map((time, run) => time / other.runs[run]).sort((a, b) => a - b);
  const [least, middle, most] = [sorted[0], sorted[sorted.length >> 1], sorted.at(-1)].map((ratio) => ratio.toFixed(2));
  return `${middle}× (${least}–${most})`;
}

/**
 * @param {string} runtime
 * @param {Record<string, Record<string, Measured>>} rows
 */
export function compared(runtime, rows) {
  const names = [...new Set(Object.values(rows).flatMap((row) => Object.keys(row)))];
  const head = ["", ...names, "jose ÷ handstamp", "jose ÷ sync"];
  const lines = Object.entries(rows).map(([name, row]) => {
    const us10 = names.map((contender) => (row[contender] ? us(row[contender].q10) : "–"));
    return [name, ...us10, times(row.jose, row.handstamp), times(row.jose, row["handstamp sync"])];
  });
  return table(`${runtime}: µs for one token, 10 % quantile; ratios as the median of seven runs, with the least and the greatest`, head, lines);
}

/** @param {Record<string, Measured> | undefined} row */
const ratio = (row) => (row?.jose && row.handstamp ? row.jose.q10 / row.handstamp.q10 : undefined);

/**
 * The median of all runs, by token and runtime.
 * @param {Record<string, Record<string, Record<string, Measured>>>[]} runs
 * @returns {Record<string, Record<string, number>>}
 */
export function medians(runs) {
  const [latency = {}] = runs;
  const median = (runtime, name) => quantile(runs.map((run) => ratio(run[runtime][name]) ?? 0), 0.5);
  const names = Object.keys(Object.values(latency)[0] ?? {});
  return Object.fromEntries(names.map((name) => [name, Object.fromEntries(Object.keys(latency).map((runtime) => [runtime, median(runtime, name)]))]));
}

/**
 * Of every token in every runtime, how many times as long jose takes, in each run.
 * @param {Record<string, Record<string, Record<string, Measured>>>[]} runs
 */
export function ratios(runs) {
  const [latency = {}] = runs;
  const runtimes = Object.keys(latency);
  const names = Object.keys(latency[runtimes[0] ?? ""] ?? {});
  const cell = (runtime, name) => `${runs.map((run) => ratio(run[runtime][name])?.toFixed(1) ?? "–").join(" ")} ×`;
  const lines = names.map((name) => [name, ...runtimes.map((runtime) => cell(runtime, name))]);
  return table(null, ["jose ÷ handstamp", ...runtimes], lines);
}

/**
 * What the host saves, of tokens of growing length: in the signature, and beside that in the content.
 * @param {string} runtime
 * @param {Record<string, Record<string, number>>} rows
 */
export function saved(runtime, rows) {
  const lines = Object.entries(rows).map(([name, by]) => {
    const gain = (form) => by[`${form}, module`] - by[`${form}, host`];
    return [name, ...Object.values(by).map(us), gain("signed").toFixed(1), (gain("sealed") - gain("signed")).toFixed(1)];
  });
  const ways = Object.keys(Object.values(rows)[0] ?? {});
  return table(`${runtime}: µs for one token by either way`, ["algorithms, bytes of the signed token", ...ways, "host saves in the signature", "in the content"], lines);
}

/** @param {string} title @param {Record<string, Record<string, number>>} rows */
export function plain(title, rows) {
  const names = [...new Set(Object.values(rows).flatMap((row) => Object.keys(row)))];
  const lines = names.map((name) => [name, ...Object.values(rows).map((row) => us(row[name]))]);
  return table(title, ["", ...Object.keys(rows)], lines);
}

/** @param {Record<string, { rate: number, us: number }>} found the first is ours, the others trivial */
export function throughput(found) {
  const [[, ours]] = Object.entries(found);
  const lines = Object.entries(found).map(([name, { rate, us }]) => [name, rate.toFixed(0), us.toFixed(0), `${(ours.rate / rate).toFixed(2)}×`, `${(us / ours.us).toFixed(2)}×`]);
  const head = ["", "requests/s", "µs of the processor", "admit's rate by this one", "this one's µs by admit's"];
  return table("Worker in miniflare (medians)", head, lines);
}

function table(title, head, lines) {
  const row = (cells) => `| ${cells.join(" | ")} |`;
  return [...(title ? [`\n### ${title}`] : []), row(head), row(head.map(() => "---")), ...lines.map(row)].join("\n");
}
