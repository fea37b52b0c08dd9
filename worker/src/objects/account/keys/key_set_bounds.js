// The key sets and metadata that an account has begun to use, by hashes of their objects, and how many it may begin: an identity
// provider that names another URL every time, or a document with another issuer, would have an object made for each.

import { KEY_SET_MS } from "../../sign_in/key_set.js";
import { Tables } from "../../tables.js";

/** An account has at most eight sources, an issuer and its key set; the rest is for those who try things out. */
const KEY_SETS = 64;
const TABLE = "CREATE TABLE IF NOT EXISTS key_set (url TEXT PRIMARY KEY, until INTEGER NOT NULL)";

export class KeySetBounds extends Tables {
  /**
   * Notes an object, unless there are too many.
   * @param {string} url hash of its id
   * @param {number} now milliseconds
   * @returns {boolean}
   */
  open(url, now) {
    this.sql.exec(TABLE);
    this.sql.exec("DELETE FROM key_set WHERE until <= ?", now);
    const others = this.sql.exec("SELECT COUNT(*) AS n FROM key_set WHERE url <> ?", url).one().n;
    if (Number(others) >= KEY_SETS) return false;
    this.sql.exec("INSERT INTO key_set (url, until) VALUES (?, ?) ON CONFLICT (url) DO UPDATE SET until = excluded.until", url, now + KEY_SET_MS);
    return true;
  }
}
