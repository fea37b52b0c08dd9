// Where a person has taken part: one object per subject of an account, with the ids of the participants' objects. It
// is written before the first participation is, so that whoever asks for their data, or for its end, reaches all of it.

import { DurableObject } from "cloudflare:workers";
import { hasTable } from "./tables.js";

/** @import { Env } from "../types.d.ts" */

const TABLE = `CREATE TABLE IF NOT EXISTS place (
  object TEXT PRIMARY KEY, campaign TEXT NOT NULL, namespace TEXT NOT NULL, noted INTEGER NOT NULL)`;

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
    this.sql.exec(TABLE);
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
    if (this.sql.exec("SELECT 1 FROM place LIMIT 1").toArray().length === 0) await this.ctx.storage.deleteAll();
    else await this.ctx.storage.sync();
  }
}
