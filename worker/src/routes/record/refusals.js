// GET /v1/refusals and /v1/refusals/{ref}: why a participant was refused, for the account it concerns.

import { OPERATORS, grantOf } from "../../accounts/access.js";
import { accountObject } from "../../accounts/held.js";
import { json, timeOf } from "../../http/answers.js";
import { Refusal, entry, sentence } from "../../http/problem.js";
import { KEPT_MS } from "../../objects/account/seen/refusals.js";
import { readRef } from "../../platform/refs.js";

/** @import { Report } from "../../objects/account/seen/refusals.js" */
/** @import { RefusalsQuery } from "../../schemas/account.js" */
/** @import { Asked, Handler } from "../../types.d.ts" */

const LIST = 100;

/** @param {Asked<undefined, typeof RefusalsQuery>} context */
export async function listRefusals(context) {
  // The caller's own, or the one that an operator names.
  const { account } = grantOf(context);
  const { code, since: moment } = context.query;
  const since = moment === undefined ? undefined : Date.parse(moment);
  const object = await accountObject(context.env, context.config, account);
  const refusals = await object.refusalList(context.now, LIST, { code, since });
  // In the operators' list the account stands where an account has its campaign; none, where none was known.
  const rows = refusals.map((row) =>
    account === OPERATORS ? explained({ ...row, campaignId: "" }, row.campaignId || OPERATORS) : explained(row, account),
  );
  const causes = /** @type {{ code: string, at: number, n: number }[]} */ (await object.refusalCauses(Math.max(context.now - KEPT_MS, since ?? 0)));
  const counts = causes.filter((cause) => code === undefined || cause.code === code).map(({ at, ...cause }) => ({ ...cause, at: timeOf(at) }));
  return json({ refusals: rows, counts });
}

/** @type {Handler} */
export async function getRefusal(context) {
  const { env, config, now, params } = context;
  const ref = readRef(params.ref);
  const read = async (/** @type {string} */ account) => (await accountObject(env, config, account)).refusal(ref, now);
  const own = grantOf(context).account;
  const listed = own === OPERATORS ? await read(OPERATORS) : null;
  const account = listed?.campaignId || own;
  const found = account === OPERATORS ? listed : await read(account);
  if (!found) throw new Refusal("not_found", { expected: "the ref of a refusal of the last 72 hours" });
  return json(explained(found, account));
}

/**
 * @param {Report} refusal
 * @param {string} account
 */
function explained({ ref, at, code, reason, campaignId, stage, detail: { fix = entry(code).fix, ...detail } }, account) {
  const { says, how, retry } = entry(code);
  return {
    ref,
    account,
    ...(campaignId && { campaignId }),
    code,
    reason,
    stage,
    says,
    how,
    fix,
    retry,
    shown: sentence(reason),
    at: timeOf(at),
    until: timeOf(at + KEPT_MS),
    detail,
  };
}
