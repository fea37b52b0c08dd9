// Accounts that are to end or have ended, in the operators' object, for the hourly job that ends them. The name of one that
// has ended stays taken for a while: what was under way for it must not reach another customer.

import { Tables, hasTable, rowsOf } from "../tables.js";

const TABLE = `CREATE TABLE IF NOT EXISTS ending (account TEXT PRIMARY KEY, due INTEGER NOT NULL, free INTEGER)`;
/** Longer than the queue keeps a message. */
const NAME_DAYS = 30;
const NAME_MS = NAME_DAYS * 86_400_000;

export class Endings extends Tables {
  /**
   * @param {string} account
   * @param {number} due milliseconds: when it is to end
   */
  note(account, due) {
    this.sql.exec(TABLE);
    this.sql.exec("INSERT INTO ending (account, due) VALUES (?, ?) ON CONFLICT (account) DO UPDATE SET due = excluded.due", account, due);
  }

  /** @param {string} account that goes on */
  drop(account) {
    if (hasTable(this.sql, "ending")) this.sql.exec("DELETE FROM ending WHERE account = ? AND free IS NULL", account);
  }

  /** @param {string} account that has ended @param {number} now milliseconds */
  end(account, now) {
    this.sql.exec("UPDATE ending SET free = ? WHERE account = ? AND free IS NULL", now + NAME_MS, account);
  }

  /** Whether an account of that name has ended, and the name is not free yet. @param {string} account @param {number} now */
  isTaken(account, now) {
    return rowsOf(this.sql, "ending", "SELECT 1 FROM ending WHERE account = ? AND free > ?", account, now).length > 0;
  }

  /**
   * Forgets names that are free again, and lists the accounts that the job has to look at.
   * @param {number} now milliseconds
   * @returns {{ account: string, ended: boolean }[]}
   */
  due(now) {
    if (!hasTable(this.sql, "ending")) return [];
    this.sql.exec("DELETE FROM ending WHERE free <= ?", now);
    const rows = this.sql.exec("SELECT account, free FROM ending WHERE due <= ? ORDER BY due", now).toArray();
    return rows.map(({ account, free }) => ({ account: String(account), ended: free !== null }));
  }
}
