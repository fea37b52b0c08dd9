// A token's own id (`jti`) as the record keeps it: customers put names and numbers there, so that only a keyed mark of it
// rests.

import { objectName } from "../platform/names.js";

/** @import { Configuration } from "../platform/configuration.js" */

/** What stands before an id that the previous release kept as it was. */
export const RAW = "jti:";

/** @param {Configuration} config @param {string} jti */
export async function markOf(config, jti) {
  return `jti#${await objectName(config, "jti", jti)}`;
}
