// Deliveries of an account's webhook that were given up: which participation, in which object, and what the receiver
// said last. Ids and statuses only, so that an erasure need not look here.

import { Tables, hasTable, rowsOf } from "../../tables.js";

const MOST = 10_000;

/** @typedef {{ object: string, participationId: string, at: number, attempts: number, got: string }} DeadLetter */

export class DeadLetters extends Tables {
  /** @param {DeadLetter} letter */
  add({ object, participationId, at, attempts, got }) {
    this.sql.exec(
      "CREATE TABLE IF NOT EXISTS dead_letter (id TEXT PRIMARY KEY, object TEXT NOT NULL, at INTEGER NOT NULL, attempts INTEGER NOT NULL, got TEXT NOT NULL)",
    );
    this.sql.exec(
      "INSERT INTO dead_letter (id, object, at, attempts, got) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (id) DO UPDATE SET at = ?3, attempts = ?4, got = ?5",
      participationId,
      object,
      at,
      attempts,
      got,
    );
    this.sql.exec("DELETE FROM dead_letter WHERE id NOT IN (SELECT id FROM dead_letter ORDER BY at DESC LIMIT ?)", MOST);
  }

  /** @param {number} limit @returns {DeadLetter[]} oldest first */
  list(limit) {
    const rows = rowsOf(this.sql, "dead_letter", "SELECT * FROM dead_letter ORDER BY at, id LIMIT ?", limit);
    return rows.map((row) => ({
      object: String(row.object),
      participationId: String(row.id),
      at: Number(row.at),
      attempts: Number(row.attempts),
      got: String(row.got),
    }));
  }

  /** @param {string[]} ids */
  drop(ids) {
    if (!hasTable(this.sql, "dead_letter")) return;
    for (const id of ids) this.sql.exec("DELETE FROM dead_letter WHERE id = ?", id);
  }
}
