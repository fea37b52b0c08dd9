// The statistics: a copy of the record in D1, for counting and exporting. The queue's consumer writes a
// participation once, whatever how often it is delivered, and confirms it to the object that holds it.

import { together } from "./facts.js";
import { timeOf } from "../http/answers.js";
import { logFault } from "../platform/log.js";

/** @import { Env, OutboxMessage, Submission } from "../types.d.ts" */
/** @import { Facts } from "./facts.js" */

/** Once; and never what has been erased, or kept long enough, while it was under way. */
const INSERT = `INSERT INTO participation
  (id, account, campaign, participant, recorded_at, technique, form, optin, answers, gift, retain_until, preview, subject, namespace, facts)
  SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?14, ?15, ?16
  WHERE ?11 > ?13 AND NOT EXISTS (SELECT 1 FROM erased WHERE participant = ?4 AND at >= ?5)
  ON CONFLICT (id) DO NOTHING`;

/**
 * @param {MessageBatch<OutboxMessage>} batch
 * @param {Env} env
 */
export async function consume(batch, env) {
  const insert = env.STATISTICS.prepare(INSERT);
  const now = Date.now();
  try {
    await env.STATISTICS.batch(
      batch.messages.map(({ body: { object, submission } }) => {
        const { id, account, campaignId, at, technique, form, optin, answers, gift, until, preview, subject, namespace } = submission;
        const texts = [form, optin, answers, gift ?? null].map((value) => JSON.stringify(value));
        return insert.bind(id, account, campaignId, object, at, technique, ...texts, until, preview ? 1 : 0, now, subject ?? null, namespace ?? null, JSON.stringify(together(submission)));
      }),
    );
  } catch (fault) {
    logFault("statistics", fault);
    return batch.retryAll();
  }
  const bodies = batch.messages.map(({ body }) => body);
  // The places first: a row that is confirmed is not sent again.
  await confirm(env.COUNTER, bodies, ({ counter }) => counter);
  await confirm(env.PARTICIPANT, bodies, ({ object }) => object);
  batch.ackAll();
}

/**
 * Tells objects which of their participations the statistics have.
 * @param {{ idFromString(id: string): any, get(id: any): { confirm(ids: string[]): unknown } }} namespace
 * @param {OutboxMessage[]} messages
 * @param {(message: OutboxMessage) => string | null | undefined} objectOf hexadecimal id of the object that is told, if one is
 */
async function confirm(namespace, messages, objectOf) {
  /** @type {Map<string, string[]>} */
  const receipts = new Map();
  for (const message of messages) {
    const object = objectOf(message);
    if (object) receipts.set(object, [...(receipts.get(object) ?? []), message.submission.id]);
  }
  for (const [object, ids] of receipts) {
    try {
      await namespace.get(namespace.idFromString(object)).confirm(ids);
    } catch (fault) {
      // A participant's object sends its rows again, and a counter asks for its places.
      logFault("confirm", fault);
    }
  }
}

/** @typedef {Pick<Submission, "id" | "technique" | "form" | "optin" | "answers"> & Facts & { at: string }} Row */

/**
 * @param {Env} env
 * @param {string} account
 * @param {string} campaignId
 * @returns {Promise<{ participations: number, participants: number, first: number | null }>} first: the time of the oldest that is kept
 */
export async function counts(env, account, campaignId) {
  const row = await env.STATISTICS.prepare(
    `SELECT participations, participants,
        (SELECT MIN(recorded_at) FROM participation WHERE account = ?1 AND campaign = ?2 AND preview = 0) AS first
      FROM campaign_count WHERE account = ?1 AND campaign = ?2`,
  )
    .bind(account, campaignId)
    .first();
  const first = row?.first ?? null;
  return { participations: Number(row?.participations ?? 0), participants: Number(row?.participants ?? 0), first: first === null ? null : Number(first) };
}

/** @typedef {{ wording: string, given: number, withheld: number }} Consents how often a consent was given and withheld under one wording */

/**
 * Counts the answers to each question, and the consents under each wording, of all participations that are kept.
 * @param {Env} env
 * @param {string} account
 * @param {string} campaignId
 * @returns {Promise<{ answers: Record<string, Record<string, number>>, optins: Record<string, Consents[]> }>}
 */
export async function choices(env, account, campaignId) {
  const { results } = await env.STATISTICS.prepare("SELECT part, name, value, wording, n FROM choice_count WHERE account = ? AND campaign = ? AND n > 0")
    .bind(account, campaignId)
    .all();
  // Names are the account's own, so they are keys of maps: one may be called like a member of every object.
  /** @type {Map<string, Map<string, number>>} */
  const answers = new Map();
  /** @type {Map<string, Map<string, Consents>>} */
  const optins = new Map();
  for (const row of results) {
    const [part, name, value, wording] = [row.part, row.name, row.value, row.wording].map(String);
    const n = Number(row.n);
    if (part === "answers") answers.set(name, (answers.get(name) ?? new Map()).set(value, n));
    else {
      const wordings = optins.get(name) ?? new Map();
      const consents = wordings.get(wording) ?? { wording, given: 0, withheld: 0 };
      consents[value === "1" ? "given" : "withheld"] += n;
      optins.set(name, wordings.set(wording, consents));
    }
  }
  return {
    answers: Object.fromEntries([...answers].map(([name, given]) => [name, Object.fromEntries(given)])),
    optins: Object.fromEntries([...optins].map(([name, wordings]) => [name, [...wordings.values()]])),
  };
}

/** What was recorded under names of the account's own: one that was not there is nothing, also where every object has a member of that name. @param {unknown} text JSON */
const named = (text) => Object.assign(Object.create(null), JSON.parse(String(text)));

/**
 * Newest first; a page ends where the next begins with `before`.
 * @param {Env} env
 * @param {string} account
 * @param {string} campaignId
 * @param {{ limit: number, before?: { at: number, id: string } }} page
 * @returns {Promise<{ rows: Row[], next: string | null }>}
 */
export async function rows(env, account, campaignId, { limit, before }) {
  const { results } = await env.STATISTICS.prepare(
    `SELECT id, recorded_at, technique, form, optin, answers, gift, subject, namespace, facts FROM participation
      WHERE account = ? AND campaign = ? AND preview = 0 ${before ? "AND (recorded_at, id) < (?, ?)" : ""}
      ORDER BY recorded_at DESC, id DESC LIMIT ?`,
  )
    .bind(account, campaignId, ...(before ? [before.at, before.id] : []), limit + 1)
    .all();
  const shown = results.slice(0, limit);
  const last = results.length > limit ? shown.at(-1) : undefined;
  return {
    rows: shown.map((row) => ({
      id: String(row.id),
      at: timeOf(Number(row.recorded_at)),
      technique: String(row.technique),
      form: named(row.form),
      optin: named(row.optin),
      answers: named(row.answers),
      ...(row.subject !== null && { subject: String(row.subject), namespace: String(row.namespace) }),
      ...(row.gift !== "null" && { gift: JSON.parse(String(row.gift)) }),
      ...JSON.parse(String(row.facts)),
    })),
    next: last ? `${last.recorded_at}.${last.id}` : null,
  };
}
