// The record: one object per participant of a campaign. One transaction writes the participation, the count,
// the answer to its idempotency key, the used pass and the outbox row; an alarm is set in the same breath,
// and only then the worker answers 201. The alarm hands outbox rows to the queue; only the confirmation of
// the statistics deletes a row, so whatever the queue loses is sent again, for ever.

import { DurableObject } from "cloudflare:workers";
import { timeOf } from "../../http/answers.js";
import { configuration } from "../../platform/configuration.js";
import { judgeLimit } from "../../platform/handstamp.js";
import { logFault } from "../../platform/log.js";
import { accountObject } from "../../accounts/held.js";
import { issueReceipt } from "../../record/receipt.js";
import { deliver } from "../../record/webhook.js";
import { Deliveries, WAITS } from "./deliveries.js";
import { Erasure } from "./erasure.js";
import { hasTable, rowsOf } from "../tables.js";
import { objectNamed } from "../../platform/objects.js";
import { isRaw, markOfRaw } from "../../record/token_id.js";
import { sha256, uuidOf } from "../../platform/bytes.js";

/** @import { LimitFacts, StatedLimit } from "../../../../pkg/dist/accounts.js" */
/** @import { Cause, Env, OutboxMessage, Submission } from "../../types.d.ts" */

/** Waits between sendings of one row: 5 s, doubled up to 15 min. */
const FIRST_WAIT_MS = 5000;
const LONGEST_WAIT_MS = 15 * 60 * 1000;
/** Rows per sending: far below the queue's limit of 256 KB for a batch of bodies of at most 64 KiB. */
const BATCH = 3;
/** Times of participations that are kept for the limits of a day and a week: a week, and a day on either side. */
const TURN_DAYS = 9;
const TURN_MS = TURN_DAYS * 86_400_000;

const TABLES = `
  CREATE TABLE IF NOT EXISTS participation (id TEXT PRIMARY KEY, at INTEGER NOT NULL, record TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS total (one INTEGER PRIMARY KEY CHECK (one = 1), n INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS turn (at INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS answer (key TEXT PRIMARY KEY, hash TEXT NOT NULL, body TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS used (id TEXT PRIMARY KEY);
  CREATE TABLE IF NOT EXISTS expiry (id TEXT PRIMARY KEY, until INTEGER NOT NULL, preview INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS stated (one INTEGER PRIMARY KEY CHECK (one = 1), body TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS outbox (id TEXT PRIMARY KEY, message TEXT NOT NULL, attempts INTEGER NOT NULL, due INTEGER NOT NULL);
`;

/**
 * @typedef {object} SubmitInput
 * @property {string} key Idempotency-Key
 * @property {string} hash of what is submitted under that key
 * @property {{ ids: string[], raw?: string[], issuedAt?: number, expiresAt: number }} pass marks of the token or sign-in, and what the previous
 *   release kept in their place; seconds
 * @property {Limits} [limits] of the campaign and of the pass
 * @property {Cause | null} [closed] why the campaign takes nothing at this moment, if so
 * @property {{ counter: string, cap: number }} [places] of a campaign with a cap: hexadecimal id of the object that counts them
 * @property {Cause | null} revoked why the pass no longer counts, if so
 * @property {Cause | null} [challenge] why the visitor is not taken for a person, if so
 * @property {Cause | null} [profile] why the profile that the pass waits for stops it, if so
 * @property {import("../../record/form.js").Fault[]} faults of the form
 * @property {Omit<Submission, "id" | "at" | "until" | "preview">} submission
 * @property {boolean} webhook whether the account wants to be told
 * @property {boolean} [recordsLimit] whether the limit is part of the record
 * @property {number} retainMs how long the campaign keeps a participation
 * @property {{ name: string, namespace: string } | null} person object of the person; none for anybody
 * @property {number} now milliseconds
 */

/** When the day and the week of the campaign's calendar began, milliseconds. @typedef {{ day: number, week: number }} Since */
/** @typedef {Pick<LimitFacts, "campaign" | "signedIn" | "seen"> & { since?: Since, awaits?: boolean }} Limits awaits: a newer limit is still to come */
/** @typedef {{ participationId: string, recordedAt: string, count: number, receipt?: string }} SubmitAnswer */
/** @typedef {{ id: string, receipt: string }} Signed the participation's id, and its receipt */
/** @typedef {{ answer: SubmitAnswer, again: boolean } | { refused: Cause, faults?: SubmitInput["faults"] }} Outcome */

/** @extends {DurableObject<Env>} */
export class Participant extends DurableObject {
  /** Whether the tables are those of this release. */
  #isCurrent = false;
  /** The submission that is under way, by the id that it would be recorded under. */
  #underWay = "";
  /** When those before are through: of many at once with one pass, only the first is to take a place. @type {Promise<unknown>} */
  #before = Promise.resolve();

  /**
   * @param {DurableObjectState} ctx
   * @param {Env} env
   */
  constructor(ctx, env) {
    super(ctx, env);
    this.sql = ctx.storage.sql;
    this.deliveries = new Deliveries(this.sql);
    this.erasure = new Erasure(this.sql);
  }

  /** How often this person has taken part. */
  count() {
    return Number(this.#rows("SELECT n FROM total")[0]?.n ?? 0);
  }

  /**
   * Judges whether this person may take part once more. A limit that is newer than the one of the record is kept, also
   * where it refuses: an older token does not loosen it.
   * @param {Limits} limits
   * @returns {Promise<ReturnType<typeof judgeLimit>>}
   */
  async judge(limits) {
    const verdict = this.#judged(limits);
    if (verdict.stated && this.#isThere()) {
      this.#keepStated(verdict.stated);
      await this.ctx.storage.sync();
    }
    return verdict;
  }

  /** @param {Limits} limits */
  #judged({ since, awaits, ...limits }) {
    // Of most who come nothing is recorded yet, and the tables are asked for once.
    if (!this.#isThere()) return judgeLimit({ ...limits, participations: 0, ...(since && { played: { day: 0, week: 0 } }) });
    const [row] = awaits ? [] : this.#rows("SELECT body FROM stated");
    const kept = row ? { kept: JSON.parse(String(row.body)) } : {};
    const played = since && { day: this.#countSince(since.day), week: this.#countSince(since.week) };
    return judgeLimit({ ...limits, ...kept, participations: this.count(), ...(played && { played }) });
  }

  /** @param {number} at milliseconds */
  #countSince(at) {
    return Number(this.#rows("SELECT COUNT(*) AS n FROM turn WHERE at >= ?", at)[0]?.n ?? 0);
  }

  /** @param {StatedLimit} stated */
  #keepStated(stated) {
    this.sql.exec("INSERT OR REPLACE INTO stated (one, body) VALUES (1, ?)", JSON.stringify(stated));
  }

  /** Tells whether anything was ever recorded. Tables that came with a later release are made. */
  #isThere() {
    if (!hasTable(this.sql, "total")) return false;
    if (!this.#isCurrent) this.#makeTables();
    return true;
  }

  #makeTables() {
    const hasTurns = hasTable(this.sql, "turn");
    this.sql.exec(TABLES);
    // Participations of the release before count for their day and week, too.
    if (!hasTurns) this.sql.exec("INSERT INTO turn (at) SELECT at FROM participation WHERE id NOT IN (SELECT id FROM expiry WHERE preview = 1)");
    this.#isCurrent = true;
  }

  /**
   * @param {string} query
   * @param {SqlStorageValue[]} values
   */
  #rows(query, ...values) {
    return this.#isThere() ? this.sql.exec(query, ...values).toArray() : [];
  }

  /**
   * Records once. The order is law: idempotency answer, period, expiry, revocation, erasure, challenge, profile, pid, quota,
   * form, place, record. A refusal leaves nothing behind.
   * @param {SubmitInput} input
   * @returns {Promise<Outcome>}
   */
  async submit(input) {
    const outcome = this.#before.then(() => this.#known(input) ?? this.#inTurn(input));
    this.#before = outcome.catch(() => {});
    return outcome;
  }

  /** @param {SubmitInput} input @returns {Promise<Outcome>} */
  async #inTurn(input) {
    // The same for every retry, so that a place which a crash has left taken is this submission's.
    const id = uuidOf(await sha256(JSON.stringify([this.ctx.id.toString(), input.key, input.hash, input.pass.issuedAt ?? 0])));
    this.#underWay = id;
    try {
      return (await this.#hasPlace(id, input)) ? await this.#take(id, input) : { refused: { code: "campaign_full", at: "/cap" } };
    } finally {
      this.#underWay = "";
    }
  }

  /**
   * Takes a place of a campaign that has a cap.
   * @param {string} id
   * @param {SubmitInput} input
   * @returns {Promise<boolean>}
   */
  async #hasPlace(id, { places, now, submission: { account, campaignId } }) {
    if (!places) return true;
    const counter = this.env.COUNTER.get(this.env.COUNTER.idFromString(places.counter));
    return counter.reserve({ id, object: this.ctx.id.toString(), cap: places.cap, account, campaignId, now });
  }

  /**
   * What became of a submission, for the object that holds a place for it. What is absent now is recorded only after it has
   * asked for its place once more.
   * @param {string} id
   * @returns {"under_way" | "recorded" | "absent"}
   */
  stateOf(id) {
    if (this.#underWay === id) return "under_way";
    return this.#rows("SELECT 1 FROM participation WHERE id = ?", id).length > 0 ? "recorded" : "absent";
  }

  /**
   * @param {string} id
   * @param {SubmitInput} input
   * @returns {Promise<Outcome>}
   */
  async #take(id, input) {
    // Noted first: nothing is ever recorded that the person's own object does not know of.
    if (input.person && !this.#isThere()) {
      const { name, namespace } = input.person;
      const { now, pass: { issuedAt }, submission: { campaignId } } = input;
      const note = { object: this.ctx.id.toString(), campaignId, namespace, issuedAt, now };
      this.erasure.learn(await objectNamed(configuration(this.env), this.env.PERSON, name).note(note));
    }
    // Signed before, as no transaction can wait for it. Where nothing is recorded after all, nobody gets it.
    const receipt = await issueReceipt(configuration(this.env), { ...input.submission, id, at: input.now, until: input.now });
    // Judged again: in the meantime an erasure may have come.
    const outcome = this.ctx.storage.transactionSync(() => this.#known(input) ?? this.#recorded(input, { id, receipt }));
    if ("answer" in outcome && !outcome.again) {
      // No await lies between the transaction and the alarm, so both reach the disk together; the answer
      // waits until they have.
      await this.ctx.storage.setAlarm(input.now);
      await this.ctx.storage.sync();
    }
    return outcome;
  }

  /**
   * Finds the answer that the submission had before, or why it is refused; nothing where it is to be recorded.
   * @param {SubmitInput} input
   * @returns {Outcome | undefined}
   */
  #known(input) {
    const { pass, now } = input;
    const [earlier] = this.#rows("SELECT hash, body FROM answer WHERE key = ?", input.key);
    if (earlier) {
      if (earlier.hash !== input.hash) return { refused: { code: "idempotency_conflict" } };
      return { answer: JSON.parse(String(earlier.body)), again: true };
    }
    if (input.closed) return { refused: input.closed };
    if (Math.floor(now / 1000) > pass.expiresAt) return { refused: { code: "pass_expired" } };
    if (input.revoked) return { refused: input.revoked };
    if (this.erasure.covers(pass.issuedAt)) return { refused: { code: "pass_erased" } };
    if (input.challenge) return { refused: input.challenge };
    if (input.profile) return { refused: input.profile };
    const refused = this.#turnRefusal(input);
    if (refused) return { refused };
    if (input.faults.length > 0) return { refused: { code: "form_invalid" }, faults: input.faults };
    return undefined;
  }

  /** @param {SubmitInput} input @returns {Cause | undefined} */
  #turnRefusal({ pass: { ids, raw = [] }, limits = {} }) {
    const isUsed = (/** @type {string} */ id) => this.#rows("SELECT 1 FROM used WHERE id = ?", id).length > 0;
    if (limits.seen?.limit.nb === undefined && [...ids, ...raw].some(isUsed)) return { code: "already_recorded" };
    const { reason, limit } = this.#judged(limits);
    if (reason === "quota_reached") return { code: reason, expected: `fewer than ${limit?.nb}`, got: String(this.count()) };
    return reason && { code: reason };
  }

  /**
   * @param {SubmitInput} input
   * @param {Signed} signed
   * @returns {Outcome}
   */
  #recorded(input, signed) {
    this.#makeTables();
    this.erasure.keep();
    const { stated, limit } = this.#judged(input.limits ?? {});
    if (stated) this.#keepStated(stated);
    this.sql.exec("DELETE FROM turn WHERE at < ?", input.now - TURN_MS);
    this.sql.exec("INSERT INTO turn (at) VALUES (?)", input.now);
    const count = this.count() + 1;
    const submission = { ...input.submission, ...(input.recordsLimit && { limit: { ...limit, count } }) };
    return { answer: this.#record({ ...input, submission }, count, signed), again: false };
  }

  /**
   * @param {SubmitInput} input
   * @param {number} count
   * @param {Signed} signed
   * @returns {SubmitAnswer}
   */
  #record(input, count, { id, receipt }) {
    const until = input.now + input.retainMs;
    /** @type {Submission} */
    const submission = { id, at: input.now, until, ...input.submission };
    const answer = { participationId: id, recordedAt: timeOf(input.now), count, receipt };
    /** @type {OutboxMessage} */
    const message = { object: this.ctx.id.toString(), counter: input.places?.counter ?? null, submission };
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
    // The last column is of a release that kept previews.
    this.sql.exec("INSERT INTO expiry (id, until, preview) VALUES (?, ?, 0)", id, until);
    this.sql.exec(
      "INSERT INTO outbox (id, message, attempts, due) VALUES (?, ?, 0, ?)",
      id,
      JSON.stringify(message),
      input.now,
    );
    if (input.webhook) this.deliveries.add(id, input.now);
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
    const now = Date.now();
    this.erasure.purge(now);
    this.#drop(this.#rows("SELECT id FROM expiry WHERE until <= ?", now).map(({ id }) => String(id)));
    if ((await this.#tidy()) || !this.#isThere()) return this.#wake(now);
    this.sql.exec("DELETE FROM turn WHERE at < ?", now - TURN_MS);
    await this.#hideTokenIds();
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
    await this.#wake(now);
    try {
      if (due.length > 0)
        await this.env.OUTBOX.sendBatch(due.map((row) => ({ body: JSON.parse(String(row.message)) })));
    } catch (fault) {
      // An alarm that throws is given up after six tries; ours is already booked.
      logFault("outbox", fault);
    }
    for (const { id, attempts } of owed) await this.#deliver(id, attempts);
    return undefined;
  }

  /** Puts a mark in the place of each id that the previous release kept as it was. */
  async #hideTokenIds() {
    for (const id of this.held().used.filter(isRaw))
      this.sql.exec("UPDATE OR REPLACE used SET id = ? WHERE id = ?", await markOfRaw(configuration(this.env), id), id);
  }

  /**
   * @param {string} id of a participation that the webhook is to be told of
   * @param {number} attempts this one counted
   */
  async #deliver(id, attempts) {
    // It may have been erased while another was on its way.
    const [row] = this.#rows("SELECT record FROM participation WHERE id = ?", id);
    if (!row) return this.deliveries.done(id);
    /** @type {Submission} */
    const submission = JSON.parse(String(row.record));
    const config = configuration(this.env);
    const { outcome, got } = await deliver(this.env, config, submission, Date.now(), this.#receiptOf(id));
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

  /** The receipt that was given; none of a participation that an earlier release recorded. @param {string} id */
  #receiptOf(id) {
    const [row] = this.#rows("SELECT json_extract(body, '$.receipt') AS receipt FROM answer WHERE json_extract(body, '$.participationId') = ?", id);
    return row?.receipt ? String(row.receipt) : undefined;
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

  /** Wakes when something is due again. @param {number} now */
  async #wake(now) {
    const sending = this.env.OUTBOX ? this.#rows("SELECT MIN(due) AS at FROM outbox")[0]?.at : null;
    const going = this.#rows("SELECT MIN(until) AS at FROM expiry")[0]?.at;
    const turn = this.#rows("SELECT MIN(at) AS at FROM turn")[0]?.at;
    const counted = typeof turn === "number" ? turn + TURN_MS + 1 : null;
    const known = [sending, going, counted, this.deliveries.next(), this.erasure.end()].filter((at) => typeof at === "number");
    if (known.length > 0) await this.ctx.storage.setAlarm(Math.max(Math.min(...known), now + 1));
  }

  /**
   * Participations that are over. The count and the used passes stay: they say how often, not who or what, and the
   * campaign's limit hangs on them.
   * @param {string[]} ids
   */
  async forget(ids) {
    this.#drop(ids);
    await this.#tidy();
    return true;
  }

  /** @param {string[]} ids */
  #drop(ids) {
    if (ids.length > 0 && this.#isThere()) this.ctx.storage.transactionSync(() => ids.forEach((id) => this.#dropOne(id)));
  }

  /** @param {string} id */
  #dropOne(id) {
    const [row] = this.sql.exec("SELECT json_extract(record, '$.technique') AS technique FROM participation WHERE id = ?", id).toArray();
    for (const table of ["participation", "outbox", "expiry"]) this.sql.exec(`DELETE FROM ${table} WHERE id = ?`, id);
    this.deliveries.done(id);
    this.sql.exec("DELETE FROM answer WHERE json_extract(body, '$.participationId') = ?", id);
    // A visitor without a name came by one pass, which has ended long before: no limit hangs on the count.
    if (row?.technique === "anonymous") for (const table of ["total", "used", "turn"]) this.sql.exec(`DELETE FROM ${table}`);
  }

  /** Ends as a new object once nothing is left to keep. @returns {Promise<boolean>} whether it did */
  async #tidy() {
    const isKept = this.count() > 0 || this.#rows("SELECT 1 FROM participation LIMIT 1").length > 0 || this.erasure.end() !== undefined;
    if (!isKept) await this.#end();
    return !isKept;
  }

  async #end() {
    this.#isCurrent = false;
    await this.ctx.storage.deleteAlarm();
    await this.ctx.storage.deleteAll();
  }

  /** Tells whether anything is recorded here, for the person's object. */
  isThere() {
    return this.#isThere();
  }

  /** Ids of what is held, by table. */
  held() {
    const ids = (/** @type {string} */ table) => rowsOf(this.sql, table, `SELECT id FROM ${table}`).map(({ id }) => String(id));
    return { record: ids("participation"), outbox: ids("outbox"), webhook: ids("delivery"), used: ids("used") };
  }

  /** All of it, for the person whose data it is. @returns {{ count: number, submissions: Submission[] }} */
  everything() {
    const rows = this.#rows("SELECT record FROM participation ORDER BY at, id");
    return { count: this.count(), submissions: rows.map(({ record }) => JSON.parse(String(record))) };
  }

  /**
   * Nothing is left, not even the count. A submission that has come already finds the erasure in this object's memory,
   * and the next one in the person's.
   * @returns {Promise<{ record: number, outbox: number, webhook: number, at: number }>} how much there was, and a time that
   *   nothing erased is later than
   */
  async erase() {
    const { record, outbox, webhook } = this.held();
    const newest = Number(this.#rows("SELECT MAX(at) AS at FROM participation")[0]?.at ?? 0);
    const at = Math.max(Date.now(), newest);
    this.erasure.learn(at);
    await this.#end();
    return { record: record.length, outbox: outbox.length, webhook: webhook.length, at };
  }
}
