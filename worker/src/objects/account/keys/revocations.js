// The marks of revoked keys. A revocation outlives the key's place in the document, so that no older version brings the key back.

import { Tables, rowsOf } from "../../tables.js";

export class Revocations extends Tables {
  /** @param {{ revoked: string[], used: string[] }} marks used: of keys that a document takes into use again @param {number} now */
  note({ revoked, used }, now) {
    this.sql.exec("CREATE TABLE IF NOT EXISTS revoked (mark TEXT PRIMARY KEY, at INTEGER NOT NULL)");
    for (const mark of used) this.sql.exec("DELETE FROM revoked WHERE mark = ?", mark);
    for (const mark of revoked) this.sql.exec("INSERT INTO revoked (mark, at) VALUES (?, ?) ON CONFLICT DO NOTHING", mark, now);
  }

  /** @returns {string[]} */
  marks() {
    return rowsOf(this.sql, "revoked", "SELECT mark FROM revoked").map(({ mark }) => String(mark));
  }
}
