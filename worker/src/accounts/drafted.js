// A document with the draft of a campaign in the place of the published one: what previews play, and what a publication would write.

import { accountObject } from "./held.js";
import { invalid } from "./account_check.js";
import { frozen } from "../platform/frozen.js";
import { parseAccount } from "../platform/handstamp.js";
import { Refusal } from "../http/problem.js";

/** @import { Held } from "./held.js" */
/** @import { Configuration } from "../platform/configuration.js" */
/** @import { AccountDocument, Env, Pass } from "../types.d.ts" */

/**
 * The source of a document with a campaign written into it.
 * @param {string} source
 * @param {string} campaignId
 * @param {unknown} campaign
 */
export function withCampaign(source, campaignId, campaign) {
  const document = JSON.parse(source);
  return JSON.stringify({ ...document, campaigns: { ...document.campaigns, [campaignId]: campaign } }, null, 2);
}

/**
 * The account as the pass of a preview sees it: with the draft of its campaign, where the preview is of that.
 * @param {Env} env
 * @param {Configuration} config
 * @param {Held} held
 * @param {Pick<Pass, "campaignId" | "preview">} pass
 * @returns {Promise<Held>}
 */
export async function seenBy(env, config, held, { campaignId, preview }) {
  return typeof preview === "object" && preview.draft === true ? withDraft(env, config, held, campaignId) : held;
}

/**
 * The account with the draft of a campaign, if there is one; one that was published meanwhile is in the document.
 * @param {Env} env
 * @param {Configuration} config
 * @param {Held} held
 * @param {string} campaignId
 * @returns {Promise<Held>}
 */
export async function withDraft(env, config, held, campaignId) {
  const object = await accountObject(env, config, held.name);
  const [draft, kept] = [/** @type {{ campaign: unknown } | null} */ (await object.campaignDraft(campaignId)), /** @type {{ source: string } | null} */ (await object.source())];
  if (!kept) throw new Refusal("account_unknown");
  if (!draft) return held;
  const { account, faults } = parseAccount(withCampaign(kept.source, campaignId, draft.campaign), { development: config.development, ownOrigin: config.publicUrl });
  if (!account) throw invalid(faults);
  return { ...held, document: frozen(/** @type {AccountDocument} */ (account)) };
}
