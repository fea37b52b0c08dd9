// Counting: every decision goes into a buffer of this isolate, and the buffer goes into one of a few objects about
// once a second, after the answer. The buffer is plain data, so that requests share nothing but numbers.

import { random, toBase64url } from "../platform/bytes.js";
import { objectName } from "../platform/names.js";
import { logFault } from "../platform/log.js";
import { objectNamed } from "../platform/objects.js";

/** @import { Configuration } from "../platform/configuration.js" */
/** @import { Decision } from "./decision.js" */
/** @import { Context, Env } from "../types.d.ts" */

/** Objects that the counts are spread over; one takes about a thousand batches a second. */
const SHARDS = 8;
/** Upper bounds of the buckets of a duration, milliseconds; the last bucket has none. */
export const BOUNDS = [5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000];
const FLUSH_MS = 1000;
/** After this long without a flush its request has been given up by the platform, and the next one takes over. */
const OVERDUE_MS = 10_000;

/** @typedef {{ id: string, at: number, counts: [string, number][], levels: [string, number][] }} Batch */

/** @type {Map<string, number>} */
let counts = new Map();
/** @type {Map<string, number>} */
let levels = new Map();
let flushing = -Infinity;
let shard = -1;

/** @param {string} key @param {number} n */
function add(key, n) {
  counts.set(key, (counts.get(key) ?? 0) + n);
}

/**
 * @param {Context} context
 * @param {Decision} decision
 */
export function count(context, decision) {
  const { flow, step, outcome, code, ms, would } = decision;
  // Names that callers make up count as no account, or anybody could fill the disk with them.
  const account = decision.config_version === null ? "" : (decision.account ?? "");
  add(JSON.stringify(["decision", account, flow, step, outcome, code ?? ""]), 1);
  const bucket = BOUNDS.findIndex((bound) => ms <= bound);
  add(JSON.stringify(["took", step, bucket < 0 ? BOUNDS.length : bucket]), 1);
  add(JSON.stringify(["took_ms", step]), ms);
  if (would) add(JSON.stringify(["would", account, would]), 1);
  if (decision.jwks_age !== null) levels.set(JSON.stringify(["jwks_age", account]), decision.jwks_age);
  if (decision.skew !== null) levels.set(JSON.stringify(["skew", account]), decision.skew);
  const now = Date.now();
  if (now - flushing < OVERDUE_MS) return;
  flushing = now;
  context.waitUntil(flush(context.env, context.config));
}

/**
 * @param {Env} env
 * @param {Configuration} config
 */
async function flush(env, config) {
  await new Promise((resolve) => setTimeout(resolve, FLUSH_MS));
  /** @type {Batch} */
  const batch = { id: toBase64url(random(12)), at: Date.now(), counts: [...counts], levels: [...levels] };
  [counts, levels] = [new Map(), new Map()];
  flushing = -Infinity;
  if (shard < 0) shard = random(1)[0] % SHARDS;
  const object = await metricsObject(env, config, shard);
  for (let tries = 0; tries < 2; tries += 1) {
    try {
      // The object knows the batch by its id: what arrived but was not answered is not counted twice.
      await object.add(batch);
      return;
    } catch (fault) {
      logFault("metrics", fault);
    }
  }
}

/**
 * @param {Env} env
 * @param {Configuration} config
 * @param {number} index
 */
async function metricsObject(env, config, index) {
  return objectNamed(config, env.METRICS, await objectName(config, "metrics", String(index)));
}

/**
 * What all objects have counted.
 * @param {Env} env
 * @param {Configuration} config
 * @param {number} since milliseconds, for what is kept by time
 */
export async function readMetrics(env, config, since) {
  const shards = await Promise.all(
    Array.from({ length: SHARDS }, async (_, index) => {
      const object = await metricsObject(env, config, index);
      // The types of a call between objects forget how long a tuple is.
      return /** @type {import("../objects/metrics.js").Counted} */ (/** @type {unknown} */ (await object.read(since)));
    }),
  );
  /** @type {Map<string, number>} */
  const totals = new Map();
  /** @type {Map<string, { at: number, key: string, n: number }>} */
  const recent = new Map();
  /** @type {Map<string, import("../objects/metrics.js").Level>} */
  const measured = new Map();
  for (const part of shards) {
    for (const [key, n] of part.totals) totals.set(key, (totals.get(key) ?? 0) + n);
    for (const row of part.recent) {
      const kept = recent.get(`${row.at} ${row.key}`);
      if (kept) kept.n += row.n;
      else recent.set(`${row.at} ${row.key}`, { ...row });
    }
    for (const level of part.levels) {
      const kept = measured.get(level.key);
      const [later, other] = kept && kept.at > level.at ? [kept, level] : [level, kept ?? level];
      const [low, high] = [Math.min(later.low, other.low), Math.max(later.high, other.high)];
      measured.set(level.key, { ...later, low, high });
    }
  }
  return { totals, recent: [...recent.values()], levels: [...measured.values()] };
}
