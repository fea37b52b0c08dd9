// GET /oauth/callback: what the login page sends back. The code goes into the object of its sign-in and the browser goes
// back to the campaign with a ticket in the fragment; the code itself never travels further. An error, a cancel or a state
// that has grown old leads back in the same way. A delivery by any other browser than the one that began changes nothing.

import { loadAccount } from "../../accounts/held.js";
import { flowCookie, flowHash, flows } from "../../http/cookies.js";
import { requirePerson } from "../../http/navigation.js";
import { count } from "../../observe/funnel.js";
import { oauth } from "../../platform/handstamp.js";
import { Refusal } from "../../http/problem.js";
import { report, reporting } from "../../observe/reports.js";
import { deliver } from "../../sign_in/logins.js";
import { sharedRedirectUri } from "../../sign_in/redirects.js";
import { leadBack, pageOf } from "../../sign_in/way_back.js";
import { begin } from "./start.js";

/** @import { AccountDocument, Context, Handler, LoginRecord, Returned } from "../../types.d.ts" */

/** Finds the account whose sign-in comes back. @param {Context} context */
export const accountOfState = ({ config, url }) => oauth.peekState(config.ring, url.search).account;

/** @type {Handler} */
export async function callback(context) {
  const { config, env, now, params, request, url } = context;
  requirePerson(request);
  const query = url.search;
  const { account, campaignId } = oauth.peekPlace(config.ring, query);
  const held = await loadAccount(env, config, account, { now });
  Object.assign(context.facts, { account, campaignId, version: held.version });
  const done = await reporting(context, { account, campaignId, stage: "callback" }, async () => {
    const cookies = flows(request).map((cookie) => cookie.join("=")).join("; ");
    const input = { query, cookies, ring: config.ring, now, account: held.document };
    const path = { ...(params.account && { pathAccount: params.account }), ...(params.campaignId && { pathCampaign: params.campaignId }) };
    return oauth.callback({ ...input, ...path, redirectUri: sharedRedirectUri(config) }).done;
  });
  context.facts.outcome = done.outcome;
  if (!done.ownBrowser) throw await strayed(context, held.document, done);

  const record = await loginRecord(context, done);
  const delivered = await deliver(context, record);
  // A second code: the first was the sign-in's own, so this one needs a sign-in of its own, which begins at once.
  if (delivered === "other") {
    const { step, lang, prompt, bind, return: place, preview = false } = done;
    context.facts.outcome = "anew";
    const page = { bind, return: place, preview };
    return begin(context, held, { campaignId, step, page, ...(lang && { lang }), ...(prompt && { prompt }) });
  }
  if (delivered === "elsewhere") Object.assign(context.facts, { outcome: "error", code: "code_elsewhere" });
  // A code that came is nobody's business; why none came is what the line says.
  else if (done.outcome !== "code") context.facts.code = done.code;
  else if (delivered === "kept" && !record.preview) count(context, account, campaignId, "returned", "oauth");
  // An error leaves the cookie as it is: whoever cancels may go back and allow.
  const cookies = done.outcome === "code" && delivered !== "elsewhere" ? [flowCookie(done.keepCookie, done)] : [];
  return leadBack(context, held.document, record, done.return, cookies);
}

/**
 * The refusal of a delivery without the flow's cookie, with the way on to where the sign-in began.
 * @param {Context} context
 * @param {AccountDocument} document
 * @param {Returned} done
 */
async function strayed(context, document, done) {
  const { account, campaignId, return: place, code } = done;
  const ref = await report(context, { account, campaignId, stage: "callback" }, { code });
  return new Refusal(code, {}, { ref, wayOn: { url: pageOf(context.config, document, done, place), to: "campaign" } });
}

/**
 * What the ticket stands for.
 * @param {Context} context
 * @param {Returned} done of this browser's own sign-in
 * @returns {Promise<LoginRecord>}
 */
async function loginRecord(context, done) {
  const { account, campaignId, sid, step, lang, bind } = done;
  const [, cookie = ""] = flows(context.request).find(([name]) => name === done.clearCookie) ?? [];
  const holder = bind ? { bind } : { flow: await flowHash(cookie) };
  const own = { account, campaignId, sid, step, ...(lang && { lang }), ...(done.preview && { preview: true }), ...holder };
  if (done.outcome !== "code") {
    const { outcome, code, at, expected, got } = done;
    return { outcome, ...own, cause: { code, ...(at && { at }), ...(expected && { expected }), ...(got && { got }) } };
  }
  const { outcome, code, verifier, nonce, redirectUri = sharedRedirectUri(context.config), authenticatedAfter } = done;
  const exchange = { code, verifier, nonce, redirectUri, ...(authenticatedAfter !== undefined && { authenticatedAfter }) };
  return { outcome, ...own, exchange };
}
