// Holds each request to the row of its route before the handler sees it, in this order: our own page where only that may
// ask, the limits, the access token or the session, the query and the body.

import { OPERATORS, requireScope, unauthorized } from "../accounts/access.js";
import { accountObject, isHeld } from "../accounts/held.js";
import { isOfPerson, requireRole } from "../accounts/sessions.js";
import { fittingQuery } from "../http/asked.js";
import { readAsked, requireConsole, requireOwnPage } from "../http/body.js";
import { ofAccount, ofCaller, ofStrangers } from "../http/limits.js";
import { Refusal } from "../http/problem.js";
import { ACCOUNT, CAMPAIGN } from "../platform/names.js";
import * as v from "../platform/valibot.js";

/** @import { Context, Grant, Route } from "../types.d.ts" */

const NO_QUERY = v.strictObject({});
/** What is made of texts and answers of others is not served where the console has an origin of its own. */
const APART = new Set(["campaign", "login"]);

/** @param {Context["config"]} config @param {URL} url */
const isConsoleAlone = ({ consoleUrl, publicUrl }, url) => consoleUrl !== publicUrl && url.host === new URL(consoleUrl).host;

/**
 * Lets a request in, with what it asks, or throws.
 * @param {Context} context
 * @param {Route} route
 */
export async function enter(context, route) {
  const { config, params, request, url } = context;
  context.action = route.id;
  const scope = route.openInDevelopment && config.development ? undefined : route.scope;
  if (APART.has(route.tag ?? "") && isConsoleAlone(config, url)) throw new Refusal("not_found");
  if (route.console) requireConsole(request, config.consoleUrl);
  if (route.ownPage) requireOwnPage(request, config.publicUrl);
  // Their faults wait until the request has been counted: too much of what cannot be read is too much as well.
  const [query, body] = await Promise.allSettled([readQuery(url, route), route.body && readAsked(request, route.body)]);
  const asked = { ...settled(query), ...(route.body?.unread ? { unread: settled(body) } : settled(body)), ...params };
  if (scope || route.body || route.query) nameIn(context.facts, asked);
  const limit = typeof route.limit === "string" ? route.limit : undefined;
  const account = (route.accountOf ? tried(() => route.accountOf?.(context, asked)) : asked.account) ?? undefined;
  if (limit) {
    // What is too much of one network counts no further: else one network could use up the limit of all.
    await ofCaller(context, limit, account);
    if (account === undefined || !isHeld(account)) await ofStrangers(context);
    // A route that asks for no access token counts each call for the account as well.
    if (!scope) await ofAccount(context, limit, account);
  }
  if (scope) {
    if (params.account !== undefined && !ACCOUNT.test(params.account)) throw new Refusal("account_unknown");
    context.grant = await authorize(context, scope, route.forOperators ? OPERATORS : account);
    context.facts.account = context.grant.account;
    if (limit) await ofAccount(context, limit, context.grant.account);
  }
  [context.query, context.body] = [taken(query), taken(body)];
}

/** @param {URL} url @param {Route} route */
async function readQuery(url, { path, page, query = NO_QUERY }) {
  return fittingQuery(url, query, { foreign: page === true || !path.startsWith("/v1/") });
}

/** @param {PromiseSettledResult<unknown>} result @returns {Record<string, any>} */
const settled = (result) => (result.status === "fulfilled" ? /** @type {any} */ (result.value) : {});

/** @param {PromiseSettledResult<unknown>} result */
function taken(result) {
  if (result.status === "rejected") throw result.reason;
  return result.value;
}

/**
 * Finds the account, or nothing: such a request counts for its address alone, and the handler says what is wrong.
 * @param {() => string | undefined} find
 */
function tried(find) {
  try {
    return find();
  } catch {
    return undefined;
  }
}

/**
 * Notes for the decision line which account and campaign a request is about, once they are names.
 * @param {Context["facts"]} facts
 * @param {Record<string, unknown>} asked
 */
function nameIn(facts, { account, campaignId }) {
  if (typeof account === "string" && ACCOUNT.test(account)) facts.account = account;
  if (typeof campaignId === "string" && CAMPAIGN.test(campaignId)) facts.campaignId = campaignId;
}

/**
 * Asks for an access token with the scope, of a client that is still there, or for the session of a person whose role has it.
 * @param {Context} context
 * @param {string} scope
 * @param {string} [account] that the request is for; the token's own without
 * @returns {Promise<Grant>}
 */
async function authorize(context, scope, account) {
  const { config, env, request } = context;
  if (account !== undefined && isOfPerson(request, account)) return requireRole(context, scope, account);
  const { issuedTo, ...grant } = await requireScope(context, scope, account);
  const { id } = grant.actor;
  // A token that was traded for a signed token has no client behind it.
  const isThere =
    issuedTo === OPERATORS
      ? id === config.operator?.clientId
      : id === issuedTo || Boolean(await (await accountObject(env, config, issuedTo)).client(id));
  if (!isThere) throw unauthorized(true);
  return grant;
}
