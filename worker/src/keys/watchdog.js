// The watchdog: once an hour it looks at the keys and identity providers of the accounts, so many at a time, and warns of what will
// refuse tokens or sign-ins in days. A round that is not finished goes on in the next hour where it ended. What it fetches are the key
// sets and metadata of the documents in force, by the objects that hold their copies and decide when one is fetched again.

import { OPERATORS } from "../accounts/access.js";
import { accountObject, loadAccount } from "../accounts/held.js";
import { asRefusal } from "../http/problem.js";
import { readMetrics } from "../observe/metrics.js";
import { configuration } from "../platform/configuration.js";
import { watchKeys } from "../platform/handstamp.js";
import { logFault } from "../platform/log.js";
import { deliverWarning } from "../record/webhook.js";
import { factsOf, findOut } from "./findings.js";
import { lookAtProviders } from "./providers.js";
import { shownWarning } from "./timeline.js";

/** @import { Configuration } from "../platform/configuration.js" */
/** @import { Warned } from "../objects/account/keys/key_warnings.js" */
/** @import { Env } from "../types.d.ts" */

/** Accounts of one run, and of them at once: each has at most eight key sets and eight identity providers, and a server at most ten seconds. */
const ACCOUNTS = 400;
const AT_ONCE = 8;
/** Messages to one webhook in a run. */
const MESSAGES = 10;
const HOUR_MS = 3_600_000;

/**
 * @param {Env} env
 * @param {number} now milliseconds
 * @returns {Promise<{ accounts: number, warnings: number, failed: number }>}
 */
export async function watch(env, now) {
  const config = configuration(env);
  const operators = await accountObject(env, config, OPERATORS);
  const names = /** @type {string[]} */ (await operators.secretHolders(await operators.keyRound(), ACCOUNTS));
  const ahead = await clocksAhead(env, config, now);
  const done = { accounts: 0, warnings: 0, failed: 0 };
  /** @type {{ account: string, isWarned: boolean }[]} */
  const looked = [];
  for (let i = 0; i < names.length; i += AT_ONCE) {
    await Promise.all(
      names.slice(i, i + AT_ONCE).map(async (account) => {
        done.accounts += 1;
        try {
          const count = await look(env, config, account, ahead.get(account), now);
          done.warnings += count;
          looked.push({ account, isWarned: count > 0 });
        } catch (fault) {
          logFault("keys", fault);
          done.failed += 1;
        }
      }),
    );
  }
  await operators.goRound(names.length === ACCOUNTS ? (names.at(-1) ?? "") : "", looked);
  return done;
}

/**
 * @param {Env} env
 * @param {Configuration} config
 * @param {string} account
 * @param {number | undefined} skew seconds
 * @param {number} now milliseconds
 * @returns {Promise<number>} warnings
 */
async function look(env, config, account, skew, now) {
  const object = await accountObject(env, config, account);
  const held = await loadAccount(env, config, account, { now, fresh: true }).catch((fault) => {
    if (asRefusal(fault).code === "account_unknown") return undefined;
    throw fault;
  });
  // An account without a document, or one that is to end.
  if (!held) return (await object.warn([], now)).length;
  const leeway = Number(held.document.secureToken?.leewaySeconds ?? 0);
  const refused = await object.refusalList(now, 1, { code: "iat_in_future", since: now - HOUR_MS });
  const ahead = Math.max(skew ?? 0, refused.length > 0 ? leeway + 1 : 0);
  // First, as the keys that it sees are among what is then found.
  const providers = await lookAtProviders(env, config, held, now);
  const facts = factsOf(await findOut(env, config, held, now), providers, now, ahead);
  const warned = /** @type {Warned[]} */ (await object.warn(watchKeys(facts), now));
  const owed = held.document.webhook?.warnings ? warned.filter(({ told }) => !told).slice(0, MESSAGES) : [];
  for (const warning of owed) if (await deliverWarning(config, held, warning, shownWarning(warning), now)) await object.toldWarning(warning);
  return warned.length;
}

/**
 * How far the clock of each account's tokens was ahead of ours in the last hour.
 * @param {Env} env
 * @param {Configuration} config
 * @param {number} now milliseconds
 * @returns {Promise<Map<string, number>>}
 */
async function clocksAhead(env, config, now) {
  const { levels } = await readMetrics(env, config, now);
  return new Map(
    levels.flatMap(({ key, at, high }) => {
      const [name, account] = JSON.parse(key);
      return name === "skew" && at > now - HOUR_MS ? [[account, high]] : [];
    }),
  );
}
