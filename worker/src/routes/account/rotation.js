// GET and POST /v1/accounts/{account}/keys: where the keys of an account stand, and the next step of their rotation. Which step may
// be taken is the core's rule, the same that `handstamp keys rotate` asks.

import { changeOf, grantOf, holdTo } from "../../accounts/access.js";
import { newKeyPair } from "../../accounts/encryption.js";
import { loadAccount } from "../../accounts/held.js";
import { SECRET_CHARACTERS } from "../../accounts/secrets.js";
import { wrapSecret } from "../../accounts/seals.js";
import { json, timeOf } from "../../http/answers.js";
import { Refusal } from "../../http/problem.js";
import { timelineOf } from "../../keys/timeline.js";
import { random, toBase64url } from "../../platform/bytes.js";
import { rotateKeys } from "../../platform/handstamp.js";
import { accountOfPath, put, untilWritten } from "./accounts.js";

/** @import { RotationRequest } from "../../schemas/account.js" */
/** @import { Asked, Handler } from "../../types.d.ts" */
/** @import { TurnedKeys } from "../../platform/handstamp.js" */

/** @type {Handler} */
export async function listKeys(context) {
  const { config, env, now, params } = context;
  const held = await loadAccount(env, config, params.account, { now, fresh: true });
  return json({ account: held.name, asOf: timeOf(now), ...(await timelineOf(env, config, held, now)) });
}

/** @param {Asked<typeof RotationRequest>} context */
export async function rotate(context) {
  const { object, account } = await accountOfPath(context);
  holdTo(grantOf(context), ["accounts:write"]);
  const { body: { list, step, key, material, waited, name, reason }, now } = context;
  const turn = { list, step, now: Math.floor(now / 1000), ...(key && { key }), ...(waited && { waited }) };
  const read = async () => {
    const kept = /** @type {{ source: string } | null} */ (await object.source());
    if (!kept) throw new Refusal("account_unknown");
    return JSON.parse(kept.source);
  };
  const current = await read();
  const taken = step === "add" ? await takenNames(object, rotateKeys(current, { list, now: turn.now })) : [];
  const id = step === "add" ? (name ?? freeName(taken, now)) : undefined;
  // Judged first: a key that may not come is not made.
  const { need } = rotateKeys(current, { ...turn, ...(id && { id }) });
  if (id && [id, need?.secret].some((one) => one && taken.includes(one))) throw nameTaken();
  const fresh = need && (await make(need, String(id), material));
  if (fresh?.stored && need?.secret) {
    const secret = { value: fresh.stored, purposes: [list] };
    const stored = await object.addSecret(need.secret, wrapSecret(context.config, account, secret), now, changeOf(context, { about: need.secret }));
    // Another add at the same moment came first.
    if (stored === "taken") throw nameTaken();
    if (stored === "full") throw new Refusal("body_invalid", { at: "/list", expected: "room for one more secret: delete one that is not used" });
  }
  const placed = fresh && { id, material: fresh.stored ? { secret: need?.secret } : fresh.material };
  const why = reason ?? [`${step} ${id ?? key ?? ""}`.trim(), list].join(", ");
  const written = await untilWritten(context, object, async (before, over) => {
    const document = await read();
    document.secureToken[list] = rotateKeys(document, { ...turn, ...placed }).keys;
    return put(context, object, before, { source: JSON.stringify(document, null, 2), reason: why, over });
  }).catch(async (fault) => {
    if (fresh?.stored && need?.secret) await object.dropSecret(need.secret, now, changeOf(context, { about: need.secret }));
    throw fault;
  });
  return json({ .../** @type {object} */ (await written.json()), ...(id && { name: id }), ...fresh?.shown });
}

const nameTaken = () => new Refusal("body_invalid", { at: "/name", expected: "a name that no key and no secret has" });

/**
 * The names of keys and secrets, so that a new one takes no other's place.
 * @param {Awaited<ReturnType<typeof accountOfPath>>["object"]} object
 * @param {TurnedKeys} turned
 * @returns {Promise<string[]>}
 */
async function takenNames(object, { rows }) {
  const secrets = /** @type {{ name: string }[]} */ (await object.secretNames());
  return [...rows, ...secrets].map(({ name }) => name);
}

/** The day, and a number where a key or the secret of one has that name. @param {string[]} taken @param {number} now */
function freeName(taken, now) {
  const day = new Date(now).toISOString().slice(0, 10);
  const isFree = (/** @type {string} */ name) => !taken.some((one) => one === name || one.endsWith(`.${name}`));
  return [day, ...taken.map((_, index) => `${day}-${index + 2}`)].find(isFree) ?? day;
}

/**
 * Makes the material of a new key, or takes what the customer has made.
 * @param {NonNullable<TurnedKeys["need"]>} need
 * @param {string} id
 * @param {unknown} material
 * @returns {Promise<{ stored?: string, material?: unknown, shown?: { secret?: string, public?: object } }>} stored: a secret; shown: once
 */
async function make({ kind, bytes = 32, alg = "" }, id, material) {
  if (kind === "secret") {
    if (material !== undefined && (typeof material !== "string" || material === "" || material.length > SECRET_CHARACTERS)) throw new Refusal("body_invalid", { at: "/material", expected: `a secret in base64url of at most ${SECRET_CHARACTERS} characters` });
    if (typeof material === "string") return { stored: material };
    const value = toBase64url(random(bytes));
    return { stored: value, shown: { secret: value } };
  }
  if (kind === "key_pair") {
    const pair = await newKeyPair(alg, id);
    return { stored: JSON.stringify(pair.private), shown: { public: pair.public } };
  }
  const expected = kind === "key_set" ? "the key set that the customer has made" : "the public key that the customer has made";
  if (material === undefined) throw new Refusal("body_invalid", { at: "/material", expected, got: "nothing" });
  return { material };
}
