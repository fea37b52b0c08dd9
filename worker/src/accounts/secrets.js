// Secrets of an account: kept wrapped by its object, opened only in an isolate that needs them. A document names one as
// `{ "secret": "NAME" }`, which resolves in the account's own namespace alone, and for the purposes of that secret alone.

import { logFault } from "../platform/log.js";
import { under } from "../platform/under.js";
import { isRetiring, unwrapSecret, wrapSecret } from "./seals.js";

/** @import { Configuration } from "../platform/configuration.js" */
/** @import { SecretPurpose } from "../platform/handstamp.js" */
/** @import { Secret } from "../types.d.ts" */

export const SECRET_NAME = /^[A-Za-z0-9_.-]{1,64}$/;
export const SECRET_CHARACTERS = 8192;

/**
 * The secrets in clear. One whose sealing key is gone is not among them, and is to be written again.
 * @param {Configuration} config
 * @param {string} account
 * @param {Record<string, string>} wrapped
 * @returns {Record<string, Secret>}
 */
export function unwrapAll(config, account, wrapped) {
  const opened = Object.entries(wrapped).flatMap(([name, text]) => {
    try {
      return [/** @type {const} */ ([name, unwrapSecret(config, account, text)])];
    } catch (fault) {
      logFault("secret", fault);
      return [];
    }
  });
  return Object.fromEntries(opened);
}

/**
 * The value of a secret, if there is one and it may be used so.
 * @param {Record<string, Secret>} secrets
 * @param {string} name
 * @param {SecretPurpose} purpose
 */
export function secretFor(secrets, name, purpose) {
  const secret = under(secrets, name);
  return secret?.purposes.includes(purpose) ? secret.value : undefined;
}

/** @typedef {{ name: string, before: string, after: string }} Resealed */

/**
 * The secrets that a retiring key has sealed, sealed anew with the active one.
 * @param {Configuration} config
 * @param {string} account
 * @param {Record<string, string>} wrapped
 * @returns {Resealed[]}
 */
export function resealed(config, account, wrapped) {
  return Object.entries(wrapped)
    .filter(([, before]) => isRetiring(config, before))
    .map(([name, before]) => ({ name, before, after: wrapSecret(config, account, unwrapSecret(config, account, before)) }));
}
