// Those who may come to a campaign, as a preview shows it to them: the ways in that it has, and the refusals that can be met.

import { under } from "../../shared/under.js";

/** Refusals to look at: one code for each page that there is, and the ways to come in by which it is met; without, by any. @type {Record<string, string[]>} */
export const REFUSED = {
  token_missing: ["token"], token_expired: ["token"], signature_invalid: ["token"], not_allowed: ["token", "oauth"], quota_reached: ["token", "oauth"], day_reached: ["token", "oauth"], week_reached: ["token", "oauth"],
  campaign_not_yet: [], campaign_over: [], campaign_full: [], login_cancelled: ["oauth"], state_invalid: ["oauth"], wrong_browser: ["oauth"], internal: [],
};
/** Claims that a preview takes, with room to spare. */
const CLAIM_BYTES = 1800;

/** Values of nobody real, by the names of fields and else by their types. @type {Record<string, string>} */
const SAMPLES = {
  firstname: "Ada", lastname: "Example", email: "ada@example.org", phone: "+3225550102", birthdate: "1990-05-17", street: "1 Example Street", postcode: "1000", city: "Brussels", country: "BE",
  "type:email": "ada@example.org", "type:tel": "+3225550102", "type:date": "1990-05-17", "type:country": "BE", "type:number": "1", "type:hidden": "12345", "type:text": "Example",
};

/** The claims of a token for somebody who is made up. @param {Record<string, any>} campaign */
export function claimsOf({ fields = [] }) {
  /** @type {Record<string, string>} */
  let form = {};
  for (const { name, type = "text", choices, min } of Array.isArray(fields) ? fields : []) {
    const value = type === "select" ? choices?.[0]?.id : type === "number" && min !== undefined ? String(min) : (under(SAMPLES, name) ?? under(SAMPLES, `type:${type}`));
    const more = { ...form, [name]: value };
    if (typeof name === "string" && value && JSON.stringify(more).length < CLAIM_BYTES) form = more;
  }
  return { form };
}

/** @param {Record<string, any>} campaign @returns {string[]} the ways to come in */
const waysOf = ({ signIn }) => (Array.isArray(signIn) ? signIn : ["token"]);

/**
 * Those who may come, and what a preview is asked for as one of them.
 * @param {Record<string, any>} campaign
 * @param {string} code of the refusal to show
 * @returns {Record<string, { says: string, terms: Record<string, unknown> }>}
 */
export function visitorsOf(campaign, code) {
  const ways = waysOf(campaign);
  const byLink = ways.includes("token");
  const bySignIn = ways.includes("oauth");
  const known = { subject: "preview-person", claims: claimsOf(campaign) };
  // Without a link or a sign-in, where one is needed: what they meet is the way to sign in, or that there is none.
  const guest = ways.includes("anonymous") ? { says: "guest", terms: {} } : bySignIn ? { says: "signed_out", terms: {} } : { says: "guest", terms: { refusal: "token_missing" } };
  return {
    guest,
    ...((byLink || bySignIn) && { token: { says: byLink ? "token" : "signed_in", terms: known } }),
    refused: { says: "refused", terms: { refusal: code } },
    ...((byLink || bySignIn) && campaign.limits !== "off" && { quota: { says: "quota", terms: { ...known, claims: { ...known.claims, limit: { nb: 1 } }, participations: 1 } } }),
  };
}

/** The refusals that somebody can meet at a campaign. @param {Record<string, any>} campaign */
export const refusalsOf = (campaign) => Object.keys(REFUSED).filter((code) => REFUSED[code].length === 0 || REFUSED[code].some((way) => waysOf(campaign).includes(way)));
