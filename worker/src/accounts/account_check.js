// What a document must stand up to beyond its own text: the secrets it names are there and for this use, its keys can be used, and
// no other account has its secrets. A change that fails here leaves everything as it was.

import { OPERATORS } from "./access.js";
import { accountObject } from "./held.js";
import { isZone, momentOf } from "../platform/calendar.js";
import { at } from "../platform/pointer.js";
import { createVerifier, oauth, secretPlaces, tokenSettings } from "../platform/handstamp.js";
import { under } from "../platform/under.js";
import { Refusal, asRefusal, entry } from "../http/problem.js";

/** @import { MarkedKey } from "./key_marks.js" */
/** @import { AccountDocument, Context, Secret } from "../types.d.ts" */

/** @typedef {{ path: string, code: string, message: string, reason?: string, values?: Record<string, string> }} Fault reason: as one word, by which a page says it in its own language */
/** @typedef {{ code: string, message: string, at: string }} KeyWarning */

/** @param {Fault[]} faults */
export function invalid(faults) {
  return new Refusal("account_invalid", {}, { members: { faults } });
}

/**
 * Passes a document whose keys are then noted as this account's, or refuses it with the place of each fault.
 * @param {Context} context
 * @param {AccountDocument} document in normal form
 * @param {Record<string, Secret>} secrets in clear
 * @param {MarkedKey[]} keys of the document
 * @returns {Promise<KeyWarning[]>} public keys that another account verifies with, too
 */
export async function checkAccount(context, document, secrets, keys) {
  const faults = secretFaults(document, secrets);
  if (faults.length === 0) faults.push(...periodFaults(document), ...(await keyFaults(document, secrets)));
  if (faults.length > 0) throw invalid(faults);
  const found = await keysElsewhere(context, document, keys);
  const secret = found.filter(({ shared }) => shared);
  if (secret.length > 0) throw invalid(secret.map(({ path, code, message }) => ({ path, code, message })));
  return found.map(({ path, code, message }) => ({ code, message, at: path }));
}

/**
 * Finds the places whose secret is not there, or is stored for another purpose.
 * @param {AccountDocument} document
 * @param {Record<string, Secret>} secrets
 * @returns {Fault[]}
 */
export function secretFaults(document, secrets) {
  return secretPlaces(document).flatMap(({ path, name, purpose }) => {
    if (name === undefined) return [];
    const secret = under(secrets, name);
    if (secret?.purposes.includes(purpose)) return [];
    const code = secret ? "secret_purpose" : "secret_unknown";
    const stored = secret?.purposes.join(" and ") || "no purpose";
    const says = secret ? `The secret ${name} is stored for ${stored}, not for ${purpose}.` : `The account has no secret named ${name}.`;
    return [{ path, code, message: `${says} ${entry(code).how}` }];
  });
}

/**
 * Finds zones that the platform does not know, and campaigns that end before they start on the clocks of their zone.
 * @param {AccountDocument} document
 * @returns {Fault[]}
 */
export function periodFaults({ campaigns }) {
  const fault = (/** @type {string} */ id, /** @type {string} */ member, /** @type {string} */ reason, /** @type {string} */ message) => [{ path: `/campaigns/${id}/${member}`, code: "settings_invalid", message, reason, values: {} }];
  return Object.entries(campaigns).flatMap(([id, { starts, ends, timeZone = "UTC" }]) => {
    if (!isZone(timeZone)) return fault(id, "timeZone", "zone", "`timeZone` must be the name of a zone in the IANA database, such as Europe/Brussels.");
    const isBackward = starts && ends && momentOf(starts, timeZone) >= momentOf(ends, timeZone);
    return isBackward ? fault(id, "ends", "order", "`ends` must be later than `starts`.") : [];
  });
}

/**
 * Lists where a document has its secrets sent: those of identity providers' clients, of profile APIs and of the webhook.
 * @param {AccountDocument | null} document in normal form
 */
function sendings(document) {
  return secretPlaces(document ?? {}).flatMap(({ name, path, purpose }) => {
    const to = { client: "oauth", profile: "profileApi", webhook: "webhook" }[String(purpose)];
    if (!to) return [];
    const [place = ""] = new RegExp(`^(?:/campaigns/[^/]+)?/${to}(?=/)`).exec(path) ?? [];
    const settings = /** @type {any} */ (at(document, place));
    const { url, issuer, discovery, endpoints, clientAuth } = settings ?? {};
    // A private key signs, but with another method it is sent itself.
    return [JSON.stringify([name, path, url, issuer, discovery, endpoints, clientAuth?.method])];
  });
}

/**
 * Says whether a document sends a secret where the one in force does not: who may do that can read the secret.
 * @param {AccountDocument | null} before
 * @param {AccountDocument} document
 */
export function sendsElsewhere(before, document) {
  const known = sendings(before);
  return sendings(document).some((sending) => !known.includes(sending));
}

/**
 * Prepares the keys as an admission would, so that an unusable one is refused here and not at the first
 * participant.
 * @param {AccountDocument} document
 * @param {Record<string, Secret>} secrets
 * @returns {Promise<Fault[]>}
 */
async function keyFaults(document, secrets) {
  const faults = [
    document.secureToken && (await faultOf("/secureToken", async () => (await createVerifier(tokenSettings(document, secrets))).close())),
    await faultOf("", () => oauth.checkKeys({ account: document, secrets })),
    ...(await Promise.all(
      Object.entries(document.campaigns).map(async ([campaignId, { oauth: own }]) => own && faultOf(`/campaigns/${campaignId}`, () => oauth.checkKeys({ account: document, secrets, campaignId }))),
    )),
  ];
  return faults.flatMap((fault) => fault ?? []);
}

/**
 * @param {string} place of what is tried
 * @param {() => unknown} attempt
 * @returns {Promise<Fault | undefined>}
 */
async function faultOf(place, attempt) {
  try {
    await attempt();
    return undefined;
  } catch (fault) {
    const { code, detail } = asRefusal(fault);
    const { says, how } = entry(code);
    const found = [detail.expected && `Expected ${detail.expected}.`, detail.got && `Got ${detail.got}.`]
      .filter(Boolean)
      .join(" ");
    return { path: `${place}${detail.at ?? ""}`, code, message: [says, found, how].filter(Boolean).join(" ") };
  }
}

/**
 * @param {Context} context
 * @param {AccountDocument} document
 * @param {MarkedKey[]} keys
 * @returns {Promise<(Fault & { shared: boolean })[]>}
 */
async function keysElsewhere({ env, config }, { account, secureToken }, keys) {
  const used = keys.filter(({ list, revoked }) => list === "verify" && !revoked);
  // The core takes values of one line only.
  const lines = (/** @type {unknown} */ accepted) => (accepted === undefined ? null : [accepted].flat().join("\n"));
  const operators = await accountObject(env, config, OPERATORS);
  const taken = await operators.claimKeys({
    account,
    marks: used.flatMap(({ marks }) => marks),
    secret: used.flatMap(({ marks, shared }) => (shared ? marks : [])),
    issuer: lines(secureToken?.issuer),
    audience: lines(secureToken?.audience),
  });
  const { says, how } = entry("key_elsewhere");
  return used
    .filter(({ marks }) => marks.some((mark) => taken.includes(mark)))
    .map(({ index, shared }) => ({ path: `/secureToken/verify/${index}`, code: "key_elsewhere", message: `${says} ${how}`, shared }));
}
