// A login between the callback and the campaign: one object per sign-in. It goes new → exchanging → done or
// failed. `exchanging` is on disk before the code leaves, callers at the same time await the one exchange
// inside this object, and a row that is found `exchanging` after a restart is never tried again: the code
// may have been used. The first code is the sign-in's own, and is remembered for as long as a state can bring it again.

import { DurableObject } from "cloudflare:workers";
import { configuration } from "../../platform/configuration.js";
import { CONNECT } from "../../sign_in/connection.js";
import { exchange } from "../../sign_in/exchange.js";
import { bounds } from "../../platform/handstamp.js";
import { logFault } from "../../platform/log.js";
import { objectNamed } from "../../platform/objects.js";
import { openFlow, sealFlow } from "../../accounts/seals.js";
import { rowsOf } from "../tables.js";

/** @import { Signed } from "../../sign_in/exchange.js" */
/** @import { Trace } from "../../platform/trace.js" */
/** @import { Admission, Cause, Env, LoginRecord } from "../../types.d.ts" */

/** First redemption within 60 s; the answer is kept for the same proof as long as the flow cookie goes on. */
const TICKET_MS = 60_000;
const ANSWER_MS = bounds.ANSWER_SECONDS * 1000;
/** How long a code is remembered: as long as a state can live, so that none can bring it again. */
const CODE_MS = bounds.STATE_MINUTES_RANGE[1] * 60_000;

const TABLE = `CREATE TABLE IF NOT EXISTS login (
  one INTEGER PRIMARY KEY CHECK (one = 1), state TEXT NOT NULL, since INTEGER NOT NULL,
  account TEXT NOT NULL, bind TEXT, flow TEXT, record TEXT NOT NULL, answer TEXT)`;
const DELIVERED = `CREATE TABLE IF NOT EXISTS delivered (
  one INTEGER PRIMARY KEY CHECK (one = 1), code TEXT NOT NULL, until INTEGER NOT NULL)`;

/** @typedef {({ admission: Admission, pass: string | null, profile?: true, preview?: true } | { refused: Cause }) & { signed?: Signed }} LoginAnswer */
/** @typedef {{ account: string, campaignId: string, bind?: string, sid: string, step: string, lang?: string }} Flow */

/** @typedef {{ flow?: Flow, elsewhere?: true, stranger?: { account: string, campaignId: string }, answer: LoginAnswer }} Redeemed */

/** @extends {DurableObject<Env>} */
export class Login extends DurableObject {
  /** @type {Promise<LoginAnswer> | undefined} */
  #exchange;

  /**
   * @param {DurableObjectState} ctx
   * @param {Env} env
   */
  constructor(ctx, env) {
    super(ctx, env);
    this.sql = ctx.storage.sql;
  }

  /**
   * Keeps what a delivery brings that had the flow's cookie: a code, once, and an error until a code comes.
   * @param {LoginRecord} record
   * @param {number} now milliseconds
   * @param {string} [code] name of the object that keeps the code to one sign-in
   * @returns {Promise<"kept" | "known" | "other" | "elsewhere">} known: what is kept stays, and the same ticket leads to it;
   *   other: there was a code before, which this is not, or which is over; elsewhere: the code belongs to another sign-in
   */
  deliver(record, now, code) {
    // Of two deliveries at once, the second waits until it is known what came of the first.
    return this.ctx.blockConcurrencyWhile(() => this.#deliver(record, now, code));
  }

  /**
   * @param {LoginRecord} record
   * @param {number} now
   * @param {string} [code]
   * @returns {Promise<"kept" | "known" | "other" | "elsewhere">}
   */
  async #deliver(record, now, code) {
    const row = this.#row();
    const first = this.#delivered();
    const holdsCode = row !== undefined && this.#open(String(row.account), String(row.record))?.outcome === "code";
    if (code && first && !(holdsCode && first.code === code)) return "other";
    if (holdsCode) {
      this.sql.exec("UPDATE login SET since = ?", now);
      return "known";
    }
    if (!code) {
      await this.#keep(record, now);
      return "kept";
    }
    const config = configuration(this.env);
    if (!(await objectNamed(config, this.env.LOGIN, code).claimCode(record.sid, now))) {
      const { exchange: _elsewhere, ...rest } = record;
      await this.#keep({ ...rest, outcome: "error", cause: { code: "code_elsewhere" } }, now);
      return "elsewhere";
    }
    this.sql.exec(DELIVERED);
    this.sql.exec("INSERT INTO delivered (one, code, until) VALUES (1, ?, ?)", code, now + CODE_MS);
    await this.#keep(record, now);
    return "kept";
  }

  /**
   * @param {LoginRecord} record
   * @param {number} now milliseconds
   */
  async #keep(record, now) {
    const sealed = sealFlow(configuration(this.env), record.account, record);
    this.sql.exec(TABLE);
    this.sql.exec(
      "INSERT OR REPLACE INTO login (one, state, since, account, bind, flow, record) VALUES (1, 'new', ?, ?, ?, ?, ?)",
      now,
      record.account,
      record.bind ?? null,
      record.flow ?? null,
      sealed,
    );
    await this.ctx.storage.setAlarm(now + TICKET_MS);
    await this.ctx.storage.sync();
  }

  /**
   * Keeps a code, after which this object is named, to the sign-in that brings it first.
   * @param {string} sid
   * @param {number} now milliseconds
   * @returns {Promise<boolean>} whether it is this sign-in's
   */
  async claimCode(sid, now) {
    this.sql.exec("CREATE TABLE IF NOT EXISTS code (one INTEGER PRIMARY KEY CHECK (one = 1), sid TEXT NOT NULL)");
    this.sql.exec("INSERT INTO code (one, sid) VALUES (1, ?) ON CONFLICT DO NOTHING", sid);
    await this.ctx.storage.setAlarm(now + CODE_MS);
    await this.ctx.storage.sync();
    return this.sql.exec("SELECT sid FROM code").one().sid === sid;
  }

  /**
   * @param {{ binds: string[], flows: string[], now: number, asker?: { account: string, campaignId: string }, trace?: Trace }} input
   *   what the caller can prove, hashed, and the campaign that asks where it says so
   * @returns {Promise<Redeemed>}
   */
  async redeem(input) {
    const row = this.#row();
    const life = row?.state === "new" ? TICKET_MS : ANSWER_MS;
    if (!row || Number(row.since) + life <= input.now) return { answer: { refused: { code: "ticket_unknown" } } };
    const mine = row.bind === null ? input.flows.includes(String(row.flow)) : input.binds.includes(String(row.bind));
    const account = String(row.account);
    const record = this.#open(account, String(row.record));
    // Its key has been taken out of the ring: whoever holds the ticket logs in again.
    if (!record) return { answer: { refused: { code: "ticket_unknown" } } };
    const { campaignId, sid, step, lang, bind } = record;
    const { asker } = input;
    // Of two campaigns on one page the other one came first: it goes on without, and the ticket stays whole.
    if (asker && (asker.account !== account || asker.campaignId !== campaignId))
      return { elsewhere: true, answer: { refused: { code: "ticket_unknown" } } };
    // Told to the account, but nothing of the login is: the caller may be anybody.
    if (!mine) return { stranger: { account, campaignId }, answer: { refused: { code: "wrong_browser" } } };
    /** @type {Flow} */
    const flow = { account, campaignId, sid, step, ...(lang && { lang }), ...(bind && { bind }) };
    return { flow, answer: await this.#answer(record, input.now, input.trace) };
  }

  /**
   * The login itself, once: for a trial of the connection, which nobody else's ticket leads to.
   * @param {{ bind: string, now: number }} input hash of the session that began it
   * @returns {Promise<LoginRecord | null>}
   */
  async take({ bind, now }) {
    const row = this.#row();
    if (row?.state !== "new" || row.bind !== bind || Number(row.since) + TICKET_MS <= now) return null;
    const record = this.#open(String(row.account), String(row.record));
    if (record?.step !== CONNECT) return null;
    await this.#forget(now);
    return record;
  }

  /**
   * @param {LoginRecord} record
   * @param {number} now
   * @param {Trace} [trace]
   * @returns {Promise<LoginAnswer>}
   */
  async #answer(record, now, trace) {
    const { state, answer } = this.sql.exec("SELECT state, answer FROM login").one();
    if (answer !== null)
      return /** @type {LoginAnswer} */ (openFlow(configuration(this.env), record.account, String(answer)));
    if (this.#exchange) return this.#exchange;
    if (state === "exchanging") return this.#finish(record, { refused: { code: "login_again" } }, now);
    if (record.outcome !== "code")
      return this.#finish(record, { refused: record.cause ?? { code: "login_again" } }, now);
    this.sql.exec("UPDATE login SET state = 'exchanging', since = ?", now);
    this.#exchange = this.#run(record, now, trace);
    // Callers may hang up; the exchange goes on.
    this.ctx.waitUntil(this.#exchange);
    return this.#exchange;
  }

  /**
   * @param {LoginRecord} record
   * @param {number} now
   * @param {Trace} [trace]
   * @returns {Promise<LoginAnswer>}
   */
  async #run(record, now, trace) {
    await this.ctx.storage.sync();
    /** @type {LoginAnswer} */
    let answer;
    try {
      answer = await exchange(this.env, record, now, trace);
    } catch (fault) {
      logFault("exchange", fault);
      answer = { refused: { code: "login_again" } };
    }
    return this.#finish(record, answer, Date.now());
  }

  /**
   * Keeps the answer; the code has served, so it goes.
   * @param {LoginRecord} record
   * @param {LoginAnswer} answer
   * @param {number} now
   * @returns {Promise<LoginAnswer>}
   */
  async #finish({ exchange: _spent, ...record }, answer, now) {
    const seal = (/** @type {object} */ value) => sealFlow(configuration(this.env), record.account, value);
    const state = "refused" in answer ? "failed" : "done";
    this.sql.exec(
      "UPDATE login SET state = ?, since = ?, record = ?, answer = ?",
      state,
      now,
      seal(record),
      seal(answer),
    );
    await this.ctx.storage.setAlarm(now + ANSWER_MS);
    await this.ctx.storage.sync();
    return answer;
  }

  /** @param {string} account @param {string} sealed @returns {LoginRecord | undefined} nothing when no key opens it any more */
  #open(account, sealed) {
    try {
      return /** @type {LoginRecord} */ (openFlow(configuration(this.env), account, sealed));
    } catch (fault) {
      logFault("login", fault);
      return undefined;
    }
  }

  #row() {
    return rowsOf(this.sql, "login", "SELECT state, since, account, bind, flow, record FROM login").at(0);
  }

  #delivered() {
    return rowsOf(this.sql, "delivered", "SELECT code, until FROM delivered").at(0);
  }

  /** Lets go of all but the memory of the code. @param {number} now milliseconds */
  async #forget(now) {
    const until = Number(this.#delivered()?.until ?? 0);
    if (until > now) {
      this.sql.exec("DELETE FROM login");
      await this.ctx.storage.setAlarm(until);
    } else {
      await this.ctx.storage.deleteAlarm();
      await this.ctx.storage.deleteAll();
    }
  }

  async alarm() {
    const row = this.#row();
    const end = row ? Number(row.since) + (row.state === "new" ? TICKET_MS : ANSWER_MS) : 0;
    if (end > Date.now()) await this.ctx.storage.setAlarm(end);
    else await this.#forget(Date.now());
  }
}
