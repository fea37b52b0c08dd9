// People at the console: whose session a request comes with, and the challenges that their passkeys sign. A challenge is made
// anew for each try and stored nowhere until it has been used, so that no number of tries fills anything.

import { requireConsole } from "../http/body.js";
import { sessionOf } from "../http/cookies.js";
import { Refusal } from "../http/problem.js";
import { random, sameText, sha256, toBase64url } from "../platform/bytes.js";
import { objectName } from "../platform/names.js";
import { accountObject } from "./held.js";
import { holdPersonTo, roleOf } from "./roles.js";

/** @import { Configuration } from "../platform/configuration.js" */
/** @import { Context, Grant } from "../types.d.ts" */

/** A passkey that was used this recently need not be used again. */
const RECENT_MS = 5 * 60_000;
const CHALLENGE_MS = 5 * 60_000;

/** @param {string} secret of an invitation or a session, which is kept as this */
export const hashOf = async (secret) => toBase64url(await sha256(secret));

/** Says whether a person calls, not a program. @param {Request} request @param {string} account */
export const isOfPerson = (request, account) => !request.headers.has("authorization") && sessionOf(request, account) !== undefined;

/**
 * Finds the person whose session a request of the console comes with.
 * @param {Context} context
 * @param {string} account
 * @returns {Promise<{ id: string, name: string, role: string, until: number, recent: boolean }>}
 */
export async function personOf({ config, env, now, request }, account) {
  requireConsole(request, config.consoleUrl);
  const session = sessionOf(request, account);
  const object = await accountObject(env, config, account);
  const person = session && (await object.session(await hashOf(session), now));
  if (!person) throw new Refusal("session_missing");
  const { verified, ...rest } = person;
  return { ...rest, recent: now - verified < RECENT_MS };
}

/**
 * Lets a person pass: signed in, with a role that has the scope, and with their passkey used just now for what needs it.
 * @param {Context} context
 * @param {string} scope
 * @param {string} account
 * @returns {Promise<Grant>}
 */
export async function requireRole(context, scope, account) {
  const { id, role, recent } = await personOf(context, account);
  holdPersonTo({ role, recent }, [scope], { looks: ["GET", "HEAD"].includes(context.request.method) });
  context.facts.client = id;
  return { account, scope: roleOf(role).scope, actor: { kind: "person", id }, person: { role, recent } };
}

/**
 * Makes a challenge that only we can have made, for one purpose and five minutes.
 * @param {Configuration} config
 * @param {number} now
 * @param {...string} about
 */
export async function newChallenge(config, now, ...about) {
  const made = `${toBase64url(random(16))}.${now + CHALLENGE_MS}`;
  return `${made}.${await objectName(config, "challenge", made, ...about)}`;
}

/**
 * Says until when a challenge is good; nothing for one that is not ours, for this purpose, or in time.
 * @param {Configuration} config
 * @param {string} challenge
 * @param {number} now
 * @param {...string} about
 */
export async function challengeEnd(config, challenge, now, ...about) {
  const [nonce = "", until = "", name = ""] = challenge.split(".");
  const isOurs = sameText(name, await objectName(config, "challenge", `${nonce}.${until}`, ...about));
  return isOurs && Number(until) > now ? Number(until) : undefined;
}
