// What can be found out about the keys of an account: certificates that stand for a public key, the ages of secrets, and the key sets that
// it publishes, each through the object that holds its copy. The core judges it.

import { accountObject } from "../accounts/held.js";
import { markedKeys } from "../accounts/key_marks.js";
import { certificateEnd, secretPlaces } from "../platform/handstamp.js";
import { judgeKeys, memberOf } from "../sign_in/connection_rows.js";
import { readKept } from "../sign_in/follow.js";
import { keySetRequest } from "../sign_in/key_sets.js";

/** @import { Held } from "../accounts/held.js" */
/** @import { Configuration } from "../platform/configuration.js" */
/** @import { Sighting } from "../objects/account/keys/key_sightings.js" */
/** @import { Env } from "../types.d.ts" */

const SECOND_MS = 1000;
/** As many as a key set may have. */
const KEYS = 100;

/** @typedef {{ kid?: string, kty?: string, alg?: string, use?: string, usable?: boolean }} PublishedKey */
/** @typedef {{ at: string, mark: string, request: import("../types.d.ts").CoreRequest, algs: string[] | null }} Asked */
/** @typedef {{ at: string, url: string, mark: string, fetchedAt: number, failed?: string, keys: PublishedKey[], ends?: number }} Published fetchedAt: seconds, 0 for none; ends: the first end of its certificates */
/** @typedef {{ at: string, list: "verify" | "decrypt", index: number, marks: string[], method?: string, alg?: string, status: string, secret?: string, written?: number, ends?: number, published?: Published }} Entry times in milliseconds */

/**
 * @param {Env} env
 * @param {Configuration} config
 * @param {Held} held
 * @param {number} now milliseconds
 * @returns {Promise<{ entries: Entry[], secrets: { at: string, name: string, written: number }[], sightings: Sighting[] }>}
 */
export async function findOut(env, config, held, now) {
  const object = await accountObject(env, config, held.name);
  const written = new Map((await object.secretNames()).map(({ name, at }) => [name, at]));
  const marked = await markedKeys(config, held.document, held.secrets);
  const entries = await Promise.all(
    marked.map(async ({ list, index, marks }) => {
      const { method, alg, status = "active", key, keys, url } = /** @type {any} */ (held.document.secureToken)[list][index];
      const at = `/secureToken/${list}/${index}`;
      const secret = key?.secret ?? keys?.secret;
      const isFetched = method === "jwks" && url && status !== "revoked";
      const published = isFetched ? await fetched(env, config, held.name, { at, mark: marks[0] ?? "", request: keySetRequest(url), algs: null }, now) : undefined;
      const ends = published?.ends ?? endOf(typeof key === "string" ? key : held.secrets[secret]?.value);
      return {
        at, list, index, marks, method, alg, status,
        ...(secret && { secret, written: written.get(secret) }),
        ...(ends !== undefined && { ends }),
        ...(published && { published }),
      };
    }),
  );
  const dead = entries.filter(({ status }) => status === "revoked").map(({ at }) => at);
  const secrets = secretPlaces(held.document).flatMap(({ path, name }) => {
    const at = name === undefined ? undefined : written.get(name);
    return name === undefined || at === undefined || dead.some((place) => path.startsWith(`${place}/`)) ? [] : [{ at: path, name, written: at }];
  });
  await note(object, entries.flatMap(({ published }) => published ?? []));
  return { entries, secrets, sightings: await object.keySightings() };
}

/** Notes which keys were seen in the sets. @param {Awaited<ReturnType<typeof accountObject>>} object @param {Published[]} sets */
export async function note(object, sets) {
  for (const set of sets) if (set.fetchedAt > 0) await object.noteKeySet(set.mark, usable(set), set.fetchedAt * SECOND_MS);
}

/** The end of a certificate, milliseconds; nothing for any other key. @param {string} [pem] */
function endOf(pem = "") {
  const end = certificateEnd(pem);
  return end === undefined ? undefined : Date.parse(end);
}

/** The first end of the certificates (x5c) of a set. @param {unknown} keys */
function firstEnd(keys) {
  const certificates = (Array.isArray(keys) ? keys : []).flatMap((key) => (typeof key?.x5c?.[0] === "string" ? [key.x5c[0]] : []));
  const ends = certificates.flatMap((text) => endOf(`-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----`) ?? []);
  return ends.length > 0 ? Math.min(...ends) : undefined;
}

/** @param {Published} published */
const usable = ({ keys }) => keys.flatMap(({ kid, usable: serves }) => (serves && kid ? [kid] : []));

/** @param {Env} env @param {Configuration} config @param {string} account @param {Asked} set @param {number} now @returns {Promise<Published>} */
export async function fetched(env, config, account, { at, mark, request, algs }, now) {
  const { url } = request;
  const { answer, fetchedAt } = await readKept(env, config, account, request, now);
  const { found, code } = judgeKeys(answer, algs, KEYS);
  const failed = answer.failed ?? (answer.status === 200 ? undefined : `status ${answer.status}`) ?? code;
  const serves = answer.failed === undefined && answer.status === 200;
  const ends = firstEnd(memberOf({ answer })?.keys);
  return { at, url, mark, fetchedAt: serves ? fetchedAt : 0, ...(failed && { failed }), ...(ends !== undefined && { ends }), keys: /** @type {PublishedKey[]} */ (found?.keys ?? []) };
}

/**
 * The facts as the core judges them.
 * @param {Awaited<ReturnType<typeof findOut>>} findings
 * @param {Awaited<ReturnType<typeof import("./providers.js").lookAtProviders>>} providers
 * @param {number} now milliseconds
 * @param {number} [ahead] seconds
 */
export function factsOf({ entries, secrets, sightings }, { keySets, metadata }, now, ahead) {
  const seconds = (/** @type {number | undefined} */ time) => (time === undefined ? undefined : Math.floor(time / SECOND_MS));
  const times = (/** @type {{ first?: number, last?: number, used?: number }} */ { first, last, used }) => Object.fromEntries(Object.entries({ first, last, used }).flatMap(([name, time]) => (time === undefined ? [] : [[name, seconds(time)]])));
  return {
    now: Math.floor(now / SECOND_MS),
    certificates: entries.flatMap(({ at, ends, status }) => (ends === undefined || status === "revoked" ? [] : [{ at, ends: Math.max(0, Math.floor(ends / SECOND_MS)) }])),
    secrets: secrets.map(({ at, written }) => ({ at, written: Math.floor(written / SECOND_MS) })),
    keySets: [...entries.flatMap(({ published }) => published ?? []), ...keySets].map((set) => {
      return { at: set.at, fetchedAt: set.fetchedAt, keys: usable(set), seen: sightings.filter(({ mark }) => mark === set.mark).map(({ kid, ...rest }) => ({ kid, ...times(rest) })) };
    }),
    metadata,
    ...(ahead !== undefined && { ahead }),
  };
}
