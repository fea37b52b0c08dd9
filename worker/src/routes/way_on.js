// The refusal of a page: where the person goes on, and who can look the number up. It is the campaign that the page was about,
// else the account's own site, else the site that the person came from; the account, else the operators.

import { OPERATORS } from "../accounts/access.js";
import { loadAccount } from "../accounts/held.js";
import { campaignAsked } from "../http/asked.js";
import { readStrayForm } from "../http/body.js";
import { campaignsUnderWay } from "../http/cookies.js";
import { ofCaller } from "../http/limits.js";
import { Refusal, asRefusal, entry } from "../http/problem.js";
import { report } from "../observe/reports.js";
import { oauth } from "../platform/handstamp.js";
import { pageOf } from "../sign_in/way_back.js";

/** @import { Place } from "../sign_in/way_back.js" */
/** @import { Context, Route, WayOn } from "../types.d.ts" */

/** What a person can do nothing about, nor anybody else: it is told without a number. */
const UNNUMBERED = new Set(["not_found", "rate_limited", "misconfigured"]);
/** Steps of a sign-in, which a report names. */
const STAGES = /** @type {const} */ (["start", "callback"]);

/**
 * A refusal as a page may tell it: with a way on, and reported.
 * @param {Context} context
 * @param {unknown} fault
 * @param {Route} [route]
 */
export async function asPage(context, fault, route) {
  const refusal = asRefusal(fault);
  const { code, detail, answer } = refusal;
  if (answer.wayOn || answer.unseen || !(await mayLook(context, code))) return refusal;
  const { account, campaignId = "", wayOn } = await about(context);
  const stage = STAGES.find((name) => name === route?.line[1]) ?? "page";
  const isOurs = entry(code).status >= 500 && entry(code).fix === "service";
  /** @type {import("../observe/reports.js").About} */
  const who = { account: account !== undefined && !isOurs ? account : OPERATORS, campaignId: isOurs ? "" : campaignId, stage, ref: answer.ref };
  const isKept = UNNUMBERED.has(code) || (answer.ref && !isOurs);
  const ref = isKept ? answer.ref : await report(context, who, { code, ...detail });
  return new Refusal(code, detail, { ...answer, ...(ref && { ref }), ...(wayOn && { wayOn }) });
}

/**
 * Says whether anything may be looked up for a page. Pages that do not exist have no limit of their own, and anybody can name
 * a new account in each request.
 * @param {Context} context
 * @param {string} code
 */
async function mayLook(context, code) {
  if (code === "rate_limited") return false;
  return ofCaller(context, "page").then(() => true, () => false);
}

/**
 * Finds what a page is about: by the state that came with it, its path, its query, or the sign-in that is under way.
 * @param {Context} context
 * @returns {Promise<{ account?: string, campaignId?: string, wayOn?: WayOn }>}
 */
async function about(context) {
  const { config, env, now, params, request, url } = context;
  /** @type {{ account?: string | null, campaignId?: string | null, step?: string, return?: Place }[]} */
  const known = [(await placeOf(context)) ?? {}, params, campaignAsked(url), ...campaignsUnderWay(request)];
  for (const { account, campaignId, step = "", return: place, ...rest } of known) {
    const held = account && (await loadAccount(env, config, account, { now }).catch(() => undefined));
    if (!held) continue;
    const { document, name } = held;
    const isCampaign = typeof campaignId === "string" && Object.hasOwn(document.campaigns, campaignId);
    if (!isCampaign) return { account: name, ...siteOf(document.origins[0] ?? request.headers.get("referer"), config.publicUrl) };
    return { account: name, campaignId, wayOn: { url: pageOf(config, document, { ...rest, account: name, campaignId, step }, place), to: "campaign" } };
  }
  return siteOf(request.headers.get("referer"), config.publicUrl);
}

/**
 * The way on to the site of a page, unless that is our own; an account may have no site.
 * @param {string | null} page
 * @param {string} publicUrl
 * @returns {{ wayOn?: WayOn }}
 */
function siteOf(page, publicUrl) {
  const { origin, protocol } = URL.parse(page ?? "") ?? { origin: "", protocol: "" };
  return /^https?:$/.test(protocol) && origin !== publicUrl ? { wayOn: { url: origin, to: "site" } } : {};
}

/**
 * The place that a state leads back to, wherever the login page put it.
 * @param {Context} context
 */
async function placeOf({ config, request, url }) {
  try {
    return oauth.peekPlace(config.ring, (await readStrayForm(request)) ?? url.search);
  } catch {
    return undefined;
  }
}
