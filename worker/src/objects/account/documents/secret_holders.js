// Which accounts hold something sealed, in the operators' object: it is sealed anew after a rotation.

import { Tables, hasTable } from "../../tables.js";

export class SecretHolders extends Tables {
  /** @param {string} account */
  note(account) {
    this.sql.exec("CREATE TABLE IF NOT EXISTS secret_holder (account TEXT PRIMARY KEY)");
    this.sql.exec("INSERT INTO secret_holder (account) VALUES (?) ON CONFLICT DO NOTHING", account);
  }

  /** @param {string} account that has ended */
  drop(account) {
    if (hasTable(this.sql, "secret_holder")) this.sql.exec("DELETE FROM secret_holder WHERE account = ?", account);
  }

  /**
   * In the order of their names, a page at a time. An account of the previous release may be known by its keys alone.
   * @param {string} after this name
   * @param {number} limit
   * @returns {string[]}
   */
  list(after, limit) {
    const tables = ["secret_holder", "signer"].filter((name) => hasTable(this.sql, name));
    if (tables.length === 0) return [];
    const accounts = tables.map((name) => `SELECT account FROM ${name}`).join(" UNION ");
    const rows = this.sql.exec(`SELECT account FROM (${accounts}) WHERE account > ? ORDER BY account LIMIT ?`, after, limit);
    return rows.toArray().map(({ account }) => String(account));
  }
}
