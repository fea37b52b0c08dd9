// POST /v1/profile: the pass in; what the customer's profile API says of the person, and a pass that holds it, out. Asked by the
// frame when the participant reaches the form.

import { campaignOf, isRevoked, loadAccount } from "../../accounts/held.js";
import { openPass } from "../../accounts/seals.js";
import { json } from "../../http/answers.js";
import { Refusal } from "../../http/problem.js";
import { report, reporting } from "../../observe/reports.js";
import { judge, limitCause } from "../../sign_in/participants.js";
import { completed } from "../../sign_in/profile.js";
import { shownOf } from "../../sign_in/shown.js";

/** @import { ProfileRequest } from "../../schemas/campaign.js" */
/** @import { Asked } from "../../types.d.ts" */

/** @param {Asked<typeof ProfileRequest>} context */
export async function profile(context) {
  const { body, config, env, now } = context;
  const pass = openPass(config, body.pass);
  const { account, campaignId, namespace = "", subject, technique } = pass;
  Object.assign(context.facts, { account, campaignId, technique });
  if (Math.floor(now / 1000) > pass.expiresAt) throw new Refusal("pass_expired");
  const held = await loadAccount(env, config, account, { now, fresh: true });
  const campaign = campaignOf(held, campaignId);
  context.facts.version = held.version;
  const about = { account, campaignId, stage: /** @type {const} */ ("profile"), preview: pass.preview !== undefined };
  return reporting(context, about, async () => {
    if (await isRevoked(config, held, pass)) throw new Refusal("key_revoked");
    const told = await completed(context, held, campaign, pass);
    if ("refused" in told) {
      const { code, ...detail } = told.refused;
      // Where nothing is bound to the profile, its API's refusal is no reason to ask for another token.
      throw new Refusal(code === "profile_refused" && pass.profile !== "pending" ? "profile_unavailable" : code, detail);
    }
    const person = { account, campaign: campaignId, namespace, subject };
    const provenance = { namespace, pid: pass.pid, signedAt: pass.signedAt };
    const admission = await judge(env, config, campaign, person, told.admission, { technique, provenance, preview: Boolean(pass.preview) }, now);
    const { again, custom, decision, reason, prefill } = admission;
    context.facts.outcome = decision;
    const ref = decision === "refused" && (await report(context, about, limitCause(admission)));
    const earned = decision === "refused" ? null : told.pass;
    return json({ decision, ...(reason && { reason }), ...(again && { again }), prefill: shownOf(campaign, prefill), ...(custom && { custom }), pass: earned, ...(ref && { ref }) });
  });
}
