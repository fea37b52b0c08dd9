// Campaigns, one at a time: the list with their states, and the draft of one until it is published. A draft may be faulty, as
// it is kept while somebody works on it; only what is published must stand up to everything.

import { changeOf, grantOf } from "../../accounts/access.js";
import { invalid, periodFaults } from "../../accounts/account_check.js";
import { differences } from "../../accounts/differences.js";
import { withCampaign } from "../../accounts/drafted.js";
import { holdToPlaces } from "../../accounts/roles.js";
import { json, noContent, timeOf } from "../../http/answers.js";
import { BODY_BYTES } from "../../http/body.js";
import { meets, preconditionOf, tagOf } from "../../http/precondition.js";
import { Refusal } from "../../http/problem.js";
import { parseAccount } from "../../platform/handstamp.js";
import { below } from "../../platform/pointer.js";
import { under } from "../../platform/under.js";
import { phaseOf } from "../../sign_in/period.js";
import { accountOfPath, conflict, kept, put, untilWritten, withKept } from "./accounts.js";

/** @import { CampaignDraftRequest, ChangeQuery } from "../../schemas/account.js" */
/** @import { CampaignDraft } from "../../objects/account/documents/campaign_drafts.js" */
/** @import { AccountDocument, Asked, Campaign, Context, Handler } from "../../types.d.ts" */
/** @import { Precondition } from "../../http/precondition.js" */
/** @import { Kept } from "./accounts.js" */
/** @import { Fault } from "../../accounts/account_check.js" */

/** GET …/campaigns: those of the document and those that are drafts alone. @type {Handler} */
export async function listCampaigns(context) {
  const { account, object } = await accountOfPath(context);
  const { version, source, document } = await kept(object);
  const drafts = new Map(/** @type {CampaignDraft[]} */ (await object.campaignDrafts()).map((draft) => [draft.campaignId, draft]));
  const published = JSON.parse(source).campaigns ?? {};
  const campaigns = [...new Set([...Object.keys(published), ...drafts.keys()])].map((campaignId) => {
    const draft = drafts.get(campaignId);
    const { title, starts, ends, timeZone } = /** @type {any} */ (under(published, campaignId)) ?? draft?.campaign ?? {};
    const about = Object.entries({ title, starts, ends, timeZone }).filter(([, value]) => value !== undefined && value !== null);
    return {
      campaignId,
      ...Object.fromEntries(about),
      state: stateOf(/** @type {Campaign | undefined} */ (under(document.campaigns, campaignId)), context.now),
      ...(draft && { draft: { at: timeOf(draft.at), author: draft.author } }),
    };
  });
  return json({ account, version, campaigns });
}

/** @param {Campaign | undefined} campaign @param {number} now */
function stateOf(campaign, now) {
  if (!campaign) return "draft";
  const { phase } = phaseOf(campaign, now);
  return phase === "closing" ? "over" : phase;
}

/** GET …/campaigns/{campaignId}/draft @type {Handler} */
export async function readCampaignDraft(context) {
  const { object } = await accountOfPath(context);
  const draft = await draftOf(object, context.params.campaignId);
  return json(told(draft, await faultsOf(context, object, draft.campaignId, draft.campaign)), { headers: { etag: tagOf(draft.at) } });
}

/**
 * @param {Kept} object
 * @param {string} campaignId
 * @returns {Promise<CampaignDraft>}
 */
async function draftOf(object, campaignId) {
  const draft = /** @type {CampaignDraft | null} */ (await object.campaignDraft(campaignId));
  if (!draft) throw new Refusal("draft_unknown");
  return draft;
}

/** @param {CampaignDraft} draft @param {Fault[]} faults */
const told = ({ campaignId, at, author, from, campaign }, faults) => ({ campaignId, at: timeOf(at), author, from, campaign, faults });

/** PUT …/campaigns/{campaignId}/draft @param {Asked<typeof CampaignDraftRequest>} context */
export async function writeCampaignDraft(context) {
  const { account, object } = await accountOfPath(context);
  const { body: { campaign, from }, now, params: { campaignId } } = context;
  const over = await judgedOver(context, object, campaign);
  const faults = await faultsOf(context, object, campaignId, campaign);
  // Everybody who may read the account is shown it: it is kept with its faults, but not with a secret.
  const inside = faults.filter(({ code }) => code === "secret_inline");
  if (inside.length > 0) throw invalid(inside);
  const outcome = await object.putCampaignDraft(account, campaignId, { campaign, from }, over, now, changeOf(context, { about: campaignId }));
  if (outcome === "full") throw invalid([{ path: "/campaigns", code: "settings_invalid", message: "The account has as many drafts as it may have: publish or discard one.", reason: "drafts", values: {} }]);
  if (outcome === "conflict") throw conflict(await draftOf(object, campaignId));
  const draft = await draftOf(object, campaignId);
  return json(told(draft, faults), { headers: { etag: tagOf(draft.at) } });
}

/**
 * Holds a person to the places that their role may change, and the change to the draft that this was judged of.
 * @param {Context} context
 * @param {Kept} object
 * @param {unknown} [after] the draft; without one it is discarded, for what is published
 * @returns {Promise<Precondition>}
 */
async function judgedOver(context, object, after) {
  const { params: { campaignId }, request } = context;
  const [{ person }, over] = [grantOf(context), preconditionOf(request)];
  if (!person) return over;
  const draft = /** @type {CampaignDraft | null} */ (await object.campaignDraft(campaignId));
  const published = await publishedIn(object, campaignId);
  holdToPlaces(person, differences(draft ? draft.campaign : published, after ?? published, below("/campaigns", campaignId)));
  if (!meets(over, draft?.at ?? 0)) return over;
  return draft ? { match: [tagOf(draft.at)] } : { noneMatch: ["*"] };
}

/**
 * What keeps a campaign from being published, as far as that can be seen of it alone.
 * @param {Context} context
 * @param {Kept} object
 * @param {string} campaignId
 * @param {unknown} campaign
 * @returns {Promise<Fault[]>}
 */
async function faultsOf({ config }, object, campaignId, campaign) {
  const { source } = await kept(object);
  const parsed = parseAccount(withCampaign(source, campaignId, campaign), { development: config.development, ownOrigin: config.publicUrl });
  const own = below("/campaigns", campaignId);
  const faults = parsed.account ? periodFaults(/** @type {AccountDocument} */ (parsed.account)) : parsed.faults;
  return faults.filter(({ path }) => path === own || path.startsWith(`${own}/`));
}

/**
 * A campaign as it stands in a version of the document.
 * @param {Kept} object
 * @param {string} campaignId
 * @param {number} [version] the one in force without
 * @returns {Promise<unknown>}
 */
async function publishedIn(object, campaignId, version) {
  const found = /** @type {{ source: string } | null} */ (await object.source(version));
  return found ? under(JSON.parse(found.source).campaigns ?? {}, campaignId) : undefined;
}

/** DELETE …/campaigns/{campaignId}/draft @type {Handler} */
export async function discardCampaignDraft(context) {
  const { object } = await accountOfPath(context);
  const { now, params: { campaignId } } = context;
  const outcome = await object.dropCampaignDraft(campaignId, await judgedOver(context, object), now, changeOf(context, { about: campaignId }));
  if (outcome === "nothing") throw new Refusal("draft_unknown");
  if (outcome === "conflict") throw conflict(await draftOf(object, campaignId));
  return noContent();
}

/** POST …/campaigns/{campaignId}/publication: the draft becomes part of the newest version. @param {Asked<undefined, typeof ChangeQuery>} context */
export async function publishCampaign(context) {
  const { object } = await accountOfPath(context);
  const { params: { campaignId }, query, request } = context;
  const over = preconditionOf(request);
  return untilWritten(
    context,
    object,
    async (before, version) => {
      const draft = await draftOf(object, campaignId);
      if (!meets(over, draft.at)) throw conflict(draft);
      await holdToBase(object, draft);
      const source = withKept(before, withCampaign((await kept(object)).source, campaignId, draft.campaign));
      if (new TextEncoder().encode(source).length > BODY_BYTES) throw new Refusal("body_too_large", { expected: `a document of at most ${BODY_BYTES} bytes` });
      return put(context, object, before, { source, reason: query.reason ?? `campaign ${campaignId}`, over: version, publishes: { campaignId, at: draft.at } });
    },
    {},
  );
}

/**
 * Refuses to write over what was published since a draft was begun.
 * @param {Kept} object
 * @param {CampaignDraft} draft
 */
async function holdToBase(object, { campaignId, from, campaign }) {
  const published = await publishedIn(object, campaignId);
  const base = from > 0 ? await publishedIn(object, campaignId, from) : undefined;
  const isSame = (/** @type {unknown} */ other) => differences(other, published).length === 0;
  if (isSame(base) || isSame(campaign)) return;
  // The version that brought the campaign to what it is now.
  const versions = await object.versions();
  let current = versions[0];
  for (const version of versions) {
    if (!isSame(await publishedIn(object, campaignId, version.version))) break;
    current = version;
  }
  throw conflict(current);
}
