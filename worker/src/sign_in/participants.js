// Participants as the routes see them: the object that holds a person's participations in a campaign, the
// judgement of a limit, and the pass that an admission earns.

import { timeOf } from "../http/answers.js";
import { spansOf } from "../platform/calendar.js";
import { objectName } from "../platform/names.js";
import { records } from "../accounts/held.js";
import { asPreview, issuePass } from "../accounts/seals.js";
import { objectNamed } from "../platform/objects.js";

/** @import { Configuration } from "../platform/configuration.js" */
/** @import { Decision, Provenance } from "../../../pkg/dist/index.js" */
/** @import { PassTerms } from "../../../pkg/dist/oauth.js" */
/** @import { Admission, Campaign, Env } from "../types.d.ts" */

/**
 * @typedef {object} Person
 * @property {string} account
 * @property {string} campaign
 * @property {string} namespace who vouches for the subject: its issuer
 * @property {string} subject
 */

/**
 * Where a subject is one person: the issuer's word, unless the account says that all its issuers mean the same people.
 * @param {import("../types.d.ts").AccountDocument} document
 * @param {string} issuer
 */
export function namespaceOf(document, issuer) {
  return document.sameSubjects ? "same" : issuer;
}

/**
 * @param {Env} env
 * @param {Configuration} config
 * @param {Person} person
 */
export async function participantObject(env, config, { account, campaign, namespace, subject }) {
  const name = await objectName(config, "participant", account, campaign, namespace, subject);
  return objectNamed(config, env.PARTICIPANT, name);
}

/**
 * The limits by which the record judges: the campaign's own, and the one that the token or sign-in states. None where the
 * campaign keeps no limits, and none but the pass itself for somebody without a name.
 * @param {Campaign} campaign
 * @param {{ technique: string, limit?: Admission["limit"], signedAt?: number, issuedAt: number }} seen issuedAt: when it was seen, seconds
 * @param {number} now milliseconds
 * @returns {import("../objects/participant/participant.js").Limits}
 */
export function limitsOf(campaign, { technique, limit, signedAt, issuedAt }, now) {
  if (campaign.limits === "off") return {};
  const spans = calendarOf(campaign, now);
  return {
    ...(campaign.limit && technique !== "anonymous" && { campaign: campaign.limit, signedIn: technique === "oauth" }),
    ...(spans && { since: { day: spans.day.starts, week: spans.week.starts } }),
    ...(limit && { seen: { limit, ...(signedAt !== undefined && { signedAt }), seenAt: issuedAt } }),
  };
}

/**
 * The present day and week of a campaign, where one of its limits asks for them.
 * @param {Campaign} campaign
 * @param {number} now milliseconds
 */
function calendarOf({ limit, timeZone = "UTC" }, now) {
  return limit?.day !== undefined || limit?.week !== undefined ? spansOf(now, timeZone) : undefined;
}

/**
 * How somebody comes in, and whether only to try the campaign out.
 * @typedef {{ technique: PassTerms["technique"], provenance: Provenance, preview?: boolean, owed?: import("./profile.js").Owed }} Origin owed: what the form step is
 *   still to bring
 */

/**
 * Judges an admission by every limit, with the count of the record. A preview leaves the record of its person alone.
 * @param {Env} env
 * @param {Configuration} config
 * @param {Campaign} campaign
 * @param {Person} person
 * @param {Admission} admission
 * @param {Origin} origin
 * @param {number} now milliseconds
 * @returns {Promise<Admission>} a refused one has the limit that refuses it
 */
export async function judge(env, config, campaign, person, admission, { technique, provenance: { signedAt }, preview, owed }, now) {
  if (campaign.limits === "off" || technique === "anonymous" || preview) return admission;
  const limits = limitsOf(campaign, { technique, limit: admission.limit, signedAt, issuedAt: Math.floor(now / 1000) }, now);
  // A limit that is still to come is neither the one of the last time nor the one for those without.
  if (owed?.awaitsLimit) Object.assign(limits, { signedIn: false, awaits: true });
  const { decision, reason, limit } = await (await participantObject(env, config, person)).judge(limits);
  const warnings = admission.warnings.filter(({ code }) => code !== "limit_unchecked");
  // The token refuses by itself, whatever else was stated.
  if (admission.decision === "refused") return admission;
  const again = againAt(campaign, reason, now);
  const decided = /** @type {Decision} */ ({ decision, ...(reason && { reason }) });
  return { ...admission, ...decided, ...(reason && limit && { limit }), ...(again && { again }), warnings };
}

/**
 * When somebody who was refused may come again, if that is known.
 * @param {Campaign} campaign
 * @param {Admission["reason"]} reason
 * @param {number} now milliseconds
 */
function againAt(campaign, reason, now) {
  const span = reason === "day_reached" ? "day" : reason === "week_reached" ? "week" : undefined;
  const ends = span && calendarOf(campaign, now)?.[span].ends;
  return ends && timeOf(ends);
}

/**
 * The sealed proof of an admission; null for a refused one.
 * @param {Configuration} config
 * @param {Campaign} campaign
 * @param {Person} person
 * @param {Admission} admission
 * @param {Origin} origin
 * @param {number} now milliseconds
 */
export function passFor(config, campaign, person, admission, { technique, provenance, preview, owed }, now) {
  if (admission.decision === "refused") return null;
  const { account, namespace } = person;
  // What the record does not keep needs no place in the pass.
  const custom = records(campaign, "custom") ? admission.custom : undefined;
  const proven = { ...admission, ...owed, custom, provenance: { ...provenance, namespace } };
  const pass = issuePass(config, proven, { account, technique, limits: campaign.limits, now: Math.floor(now / 1000) });
  return preview ? asPreview(config, pass) : pass;
}

/**
 * Why an admission was refused, for the account: which member of the limit said so.
 * @param {Admission} admission
 * @returns {import("../types.d.ts").Cause}
 */
export function limitCause({ reason, limit }) {
  if (reason === "day_reached" || reason === "week_reached") return { code: reason, at: `/limit/${reason === "day_reached" ? "day" : "week"}` };
  if (reason !== "quota_reached") return { code: "not_allowed", at: "/limit/canPlay", expected: "true", got: "false" };
  return {
    code: reason,
    at: "/limit/nb",
    expected: `fewer than ${limit?.nb} participations so far`,
    got: `${limit?.nb} or more`,
  };
}
