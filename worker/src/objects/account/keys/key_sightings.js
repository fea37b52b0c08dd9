// When each key of an account was first and last seen in its published set, and last used by a token. A key is known by its mark;
// one of a fetched set by the mark of the URL and its ID.

import { Tables, rowsOf } from "../../tables.js";

/** Eight sets of at most a hundred keys; the ones that nobody has seen for longest go. */
const ROWS = 800;
const KEPT_DAYS = 400;
const KEPT_MS = KEPT_DAYS * 86_400_000;
const TABLE = "CREATE TABLE IF NOT EXISTS key_seen (mark TEXT NOT NULL, kid TEXT NOT NULL, first INTEGER, last INTEGER, used INTEGER, PRIMARY KEY (mark, kid))";

/** @typedef {{ mark: string, kid: string, first?: number, last?: number, used?: number }} Sighting times in milliseconds */

export class KeySightings extends Tables {
  /** @param {string} mark @param {string} kid empty for a key of no set @param {number} now */
  use(mark, kid, now) {
    this.sql.exec(TABLE);
    this.sql.exec("INSERT INTO key_seen (mark, kid, used) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET used = MAX(excluded.used, IFNULL(used, 0))", mark, kid, now);
    this.#bound(now);
  }

  /** @param {string} mark of a URL @param {string[]} kids that its set has @param {number} now */
  see(mark, kids, now) {
    this.sql.exec(TABLE);
    for (const kid of kids)
      this.sql.exec("INSERT INTO key_seen (mark, kid, first, last) VALUES (?1, ?2, ?3, ?3) ON CONFLICT DO UPDATE SET first = IFNULL(first, ?3), last = ?3", mark, kid, now);
    this.#bound(now);
  }

  /** @returns {Sighting[]} */
  list() {
    const rows = rowsOf(this.sql, "key_seen", "SELECT mark, kid, first, last, used FROM key_seen ORDER BY mark, first");
    return rows.map(({ mark, kid, ...times }) => ({
      mark: String(mark),
      kid: String(kid),
      ...Object.fromEntries(Object.entries(times).flatMap(([name, time]) => (time === null ? [] : [[name, Number(time)]]))),
    }));
  }

  /** @param {number} now */
  #bound(now) {
    const newest = "MAX(IFNULL(last, 0), IFNULL(used, 0))";
    this.sql.exec(`DELETE FROM key_seen WHERE ${newest} < ?`, now - KEPT_MS);
    this.sql.exec(`DELETE FROM key_seen WHERE rowid NOT IN (SELECT rowid FROM key_seen ORDER BY ${newest} DESC LIMIT ?)`, ROWS);
  }
}
