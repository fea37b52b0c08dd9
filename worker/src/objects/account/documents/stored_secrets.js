// The account's secrets, each sealed by the worker: no plain value reaches the object.

import { Tables, hasTable, rowsOf } from "../../tables.js";

/** Far more than rotation needs. */
const SECRETS = 100;

export class StoredSecrets extends Tables {
  /** @param {string} name @returns {boolean} */
  has(name) {
    return this.#rows("SELECT 1 FROM secret WHERE name = ?", name).length > 0;
  }

  /** Whether there is room for one of that name. @param {string} name */
  hasRoom(name) {
    return this.#rows("SELECT 1 FROM secret WHERE name <> ?", name).length < SECRETS;
  }

  /** @param {string} name @param {string} wrapped @param {number} now */
  put(name, wrapped, now) {
    this.sql.exec("CREATE TABLE IF NOT EXISTS secret (name TEXT PRIMARY KEY, wrapped TEXT NOT NULL, at INTEGER NOT NULL)");
    this.sql.exec("INSERT INTO secret (name, wrapped, at) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET wrapped = excluded.wrapped, at = excluded.at", name, wrapped, now);
  }

  /** @param {string} name */
  drop(name) {
    this.sql.exec("DELETE FROM secret WHERE name = ?", name);
  }

  /**
   * Puts secrets in the place of the same ones in an older seal; whatever was written since stays.
   * @param {import("../../../accounts/secrets.js").Resealed[]} news
   * @returns {number} how many were in their place
   */
  reseal(news) {
    const update = "UPDATE secret SET wrapped = ? WHERE name = ? AND wrapped = ?";
    return hasTable(this.sql, "secret") ? news.filter(({ name, before, after }) => this.sql.exec(update, after, name, before).rowsWritten > 0).length : 0;
  }

  /** @returns {Record<string, string>} */
  wrapped() {
    return Object.fromEntries(this.#rows("SELECT name, wrapped FROM secret").map(({ name, wrapped }) => [String(name), String(wrapped)]));
  }

  /** Names and dates, never values. @returns {{ name: string, at: number }[]} */
  list() {
    return this.#rows("SELECT name, at FROM secret ORDER BY name").map(({ name, at }) => ({ name: String(name), at: Number(at) }));
  }

  /** @param {string} query @param {SqlStorageValue[]} values */
  #rows(query, ...values) {
    return rowsOf(this.sql, "secret", query, ...values);
  }
}
