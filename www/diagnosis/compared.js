// What a check compared, with its values. A report shows none, as it may be sent to somebody; this page sends nothing, so it may
// say "2 instead of 1" where the report says "another string of 1 character".

/** @import { Check } from "../../pkg/dist/index.js" */
/** @import { Given, Judgement } from "./judge.js" */

const shown = (/** @type {unknown} */ value) => (typeof value === "string" ? value : JSON.stringify(value));

/** One of several, as a sentence has it. @param {unknown} value */
const oneOf = (value) => [value].flat().map(shown).join(" or ");

/** The keys that a token may be checked with, by the names that they have in their sets. @param {Given} given */
function kidsOf({ settings, sets }) {
  const sources = /** @type {any[]} */ ([settings?.verify ?? []].flat());
  return sources.flatMap(({ method, keys, url }) => {
    if (method !== "jwks") return [];
    return (keys ?? parsed(sets.get(url)))?.keys?.map?.((/** @type {any} */ key) => key?.kid) ?? [];
  }).filter((kid) => typeof kid === "string");
}

/** @param {string | undefined} text */
function parsed(text) {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}

/**
 * Both sides of a comparison that failed, where the page knows them.
 * @param {Check} check
 * @param {Judgement} judgement
 * @returns {{ expected?: string, got?: string }}
 */
function values({ check, status }, { layers, given }) {
  if (status !== "fail") return {};
  const inner = layers.at(-1);
  const claims = inner?.inspection.parts.find(({ name }) => name === "payload")?.members ?? {};
  const { settings, campaignId } = given;
  const names = { iss: [settings?.issuer, claims.iss], aud: [settings?.audience, claims.aud], typ: [settings?.typ, inner?.members.typ], campaign_id: [campaignId, claims.campaignId] };
  if (check === "kid") {
    const kids = kidsOf(given);
    return { ...(kids.length > 0 && { expected: kids.join(", ") }), ...(inner?.members.kid !== undefined && { got: shown(inner.members.kid) }) };
  }
  const [expected, got] = names[/** @type {keyof typeof names} */ (check)] ?? [];
  return { ...(expected !== undefined && { expected: oneOf(expected) }), ...(got !== undefined && { got: oneOf(got) }) };
}

/**
 * A check for the eyes of the one who pasted the token.
 * @param {Check} check
 * @param {Judgement} judgement
 * @returns {Check}
 */
export const compared = (check, judgement) => ({ ...check, ...values(check, judgement) });

/** The terms beside the values: of a key, what is wanted and what is there. @param {Check} check @returns {{ expected: string, got: string }} */
export const termsOf = ({ check }) => (check === "kid" ? { expected: "Key IDs there", got: "Key ID of the token" } : { expected: "Expected", got: "Got" });
