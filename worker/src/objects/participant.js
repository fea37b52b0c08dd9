// The record: one object per participant of a campaign. One transaction writes the participation, the count,
// the answer to its idempotency key, the used pass and the outbox row; an alarm is set in the same breath,
// and only then the worker answers 201. The alarm hands outbox rows to the queue; only the confirmation of
// the statistics deletes a row, so whatever the queue loses is sent again, for ever.

import { DurableObject } from "cloudflare:workers";
import { configuration } from "../platform/configuration.js";
import { logFault } from "../platform/log.js";
import { accountObject } from "../accounts/held.js";
import { deliver } from "../record/webhook.js";
import { Deliveries, WAITS } from "./deliveries.js";
import { hasTable } from "./tables.js";
import { objectNamed } from "../platform/objects.js";

/** @import { Cause, Env, OutboxMessage, Submission } from "../types.d.ts" */

/** Waits between sendings of one row: 5 s, doubled up to 15 min. */
const FIRST_WAIT_MS = 5000;
const LONGEST_WAIT_MS = 15 * 60 * 1000;
/** Rows per sending: far below the queue's limit of 256 KB for a batch of bodies of at most 64 KiB. */
const BATCH = 3;
/** Previews of one person that are kept at a time, and for how long. */
const PREVIEWS = 50;
const PREVIEW_MS = 24 * 60 * 60 * 1000;

const TABLES = `
  CREATE TABLE IF NOT EXISTS participation (id TEXT PRIMARY KEY, at INTEGER NOT NULL, record TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS total (one INTEGER PRIMARY KEY CHECK (one = 1), n INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS answer (key TEXT PRIMARY KEY, hash TEXT NOT NULL, body TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS used (id TEXT PRIMARY KEY);
  CREATE TABLE IF NOT EXISTS expiry (id TEXT PRIMARY KEY, until INTEGER NOT NULL, preview INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS outbox (id TEXT PRIMARY KEY, message TEXT NOT NULL, attempts INTEGER NOT NULL, due INTEGER NOT NULL);
`;

/**
 * @typedef {object} SubmitInput
 * @property {string} key Idempotency-Key
 * @property {string} hash of what is submitted under that key
 * @property {{ ids: string[], expiresAt: number, nb?: number }} pass ids of the token or sign-in; seconds
 * @property {Cause | null} revoked why the pass no longer counts, if so
 * @property {import("../record/form.js").Fault[]} faults of the form
 * @property {Omit<Submission, "id" | "at" | "until">} submission
 * @property {boolean} webhook whether the account wants to be told
 * @property {number} retainMs how long the campaign keeps a participation
 * @property {{ name: string, namespace: string } | null} person object of the person; none for anybody
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
    this.deliveries = new Deliveries(this.sql);
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
    // Noted first: nothing is ever recorded that the person's own object does not know of.
    if (input.person && !hasTable(this.sql, "total")) {
      const { name, namespace } = input.person;
      const note = { object: this.ctx.id.toString(), campaignId: input.submission.campaignId, namespace };
      await objectNamed(configuration(this.env), this.env.PERSON, name).note(note);
    }
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
    if (input.submission.preview) return this.#preview(input);
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
   * A preview is marked, uses up nothing and goes after a day.
   * @param {SubmitInput} input
   * @returns {{ answer: SubmitAnswer, again: boolean } | { refused: Cause, faults?: SubmitInput["faults"] }}
   */
  #preview(input) {
    if (Number(this.sql.exec("SELECT COUNT(*) AS n FROM expiry WHERE preview = 1").one().n) >= PREVIEWS)
      return { refused: { code: "rate_limited" } };
    if (input.faults.length > 0) return { refused: { code: "form_invalid" }, faults: input.faults };
    const retainMs = Math.min(PREVIEW_MS, input.retainMs);
    return { answer: this.#record({ ...input, retainMs, pass: { ...input.pass, ids: [] } }, this.#total()), again: false };
  }

  /**
   * @param {SubmitInput} input
   * @param {number} count
   * @returns {SubmitAnswer}
   */
  #record(input, count) {
    const id = crypto.randomUUID();
    const until = input.now + input.retainMs;
    /** @type {Submission} */
    const submission = { id, at: input.now, until, ...input.submission };
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
      "INSERT INTO expiry (id, until, preview) VALUES (?, ?, ?)",
      id,
      until,
      submission.preview ? 1 : 0,
    );
    this.sql.exec(
      "INSERT INTO outbox (id, message, attempts, due) VALUES (?, ?, 0, ?)",
      id,
      JSON.stringify(message),
      input.now,
    );
    if (input.webhook && !submission.preview) this.deliveries.add(id, input.now);
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

  /**
   * Drops what has been kept long enough and sends what is due. The next attempt is booked first: a crash while
   * sending only brings it forward.
   */
  async alarm() {
    if (!hasTable(this.sql, "outbox")) return;
    this.sql.exec(TABLES);
    const now = Date.now();
    const over = this.sql.exec("SELECT id FROM expiry WHERE until <= ?", now).toArray();
    this.#drop(over.map(({ id }) => String(id)));
    // On plain workerd there is no queue: the record stands, and the rows wait for a platform that has one.
    const due = this.env.OUTBOX
      ? this.sql
          .exec("SELECT id, message, attempts FROM outbox WHERE due <= ? ORDER BY due LIMIT ?", now, BATCH)
          .toArray()
      : [];
    for (const row of due) {
      const wait = Math.min(FIRST_WAIT_MS * 2 ** Math.min(Number(row.attempts), 20), LONGEST_WAIT_MS);
      this.sql.exec("UPDATE outbox SET attempts = attempts + 1, due = ? WHERE id = ?", now + wait, String(row.id));
    }
    const owed = this.deliveries.take(now);
    const next = this.#next();
    if (next !== undefined) await this.ctx.storage.setAlarm(Math.max(next, now + 1));
    try {
      if (due.length > 0)
        await this.env.OUTBOX.sendBatch(due.map((row) => ({ body: JSON.parse(String(row.message)) })));
    } catch (fault) {
      // An alarm that throws is given up after six tries; ours is already booked.
      logFault("outbox", fault);
    }
    for (const { id, attempts } of owed) await this.#deliver(id, attempts);
  }

  /**
   * @param {string} id of a participation that the webhook is to be told of
   * @param {number} attempts this one counted
   */
  async #deliver(id, attempts) {
    const [row] = this.sql.exec("SELECT record FROM participation WHERE id = ?", id).toArray();
    if (!row) return this.deliveries.done(id);
    /** @type {Submission} */
    const submission = JSON.parse(String(row.record));
    const config = configuration(this.env);
    const { outcome, got } = await deliver(this.env, config, submission, Date.now());
    if (outcome === "done") return this.deliveries.done(id);
    if (outcome === "again" && attempts < WAITS.length) return undefined;
    try {
      // Told first: a letter that nobody knows of could never be sent again.
      const object = this.ctx.id.toString();
      const account = await accountObject(this.env, config, submission.account);
      await account.deadLetter({ object, participationId: id, at: Date.now(), attempts, got });
      this.deliveries.bury(id);
    } catch (fault) {
      logFault("dead letter", fault);
    }
    return undefined;
  }

  /**
   * Sends again what was given up.
   * @param {string[]} ids
   * @param {number} now
   * @returns {Promise<number>} how many of them there still are
   */
  async replay(ids, now) {
    const revived = this.deliveries.revive(ids, now);
    if (revived.length > 0) {
      await this.ctx.storage.setAlarm(now);
      await this.ctx.storage.sync();
    }
    return revived.length;
  }

  /** When something is due again. */
  #next() {
    const sending = this.env.OUTBOX ? this.sql.exec("SELECT MIN(due) AS at FROM outbox").one().at : null;
    const going = this.sql.exec("SELECT MIN(until) AS at FROM expiry").one().at;
    const times = [sending, going, this.deliveries.next() ?? null].filter((at) => at !== null).map(Number);
    return times.length > 0 ? Math.min(...times) : undefined;
  }

  /**
   * Participations that are over. The count and the used passes stay: they say how often, not who or what, and the
   * campaign's limit hangs on them.
   * @param {string[]} ids
   */
  forget(ids) {
    if (hasTable(this.sql, "expiry")) this.ctx.storage.transactionSync(() => this.#drop(ids));
    return true;
  }

  /** @param {string[]} ids */
  #drop(ids) {
    for (const id of ids) {
      for (const table of ["participation", "outbox", "expiry"]) this.sql.exec(`DELETE FROM ${table} WHERE id = ?`, id);
      this.deliveries.done(id);
      this.sql.exec("DELETE FROM answer WHERE json_extract(body, '$.participationId') = ?", id);
    }
  }

  /** Ids of what is held, by table. */
  held() {
    const ids = (/** @type {string} */ table) =>
      hasTable(this.sql, table) ? this.sql.exec(`SELECT id FROM ${table}`).toArray().map(({ id }) => String(id)) : [];
    return { record: ids("participation"), outbox: ids("outbox"), webhook: ids("delivery") };
  }

  /** All of it, for the person whose data it is. @returns {{ count: number, submissions: Submission[] }} */
  everything() {
    const rows = hasTable(this.sql, "participation")
      ? this.sql.exec("SELECT record FROM participation ORDER BY at, id").toArray()
      : [];
    return { count: this.count(), submissions: rows.map(({ record }) => JSON.parse(String(record))) };
  }

  /** Nothing is left, not even the count. @returns {Promise<number>} how many participations there were */
  async erase() {
    const { record } = this.held();
    await this.ctx.storage.deleteAlarm();
    await this.ctx.storage.deleteAll();
    return record.length;
  }

  #total() {
    const [row] = this.sql.exec("SELECT n FROM total").toArray();
    return row ? Number(row.n) : 0;
  }
}
