// The profile of a person who came with a token, or whom the ID token of a sign-in names, asked for when they reach the form. Until
// then the access token is kept sealed under the token's or sign-in's id; the pass says whether anything may be recorded before.

import { formOf, records, verifierOf } from "../accounts/held.js";
import { asPreview, issuePass, openPass } from "../accounts/seals.js";
import { secretFor } from "../accounts/secrets.js";
import { Refusal, asRefusal } from "../http/problem.js";
import { objectName } from "../platform/names.js";
import { oauth } from "../platform/handstamp.js";
import { objectNamed } from "../platform/objects.js";
import { limitCause } from "./participants.js";

/** @import { Held } from "../accounts/held.js" */
/** @import { Admission, Campaign, Cause, Context, Pass } from "../types.d.ts" */

/** @typedef {Pick<Admission, "needsProfile" | "profileBinds"> & { awaitsLimit: boolean }} Owed awaitsLimit: the profile may state one */
/** @typedef {Pick<Context, "config" | "env" | "now">} Asking */
/** @typedef {import("./participants.js").Origin["technique"]} Technique */

/**
 * The object of a profile: by token or sign-in and by what is asked of whom, so that a changed document asks anew.
 * @param {Asking} context
 * @param {Held} held
 * @param {object} api
 * @param {string} pid
 */
async function profileObject({ config, env }, held, api, pid) {
  return objectNamed(config, env.PROFILE, await objectName(config, "profile", held.name, pid, JSON.stringify(api)));
}

/**
 * The further headers of a profile API, with their secrets in place.
 * @param {Held} held
 * @param {Record<string, string | { secret: string }>} headers
 */
function headersOf({ secrets }, headers) {
  const filled = Object.entries(headers).map(([name, value]) => {
    const text = typeof value === "string" ? value : secretFor(secrets, value.secret, "profile");
    if (text === undefined) throw new Refusal("secret_unknown", { at: `/profileApi/headers/${name}` });
    return [name, text];
  });
  return Object.fromEntries(filled);
}

/**
 * Keeps the access token of an admission for the form step.
 * @param {Asking} context
 * @param {Held} held
 * @param {Campaign} campaign
 * @param {Pick<Admission, "decision" | "needsProfile" | "profileBinds" | "provenance" | "subject">} admission with its hidden members
 * @param {Technique} technique
 * @returns {Promise<Owed | undefined>} what the pass is to say of the profile, where one is owed
 */
export async function owe(context, held, campaign, { decision, needsProfile, profileBinds, provenance, subject }, technique) {
  const api = campaign.profileApi ?? held.document.profileApi;
  if (!needsProfile || !api || decision === "refused") return undefined;
  const object = await profileObject(context, held, api, provenance?.pid ?? "");
  await object.keep({ account: held.name, accessToken: needsProfile.accessToken, subject }, context.now);
  return { needsProfile, profileBinds, awaitsLimit: limitSource(held, campaign, technique) !== undefined };
}

/** Where the profile states a limit, if the document says so. @param {Held} held @param {Campaign} campaign @param {Technique} technique */
const limitSource = ({ document }, campaign, technique) => (technique === "oauth" ? (campaign.oauth ?? document.oauth)?.limit : document.secureToken?.profileLimit);

/**
 * The admission that a pass stands for, as far as a pass says it.
 * @param {Pass} pass
 * @returns {Admission}
 */
function admissionOf({ campaignId, custom, gift, jti, keyNames, limit, locked = {}, namespace = "", pid, signedAt, subject }) {
  const of = (/** @type {string} */ type) => Object.fromEntries(Object.entries(locked).filter(([, value]) => typeof value === type));
  const prefill = { form: of("string"), optin: of("boolean"), locked: Object.keys(locked), ignored: [] };
  const provenance = { namespace, pid, jti, keyNames, signedAt };
  return /** @type {Admission} */ ({ subject, campaignId, expiresAt: null, decision: "allowed", limit, gift, custom, prefill, warnings: [], provenance });
}

/**
 * Completes a pass with the profile. It lives no longer for that.
 * @param {Context} context
 * @param {Held} held
 * @param {Campaign} campaign
 * @param {Pass} pass
 * @returns {Promise<{ admission: Admission, pass: string | null } | { refused: Cause }>} without a pass where the profile refuses by itself
 */
export async function completed(context, held, campaign, pass) {
  const { config, now, trace } = context;
  const api = campaign.profileApi ?? held.document.profileApi;
  if (!api) return { refused: { code: "profile_refused", got: "no profileApi in the document" } };
  const object = await profileObject(context, held, api, pass.pid);
  // The types of a call between objects know no member that may be anything.
  const { campaignId } = pass;
  const how = pass.technique === "oauth" ? { campaignId } : { api, headers: headersOf(held, api.headers ?? {}) };
  const told = /** @type {import("../objects/participant/profile.js").Told} */ (/** @type {unknown} */ (await object.read({ account: held.name, trace, ...how }, now)));
  if ("refused" in told) return told;
  try {
    const before = admissionOf(pass);
    const admission =
      pass.technique === "oauth"
        ? oauth.complete({ account: held.document, campaignId, admission: before, profile: told.profile })
        : (await verifierOf(held, campaignId)).complete(before, told.profile, { fields: formOf(campaign) });
    if (admission.decision === "refused") return { admission, pass: null };
    const terms = { account: pass.account, technique: pass.technique, limits: campaign.limits, now: pass.issuedAt };
    const { provenance } = admission;
    const issued = issuePass(config, records(campaign, "custom") ? admission : { ...admission, provenance, custom: undefined }, terms);
    return { admission, pass: pass.preview ? asPreview(config, issued) : issued };
  } catch (fault) {
    await object.forgetProfile(held.name, now);
    const { code, detail } = asRefusal(fault);
    return { refused: { code, ...detail } };
  }
}

/**
 * The pass by which a submission is judged, once the profile that it waits for is there; or why it must wait. Where only
 * locks come from the profile, a customer's server that cannot answer stops nobody; one that refuses does, as a person could bring
 * that about, for instance by waiting until the access token has expired.
 * @param {Context} context
 * @param {Held} held
 * @param {Campaign} campaign
 * @param {Pass} pass
 * @returns {Promise<{ pass: Pass, cause: Cause | null }>}
 */
export async function awaited(context, held, campaign, pass) {
  if (pass.profile !== "pending" || context.now > (pass.expiresAt + 1) * 1000) return { pass, cause: null };
  const told = await completed(context, held, campaign, pass);
  if ("refused" in told) {
    const stops = told.refused.code === "profile_refused" || (campaign.limits !== "off" && limitSource(held, campaign, pass.technique) !== undefined);
    return { pass, cause: stops ? told.refused : null };
  }
  return told.pass ? { pass: openPass(context.config, told.pass), cause: null } : { pass, cause: limitCause(told.admission) };
}
