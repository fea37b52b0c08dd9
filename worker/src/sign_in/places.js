// The places of a campaign with a cap, as the routes see them: the object that counts them, and whether one is left.

import { Refusal } from "../http/problem.js";
import { objectName } from "../platform/names.js";
import { objectNamed } from "../platform/objects.js";

/** @import { Configuration } from "../platform/configuration.js" */
/** @import { Campaign, Env } from "../types.d.ts" */

/** How long an isolate takes a campaign for as full or as open as it was: visitors of a page are more than submissions. */
const COPY_MS = 5000;
const COPIES = 200;

/** @type {Map<string, { at: number, taken: number }>} */
const copies = new Map();

/**
 * @param {Env} env
 * @param {Configuration} config
 * @param {string} account
 * @param {string} campaignId
 */
export async function counterObject(env, config, account, campaignId) {
  return objectNamed(config, env.COUNTER, await objectName(config, "counter", account, campaignId));
}

/**
 * Says whether every place of a campaign is taken, as it was a moment ago: the record alone decides.
 * @param {Env} env
 * @param {Configuration} config
 * @param {{ account: string, campaignId: string, campaign: Campaign }} of
 * @param {number} now milliseconds
 */
export async function isFull(env, config, { account, campaignId, campaign: { cap } }, now) {
  if (cap === undefined) return false;
  const key = `${account} ${campaignId}`;
  const copy = copies.get(key);
  if (copy && now - copy.at < COPY_MS) return copy.taken >= cap;
  /** @type {number} */
  const taken = await (await counterObject(env, config, account, campaignId)).taken();
  if (copies.size >= COPIES) copies.clear();
  copies.set(key, { at: now, taken });
  return taken >= cap;
}

/** Makes this isolate ask again, once the record has said that a campaign is full. @param {string} account @param {string} campaignId */
export function forgetPlaces(account, campaignId) {
  copies.delete(`${account} ${campaignId}`);
}

/**
 * Refuses somebody who comes to a campaign that is full.
 * @param {Parameters<typeof isFull>} of
 */
export async function refuseIfFull(...of) {
  if (await isFull(...of)) throw new Refusal("campaign_full", { at: "/cap" });
}
