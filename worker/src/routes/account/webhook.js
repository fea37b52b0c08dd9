// GET /v1/accounts/{account}/webhook: what was given up; POST …/replay: try it again.

import { changeOf } from "../../accounts/access.js";
import { json, timeOf } from "../../http/answers.js";
import { accountOfPath } from "./accounts.js";

/** @import { Handler } from "../../types.d.ts" */

/** Letters of one answer, and of one replay; a replay says whether more are left. */
const PAGE = 500;

/** @type {Handler} */
export async function deadLetters(context) {
  const { account, object } = await accountOfPath(context);
  const letters = await object.deadLetters(PAGE);
  const dead = letters.map(({ participationId, at, attempts, got }) => ({
    participationId,
    at: timeOf(at),
    attempts,
    got,
  }));
  return json({ account, dead });
}

/** @type {Handler} */
export async function replay(context) {
  const { env, now } = context;
  const { account, object } = await accountOfPath(context);
  const letters = await object.deadLetters(PAGE + 1);
  /** @type {Map<string, string[]>} */
  const byObject = new Map();
  for (const { object: id, participationId } of letters.slice(0, PAGE))
    byObject.set(id, [...(byObject.get(id) ?? []), participationId]);
  let replayed = 0;
  for (const [id, ids] of byObject) {
    replayed += await env.PARTICIPANT.get(env.PARTICIPANT.idFromString(id)).replay(ids, now);
    // Those that are not there any more have been erased: nothing is owed for them.
    await object.dropDeadLetters(ids);
  }
  await object.note(changeOf(context, { about: `${replayed} participations` }), now);
  return json({ account, replayed, more: letters.length > PAGE });
}
