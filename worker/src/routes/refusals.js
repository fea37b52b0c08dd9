// GET /v1/refusals and /v1/refusals/{ref}: why a participant was refused, for the account it concerns.

import { requireScope } from "../access.js";
import { accountObject } from "../accounts.js";
import { json } from "../answers.js";
import { queryMember } from "../body.js";
import { ACCOUNT } from "../names.js";
import { Refusal, entry, sentence } from "../problem.js";
import { readRef } from "../refs.js";

/** @import { Context, Handler } from "../types.d.ts" */

const LIST = 100;
const KEPT_MS = 72 * 3600 * 1000;

/**
 * The caller's own account; an operator names one.
 * @param {Context} context
 */
async function reporter(context) {
  const asked = queryMember(context.url, "account", ACCOUNT);
  const { account } = await requireScope(context, "refusals", asked);
  if (account === "*")
    throw new Refusal("query_invalid", { at: "account", expected: "an account, as this client is an operator's" });
  context.facts.account = account;
  return accountObject(context.env, context.config, account);
}

/** @type {Handler} */
export async function listRefusals(context) {
  const object = await reporter(context);
  const refusals = await object.refusalList(context.now, LIST);
  return json({ refusals: refusals.map(explained) });
}

/** @type {Handler} */
export async function getRefusal(context) {
  const object = await reporter(context);
  const found = await object.refusal(readRef(context.params.ref), context.now);
  if (!found) throw new Refusal("not_found", { expected: "the ref of a refusal of the last 72 hours" });
  return json(explained(found));
}

/**
 * @param {{ ref: string, at: number, code: string, reason: string, campaignId: string, stage: string, detail: Record<string, string> }} refusal
 */
function explained({ ref, at, code, reason, campaignId, stage, detail }) {
  const { says, how, fix, retry } = entry(code);
  return {
    ref,
    code,
    reason,
    stage,
    says,
    how,
    fix,
    retry,
    ...(campaignId && { campaignId }),
    shown: sentence(reason),
    at: new Date(at).toISOString(),
    until: new Date(at + KEPT_MS).toISOString(),
    detail,
  };
}
