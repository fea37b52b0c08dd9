// When a person was erased, as long as a pass from before may still be shown: such a pass is refused, and the mark ends by
// itself. It says when, and nothing of whom.

import { bounds } from "../../platform/handstamp.js";
import { Tables, hasTable, rowsOf } from "../tables.js";

/** An hour longer than any pass lives. */
const KEPT_MS = (bounds.PASS_SECONDS + 3600) * 1000;
const TABLE = "CREATE TABLE IF NOT EXISTS erasure (one INTEGER PRIMARY KEY CHECK (one = 1), at INTEGER NOT NULL)";

export class Erasure extends Tables {
  #known = 0;

  /** The time of the last erasure, milliseconds; 0 for none. */
  at() {
    const [row] = rowsOf(this.sql, "erasure", "SELECT at FROM erasure");
    return Math.max(this.#known, Number(row?.at ?? 0));
  }

  /** Takes a time to be kept by `keep`. @param {number} at */
  learn(at) {
    this.#known = Math.max(this.#known, at);
  }

  /** Keeps the last erasure, if there was one. */
  keep() {
    const at = this.at();
    if (at === 0) return;
    this.sql.exec(TABLE);
    this.sql.exec("INSERT OR REPLACE INTO erasure (one, at) VALUES (1, ?)", at);
  }

  /**
   * Tells whether a pass is from before. One of the same second counts as such: it may be.
   * @param {number} [issuedAt] seconds
   */
  covers(issuedAt) {
    return issuedAt !== undefined && issuedAt <= Math.floor(this.at() / 1000);
  }

  /** When the mark has served; nothing where there is none. */
  end() {
    const at = this.at();
    return at === 0 ? undefined : at + KEPT_MS;
  }

  /** @param {number} now milliseconds */
  purge(now) {
    if ((this.end() ?? Infinity) > now) return;
    this.#known = 0;
    if (hasTable(this.sql, "erasure")) this.sql.exec("DELETE FROM erasure");
  }
}
