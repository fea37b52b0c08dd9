// Drafts of campaigns, one for each, sealed: what somebody is still working on. A draft is played by previews alone; published, it
// becomes part of the account's document, and ends here.

import { meets } from "../../../http/precondition.js";
import { SealedRows } from "./sealed_rows.js";

/** @import { Precondition } from "../../../http/precondition.js" */
/** @import { Configuration } from "../../../platform/configuration.js" */
/** @import { Actor } from "../audit.js" */

/** Drafts of one account. */
const DRAFTS = 100;
/** `at` tells one state of a draft from the next, so that it never stands still. */
const TABLE = `CREATE TABLE IF NOT EXISTS campaign_draft (
  campaign TEXT PRIMARY KEY, at INTEGER NOT NULL, account TEXT NOT NULL, sealed TEXT NOT NULL)`;

/** campaign: as it stands in a document; from: the version of the document that it was made from, 0 for a new campaign. @typedef {{ campaign: Record<string, any>, from: number, author: Actor }} Content */
/** @typedef {{ campaignId: string, at: number } & Content} CampaignDraft at: its version, milliseconds */

export class CampaignDrafts extends SealedRows {
  /** @param {SqlStorage} sql @param {Configuration} config */
  constructor(sql, config) {
    super(sql, config, "campaign_draft");
  }

  /** @param {string} campaignId @returns {CampaignDraft | null} */
  read(campaignId) {
    const [row] = this.find("WHERE campaign = ?", campaignId);
    return row ? this.#open(row) : null;
  }

  /** @returns {CampaignDraft[]} */
  list() {
    return this.find("ORDER BY campaign").map((row) => this.#open(row));
  }

  /**
   * @param {string} account
   * @param {string} campaignId
   * @param {Content} content
   * @param {Precondition} over
   * @param {number} now milliseconds
   * @returns {{ at: number, isNew: boolean } | "conflict" | "full"}
   */
  put(account, campaignId, { campaign, from, author }, over, now) {
    this.sql.exec(TABLE);
    const before = this.#at(campaignId);
    if (!meets(over, before)) return "conflict";
    if (before === 0 && Number(this.sql.exec("SELECT COUNT(*) AS n FROM campaign_draft").one().n) >= DRAFTS) return "full";
    const at = Math.max(now, before + 1);
    const sealed = this.seal(account, { campaign, from, author });
    this.sql.exec("INSERT OR REPLACE INTO campaign_draft (campaign, at, account, sealed) VALUES (?, ?, ?, ?)", campaignId, at, account, sealed);
    return { at, isNew: before === 0 };
  }

  /** @param {string} campaignId @param {Precondition} [over] @returns {"dropped" | "conflict" | "nothing"} */
  drop(campaignId, over = {}) {
    const before = this.#at(campaignId);
    if (before === 0) return "nothing";
    if (!meets(over, before)) return "conflict";
    this.sql.exec("DELETE FROM campaign_draft WHERE campaign = ?", campaignId);
    return "dropped";
  }

  /** @param {string} campaignId @returns {number} 0 where there is none */
  #at(campaignId) {
    return Number(this.find("WHERE campaign = ?", campaignId)[0]?.at ?? 0);
  }

  /** @param {import("./sealed_rows.js").Row} row @returns {CampaignDraft} */
  #open(row) {
    return { campaignId: String(row.campaign), at: Number(row.at), ...this.open(row) };
  }
}
