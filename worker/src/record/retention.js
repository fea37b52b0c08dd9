// The scheduled job: statistics rows go when their time is over, and the objects that hold the same participations
// are told. An object's own alarm does as it was promised on the day of the participation; the job sees to it that a
// retention which was shortened since counts for what is there already.

import { accountObject } from "../accounts/held.js";
import { configuration } from "../platform/configuration.js";
import { logFault } from "../platform/log.js";

/** @import { AccountRecord, Env } from "../types.d.ts" */

const DAY_MS = 86_400_000;
/** Rows of one round, and rounds of one run: the rest is for the next hour. */
const ROWS = 200;
const ROUNDS = 50;
/** Values that one statement may hold. */
const VALUES = 90;
/** Longer than the queue keeps a message. */
const ERASED_DAYS = 30;

/**
 * @param {Env} env
 * @param {number} now milliseconds
 * @returns {Promise<{ deleted: number }>}
 */
export async function retain(env, now) {
  if (!env.STATISTICS) return { deleted: 0 };
  let deleted = await sweep(env, "retain_until <= ?", [now]);
  const { results } = await env.STATISTICS.prepare("SELECT account, campaign FROM campaign_count").all();
  for (const { account, campaign } of results) {
    const object = await accountObject(env, configuration(env), String(account));
    const record = /** @type {AccountRecord | null} */ (await object.read());
    const days = record?.document.campaigns[String(campaign)]?.retentionDays;
    if (days === undefined) continue;
    const names = [String(account), String(campaign)];
    deleted += await sweep(env, "recorded_at <= ? AND account = ? AND campaign = ? AND preview IN (0, 1)", [now - days * DAY_MS, ...names]);
  }
  await env.STATISTICS.prepare("DELETE FROM erased WHERE at <= ?").bind(now - ERASED_DAYS * DAY_MS).run();
  return { deleted };
}

/**
 * Objects first: a row that is still there is found again by the next run.
 * @param {Env} env
 * @param {string} condition
 * @param {(string | number)[]} values
 */
async function sweep(env, condition, values) {
  const find = env.STATISTICS.prepare(`SELECT id, participant FROM participation WHERE ${condition} LIMIT ${ROWS}`);
  let deleted = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const { results } = await find.bind(...values).all();
    /** @type {Map<string, string[]>} */
    const ids = new Map();
    for (const { id, participant } of results)
      ids.set(String(participant), [...(ids.get(String(participant)) ?? []), String(id)]);
    const gone = [];
    for (const [participant, list] of ids) {
      try {
        await env.PARTICIPANT.get(env.PARTICIPANT.idFromString(participant)).forget(list);
        gone.push(...list);
      } catch (fault) {
        logFault("retention", fault);
      }
    }
    for (let i = 0; i < gone.length; i += VALUES) await drop(env, gone.slice(i, i + VALUES));
    deleted += gone.length;
    if (results.length < ROWS || gone.length === 0) break;
  }
  return deleted;
}

/** @param {Env} env @param {string[]} ids */
function drop(env, ids) {
  const list = ids.map(() => "?").join(", ");
  return env.STATISTICS.prepare(`DELETE FROM participation WHERE id IN (${list})`).bind(...ids).run();
}
