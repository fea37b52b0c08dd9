// Accounts as data: documents, their versions, what changed between two, and the way back to an earlier one.

import { checkAccount, invalid, sendsElsewhere } from "../../accounts/account_check.js";
import { OPERATORS, changeOf, grantOf, holdTo, isOperator } from "../../accounts/access.js";
import { accountObject, forgetAccount } from "../../accounts/held.js";
import { json, timeOf } from "../../http/answers.js";
import { isObject } from "../../http/body.js";
import { meets, preconditionOf, tagOf } from "../../http/precondition.js";
import { differences } from "../../accounts/differences.js";
import { holdToPlaces } from "../../accounts/roles.js";
import { catalogue, parseAccount } from "../../platform/handstamp.js";
import { markedKeys } from "../../accounts/key_marks.js";
import { Refusal } from "../../http/problem.js";
import { at } from "../../platform/pointer.js";
import { under } from "../../platform/under.js";
import { unwrapAll } from "../../accounts/secrets.js";
import { redirectUriOf } from "../../sign_in/redirects.js";

/** @import { AuditQuery, ChangeQuery, DifferencesQuery, RollbackRequest, VersionQuery } from "../../schemas/account.js" */
/** @import { AccountDocument, Asked, Context, Handler, OAuthSettings } from "../../types.d.ts" */
/** @import { Precondition } from "../../http/precondition.js" */
/** @import { Actor, Entry } from "../../objects/account/audit.js" */

const AUDIT_PAGE = 100;

/** @typedef {Awaited<ReturnType<typeof accountObject>>} Kept */

/**
 * The account of the path, and its object.
 * @param {Context} context
 */
export async function accountOfPath({ config, env, params: { account } }) {
  return { account, object: await accountObject(env, config, account) };
}

/** @param {Asked<undefined, typeof ChangeQuery>} context */
export async function putAccount(context) {
  const { object } = await accountOfPath(context);
  const sent = String(context.body);
  return untilWritten(context, object, async (before, over) => put(context, object, before, { source: withKept(before, sent), sent, reason: context.query.reason, over }));
}

/**
 * Judges a change and writes it; once more from the start where another was written in between, as what a role may change, and
 * what a secret is sent to, was judged against a document that is not in force any more.
 * @param {Context} context
 * @param {Kept} object
 * @param {(before: AccountDocument | null, over: number) => Promise<Response | null>} attempt
 * @param {Precondition} [over] what the caller says of the version in force
 */
export async function untilWritten({ request }, object, attempt, over = preconditionOf(request)) {
  for (;;) {
    const { version = 0 } = /** @type {{ version: number } | null} */ (await object.summary()) ?? {};
    if (!meets(over, version)) throw conflict((await object.versions())[0]);
    const written = await attempt(/** @type {AccountDocument | null} */ (await object.inForce()), version);
    if (written) return written;
  }
}

/** Refuses a change that was made from another version than the newest one. @param {{ version?: number, at: number, author?: Actor & { name?: string } }} [current] the newest one */
export function conflict(current) {
  const { version, at, author } = current ?? {};
  const members = current && { current: { ...(version !== undefined && { version }), at: timeOf(current.at), ...(author && { author }) } };
  return new Refusal("edit_conflict", {}, { members, headers: current && { etag: tagOf(Number(version ?? at)) } });
}

/**
 * @param {Context} context
 * @param {Kept} object
 * @param {AccountDocument | null} before
 * @param {{ source: string, sent?: string, reason?: string, over: number, publishes?: { campaignId: string, at: number }, isBack?: boolean }} written sent: the text before anything was written into it; isBack: it is an earlier document
 * @returns {Promise<Response | null>} null where another version than `over` is in force by now, or another draft
 */
export async function put(context, object, before, { source, sent, reason, over, publishes, isBack = false }) {
  const { config, env, now, params: { account } } = context;
  const ownOrigin = new URL(config.publicUrl).origin;
  const parsed = parseAccount(source, { development: config.development, ownOrigin });
  if (!parsed.account) throw invalid(parsed.faults);
  const document = /** @type {AccountDocument} */ (parsed.account);
  if (document.account !== account) {
    const message = `The document is for another account than the address: expected "${account}".`;
    throw invalid([{ path: "/account", code: "settings_invalid", message }]);
  }
  const operators = await accountObject(env, config, OPERATORS);
  if ((await object.endsAt()) !== null || (await operators.isNameTaken(account, now))) throw new Refusal("account_ending");
  const grant = grantOf(context);
  if (grant.person) holdToPlaces(grant.person, await changesOf(object, before, source));
  // One that was stored before campaigns had callbacks goes on; nobody chooses it anew.
  const chosen = parsed.warnings.filter(({ code, at: place = "" }) => code === "callback_not_own" && at(before, place) !== "account");
  if (!isBack && chosen.length > 0) throw invalid(chosen.map(({ at: path = "", code, message }) => ({ path, code: "mixup_refused", message: `${message} ${/** @type {Record<string, { how: string }>} */ (catalogue.warnings)[code].how}` })));
  if (sendsElsewhere(before, document)) holdTo(grant, ["secrets:write"]);
  const { wrapped, revoked } = await object.keeping();
  const secrets = unwrapAll(config, account, wrapped);
  const keys = await markedKeys(config, document, secrets);
  const elsewhere = await checkAccount(context, document, secrets, keys);
  const marks = (/** @type {boolean} */ gone) => keys.filter((key) => key.revoked === gone).flatMap((key) => key.marks);
  const [gone, used] = [marks(true), marks(false)];
  // Noted first: a document that nobody knows of would be lost with the key that sealed it.
  await operators.noteSecretHolder(account);
  const written = /** @type {{ version: number, changed: boolean } | null} */ (await object.write(source, document, { revoked: gone, used }, now, { over, sent, publishes, change: changeOf(context, { reason }) }));
  if (!written) return null;
  const { version, changed } = written;
  forgetAccount(account);
  context.facts.version = version;
  const returned = keys
    .filter((key) => !key.revoked && key.marks.some((mark) => revoked.includes(mark) && !gone.includes(mark)))
    .map(({ list, index }) => ({
      code: "key_revoked",
      message: "A key that had been revoked is in use again.",
      at: `/secureToken/${list}/${index}`,
    }));
  const warnings = [...parsed.warnings, ...elsewhere, ...returned];
  return json({ account, version, changed, warnings }, { headers: { etag: tagOf(version) } });
}

/**
 * What a document changes, as it is written: defaults of ours, and what is kept by saying nothing, are nobody's change.
 * @param {Kept} object
 * @param {AccountDocument | null} before
 * @param {string} source
 */
async function changesOf(object, before, source) {
  const kept = /** @type {{ source: string } | null} */ (await object.source());
  return differences(kept ? JSON.parse(withKept(before, kept.source)) : undefined, JSON.parse(source));
}

/**
 * The source of a document with what it keeps by saying nothing written into it: the callbacks of the document before it, as
 * the identity providers know no others, and no limit for campaigns that had none.
 * @param {AccountDocument | null} before
 * @param {string} source
 */
export function withKept(before, source) {
  try {
    const document = JSON.parse(source);
    const { oauth, campaigns } = document;
    let isKept = keepsCallback(before?.oauth, oauth, "account");
    for (const [id, { limit = {}, oauth: own }] of Object.entries(before?.campaigns ?? {})) {
      const campaign = isObject(campaigns) ? under(campaigns, id) : undefined;
      if (!isObject(campaign)) continue;
      isKept = keepsCallback(own?.issuer === /** @type {OAuthSettings | undefined} */ (campaign.oauth)?.issuer ? own : undefined, campaign.oauth, "campaign") || isKept;
      if (Object.keys(limit).length > 0 || campaign.limit !== undefined) continue;
      campaign.limit = {};
      isKept = true;
    }
    return isKept ? JSON.stringify(document, null, 2) : source;
  } catch {
    // The reader names the fault.
    return source;
  }
}

/**
 * Writes the callback that an identity provider knows into settings that do not choose one.
 * @param {OAuthSettings | undefined} before
 * @param {unknown} settings
 * @param {string} own the default of new settings
 * @returns {boolean} whether it did
 */
function keepsCallback(before, settings, own) {
  if (!before?.redirectUri || before.redirectUri === own || !isObject(settings) || (settings.redirectUri ?? null) !== null) return false;
  settings.redirectUri = before.redirectUri;
  return true;
}

/**
 * @param {Kept} object
 * @param {number} [version] the current one without
 */
export async function kept(object, version) {
  const found = /** @type {{ version: number, at: number, source: string, document: AccountDocument } | null} */ (
    await object.source(version)
  );
  if (!found) throw new Refusal(version === undefined ? "account_unknown" : "version_unknown");
  return found;
}

/** @param {Asked<undefined, typeof VersionQuery>} context */
export async function getAccount(context) {
  const { account, object } = await accountOfPath(context);
  const { version, at, source, document } = await kept(object, context.query.version);
  const endsAt = /** @type {number | null} */ (await object.endsAt());
  return json(
    { account, version, at: timeOf(at), ...(endsAt && { endsAt: timeOf(endsAt) }), redirectUri: redirectUriOf(context.config, document), document: JSON.parse(source) },
    { headers: { etag: tagOf(version) } },
  );
}

/** @type {Handler} */
export async function listVersions(context) {
  const { account, object } = await accountOfPath(context);
  const versions = await object.versions();
  if (versions.length === 0) throw new Refusal("account_unknown");
  return json({ account, versions: versions.map(({ at, ...version }) => ({ ...version, at: timeOf(at) })) });
}

/** What was done to the account, newest first; a page ends where the next begins with `before`. @param {Asked<undefined, typeof AuditQuery>} context */
export async function listAudit(context) {
  const { account, object } = await accountOfPath(context);
  const { limit = AUDIT_PAGE, before } = context.query;
  const found = /** @type {Entry[]} */ (await object.audited({ limit: limit + 1, before, own: !isOperator(context) }, context.now));
  const entries = found.slice(0, limit).map(({ at, ...entry }) => ({ ...entry, at: timeOf(at) }));
  return json({ account, entries, next: found.length > limit ? (entries.at(-1)?.id ?? null) : null });
}

/** What changed from one version to another; to the current one unless another is named. @param {Asked<undefined, typeof DifferencesQuery>} context */
export async function compareVersions(context) {
  const { account, object } = await accountOfPath(context);
  const { from, to } = context.query;
  const [before, after] = [await kept(object, from), await kept(object, to)];
  const changes = differences(JSON.parse(before.source), JSON.parse(after.source));
  return json({ account, from: before.version, to: after.version, changes });
}

/**
 * An earlier document becomes the newest version; it is checked like any other. A key that has been revoked since
 * stays revoked, and is taken out of its set.
 * @param {Asked<typeof RollbackRequest>} context
 */
export async function rollBack(context) {
  const { account, object } = await accountOfPath(context);
  const { source, document } = await kept(object, context.body.version);
  const whole = withKept(document, source);
  const reason = context.body.reason ?? `as version ${context.body.version}`;
  return untilWritten(context, object, async (before, over) => put(context, object, before, { source: await withRevocations(context, account, object, whole), reason, over, isBack: true }));
}

/**
 * @param {Context} context
 * @param {string} account
 * @param {Kept} object
 * @param {string} source
 * @returns {Promise<string>}
 */
async function withRevocations({ config }, account, object, source) {
  const { account: document } = parseAccount(source, { development: config.development });
  const { wrapped, revoked } = await object.keeping();
  if (!document) return source;
  const keys = await markedKeys(config, /** @type {AccountDocument} */ (document), unwrapAll(config, account, wrapped));
  const back = keys.filter((key) => !key.revoked && key.marks.some((mark) => revoked.includes(mark)));
  if (back.length === 0) return source;
  const edited = JSON.parse(source);
  const gone = (/** @type {string} */ mark) => revoked.includes(mark);
  for (const { list, index, marks } of back) {
    const entries = edited.secureToken[list];
    const entry = Array.isArray(entries) ? entries[index] : entries;
    const set = entry.keys?.keys;
    // The other keys of a set go on.
    if (Array.isArray(set) && !marks.every(gone)) entry.keys.keys = set.filter((_, place) => !gone(marks[place]));
    else entry.status = "revoked";
  }
  return JSON.stringify(edited, null, 2);
}
