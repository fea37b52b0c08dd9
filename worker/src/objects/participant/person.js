// Where something is kept of a person: one object per subject of an account, with the ids of the participants' objects
// and of the profiles'. It is written before they are, so that whoever asks for their data, or for its end, reaches all.

import { DurableObject } from "cloudflare:workers";
import { Erasure } from "./erasure.js";
import { hasTable, rowsOf } from "../tables.js";

/** @import { Env } from "../../types.d.ts" */

const PLACE = `
  CREATE TABLE IF NOT EXISTS place (
    object TEXT PRIMARY KEY, campaign TEXT NOT NULL, namespace TEXT NOT NULL, noted INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS visit (object TEXT PRIMARY KEY, at INTEGER NOT NULL);
`;
const PROFILE = "CREATE TABLE IF NOT EXISTS profile (object TEXT PRIMARY KEY, until INTEGER NOT NULL)";
/** When a place that was noted is looked at: a preview is gone by then, and so is a submission that never arrived. */
const VISIT_MS = 25 * 60 * 60 * 1000;

/**
 * @typedef {object} Place
 * @property {string} object hexadecimal id of the participant's object
 * @property {string} campaignId
 * @property {string} namespace who vouched for the subject
 * @property {number} noted how often
 */
/** @typedef {{ object: string, until: number }} Profile hexadecimal id of the profile's object, and when that empties itself */

/** @extends {DurableObject<Env>} */
export class Person extends DurableObject {
  /**
   * @param {DurableObjectState} ctx
   * @param {Env} env
   */
  constructor(ctx, env) {
    super(ctx, env);
    this.sql = ctx.storage.sql;
    this.erasure = new Erasure(this.sql);
  }

  /**
   * Notes where a participation is about to be recorded, unless its pass is from before an erasure.
   * @param {Omit<Place, "noted"> & { issuedAt?: number, now: number }} place issuedAt: of the pass, seconds; now: milliseconds
   * @returns {Promise<number>} when the person was last erased, milliseconds; 0 for never
   */
  async note({ object, campaignId, namespace, issuedAt, now }) {
    if (!this.erasure.covers(issuedAt)) {
      this.sql.exec(PLACE);
      this.sql.exec(
        "INSERT INTO place (object, campaign, namespace, noted) VALUES (?, ?, ?, 1) ON CONFLICT (object) DO UPDATE SET noted = noted + 1",
        object,
        campaignId,
        namespace,
      );
      this.sql.exec("INSERT OR REPLACE INTO visit (object, at) VALUES (?, ?)", object, now + VISIT_MS);
      await this.#wake();
      await this.ctx.storage.sync();
    }
    return this.erasure.at();
  }

  /** @returns {Place[]} */
  places() {
    return rowsOf(this.sql, "place", "SELECT object, campaign, namespace, noted FROM place ORDER BY campaign, namespace, object").map((row) => ({
      object: String(row.object),
      campaignId: String(row.campaign),
      namespace: String(row.namespace),
      noted: Number(row.noted),
    }));
  }

  /**
   * Begins an erasure: from here on no pass from before is recorded anywhere, so that the places are all there are.
   * @returns {Promise<{ places: Place[], profiles: Profile[] }>}
   */
  async beginErasure() {
    this.erasure.learn(Date.now());
    this.erasure.keep();
    await this.#wake();
    await this.ctx.storage.sync();
    return { places: this.places(), profiles: this.profiles() };
  }

  /**
   * Forgets places and profiles that are empty now. One that was noted again meanwhile stays: somebody takes part there
   * anew.
   * @param {{ places: Place[], profiles: Profile[] }} empty
   */
  async forget({ places, profiles }) {
    if (hasTable(this.sql, "place")) for (const place of places) this.#forgetPlace(place);
    if (hasTable(this.sql, "profile"))
      for (const { object, until } of profiles) this.sql.exec("DELETE FROM profile WHERE object = ? AND until = ?", object, until);
    await this.#tidy();
  }

  /** @param {Place} place */
  #forgetPlace({ object, noted }) {
    this.sql.exec("DELETE FROM place WHERE object = ? AND noted = ?", object, noted);
  }

  /**
   * @param {string} object hexadecimal id of the profile's object
   * @param {number} until milliseconds: when that object empties itself
   */
  async noteProfile(object, until) {
    this.sql.exec(PROFILE);
    // Later with each note, so that an erasure forgets none but the one that it has seen.
    this.sql.exec(
      "INSERT INTO profile (object, until) VALUES (?, ?) ON CONFLICT (object) DO UPDATE SET until = MAX(excluded.until, until + 1)",
      object,
      until,
    );
    await this.#wake();
    await this.ctx.storage.sync();
  }

  /** @returns {Profile[]} */
  profiles() {
    const rows = rowsOf(this.sql, "profile", "SELECT object, until FROM profile ORDER BY until, object");
    return rows.map(({ object, until }) => ({ object: String(object), until: Number(until) }));
  }

  async alarm() {
    const now = Date.now();
    if (hasTable(this.sql, "profile")) this.sql.exec("DELETE FROM profile WHERE until <= ?", now);
    this.erasure.purge(now);
    await this.#visit(now);
    await this.#tidy();
  }

  /**
   * Looks at the places that are due once, and forgets those where nothing came of it.
   * @param {number} now milliseconds
   */
  async #visit(now) {
    if (!hasTable(this.sql, "visit")) return;
    const due = this.sql.exec("SELECT object FROM visit WHERE at <= ?", now).toArray().map(({ object }) => object);
    for (const place of this.places().filter(({ object }) => due.includes(object))) {
      const participant = this.env.PARTICIPANT.get(this.env.PARTICIPANT.idFromString(place.object));
      if (!(await participant.isThere())) this.#forgetPlace(place);
    }
    this.sql.exec("DELETE FROM visit WHERE at <= ?", now);
  }

  /** Ends as a new object once nothing is left. */
  async #tidy() {
    const isKept = (/** @type {string} */ table) => rowsOf(this.sql, table, `SELECT 1 FROM ${table} LIMIT 1`).length > 0;
    if (!isKept("place") && !isKept("profile") && this.erasure.end() === undefined) {
      await this.ctx.storage.deleteAlarm();
      return this.ctx.storage.deleteAll();
    }
    await this.#wake();
    await this.ctx.storage.sync();
  }

  /** At the first end of anything. */
  async #wake() {
    const first = (/** @type {string} */ table, /** @type {string} */ column) => rowsOf(this.sql, table, `SELECT MIN(${column}) AS at FROM ${table}`)[0]?.at;
    const known = [first("profile", "until"), first("visit", "at"), this.erasure.end()].filter((at) => typeof at === "number");
    if (known.length > 0) await this.ctx.storage.setAlarm(Math.min(...known));
    else await this.ctx.storage.deleteAlarm();
  }
}
