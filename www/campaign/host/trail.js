// What the campaign says to its page, told to the console as well while somebody there checks that page: names and codes
// alone. The page's URL says so, by `?handstamp-debug=` and the trail's name.

import { post } from "../api.js";

const NAMED = /[?&]handstamp-debug=([\w-]{22})(?:&|$)/;
const CODE = /^[\w.-]{1,64}$/;
/** Events that wait for the page to say its URL. */
const WAITING = 20;

/**
 * @param {{ account: string, campaignId: string }} campaign
 * @param {string} origin of the page
 */
export function openTrail({ account, campaignId }, origin) {
  /** @type {string | null | undefined} not known yet, or not asked for */
  let trail;
  /** @type {{ name: string, code?: string }[]} */
  let waiting = [];
  const send = (/** @type {{ name: string, code?: string }} */ said) => void post("/v1/trails", { account, campaignId, trail, origin, ...said });
  return {
    /** @param {string} name @param {Record<string, unknown>} detail */
    note(name, { code, reason }) {
      const known = [code, reason].find((one) => typeof one === "string" && CODE.test(one));
      const said = { name, ...(typeof known === "string" && { code: known }) };
      if (trail) send(said);
      else if (trail === undefined && waiting.length < WAITING) waiting.push(said);
    },
    /** Takes the query of the page's URL. @param {string} search */
    named(search) {
      if (trail !== undefined) return;
      trail = NAMED.exec(search)?.[1] ?? null;
      if (trail) waiting.forEach(send);
      waiting = [];
    },
  };
}
