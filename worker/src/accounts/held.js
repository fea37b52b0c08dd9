// Accounts as the routes see them: copies held by the isolate for less than ten seconds, with secrets
// unwrapped and the verifier prepared. Only data is shared between requests, never a promise.

import { frozen } from "../platform/frozen.js";
import { createVerifier, storedAccount, tokenSettings } from "../platform/handstamp.js";
import { markOf } from "./key_marks.js";
import { logFault } from "../platform/log.js";
import { ACCOUNT, CAMPAIGN, objectName } from "../platform/names.js";
import { Refusal } from "../http/problem.js";
import { resealed, unwrapAll } from "./secrets.js";
import { objectNamed } from "../platform/objects.js";
import { under } from "../platform/under.js";

/** @import { Configuration } from "../platform/configuration.js" */
/** @import { AccountDocument, AccountRecord, Campaign, Env, Pass, Secret } from "../types.d.ts" */
/** @import { Verifier } from "../platform/handstamp.js" */

/** A revoked key is refused everywhere within ten seconds; one second is for the way. */
const COPY_MS = 9000;
const COPIES = 200;
/** Key sets are fetched by their objects and installed here. */
const HOSTED = { fetch: /** @type {const} */ (false) };

/**
 * @typedef {object} Held
 * @property {string} name
 * @property {number} revision
 * @property {number} version
 * @property {number} at when it was last known to be current
 * @property {AccountDocument} document
 * @property {Record<string, Secret>} secrets in clear
 * @property {string[]} revoked marks of keys
 * @property {Map<string, Verifier>} verifiers by campaign; "" for those without a mapping of their own
 * @property {Map<string, Verifier>} lenient without the checks that are only reported
 * @property {Verifier} [signatures]
 */

/** @type {Map<string, Held>} */
const copies = new Map();
/** Names without a document and when they were asked; apart, so that guesses push no copy out. @type {Map<string, number>} */
const unknown = new Map();

/**
 * @param {Env} env
 * @param {Configuration} config
 * @param {string} name
 */
export async function accountObject(env, config, name) {
  return objectNamed(config, env.ACCOUNT, await objectName(config, "account", name));
}

/**
 * @param {Env} env
 * @param {Configuration} config
 * @param {string} name
 * @param {{ now: number, fresh?: boolean }} options fresh: ask the object, so that a revocation counts at once
 * @returns {Promise<Held>}
 */
export async function loadAccount(env, config, name, { now, fresh }) {
  if (!ACCOUNT.test(name)) throw new Refusal("account_unknown");
  const copy = copies.get(name);
  if (copy && !fresh && now - copy.at < COPY_MS) return copy;
  if (!fresh && now - (unknown.get(name) ?? -Infinity) < COPY_MS) throw new Refusal("account_unknown");

  const object = await accountObject(env, config, name);
  const record = /** @type {AccountRecord | "unchanged" | null} */ (await object.read(copy?.revision));
  if (record === "unchanged" && copy) {
    copy.at = now;
    return copy;
  }
  if (!record || record === "unchanged") {
    keep(unknown, name, now);
    throw new Refusal("account_unknown");
  }
  const { revision, version, revoked } = record;
  const document = /** @type {AccountDocument} */ (frozen(storedAccount(record.document)));
  const secrets = unwrapAll(config, name, record.secrets);
  /** @type {Held} */
  const held = { name, revision, version, at: now, document, revoked, secrets, verifiers: new Map(), lenient: new Map() };
  keep(copies, name, held);
  const news = resealed(config, name, record.secrets);
  // The hourly job does it too; a participant is not refused because it could not be written.
  if (news.length > 0) await object.reseal(news).catch((/** @type {unknown} */ fault) => logFault("reseal", fault));
  return held;
}

/** Says whether an account is known here without asking its object; its copy may be too old to serve. @param {string} name */
export const isHeld = (name) => copies.has(name);

/** Makes this isolate ask again. @param {string} name */
export function forgetAccount(name) {
  copies.delete(name);
  unknown.delete(name);
}

/**
 * Keeps a value, at the cost of the oldest one.
 * @template T
 * @param {Map<string, T>} map
 * @param {string} name
 * @param {T} value
 */
function keep(map, name, value) {
  map.delete(name);
  map.set(name, value);
  const oldest = map.keys().next().value;
  if (map.size > COPIES && oldest !== undefined) map.delete(oldest);
}

/**
 * @param {Held} held
 * @param {string} campaignId
 * @param {"token" | "oauth" | "anonymous"} [technique] that the campaign must offer
 * @returns {Campaign}
 */
export function campaignOf(held, campaignId, technique) {
  const campaign = CAMPAIGN.test(campaignId) ? under(held.document.campaigns, campaignId) : undefined;
  if (!campaign) throw new Refusal("campaign_unknown");
  if (technique && !campaign.signIn.includes(technique)) throw new Refusal("technique_off");
  return campaign;
}

/**
 * Holds a verified token to this account. A key may serve several accounts, so a token is bound to one by the issuer or
 * audience that the account asks for, or by a campaign of it.
 * @param {Held} held
 * @param {Record<string, unknown>} claims
 */
export function requireBound(held, { campaignId }) {
  const { issuer, audience } = held.document.secureToken ?? {};
  if (campaignId === undefined && (issuer !== undefined || audience !== undefined)) return;
  campaignOf(held, String(campaignId ?? ""), "token");
}

/** Tells whether a campaign has a fact recorded beside the form. @param {Campaign} campaign @param {string} name */
export const records = ({ record }, name) => record.includes(name);

/** Forms as the core reads them, by their campaigns. @type {WeakMap<Campaign, Pick<Campaign, "fields" | "optins">>} */
const forms = new WeakMap();

/**
 * The form of a campaign. It is one object as long as the campaign is, so that the core need not read it again.
 * @param {Campaign} campaign
 */
export function formOf(campaign) {
  const known = forms.get(campaign);
  if (known) return known;
  const form = frozen({ fields: campaign.fields, optins: campaign.optins });
  forms.set(campaign, form);
  return form;
}

/**
 * The prepared keys of an account, with the mapping of a campaign; made once for each revision.
 * @param {Held} held
 * @param {string} campaignId
 * @returns {Promise<Verifier>}
 */
export async function verifierOf(held, campaignId) {
  return prepared(held.verifiers, held, held.document, campaignId);
}

/**
 * @param {Map<string, Verifier>} known
 * @param {Held} held
 * @param {AccountDocument} document
 * @param {string} campaignId
 */
async function prepared(known, held, document, campaignId) {
  const own = under(document.campaigns, campaignId)?.mapping ? campaignId : "";
  const verifier = known.get(own) ?? (await createVerifier(tokenSettings(document, held.secrets, own || undefined), HOSTED));
  known.set(own, verifier);
  return verifier;
}

/**
 * The account's verifier without the checks that are only reported, where there are any.
 * @param {Held} held
 * @param {string} campaignId
 * @returns {Promise<Verifier | undefined>}
 */
export async function lenientVerifierOf(held, campaignId) {
  const { reportOnly, ...demanded } = held.document.secureToken ?? {};
  if (!Array.isArray(reportOnly) || reportOnly.length === 0) return undefined;
  const secureToken = { ...demanded };
  if (reportOnly.includes("expiry")) secureToken.expiry = "optional";
  if (reportOnly.includes("encryption")) secureToken.encryption = "accept";
  if (reportOnly.includes("audience")) delete secureToken.audience;
  return prepared(held.lenient, held, { ...held.document, secureToken }, campaignId);
}

/**
 * The public keys and rules by which a page may look at a token; none where it may not, or where the settings cannot be used.
 * @param {Held} held
 * @param {string} campaignId
 */
export async function firstLookOf(held, campaignId) {
  if (!held.document.secureToken) return null;
  try {
    return ((await lenientVerifierOf(held, campaignId)) ?? (await verifierOf(held, campaignId))).firstLook();
  } catch (fault) {
    // A page is shown all the same; who is admitted hears of it.
    logFault("first look", fault);
    return null;
  }
}

/**
 * Verifies what the account has signed and not encrypted yet.
 * @param {Held} held
 * @returns {Promise<Verifier>}
 */
export async function signatureVerifierOf(held) {
  if (!held.signatures) {
    const { decrypt: _decrypt, encryption: _encryption, ...settings } = tokenSettings(held.document, held.secrets);
    held.signatures = await createVerifier(settings, HOSTED);
  }
  return held.signatures;
}

/**
 * Whether the key that vouched for a pass has been revoked since, or the set that it was fetched with. A pass of the
 * previous release knows the whole source alone.
 * @param {Configuration} config
 * @param {Held} held
 * @param {Pass} pass
 */
export async function isRevoked(config, held, { keyNames = [], keys = [] }) {
  const marks = await Promise.all(keyNames.map((name) => markOf(config, name)));
  const gone = (/** @type {string} */ mark) => held.revoked.includes(mark);
  return marks.some(gone) || (keys.length > 0 && keys.every(gone));
}
