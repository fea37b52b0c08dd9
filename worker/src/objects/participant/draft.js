// What a participant had filled in before leaving for the login page: one object per proof, one row per
// campaign, sealed, gone with the participation or after an hour. Of one that nobody came back to, the step is counted.

import { DurableObject } from "cloudflare:workers";
import { accountObject } from "../../accounts/held.js";
import { openFlow, openPass, sealFlow } from "../../accounts/seals.js";
import { configuration } from "../../platform/configuration.js";
import { LEFT_AT } from "../../observe/funnel.js";
import { logFault } from "../../platform/log.js";
import { hasTable, rowsOf } from "../tables.js";

/** @import { DraftRecord, Env } from "../../types.d.ts" */

export const DRAFT_SECONDS = 60 * 60;
export const DRAFT_BYTES = 8 * 1024;
/** Campaigns under one proof: more than one site's frame shows at a time. */
const ROWS = 16;

const TABLE = `CREATE TABLE IF NOT EXISTS draft (
  account TEXT NOT NULL, campaign TEXT NOT NULL, body TEXT NOT NULL, expires INTEGER NOT NULL,
  PRIMARY KEY (account, campaign))`;

/** @extends {DurableObject<Env>} */
export class Draft extends DurableObject {
  /**
   * @param {DurableObjectState} ctx
   * @param {Env} env
   */
  constructor(ctx, env) {
    super(ctx, env);
    this.sql = ctx.storage.sql;
  }

  /**
   * @param {DraftRecord} draft
   * @param {number} now milliseconds
   */
  async write(draft, now) {
    const expires = now + DRAFT_SECONDS * 1000;
    this.sql.exec(TABLE);
    this.sql.exec(
      "INSERT INTO draft (account, campaign, body, expires) VALUES (?, ?, ?, ?) ON CONFLICT (account, campaign) DO UPDATE SET body = excluded.body, expires = excluded.expires",
      draft.account,
      draft.campaignId,
      sealFlow(configuration(this.env), draft.account, draft),
      expires,
    );
    this.sql.exec("DELETE FROM draft WHERE rowid NOT IN (SELECT rowid FROM draft ORDER BY expires DESC LIMIT ?)", ROWS);
    await this.ctx.storage.setAlarm(expires);
    await this.ctx.storage.sync();
  }

  /**
   * @param {string} account
   * @param {string} campaignId
   * @param {number} now milliseconds
   * @returns {DraftRecord | null}
   */
  read(account, campaignId, now) {
    const [row] = rowsOf(this.sql, "draft", "SELECT body FROM draft WHERE account = ? AND campaign = ? AND expires > ?", account, campaignId, now);
    return row ? this.#open(account, String(row.body)) : null;
  }

  /** Ends the draft of a campaign. @param {string} account @param {string} campaignId */
  async end(account, campaignId) {
    if (!hasTable(this.sql, "draft")) return;
    this.sql.exec("DELETE FROM draft WHERE account = ? AND campaign = ?", account, campaignId);
    await this.ctx.storage.sync();
  }

  /** @param {string} account @param {string} body @returns {DraftRecord | null} nothing when no key opens it any more */
  #open(account, body) {
    // A draft of the previous release lies in clear for its hour.
    if (body.startsWith("{")) return JSON.parse(body);
    try {
      return /** @type {DraftRecord} */ (openFlow(configuration(this.env), account, body));
    } catch (fault) {
      logFault("draft", fault);
      return null;
    }
  }

  async alarm() {
    if (!hasTable(this.sql, "draft")) return;
    const now = Date.now();
    const over = this.sql.exec("SELECT account, body FROM draft WHERE expires <= ?", now).toArray();
    this.sql.exec("DELETE FROM draft WHERE expires <= ?", now);
    const next = this.sql.exec("SELECT MIN(expires) AS at FROM draft").one().at;
    if (next === null) await this.ctx.storage.deleteAll();
    else await this.ctx.storage.setAlarm(Number(next));
    for (const { account, body } of over) await this.#countLeft(String(account), String(body), now);
  }

  /**
   * Counts the step at which somebody left: a number of the account's, and nothing else of the draft. It is gone by then, so
   * that a count may be lost, and none is made twice.
   * @param {string} account
   * @param {string} body
   * @param {number} now milliseconds
   */
  async #countLeft(account, body, now) {
    const draft = this.#open(account, body);
    const name = draft && LEFT_AT[draft.step];
    if (!name || this.#isPreview(draft)) return;
    try {
      const object = await accountObject(this.env, configuration(this.env), account);
      await object.tally([{ campaignId: draft.campaignId, kind: "left", name, n: 1 }], now);
    } catch (fault) {
      logFault("draft", fault);
    }
  }

  /** @param {DraftRecord} draft as its page says, or its pass */
  #isPreview({ pass, session }) {
    if (session?.preview === true) return true;
    try {
      return pass !== undefined && openPass(configuration(this.env), pass).preview !== undefined;
    } catch {
      // Whatever it was, it is no pass of ours any more.
      return false;
    }
  }
}
