// POST /v1/participations: the form and the pass in; recorded once.

import { json, timeOf } from "../../http/answers.js";
import { seenBy } from "../../accounts/drafted.js";
import { campaignOf, isRevoked, loadAccount, records } from "../../accounts/held.js";
import { isObject } from "../../http/body.js";
import { sha256, toBase64url } from "../../platform/bytes.js";
import { secretFor } from "../../accounts/secrets.js";
import { challengeFault } from "../../outgoing/challenge.js";
import { factsOf } from "../../record/facts.js";
import { readForm } from "../../record/form.js";
import { scoreOf } from "../../record/score.js";
import { PREVIEWED, count } from "../../observe/funnel.js";
import { objectName } from "../../platform/names.js";
import { idsOf } from "../../record/token_id.js";
import { limitsOf, participantObject } from "../../sign_in/participants.js";
import { awaited } from "../../sign_in/profile.js";
import { Refusal } from "../../http/problem.js";
import { reporting } from "../../observe/reports.js";
import { closedFor } from "../../sign_in/period.js";
import { counterObject, forgetPlaces } from "../../sign_in/places.js";
import { openPass } from "../../accounts/seals.js";
import { endDrafts } from "./drafts.js";

/** @import { Submission } from "../../schemas/campaign.js" */
/** @import { Held } from "../../accounts/held.js" */
/** @import { Asked, Pass } from "../../types.d.ts" */

const DAY_MS = 86_400_000;
const KEY = /^[\x21-\x7e]{8,128}$/;

/** @param {Asked<typeof Submission>} context */
export async function participate(context) {
  const { body, config, env, now, request } = context;
  const key = request.headers.get("idempotency-key") ?? "";
  if (!KEY.test(key)) throw new Refusal("idempotency_key_missing");
  const pass = openPass(config, body.pass);
  const { account, campaignId, namespace = "", subject } = pass;
  Object.assign(context.facts, { account, campaignId, technique: pass.technique });

  // Asked of the object, not taken from a copy: a revoked key is refused at once.
  const held = await seenBy(env, config, await loadAccount(env, config, account, { now, fresh: true }), pass);
  const campaign = campaignOf(held, campaignId);
  context.facts.version = held.version;
  const { form, optin = {}, answers = {}, lang } = body;
  const { pass: judged, cause } = await awaited(context, held, campaign, pass);
  const read = readForm(campaign, { form, optin, answers, lang }, judged.locked ?? {}, now);

  const preview = pass.preview !== undefined || body.preview === true;
  return reporting(context, { account, campaignId, stage: "submit", preview }, async () => {
    if (preview) return tried(context, held, pass, read.faults);
    const object = await participantObject(env, config, { account, campaign: campaignId, namespace, subject });
    const outcome = await object.submit({
      key,
      hash: toBase64url(await sha256(canonical({ pid: pass.pid, form, optin, answers }))),
      pass: {
        ...(await idsOf(config, pass)),
        issuedAt: pass.issuedAt,
        expiresAt: pass.expiresAt,
      },
      limits: limitsOf(campaign, judged, now),
      closed: closedFor(campaign, now, { begun: true }),
      ...(campaign.cap !== undefined && { places: { counter: (await counterObject(env, config, account, campaignId)).id.toString(), cap: campaign.cap } }),
      profile: cause,
      challenge: await challenged(context, held, pass, read.faults.length > 0),
      revoked: (await isRevoked(config, held, pass)) ? { code: "key_revoked" } : null,
      faults: read.faults,
      webhook: held.document.webhook !== undefined,
      recordsLimit: records(campaign, "limit"),
      retainMs: (campaign.retentionDays ?? 90) * DAY_MS,
      person:
        pass.technique === "anonymous"
          ? null
          : { name: await objectName(config, "person", account, subject), namespace },
      submission: {
        account,
        campaignId,
        technique: pass.technique,
        form: read.form,
        optin: read.optin,
        answers: read.answers,
        ...factsOf(held.document, campaign, judged, body),
      },
      now,
    });
    if ("refused" in outcome) {
      const { code, ...detail } = outcome.refused;
      if (code === "campaign_full") forgetPlaces(account, campaignId);
      throw new Refusal(code, detail, { members: outcome.faults && { fields: outcome.faults } });
    }
    if (!outcome.again) count(context, account, campaignId, "submitted", pass.technique);
    await endDrafts(context, account, campaignId);
    context.facts.outcome = outcome.again ? "recorded_before" : "recorded";
    const score = scoreOf(campaign, answers);
    return json({ ...outcome.answer, ...(score && { score }) }, { status: 201 });
  });
}

/**
 * A preview: judged like a submission as far as its pass and form go, and recorded nowhere. Only a number goes up.
 * @param {Asked<typeof Submission>} context
 * @param {Held} held
 * @param {Pass} pass
 * @param {import("../../record/form.js").Fault[]} faults of the form
 */
async function tried(context, held, pass, faults) {
  const { body, config, now } = context;
  openPass(config, body.pass, { now: Math.floor(now / 1000) });
  if (await isRevoked(config, held, pass)) throw new Refusal("key_revoked");
  const reason = typeof pass.preview === "object" && (pass.preview.refusal ?? pass.preview.reason);
  if (reason) throw new Refusal(reason);
  if (faults.length > 0) throw new Refusal("form_invalid", {}, { members: { fields: faults } });
  count(context, pass.account, pass.campaignId, PREVIEWED);
  await endDrafts(context, pass.account, pass.campaignId);
  context.facts.outcome = "tried";
  // Anybody may ask for a preview before they take part: what is right is told to those for whom the account made one.
  const score = typeof pass.preview === "object" && scoreOf(campaignOf(held, pass.campaignId), body.answers);
  const told = { participationId: crypto.randomUUID(), recordedAt: timeOf(now), count: 0, preview: true };
  return json({ ...told, ...(score && { score }) }, { status: 201 });
}

/**
 * Why the visitor is not taken for a person, where the account has that checked and nobody vouches for them. A form that
 * must be corrected anyway does not use up the widget's answer.
 * @param {Asked<typeof Submission>} context
 * @param {Held} held
 * @param {Pass} pass
 * @param {boolean} isFaulty whether the form is
 */
async function challenged({ body, config, request, trace }, { name: account, document: { challenge }, secrets }, pass, isFaulty) {
  if (!challenge || pass.technique !== "anonymous" || isFaulty) return null;
  // The visitor chooses the key: alone, it would be the same for every pass, and one answer good for all of them.
  const key = canonical([pass.pid, request.headers.get("idempotency-key")]);
  return challengeFault(config, { account, answer: body.challenge, secret: secretFor(secrets, challenge.secret.secret, "challenge"), key, trace });
}

/**
 * One spelling for one value, so that a retry with other spacing or order is still the same body.
 * @param {unknown} value
 * @returns {string}
 */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value ?? null);
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
}
