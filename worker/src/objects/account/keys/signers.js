// Which account verifies tokens with which key. Two accounts with one key accept each other's tokens unless both ask for an
// issuer or an audience of their own; this table, in the operators' object, is where that is seen. A secret that another
// account has is refused: it can sign for both. A public key or a URL is everybody's to name, so the first to name it keeps
// nobody from it: its account is warned.

import { hasTable } from "../../tables.js";

const TABLE = `CREATE TABLE IF NOT EXISTS signer (
  mark TEXT NOT NULL, account TEXT NOT NULL, issuer TEXT, audience TEXT, PRIMARY KEY (mark, account))`;

/**
 * @typedef {object} Claim
 * @property {string} account
 * @property {string[]} marks of the keys that verify its tokens
 * @property {string[]} secret those of them that are marks of secrets
 * @property {string | null} issuer the accepted ones, a line each
 * @property {string | null} audience the same
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
   * Notes the keys of an account, unless another account has one of its secrets.
   * @param {Claim} claim
   * @returns {string[]} the marks of keys of another account whose tokens nothing tells from its own; none of them says whose
   */
  claim({ account, marks, secret, issuer, audience }) {
    this.sql.exec(TABLE);
    const taken = marks.filter((mark) => this.#mistakable(mark, account, issuer, audience));
    if (taken.some((mark) => secret.includes(mark))) return taken;
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
    return taken;
  }

  /** @param {string} account that has ended */
  drop(account) {
    if (hasTable(this.sql, "signer")) this.sql.exec("DELETE FROM signer WHERE account = ?", account);
  }

  /**
   * @param {string} mark
   * @param {string} account
   * @param {string | null} issuer
   * @param {string | null} audience
   */
  #mistakable(mark, account, issuer, audience) {
    const others = this.sql.exec("SELECT issuer, audience FROM signer WHERE mark = ? AND account <> ?", mark, account).toArray();
    return others.some((other) => !areApart(other.issuer, issuer) && !areApart(other.audience, audience));
  }
}

/**
 * Says whether no token fits both; a setting that is not there fits every token.
 * @param {SqlStorageValue} theirs
 * @param {string | null} ours
 */
function areApart(theirs, ours) {
  if (typeof theirs !== "string" || ours === null) return false;
  const accepted = theirs.split("\n");
  return !ours.split("\n").some((value) => accepted.includes(value));
}
