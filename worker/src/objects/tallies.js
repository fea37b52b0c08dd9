// Counts of an account by campaign and hour: how far people came, and why they were refused. Numbers only; nothing
// says who. A flood is counted in memory and written a few times a second.

import { hasTable } from "./tables.js";

const HOUR_MS = 3_600_000;
/** As long as the longest retention that goes without saying, four times over: a year and a month. */
const KEPT_HOURS = 400 * 24;
const WRITES_PER_MINUTE = 120;
/** Pairs waiting in memory: campaigns are the account's own and steps are few. */
const WAITING = 5000;

const TABLE = `CREATE TABLE IF NOT EXISTS tally (
  campaign TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, hour INTEGER NOT NULL, n INTEGER NOT NULL,
  PRIMARY KEY (campaign, kind, name, hour))`;

/** refused: by public reason; cause: by code. @typedef {{ campaignId: string, kind: "step" | "refused" | "left" | "cause", name: string, n: number }} Tally */
/** @typedef {{ campaignId: string, kind: string, name: string, at: number, n: number }} Counted */

export class Tallies {
  /** @type {Map<string, number>} */
  #waiting = new Map();
  #minute = 0;
  #writes = 0;

  /** @param {SqlStorage} sql */
  constructor(sql) {
    this.sql = sql;
  }

  /**
   * @param {Tally[]} tallies
   * @param {number} now milliseconds
   */
  add(tallies, now) {
    const hour = Math.floor(now / HOUR_MS);
    for (const { campaignId, kind, name, n } of tallies) {
      const key = JSON.stringify([campaignId, kind, name, hour]);
      if (this.#waiting.has(key) || this.#waiting.size < WAITING)
        this.#waiting.set(key, (this.#waiting.get(key) ?? 0) + n);
    }
    const minute = Math.floor(now / 60_000);
    if (minute !== this.#minute) [this.#minute, this.#writes] = [minute, 0];
    this.#writes += 1;
    if (this.#writes <= WRITES_PER_MINUTE) this.#write(hour);
  }

  /**
   * @param {number} since milliseconds
   * @param {string} [campaignId] all of them without
   * @returns {Counted[]} by hour, oldest first
   */
  read(since, campaignId) {
    this.#write(Math.floor(since / HOUR_MS));
    if (!hasTable(this.sql, "tally")) return [];
    const campaign = campaignId ?? null;
    return this.sql
      .exec(
        // Causes are for those who look for faults, and are read by themselves.
        "SELECT campaign, kind, name, hour, n FROM tally WHERE hour >= ? AND (? IS NULL OR campaign = ?) AND kind <> 'cause' ORDER BY hour, kind, name",
        Math.floor(since / HOUR_MS),
        campaign,
        campaign,
      )
      .toArray()
      .map((row) => ({
        campaignId: String(row.campaign),
        kind: String(row.kind),
        name: String(row.name),
        at: Number(row.hour) * HOUR_MS,
        n: Number(row.n),
      }));
  }

  /**
   * Refusals of all campaigns by code and hour.
   * @param {number} since milliseconds
   * @returns {{ code: string, at: number, n: number }[]} oldest first
   */
  causes(since) {
    this.#write(Math.floor(since / HOUR_MS));
    if (!hasTable(this.sql, "tally")) return [];
    const query = "SELECT name, hour, SUM(n) AS n FROM tally WHERE hour >= ? AND kind = 'cause' GROUP BY hour, name ORDER BY hour, name";
    return this.sql.exec(query, Math.floor(since / HOUR_MS)).toArray().map(({ name, hour, n }) => ({ code: String(name), at: Number(hour) * HOUR_MS, n: Number(n) }));
  }

  /** @param {number} hour */
  #write(hour) {
    if (this.#waiting.size === 0) return;
    this.sql.exec(TABLE);
    for (const [key, n] of this.#waiting) {
      const [campaign, kind, name, at] = JSON.parse(key);
      this.sql.exec(
        "INSERT INTO tally (campaign, kind, name, hour, n) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n",
        campaign,
        kind,
        name,
        at,
        n,
      );
    }
    this.#waiting.clear();
    this.sql.exec("DELETE FROM tally WHERE hour < ?", hour - KEPT_HOURS);
  }
}
