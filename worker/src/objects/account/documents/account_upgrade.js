// What the previous release stored of an account, brought to this one: documents lay open in the table `version`, secrets
// could stand in them, and a secret had no purpose. Documents are sealed, secrets move out of every version into the
// account's namespace, and each stored secret keeps the uses that the newest version which names it makes of it.

import { unwrapSecret, wrapSecret } from "../../../accounts/seals.js";
import { toBase64url } from "../../../platform/bytes.js";
import { secretPlaces } from "../../../platform/handstamp.js";
import { logFault } from "../../../platform/log.js";
import { objectName } from "../../../platform/names.js";
import { at } from "../../../platform/pointer.js";

/** @import { Configuration } from "../../../platform/configuration.js" */
/** @import { SecretPurpose } from "../../../platform/handstamp.js" */
/** @import { Secret } from "../../../types.d.ts" */
/** @import { Versions } from "./versions.js" */

/** @typedef {{ version: number, at: number, source: string, document: any }} Opened */

/**
 * @param {DurableObjectStorage} storage
 * @param {Configuration} config
 * @param {Versions} versions
 * @param {(account: string) => Promise<unknown>} note tells the operators' object that the account holds something sealed
 */
export async function upgradeAccount(storage, config, versions, note) {
  const { sql } = storage;
  /** @type {Opened[]} newest first */
  const opened = sql
    .exec("SELECT version, at, source, document FROM version ORDER BY version DESC")
    .toArray()
    .map((row) => ({ version: Number(row.version), at: Number(row.at), source: String(row.source), document: JSON.parse(String(row.document)) }));
  const account = opened[0]?.document.account;
  if (account !== undefined) await note(account);
  /** @type {Map<string, Secret>} */
  const moved = new Map();
  for (const version of opened) {
    const source = JSON.parse(version.source);
    const inside = [...(await moveOut(config, account, source)), ...(await moveOut(config, account, version.document))];
    if (inside.length > 0) version.source = JSON.stringify(source, null, 2);
    for (const [name, secret] of inside) moved.set(name, secret);
  }
  const purposes = purposesOf(opened);
  const stored = sql.exec("SELECT name, wrapped FROM secret").toArray();
  storage.transactionSync(() => {
    for (const version of opened.toReversed()) versions.add(version);
    for (const { name, wrapped } of stored) {
      const anew = account && withPurposes(config, account, String(wrapped), purposes.get(String(name)) ?? []);
      if (anew) sql.exec("UPDATE secret SET wrapped = ? WHERE name = ?", anew, name);
    }
    for (const [name, secret] of moved)
      sql.exec("INSERT INTO secret (name, wrapped, at) VALUES (?, ?, ?)", name, wrapSecret(config, account, secret), opened[0]?.at ?? 0);
    // What was open is written over, so that no free page of the file keeps it.
    for (const name of ["source", "document"]) sql.exec(`UPDATE version SET ${name} = printf('%.*c', octet_length(${name}), 'x')`);
    sql.exec("DROP TABLE version");
    sql.exec("UPDATE revision SET n = n + 1");
  });
}

/**
 * Puts a name in the place of each secret that stands in a document.
 * @param {Configuration} config
 * @param {string} account
 * @param {any} document
 * @returns {Promise<[name: string, secret: Secret][]>} what has to be stored under these names
 */
async function moveOut(config, account, document) {
  const inside = secretPlaces(document).filter(({ name }) => name === undefined);
  return Promise.all(
    inside.map(async ({ path, purpose }) => {
      const [parent, member] = [path.slice(0, path.lastIndexOf("/")), path.slice(path.lastIndexOf("/") + 1)];
      const entry = /** @type {Record<string, unknown>} */ (at(document, parent));
      const { value, encoding } = asStored(entry[member]);
      // The same secret has one name in all versions, and the name tells nothing of it.
      const mark = await objectName(config, "inline", account, purpose, value);
      const name = `inline.${purpose}.${mark.slice(0, 22)}`;
      entry[member] = { secret: name };
      if (encoding) entry.encoding = encoding;
      return /** @type {[string, Secret]} */ ([name, { value, purposes: [purpose] }]);
    }),
  );
}

/**
 * A secret as the text that is stored. A stored text that is a JWK stands for it, but a shared secret says its encoding.
 * @param {any} secret
 * @returns {{ value: string, encoding?: "base64url" }}
 */
function asStored(secret) {
  if (typeof secret !== "string") return secret.kty === "oct" ? { value: secret.k, encoding: "base64url" } : { value: JSON.stringify(secret) };
  // As it stands, this text would be read as a JWK from now on.
  return secret.trimStart().startsWith("{") ? { value: toBase64url(new TextEncoder().encode(secret)), encoding: "base64url" } : { value: secret };
}

/**
 * The uses of each secret in the newest version that names it.
 * @param {Opened[]} opened newest first
 */
function purposesOf(opened) {
  /** @type {Map<string, SecretPurpose[]>} */
  const purposes = new Map();
  for (const { document } of opened) {
    const places = secretPlaces(document);
    const news = places.flatMap(({ name }) => (name === undefined || purposes.has(name) ? [] : [name]));
    const usesOf = (/** @type {string} */ name) => places.filter((place) => place.name === name).map(({ purpose }) => purpose);
    for (const name of news) purposes.set(name, [...new Set(usesOf(name))]);
  }
  return purposes;
}

/**
 * @param {Configuration} config
 * @param {string} account
 * @param {string} wrapped
 * @param {SecretPurpose[]} purposes
 */
function withPurposes(config, account, wrapped, purposes) {
  try {
    return wrapSecret(config, account, { ...unwrapSecret(config, account, wrapped), purposes });
  } catch (fault) {
    // It was of no use before either: nothing of the ring opens it.
    logFault("upgrade", fault);
    return undefined;
  }
}
