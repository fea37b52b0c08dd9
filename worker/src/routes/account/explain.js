// POST /v1/explain: everything that can be said about a token, for the account that made it.

import { loadAccount, verifierOf } from "../../accounts/held.js";
import { json } from "../../http/answers.js";
import { installKeySets } from "../../sign_in/key_sets.js";

/** @import { ExplainRequest } from "../../schemas/account.js" */
/** @import { Asked } from "../../types.d.ts" */

/** @param {Asked<typeof ExplainRequest>} context */
export async function explain(context) {
  const { body, config, env, now } = context;
  const { account, campaignId, token } = body;
  const held = await loadAccount(env, config, account, { now, fresh: true });
  const verifier = await verifierOf(held, context.body.campaignId ?? "");
  await installKeySets(context, held.name, verifier, "need");
  const report = await verifier.explain(token, { now, ...(campaignId && { campaignId }) });
  context.facts.outcome = report.verdict;
  return json(report);
}
