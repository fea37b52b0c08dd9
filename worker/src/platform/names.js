// Names of objects. A name is an HMAC over what the object is about, so that no list of names ever tells
// who took part in what.

import { hmacSha256, toBase64url } from "./bytes.js";

/** @import { Configuration } from "./configuration.js" */

/**
 * @param {Configuration} config
 * @param {"account" | "participant" | "person" | "login" | "draft" | "key_set" | "key" | "link" | "code" | "metrics" | "profile" | "counter" | "inline" | "jti" | "pid" | "challenge"} kind
 * @param {string[]} parts in JSON, so that no two lists of parts run together
 */
export async function objectName(config, kind, ...parts) {
  return toBase64url(await hmacSha256(config.nameKey, JSON.stringify([kind, ...parts])));
}

/** Account names: short, lower case, fit for an address. */
export const ACCOUNT = /^[a-z0-9][a-z0-9_-]{0,31}$/;
/** Campaign ids: no dot, so that `/campaign/…` never hides a static file. */
export const CAMPAIGN = /^[A-Za-z0-9_-]{1,32}$/;
/** SHA-256 or 32 random bytes in base64url. */
export const DIGEST = /^[A-Za-z0-9_-]{43}$/;
/** Names a page that is checked from the console: 16 random bytes in base64url. */
export const TRAIL = /^[\w-]{22}$/;
/** The id of a sign-in and its secret; a ticket of the previous release has no id. */
export const TICKET = /^(?:[A-Za-z0-9_-]{16}\.)?[A-Za-z0-9_-]{43}$/;
/** Steps of a campaign: the published names. */
export const STEPS = ["intro", "questions", "identityset", "exit", "sorry"];
/** Languages as the accounts write them. */
export const LANGUAGE = /^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/;
