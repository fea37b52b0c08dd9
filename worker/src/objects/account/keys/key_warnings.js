// The warnings about an account's keys, as the last hourly look found them, and which of them its webhook was told.

import { Tables, hasTable, rowsOf } from "../../tables.js";

const TABLE = "CREATE TABLE IF NOT EXISTS key_warning (code TEXT NOT NULL, place TEXT NOT NULL, since INTEGER NOT NULL, body TEXT NOT NULL, told INTEGER NOT NULL, PRIMARY KEY (code, place))";

/** @typedef {import("../../../platform/handstamp.js").KeyWarning} Found */
/** @typedef {Found & { since: number, told: boolean }} Warned since: milliseconds */

export class KeyWarnings extends Tables {
  /**
   * Takes what a look has found: a warning that was there keeps its age, and one that is gone goes.
   * @param {Found[]} found
   * @param {number} now milliseconds
   */
  replace(found, now) {
    if (found.length === 0 && !hasTable(this.sql, "key_warning")) return;
    this.sql.exec(TABLE);
    const known = new Map(this.list().map((warning) => [keyOf(warning), warning]));
    this.sql.exec("DELETE FROM key_warning");
    for (const warning of found) {
      const { since = now, told = false } = known.get(keyOf(warning)) ?? {};
      this.sql.exec("INSERT INTO key_warning (code, place, since, body, told) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", warning.code, warning.at, since, JSON.stringify(warning), told ? 1 : 0);
    }
  }

  /** @param {Found} warning that the webhook has taken */
  tell({ code, at }) {
    if (hasTable(this.sql, "key_warning")) this.sql.exec("UPDATE key_warning SET told = 1 WHERE code = ? AND place = ?", code, at);
  }

  /** @returns {Warned[]} oldest first */
  list() {
    const rows = rowsOf(this.sql, "key_warning", "SELECT body, since, told FROM key_warning ORDER BY since, place");
    return rows.map(({ body, since, told }) => ({ ...JSON.parse(String(body)), since: Number(since), told: Number(told) === 1 }));
  }
}

/** @param {Found} warning */
const keyOf = ({ code, at }) => `${code} ${at}`;
