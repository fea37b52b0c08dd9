// GET /oauth/start: seals the state, sets one flow cookie and sends the browser to the login page. Where there is
// trouble with the identity provider, the browser goes back to the campaign, which says so with every answer kept.

import { campaignOf, loadAccount } from "../accounts/held.js";
import { redirect } from "../http/answers.js";
import { random, toBase64url } from "../platform/bytes.js";
import { dropCookie, flowCookie, flowHash, flowName, staleFlows } from "../http/cookies.js";
import { count } from "../observe/funnel.js";
import { oauth } from "../platform/handstamp.js";
import { Refusal, asRefusal } from "../http/problem.js";
import { reporting } from "../observe/reports.js";
import { follow } from "../sign_in/follow.js";
import { leadBack } from "../sign_in/way_back.js";

/** @import { Configuration } from "../platform/configuration.js" */
/** @import { StartQuery } from "../schemas/campaign.js" */
/** @import { Asked, Cause, LoginRecord } from "../types.d.ts" */

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
  "response_failed",
  "response_redirected",
  "response_timeout",
  "response_too_large",
  "secret_unknown",
]);

/**
 * The redirect URI of all accounts: from our own settings, never from a request's host. An account that has its
 * own gets its name behind this one, by the core.
 * @param {Configuration} config
 */
export function sharedRedirectUri(config) {
  return `${config.publicUrl}/oauth/callback`;
}

/** @param {Asked<undefined, typeof StartQuery>} context */
export async function start(context) {
  const { config, env, now, query, request } = context;
  requireNavigation(request);
  const { account, campaignId, step = "identityset", bind, return: back, lang, prompt } = query;
  const held = await loadAccount(env, config, account, { now });
  campaignOf(held, campaignId, "oauth");
  context.facts.version = held.version;
  return reporting(context, { account, campaignId, stage: "start" }, async () => {
    const referer = request.headers.get("referer");
    const input = {
      account: held.document,
      secrets: held.secrets,
      campaignId,
      step,
      ring: config.ring,
      now,
      webCrypto: /** @type {const} */ (true),
      redirectUri: sharedRedirectUri(config),
      ...(bind && { bind }),
      ...(back && { return: back }),
      ...(referer && { referer }),
      ...(lang && { lang }),
      ...(prompt && { prompt }),
    };
    const stale = staleFlows(request).map(dropCookie);
    try {
      count(context, account, campaignId, "login");
      const { location, cookie } = await follow(env, config, oauth.start(input), oauth.start, context.trace);
      return redirect(302, location, [...stale, flowCookie(cookie)]);
    } catch (fault) {
      const { code, detail } = asRefusal(fault);
      if (!OF_IDENTITY_PROVIDER.has(code)) throw fault;
      Object.assign(context.facts, { outcome: "error", code });
      const page = oauth.returnPage(input);
      const { record, cookies } = await failed({ account, campaignId, step, ...(lang && { lang }) }, page?.bind ?? undefined, {
        code,
        ...detail,
      });
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
  const cookie = flowCookie({ name: flowName(sid), value, maxAge: 120 });
  return { record: { ...record, flow: await flowHash(value) }, cookies: [cookie] };
}

/**
 * A login is begun by a person who goes somewhere, not by a frame, an image, a script or a prefetch. Browsers
 * say what they fetch for; a client that does not is taken at its word, as it has no cookies to abuse.
 * @param {Request} request
 */
function requireNavigation(request) {
  const dest = request.headers.get("sec-fetch-dest");
  const purpose = request.headers.get("sec-purpose") ?? request.headers.get("purpose") ?? "";
  if ((dest && dest !== "document") || purpose.includes("prefetch")) {
    throw new Refusal("query_invalid", { expected: "a top-level navigation" }, { status: 403 });
  }
}
