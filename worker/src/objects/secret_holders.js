// Which accounts hold secrets, in the operators' object: those secrets are sealed anew after a rotation.

import { hasTable } from "./tables.js";

export class SecretHolders {
  /** @param {SqlStorage} sql */
  constructor(sql) {
    this.sql = sql;
  }

  /** @param {string} account */
  note(account) {
    this.sql.exec("CREATE TABLE IF NOT EXISTS secret_holder (account TEXT PRIMARY KEY)");
    this.sql.exec("INSERT INTO secret_holder (account) VALUES (?) ON CONFLICT DO NOTHING", account);
  }

  /**
   * In the order of their names, a page at a time.
   * @param {string} after this name
   * @param {number} limit
   * @returns {string[]}
   */
  list(after, limit) {
    if (!hasTable(this.sql, "secret_holder")) return [];
    const rows = this.sql.exec("SELECT account FROM secret_holder WHERE account > ? ORDER BY account LIMIT ?", after, limit);
    return rows.toArray().map(({ account }) => String(account));
  }
}
