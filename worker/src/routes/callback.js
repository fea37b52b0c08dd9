// GET /oauth/callback: what the login page sends back. The code goes into an object under a fresh ticket and
// the browser goes back to the campaign with that ticket in the fragment; the code itself never travels
// further. An error, a cancel or a state that has grown old leads back in the same way.

import { loadAccount } from "../accounts/held.js";
import { random, toBase64url } from "../platform/bytes.js";
import { dropCookie, flowHash, flowName, flows } from "../http/cookies.js";
import { count } from "../observe/funnel.js";
import { oauth } from "../platform/handstamp.js";
import { objectName } from "../platform/names.js";
import { objectNamed } from "../platform/objects.js";
import { Refusal } from "../http/problem.js";
import { reporting } from "../observe/reports.js";
import { leadBack } from "../sign_in/way_back.js";
import { sharedRedirectUri } from "./start.js";

/** @import { Context, Handler, LoginRecord, Returned } from "../types.d.ts" */

const QUERY_CHARACTERS = 8192;

/** Finds the account whose sign-in comes back. @param {Context} context */
export function accountOfState({ config, url }) {
  return url.search.length > QUERY_CHARACTERS ? undefined : oauth.peekState(config.ring, url.search).account;
}

/** @type {Handler} */
export async function callback(context) {
  const { config, env, now, params, request, url } = context;
  const query = url.search;
  if (query.length > QUERY_CHARACTERS)
    throw new Refusal("state_invalid", { at: "query", expected: `at most ${QUERY_CHARACTERS} characters` });
  const { account } = oauth.peekState(config.ring, query);
  const held = await loadAccount(env, config, account, { now });
  Object.assign(context.facts, { account, version: held.version });
  const read = await reporting(context, { account, campaignId: "", stage: "callback" }, async () => {
    const input = {
      query,
      cookies: request.headers.get("cookie") ?? "",
      ring: config.ring,
      now,
      account: held.document,
    };
    const address = { redirectUri: sharedRedirectUri(config), ...(params.account && { pathAccount: params.account }) };
    return oauth.callback({ ...input, ...address }).done;
  });
  const done = await once(context, read);
  // A code that came is nobody's business; why none came is what the line says.
  const { campaignId, outcome } = done;
  Object.assign(context.facts, { campaignId, outcome, ...(outcome !== "code" && { code: done.code }) });

  if (done.outcome === "code") count(context, account, done.campaignId, "returned");
  const record = await loginRecord(context, done);
  // A flow without a bind is redeemed by its cookie, so that one stays until then.
  const spent = record.bind ? [dropCookie(done.clearCookie)] : [];
  return leadBack(context, held.document, record, done.return, spent);
}

/**
 * Keeps a code of the shared callback to the sign-in that brought it first. All accounts answer there: an account with an
 * identity provider of its own could have a person sign in at another customer's, be sent that code as its own, and
 * bring it once more with a sign-in that it began there itself (RFC 9700 section 4.5).
 * @param {Context} context
 * @param {Returned} done
 * @returns {Promise<Returned>}
 */
async function once({ config, env, now, params }, done) {
  if (done.outcome !== "code" || params.account) return done;
  const holder = objectNamed(config, env.LOGIN, await objectName(config, "code", spelled(done.code)));
  if (await holder.claimCode(done.sid, now)) return done;
  const { verifier: _verifier, nonce: _nonce, redirectUri: _uri, authenticatedAfter: _after, ...rest } = done;
  return { ...rest, outcome: "error", code: "code_elsewhere" };
}

/**
 * A code without what an identity provider may read over: capitals, padding, blanks and other signs.
 * @param {string} code
 */
const spelled = (code) => code.toLowerCase().replace(/[^a-z0-9]/g, "") || code;

/**
 * What the ticket stands for.
 * @param {Context} context
 * @param {Returned} done
 * @returns {Promise<LoginRecord>}
 */
async function loginRecord(context, done) {
  const { account, campaignId, sid, step, lang, bind } = done;
  const own = { account, campaignId, sid, step, ...(lang && { lang }) };
  const holder = bind ? { bind } : { flow: await flowOf(context.request, sid) };
  if (done.outcome !== "code") {
    const { outcome, code, at, expected, got } = done;
    return {
      outcome,
      ...own,
      ...holder,
      cause: { code, ...(at && { at }), ...(expected && { expected }), ...(got && { got }) },
    };
  }
  const { outcome, code, verifier, nonce, redirectUri, authenticatedAfter } = done;
  return {
    outcome,
    ...own,
    ...holder,
    exchange: {
      code,
      verifier,
      nonce,
      redirectUri: redirectUri ?? sharedRedirectUri(context.config),
      ...(authenticatedAfter !== undefined && { authenticatedAfter }),
    },
  };
}

/**
 * The hash of this flow's cookie; of nothing when there is none, which no caller can match.
 * @param {Request} request
 * @param {string} sid
 */
async function flowOf(request, sid) {
  const own = flows(request).find(([name, value]) => name === flowName(sid) && value.startsWith(`${sid}.`));
  return flowHash(own ? own[1] : toBase64url(random(32)));
}
