// The places of a campaign with a cap: one object for each campaign. A submission takes a place under the id of its
// participation before it is recorded; the outbox confirms it. A place that nobody confirms is asked for where the
// participation should be, and is free again if there is none.

import { DurableObject } from "cloudflare:workers";
import { logFault } from "../../platform/log.js";
import { counts } from "../../record/statistics.js";
import { hasTable, rowsOf } from "../tables.js";

/** @import { Env } from "../../types.d.ts" */

/** When a place that was not confirmed is asked for, and again while its submission is under way. */
const RESERVED_MS = 30_000;
/** Places that are asked for at a time. */
const BATCH = 50;

const TABLES = `
  CREATE TABLE IF NOT EXISTS taken (one INTEGER PRIMARY KEY CHECK (one = 1), n INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS reserved (id TEXT PRIMARY KEY, object TEXT NOT NULL, asked INTEGER NOT NULL, due INTEGER NOT NULL);
`;

/**
 * @typedef {object} Place
 * @property {string} id of the participation
 * @property {string} object hexadecimal id of the participant's object
 * @property {number} cap
 * @property {string} account
 * @property {string} campaignId
 * @property {number} now milliseconds
 */

/** @extends {DurableObject<Env>} */
export class Counter extends DurableObject {
  /**
   * @param {DurableObjectState} ctx
   * @param {Env} env
   */
  constructor(ctx, env) {
    super(ctx, env);
    this.sql = ctx.storage.sql;
  }

  /** How many places are taken, those that are not confirmed among them. */
  taken() {
    return Number(rowsOf(this.sql, "taken", "SELECT n FROM taken")[0]?.n ?? 0);
  }

  /**
   * Takes a place. The same id takes it once, however often it asks.
   * @param {Place} place
   * @returns {Promise<boolean>} whether it has one
   */
  async reserve({ id, object, cap, account, campaignId, now }) {
    if (!this.#isThere()) await this.#begin(account, campaignId);
    const due = now + RESERVED_MS;
    if (this.sql.exec("UPDATE reserved SET asked = asked + 1, due = ? WHERE id = ?", due, id).rowsWritten === 0) {
      if (this.taken() >= cap) return false;
      this.sql.exec("INSERT INTO reserved (id, object, asked, due) VALUES (?, ?, 1, ?)", id, object, due);
      this.sql.exec("UPDATE taken SET n = n + 1");
    }
    if ((await this.ctx.storage.getAlarm()) === null) await this.ctx.storage.setAlarm(due);
    await this.ctx.storage.sync();
    return true;
  }

  /**
   * The statistics have these participations on disk.
   * @param {string[]} ids
   */
  async confirm(ids) {
    if (this.#isThere()) for (const id of ids) this.sql.exec("DELETE FROM reserved WHERE id = ?", id);
    await this.ctx.storage.sync();
  }

  /** Asks for places that nobody has confirmed. */
  async alarm() {
    const now = Date.now();
    const due = rowsOf(this.sql, "reserved", "SELECT id, object, asked FROM reserved WHERE due <= ? ORDER BY due LIMIT ?", now, BATCH);
    await Promise.all(due.map(({ id, object, asked }) => this.#settle(String(id), String(object), Number(asked), now)));
    const at = rowsOf(this.sql, "reserved", "SELECT MIN(due) AS at FROM reserved")[0]?.at ?? null;
    if (at !== null) await this.ctx.storage.setAlarm(Math.max(Number(at), now + 1));
  }

  /**
   * @param {string} id
   * @param {string} object
   * @param {number} asked how often it had been asked for when it was due
   * @param {number} now milliseconds
   */
  async #settle(id, object, asked, now) {
    this.sql.exec("UPDATE reserved SET due = ? WHERE id = ? AND asked = ?", now + RESERVED_MS, id, asked);
    try {
      const state = await this.env.PARTICIPANT.get(this.env.PARTICIPANT.idFromString(object)).stateOf(id);
      if (state === "recorded") this.sql.exec("DELETE FROM reserved WHERE id = ?", id);
      // Asked for again meanwhile: its submission has come once more, and is under way.
      if (state === "absent" && this.sql.exec("DELETE FROM reserved WHERE id = ? AND asked = ?", id, asked).rowsWritten > 0)
        this.sql.exec("UPDATE taken SET n = n - 1");
    } catch (fault) {
      logFault("counter", fault);
    }
  }

  /** All of it goes, with the campaign's account. */
  async erase() {
    await this.ctx.storage.deleteAlarm();
    await this.ctx.storage.deleteAll();
  }

  /**
   * Begins with what was recorded before the campaign had a cap, as far as the statistics have it.
   * @param {string} account
   * @param {string} campaignId
   */
  async #begin(account, campaignId) {
    const { participations } = this.env.STATISTICS ? await counts(this.env, account, campaignId) : { participations: 0 };
    this.sql.exec(TABLES);
    // Of several submissions that begin it, the first one's number stands: no place was given before.
    this.sql.exec("INSERT INTO taken (one, n) VALUES (1, ?) ON CONFLICT (one) DO NOTHING", participations);
  }

  #isThere() {
    return hasTable(this.sql, "taken");
  }
}
