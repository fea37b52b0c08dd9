// The versions of an account's document, each sealed: as it was sent, and with its defaults filled in.

import { logFault } from "../../../platform/log.js";
import { SealedRows } from "./sealed_rows.js";

/** @import { Configuration } from "../../../platform/configuration.js" */
/** @import { AccountDocument } from "../../../types.d.ts" */
/** @import { Actor } from "../audit.js" */

/** Versions kept for a rollback. */
const KEPT = 100;
const TABLE = `CREATE TABLE IF NOT EXISTS sealed_version (
  version INTEGER PRIMARY KEY, at INTEGER NOT NULL, account TEXT NOT NULL, sealed TEXT NOT NULL)`;

/** Who wrote a version, and why; nothing where it was written before that was noted. @typedef {{ author?: Actor, reason?: string }} Authorship */
/** @typedef {{ version: number, at: number, source: string, document: AccountDocument } & Authorship} Version */

export class Versions extends SealedRows {
  /** @param {SqlStorage} sql @param {Configuration} config */
  constructor(sql, config) {
    super(sql, config, "sealed_version");
  }

  /**
   * @param {number} [version] the current one without
   * @returns {Version | null}
   */
  read(version) {
    const wanted = version ?? null;
    const [row] = this.find("WHERE ? IS NULL OR version = ? ORDER BY version DESC LIMIT 1", wanted, wanted);
    if (!row) return null;
    if (this.isOld(row)) this.reseal();
    return { version: Number(row.version), at: Number(row.at), ...this.open(row) };
  }

  /** The current one; nothing where the key that sealed it is gone, and it is to be written again. @returns {Version | null} */
  current() {
    try {
      return this.read();
    } catch (fault) {
      logFault("versions", fault);
      return null;
    }
  }

  /** @returns {({ version: number, at: number } & Authorship)[]} newest first */
  list() {
    return this.find("ORDER BY version DESC").map((row) => ({ version: Number(row.version), at: Number(row.at), ...this.#authorship(row) }));
  }

  /** @returns {{ version: number, at: number } | null} */
  newest() {
    const [row] = this.find("ORDER BY version DESC LIMIT 1");
    return row ? { version: Number(row.version), at: Number(row.at) } : null;
  }

  /** The campaigns of every version: each may have a counter. @returns {string[]} */
  campaignIds() {
    const documents = this.find().map((row) => /** @type {Version} */ (this.open(row)).document);
    return [...new Set(documents.flatMap(({ campaigns }) => Object.keys(campaigns ?? {})))];
  }

  /** @param {import("./sealed_rows.js").Row} row @returns {Authorship} nothing where the key that sealed it is gone */
  #authorship(row) {
    try {
      const { author, reason } = this.open(row);
      return { ...(author && { author }), ...(reason && { reason }) };
    } catch (fault) {
      logFault("versions", fault);
      return {};
    }
  }

  /** @param {Version} version */
  add({ version, at, source, document, author, reason }) {
    this.sql.exec(TABLE);
    const { account } = document;
    const sealed = this.seal(account, { source, document, author, reason });
    this.sql.exec("INSERT INTO sealed_version (version, at, account, sealed) VALUES (?, ?, ?, ?)", version, at, account, sealed);
    this.sql.exec("DELETE FROM sealed_version WHERE version <= ?", version - KEPT);
  }
}
