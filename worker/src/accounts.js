// Accounts as the routes see them: copies held by the isolate for less than ten seconds, with secrets
// unwrapped and the verifier prepared. Only data is shared between requests, never a promise.

import { sha256, toBase64url } from "./bytes.js";
import { createVerifier } from "./handstamp.js";
import { ACCOUNT, CAMPAIGN, objectName } from "./names.js";
import { Refusal } from "./problem.js";
import { resolveSecrets, unwrapAll } from "./secrets.js";

/** @import { Configuration } from "./configuration.js" */
/** @import { AccountDocument, AccountRecord, Campaign, Env } from "./types.d.ts" */
/** @import { TokenSettings, Verifier } from "./handstamp.js" */

/** A revoked key is refused everywhere within ten seconds; one second is for the way. */
const COPY_MS = 9000;
const COPIES = 200;

/**
 * @typedef {object} Held
 * @property {string} name
 * @property {number} revision
 * @property {number} version
 * @property {number} at when it was last known to be current
 * @property {AccountDocument} document
 * @property {Record<string, string>} secrets in clear
 * @property {Verifier} [verifier]
 * @property {string[]} [sources] fingerprints of the verifier's key sources
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
  return env.ACCOUNT.get(env.ACCOUNT.idFromName(await objectName(config, "account", name)));
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
  const { revision, version, document } = record;
  const held = { name, revision, version, at: now, document, secrets: unwrapAll(config, name, record.secrets) };
  keep(copies, name, held);
  return held;
}

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
  const campaign =
    CAMPAIGN.test(campaignId) && Object.hasOwn(held.document.campaigns, campaignId)
      ? held.document.campaigns[campaignId]
      : undefined;
  if (!campaign) throw new Refusal("campaign_unknown");
  if (technique && !campaign.signIn.includes(technique)) throw new Refusal("technique_off");
  return campaign;
}

/**
 * The account's token settings as the core reads them: no revoked source, no bookkeeping of ours, secrets
 * in place.
 * @param {AccountDocument} document
 * @param {Record<string, string>} secrets
 */
export function tokenSettings(document, secrets) {
  if (!document.secureToken) throw new Refusal("technique_off");
  const { verify, decrypt, ...rest } = document.secureToken;
  const mapping = rest.mapping ?? document.mapping;
  const settings = {
    ...rest,
    verify: sources(verify).map(plain),
    ...(decrypt !== undefined && { decrypt: sources(decrypt).map(plain) }),
    ...(mapping !== undefined && { mapping }),
  };
  return /** @type {TokenSettings} */ (resolveSecrets(settings, secrets));
}

/** @typedef {Record<string, unknown> & { id?: string, status?: string }} Source */

/** @param {unknown} value @returns {Source[]} */
const all = (value) => /** @type {Source[]} */ (Array.isArray(value) ? value : value === undefined ? [] : [value]);

/** @param {unknown} value */
const sources = (value) => all(value).filter((source) => source.status !== "revoked");

/** @param {Source} source */
function plain({ id: _id, status: _status, ...settings }) {
  return settings;
}

/**
 * What a key source is known by after its document has changed.
 * @param {Source} source
 */
async function fingerprint(source) {
  return toBase64url(await sha256(JSON.stringify(source.id ?? plain(source)))).slice(0, 22);
}

/**
 * The prepared keys of an account; made once for each revision.
 * @param {Held} held
 * @returns {Promise<{ verifier: Verifier, sources: string[] }>}
 */
export async function verifierOf(held) {
  held.verifier ??= await createVerifier(tokenSettings(held.document, held.secrets));
  held.sources ??= await Promise.all(sources(held.document.secureToken?.verify).map(fingerprint));
  return { verifier: held.verifier, sources: held.sources };
}

/**
 * Whether the key source that vouched for a pass has been revoked since.
 * @param {AccountDocument} document
 * @param {string | undefined} key fingerprint in the pass
 */
export async function isRevoked(document, key) {
  if (!key) return false;
  const revoked = all(document.secureToken?.verify).filter((source) => source.status === "revoked");
  return (await Promise.all(revoked.map(fingerprint))).includes(key);
}
