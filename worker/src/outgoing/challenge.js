// The check that a visitor of an open campaign is a person: Cloudflare Turnstile, whose widget the campaign page shows and
// whose answer is checked here, at `siteverify`, with the account's secret. The visitor's IP address is not sent.

import { isObject } from "../http/body.js";
import { sha256, toHex } from "../platform/bytes.js";
import { perform } from "./fetcher.js";
import { Share } from "./share.js";

/** @import { Configuration } from "../platform/configuration.js" */
/** @import { Trace } from "../platform/trace.js" */
/** @import { Cause } from "../types.d.ts" */

/** No answer of a widget is longer. */
const ANSWER_CHARACTERS = 2048;
/** Error codes of `siteverify` that say something of the visitor; all others are about our request. */
const OF_THE_VISITOR = ["missing-input-response", "invalid-input-response", "timeout-or-duplicate"];

/**
 * Checks the answer of a widget.
 * @param {Configuration} config
 * @param {{ account: string, answer: unknown, secret: string | undefined, key: string, trace: Trace }} asked key: of the submission with its
 *   pass, so that a retry may bring the same answer, and nothing else may
 * @returns {Promise<Cause | null>} why the visitor is not taken for a person, if so
 */
export async function challengeFault(config, { account, answer, secret, key, trace }) {
  if (typeof answer !== "string" || answer === "") return { code: "challenge_missing" };
  if (answer.length > ANSWER_CHARACTERS) return { code: "challenge_failed" };
  if (secret === undefined) return { code: "challenge_unavailable", got: "no secret" };
  const body = new URLSearchParams({ secret, response: answer, idempotency_key: await uuidOf(key) }).toString();
  const headers = { "content-type": "application/x-www-form-urlencoded", accept: "application/json" };
  const url = `${config.challengeUrl}/turnstile/v0/siteverify`;
  const share = new Share("challenge", account);
  const told = await perform({ method: "POST", url, headers, body }, config, { share, trace }).finally(() => share.close());
  const verdict = "failed" in told && told.failed ? undefined : verdictOf(String("body" in told && told.body));
  if (verdict?.success === true) return null;
  const errors = Array.isArray(verdict?.["error-codes"]) ? verdict["error-codes"] : [];
  const isVisitors = verdict?.success === false && errors.every((error) => OF_THE_VISITOR.includes(String(error)));
  return { code: isVisitors ? "challenge_failed" : "challenge_unavailable" };
}

/** @param {string} body @returns {Record<string, unknown> | undefined} */
function verdictOf(body) {
  try {
    const verdict = JSON.parse(body);
    return isObject(verdict) ? verdict : undefined;
  } catch {
    return undefined;
  }
}

/** A UUID that is the same for the same key. @param {string} key */
async function uuidOf(key) {
  const hex = toHex((await sha256(`challenge ${key}`)).slice(0, 16));
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20)].join("-");
}
