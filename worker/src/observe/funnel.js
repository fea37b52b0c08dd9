// How far people come in a campaign. An isolate counts for half a second and then tells the account's object, so that
// a crowd costs a call or two and nobody waits for it. Of previews only their end is counted, apart.

import { accountObject } from "../accounts/held.js";
import { logFault } from "../platform/log.js";

/** @import { Context } from "../types.d.ts" */
/** @import { Tally } from "../objects/tallies.js" */

/** In the order in which people come by. */
export const FUNNEL = ["opened", "questions", "login", "returned", "admitted", "form", "submitted"];
/** The steps that only the page knows of, by the names of the funnel. @type {Record<string, string>} */
export const OF_PAGE = { questions: "questions", identityset: "form" };
/** The steps at which somebody can leave; at the others there is nothing left to send. @type {Record<string, string>} */
export const LEFT_AT = { intro: "intro", ...OF_PAGE };
/** Apart from the funnel: a preview that was played to its end. */
export const PREVIEWED = "previewed";

const WAIT_MS = 500;
/** An isolate that has not told by then never will: its request was cut off. */
const LOST_MS = 5000;

/** @type {Map<string, number>} */
const waiting = new Map();
let since = 0;

/**
 * @param {Context} context
 * @param {string} account
 * @param {string} campaignId
 * @param {string} step one of the funnel, or the end of a preview
 */
export function count(context, account, campaignId, step) {
  const key = JSON.stringify([account, campaignId, step]);
  waiting.set(key, (waiting.get(key) ?? 0) + 1);
  if (context.now - since < LOST_MS) return;
  since = context.now;
  context.waitUntil(tell(context));
}

/** @param {Context} context */
async function tell({ env, config }) {
  await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
  since = 0;
  /** @type {Map<string, Tally[]>} */
  const tallies = new Map();
  for (const [key, n] of waiting) {
    const [account, campaignId, name] = JSON.parse(key);
    tallies.set(account, [...(tallies.get(account) ?? []), { campaignId, kind: "step", name, n }]);
  }
  waiting.clear();
  for (const [account, list] of tallies) {
    try {
      await (await accountObject(env, config, account)).tally(list, Date.now());
    } catch (fault) {
      logFault("funnel", fault);
    }
  }
}
