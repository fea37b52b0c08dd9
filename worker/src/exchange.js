// From a code to an admission and a pass: run once, inside the login's object.

import { campaignOf, loadAccount } from "./accounts.js";
import { configuration } from "./configuration.js";
import { oauth } from "./handstamp.js";
import { judge, namespaceOf, passFor } from "./participants.js";
import { Refusal, asRefusal } from "./problem.js";
import { follow } from "./steps.js";

/** @import { Trace } from "./trace.js" */
/** @import { Admission, Cause, Env, LoginRecord } from "./types.d.ts" */

/**
 * @param {Env} env
 * @param {LoginRecord} record
 * @param {number} now milliseconds
 * @param {Trace} [trace]
 * @returns {Promise<{ admission: Admission, pass: string | null } | { refused: Cause }>}
 */
export async function exchange(env, record, now, trace) {
  try {
    return await run(env, record, now, trace);
  } catch (fault) {
    const { code, detail } = asRefusal(fault);
    return { refused: { code, ...detail } };
  }
}

/**
 * @param {Env} env
 * @param {LoginRecord} record
 * @param {number} now
 * @param {Trace} [trace]
 */
async function run(env, record, now, trace) {
  const config = configuration(env);
  const held = await loadAccount(env, config, record.account, { now, fresh: true });
  const campaign = campaignOf(held, record.campaignId, "oauth");
  const { campaignId, sid } = record;
  if (!record.exchange) throw new Refusal("login_again");
  const host = { now, webCrypto: /** @type {const} */ (true) };
  const input = { account: held.document, secrets: held.secrets, campaignId, sid, ...host, ...record.exchange };
  const done = await follow(env, config, oauth.redeem(input), oauth.redeem, trace);
  const namespace = namespaceOf(held.document, done.namespace);
  const person = { account: record.account, campaign: campaignId, namespace, subject: done.subject };
  const admission = await judge(env, config, campaign, person, done.admission);
  const pass = passFor(config, campaign, person, admission, { technique: "oauth", pid: done.pid }, now);
  return { admission, pass };
}
