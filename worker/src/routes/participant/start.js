// GET /oauth/start: seals the state, sets one flow cookie and sends the browser to the login page. Where there is
// trouble with the identity provider, the browser goes back to the campaign, which says so with every answer kept.

import { campaignOf, loadAccount } from "../../accounts/held.js";
import { redirect } from "../../http/answers.js";
import { random, toBase64url } from "../../platform/bytes.js";
import { dropCookie, flowCookie, flowHash, flowName, staleFlows } from "../../http/cookies.js";
import { count } from "../../observe/funnel.js";
import { bounds, oauth } from "../../platform/handstamp.js";
import { requireNavigation } from "../../http/navigation.js";
import { asRefusal } from "../../http/problem.js";
import { reporting } from "../../observe/reports.js";
import { follow } from "../../sign_in/follow.js";
import { deliver } from "../../sign_in/logins.js";
import { sharedRedirectUri } from "../../sign_in/redirects.js";
import { leadBack } from "../../sign_in/way_back.js";

/** @import { StartQuery } from "../../schemas/campaign.js" */
/** @import { Held } from "../../accounts/held.js" */
/** @import { StartInput } from "../../../../pkg/dist/oauth.js" */
/** @import { Asked, Cause, Context, LoginRecord } from "../../types.d.ts" */

/** Faults of the identity provider or of the settings: the browser goes back to the campaign. */
const OF_IDENTITY_PROVIDER = new Set([
  "address_refused",
  "discovery_failed",
  "discovery_invalid",
  "discovery_issuer_mismatch",
  "key_invalid",
  "key_rsa_exponent",
  "key_rsa_size",
  "key_use",
  "key_wrong_type",
  "mixup_refused",
  "needs_webcrypto",
  "par_failed",
  "par_invalid",
  "par_refused",
  "response_encoding",
  "response_failed",
  "response_redirected",
  "response_timeout",
  "response_too_large",
  "secret_unknown",
]);

/** @param {Asked<undefined, typeof StartQuery>} context */
export async function start(context) {
  const { config, env, now, query, request } = context;
  requireNavigation(request);
  const { account, preview, ...asked } = query;
  const held = await loadAccount(env, config, account, { now });
  campaignOf(held, asked.campaignId, "oauth");
  context.facts.version = held.version;
  const referer = request.headers.get("referer");
  return begin(context, held, { ...asked, ...(referer && { referer }), ...(preview && { preview: true }) });
}

/**
 * Begins a sign-in, or goes back to the campaign where the identity provider cannot be used.
 * @param {Context} context
 * @param {Held} held
 * @param {Pick<StartInput, "campaignId" | "step" | "lang" | "prompt" | "bind" | "return" | "referer" | "preview" | "page">} asked
 */
export function begin(context, held, { step = "identityset", ...asked }) {
  const { config, env, now, request } = context;
  const { campaignId, lang } = asked;
  return reporting(context, { account: held.name, campaignId, stage: "start" }, async () => {
    const redirectUri = sharedRedirectUri(config);
    const input = { ...asked, step, account: held.document, secrets: held.secrets, ring: config.ring, now, webCrypto: /** @type {const} */ (true), redirectUri };
    const stale = staleFlows(request).map(dropCookie);
    const page = asked.page ?? oauth.returnPage(input);
    try {
      if (!page?.preview) count(context, held.name, campaignId, "login", "oauth");
      const { location, cookie } = await follow(env, config, oauth.start(input), oauth.start, context.trace);
      return redirect(302, location, [...stale, flowCookie(cookie, { account: held.name, campaignId })]);
    } catch (fault) {
      const { code, detail } = asRefusal(fault);
      if (!OF_IDENTITY_PROVIDER.has(code)) throw fault;
      Object.assign(context.facts, { outcome: "error", code });
      const where = { account: held.name, campaignId, step, ...(lang && { lang }) };
      const { record, cookies } = await failed(where, page?.bind ?? undefined, { code, ...detail });
      await deliver(context, record);
      return leadBack(context, held.document, record, page?.return, [...stale, ...cookies]);
    }
  });
}

/**
 * A login that failed before it began. Without a bind it is held by a flow cookie, like any other.
 * @param {Pick<LoginRecord, "account" | "campaignId" | "step" | "lang">} where
 * @param {string | undefined} bind
 * @param {Cause} cause
 * @returns {Promise<{ record: LoginRecord, cookies: string[] }>}
 */
async function failed(where, bind, cause) {
  const sid = toBase64url(random(12));
  const record = { outcome: /** @type {const} */ ("error"), ...where, sid, cause };
  if (bind) return { record: { ...record, bind }, cookies: [] };
  const value = `${sid}.${toBase64url(random(32))}`;
  const cookie = flowCookie({ name: flowName(sid), value, maxAge: bounds.ANSWER_SECONDS }, where);
  return { record: { ...record, flow: await flowHash(value) }, cookies: [cookie] };
}
