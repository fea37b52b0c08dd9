// How far people come in a campaign. An isolate counts for half a second and then tells the account's object, so that
// a crowd costs a call or two and nobody waits for it. Of previews only their end is counted, apart.

import { accountObject } from "../accounts/held.js";
import { logFault } from "../platform/log.js";

/** @import { Campaign, Context } from "../types.d.ts" */
/** @import { Counted, Tally } from "../objects/account/seen/tallies.js" */

/** @typedef {"token" | "oauth" | "anonymous"} Technique */

/** The steps that are counted for every campaign. */
export const FUNNEL = ["opened", "questions", "login", "returned", "admitted", "form", "submitted"];
/** The steps in the order in which people come by, which depends on how they sign in. @type {Record<Technique, string[]>} */
const WAYS = {
  token: ["opened", "admitted", "questions", "answered", "form", "submitted"],
  oauth: ["opened", "questions", "answered", "login", "returned", "admitted", "form", "submitted"],
  anonymous: ["opened", "questions", "answered", "form", "submitted"],
};
/** The steps that are reached before it is known how somebody signs in. */
const BEFORE = ["opened", "questions", "answered"];
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
 * @param {Technique} [technique] by which the person has signed in, where that is known
 */
export function count(context, account, campaignId, step, technique) {
  const key = JSON.stringify([account, campaignId, technique ? `${step}.${technique}` : step]);
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

/** The step that a count is of, without the technique. @param {string} name */
export const stepOf = (name) => name.split(".")[0];

/**
 * The steps of a campaign in their order, with how often each was reached. Where it has several ways to sign in, the steps
 * before it is known which one somebody takes come first, then each way.
 * @param {Campaign} campaign
 * @param {Counted[]} tallied
 * @returns {{ technique: Technique | null, steps: { step: string, n: number }[] }[]}
 */
export function funnelsOf({ signIn, questions = [] }, tallied) {
  /** @type {Map<string, number>} */
  const total = new Map();
  for (const { kind, name, n } of tallied) if (kind === "step") total.set(name, (total.get(name) ?? 0) + n);
  const asked = (/** @type {string} */ step) => questions.length > 0 || !["questions", "answered"].includes(step);
  const of = (/** @type {string} */ step, /** @type {string} */ technique) => total.get(technique ? `${step}.${technique}` : step) ?? 0;
  if (signIn.length === 1) {
    const all = ["", ...Object.keys(WAYS)];
    return signIn.map((technique) => ({ technique, steps: WAYS[technique].filter(asked).map((step) => ({ step, n: all.reduce((sum, each) => sum + of(step, each), 0) })) }));
  }
  // Counts from before there was one for each way have their place here, too.
  const head = WAYS.oauth.filter((step) => (BEFORE.includes(step) ? asked(step) : of(step, "") > 0)).map((step) => ({ step, n: of(step, "") }));
  const ways = signIn.map((technique) => {
    const own = WAYS[technique].filter((step) => step !== "opened" && asked(step)).map((step) => ({ step, n: of(step, technique) }));
    // Whoever signs in on the way comes by the questions before.
    return { technique, steps: own.filter(({ step, n }) => n > 0 || !BEFORE.includes(step)) };
  });
  return [{ technique: null, steps: head }, ...ways];
}
