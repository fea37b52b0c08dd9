// When each key of an account was last used, to the hour: written by the isolate that admits a token, after the answer.

import { logFault } from "../platform/log.js";
import { accountObject } from "./held.js";
import { markOf } from "./key_marks.js";

/** @import { Provenance } from "../platform/handstamp.js" */
/** @import { Context } from "../types.d.ts" */

const HOUR_MS = 3_600_000;
const KEYS = 2000;

/** The hour for which a key was noted by this isolate. @type {Map<string, number>} */
const noted = new Map();

/**
 * Notes the key that verified a token. A key of a fetched set is known by its ID.
 * @param {Context} context
 * @param {string} account
 * @param {Provenance} provenance
 * @param {string} [kid] of a token that was verified
 */
export function noteUse(context, account, { keyNames = [] }, kid = "") {
  const url = keyNames.find((name) => name.startsWith("url:"));
  const name = url ?? keyNames[0];
  if (!name || (url && !kid)) return;
  const own = url ? kid : "";
  const key = JSON.stringify([account, name, own]);
  const hour = Math.floor(context.now / HOUR_MS);
  if (noted.get(key) === hour) return;
  if (noted.size >= KEYS) noted.clear();
  noted.set(key, hour);
  context.waitUntil(write(context, account, name, own).catch((fault) => logFault("key use", fault)));
}

/** @param {Context} context @param {string} account @param {string} name @param {string} kid */
async function write({ config, env, now }, account, name, kid) {
  const mark = await markOf(config, name);
  await (await accountObject(env, config, account)).noteKeyUse(mark, kid, now);
}
