// What we seal: passes, and at rest wrapped secrets, documents and logins. The core does it; here stands what is sealed
// for whom. State is sealed by the login flow itself.

import { oauth } from "../platform/handstamp.js";
import { ACCOUNT } from "../platform/names.js";
import { Refusal } from "../http/problem.js";

/** @import { Configuration } from "../platform/configuration.js" */
/** @import { PassTerms, PreviewTerms } from "../../../pkg/dist/oauth.js" */
/** @import { AccountDocument, Admission, Pass, Secret } from "../types.d.ts" */

/** Longer than any: the largest token's locked values, sealed. */
const PASS_CHARACTERS = 32 * 1024;

/**
 * A secret of an account, for its object to keep.
 * @param {Configuration} config
 * @param {string} account
 * @param {Secret} secret
 */
export function wrapSecret(config, account, { value, purposes }) {
  return oauth.seal("secret", config.ring, account, { value, purposes });
}

/**
 * One that an earlier release stored before any document named it has no purpose.
 * @param {Configuration} config
 * @param {string} account
 * @param {string} wrapped
 * @returns {Secret}
 */
export function unwrapSecret(config, account, wrapped) {
  return { purposes: [], ...oauth.open("secret", config.ring, account, wrapped) };
}

/**
 * A version of an account's document, for its object to keep.
 * @param {Configuration} config
 * @param {string} account
 * @param {object} version
 */
export function sealVersion(config, account, version) {
  return oauth.seal("document", config.ring, account, version);
}

/**
 * @param {Configuration} config
 * @param {string} account
 * @param {string} sealed
 */
export function openVersion(config, account, sealed) {
  return oauth.open("document", config.ring, account, sealed);
}

/**
 * Whether a retiring key has sealed a value. What a newer key than this machine's active one has sealed stays as it is.
 * @param {Configuration} config
 * @param {string} sealed
 */
export function isRetiring({ ring }, sealed) {
  const kid = sealed.split(".")[1];
  return ring.keys.some((key) => key.kid === kid && key.status === "retiring");
}

/**
 * @param {Configuration} config
 * @param {string} account
 * @param {object} value
 */
export function sealFlow(config, account, value) {
  return oauth.seal("flow", config.ring, account, value);
}

/**
 * @param {Configuration} config
 * @param {string} account
 * @param {string} sealed
 * @returns {unknown}
 */
export function openFlow(config, account, sealed) {
  return oauth.open("flow", config.ring, account, sealed);
}

/**
 * The pass of an admission as the frame keeps it: the account's name stands before it, because the seal is bound to it.
 * @param {Configuration} config
 * @param {Admission} admission with its provenance
 * @param {PassTerms} terms
 */
export function issuePass(config, admission, terms) {
  return `${terms.account}:${oauth.issuePass(config.ring, admission, terms)}`;
}

/**
 * The pass of a preview. The link that carries it is good for nothing but trying the campaign out.
 * @param {Configuration} config
 * @param {AccountDocument} document
 * @param {Omit<PreviewTerms, "account">} terms
 */
export function issuePreview(config, document, terms) {
  return `${document.account}:${oauth.issuePreview(config.ring, { ...terms, account: document })}`;
}

/**
 * The same pass, with which nothing is recorded any more: there is no way back.
 * @param {Configuration} config
 * @param {string} text
 */
export function asPreview(config, text) {
  const account = accountOfPass(text) ?? "";
  return `${account}:${oauth.asPreview(config.ring, account, text.slice(account.length + 1))}`;
}

/**
 * Reads the account that a pass says it is for: a claim, until the pass is opened.
 * @param {unknown} text
 */
export function accountOfPass(text) {
  const at = typeof text === "string" && text.length <= PASS_CHARACTERS ? text.indexOf(":") : -1;
  const account = at > 0 ? String(text).slice(0, at) : "";
  return ACCOUNT.test(account) ? account : undefined;
}

/**
 * Opens a pass whatever its age, as a repeated submission gets its answer even after the pass has expired; or only one that is
 * good at a moment.
 * @param {Configuration} config
 * @param {unknown} text
 * @param {{ now: number } | { expired: true }} [options] now: seconds
 * @returns {Pass}
 */
export function openPass(config, text, options = { expired: true }) {
  if (text === undefined || text === null || text === "") throw new Refusal("pass_missing");
  const account = accountOfPass(text);
  if (account === undefined) throw new Refusal("pass_invalid");
  return oauth.openPass(config.ring, account, String(text).slice(account.length + 1), options);
}
