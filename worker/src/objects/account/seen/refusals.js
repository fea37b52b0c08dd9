// What was refused on an account's behalf, to be looked up by the ref that the participant saw. Kept for 72
// hours, at most 1,000 rows and so many writes a minute, so that a flood of bad tokens costs the account nothing;
// counts go on in memory meanwhile. Each kind, a code of a campaign, has some writes for itself, and the most frequent
// kind makes room for the others, so that a flood hides nothing but itself. Codes, places, types and lengths are kept, values never.

import { newRef } from "../../../platform/refs.js";
import { Tables, hasTable, rowsOf } from "../../tables.js";

/** How long, and how many. */
export const KEPT_MS = 72 * 3600 * 1000;
const ROWS = 1000;
/** How many a minute: of each kind, beyond that of all kinds together, and in all. */
const WRITES_OF_KIND = 5;
const SHARED_WRITES = 60;
const WRITES = 600;
/** Campaign and reason pairs that are counted: codes are few and campaigns are the account's own. */
const COUNTERS = 5000;

const TABLES = `
  CREATE TABLE IF NOT EXISTS refusal (
    ref TEXT PRIMARY KEY, at INTEGER NOT NULL, code TEXT NOT NULL, reason TEXT NOT NULL,
    campaign TEXT NOT NULL, stage TEXT NOT NULL, detail TEXT NOT NULL);
  CREATE INDEX IF NOT EXISTS refusal_at ON refusal (at);
  CREATE TABLE IF NOT EXISTS refused (campaign TEXT NOT NULL, reason TEXT NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (campaign, reason));
`;

/** Drops one row, of the kind that has most. */
const OLDEST_OF_MOST = `DELETE FROM refusal WHERE ref = (
  SELECT ref FROM refusal JOIN (SELECT code, campaign, COUNT(*) AS n FROM refusal GROUP BY code, campaign)
  USING (code, campaign) ORDER BY n DESC, at LIMIT 1)`;
/** Rows by time, of each kind as many as of any other, as far as there are. */
const LIST = `SELECT * FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY code, campaign ORDER BY at DESC) AS place FROM refusal
  WHERE at >= ? AND (? IS NULL OR code = ?) ORDER BY place, at DESC LIMIT ?) ORDER BY at DESC`;

/**
 * @typedef {object} Report
 * @property {string} ref
 * @property {number} at milliseconds
 * @property {string} code
 * @property {string} reason
 * @property {string} campaignId
 * @property {string} stage admit, redeem, callback or submit
 * @property {Record<string, string>} detail at, expected, got, kid, alg
 * @property {boolean} [preview] of somebody who tries the campaign out: not counted
 */

export class Refusals extends Tables {
  /** @type {Map<string, number>} */
  #pending = new Map();
  #minute = 0;
  #writes = { all: 0, shared: 0 };
  /** Writes of this minute by kind. @type {Map<string, number>} */
  #ofKind = new Map();

  /**
   * @param {Report} report
   * @returns {string} the ref, another one if it was taken
   */
  write(report) {
    this.sql.exec(TABLES);
    const counter = JSON.stringify([report.campaignId, report.reason]);
    if (!report.preview && this.#pending.size < COUNTERS) this.#pending.set(counter, (this.#pending.get(counter) ?? 0) + 1);
    if (!this.#mayWrite(report)) return report.ref;
    this.#count();
    let ref = report.ref;
    while (this.sql.exec("SELECT 1 FROM refusal WHERE ref = ?", ref).toArray().length > 0) ref = newRef();
    this.sql.exec(
      "INSERT INTO refusal (ref, at, code, reason, campaign, stage, detail) VALUES (?, ?, ?, ?, ?, ?, ?)",
      ref,
      report.at,
      report.code,
      report.reason,
      report.campaignId,
      report.stage,
      JSON.stringify(report.detail),
    );
    if (Number(this.sql.exec("SELECT COUNT(*) AS n FROM refusal").one().n) > ROWS) this.sql.exec(OLDEST_OF_MOST);
    return ref;
  }

  /**
   * Counts a write, if there is one left in this minute.
   * @param {Report} report
   */
  #mayWrite({ at, code, campaignId }) {
    const minute = Math.floor(at / 60_000);
    if (minute !== this.#minute) {
      this.#minute = minute;
      this.#writes = { all: 0, shared: 0 };
      this.#ofKind.clear();
    }
    const kind = JSON.stringify([code, campaignId]);
    const own = this.#ofKind.get(kind) ?? 0;
    const shares = own >= WRITES_OF_KIND;
    if (this.#writes.all >= WRITES || (shares && this.#writes.shared >= SHARED_WRITES)) return false;
    this.#writes.all += 1;
    if (shares) this.#writes.shared += 1;
    this.#ofKind.set(kind, own + 1);
    return true;
  }

  /**
   * @param {string} ref
   * @param {number} now
   */
  read(ref, now) {
    const [row] = rowsOf(this.sql, "refusal", "SELECT * FROM refusal WHERE ref = ? AND at > ?", ref, now - KEPT_MS);
    return row ? shown(row) : null;
  }

  /**
   * The newest of each kind, so that many of one do not hide the others.
   * @param {number} now
   * @param {number} limit
   * @param {{ code?: string, since?: number }} [wanted] one code only; not before this time, in milliseconds
   */
  list(now, limit, { code, since = 0 } = {}) {
    const from = Math.max(now - KEPT_MS + 1, since);
    return rowsOf(this.sql, "refusal", LIST, from, code ?? null, code ?? null, limit).map(shown);
  }

  /**
   * @param {string} campaignId
   * @returns {Record<string, number>}
   */
  counts(campaignId) {
    if (!this.#exists()) return {};
    this.#count();
    const rows = this.sql.exec("SELECT reason, n FROM refused WHERE campaign = ?", campaignId).toArray();
    return Object.fromEntries(rows.map((row) => [String(row.reason), Number(row.n)]));
  }

  /**
   * @param {number} now
   * @returns {boolean} whether any are left
   */
  purge(now) {
    if (!this.#exists()) return false;
    this.#count();
    this.sql.exec("DELETE FROM refusal WHERE at <= ?", now - KEPT_MS);
    return this.sql.exec("SELECT 1 FROM refusal LIMIT 1").toArray().length > 0;
  }

  #exists() {
    return hasTable(this.sql, "refusal");
  }

  #count() {
    for (const [counter, n] of this.#pending) {
      const [campaign, reason] = JSON.parse(counter);
      this.sql.exec(
        "INSERT INTO refused (campaign, reason, n) VALUES (?, ?, ?) ON CONFLICT (campaign, reason) DO UPDATE SET n = n + excluded.n",
        campaign,
        reason,
        n,
      );
    }
    this.#pending.clear();
  }
}

/** @param {Record<string, SqlStorageValue>} row @returns {Report} */
function shown(row) {
  return {
    ref: String(row.ref),
    at: Number(row.at),
    code: String(row.code),
    reason: String(row.reason),
    campaignId: String(row.campaign),
    stage: String(row.stage),
    detail: /** @type {Record<string, string>} */ (JSON.parse(String(row.detail))),
  };
}
