// The keys of an account in time: where each stands in its rotation, since when and until when, which keys its sets publish, when each was
// last used, and the step that comes next.

import { accountObject } from "../accounts/held.js";
import { timeOf } from "../http/answers.js";
import { rotateKeys } from "../platform/handstamp.js";
import { warningEntry } from "../http/problem.js";
import { findOut } from "./findings.js";

/** @import { Held } from "../accounts/held.js" */
/** @import { Configuration } from "../platform/configuration.js" */
/** @import { Warned } from "../objects/account/keys/key_warnings.js" */
/** @import { Env } from "../types.d.ts" */

const SECOND_MS = 1000;
const LISTS = /** @type {const} */ (["verify", "decrypt"]);

/** @param {number | undefined} milliseconds */
const time = (milliseconds) => (milliseconds === undefined ? undefined : timeOf(milliseconds));
/** @param {number | undefined} seconds */
const ofSeconds = (seconds) => (seconds === undefined ? undefined : time(seconds * SECOND_MS));

/**
 * @param {Env} env
 * @param {Configuration} config
 * @param {Held} held
 * @param {number} now milliseconds
 */
export async function timelineOf(env, config, held, now) {
  const object = await accountObject(env, config, held.name);
  const kept = /** @type {{ source: string, version: number } | null} */ (await object.source());
  const document = kept ? JSON.parse(kept.source) : {};
  const { entries, sightings } = await findOut(env, config, held, now);
  const lists = LISTS.flatMap((list) => {
    const { rows, next } = rotateKeys(document, { list, now: Math.floor(now / SECOND_MS) });
    if (rows.length === 0) return [];
    const keys = rows.map((row, index) => {
      const own = entries.find((one) => one.list === list && one.index === index);
      const uses = sightings.filter(({ mark }) => own?.marks.includes(mark)).flatMap(({ used }) => used ?? []);
      const { published } = own ?? {};
      return plain({
        at: `/secureToken/${list}/${index}`,
        name: row.name,
        method: own?.method,
        alg: own?.alg,
        status: row.status,
        since: ofSeconds(row.since),
        until: ofSeconds(row.until),
        need: row.need,
        secret: own?.secret,
        written: time(own?.written),
        ends: time(own?.ends),
        used: uses.length > 0 ? time(Math.max(...uses)) : undefined,
        published: published && plain({
          url: published.url,
          fetchedAt: published.fetchedAt > 0 ? ofSeconds(published.fetchedAt) : undefined,
          failed: published.failed,
          keys: published.keys.map(({ kid, kty, alg, usable }) => {
            const seen = sightings.find((one) => one.mark === published.mark && one.kid === kid);
            return plain({ kid, kty, alg, usable: usable === true, first: time(seen?.first), used: time(seen?.used) });
          }),
        }),
      });
    });
    return [{ list, keys, next: plain({ step: next.step, from: next.from === 0 ? undefined : ofSeconds(next.from) }) }];
  });
  return { version: kept?.version ?? 0, lists, warnings: (await object.keyWarnings()).map(shownWarning) };
}

/** A warning with its sentences. @param {Warned} warning */
export function shownWarning({ code, at, from, got, since }) {
  const { says, how, fix } = warningEntry(code);
  return plain({ code, at, says, how, fix, since: time(since), from: ofSeconds(from), got });
}

/** An object without the members that have no value. @param {Record<string, unknown>} members */
function plain(members) {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
