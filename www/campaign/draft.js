// The page of a preview of a draft: it has nothing of the campaign until the pass in its fragment was shown to the service.

import { persist, post } from "./api.js";
import { readCampaign } from "./campaign.js";

/** @typedef {import("./campaign.js").Campaign} Campaign */

/** Steps at which somebody who works on them may begin. */
const STEPS = /** @type {const} */ (["questions", "identityset"]);

/** Uses the storage of this window; a frame on another site may have none. @template T @param {(storage: Storage) => T} use */
function store(use) {
  try {
    return use(sessionStorage);
  } catch {
    return undefined;
  }
}

/**
 * Reads the campaign of a draft. The pass stays where it is, for the arrival; it is kept besides, for a page that is opened
 * once more in another language.
 * @param {Campaign} shell
 * @returns {Promise<{ campaign: Campaign, refused?: string, step?: import("./campaign.js").Step }>} refused: why nothing can be shown; step: to begin at
 */
export async function readDraft(shell) {
  const name = `handstamp:draft:${shell.account}:${shell.campaignId}`;
  const fragment = new URLSearchParams(location.hash.slice(1));
  const brought = fragment.get("handstamp");
  const step = STEPS.find((one) => one === fragment.get("step"));
  if (brought) store((kept) => kept.setItem(name, brought));
  const { account, campaignId } = shell;
  const lang = new URLSearchParams(location.search).get("lang") ?? undefined;
  const { status, body } = await persist(() => post("/v1/draft-campaign", { account, campaignId, pass: brought ?? store((kept) => kept.getItem(name)) ?? "", lang }));
  if (status !== 200) return { campaign: shell, refused: body.code === "pass_expired" ? body.code : body.reason };
  document.documentElement.dir = body.campaign.dir;
  document.title = body.campaign.title;
  return { campaign: readCampaign(body.campaign), step };
}
