// What the customer's profile API said of one token: asked once, however often and from however many windows the token
// is shown. Kept sealed for as long as the token lives, at most two hours, and then deleted; the person's object knows of
// it, so that an erasure reaches it before.

import { DurableObject } from "cloudflare:workers";
import { configuration } from "../platform/configuration.js";
import { logFault } from "../platform/log.js";
import { objectName } from "../platform/names.js";
import { asRefusal } from "../http/problem.js";
import { readProfile } from "../outgoing/profile_api.js";
import { openFlow, sealFlow } from "../accounts/seals.js";
import { objectNamed } from "../platform/objects.js";
import { hasTable } from "./tables.js";

/** @import { Trace } from "../platform/trace.js" */
/** @import { Cause, Env } from "../types.d.ts" */

const MOST_MS = 2 * 60 * 60 * 1000;
const TABLE = `CREATE TABLE IF NOT EXISTS profile (
  one INTEGER PRIMARY KEY CHECK (one = 1), body TEXT NOT NULL, expires INTEGER NOT NULL)`;

/**
 * @typedef {object} Asked
 * @property {string} account
 * @property {{ url: string, object?: string, subject?: string }} api
 * @property {Record<string, string>} headers further ones, secrets in place
 * @property {string} accessToken
 * @property {string} subject of the token
 * @property {number | null} expiresAt of the token, in seconds
 * @property {Trace} trace of whoever asks first
 */
/** @typedef {{ profile: Record<string, unknown> } | { refused: Cause }} Told */

/** @extends {DurableObject<Env>} */
export class Profile extends DurableObject {
  /** @type {Promise<Told> | undefined} */
  #asking;

  /**
   * @param {DurableObjectState} ctx
   * @param {Env} env
   */
  constructor(ctx, env) {
    super(ctx, env);
    this.sql = ctx.storage.sql;
  }

  /**
   * The profile that belongs to the token. What failed is not kept: the next one who asks may fare better.
   * @param {Asked} asked
   * @param {number} now milliseconds
   * @returns {Promise<Told>}
   */
  async read(asked, now) {
    const kept = this.held(asked.account, now);
    if (kept) return { profile: kept.profile };
    this.#asking ??= this.#ask(asked, now).finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  /**
   * @param {Asked} asked
   * @param {number} now milliseconds
   * @returns {Promise<Told>}
   */
  async #ask({ account, api, headers, accessToken, subject, expiresAt, trace }, now) {
    const config = configuration(this.env);
    try {
      const expires = Math.min(expiresAt === null ? Infinity : expiresAt * 1000, now + MOST_MS);
      const name = await objectName(config, "person", account, subject);
      await objectNamed(config, this.env.PERSON, name).noteProfile(this.ctx.id.toString(), expires);
      const profile = await readProfile(config, { ...api, account, headers }, accessToken, subject, trace);
      this.sql.exec(TABLE);
      const sealed = sealFlow(config, account, { profile });
      this.sql.exec("INSERT OR REPLACE INTO profile (one, body, expires) VALUES (1, ?, ?)", sealed, expires);
      await this.ctx.storage.setAlarm(Math.max(expires, now));
      return { profile };
    } catch (fault) {
      const { code, detail } = asRefusal(fault);
      return { refused: { code, ...detail } };
    }
  }

  /**
   * @param {string} account
   * @param {number} now milliseconds
   * @returns {{ profile: Record<string, unknown>, until: number } | undefined}
   */
  held(account, now) {
    if (!hasTable(this.sql, "profile")) return undefined;
    const [row] = this.sql.exec("SELECT body, expires FROM profile WHERE expires > ?", now).toArray();
    if (!row) return undefined;
    try {
      const { profile } = /** @type {{ profile: Record<string, unknown> }} */ (
        openFlow(configuration(this.env), account, String(row.body))
      );
      return { profile, until: Number(row.expires) };
    } catch (fault) {
      // Its key has been taken out of the ring: the profile API is asked again.
      logFault("profile", fault);
      return undefined;
    }
  }

  /** @returns {Promise<number>} how many it held */
  async erase() {
    // What is being asked for would come after the erasure.
    await this.#asking;
    const held = hasTable(this.sql, "profile") ? 1 : 0;
    await this.ctx.storage.deleteAlarm();
    await this.ctx.storage.deleteAll();
    return held;
  }

  async alarm() {
    await this.ctx.storage.deleteAll();
  }
}
