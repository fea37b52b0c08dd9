// Counts of an account by campaign and hour: how far people came, and why they were refused. Numbers only; nothing
// says who. A flood is counted in memory and written a few times a second.

import { Tables, rowsOf } from "../../tables.js";

const HOUR_MS = 3_600_000;
/** As long as the longest retention that goes without saying, four times over: a year and a month. */
export const KEPT_HOURS = 400 * 24;
const WRITES_PER_MINUTE = 120;
/** Pairs waiting in memory: campaigns are the account's own and steps are few. */
const WAITING = 5000;

const TABLE = `CREATE TABLE IF NOT EXISTS tally (
  campaign TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, hour INTEGER NOT NULL, n INTEGER NOT NULL,
  PRIMARY KEY (campaign, kind, name, hour))`;

/** refused: by public reason; cause: by code. @typedef {{ campaignId: string, kind: "step" | "refused" | "left" | "cause", name: string, n: number }} Tally */
/** @typedef {{ campaignId: string, kind: string, name: string, at: number, n: number }} Counted */
/** @typedef {{ hours?: number, until?: number }} Pieces their length, 0 for one piece, and their end in milliseconds */

export class Tallies extends Tables {
  /** @type {Map<string, number>} */
  #waiting = new Map();
  #minute = 0;
  #writes = 0;

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
   * @param {Pieces} [pieces]
   * @returns {Counted[]} summed by pieces of time, oldest first
   */
  read(since, campaignId, { hours = 1, until = 8e15 } = {}) {
    const [from, to] = [since, until].map((time) => Math.floor(time / HOUR_MS));
    this.#write(from);
    const piece = hours > 0 ? hours : to;
    // Causes are for those who look for faults, and are read by themselves.
    const query = `SELECT campaign, kind, name, hour - hour % ? AS piece, SUM(n) AS n FROM tally
      WHERE ${campaignId === undefined ? "" : "campaign = ? AND"} hour >= ? AND hour < ? AND kind <> 'cause' GROUP BY campaign, kind, name, piece ORDER BY piece, kind, name`;
    return rowsOf(this.sql, "tally", query, piece, ...(campaignId === undefined ? [] : [campaignId]), from, to).map((row) => ({
      campaignId: String(row.campaign),
      kind: String(row.kind),
      name: String(row.name),
      at: Number(row.piece) * HOUR_MS,
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
    const query = "SELECT name, hour, SUM(n) AS n FROM tally WHERE hour >= ? AND kind = 'cause' GROUP BY hour, name ORDER BY hour, name";
    return rowsOf(this.sql, "tally", query, Math.floor(since / HOUR_MS)).map(({ name, hour, n }) => ({ code: String(name), at: Number(hour) * HOUR_MS, n: Number(n) }));
  }

  /** @param {string} campaignId @returns {number | null} the hour in which its page was first opened, as far as that is kept; milliseconds */
  firstOpened(campaignId) {
    const hour = rowsOf(this.sql, "tally", "SELECT MIN(hour) AS hour FROM tally WHERE campaign = ? AND kind = 'step' AND name = 'opened'", campaignId)[0]?.hour ?? null;
    return hour === null ? null : Number(hour) * HOUR_MS;
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
