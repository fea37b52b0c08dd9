// When the account ends, and who began it: until then it takes nothing, and can be taken back.

import { Tables, rowsOf } from "../tables.js";

export class AccountEnd extends Tables {
  /** @returns {{ at: number, kind: string } | null} kind: of the actor; null as long as nobody wants it to end */
  read() {
    const [row] = rowsOf(this.sql, "account_end", "SELECT at, kind FROM account_end");
    return row ? { at: Number(row.at), kind: String(row.kind) } : null;
  }

  /** @param {number} until milliseconds @param {string} kind */
  begin(until, kind) {
    this.sql.exec("CREATE TABLE IF NOT EXISTS account_end (one INTEGER PRIMARY KEY CHECK (one = 1), at INTEGER NOT NULL, kind TEXT NOT NULL)");
    this.sql.exec("INSERT INTO account_end (one, at, kind) VALUES (1, ?, ?)", until, kind);
  }

  takeBack() {
    this.sql.exec("DELETE FROM account_end");
  }

  /** Takes away every table but the audit list. */
  end() {
    const tables = this.sql.exec("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '\\_cf%' ESCAPE '\\' AND name <> 'audit'").toArray();
    for (const { name } of tables) this.sql.exec(`DROP TABLE "${name}"`);
  }
}
