// One of a few objects that count decisions: totals since the beginning, the same by five minutes for a day, and
// levels such as the age of a key set. A batch is counted once, however often it arrives.

import { DurableObject } from "cloudflare:workers";

/** @import { Batch } from "../observe/metrics.js" */
/** @import { Env } from "../types.d.ts" */

export const WINDOW_MS = 5 * 60_000;
const KEPT_MS = 24 * 3600_000;
/** Lowest and highest of a level are those of the last hour. */
const LEVEL_MS = 3600_000;
/** Different counters of one object; what is more is counted as one. */
const KEYS = 5000;
const OVERFLOW = JSON.stringify(["decision", "", "other", "other", "other", ""]);

const TABLES = `
  CREATE TABLE IF NOT EXISTS total (key TEXT PRIMARY KEY, n INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS recent (at INTEGER NOT NULL, key TEXT NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (at, key)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS level (key TEXT PRIMARY KEY, at INTEGER NOT NULL, since INTEGER NOT NULL, value REAL NOT NULL, low REAL NOT NULL, high REAL NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS batch (id TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
`;

/** @typedef {{ key: string, at: number, value: number, low: number, high: number }} Level */

/** @typedef {{ totals: [string, number][], recent: { at: number, key: string, n: number }[], levels: Level[] }} Counted */

/** @extends {DurableObject<Env>} */
export class Metrics extends DurableObject {
  #keys = 0;

  /**
   * @param {DurableObjectState} ctx
   * @param {Env} env
   */
  constructor(ctx, env) {
    super(ctx, env);
    this.sql = ctx.storage.sql;
    this.sql.exec(TABLES);
    this.#keys = Number(this.sql.exec("SELECT COUNT(*) AS n FROM total").one().n);
  }

  /** @param {Batch} batch */
  async add(batch) {
    this.ctx.storage.transactionSync(() => this.#add(batch));
    if ((await this.ctx.storage.getAlarm()) === null) await this.ctx.storage.setAlarm(batch.at + WINDOW_MS);
    await this.ctx.storage.sync();
  }

  /** @param {Batch} batch */
  #add({ id, at, counts, levels }) {
    if (this.sql.exec("INSERT INTO batch (id, at) VALUES (?, ?) ON CONFLICT DO NOTHING", id, at).rowsWritten === 0) return;
    const window = Math.floor(at / WINDOW_MS) * WINDOW_MS;
    for (const [name, n] of counts) {
      const key = this.#counted(name);
      this.sql.exec("INSERT INTO total (key, n) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET n = n + excluded.n", key, n);
      this.sql.exec(
        "INSERT INTO recent (at, key, n) VALUES (?, ?, ?) ON CONFLICT (at, key) DO UPDATE SET n = n + excluded.n",
        window,
        key,
        n,
      );
    }
    for (const [key, value] of levels) {
      this.sql.exec(
        `INSERT INTO level (key, at, since, value, low, high) VALUES (?1, ?2, ?2, ?3, ?3, ?3) ON CONFLICT (key) DO UPDATE SET
          at = ?2, value = ?3,
          low = CASE WHEN since > ?2 - ${LEVEL_MS} THEN MIN(low, ?3) ELSE ?3 END,
          high = CASE WHEN since > ?2 - ${LEVEL_MS} THEN MAX(high, ?3) ELSE ?3 END,
          since = CASE WHEN since > ?2 - ${LEVEL_MS} THEN since ELSE ?2 END`,
        key,
        at,
        value,
      );
    }
  }

  /** @param {string} key */
  #counted(key) {
    if (this.sql.exec("SELECT 1 FROM total WHERE key = ?", key).toArray().length > 0) return key;
    if (this.#keys >= KEYS) return OVERFLOW;
    this.#keys += 1;
    return key;
  }

  /**
   * @param {number} since milliseconds, for what is kept by time
   * @returns {Counted}
   */
  read(since) {
    const totals = this.sql.exec("SELECT key, n FROM total").toArray();
    const recent = this.sql.exec("SELECT at, key, n FROM recent WHERE at > ? ORDER BY at", since - WINDOW_MS).toArray();
    const levels = this.sql.exec("SELECT key, at, value, low, high FROM level").toArray();
    return {
      totals: totals.map(({ key, n }) => [String(key), Number(n)]),
      recent: recent.map(({ at, key, n }) => ({ at: Number(at), key: String(key), n: Number(n) })),
      levels: levels.map(({ key, at, value, low, high }) => ({
        key: String(key),
        at: Number(at),
        value: Number(value),
        low: Number(low),
        high: Number(high),
      })),
    };
  }

  /** What has grown old goes. */
  async alarm() {
    const now = Date.now();
    this.sql.exec("DELETE FROM recent WHERE at < ?", now - KEPT_MS);
    this.sql.exec("DELETE FROM batch WHERE at < ?", now - WINDOW_MS);
    const left = this.sql.exec("SELECT (SELECT COUNT(*) FROM recent) + (SELECT COUNT(*) FROM batch) AS n").one().n;
    if (Number(left) > 0) await this.ctx.storage.setAlarm(now + WINDOW_MS);
  }
}
