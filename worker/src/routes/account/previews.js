// POST /v1/accounts/{account}/previews: a link to try a campaign out, as a person of choice or as anybody. The pass in its
// fragment is a preview for as long as it lives: whatever is done with it, nothing is recorded or counted.

import { json, timeOf } from "../../http/answers.js";
import { seenBy, withDraft } from "../../accounts/drafted.js";
import { campaignOf, loadAccount } from "../../accounts/held.js";
import { HandstampError } from "../../platform/handstamp.js";
import { Refusal } from "../../http/problem.js";
import { issuePreview, openPass } from "../../accounts/seals.js";
import { shownOf } from "../../sign_in/shown.js";
import { textsFor } from "../../http/texts.js";

/** @import { Held } from "../../accounts/held.js" */
/** @import { PreviewRequest } from "../../schemas/account.js" */
/** @import { AdmitRequest } from "../../schemas/campaign.js" */
/** @import { AccountDocument, Asked } from "../../types.d.ts" */

/** The number that the page of a refusal shows which is only looked at. */
const SAMPLE_REF = "00000000";

/** @param {Asked<typeof PreviewRequest>} context */
export async function createPreview(context) {
  const { body: { page, ...terms }, config, env, now, params } = context;
  const published = await loadAccount(env, config, params.account, { now, fresh: true });
  const { document } = terms.draft ? await withDraft(env, config, published, terms.campaignId) : published;
  if (terms.draft && page !== undefined) throw new Refusal("body_invalid", { at: "/page", expected: "no `page` beside `draft`: a draft is shown on the campaign's own page" });
  const url = page === undefined ? `${config.publicUrl}/campaign/${params.account}/${terms.campaignId}${terms.draft ? "?draft" : ""}` : pageOfAccount(document, page);
  try {
    const pass = issuePreview(config, document, { ...terms, now: Math.floor(now / 1000) });
    const { expiresAt } = openPass(config, pass);
    return json({ pass, link: `${url}#handstamp=${pass}`, expiresAt: timeOf(expiresAt * 1000) }, { status: 201 });
  } catch (fault) {
    // The caller's claims, which are told as such and not as those of a participant.
    if (!(fault instanceof HandstampError) || fault.code === "campaign_unknown") throw fault;
    const { at, expected, got } = fault.details;
    throw new Refusal("body_invalid", { at, expected, got });
  }
}

/**
 * A page of the account with the tag in it, without its fragment.
 * @param {AccountDocument} document
 * @param {string} page
 */
function pageOfAccount({ origins, testOrigins = [] }, page) {
  const url = URL.parse(page);
  if (!url || ![...origins, ...testOrigins].includes(url.origin))
    throw new Refusal("body_invalid", { at: "/page", expected: "the URL of a page at an origin of the account" });
  return `${url.origin}${url.pathname}${url.search}`;
}

/**
 * What the page of a preview shows: the admission that the account made it for.
 * @param {Asked<typeof AdmitRequest>} context
 * @param {Held} held
 */
export async function admitPreview(context, held) {
  const { body: { campaignId, lang, pass: text }, config, env, now } = context;
  const pass = openPass(config, text, { now: Math.floor(now / 1000) });
  const { account, technique } = pass;
  if (typeof pass.preview !== "object") throw new Refusal("pass_invalid");
  // Of two campaigns on one page the link is for the other one.
  if (account !== held.name || pass.campaignId !== campaignId) throw new Refusal("pass_invalid", {}, { members: { elsewhere: true } });
  const { refusal, draft: _draft, ...admission } = pass.preview;
  // A sample of a number: nothing happened that could be looked up, nor that would pass.
  if (refusal) throw new Refusal(refusal, {}, { ref: SAMPLE_REF, status: 409 });
  const campaign = campaignOf(await seenBy(env, config, held, pass), campaignId);
  const texts = textsFor(campaign, lang, /** @type {Record<string, unknown> | undefined} */ (admission.custom));
  Object.assign(context.facts, { version: held.version, technique, outcome: admission.decision });
  const refused = admission.decision === "refused";
  const shown = { ...admission, prefill: shownOf(campaign, /** @type {import("../../types.d.ts").Admission} */ (admission).prefill) };
  return json({ admission: shown, pass: refused ? null : text, preview: true, technique, ...(texts && { texts }) });
}
