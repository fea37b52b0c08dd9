// POST and GET /v1/drafts: what the participant had filled in, kept under the proof of this browser.

import { json } from "../http/answers.js";
import { campaignOf, loadAccount } from "../accounts/held.js";
import { isObject, queryMember, readJson, requireOwnPage, textMember } from "../http/body.js";
import { bindOf, newProof, proofCookie, proofs } from "../http/cookies.js";
import { within } from "../http/limits.js";
import { ACCOUNT, CAMPAIGN, LANGUAGE, STEPS, objectName } from "../platform/names.js";
import { DRAFT_BYTES, DRAFT_SECONDS } from "../objects/draft.js";
import { Refusal } from "../http/problem.js";
import { objectNamed } from "../platform/objects.js";

/** @import { Configuration } from "../platform/configuration.js" */
/** @import { DraftRecord, Env, Handler } from "../types.d.ts" */

const STEP = new RegExp(`^(?:${STEPS.join("|")})$`);
const PATH_CHARACTERS = 2048;

/** @type {Handler} */
export async function writeDraft(context) {
  const { config, env, now, request } = context;
  requireOwnPage(request, config.publicUrl);
  const body = await readJson(request, DRAFT_BYTES + 1024).catch((fault) => {
    throw fault instanceof Refusal && fault.code === "body_too_large" ? new Refusal("draft_too_large") : fault;
  });
  const draft = readDraft(body);
  if (new TextEncoder().encode(JSON.stringify(draft)).length > DRAFT_BYTES) throw new Refusal("draft_too_large");
  Object.assign(context.facts, { account: draft.account, campaignId: draft.campaignId });
  await within(context, "draft", draft.account);
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

/** @type {Handler} */
export async function readOwnDraft(context) {
  const { config, env, now, request, url } = context;
  requireOwnPage(request, config.publicUrl);
  const account = queryMember(url, "account", ACCOUNT);
  const campaignId = queryMember(url, "campaignId", CAMPAIGN);
  if (!account || !campaignId) throw new Refusal("query_invalid", { expected: "account and campaignId" });
  Object.assign(context.facts, { account, campaignId });
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
 * @param {Record<string, unknown>} body
 * @returns {DraftRecord}
 */
function readDraft(body) {
  /** @type {DraftRecord} */
  const draft = {
    account: textMember(body, "account", ACCOUNT),
    campaignId: textMember(body, "campaignId", CAMPAIGN),
    step: textMember(body, "step", STEP),
  };
  if (body.lang !== undefined) draft.lang = textMember(body, "lang", LANGUAGE);
  if (body.pass !== undefined && body.pass !== null) draft.pass = textMember(body, "pass", /^[\x21-\x7e]{1,8192}$/);
  for (const name of /** @type {const} */ (["answers", "admission", "session"])) {
    const value = body[name];
    if (value === undefined || value === null) continue;
    if (!isObject(value)) throw new Refusal("body_invalid", { at: `/${name}`, expected: "an object" });
    draft[name] = value;
  }
  const host = body.host ?? undefined;
  if (host !== undefined) {
    if (!isObject(host)) throw new Refusal("body_invalid", { at: "/host", expected: "an object" });
    draft.host = {
      ...(typeof host.path === "string" && { path: host.path.slice(0, PATH_CHARACTERS) }),
      ...(typeof host.fragment === "string" && { fragment: host.fragment.slice(0, PATH_CHARACTERS) }),
      ...(typeof host.scroll === "number" && Number.isFinite(host.scroll) && { scroll: host.scroll }),
    };
  }
  return draft;
}
