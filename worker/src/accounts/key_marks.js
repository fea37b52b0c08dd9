// The keys of an account's tokens by their marks: HMACs of what a key is known by, whatever its spelling. A mark
// tells two keys apart and says nothing of them, so it may stand in a pass and in the object of another account.

import { keyNames } from "../platform/handstamp.js";
import { objectName } from "../platform/names.js";

/** @import { Configuration } from "../platform/configuration.js" */
/** @import { AccountDocument, Secret } from "../types.d.ts" */

/**
 * @typedef {object} MarkedKey
 * @property {"verify" | "decrypt"} list
 * @property {number} index
 * @property {boolean} revoked
 * @property {boolean} shared whether its keys are secrets
 * @property {string[]} marks one for each key; none where its secret is not there
 */

/**
 * The mark of a key by one of its names.
 * @param {Configuration} config
 * @param {string} name
 */
export function markOf(config, name) {
  return objectName(config, "key", name);
}

/**
 * @param {Configuration} config
 * @param {AccountDocument} document in normal form
 * @param {Record<string, Secret>} secrets in clear
 * @returns {Promise<MarkedKey[]>}
 */
export function markedKeys(config, document, secrets) {
  return Promise.all(
    keyNames(document, secrets).map(async ({ names, ...key }) => {
      return { ...key, marks: await Promise.all(names.map((name) => markOf(config, name))) };
    }),
  );
}
