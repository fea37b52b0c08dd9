// A page of the customer that is checked from the console: POST /v1/trails, by which the campaign's frame says what happened on
// it, and GET /v1/accounts/{account}/trails/{trail}, by which the console sees it.

import { accountObject, campaignOf, loadAccount } from "../../accounts/held.js";
import { json, noContent, timeOf } from "../../http/answers.js";
import { Refusal } from "../../http/problem.js";
import { TRAIL } from "../../platform/names.js";

/** @import { TrailEvent } from "../../objects/account/seen/trails.js" */
/** @import { TrailSaid } from "../../schemas/campaign.js" */
/** @import { Asked, Context } from "../../types.d.ts" */

/** @param {Asked<typeof TrailSaid>} context */
export async function sayOnTrail(context) {
  const { body, config, env, now } = context;
  const { account, campaignId, trail, name, code, origin } = body;
  const held = await loadAccount(env, config, account, { now });
  campaignOf(held, campaignId);
  context.facts.version = held.version;
  const { origins, testOrigins = [] } = held.document;
  const known = origin !== undefined && [...origins, ...testOrigins].includes(origin);
  await (await accountObject(env, config, account)).sayOnTrail(trail, { at: now, name, ...(code && { code }), ...(known && { origin }) });
  return noContent();
}

/** @param {Context} context */
export async function lookAtTrail({ config, env, now, params }) {
  const { account, trail } = params;
  if (!TRAIL.test(trail)) throw new Refusal("not_found");
  await loadAccount(env, config, account, { now });
  const events = /** @type {TrailEvent[]} */ (await (await accountObject(env, config, account)).trail(trail, now));
  return json({ account, events: events.map((event) => ({ ...event, at: timeOf(event.at) })) });
}
