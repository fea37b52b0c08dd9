// The versions of an account's document, each sealed: as it was sent, and with its defaults filled in.

import { isRetiring, openVersion, sealVersion } from "../../accounts/seals.js";
import { logFault } from "../../platform/log.js";
import { hasTable } from "../tables.js";

/** @import { Configuration } from "../../platform/configuration.js" */
/** @import { AccountDocument } from "../../types.d.ts" */
/** @import { Actor } from "./audit.js" */

/** Versions kept for a rollback. */
const KEPT = 100;
/** The account's name is what the seal is bound to; the object is not told its own. */
const TABLE = `CREATE TABLE IF NOT EXISTS sealed_version (
  version INTEGER PRIMARY KEY, at INTEGER NOT NULL, account TEXT NOT NULL, sealed TEXT NOT NULL)`;

/** Who wrote a version, and why; nothing where it was written before that was noted. @typedef {{ author?: Actor, reason?: string }} Authorship */
/** @typedef {{ version: number, at: number, source: string, document: AccountDocument } & Authorship} Version */

export class Versions {
  /**
   * @param {SqlStorage} sql
   * @param {Configuration} config
   */
  constructor(sql, config) {
    this.sql = sql;
    this.config = config;
  }

  /**
   * @param {number} [version] the current one without
   * @returns {Version | null}
   */
  read(version) {
    const wanted = version ?? null;
    const query = "SELECT * FROM sealed_version WHERE ? IS NULL OR version = ? ORDER BY version DESC LIMIT 1";
    const [row] = this.#exists() ? this.sql.exec(query, wanted, wanted).toArray() : [];
    if (!row) return null;
    if (isRetiring(this.config, String(row.sealed))) this.reseal();
    return { version: Number(row.version), at: Number(row.at), ...openVersion(this.config, String(row.account), String(row.sealed)) };
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
    const rows = this.#exists() ? this.sql.exec("SELECT * FROM sealed_version ORDER BY version DESC").toArray() : [];
    return rows.map((row) => ({ version: Number(row.version), at: Number(row.at), ...this.#authorship(row) }));
  }

  /** @returns {{ version: number, at: number } | null} */
  newest() {
    const [row] = this.#exists() ? this.sql.exec("SELECT version, at FROM sealed_version ORDER BY version DESC LIMIT 1").toArray() : [];
    return row ? { version: Number(row.version), at: Number(row.at) } : null;
  }

  /** @param {Record<string, SqlStorageValue>} row @returns {Authorship} nothing where the key that sealed it is gone */
  #authorship({ account, sealed }) {
    try {
      const { author, reason } = openVersion(this.config, String(account), String(sealed));
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
    const sealed = sealVersion(this.config, account, { source, document, author, reason });
    this.sql.exec("INSERT INTO sealed_version (version, at, account, sealed) VALUES (?, ?, ?, ?)", version, at, account, sealed);
    this.sql.exec("DELETE FROM sealed_version WHERE version <= ?", version - KEPT);
  }

  /** Seals anew what a retiring key has sealed. @returns {number} how many */
  reseal() {
    const rows = this.#exists() ? this.sql.exec("SELECT version, account, sealed FROM sealed_version").toArray() : [];
    const old = rows.filter(({ sealed }) => isRetiring(this.config, String(sealed)));
    for (const { version, account, sealed } of old) {
      const anew = sealVersion(this.config, String(account), openVersion(this.config, String(account), String(sealed)));
      this.sql.exec("UPDATE sealed_version SET sealed = ? WHERE version = ?", anew, version);
    }
    return old.length;
  }

  #exists() {
    return hasTable(this.sql, "sealed_version");
  }
}
