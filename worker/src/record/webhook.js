// The webhook: a participation, or a warning about keys, as a signed POST of JSON, in the form of Standard Webhooks 1.0, for which receivers find
// libraries in every language. The signature is HMAC-SHA-256 over id, time and body.

import { loadAccount } from "../accounts/held.js";
import { timeOf } from "../http/answers.js";
import { fromBase64url, hmacSha256, sha256, toBase64, toBase64url } from "../platform/bytes.js";
import { perform } from "../outgoing/fetcher.js";
import { Share } from "../outgoing/share.js";
import { logFault } from "../platform/log.js";
import { secretFor } from "../accounts/secrets.js";

/** @import { Held } from "../accounts/held.js" */
/** @import { Configuration } from "../platform/configuration.js" */
/** @import { Env, Submission } from "../types.d.ts" */

/**
 * Sends one participation.
 * @param {Env} env
 * @param {Configuration} config
 * @param {Submission} submission
 * @param {number} now milliseconds
 * @param {string} [receipt]
 * @returns {Promise<{ outcome: "done" | "again" | "refused", got: string }>} refused: the receiver wants no more of it
 */
export async function deliver(env, config, submission, now, receipt) {
  try {
    const held = await loadAccount(env, config, submission.account, { now });
    return await send(config, held, { id: submission.id, body: JSON.stringify(message(submission, receipt)) }, now);
  } catch (fault) {
    logFault("webhook", fault);
    return { outcome: "again", got: "a fault on our side" };
  }
}

/**
 * Sends one warning about keys.
 * @param {Configuration} config
 * @param {Held} held
 * @param {{ code: string, at: string, since: number }} warning since: milliseconds
 * @param {object} shown the warning as the API shows it
 * @param {number} now milliseconds
 * @returns {Promise<boolean>} whether nothing more is owed
 */
export async function deliverWarning(config, held, { code, at, since }, shown, now) {
  // The same for every attempt, as for a participation.
  const id = toBase64url(await sha256(JSON.stringify([held.name, code, at, since])));
  const body = JSON.stringify({ type: "keys.warning", timestamp: timeOf(since), data: { account: held.name, ...shown } });
  const { outcome } = await send(config, held, { id, body }, now);
  return outcome !== "again";
}

/**
 * @param {Configuration} config
 * @param {Held} held
 * @param {{ id: string, body: string }} message
 * @param {number} now milliseconds
 * @returns {ReturnType<typeof deliver>}
 */
async function send(config, { document: { webhook }, name, secrets }, { id, body }, now) {
  // The account has taken its webhook away; nothing waits for one that may never come.
  if (!webhook) return { outcome: "done", got: "no webhook" };
  const secret = secretFor(secrets, webhook.secret.secret, "webhook");
  if (secret === undefined) return { outcome: "again", got: "the secret is not there" };
  const authorization = webhook.authorization && secretFor(secrets, webhook.authorization.secret, "webhook");
  const headers = {
    "content-type": "application/json",
    ...(await signed(secret, id, Math.floor(now / 1000), body)),
    ...(authorization && { authorization }),
  };
  const share = new Share("webhook", name);
  const answer = await perform({ method: "POST", url: webhook.url, headers, body }, config, { share }).finally(() => share.close());
  if ("failed" in answer && answer.failed) return { outcome: "again", got: answer.failed };
  const status = Number("status" in answer && answer.status);
  if (status >= 200 && status < 300) return { outcome: "done", got: `status ${status}` };
  return { outcome: status === 410 ? "refused" : "again", got: `status ${status}` };
}

/** @param {Submission} submission @param {string} [receipt] */
function message({ id, at, until: _until, ...recorded }, receipt) {
  const data = { participationId: id, ...recorded, ...(receipt && { receipt }) };
  return { type: "participation.recorded", timestamp: timeOf(at), data };
}

/**
 * @param {string} secret `whsec_` and base64, or any text
 * @param {string} id the same for every attempt, so that a receiver knows a repetition
 * @param {number} at seconds
 * @param {string} body
 */
async function signed(secret, id, at, body) {
  const encoded = /^whsec_([A-Za-z0-9+/]+)=*$/.exec(secret)?.[1];
  const bytes = encoded && fromBase64url(encoded.replaceAll("+", "-").replaceAll("/", "_"));
  const material = bytes || new TextEncoder().encode(secret);
  const signature = toBase64(await hmacSha256(material, `${id}.${at}.${body}`));
  return { "webhook-id": id, "webhook-timestamp": String(at), "webhook-signature": `v1,${signature}` };
}
