// Where something is kept of a person: one object per subject of an account, with the ids of the participants' objects
// and of the profiles'. It is written before they are, so that whoever asks for their data, or for its end, reaches all.

import { DurableObject } from "cloudflare:workers";
import { hasTable } from "./tables.js";

/** @import { Env } from "../types.d.ts" */

const PLACE = `CREATE TABLE IF NOT EXISTS place (
  object TEXT PRIMARY KEY, campaign TEXT NOT NULL, namespace TEXT NOT NULL, noted INTEGER NOT NULL)`;
const PROFILE = "CREATE TABLE IF NOT EXISTS profile (object TEXT PRIMARY KEY, until INTEGER NOT NULL)";

/**
 * @typedef {object} Place
 * @property {string} object hexadecimal id of the participant's object
 * @property {string} campaignId
 * @property {string} namespace who vouched for the subject
 * @property {number} noted how often
 */

/** @extends {DurableObject<Env>} */
export class Person extends DurableObject {
  /**
   * @param {DurableObjectState} ctx
   * @param {Env} env
   */
  constructor(ctx, env) {
    super(ctx, env);
    this.sql = ctx.storage.sql;
  }

  /** @param {Omit<Place, "noted">} place */
  async note({ object, campaignId, namespace }) {
    this.sql.exec(PLACE);
    this.sql.exec(
      "INSERT INTO place (object, campaign, namespace, noted) VALUES (?, ?, ?, 1) ON CONFLICT (object) DO UPDATE SET noted = noted + 1",
      object,
      campaignId,
      namespace,
    );
    await this.ctx.storage.sync();
  }

  /** @returns {Place[]} */
  places() {
    if (!hasTable(this.sql, "place")) return [];
    return this.sql
      .exec("SELECT object, campaign, namespace, noted FROM place ORDER BY campaign, namespace, object")
      .toArray()
      .map((row) => ({
        object: String(row.object),
        campaignId: String(row.campaign),
        namespace: String(row.namespace),
        noted: Number(row.noted),
      }));
  }

  /**
   * Forgets places that are empty now. One that was noted again meanwhile stays: somebody takes part there anew.
   * @param {Place[]} places
   */
  async forget(places) {
    if (!hasTable(this.sql, "place")) return;
    for (const { object, noted } of places)
      this.sql.exec("DELETE FROM place WHERE object = ? AND noted = ?", object, noted);
    await this.#tidy();
  }

  /**
   * @param {string} object hexadecimal id of the profile's object
   * @param {number} until milliseconds: when that object empties itself
   */
  async noteProfile(object, until) {
    this.sql.exec(PROFILE);
    this.sql.exec("INSERT OR REPLACE INTO profile (object, until) VALUES (?, ?)", object, until);
    await this.#wake();
    await this.ctx.storage.sync();
  }

  /** @returns {string[]} ids of objects */
  profiles() {
    if (!hasTable(this.sql, "profile")) return [];
    return this.sql
      .exec("SELECT object FROM profile ORDER BY until, object")
      .toArray()
      .map(({ object }) => String(object));
  }

  /** @param {string[]} objects whose profile is gone */
  async forgetProfiles(objects) {
    if (!hasTable(this.sql, "profile")) return;
    for (const object of objects) this.sql.exec("DELETE FROM profile WHERE object = ?", object);
    await this.#tidy();
  }

  async alarm() {
    if (hasTable(this.sql, "profile")) this.sql.exec("DELETE FROM profile WHERE until <= ?", Date.now());
    await this.#tidy();
  }

  /** Ends as a new object once nothing is left. */
  async #tidy() {
    const left = ["place", "profile"].some(
      (table) => hasTable(this.sql, table) && this.sql.exec(`SELECT 1 FROM ${table} LIMIT 1`).toArray().length > 0,
    );
    if (!left) {
      await this.ctx.storage.deleteAlarm();
      return this.ctx.storage.deleteAll();
    }
    await this.#wake();
    await this.ctx.storage.sync();
  }

  /** At the end of the profile that ends first. */
  async #wake() {
    if (!hasTable(this.sql, "profile")) return;
    const { next } = this.sql.exec("SELECT MIN(until) AS next FROM profile").one();
    if (next === null) await this.ctx.storage.deleteAlarm();
    else await this.ctx.storage.setAlarm(Number(next));
  }
}
