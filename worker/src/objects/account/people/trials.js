// What the last trial of an account's sign-in brought: steps, and claims by place, type and length, for the console to make a
// mapping of. Values never come here; it is gone after half an hour.

import { Tables, hasTable } from "../../tables.js";

export const TRIAL_MS = 30 * 60 * 1000;
const TABLE = "CREATE TABLE IF NOT EXISTS trial (one INTEGER PRIMARY KEY CHECK (one = 1), body TEXT NOT NULL, at INTEGER NOT NULL)";

export class Trials extends Tables {
  /** @param {object} body @param {number} now */
  keep(body, now) {
    this.sql.exec(TABLE);
    this.sql.exec("INSERT INTO trial (one, body, at) VALUES (1, ?, ?) ON CONFLICT (one) DO UPDATE SET body = excluded.body, at = excluded.at", JSON.stringify(body), now);
  }

  /** @param {number} now @returns {{ at: number, body: string } | null} body: JSON */
  read(now) {
    if (!hasTable(this.sql, "trial")) return null;
    this.sql.exec("DELETE FROM trial WHERE at <= ?", now - TRIAL_MS);
    const [row] = this.sql.exec("SELECT body, at FROM trial").toArray();
    return row ? { at: Number(row.at), body: String(row.body) } : null;
  }
}
