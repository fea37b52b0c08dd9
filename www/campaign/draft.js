// The page of a preview of a draft: it has nothing of the campaign until the pass in its fragment was shown to the service.

import { persist, post } from "./api.js";
import { readCampaign } from "./campaign.js";

/** @typedef {import("./campaign.js").Campaign} Campaign */

/**
 * Reads the campaign of a draft. The pass stays where it is, for the arrival; it is kept besides, for a page that is opened
 * once more in another language.
 * @param {Campaign} shell
 * @returns {Promise<{ campaign: Campaign, refused?: string }>} refused: why nothing can be shown
 */
export async function readDraft(shell) {
  const name = `handstamp:draft:${shell.account}:${shell.campaignId}`;
  const brought = new URLSearchParams(location.hash.slice(1)).get("handstamp");
  if (brought) sessionStorage.setItem(name, brought);
  const { account, campaignId } = shell;
  const lang = new URLSearchParams(location.search).get("lang") ?? undefined;
  const { status, body } = await persist(() => post("/v1/draft-campaign", { account, campaignId, pass: brought ?? sessionStorage.getItem(name) ?? "", lang }));
  if (status !== 200) return { campaign: shell, refused: body.code === "pass_expired" ? body.code : body.reason };
  document.documentElement.dir = body.campaign.dir;
  document.title = body.campaign.title;
  return { campaign: readCampaign(body.campaign) };
}
