// A document with the draft of a campaign in the place of the published one: what previews play, and what a publication would write.

import { accountObject } from "./held.js";
import { invalid } from "./account_check.js";
import { frozen } from "../platform/frozen.js";
import { parseAccount } from "../platform/handstamp.js";
import { below } from "../platform/pointer.js";
import { Refusal } from "../http/problem.js";

/** @import { Held } from "./held.js" */
/** @import { Configuration } from "../platform/configuration.js" */
/** @import { AccountDocument, Env, Pass } from "../types.d.ts" */

/** Places that are looked at until a draft is given up. */
const MOST_FAULTS = 100;

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
  const [draft, kept] = /** @type {[{ campaign: unknown } | null, { source: string } | null]} */ (await Promise.all([object.campaignDraft(campaignId), object.source()]));
  if (!kept) throw new Refusal("account_unknown");
  if (!draft) return held;
  return { ...held, document: frozen(soundPart(config, kept.source, campaignId, draft.campaign)) };
}

/**
 * The document with as much of a draft as can be played. A faulty value is left out, or the entry that it belongs to: after adding
 * an unfinished question one still sees the rest of the campaign.
 * @param {Configuration} config
 * @param {string} source
 * @param {string} campaignId
 * @param {unknown} draft
 * @returns {AccountDocument}
 */
function soundPart({ development, publicUrl }, source, campaignId, draft) {
  const own = below("/campaigns", campaignId);
  /** @type {Map<string, number>} */
  const tried = new Map();
  let campaign = draft;
  for (;;) {
    const { account, faults } = parseAccount(withCampaign(source, campaignId, campaign), { development, ownOrigin: publicUrl });
    if (account) return /** @type {AccountDocument} */ (account);
    const fault = faults.find(({ path }) => path.startsWith(`${own}/`));
    const place = fault?.path.slice(own.length).split("/").slice(1) ?? [];
    const gone = tried.get(String(place)) ?? 0;
    if (gone >= place.length || tried.size >= MOST_FAULTS) throw invalid(faults);
    tried.set(String(place), gone + 1);
    campaign = without(campaign, place.slice(0, place.length - gone));
  }
}

/** A value without what stands at a place; the same where nothing does. @param {any} value @param {string[]} place @returns {any} */
function without(value, [name, ...rest]) {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return value;
  if (Array.isArray(value)) return rest.length === 0 ? value.toSpliced(Number(name), 1) : value.with(Number(name), without(value[Number(name)], rest));
  const { [name]: inner, ...others } = value;
  return rest.length === 0 ? others : { ...value, [name]: without(inner, rest) };
}
