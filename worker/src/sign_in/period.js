// The period of a campaign: its times as moments, and the core's verdict on them.

import { timeOf } from "../http/answers.js";
import { Refusal } from "../http/problem.js";
import { momentOf } from "../platform/calendar.js";
import { judgePeriod } from "../platform/handstamp.js";

/** @import { Campaign, Cause } from "../types.d.ts" */

/** Moments of campaigns, as no document changes once it is read. @type {WeakMap<Campaign, { starts?: number, ends?: number }>} */
const known = new WeakMap();

/**
 * The first moment of a campaign, and the first one after it.
 * @param {Campaign} campaign
 * @returns {{ starts?: number, ends?: number }} milliseconds
 */
export function momentsOf(campaign) {
  const found = known.get(campaign);
  if (found) return found;
  const { starts, ends, timeZone = "UTC" } = campaign;
  const moments = { ...(starts && { starts: momentOf(starts, timeZone) }), ...(ends && { ends: momentOf(ends, timeZone) }) };
  known.set(campaign, moments);
  return moments;
}

/**
 * @param {Campaign} campaign
 * @param {number} now milliseconds
 * @param {{ begun?: boolean }} [options] begun: a play goes on that was begun before
 */
export function phaseOf(campaign, now, { begun = false } = {}) {
  const seconds = Object.entries(momentsOf(campaign)).map(([name, moment]) => [name, Math.ceil(moment / 1000)]);
  return judgePeriod({ ...Object.fromEntries(seconds), now: Math.floor(now / 1000), begun, archived: campaign.archived === true });
}

/**
 * Why a campaign takes nobody at this moment, if it does not.
 * @param {Campaign} campaign
 * @param {number} now milliseconds
 * @param {{ begun?: boolean }} [options]
 * @returns {Cause | null}
 */
export function closedFor(campaign, now, options) {
  const { code, phase } = phaseOf(campaign, now, options);
  if (!code) return null;
  if (phase === "archived") return { code, at: "/archived" };
  const { starts, ends } = momentsOf(campaign);
  const moment = code === "campaign_not_yet" ? starts : ends;
  return { code, at: code === "campaign_not_yet" ? "/starts" : "/ends", ...(moment !== undefined && { got: timeOf(moment) }) };
}

/**
 * Refuses where a campaign takes nobody at this moment.
 * @param {Campaign} campaign
 * @param {number} now milliseconds
 * @param {{ begun?: boolean }} [options]
 */
export function holdToPeriod(campaign, now, options) {
  const closed = closedFor(campaign, now, options);
  if (closed) throw new Refusal(closed.code, { at: closed.at, got: closed.got });
}
