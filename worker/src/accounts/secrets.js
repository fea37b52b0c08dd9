// Secrets of an account: kept wrapped by its object, opened only in an isolate that needs them. A document
// names one as `{ "secret": "NAME" }`, and that resolves in the account's own namespace alone.

import { isObject } from "../http/body.js";
import { below } from "../platform/pointer.js";
import { unwrapSecret, wrapSecret } from "./seals.js";

/** @import { Configuration } from "../platform/configuration.js" */

export const SECRET_NAME = /^[A-Za-z0-9_.-]{1,64}$/;
export const SECRET_CHARACTERS = 8192;

/**
 * @param {Configuration} config
 * @param {string} account
 * @param {Record<string, string>} wrapped
 * @returns {Record<string, string>}
 */
export function unwrapAll(config, account, wrapped) {
  return Object.fromEntries(Object.entries(wrapped).map(([name, text]) => [name, unwrapSecret(config, account, text)]));
}

/** @typedef {{ name: string, before: string, after: string }} Resealed */

/**
 * The secrets that a retiring key has sealed, sealed anew with the active one. What a newer key than this machine's active
 * one has sealed is left as it is.
 * @param {Configuration} config
 * @param {string} account
 * @param {Record<string, string>} wrapped
 * @returns {Resealed[]}
 */
export function resealed(config, account, wrapped) {
  const retiring = config.ring.keys.filter(({ status }) => status === "retiring").map(({ kid }) => kid);
  return Object.entries(wrapped)
    .filter(([, before]) => retiring.includes(before.split(".")[1]))
    .map(([name, before]) => ({ name, before, after: wrapSecret(config, account, unwrapSecret(config, account, before)) }));
}

/**
 * @param {unknown} value
 * @returns {string | undefined} the name, when the value stands for a secret
 */
function secretName(value) {
  return isObject(value) && typeof value.secret === "string" && Object.keys(value).length === 1
    ? value.secret
    : undefined;
}

/**
 * Every reference of a document and where it stands.
 * @param {unknown} value
 * @param {string} [path] JSON Pointer
 * @returns {{ path: string, name: string }[]}
 */
export function secretReferences(value, path = "") {
  const name = secretName(value);
  if (name !== undefined) return [{ path, name }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => secretReferences(item, below(path, key)));
}
