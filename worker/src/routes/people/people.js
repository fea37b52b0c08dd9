// The people of an account's console: invited with a role, listed, and removed with all that is kept of them.

import { loadAccount } from "../../accounts/held.js";
import { hashOf } from "../../accounts/sessions.js";
import { changeOf, grantOf, holdTo } from "../../accounts/access.js";
import { roleOf, rolesWithin } from "../../accounts/roles.js";
import { invalid } from "../../accounts/account_check.js";
import { json, noContent, timeOf } from "../../http/answers.js";
import { Refusal } from "../../http/problem.js";
import { random, toBase64url } from "../../platform/bytes.js";
import { accountOfPath } from "../account/accounts.js";

/** @import { InvitationRequest } from "../../schemas/console.js" */
/** @import { Asked, Grant, Handler } from "../../types.d.ts" */

const newId = () => toBase64url(random(12));

/** POST /v1/accounts/{account}/invitations: nobody gives or takes a role with a scope that they do not have. @param {Asked<typeof InvitationRequest>} context */
export async function invite(context) {
  const { account, object } = await accountOfPath(context);
  const { body, config, env, now } = context;
  const { role, name, person } = body;
  const grant = grantOf(context);
  holdTo(grant, roleOf(role).scope);
  await loadAccount(env, config, account, { now });
  if (person && !(await object.consolePeople(now)).people.some(({ id }) => id === person)) throw new Refusal("not_found");
  const [id, secret] = [newId(), toBase64url(random(32))];
  const invitation = { id, person: person ?? newId(), role, name };
  const change = changeOf(context, { about: `${person ?? id} as ${role}` });
  const until = notBeyond(grant, /** @type {number | null | { beyond: string }} */ (await object.invite(await hashOf(secret), invitation, now, change, rolesWithin(grant.scope))));
  if (until === null) throw invalid([{ path: "/people", code: "settings_invalid", message: "The account has as many people and invitations as it may have: remove one." }]);
  return json({ id, link: `${config.consoleUrl}/console/${account}#invitation=${secret}`, expiresAt: timeOf(until) }, { status: 201 });
}

/** GET /v1/accounts/{account}/people @type {Handler} */
export async function listPeople(context) {
  const { account, object } = await accountOfPath(context);
  const { people, invitations } = await object.consolePeople(context.now);
  return json({
    account,
    people: people.map(({ at, seen, ...rest }) => ({ ...rest, at: timeOf(at), seen: timeOf(seen) })),
    invitations: invitations.map(({ at, until, ...rest }) => ({ ...rest, at: timeOf(at), expiresAt: timeOf(until) })),
  });
}

/** DELETE /v1/accounts/{account}/people/{person} @type {Handler} */
export async function removePerson(context) {
  const { object } = await accountOfPath(context);
  const { now, params: { person } } = context;
  const grant = grantOf(context);
  const change = changeOf(context, { about: person });
  const isGone = notBeyond(grant, /** @type {boolean | { beyond: string }} */ (await object.removeFromConsole(person, now, change, rolesWithin(grant.scope))));
  if (!isGone) throw new Refusal("not_found");
  return noContent();
}

/**
 * Refuses where a person has a role that the caller may not take from them.
 * @template T
 * @param {Grant} grant
 * @param {T | { beyond: string }} outcome
 * @returns {T}
 */
function notBeyond(grant, outcome) {
  if (typeof outcome !== "object" || outcome === null || !("beyond" in outcome)) return /** @type {T} */ (outcome);
  holdTo(grant, roleOf(outcome.beyond).scope);
  throw new Refusal("scope_missing");
}
