// What was done to an account, by whom and when, in the order in which it was done. Entries are only ever added, in the
// same transaction as what they tell of, and go when they are old.

import { Tables, hasTable, rowsOf } from "../tables.js";

const KEPT_DAYS = 400;
const KEPT_MS = KEPT_DAYS * 86_400_000;

const TABLE = `CREATE TABLE IF NOT EXISTS audit (
  id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, kind TEXT NOT NULL, actor TEXT NOT NULL,
  action TEXT NOT NULL, about TEXT, reason TEXT)`;

/** Who does something: a client of the account, one of the operators, or a person. @typedef {{ kind: "client" | "operator" | "person", id: string }} Actor */
/**
 * @typedef {object} Change
 * @property {Actor} actor
 * @property {string} action name of the operation in the API's description
 * @property {string} [about] name or number of what was changed; never a value
 * @property {string} [reason] in the words of who did it
 */
/** @typedef {Change & { id: number, at: number }} Entry */

export class Audit extends Tables {
  /**
   * @param {Change} change
   * @param {number} now milliseconds
   */
  add({ actor, action, about, reason }, now) {
    this.sql.exec(TABLE);
    this.sql.exec(
      "INSERT INTO audit (at, kind, actor, action, about, reason) VALUES (?, ?, ?, ?, ?, ?)",
      now,
      actor.kind,
      actor.id,
      action,
      about ?? null,
      reason ?? null,
    );
  }

  /**
   * @param {{ limit: number, before?: number, after?: number }} page before, after: the id of an entry
   * @param {number} now milliseconds
   * @returns {Entry[]} newest first
   */
  list({ limit, before, after = 0 }, now) {
    const query = "SELECT * FROM audit WHERE at > ? AND id > ? AND (? IS NULL OR id < ?) ORDER BY id DESC LIMIT ?";
    const rows = rowsOf(this.sql, "audit", query, now - KEPT_MS, after, before ?? null, before ?? null, limit);
    return rows.map(({ id, at, kind, actor, action, about, reason }) => ({
      id: Number(id),
      at: Number(at),
      actor: { kind: /** @type {Actor["kind"]} */ (kind), id: String(actor) },
      action: String(action),
      ...(about !== null && { about: String(about) }),
      ...(reason !== null && { reason: String(reason) }),
    }));
  }

  /**
   * Finds the last end that came: an entry of it, after which the name is another customer's.
   * @param {{ isEnding: boolean }} account whether the last end is still to come
   */
  lastEnd({ isEnding }) {
    const turns = "SELECT id, action, LEAD(action) OVER (ORDER BY id) AS next FROM audit WHERE action IN ('deleteAccount', 'restoreAccount')";
    const came = `next = 'deleteAccount'${isEnding ? "" : " OR next IS NULL"}`;
    return Number(rowsOf(this.sql, "audit", `SELECT MAX(id) AS id FROM (${turns}) WHERE action = 'deleteAccount' AND (${came})`)[0]?.id ?? 0);
  }

  /**
   * @param {number} now milliseconds
   * @returns {number | undefined} when the next entry goes
   */
  purge(now) {
    if (!hasTable(this.sql, "audit")) return undefined;
    this.sql.exec("DELETE FROM audit WHERE at <= ?", now - KEPT_MS);
    const { at } = this.sql.exec("SELECT MIN(at) AS at FROM audit").one();
    return at === null ? undefined : Number(at) + KEPT_MS;
  }
}
