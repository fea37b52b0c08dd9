// The end of an account, once its time of grace is over: participations, counters and everything in its own object. What
// was under way meanwhile is looked for every hour until the name is free again.

import { OPERATORS } from "../accounts/access.js";
import { accountObject } from "../accounts/held.js";
import { configuration } from "../platform/configuration.js";
import { logFault } from "../platform/log.js";
import { objectName } from "../platform/names.js";
import { objectNamed } from "../platform/objects.js";
import { eraseAt } from "./personal_data.js";

/** @import { Env } from "../types.d.ts" */

/** Participants of one round, and rounds of one run: the rest is for the next hour. */
const PARTICIPANTS = 100;
const ROUNDS = 20;

/**
 * @param {Env} env
 * @param {number} now milliseconds
 * @returns {Promise<{ ended: number, participants: number }>}
 */
export async function endAccounts(env, now) {
  const config = configuration(env);
  const done = { ended: 0, participants: 0 };
  const operators = await accountObject(env, config, OPERATORS);
  for (const { account, ended } of /** @type {{ account: string, ended: boolean }[]} */ (await operators.dueEndings(now))) {
    try {
      const object = await accountObject(env, config, account);
      // Restored meanwhile, or to end later than was noted.
      const until = /** @type {number | null} */ (await object.endsAt());
      if (!ended && until === null) await operators.dropEnding(account);
      else if (until !== null && until > now) await operators.noteEnding(account, until);
      else {
        const { count, more } = await eraseParticipants(env, account);
        done.participants += count;
        if (ended || more) continue;
        const campaigns = /** @type {string[]} */ (await object.campaignIds());
        for (const id of campaigns) await objectNamed(config, env.COUNTER, await objectName(config, "counter", account, id)).erase();
        await operators.forgetEnded(account, now);
        await object.end(now);
        done.ended += 1;
      }
    } catch (fault) {
      logFault("account end", fault);
    }
  }
  return done;
}

/**
 * @param {Env} env
 * @param {string} account
 * @returns {Promise<{ count: number, more: boolean }>}
 */
async function eraseParticipants(env, account) {
  let count = 0;
  if (!env.STATISTICS) return { count, more: false };
  const find = env.STATISTICS.prepare(`SELECT DISTINCT participant FROM participation WHERE account = ? LIMIT ${PARTICIPANTS}`);
  for (let round = 0; round < ROUNDS; round += 1) {
    const { results } = await find.bind(account).all();
    for (const { participant } of results) await eraseAt(env, String(participant));
    count += results.length;
    if (results.length < PARTICIPANTS) return { count, more: false };
  }
  return { count, more: true };
}
