// Which account verifies tokens with which key. Two accounts with one key accept each other's tokens unless both
// ask for an issuer or an audience of their own; this table, in the operators' object, is where that is seen.

import { hasTable } from "./tables.js";

const TABLE = `CREATE TABLE IF NOT EXISTS signer (
  mark TEXT NOT NULL, account TEXT NOT NULL, issuer TEXT, audience TEXT, PRIMARY KEY (mark, account))`;

/**
 * @typedef {object} Claim
 * @property {string} account
 * @property {string[]} marks of the keys that verify its tokens
 * @property {string | null} issuer
 * @property {string | null} audience
 */

export class Signers {
  /**
   * @param {SqlStorage} sql
   * @param {(work: () => void) => void} transaction
   */
  constructor(sql, transaction) {
    this.sql = sql;
    this.transaction = transaction;
  }

  /**
   * Notes the keys of an account, unless another account's tokens could not be told from its own.
   * @param {Claim} claim
   * @returns {string[]} the marks that stand in the way; none of them says whose
   */
  claim({ account, marks, issuer, audience }) {
    this.sql.exec(TABLE);
    const taken = marks.filter((mark) => this.#mistakable(mark, account, issuer, audience));
    if (taken.length > 0) return taken;
    this.transaction(() => {
      this.sql.exec("DELETE FROM signer WHERE account = ?", account);
      for (const mark of new Set(marks)) {
        this.sql.exec(
          "INSERT INTO signer (mark, account, issuer, audience) VALUES (?, ?, ?, ?)",
          mark,
          account,
          issuer,
          audience,
        );
      }
    });
    return [];
  }

  /**
   * @param {string} mark
   * @param {string} account
   * @param {string | null} issuer
   * @param {string | null} audience
   */
  #mistakable(mark, account, issuer, audience) {
    const apart = "(issuer IS NOT NULL AND issuer <> ?) OR (audience IS NOT NULL AND audience <> ?)";
    const query = `SELECT 1 FROM signer WHERE mark = ? AND account <> ? AND COALESCE(${apart}, 0) = 0 LIMIT 1`;
    return hasTable(this.sql, "signer") && this.sql.exec(query, mark, account, issuer, audience).toArray().length > 0;
  }
}
