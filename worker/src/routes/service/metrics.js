// GET /metrics: the counts in the text format of OpenMetrics 1.0. In production it is for operators: a scraper gets its
// token from /v1/auth/token like any other program (Prometheus: `oauth2`).

import { version } from "../../platform/handstamp.js";
import { BOUNDS, readMetrics } from "../../observe/metrics.js";

/** @import { Handler } from "../../types.d.ts" */

const LABELS = ["account", "flow", "step", "outcome", "code"];

/** @type {Handler} */
export async function metrics(context) {
  const { totals, levels } = await readMetrics(context.env, context.config, Infinity);
  return new Response(openMetrics(totals, levels), {
    headers: {
      "content-type": "application/openmetrics-text; version=1.0.0; charset=utf-8",
      "cache-control": "no-store",
    },
  });
}

/**
 * @param {Map<string, number>} totals
 * @param {import("../../objects/metrics.js").Level[]} levels
 */
function openMetrics(totals, levels) {
  const keys = [...totals].map(([key, n]) => ({ parts: JSON.parse(key), n }));
  const of = (/** @type {string} */ kind) => keys.filter(({ parts }) => parts[0] === kind);
  const level = (/** @type {string} */ kind) =>
    levels.map((entry) => ({ ...entry, parts: JSON.parse(entry.key) })).filter(({ parts }) => parts[0] === kind);
  return [
    ...family("handstamp_build", "info", "The version that runs."),
    sample("handstamp_build_info", { version }, 1),
    ...family("handstamp_decisions", "counter", "Requests by what came of them."),
    ...of("decision").map(({ parts, n }) =>
      sample("handstamp_decisions_total", Object.fromEntries(LABELS.map((name, i) => [name, parts[i + 1]])), n),
    ),
    ...family("handstamp_would_refuse", "counter", "Admissions that checks which are only reported would have refused."),
    ...of("would").map(({ parts, n }) => sample("handstamp_would_refuse_total", { account: parts[1], code: parts[2] }, n)),
    ...family("handstamp_request_duration_seconds", "histogram", "How long the worker took.", "seconds"),
    ...[...new Set(of("took").map(({ parts }) => parts[1]))].flatMap((step) => histogram(step, totals)),
    ...family("handstamp_jwks_age_seconds", "gauge", "Age of the oldest key set in use.", "seconds"),
    ...level("jwks_age").map(({ parts, value }) => sample("handstamp_jwks_age_seconds", { account: parts[1] }, value)),
    ...family("handstamp_clock_skew_seconds", "gauge", "Signing time less our time, the highest of an hour.", "seconds"),
    ...level("skew").map(({ parts, high }) => sample("handstamp_clock_skew_seconds", { account: parts[1] }, high)),
    "# EOF\n",
  ].join("\n");
}

/**
 * @param {string} step
 * @param {Map<string, number>} totals
 */
function histogram(step, totals) {
  const name = "handstamp_request_duration_seconds";
  let sum = 0;
  const buckets = [...BOUNDS, Infinity].map((bound, index) => {
    sum += totals.get(JSON.stringify(["took", step, index])) ?? 0;
    return sample(`${name}_bucket`, { step, le: bound === Infinity ? "+Inf" : String(bound / 1000) }, sum);
  });
  const seconds = (totals.get(JSON.stringify(["took_ms", step])) ?? 0) / 1000;
  return [...buckets, sample(`${name}_sum`, { step }, seconds), sample(`${name}_count`, { step }, sum)];
}

/**
 * @param {string} name
 * @param {string} type
 * @param {string} help
 * @param {string} [unit]
 */
function family(name, type, help, unit) {
  return [`# TYPE ${name} ${type}`, ...(unit ? [`# UNIT ${name} ${unit}`] : []), `# HELP ${name} ${help}`];
}

/**
 * @param {string} name
 * @param {Record<string, string>} labels
 * @param {number} value
 */
function sample(name, labels, value) {
  const escaped = (/** @type {string} */ text) =>
    text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
  const list = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
  return `${name}{${list.join(",")}} ${value}`;
}
