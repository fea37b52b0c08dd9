// The record: one object per participant of a campaign. One transaction writes the participation, the count,
// the answer to its idempotency key, the used pass and the outbox row; an alarm is set in the same breath,
// and only then the worker answers 201. The alarm hands outbox rows to the queue; only the confirmation of
// the statistics deletes a row, so whatever the queue loses is sent again, for ever.

import { DurableObject } from "cloudflare:workers";
import { logFault } from "../log.js";
import { hasTable } from "./tables.js";

/** @import { Cause, Env, OutboxMessage, Submission } from "../types.d.ts" */

/** Waits between sendings of one row: 5 s, doubled up to 15 min. */
const FIRST_WAIT_MS = 5000;
const LONGEST_WAIT_MS = 15 * 60 * 1000;
/** Rows per sending: far below the queue's limit of 256 KB for a batch of bodies of at most 64 KiB. */
const BATCH = 3;

const TABLES = `
  CREATE TABLE IF NOT EXISTS participation (id TEXT PRIMARY KEY, at INTEGER NOT NULL, record TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS total (one INTEGER PRIMARY KEY CHECK (one = 1), n INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS answer (key TEXT PRIMARY KEY, hash TEXT NOT NULL, body TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS used (id TEXT PRIMARY KEY);
  CREATE TABLE IF NOT EXISTS outbox (id TEXT PRIMARY KEY, message TEXT NOT NULL, attempts INTEGER NOT NULL, due INTEGER NOT NULL);
`;

/**
 * @typedef {object} SubmitInput
 * @property {string} key Idempotency-Key
 * @property {string} hash of what is submitted under that key
 * @property {{ ids: string[], expiresAt: number, nb?: number }} pass ids of the token or sign-in; seconds
 * @property {Cause | null} revoked why the pass no longer counts, if so
 * @property {import("../form.js").Fault[]} faults of the form
 * @property {Omit<Submission, "id" | "at">} submission
 * @property {number} now milliseconds
 */

/** @typedef {{ participationId: string, recordedAt: string, count: number }} SubmitAnswer */

/** @extends {DurableObject<Env>} */
export class Participant extends DurableObject {
  /**
   * @param {DurableObjectState} ctx
   * @param {Env} env
   */
  constructor(ctx, env) {
    super(ctx, env);
    this.sql = ctx.storage.sql;
  }

  /** How often this person has taken part. */
  count() {
    return hasTable(this.sql, "total") ? this.#total() : 0;
  }

  /**
   * Records once. The order is law: idempotency answer, expiry, revocation, pid, quota, form, record.
   * @param {SubmitInput} input
   * @returns {Promise<{ answer: SubmitAnswer, again: boolean } | { refused: Cause, faults?: SubmitInput["faults"] }>}
   */
  async submit(input) {
    this.sql.exec(TABLES);
    const outcome = this.ctx.storage.transactionSync(() => this.#decide(input));
    if ("answer" in outcome && !outcome.again) {
      // No await lies between the transaction and the alarm, so both reach the disk together; the answer
      // waits until they have.
      await this.ctx.storage.setAlarm(input.now);
      await this.ctx.storage.sync();
    }
    return outcome;
  }

  /**
   * @param {SubmitInput} input
   * @returns {{ answer: SubmitAnswer, again: boolean } | { refused: Cause, faults?: SubmitInput["faults"] }}
   */
  #decide(input) {
    const { pass, now } = input;
    const [earlier] = this.sql.exec("SELECT hash, body FROM answer WHERE key = ?", input.key).toArray();
    if (earlier) {
      if (earlier.hash !== input.hash) return { refused: { code: "idempotency_conflict" } };
      return { answer: JSON.parse(String(earlier.body)), again: true };
    }
    if (Math.floor(now / 1000) > pass.expiresAt) return { refused: { code: "pass_expired" } };
    if (input.revoked) return { refused: input.revoked };
    const isUsed = (/** @type {string} */ id) =>
      this.sql.exec("SELECT 1 FROM used WHERE id = ?", id).toArray().length > 0;
    if (pass.nb === undefined && pass.ids.some(isUsed)) return { refused: { code: "already_recorded" } };
    const total = this.#total();
    if (pass.nb !== undefined && total >= pass.nb) {
      return { refused: { code: "quota_reached", expected: `fewer than ${pass.nb}`, got: String(total) } };
    }
    if (input.faults.length > 0) return { refused: { code: "form_invalid" }, faults: input.faults };
    return { answer: this.#record(input, total + 1), again: false };
  }

  /**
   * @param {SubmitInput} input
   * @param {number} count
   * @returns {SubmitAnswer}
   */
  #record(input, count) {
    const id = crypto.randomUUID();
    /** @type {Submission} */
    const submission = { id, at: input.now, ...input.submission };
    const answer = { participationId: id, recordedAt: new Date(input.now).toISOString(), count };
    /** @type {OutboxMessage} */
    const message = { object: this.ctx.id.toString(), submission };
    this.sql.exec(
      "INSERT INTO participation (id, at, record) VALUES (?, ?, ?)",
      id,
      input.now,
      JSON.stringify(submission),
    );
    this.sql.exec("INSERT INTO total (one, n) VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET n = excluded.n", count);
    this.sql.exec(
      "INSERT INTO answer (key, hash, body) VALUES (?, ?, ?)",
      input.key,
      input.hash,
      JSON.stringify(answer),
    );
    for (const used of input.pass.ids) this.sql.exec("INSERT INTO used (id) VALUES (?) ON CONFLICT DO NOTHING", used);
    this.sql.exec(
      "INSERT INTO outbox (id, message, attempts, due) VALUES (?, ?, 0, ?)",
      id,
      JSON.stringify(message),
      input.now,
    );
    return answer;
  }

  /**
   * The statistics have these participations on disk.
   * @param {string[]} ids
   */
  confirm(ids) {
    if (!hasTable(this.sql, "outbox")) return true;
    for (const id of ids) this.sql.exec("DELETE FROM outbox WHERE id = ?", id);
    return this.sql.exec("SELECT COUNT(*) AS n FROM outbox").one().n === 0;
  }

  /** Sends what is due. The next attempt is booked first: a crash while sending only brings it forward. */
  async alarm() {
    // On plain workerd there is no queue: the record stands, and the rows wait for a platform that has one.
    if (!this.env.OUTBOX || !hasTable(this.sql, "outbox")) return;
    const now = Date.now();
    const due = this.sql
      .exec("SELECT id, message, attempts FROM outbox WHERE due <= ? ORDER BY due LIMIT ?", now, BATCH)
      .toArray();
    for (const row of due) {
      const wait = Math.min(FIRST_WAIT_MS * 2 ** Math.min(Number(row.attempts), 20), LONGEST_WAIT_MS);
      this.sql.exec("UPDATE outbox SET attempts = attempts + 1, due = ? WHERE id = ?", now + wait, String(row.id));
    }
    const next = this.sql.exec("SELECT MIN(due) AS due FROM outbox").one().due;
    if (next !== null) await this.ctx.storage.setAlarm(Math.max(Number(next), now + 1));
    try {
      if (due.length > 0)
        await this.env.OUTBOX.sendBatch(due.map((row) => ({ body: JSON.parse(String(row.message)) })));
    } catch (fault) {
      // An alarm that throws is given up after six tries; ours is already booked.
      logFault("outbox", fault);
    }
  }

  #total() {
    const [row] = this.sql.exec("SELECT n FROM total").toArray();
    return row ? Number(row.n) : 0;
  }
}
