// What the customer's profile API says of the person of one token or sign-in: asked once, however often and from however many
// windows. It is asked at the form step, with the access token, which lies here until then. Both lie sealed, for as long as a pass
// of that token lives; the person's object knows of it, so that an erasure reaches it before.

import { DurableObject } from "cloudflare:workers";
import { loadAccount } from "../../accounts/held.js";
import { configuration } from "../../platform/configuration.js";
import { bounds, oauth } from "../../platform/handstamp.js";
import { logFault } from "../../platform/log.js";
import { objectName } from "../../platform/names.js";
import { asRefusal } from "../../http/problem.js";
import { readProfile } from "../../outgoing/profile_api.js";
import { openFlow, sealFlow } from "../../accounts/seals.js";
import { objectNamed } from "../../platform/objects.js";
import { follow } from "../../sign_in/follow.js";
import { hasTable, rowsOf } from "../tables.js";

/** @import { Trace } from "../../platform/trace.js" */
/** @import { Cause, Env } from "../../types.d.ts" */

const PASS_MS = bounds.PASS_SECONDS * 1000;
/** A minute more, for those that come at once. */
const KEPT_MS = PASS_MS + 60_000;
const TABLE = `CREATE TABLE IF NOT EXISTS profile (
  one INTEGER PRIMARY KEY CHECK (one = 1), body TEXT NOT NULL, expires INTEGER NOT NULL)`;

/**
 * @typedef {object} Owed
 * @property {string} account
 * @property {string} accessToken
 * @property {string} subject of the token or sign-in
 */
/** With a token: the API, and further headers with their secrets in place. @typedef {{ api: { url: string, object?: string, subject?: string }, headers: Record<string, string> }} ByToken */
/** With a sign-in the core asks, as the answer may be one that the identity provider signs. @typedef {{ campaignId: string }} BySignIn */
/** @typedef {{ account: string, trace: Trace } & (ByToken | BySignIn)} Asked trace: of whoever asks first */
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
  async #ask(asked, { accessToken, subject }, until, now) {
    const { account, trace } = asked;
    const config = configuration(this.env);
    try {
      const profile =
        "api" in asked
          ? await readProfile(config, { ...asked.api, account, headers: asked.headers }, accessToken, subject, trace)
          : await this.#askAsSignIn(asked, { accessToken, subject }, now);
      this.#write(account, { accessToken, subject, profile, at: now }, Math.max(until, this.#row(account, now)?.until ?? 0));
      return { profile };
    } catch (fault) {
      const { code, detail } = asRefusal(fault);
      return { refused: { code, ...detail } };
    }
  }

  /**
   * @param {{ account: string, trace: Trace } & BySignIn} asked
   * @param {Omit<Owed, "account">} owed
   * @param {number} now milliseconds
   */
  async #askAsSignIn({ account, campaignId, trace }, owed, now) {
    const config = configuration(this.env);
    const { document, secrets } = await loadAccount(this.env, config, account, { now, fresh: true });
    const input = { account: document, secrets, campaignId, ...owed, now, webCrypto: /** @type {const} */ (true) };
    return follow(this.env, config, oauth.fetchProfile(input), oauth.fetchProfile, trace);
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
    const [row] = rowsOf(this.sql, "profile", "SELECT body, expires FROM profile WHERE expires > ?", now);
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
