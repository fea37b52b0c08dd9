// The customer's IT administrator: a link for five minutes, good once, opens half an hour in which the connection to
// the identity provider can be looked at and tried out. Settings are shown, secrets are not, and nothing is changed.

import { changeOf, unauthorized } from "../../accounts/access.js";
import { accountObject, campaignOf, loadAccount } from "../../accounts/held.js";
import { json, timeOf } from "../../http/answers.js";
import { random, sha256, toBase64url } from "../../platform/bytes.js";
import { loginOfTicket } from "../../sign_in/logins.js";
import { finish, judgeIssuer, judgeUrl, registrations, tryOut } from "../../sign_in/connection.js";
import { flowCookie } from "../../http/cookies.js";
import { LINK_MS, SESSION_MS } from "../../objects/account/people/connections.js";
import { Refusal } from "../../http/problem.js";
import { accountOfPath } from "./accounts.js";

/** @import { IssuerRequest, KeySetRequest, LinkRequest, TrialLoginRequest, TrialRequest } from "../../schemas/connection.js" */
/** @import { Asked, Handler, LoginRecord } from "../../types.d.ts" */

/** @param {string} secret */
const hashOf = async (secret) => toBase64url(await sha256(secret));

/** POST /v1/accounts/{account}/connection-links @type {Handler} */
export async function createConnectionLink(context) {
  const { account, object } = await accountOfPath(context);
  const { config, env, now } = context;
  const held = await loadAccount(env, config, account, { now, fresh: true });
  if (registrations(config, held).length === 0) throw new Refusal("technique_off");
  const secret = toBase64url(random(32));
  await object.openConnection(await hashOf(secret), now, changeOf(context));
  const link = `${config.publicUrl}/connect/${account}#${secret}`;
  return json({ link, expiresAt: timeOf(now + LINK_MS) }, { status: 201 });
}

/** POST /v1/connections: the link's secret, from its fragment, for a session. @param {Asked<typeof LinkRequest>} context */
export async function openConnection(context) {
  const { config, env, now } = context;
  const { account, link } = context.body;
  const session = toBase64url(random(32));
  const object = await accountObject(env, config, account);
  if (!(await object.tradeConnection(await hashOf(link), await hashOf(session), now))) throw unauthorized(false);
  const held = await loadAccount(env, config, account, { now });
  const expiresAt = timeOf(now + SESSION_MS);
  const [register, ...others] = registrations(config, held);
  return json({ account, session, expiresAt, register, ...(others.length > 0 && { others }) });
}

/**
 * @param {Asked<typeof TrialRequest> | Asked<typeof TrialLoginRequest>} context
 * @returns {Promise<{ held: Awaited<ReturnType<typeof loadAccount>>, bind: string }>}
 */
async function inSession(context) {
  const { config, env, now, request } = context;
  const { account } = context.body;
  const session = /^Bearer +([A-Za-z0-9_-]{43})$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  const bind = session && (await hashOf(session));
  const object = await accountObject(env, config, account);
  if (!bind || !(await object.inConnection(bind, now))) throw unauthorized(false);
  return { held: await loadAccount(env, config, account, { now, fresh: true }), bind };
}

/** POST /v1/connections/test: as far as the login page; `login` is where to go then. @param {Asked<typeof TrialRequest>} context */
export async function testConnection(context) {
  const { held, bind } = await inSession(context);
  const { campaignId } = context.body;
  if (campaignId !== undefined && !campaignOf(held, campaignId, "oauth").oauth) throw new Refusal("body_invalid", { at: "/campaignId", expected: "a campaign with `oauth` of its own" });
  const { begun, ...report } = await tryOut(context, held, bind, campaignId);
  const headers = begun && { "set-cookie": flowCookie(begun.cookie, { account: held.name, campaignId: "" }) };
  return json({ ...report, ...(begun && { login: begun.location }) }, headers ? { headers } : {});
}

/** POST /v1/connections/login: what came back from the login page, as far as the form. @param {Asked<typeof TrialLoginRequest>} context */
export async function finishConnection(context) {
  const { held, bind } = await inSession(context);
  const { config, env, now } = context;
  const { ticket } = context.body;
  const object = await loginOfTicket(env, config, ticket);
  const record = /** @type {LoginRecord | null} */ (await object.take({ bind, now }));
  if (!record || record.account !== held.name) throw new Refusal("ticket_unknown");
  const finished = await finish(context, held, record);
  // The account's mapping is made of what its own identity provider says.
  if (!campaignOf(held, record.campaignId).oauth) await (await accountObject(env, config, held.name)).keepTrial(finished, now);
  return json(finished);
}

/** GET /v1/accounts/{account}/trial: the last one, for who makes the mapping. @type {Handler} */
export async function lastTrial(context) {
  const { object } = await accountOfPath(context);
  const trial = await object.trial(context.now);
  return json({ trial: trial && { ...JSON.parse(trial.body), at: timeOf(trial.at) } });
}

/** POST /v1/accounts/{account}/key-set: what a URL has just now, before it is written into the document. @param {Asked<typeof KeySetRequest>} context */
export const lookAtKeySet = async ({ body, config, params }) => json(await judgeUrl(config, params.account, body.url));

/** POST /v1/accounts/{account}/discovery: what an issuer's metadata say just now. @param {Asked<typeof IssuerRequest>} context */
export const lookAtIssuer = async (context) => json(await judgeIssuer(context, (await accountOfPath(context)).account, context.body));
