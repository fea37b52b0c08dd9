// What is kept of a person, by place. Whatever else comes to hold personal data gets a row in PLACES, so that the export
// shows it, and an end in `eraseAt`.

import { objectName } from "../platform/names.js";
import { objectNamed } from "../platform/objects.js";

/** @import { Context, Submission } from "../types.d.ts" */
/** @import { Place } from "../objects/participant/person.js" */

/** @typedef {Submission & { kept: string[] }} Kept */
/** @typedef {{ campaignId: string, namespace: string, count: number, participations: Omit<Kept, "account" | "campaignId">[] }} Participant */

/** @typedef {{ profile: Record<string, unknown>, until: number }} Profiled what the customer's profile API said, and until when it is kept */

/**
 * @typedef {object} Store
 * @property {string} name
 * @property {(context: Context, place: Place) => Promise<string[]>} find ids of the participations that it holds
 */

/** By participation; the erasure is in `eraseAt`. @type {Store[]} */
const PLACES = [
  {
    name: "statistics",
    async find({ env }, { object }) {
      if (!env.STATISTICS) return [];
      const { results } = await env.STATISTICS.prepare("SELECT id FROM participation WHERE participant = ?").bind(object).all();
      return results.map(({ id }) => String(id));
    },
  },
  { name: "record", find: async ({ env }, { object }) => (await recordOf(env, object).held()).record },
  // Both stand in the object of the record and go with it.
  { name: "outbox", find: async ({ env }, { object }) => (await recordOf(env, object).held()).outbox },
  { name: "webhook", find: async ({ env }, { object }) => (await recordOf(env, object).held()).webhook },
];

/**
 * Erases one place. The record goes first and says when: a row that was recorded until then is dropped wherever it is,
 * in the statistics or on its way there, and one that was recorded afterwards is a new participation, which stays.
 * @param {Context["env"]} env
 * @param {string} object hexadecimal id
 * @returns {Promise<Record<string, number>>} how much each store held
 */
export async function eraseAt(env, object) {
  const { at, ...held } = await recordOf(env, object).erase();
  if (!env.STATISTICS) return { statistics: 0, ...held };
  const [, gone] = await env.STATISTICS.batch([
    env.STATISTICS.prepare(
      "INSERT INTO erased (participant, at) VALUES (?, ?) ON CONFLICT (participant) DO UPDATE SET at = excluded.at",
    ).bind(object, at),
    // Not counted by what has changed: so do the campaign's numbers.
    env.STATISTICS.prepare("DELETE FROM participation WHERE participant = ? AND recorded_at <= ? RETURNING id").bind(object, at),
  ]);
  return { statistics: gone.results.length, ...held };
}

/**
 * What is known of somebody who may not have taken part yet, by object that the person's own object names.
 */
const PROFILES = {
  /** @param {Context} context @param {string} account @param {string[]} objects @returns {Promise<Profiled[]>} */
  async find({ env, now }, account, objects) {
    const held = await Promise.all(objects.map(async (object) => profileOf(env, object).held(account, now)));
    return held.flatMap((one) => (one ? [/** @type {Profiled} */ (/** @type {unknown} */ (one))] : []));
  },
  /** @param {Context} context @param {string[]} objects */
  async erase({ env }, objects) {
    const held = await Promise.all(objects.map(async (object) => profileOf(env, object).erase()));
    return held.reduce((sum, count) => sum + count, 0);
  },
};

/** @param {Context["env"]} env @param {string} object */
const profileOf = (env, object) => env.PROFILE.get(env.PROFILE.idFromString(object));

/** @param {Context["env"]} env @param {string} object */
const recordOf = (env, object) => env.PARTICIPANT.get(env.PARTICIPANT.idFromString(object));

/**
 * @param {Context} context
 * @param {string} account
 * @param {string} subject
 */
async function personObject({ env, config }, account, subject) {
  return objectNamed(config, env.PERSON, await objectName(config, "person", account, subject));
}

/**
 * @param {Context} context
 * @param {string} account
 * @param {string} subject
 * @returns {Promise<{ participants: Participant[], profiles: Profiled[] }>}
 */
export async function find(context, account, subject) {
  const person = await personObject(context, account, subject);
  const [places, profiles] = await Promise.all([person.places(), person.profiles()]);
  const objects = profiles.map(({ object }) => object);
  const participants = Promise.all(
    places.map(async (place) => {
      const held = await Promise.all(PLACES.map(async ({ name, find: ids }) => ({ name, ids: await ids(context, place) })));
      const { count, submissions } = /** @type {{ count: number, submissions: Submission[] }} */ (
        /** @type {unknown} */ (await recordOf(context.env, place.object).everything())
      );
      const participations = submissions.map(({ account: _account, campaignId: _campaign, ...submission }) => ({
        ...submission,
        kept: held.filter(({ ids }) => ids.includes(submission.id)).map(({ name }) => name),
      }));
      return { campaignId: place.campaignId, namespace: place.namespace, count, participations };
    }),
  );
  return { participants: await participants, profiles: await PROFILES.find(context, account, objects) };
}

/**
 * @param {Context} context
 * @param {string} account
 * @param {string} subject
 * @returns {Promise<Record<string, number>>} how much each place held
 */
export async function erase(context, account, subject) {
  const person = await personObject(context, account, subject);
  const { places, profiles } = await person.beginErasure();
  const objects = profiles.map(({ object }) => object);
  /** @type {Record<string, number>} */
  const erased = { participants: places.length, profile: await PROFILES.erase(context, objects) };
  for (const place of places)
    for (const [name, count] of Object.entries(await eraseAt(context.env, place.object))) erased[name] = (erased[name] ?? 0) + count;
  await person.forget({ places, profiles });
  // Passes are dated to the second. In the next one, whoever takes part anew is told from whoever did before.
  await new Promise((resolve) => setTimeout(resolve, 1000 - (Date.now() % 1000)));
  return erased;
}
