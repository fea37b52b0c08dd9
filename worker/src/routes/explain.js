// POST /v1/explain: everything that can be said about a token, for the account that made it.

import { requireScope } from "../accounts/access.js";
import { loadAccount, verifierOf } from "../accounts/held.js";
import { json } from "../http/answers.js";
import { TOKEN_BODY_BYTES, readJson, textMember } from "../http/body.js";
import { within } from "../http/limits.js";
import { ACCOUNT, CAMPAIGN } from "../platform/names.js";
import { installKeySets } from "../sign_in/key_sets.js";

/** @import { Handler } from "../types.d.ts" */

/** @type {Handler} */
export async function explain(context) {
  const { config, env, now, request } = context;
  const body = await readJson(request, TOKEN_BODY_BYTES);
  const account = textMember(body, "account", ACCOUNT);
  await requireScope(context, "explain", account);
  await within(context, "explain", account);
  const campaignId = body.campaignId === undefined ? undefined : textMember(body, "campaignId", CAMPAIGN);
  const token = textMember(body, "token", /^[^]*$/);
  context.facts.account = account;
  const held = await loadAccount(env, config, account, { now, fresh: true });
  const verifier = await verifierOf(held);
  await installKeySets(context, verifier, "need");
  const report = await verifier.explain(token, { now, ...(campaignId && { campaignId }) });
  context.facts.outcome = report.verdict;
  return json(report);
}
