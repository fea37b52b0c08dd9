// POST and GET /v1/drafts: what the participant had filled in, kept under the proof of this browser.

import { json } from "../../http/answers.js";
import { campaignOf, loadAccount } from "../../accounts/held.js";
import { bindOf, newProof, proofCookie, proofs } from "../../http/cookies.js";
import { logFault } from "../../platform/log.js";
import { objectName } from "../../platform/names.js";
import { DRAFT_BYTES, DRAFT_SECONDS } from "../../objects/participant/draft.js";
import { Refusal } from "../../http/problem.js";
import { objectNamed } from "../../platform/objects.js";

/** @import { Configuration } from "../../platform/configuration.js" */
/** @import { DraftQuery, DraftRequest } from "../../schemas/campaign.js" */
/** @import { Asked, DraftRecord, Env } from "../../types.d.ts" */

/** @param {Asked<typeof DraftRequest>} context */
export async function writeDraft(context) {
  const { body, config, env, now, request } = context;
  const draft = draftOf(body);
  if (new TextEncoder().encode(JSON.stringify(draft)).length > DRAFT_BYTES) throw new Refusal("draft_too_large");
  const held = await loadAccount(env, config, draft.account, { now });
  campaignOf(held, draft.campaignId);
  context.facts.version = held.version;

  const [known] = proofs(request, body.proof);
  const proof = known ?? newProof();
  const bind = await bindOf(proof);
  await (await draftObject(env, config, bind)).write(draft, now);
  const answer = { bind, expiresIn: DRAFT_SECONDS, ...(body.scriptProof === true && { proof }) };
  return json(answer, known ? {} : { headers: { "set-cookie": proofCookie(proof) } });
}

/** @param {Asked<undefined, typeof DraftQuery>} context */
export async function readOwnDraft(context) {
  const { config, env, now, query, request } = context;
  const { account, campaignId } = query;
  const binds = await Promise.all(proofs(request).map(bindOf));
  return json({ draft: await findDraft(env, config, binds, account, campaignId, now) });
}

/**
 * @param {Env} env
 * @param {Configuration} config
 * @param {string} bind
 */
async function draftObject(env, config, bind) {
  return objectNamed(config, env.DRAFT, await objectName(config, "draft", bind));
}

/**
 * @param {Env} env
 * @param {Configuration} config
 * @param {string[]} binds
 * @param {string} account
 * @param {string} campaignId
 * @param {number} now milliseconds
 * @returns {Promise<DraftRecord | null>}
 */
export async function findDraft(env, config, binds, account, campaignId, now) {
  for (const bind of binds.slice(0, 4)) {
    const draft = await (await draftObject(env, config, bind)).read(account, campaignId, now);
    if (draft) return draft;
  }
  return null;
}

/**
 * Ends what this browser keeps for a campaign: the participation is recorded, and the next person at the device must not
 * find what was typed, nor the pass.
 * @param {import("../../types.d.ts").Context} context
 * @param {string} account
 * @param {string} campaignId
 */
export async function endDrafts({ config, env, request }, account, campaignId) {
  const binds = await Promise.all(proofs(request).slice(0, 4).map(bindOf));
  await Promise.all(binds.map(async (bind) => (await draftObject(env, config, bind)).end(account, campaignId))).catch((fault) => logFault("draft", fault));
}

/**
 * Takes from a request what is kept; null counts as left out.
 * @param {import("../../platform/valibot.js").InferOutput<typeof DraftRequest>} body
 * @returns {DraftRecord}
 */
function draftOf({ proof: _proof, scriptProof: _script, host, ...body }) {
  const said = (/** @type {object} */ members) => Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined && value !== null));
  return /** @type {DraftRecord} */ (said({ ...body, host: host && said(host) }));
}
