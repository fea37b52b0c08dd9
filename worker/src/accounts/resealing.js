// After a rotation of the sealing keys: what an account keeps for good, its secrets and documents, is sealed with the active
// key, so that the key of before can go. Once an hour for all accounts; the secrets of one whenever it is read.

import { OPERATORS } from "./access.js";
import { accountObject } from "./held.js";
import { configuration } from "../platform/configuration.js";
import { logFault } from "../platform/log.js";
import { resealed } from "./secrets.js";

/** @import { Env } from "../types.d.ts" */

const PAGE = 100;

/**
 * @param {Env} env
 * @returns {Promise<{ accounts: number, resealed: number, documents: number, failed: number }>} failed: nothing of the ring opens a secret or a document
 */
export async function reseal(env) {
  const config = configuration(env);
  const done = { accounts: 0, resealed: 0, documents: 0, failed: 0 };
  const operators = await accountObject(env, config, OPERATORS);
  for (let after = "", more = true; more; ) {
    /** @type {string[]} */
    const names = await operators.secretHolders(after, PAGE);
    for (const name of names) {
      done.accounts += 1;
      try {
        const object = await accountObject(env, config, name);
        done.documents += await object.resealVersions();
        const news = resealed(config, name, await object.wrappedSecrets());
        if (news.length > 0) done.resealed += await object.reseal(news);
      } catch (fault) {
        logFault("reseal", fault);
        done.failed += 1;
      }
    }
    [after, more] = [names.at(-1) ?? "", names.length === PAGE];
  }
  return done;
}
