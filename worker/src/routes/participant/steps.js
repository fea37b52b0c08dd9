// POST /v1/steps: the campaign's own page says which step a person has come to. A number goes up, nothing else.

import { campaignOf, loadAccount } from "../../accounts/held.js";
import { noContent } from "../../http/answers.js";
import { OF_PAGE, count } from "../../observe/funnel.js";

/** @import { StepReached } from "../../schemas/campaign.js" */
/** @import { Asked } from "../../types.d.ts" */

/** @param {Asked<typeof StepReached>} context */
export async function arrive(context) {
  const { body, config, env, now } = context;
  const { account, campaignId, step, technique } = body;
  const reached = body.answered && step === "questions" ? "answered" : OF_PAGE[step];
  const held = await loadAccount(env, config, account, { now });
  campaignOf(held, campaignId);
  context.facts.version = held.version;
  if (body.preview !== true) count(context, account, campaignId, reached, technique);
  return noContent();
}
