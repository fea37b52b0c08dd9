// The numbers of the operators' page, worked out from what /v1/overview answers. Nothing here touches the page.

/**
 * @typedef {object} Overview
 * @property {string} asOf
 * @property {number} windowSeconds
 * @property {number[]} bounds milliseconds
 * @property {{ at: string, account: string, flow: string, step: string, outcome: string, code: string, n: number }[]} decisions
 * @property {{ at: string, step: string, bucket: number, n: number }[]} durations
 * @property {{ at: string, account: string, code: string, n: number }[]} wouldRefuse
 * @property {{ name: string, account: string, at: string, value: number, low: number, high: number }[]} levels
 * @property {{ account: string, version: number | null, keys: Key[] }[]} accounts
 * @property {{ account: string, code: string, says: string, at: string, got?: string, since: string }[]} warnings
 */
/** @typedef {{ use: string, name: string, method: string | null, alg: string | null, status: string, since?: string, until?: string }} Key */

/** Steps of the two ways, and what counts as having got through each. */
export const FUNNELS = [
  { title: "With a token", steps: [["admit", "token"], ["submit", "token"]] },
  { title: "With a sign-in", steps: [["start", "oauth"], ["callback", "oauth"], ["redeem", "oauth"], ["submit", "oauth"]] },
];
const THROUGH = new Set(["ok", "allowed", "limit_unchecked", "code", "recorded"]);

/** @param {{ n: number }[]} rows */
const sum = (rows) => rows.reduce((total, { n }) => total + n, 0);

/**
 * @param {Overview} overview
 * @param {string} account all without
 * @returns {Overview}
 */
export function only(overview, account) {
  const mine = (/** @type {{ account: string }} */ row) => account === "" || row.account === account;
  return {
    ...overview,
    decisions: overview.decisions.filter(mine),
    wouldRefuse: overview.wouldRefuse.filter(mine),
    levels: overview.levels.filter(mine),
    accounts: overview.accounts.filter(mine),
    warnings: overview.warnings.filter(mine),
  };
}

/** How many came to each step, and how many of them got through. @param {Overview} overview */
export function funnels({ decisions }) {
  return FUNNELS.map(({ title, steps }) => ({
    title,
    steps: steps.map(([step, flow]) => {
      const rows = decisions.filter((row) => row.step === step && row.flow === flow);
      return { step, came: sum(rows), through: sum(rows.filter(({ outcome }) => THROUGH.has(outcome))) };
    }),
  })).filter(({ steps }) => steps.some(({ came }) => came > 0));
}

/** Every window of the day up to now, seconds. @param {Overview} overview */
function windows({ asOf, windowSeconds }) {
  const last = Math.floor(Date.parse(asOf) / 1000 / windowSeconds) * windowSeconds;
  return Array.from({ length: (24 * 3600) / windowSeconds }, (_, index) => last - index * windowSeconds).reverse();
}

/**
 * Times, and a line for each of the most frequent codes; the rest is one more.
 * @param {Overview} overview
 * @param {number} [most]
 */
export function refusalsByCode(overview, most = 6) {
  const refused = overview.decisions.filter(({ code, flow }) => code !== "" && flow !== "static");
  const totals = new Map();
  for (const { code, n } of refused) totals.set(code, (totals.get(code) ?? 0) + n);
  const codes = [...totals].sort(([, one], [, other]) => other - one).map(([code]) => code);
  const named = codes.slice(0, most);
  const times = windows(overview);
  const place = new Map(times.map((time, index) => [time, index]));
  const lines = [...named, ...(codes.length > most ? ["others"] : [])].map((name) => ({
    name,
    values: times.map(() => 0),
  }));
  for (const { at, code, n } of refused) {
    const line = lines.find(({ name }) => name === code) ?? lines.at(-1);
    const index = place.get(Date.parse(at) / 1000);
    if (line && index !== undefined) line.values[index] += n;
  }
  return { times, lines };
}

/**
 * The duration that this part of the requests was not slower than, milliseconds; null without any. Within a bucket
 * durations are taken to lie evenly.
 * @param {number[]} counts by bucket
 * @param {number[]} bounds
 * @param {number} part 0 to 1
 */
export function quantile(counts, bounds, part) {
  const total = counts.reduce((one, other) => one + other, 0);
  if (total === 0) return null;
  let before = 0;
  for (const [index, count] of counts.entries()) {
    const lower = bounds[index - 1] ?? 0;
    const upper = bounds[index];
    if (upper === undefined) return lower;
    if (before + count >= total * part && count > 0) return lower + ((upper - lower) * (total * part - before)) / count;
    before += count;
  }
  return bounds.at(-1) ?? null;
}

/** @param {Overview} overview @param {(row: Overview["durations"][number]) => boolean} wanted */
export function buckets({ durations, bounds }, wanted) {
  const counts = [...bounds, Infinity].map(() => 0);
  for (const row of durations.filter(wanted)) counts[row.bucket] += row.n;
  return counts;
}

/**
 * p50 and p95 of a step over the day.
 * @param {Overview} overview
 * @param {string} step
 */
export function durationsOf(overview, step) {
  const times = windows(overview);
  const counts = times.map((time) =>
    buckets(overview, (row) => row.step === step && Date.parse(row.at) / 1000 === time),
  );
  const line = (/** @type {number} */ part) => counts.map((each) => quantile(each, overview.bounds, part));
  return { times, p50: line(0.5), p95: line(0.95) };
}

/** The last hour in a few numbers. @param {Overview} overview @param {Overview} all for durations, which have no account */
export function lastHour(overview, all) {
  const from = Date.parse(overview.asOf) - 3600_000;
  const recent = overview.decisions.filter(({ at, flow }) => Date.parse(at) >= from && flow !== "static" && flow !== "operations");
  const failed = sum(recent.filter(({ outcome }) => outcome === "failed"));
  const took = buckets(all, ({ at, step }) => Date.parse(at) >= from && (step === "admit" || step === "submit"));
  return {
    requests: sum(recent),
    recorded: sum(recent.filter(({ outcome }) => outcome === "recorded")),
    refused: sum(recent.filter(({ outcome }) => outcome === "refused")),
    failed,
    p50: quantile(took, all.bounds, 0.5),
    p95: quantile(took, all.bounds, 0.95),
    wouldRefuse: sum(overview.wouldRefuse.filter(({ at }) => Date.parse(at) >= from)),
  };
}
