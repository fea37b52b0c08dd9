// POST /v1/steps: the campaign's own page says which step a person has come to. A number goes up, nothing else.

import { campaignOf, loadAccount } from "../accounts/held.js";
import { readJson, requireOwnPage, textMember } from "../http/body.js";
import { count } from "../observe/funnel.js";
import { ACCOUNT, CAMPAIGN } from "../platform/names.js";

/** @import { Handler } from "../types.d.ts" */

/** The steps that only the page knows of, by the names of the funnel. @type {Record<string, string>} */
const COUNTED = { questions: "questions", identityset: "form" };

/** @type {Handler} */
export async function arrive(context) {
  const { config, env, now, request } = context;
  requireOwnPage(request, config.publicUrl);
  const body = await readJson(request, 1024);
  const account = textMember(body, "account", ACCOUNT);
  const campaignId = textMember(body, "campaignId", CAMPAIGN);
  const step = textMember(body, "step", /^(?:questions|identityset)$/);
  Object.assign(context.facts, { account, campaignId });
  const held = await loadAccount(env, config, account, { now });
  campaignOf(held, campaignId);
  context.facts.version = held.version;
  if (body.preview !== true) count(context, account, campaignId, COUNTED[step]);
  return new Response(null, { status: 204, headers: { "cache-control": "no-store" } });
}
