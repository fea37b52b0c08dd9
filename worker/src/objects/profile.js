// What the customer's profile API says of one token: asked once, however often and from however many windows the token
// is shown. It is asked at the form step, with the access token, which lies here until then. Both lie sealed, for as long as a pass
// of that token lives; the person's object knows of it, so that an erasure reaches it before.

import { DurableObject } from "cloudflare:workers";
import { configuration } from "../platform/configuration.js";
import { bounds } from "../platform/handstamp.js";
import { logFault } from "../platform/log.js";
import { objectName } from "../platform/names.js";
import { asRefusal } from "../http/problem.js";
import { readProfile } from "../outgoing/profile_api.js";
import { openFlow, sealFlow } from "../accounts/seals.js";
import { objectNamed } from "../platform/objects.js";
import { hasTable } from "./tables.js";

/** @import { Trace } from "../platform/trace.js" */
/** @import { Cause, Env } from "../types.d.ts" */

const PASS_MS = bounds.PASS_SECONDS * 1000;
/** A minute more, for those that come at once. */
const KEPT_MS = PASS_MS + 60_000;
const TABLE = `CREATE TABLE IF NOT EXISTS profile (
  one INTEGER PRIMARY KEY CHECK (one = 1), body TEXT NOT NULL, expires INTEGER NOT NULL)`;

/**
 * @typedef {object} Owed
 * @property {string} account
 * @property {string} accessToken
 * @property {string} subject of the token
 */
/**
 * @typedef {object} Asked
 * @property {string} account
 * @property {{ url: string, object?: string, subject?: string }} api
 * @property {Record<string, string>} headers further ones, secrets in place
 * @property {Trace} trace of whoever asks first
 */
/** @typedef {{ profile: Record<string, unknown> } | { refused: Cause }} Told */
/** @typedef {{ accessToken?: string, subject?: string, profile?: Record<string, unknown>, at?: number }} Body at: when the profile was told, milliseconds; one of the previous release is a profile alone */

/** @extends {DurableObject<Env>} */
export class Profile extends DurableObject {
  /** @type {Promise<Told> | undefined} */
  #asking;
  /** What is being kept. @type {Promise<void>} */
  #keeping = Promise.resolve();

  /**
   * @param {DurableObjectState} ctx
   * @param {Env} env
   */
  constructor(ctx, env) {
    super(ctx, env);
    this.sql = ctx.storage.sql;
  }

  /**
   * Keeps the access token until the profile is asked for. What the API has said meanwhile stands for as long as a pass.
   * @param {Owed} owed
   * @param {number} now milliseconds
   */
  async keep(owed, now) {
    if ((this.#row(owed.account, now)?.until ?? 0) - now >= PASS_MS) return;
    this.#keeping = this.#keeping.then(() => this.#keep(owed, now));
    await this.#keeping;
  }

  /** @param {Owed} owed @param {number} now */
  async #keep({ account, accessToken, subject }, now) {
    const config = configuration(this.env);
    const until = now + KEPT_MS;
    const name = await objectName(config, "person", account, subject);
    await objectNamed(config, this.env.PERSON, name).noteProfile(this.ctx.id.toString(), until);
    const body = this.#row(account, now)?.body;
    const stands = body?.profile !== undefined && now - (body.at ?? 0) < PASS_MS;
    this.#write(account, stands ? body : { accessToken, subject }, until);
    await this.ctx.storage.setAlarm(until);
  }

  /**
   * The profile that belongs to the token. What failed is not kept: the next one who asks may fare better.
   * @param {Asked} asked
   * @param {number} now milliseconds
   * @returns {Promise<Told>}
   */
  async read(asked, now) {
    const { body, until = 0 } = this.#row(asked.account, now) ?? {};
    if (body?.profile) return { profile: body.profile };
    // It ended, was erased, or is of another document.
    if (body?.accessToken === undefined || body.subject === undefined) return { refused: { code: "profile_refused", got: "no access token" } };
    const { accessToken, subject } = body;
    this.#asking ??= this.#ask(asked, { accessToken, subject }, until, now).finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  /**
   * @param {Asked} asked
   * @param {Omit<Owed, "account">} owed
   * @param {number} until
   * @param {number} now milliseconds
   * @returns {Promise<Told>}
   */
  async #ask({ account, api, headers, trace }, { accessToken, subject }, until, now) {
    try {
      const profile = await readProfile(configuration(this.env), { ...api, account, headers }, accessToken, subject, trace);
      this.#write(account, { accessToken, subject, profile, at: now }, Math.max(until, this.#row(account, now)?.until ?? 0));
      return { profile };
    } catch (fault) {
      const { code, detail } = asRefusal(fault);
      return { refused: { code, ...detail } };
    }
  }

  /**
   * Forgets a profile that was told and is of no use: the next one who asks may fare better.
   * @param {string} account
   * @param {number} now milliseconds
   */
  forgetProfile(account, now) {
    const { body, until = 0 } = this.#row(account, now) ?? {};
    if (body?.accessToken !== undefined) this.#write(account, { ...body, profile: undefined, at: undefined }, until);
  }

  /** @param {string} account @param {Body} body @param {number} until */
  #write(account, body, until) {
    this.sql.exec(TABLE);
    const sealed = sealFlow(configuration(this.env), account, body);
    this.sql.exec("INSERT OR REPLACE INTO profile (one, body, expires) VALUES (1, ?, ?)", sealed, until);
  }

  /**
   * @param {string} account
   * @param {number} now milliseconds
   * @returns {{ body: Body, until: number } | undefined}
   */
  #row(account, now) {
    if (!hasTable(this.sql, "profile")) return undefined;
    const [row] = this.sql.exec("SELECT body, expires FROM profile WHERE expires > ?", now).toArray();
    if (!row) return undefined;
    try {
      const body = /** @type {Body} */ (openFlow(configuration(this.env), account, String(row.body)));
      return { body, until: Number(row.expires) };
    } catch (fault) {
      // Its key has been taken out of the ring: another admission brings the access token again.
      logFault("profile", fault);
      return undefined;
    }
  }

  /**
   * @param {string} account
   * @param {number} now milliseconds
   * @returns {{ profile: Record<string, unknown>, until: number } | undefined} nothing before the profile was asked for
   */
  held(account, now) {
    const { body, until = 0 } = this.#row(account, now) ?? {};
    return body?.profile && { profile: body.profile, until };
  }

  /** @returns {Promise<number>} how many it held */
  async erase() {
    // What is being asked for, or kept, would come after the erasure.
    await Promise.allSettled([this.#asking, this.#keeping]);
    const held = hasTable(this.sql, "profile") ? 1 : 0;
    await this.ctx.storage.deleteAlarm();
    await this.ctx.storage.deleteAll();
    return held;
  }

  async alarm() {
    await this.ctx.storage.deleteAll();
  }
}
