// What a participant's object still owes the account's webhook. A row holds an id and a time, never a form: the
// participation itself is read when it is sent, so that what has been erased is not sent either.

import { Tables, hasTable, rowsOf } from "../tables.js";

/** Waits after each failed attempt, seconds; after the last one the row is dead until somebody replays it. */
export const WAITS = [5, 30, 120, 600, 1800, 3600, 7200, 21_600, 43_200, 86_400];
/** Rows per sending: each may take three seconds. */
const BATCH = 3;

export class Deliveries extends Tables {
  /** @param {string} id of the participation @param {number} now */
  add(id, now) {
    this.sql.exec(
      "CREATE TABLE IF NOT EXISTS delivery (id TEXT PRIMARY KEY, attempts INTEGER NOT NULL, due INTEGER NOT NULL, dead INTEGER NOT NULL)",
    );
    this.sql.exec("INSERT INTO delivery (id, attempts, due, dead) VALUES (?, 0, ?, 0)", id, now);
  }

  /**
   * What is due, with the next attempt booked: a crash while sending only brings it forward.
   * @param {number} now
   * @returns {{ id: string, attempts: number }[]}
   */
  take(now) {
    const rows = rowsOf(this.sql, "delivery", "SELECT id, attempts FROM delivery WHERE dead = 0 AND due <= ? ORDER BY due LIMIT ?", now, BATCH);
    return rows.map(({ id, attempts }) => {
      const wait = (WAITS[Number(attempts)] ?? 0) * 1000;
      this.sql.exec("UPDATE delivery SET attempts = attempts + 1, due = ? WHERE id = ?", now + wait, String(id));
      return { id: String(id), attempts: Number(attempts) + 1 };
    });
  }

  /** @param {string} id */
  done(id) {
    if (this.#exists()) this.sql.exec("DELETE FROM delivery WHERE id = ?", id);
  }

  /** @param {string} id */
  bury(id) {
    this.sql.exec("UPDATE delivery SET dead = 1 WHERE id = ?", id);
  }

  /** @param {string[]} ids @param {number} now @returns {string[]} those that were dead and live again */
  revive(ids, now) {
    if (!this.#exists()) return [];
    return ids.filter(
      (id) => this.sql.exec("UPDATE delivery SET dead = 0, attempts = 0, due = ? WHERE id = ? AND dead = 1", now, id).rowsWritten > 0,
    );
  }

  /** When the next one is due. @returns {number | undefined} */
  next() {
    const at = rowsOf(this.sql, "delivery", "SELECT MIN(due) AS at FROM delivery WHERE dead = 0")[0]?.at ?? null;
    return at === null ? undefined : Number(at);
  }

  #exists() {
    return hasTable(this.sql, "delivery");
  }
}
