// GET /oauth/start: seals the state, sets one flow cookie and sends the browser to the login page.

import { campaignOf, loadAccount } from "../accounts.js";
import { redirect } from "../answers.js";
import { queryMember } from "../body.js";
import { dropCookie, flowCookie, staleFlows } from "../cookies.js";
import { oauth } from "../handstamp.js";
import { ACCOUNT, CAMPAIGN, DIGEST, LANGUAGE, STEPS } from "../names.js";
import { Refusal } from "../problem.js";
import { reporting } from "../reports.js";
import { follow } from "../steps.js";

/** @import { Configuration } from "../configuration.js" */
/** @import { Handler } from "../types.d.ts" */

const STEP = new RegExp(`^(?:${STEPS.join("|")})$`);
const RETURN = /^\d{1,3}:?\/[\x21-\x7e]{0,255}$/;

/**
 * The redirect URI of all accounts: from our own settings, never from a request's host. An account that has its
 * own gets its name behind this one, by the core.
 * @param {Configuration} config
 */
export function sharedRedirectUri(config) {
  return `${config.publicUrl}/oauth/callback`;
}

/** @type {Handler} */
export async function start(context) {
  const { config, env, now, request, url } = context;
  requireNavigation(request);
  const account = queryMember(url, "account", ACCOUNT);
  const campaignId = queryMember(url, "campaignId", CAMPAIGN);
  if (!account || !campaignId) throw new Refusal("query_invalid", { expected: "account and campaignId" });
  const step = queryMember(url, "step", STEP) ?? "identityset";
  const bind = queryMember(url, "bind", DIGEST);
  const back = queryMember(url, "return", RETURN);
  const lang = queryMember(url, "lang", LANGUAGE);
  Object.assign(context.facts, { account, campaignId });

  const held = await loadAccount(env, config, account, { now });
  campaignOf(held, campaignId, "oauth");
  context.facts.version = held.version;
  return reporting(context, { account, campaignId, stage: "start" }, async () => {
    const input = {
      account: held.document,
      campaignId,
      step,
      ring: config.ring,
      now,
      redirectUri: sharedRedirectUri(config),
      ...(bind && { bind }),
      ...(back && { return: back }),
      ...(lang && { lang }),
    };
    const { location, cookie } = await follow(env, config, oauth.start(input), oauth.start);
    return redirect(302, location, [...staleFlows(request).map(dropCookie), flowCookie(cookie)]);
  });
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
