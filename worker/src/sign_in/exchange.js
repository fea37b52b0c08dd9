// From a code to an admission and a pass: run once, inside the login's object.

import { campaignOf, loadAccount } from "../accounts/held.js";
import { configuration } from "../platform/configuration.js";
import { oauth } from "../platform/handstamp.js";
import { judge, namespaceOf, passFor } from "./participants.js";
import { owe } from "./profile.js";
import { Refusal, asRefusal } from "../http/problem.js";
import { follow } from "./follow.js";

/** @import { Trace } from "../platform/trace.js" */
/** @import { Admission, Cause, Env, LoginRecord } from "../types.d.ts" */

/**
 * What the log says of a login: how its ID token was signed, how old the keys were (seconds), and by how much the login
 * server's clock was ahead when it signed, less the way.
 * @typedef {{ alg?: string, kid?: string, jwksAge?: number, skew?: number }} Signed
 */

/**
 * @param {Env} env
 * @param {LoginRecord} record
 * @param {number} now milliseconds
 * @param {Trace} [trace]
 * @returns {Promise<({ admission: Admission, pass: string | null, profile?: true, preview?: true } | { refused: Cause }) & { signed: Signed }>} profile: it is asked for at the form step
 */
export async function exchange(env, record, now, trace) {
  /** @type {Signed} */
  const signed = {};
  try {
    return { ...(await run(env, record, now, signed, trace)), signed };
  } catch (fault) {
    const { code, detail } = asRefusal(fault);
    return { refused: { code, ...detail }, signed };
  }
}

/**
 * @param {Env} env
 * @param {LoginRecord} record
 * @param {number} now
 * @param {Signed} signed learns how the identity provider signs
 * @param {Trace} [trace]
 */
async function run(env, record, now, signed, trace) {
  const config = configuration(env);
  const held = await loadAccount(env, config, record.account, { now, fresh: true });
  const campaign = campaignOf(held, record.campaignId, "oauth");
  const { campaignId, sid } = record;
  if (!record.exchange) throw new Refusal("login_again");
  const host = { now, webCrypto: /** @type {const} */ (true) };
  // The sign-in stands on what the ID token says; the customer's API is asked when the participant reaches the form.
  const input = { account: held.document, secrets: held.secrets, campaignId, sid, deferProfile: true, ...host, ...record.exchange };
  const seconds = Math.floor(now / 1000);
  /** @param {import("./follow.js").Fetched} one */
  const seen = ({ request, fetchedAt }) => {
    if (request.purpose === "keySet" && fetchedAt > 0) signed.jwksAge = Math.max(0, seconds - fetchedAt);
  };
  const done = await follow(env, config, oauth.redeem(input), oauth.redeem, trace, { seen });
  const { issuedAt, ...key } = done.signature ?? {};
  Object.assign(signed, key, issuedAt !== undefined && { skew: issuedAt - seconds });
  const namespace = namespaceOf(held.document, done.namespace);
  const person = { account: record.account, campaign: campaignId, namespace, subject: done.subject };
  const provenance = { namespace, pid: done.pid };
  const technique = /** @type {const} */ ("oauth");
  const owed = await owe({ config, env, now }, held, campaign, { ...done.admission, ...done.owed, provenance }, technique);
  const origin = { technique, provenance, preview: record.preview, owed };
  const admission = await judge(env, config, campaign, person, done.admission, origin, now);
  const pass = passFor(config, campaign, person, admission, origin, now);
  const yes = /** @type {const} */ (true);
  return { admission, pass, ...(pass && owed && { profile: yes }), ...(record.preview && { preview: yes }) };
}
