// A table whose rows have a sealed content beside what they are found by. The seal is bound to the account's name, which stands in
// each row: the object is not told its own.

import { isRetiring, openVersion, sealVersion } from "../../../accounts/seals.js";
import { rowsOf } from "../../tables.js";

/** @import { Configuration } from "../../../platform/configuration.js" */
/** @typedef {Record<string, SqlStorageValue>} Row */

export class SealedRows {
  /** @param {SqlStorage} sql @param {Configuration} config @param {string} table with the columns `account` and `sealed` */
  constructor(sql, config, table) {
    this.sql = sql;
    this.config = config;
    this.table = table;
  }

  /** Finds rows; none before the first is written. @param {string} [rest] of the query @param {SqlStorageValue[]} values @returns {Row[]} */
  find(rest = "", ...values) {
    return rowsOf(this.sql, this.table, `SELECT rowid AS place, * FROM ${this.table} ${rest}`, ...values);
  }

  /** @param {string} account @param {Record<string, unknown>} content */
  seal(account, content) {
    return sealVersion(this.config, account, content);
  }

  /** @param {Row} row @returns {any} its content */
  open({ account, sealed }) {
    return openVersion(this.config, String(account), String(sealed));
  }

  /** Says whether a row is sealed by a key that retires. @param {Row} row */
  isOld({ sealed }) {
    return isRetiring(this.config, String(sealed));
  }

  /** Seals anew what a retiring key has sealed. @returns {number} how many */
  reseal() {
    const old = this.find().filter((row) => this.isOld(row));
    for (const row of old) this.sql.exec(`UPDATE ${this.table} SET sealed = ? WHERE rowid = ?`, this.seal(String(row.account), this.open(row)), row.place);
    return old.length;
  }
}
