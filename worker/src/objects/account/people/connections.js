// Who may try out an account's connection to its identity provider: links for five minutes, good once, and the half hour
// that one of them opens. Only hashes are kept.

import { Tables, rowsOf } from "../../tables.js";

const TABLE = `CREATE TABLE IF NOT EXISTS connection (
  hash TEXT PRIMARY KEY, kind TEXT NOT NULL, until INTEGER NOT NULL)`;
export const LINK_MS = 5 * 60 * 1000;
export const SESSION_MS = 30 * 60 * 1000;

export class Connections extends Tables {
  /** @param {string} hash of a new link @param {number} now */
  open(hash, now) {
    this.sql.exec(TABLE);
    this.sql.exec("DELETE FROM connection WHERE until <= ?", now);
    this.#put(hash, "link", now + LINK_MS);
  }

  /**
   * Trades a link for a session; the link is gone then.
   * @param {string} link hash
   * @param {string} session hash
   * @param {number} now
   */
  trade(link, session, now) {
    if (!this.#holds(link, "link", now)) return false;
    this.sql.exec("DELETE FROM connection WHERE hash = ?", link);
    this.#put(session, "session", now + SESSION_MS);
    return true;
  }

  /** @param {string} session hash @param {number} now */
  isOpen(session, now) {
    return this.#holds(session, "session", now);
  }

  /** @param {string} hash @param {"link" | "session"} kind @param {number} now */
  #holds(hash, kind, now) {
    return rowsOf(this.sql, "connection", "SELECT 1 FROM connection WHERE hash = ? AND kind = ? AND until > ?", hash, kind, now).length > 0;
  }

  /** @param {string} hash @param {string} kind @param {number} until */
  #put(hash, kind, until) {
    this.sql.exec("INSERT INTO connection (hash, kind, until) VALUES (?, ?, ?)", hash, kind, until);
  }
}
