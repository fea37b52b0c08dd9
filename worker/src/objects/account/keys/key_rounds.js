// How far the hourly look at all accounts' keys has come, and which accounts have warnings, in the operators' object.

import { Tables, hasTable, rowsOf } from "../../tables.js";

const TABLES = `
  CREATE TABLE IF NOT EXISTS key_round (one INTEGER PRIMARY KEY CHECK (one = 1), after TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS key_warned (account TEXT PRIMARY KEY);
`;

export class KeyRounds extends Tables {
  /** The account that was looked at last; empty at the start of a round. @returns {string} */
  place() {
    const [row] = rowsOf(this.sql, "key_round", "SELECT after FROM key_round");
    return String(row?.after ?? "");
  }

  /**
   * @param {string} after the account that was looked at last
   * @param {{ account: string, isWarned: boolean }[]} looked
   */
  go(after, looked) {
    this.sql.exec(TABLES);
    this.sql.exec("INSERT INTO key_round (one, after) VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET after = excluded.after", after);
    for (const { account, isWarned } of looked)
      this.sql.exec(isWarned ? "INSERT INTO key_warned (account) VALUES (?) ON CONFLICT DO NOTHING" : "DELETE FROM key_warned WHERE account = ?", account);
  }

  /** @param {string} account that has ended */
  drop(account) {
    if (hasTable(this.sql, "key_warned")) this.sql.exec("DELETE FROM key_warned WHERE account = ?", account);
  }

  /** @param {number} limit @returns {string[]} */
  warned(limit) {
    return rowsOf(this.sql, "key_warned", "SELECT account FROM key_warned ORDER BY account LIMIT ?", limit).map(({ account }) => String(account));
  }
}
