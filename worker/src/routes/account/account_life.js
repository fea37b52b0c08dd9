// The life of accounts: which there are, the end of one after a time of grace, the way back until then, and everything of
// it to take along.

import { OPERATORS, changeOf, grantOf, holdTo, isOperator } from "../../accounts/access.js";
import { accountObject, forgetAccount } from "../../accounts/held.js";
import { json, timeOf } from "../../http/answers.js";
import { Refusal } from "../../http/problem.js";
import { beyond } from "../../accounts/scopes.js";
import { rows } from "../../record/statistics.js";
import { accountOfPath } from "./accounts.js";

/** @import { AccountsQuery, ChangeQuery } from "../../schemas/account.js" */
/** @import { Entry } from "../../objects/account/audit.js" */
/** @import { Asked, Context, Handler } from "../../types.d.ts" */

const PAGE = 50;
const ROWS = 500;
const GRACE_DAYS = 30;
const GRACE_MS = GRACE_DAYS * 86_400_000;

/** What it takes to end an account, and to take its end back: with it go documents, secrets and clients. */
const OF_END = ["accounts:write", "secrets:write", "clients"];

/** In the order of their names, a page at a time. @param {Asked<undefined, typeof AccountsQuery>} context */
export async function listAccounts({ config, env, query }) {
  const { limit = PAGE, after = "" } = query;
  const operators = await accountObject(env, config, OPERATORS);
  /** @type {string[]} */
  const names = await operators.secretHolders(after, limit + 1);
  const accounts = await Promise.all(
    names.slice(0, limit).map(async (account) => {
      const summary = /** @type {{ version: number, at?: number, endsAt: number | null } | null} */ (await (await accountObject(env, config, account)).summary());
      const { version = 0, at, endsAt } = summary ?? {};
      return { account, version, ...(at !== undefined && { at: timeOf(at) }), ...(endsAt && { endsAt: timeOf(endsAt) }) };
    }),
  );
  return json({ accounts, next: names.length > limit ? names[limit - 1] : null });
}

/** Nothing is taken from now on; everything is still there for thirty days. @param {Asked<undefined, typeof ChangeQuery>} context */
export async function deleteAccount(context) {
  const { config, env, now, query } = context;
  holdTo(grantOf(context), OF_END);
  const { account, object } = await accountOfPath(context);
  if (!(await object.summary())) throw new Refusal("account_unknown");
  const until = /** @type {number | null} */ (await object.endsAt()) ?? now + GRACE_MS;
  // Noted first: an end that the job does not know of would never come.
  await (await accountObject(env, config, OPERATORS)).noteEnding(account, until);
  await object.beginEnd(until, now, changeOf(context, { about: `ends ${timeOf(until)}`, reason: query.reason }));
  forgetAccount(account);
  return json({ account, endsAt: timeOf(until) }, { status: 202 });
}

/** The way back until then. @type {Handler} */
export async function restoreAccount(context) {
  const { config, env, now } = context;
  holdTo(grantOf(context), OF_END);
  const { account, object } = await accountOfPath(context);
  const outcome = await object.restore(now, changeOf(context));
  if (outcome === "nothing") throw new Refusal("account_unknown", { expected: "an account that is to be deleted" });
  if (outcome === "refused") throw new Refusal("scope_missing", { expected: "a token of an operator, as one deleted the account" });
  await (await accountObject(env, config, OPERATORS)).dropEnding(account);
  forgetAccount(account);
  const { version = 0, at } = /** @type {{ version: number, at?: number } | null} */ (await object.summary()) ?? {};
  return json({ account, version, ...(at !== undefined && { at: timeOf(at) }) });
}

/** Every version, names of secrets, clients and the audit list, a line of JSON each; participations for those who may read them. @type {Handler} */
export async function exportAccount(context) {
  const { account, object } = await accountOfPath(context);
  if (!(await object.summary())) throw new Refusal("account_unknown");
  await object.note(changeOf(context), context.now);
  const lines = linesOf(context, account, object);
  const encoder = new TextEncoder();
  const stream = new ReadableStream({
    async pull(controller) {
      const { done, value } = await lines.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(`${JSON.stringify(value)}\n`));
    },
  });
  const headers = {
    "content-type": "application/x-ndjson",
    "content-disposition": `attachment; filename="${account}.ndjson"`,
    "cache-control": "no-store",
  };
  return new Response(stream, { headers });
}

/**
 * @param {Context} context
 * @param {string} account
 * @param {Awaited<ReturnType<typeof accountObject>>} object
 */
async function* linesOf(context, account, object) {
  const { env, now } = context;
  yield { kind: "account", account, asOf: timeOf(now) };
  /** @type {Set<string>} */
  const campaigns = new Set();
  for (const { version, at, author, reason } of await object.versions()) {
    const found = /** @type {{ source: string } | null} */ (await object.source(version));
    if (!found) continue;
    const document = JSON.parse(found.source);
    for (const id of Object.keys(document.campaigns ?? {})) campaigns.add(id);
    yield { kind: "version", version, at: timeOf(at), ...(author && { author }), ...(reason && { reason }), document };
  }
  for (const { at, ...draft } of /** @type {import("../../objects/account/documents/campaign_drafts.js").CampaignDraft[]} */ (await object.campaignDrafts())) yield { kind: "draft", ...draft, at: timeOf(at) };
  for (const { name, at } of await object.secretNames()) yield { kind: "secret", name, at: timeOf(at) };
  for (const { at, ...client } of await object.clients()) yield { kind: "client", ...client, at: timeOf(at) };
  for (let before; ; ) {
    const entries = /** @type {Entry[]} */ (await object.audited({ limit: ROWS, before, own: !isOperator(context) }, now));
    for (const { at, ...entry } of entries) yield { kind: "audit", ...entry, at: timeOf(at) };
    if (entries.length < ROWS) break;
    before = entries.at(-1)?.id;
  }
  if (env.STATISTICS && beyond(grantOf(context).scope, ["statistics"]).length === 0)
    for (const campaignId of campaigns) yield* participations(env, account, campaignId);
}

/** @param {Context["env"]} env @param {string} account @param {string} campaignId */
async function* participations(env, account, campaignId) {
  /** @type {{ at: number, id: string } | undefined} */
  let before;
  do {
    const { rows: list, next } = await rows(env, account, campaignId, { limit: ROWS, ...(before && { before }) });
    for (const row of list) yield { kind: "participation", campaignId, ...row };
    const [at, id] = next?.split(".") ?? [];
    before = next ? { at: Number(at), id } : undefined;
  } while (before);
}
