// The facts of a participation beside form, opt-ins and answers. Each is recorded only where the campaign's settings name
// it (`record`), so that what an account does not ask for is kept nowhere.

import { records } from "../accounts/held.js";
import { LANGUAGE } from "../platform/names.js";

/** @import { AccountDocument, Campaign, Pass, Submission } from "../types.d.ts" */

/**
 * The facts that the statistics keep together, in the order in which they are shown.
 * @type {("custom" | "limit" | "source" | "language" | "duration" | "step")[]}
 */
const TOGETHER = ["custom", "limit", "source", "language", "duration", "step"];

/**
 * The facts that a campaign has recorded, from the pass and from what its page says of itself; the limit is the record's own.
 * @param {AccountDocument} document
 * @param {Campaign} campaign
 * @param {Pass} pass
 * @param {{ lang?: unknown, source?: Submission["source"], duration?: number, step?: string }} said
 * @returns {Pick<Submission, "subject" | "namespace" | "gift" | "custom" | "source" | "language" | "duration" | "step">}
 */
export function factsOf(document, campaign, pass, { lang, source, duration, step }) {
  const { subject, namespace = "", gift, custom } = pass;
  // The name of a visitor without one is a random number of ours.
  const person = pass.technique !== "anonymous" && { subject, namespace };
  const language = typeof lang === "string" && LANGUAGE.test(lang) ? lang : undefined;
  const facts = { gift, custom, source: source && placeOf(document, source), language, duration, step };
  const known = Object.entries(facts).filter(([name, value]) => value !== undefined && records(campaign, name));
  return { ...(records(campaign, "subject") && person), ...Object.fromEntries(known) };
}

/**
 * A page as it is recorded: only one that the account names, and without its query and fragment, where a site may have put
 * anything about a person.
 * @param {AccountDocument} document
 * @param {NonNullable<Submission["source"]>} source
 */
function placeOf({ origins }, { kind, origin, path }) {
  if (!origin || !origins.includes(origin)) return { kind };
  const [plain] = (path ?? "").split(/[?#]/);
  return { kind, origin, ...(plain.startsWith("/") && { path: plain }) };
}

/** @param {Submission} submission @returns {Record<string, unknown>} the facts that the statistics keep as one object */
export const together = (submission) => Object.fromEntries(TOGETHER.filter((name) => submission[name] !== undefined).map((name) => [name, submission[name]]));

/** @typedef {Pick<Submission, "subject" | "namespace" | "gift" | "custom" | "limit" | "source" | "language" | "duration" | "step">} Facts */

/** The columns of an export, by the fact. @type {Record<string, Record<string, (row: Facts) => unknown>>} */
const COLUMNS = {
  subject: { subject: (row) => row.subject, namespace: (row) => row.namespace },
  gift: { "gift.label": (row) => row.gift?.label, "gift.cw": (row) => row.gift?.cw },
  custom: { custom: (row) => row.custom && JSON.stringify(row.custom) },
  limit: { "limit.nb": (row) => row.limit?.nb, "limit.count": (row) => row.limit?.count },
  source: { "source.kind": (row) => row.source?.kind, "source.origin": (row) => row.source?.origin, "source.path": (row) => row.source?.path },
  language: { language: (row) => row.language },
  duration: { duration: (row) => row.duration },
  step: { step: (row) => row.step },
};

/** @param {Campaign} campaign @returns {[string, (row: Facts) => unknown][]} title and value of each column of an export */
export const columnsOf = (campaign) =>
  Object.entries(COLUMNS).flatMap(([name, columns]) => (records(campaign, name) ? Object.entries(columns) : []));
