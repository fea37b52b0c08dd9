// POST /v1/oauth/redeem: a ticket and the proof of this browser in; admission, pass and draft out. A campaign that says
// which one it is never gets what is another's on the same page.

import { json } from "../../http/answers.js";
import { campaignOf, loadAccount } from "../../accounts/held.js";
import { bindOf, flowHash, flows, proofs } from "../../http/cookies.js";
import { count } from "../../observe/funnel.js";
import { Refusal } from "../../http/problem.js";
import { asPreview } from "../../accounts/seals.js";
import { loginOfTicket } from "../../sign_in/logins.js";
import { limitCause } from "../../sign_in/participants.js";
import { report } from "../../observe/reports.js";
import { signatureFacts } from "../../observe/signature_facts.js";
import { shownOf } from "../../sign_in/shown.js";
import { textsFor } from "../../http/texts.js";
import { findDraft } from "./drafts.js";

/** @import { Redeemed } from "../../objects/sign_in/login.js" */
/** @import { RedeemRequest } from "../../schemas/campaign.js" */
/** @import { Asked } from "../../types.d.ts" */

/** @param {Asked<typeof RedeemRequest>} context */
export async function redeem(context) {
  const { body, config, env, now, request } = context;
  const { ticket } = body;
  if (ticket === undefined || ticket === "") throw new Refusal("ticket_missing");
  if (typeof ticket !== "string") throw new Refusal("ticket_unknown");

  const asker = askerOf(body);
  const binds = await Promise.all(proofs(request, body.proof).map(bindOf));
  const cookies = await Promise.all(flows(request).map(([, value]) => flowHash(value)));
  const object = await loginOfTicket(env, config, ticket);
  const proven = { binds, flows: cookies, now, ...(asker && { asker }), trace: context.trace };
  const { flow, elsewhere, stranger, answer } = /** @type {Redeemed} */ (await object.redeem(proven));
  if (!flow) {
    if (elsewhere) throw new Refusal("ticket_unknown", {}, { members: { elsewhere } });
    const cause = "refused" in answer ? answer.refused : { code: "ticket_unknown" };
    const ref = stranger && (await report(context, { ...stranger, stage: "redeem" }, cause));
    throw new Refusal(cause.code, {}, ref ? { ref } : {});
  }

  const { account, campaignId, bind, lang, step } = flow;
  const held = await loadAccount(env, config, account, { now });
  Object.assign(context.facts, { account, campaignId, version: held.version });
  Object.assign(context.facts, signatureFacts(answer.signed));
  const draft = await findDraft(env, config, bind ? [bind] : binds, account, campaignId, now);
  const about = { account, campaignId, stage: /** @type {const} */ ("redeem"), preview: body.preview === true };
  if ("refused" in answer) {
    const { code, ...detail } = answer.refused;
    const ref = await report(context, about, answer.refused);
    throw new Refusal(code, detail, { ref, members: { account, campaignId, step, draft } });
  }

  const { admission, pass: earned } = answer;
  const pass = earned && body.preview === true ? asPreview(config, earned) : earned;
  const preview = pass !== null && (body.preview === true || answer.preview === true);
  context.facts.outcome = admission.decision;
  if (pass && !preview) count(context, account, campaignId, "admitted", "oauth");
  const campaign = campaignOf(held, campaignId);
  const texts = textsFor(campaign, lang, admission.custom);
  const ref = admission.decision === "refused" && (await report(context, about, limitCause(admission)));
  const shown = { ...admission, prefill: shownOf(campaign, admission.prefill) };
  return json({ account, campaignId, step, admission: shown, pass, draft, ...(answer.profile && { profile: true }), ...(preview && { preview }), ...(texts && { texts }), ...(ref && { ref }) });
}

/** Reads which campaign asks: it says both or nothing. @param {import("../../platform/valibot.js").InferOutput<typeof RedeemRequest>} body */
function askerOf({ account, campaignId }) {
  if (campaignId === undefined) return undefined;
  if (account === undefined) throw new Refusal("body_invalid", { at: "/account", expected: "the name of an account", got: "nothing" });
  return { account, campaignId };
}
