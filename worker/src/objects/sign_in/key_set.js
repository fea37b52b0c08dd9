// One object per address of a key set or of an identity provider's metadata: refreshes are single-flight, the last
// good copy is on disk. When to fetch, to wait or to refuse is decided by the core's pure machine. An address that nobody
// asks for any more goes, and an account begins only so many: its identity provider can name a new one every time.

import { DurableObject } from "cloudflare:workers";
import { accountObject } from "../../accounts/held.js";
import { configuration } from "../../platform/configuration.js";
import { perform } from "../../outgoing/fetcher.js";
import { oauth } from "../../platform/handstamp.js";
import { hasTable } from "../tables.js";

/** @import { CacheEvent } from "../../../../pkg/dist/oauth.js" */
/** @import { CoreAnswer, CoreRequest, Env } from "../../types.d.ts" */
/** @typedef {{ status: number, contentType: string, body: string, cacheControl?: string }} Whole */

/** @typedef {{ answer: CoreAnswer, fetchedAt: number, ms: number, failure?: CoreAnswer }} Kept when the copy was fetched, seconds; 0 for none; failure: what the server has said since, if that does not serve */
/** @typedef {Kept & { told: CoreAnswer }} Loaded what serves, and what the server said just now */

/** How long the object of an address is kept after its last fetch. */
export const KEY_SET_MS = 48 * 60 * 60 * 1000;
const TABLE = `CREATE TABLE IF NOT EXISTS entry (one INTEGER PRIMARY KEY CHECK (one = 1), cache TEXT NOT NULL, failure TEXT)`;

/** @extends {DurableObject<Env>} */
export class KeySet extends DurableObject {
  /** @type {Promise<Loaded> | undefined} */
  #flight;

  /**
   * @param {DurableObjectState} ctx
   * @param {Env} env
   */
  constructor(ctx, env) {
    super(ctx, env);
    this.sql = ctx.storage.sql;
  }

  /**
   * @param {CoreRequest} request
   * @param {number} now milliseconds
   * @param {string} account that asks
   * @returns {Promise<Kept>}
   */
  async read(request, now, account) {
    if (request.test) return this.#test(request, now, account);
    const type = request.refresh ? "refresh" : request.doubt ? "doubt" : "need";
    // Any account may test the server at any time: whoever needs no more than the copy does not wait for that.
    const copyServes = () => type === "need" && this.#step({ type }, now).decision === "use";
    while (this.#flight && !copyServes()) {
      const loaded = await this.#flight;
      // Another account may have begun too many; this one may still begin.
      if (loaded.told.failed !== "refused") return served(loaded);
    }
    const isNew = !hasTable(this.sql, "entry");
    const { decision, text, fresh, fetchedAt } = this.#step({ type }, now);
    if (decision !== "fetch") return { answer: this.#answer(decision, text), fetchedAt, ms: 0, ...(!fresh && { failure: this.#failure() }) };
    return served(await this.#fly(request, now, isNew ? account : undefined));
  }

  /**
   * What the server says now, whatever is kept: a good answer also becomes the copy, a bad one takes nothing away.
   * @param {CoreRequest} request
   * @param {number} now milliseconds
   * @param {string} account that asks
   * @returns {Promise<Kept>}
   */
  async #test(request, now, account) {
    while (this.#flight) await this.#flight;
    const { told, fetchedAt, ms } = await this.#fly(request, now, hasTable(this.sql, "entry") ? undefined : account);
    return { answer: told, fetchedAt, ms };
  }

  /**
   * @param {CoreRequest} request
   * @param {number} now milliseconds
   * @param {string} [beginner] the account that asks first
   */
  #fly(request, now, beginner) {
    this.#flight = (beginner === undefined ? this.#load(request, now) : this.#begin(request, now, beginner)).finally(() => {
      this.#flight = undefined;
    });
    // Whoever asked first may hang up; the others still get their answer.
    this.ctx.waitUntil(this.#flight);
    return this.#flight;
  }

  /**
   * The first fetch: the account that asks for it may have begun too many.
   * @param {CoreRequest} request
   * @param {number} now milliseconds
   * @param {string} account
   * @returns {Promise<Loaded>}
   */
  async #begin(request, now, account) {
    const object = await accountObject(this.env, configuration(this.env), account);
    if (await object.openKeySet(this.ctx.id.toString(), now)) return this.#load(request, now);
    await this.ctx.storage.deleteAll();
    const refused = /** @type {const} */ ({ failed: "refused" });
    return { answer: refused, told: refused, fetchedAt: 0, ms: 0 };
  }

  /**
   * @param {CoreRequest} request
   * @param {number} now milliseconds
   * @returns {Promise<Loaded>}
   */
  async #load(request, now) {
    const began = Date.now();
    const told = await perform(request, configuration(this.env));
    const ms = Date.now() - began;
    const purpose =
      request.purpose === "discovery" ? /** @type {const} */ ("discovery") : /** @type {const} */ ("keySet");
    const { failed, ...rest } = told;
    const whole = /** @type {Whole} */ (rest);
    const { issuer } = request;
    /** @type {CacheEvent} */
    const event = failed ? { type: "failed" } : { type: "fetched", purpose, ...whole, ...(issuer !== undefined && { issuer }) };
    const { decision, text, fresh, fetchedAt } = this.#step(event, now);
    // What is no key set never takes the place of one; it is kept aside, for the core to say what is wrong with it.
    // Of an error page that is the status alone.
    const failure = failed ? told : whole.status === 200 ? whole : { ...whole, body: "" };
    this.sql.exec("UPDATE entry SET failure = ?", fresh ? null : JSON.stringify(failure));
    return { answer: decision === "use" ? this.#answer(decision, text) : told, told, fetchedAt, ms, ...(!fresh && { failure }) };
  }

  /** Nobody has asked for two days. */
  async alarm() {
    await this.ctx.storage.deleteAll();
  }

  /**
   * @param {CacheEvent} event
   * @param {number} now milliseconds
   * @returns {{ decision: "use" | "fetch" | "refuse", text: string | undefined, fresh: boolean, fetchedAt: number }}
   */
  #step(event, now) {
    this.sql.exec(TABLE);
    const [row] = this.sql.exec("SELECT cache FROM entry").toArray();
    const known = row ? JSON.parse(String(row.cache)) : null;
    const { decision, cache } = oauth.keySet.next(known, event, Math.floor(now / 1000));
    const text = JSON.stringify(cache);
    // Nearly every call only reads: what is as it was is not written again, as each write waits for the disk.
    if (text !== row?.cache) {
      this.sql.exec(
        "INSERT INTO entry (one, cache) VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET cache = excluded.cache",
        text,
      );
      // The last good copy serves for a day: two days after the last fetch nothing here is of use.
      void this.ctx.storage.setAlarm(now + KEY_SET_MS);
    }
    return { decision, text: cache.text, fresh: cache.failures === 0, fetchedAt: Number(cache.fetchedAt ?? 0) };
  }

  /**
   * @param {"use" | "refuse"} decision
   * @param {string | undefined} text
   * @returns {CoreAnswer}
   */
  #answer(decision, text) {
    if (decision === "use" && text !== undefined) return { status: 200, contentType: "application/json", body: text };
    return this.#failure();
  }

  /** @returns {CoreAnswer} */
  #failure() {
    const { failure } = this.sql.exec("SELECT failure FROM entry").one();
    return failure === null ? { failed: "network" } : JSON.parse(String(failure));
  }
}

/** @param {Loaded} loaded @returns {Kept} */
function served({ told: _told, ...kept }) {
  return kept;
}
