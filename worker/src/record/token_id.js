// The ids by which a pass is good once, its token's or sign-in's and the token's own (`jti`), as the record keeps them:
// keyed marks alone, because customers put names and numbers into both.

import { objectName } from "../platform/names.js";

/** @import { Configuration } from "../platform/configuration.js" */

/** What stands before a `jti` that the previous release kept as it was; a `pid` it kept as the hash that it is. */
const RAW_JTI = "jti:";
const MARK = /^(?:pid|jti)#/;

/** @param {Configuration} config @param {"pid" | "jti"} kind @param {string} id */
const markOf = async (config, kind, id) => `${kind}#${await objectName(config, kind, id)}`;

/**
 * Makes the marks of a pass, and what the previous release kept in their place.
 * @param {Configuration} config
 * @param {{ pid: string, jti?: string }} pass
 */
export async function idsOf(config, { pid, jti }) {
  const raw = [pid, ...(jti === undefined ? [] : [RAW_JTI + jti])];
  return { ids: await Promise.all(raw.map((id) => markOfRaw(config, id))), raw };
}

/** Tells an id of the previous release from a mark. @param {string} id */
export const isRaw = (id) => !MARK.test(id);

/** @param {Configuration} config @param {string} id as the previous release kept it */
export const markOfRaw = (config, id) =>
  id.startsWith(RAW_JTI) ? markOf(config, "jti", id.slice(RAW_JTI.length)) : markOf(config, "pid", id);
