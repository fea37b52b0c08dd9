// POST /v1/token/admit: a token in, an admission and a pass out. Where a campaign is open to everybody, no
// token is a way in too: the pass is then nobody's in particular, and records once.

import { campaignOf, loadAccount } from "../../accounts/held.js";
import { noteUse } from "../../accounts/key_use.js";
import { json } from "../../http/answers.js";
import { random, toBase64url } from "../../platform/bytes.js";
import { count } from "../../observe/funnel.js";
import { judge, limitCause, namespaceOf, passFor } from "../../sign_in/participants.js";
import { Refusal } from "../../http/problem.js";
import { report, reporting, signing } from "../../observe/reports.js";
import { signatureFacts } from "../../observe/signature_facts.js";
import { textsFor } from "../../http/texts.js";
import { admitPreview } from "../account/previews.js";
import { holdToPeriod } from "../../sign_in/period.js";
import { refuseIfFull } from "../../sign_in/places.js";
import { shownOf } from "../../sign_in/shown.js";
import { admitToken } from "../../sign_in/token_admission.js";

/** @import { AdmitRequest } from "../../schemas/campaign.js" */
/** @import { Asked } from "../../types.d.ts" */

/** @param {Asked<typeof AdmitRequest>} context */
export async function admit(context) {
  const { body, config, env, now } = context;
  const { account, campaignId, lang, token } = body;
  const held = await loadAccount(env, config, account, { now });
  const preview = body.preview === true;
  if (body.pass !== undefined) return reporting(context, { account, campaignId, stage: "admit", preview: true }, async () => admitPreview(context, held));
  const open = !token && campaignOf(held, campaignId).signIn.includes("anonymous");
  const campaign = campaignOf(held, campaignId, open ? "anonymous" : "token");
  const { alg, kid } = typeof token === "string" ? signing(token) : {};
  Object.assign(context.facts, { version: held.version, technique: open ? "anonymous" : "token", ...signatureFacts({ alg }) });
  const about = {
    account,
    campaignId,
    stage: /** @type {const} */ ("admit"),
    token: typeof token === "string" ? token : undefined,
    preview,
  };
  return reporting(context, about, async () => {
    if (!preview) {
      holdToPeriod(campaign, now);
      await refuseIfFull(env, config, { account, campaignId, campaign }, now);
    }
    if (!open && (typeof token !== "string" || token === "")) throw new Refusal("token_missing");
    const judged = open ? anybody(campaignId) : await admitToken(context, held, campaign, campaignId, String(token));
    // Only now it is a name that the customer gave to a key, and not just any text.
    if (!open && kid) context.facts.kid = kid;
    const { admission: admitted, provenance } = judged;
    if (!open && !preview) noteUse(context, account, provenance, kid);
    const namespace = open ? provenance.namespace : namespaceOf(held.document, provenance.namespace);
    const person = { account, campaign: campaignId, namespace, subject: admitted.subject };
    const { owed } = judged;
    const origin = { technique: open ? /** @type {const} */ ("anonymous") : /** @type {const} */ ("token"), provenance, owed, preview };
    const admission = await judge(env, config, campaign, person, admitted, origin, now);
    const pass = passFor(config, campaign, person, admission, origin, now);
    context.facts.outcome = admission.decision;
    if (pass && !preview) count(context, account, campaignId, "admitted", origin.technique);
    const texts = textsFor(campaign, lang, admission.custom);
    const ref = admission.decision === "refused" && (await report(context, about, limitCause(admission)));
    const shown = { ...admission, prefill: shownOf(campaign, admission.prefill) };
    return json({ admission: shown, pass, ...(pass && owed && { profile: true }), ...(preview && { preview }), ...(texts && { texts }), ...(ref && { ref }) });
  });
}

/**
 * @param {string} campaignId
 * @returns {Awaited<ReturnType<typeof admitToken>>}
 */
function anybody(campaignId) {
  const subject = toBase64url(random(16));
  const prefill = { form: {}, optin: {}, locked: [], ignored: [] };
  return {
    admission: { subject, campaignId, expiresAt: null, decision: "allowed", prefill, warnings: [] },
    provenance: { namespace: "anonymous", pid: subject },
  };
}
