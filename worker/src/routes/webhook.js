// GET /v1/accounts/{account}/webhook: what was given up; POST …/replay: try it again.

import { requireScope } from "../accounts/access.js";
import { accountObject } from "../accounts/held.js";
import { json } from "../http/answers.js";
import { ACCOUNT } from "../platform/names.js";
import { Refusal } from "../http/problem.js";

/** @import { Context, Handler } from "../types.d.ts" */

/** Letters of one answer, and of one replay; a replay says whether more are left. */
const PAGE = 500;

/** @param {Context} context */
async function object(context) {
  const { account } = context.params;
  if (!ACCOUNT.test(account)) throw new Refusal("account_unknown");
  await requireScope(context, "accounts", account);
  context.facts.account = account;
  return accountObject(context.env, context.config, account);
}

/** @type {Handler} */
export async function deadLetters(context) {
  const letters = await (await object(context)).deadLetters(PAGE);
  const dead = letters.map(({ participationId, at, attempts, got }) => ({
    participationId,
    at: new Date(at).toISOString(),
    attempts,
    got,
  }));
  return json({ account: context.params.account, dead });
}

/** @type {Handler} */
export async function replay(context) {
  const { env, now, params } = context;
  const account = await object(context);
  const letters = await account.deadLetters(PAGE + 1);
  /** @type {Map<string, string[]>} */
  const byObject = new Map();
  for (const { object: id, participationId } of letters.slice(0, PAGE))
    byObject.set(id, [...(byObject.get(id) ?? []), participationId]);
  let replayed = 0;
  for (const [id, ids] of byObject) {
    replayed += await env.PARTICIPANT.get(env.PARTICIPANT.idFromString(id)).replay(ids, now);
    // Those that are not there any more have been erased: nothing is owed for them.
    await account.dropDeadLetters(ids);
  }
  return json({ account: params.account, replayed, more: letters.length > PAGE });
}
