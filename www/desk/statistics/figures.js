// The numbers of the statistics, worked out from what /v1/statistics answers. Nothing here touches the page.

import { under } from "../../shared/under.js";

/** @typedef {{ campaignId: string, title: Record<string, string>, languages: string[] }} Listed a campaign among the others */
/** @typedef {{ at: string, funnel: Record<string, number>, refusals: Record<string, number> }} Moment */
/** @typedef {{ given: boolean, at: number, wording: string }} Consent */
/** @typedef {{ id: string, at: string, technique: string, form: Record<string, string>, optin: Record<string, Consent>, answers: Record<string, unknown> } & Facts} Row */
/** @typedef {{ subject?: string, gift?: { label?: string, cw?: boolean }, custom?: object, limit?: { nb?: number, count: number }, source?: { kind: string, origin?: string, path?: string }, language?: string, duration?: number, step?: string }} Facts those that the campaign records */
/** @typedef {{ id: string, text: Record<string, string> }} Worded */
/** @typedef {{ id: string, text: Record<string, string>, choices: Worded[], right?: string }} Question */

/**
 * @typedef {object} Campaign the words of a campaign
 * @property {Record<string, string>} title
 * @property {string[]} signIn
 * @property {string} timeZone
 * @property {{ name: string, type: string, label: Record<string, string>, choices: Worded[] }[]} fields
 * @property {{ name: string, wording: Record<string, string> }[]} optins
 * @property {Question[]} questions
 */

/**
 * @typedef {object} Statistics
 * @property {string} campaignId
 * @property {number} participations
 * @property {number} participants
 * @property {number} previews
 * @property {Record<string, number>} refusals since the start, by reason
 * @property {Record<string, number>} funnel of the period
 * @property {{ technique: string | null, steps: { step: string, n: number }[] }[]} funnels
 * @property {Record<string, number>} left where those left who sent nothing
 * @property {"hour" | "day"} by
 * @property {Moment[]} series only the times at which something happened
 * @property {string | null} begins
 * @property {{ opened: number, submitted: number, refused: number } | null} before
 * @property {Record<string, Record<string, number>>} answers
 * @property {Record<string, { wording: string, given: number, withheld: number }[]>} optins
 * @property {Campaign} campaign
 * @property {Row[]} rows
 * @property {string | null} next
 * @property {string} asOf
 */

const SECONDS = { hour: 3600, day: 86_400 };
/** The longest life of a campaign that is shown by the hour, and the longest that is counted at all. */
const [HOURLY_DAYS, LONGEST_DAYS] = [3, 400];

/** The query of a period: `life` or a number of days. @param {string} period @param {Pick<Statistics, "begins" | "asOf">} [known] of the campaign */
export function queryOf(period, known) {
  if (period !== "life") return { by: period === "7" ? "hour" : "day", days: period };
  const days = daysOf(period, known);
  return days <= HOURLY_DAYS ? { by: "hour", days: String(days) } : { by: "day", days: String(days) };
}

/** How many days a period goes back. @param {string} period @param {Pick<Statistics, "begins" | "asOf">} [known] */
export function daysOf(period, known) {
  if (period !== "life") return Number(period);
  if (!known) return LONGEST_DAYS;
  const life = known.begins ? Date.parse(known.asOf) - Date.parse(known.begins) : 0;
  return Math.min(LONGEST_DAYS, Math.max(1, Math.ceil(life / 86_400_000)));
}

/**
 * A line for those who took part and one for each of the most frequent reasons; the rest of them is one more. A time
 * at which nothing happened is a zero, not a gap.
 * @param {Pick<Statistics, "series" | "by" | "asOf">} statistics
 * @param {number} days
 * @param {number} [most] reasons with a line of their own
 */
export function overTime({ series, by, asOf }, days, most = 4) {
  const length = SECONDS[by];
  const last = Math.floor(Date.parse(asOf) / 1000 / length) * length;
  const times = Array.from({ length: (days * 86_400) / length + 1 }, (_, index) => last - index * length).reverse();
  const at = new Map(series.map((row) => [Date.parse(row.at) / 1000, row]));
  const line = (/** @type {(moment: Moment) => number} */ read) => times.map((time) => (at.has(time) ? read(/** @type {Moment} */ (at.get(time))) : 0));
  const reasons = Object.entries(inPeriod(series)).sort(([, one], [, other]) => other - one);
  const own = reasons.slice(0, most).map(([reason]) => reason);
  const rest = reasons.slice(most).map(([reason]) => reason);
  const sum = (/** @type {Moment} */ { refusals }, /** @type {string[]} */ names) => names.reduce((n, name) => n + (refusals[name] ?? 0), 0);
  return {
    times,
    submitted: line(({ funnel }) => funnel.submitted ?? 0),
    refused: own.map((reason) => ({ reason, values: line((moment) => sum(moment, [reason])) })),
    others: rest.length > 0 ? line((moment) => sum(moment, rest)) : undefined,
  };
}

/** Refusals by reason. @param {Moment[]} series @returns {Record<string, number>} */
export function inPeriod(series) {
  /** @type {Record<string, number>} */
  const total = {};
  for (const { refusals } of series) for (const [reason, n] of Object.entries(refusals)) total[reason] = (total[reason] ?? 0) + n;
  return total;
}

/** The sum of a table of numbers. @param {Record<string, number>} table */
export const sumOf = (table) => Object.values(table).reduce((sum, n) => sum + n, 0);

/**
 * The choices of a question with how often each was given, in the order of the question; those that it no longer has come last.
 * @param {Question} question
 * @param {Record<string, number>} [given]
 */
export function choicesOf({ choices, right }, given = {}) {
  const known = new Set(choices.map(({ id }) => id));
  const gone = Object.keys(given).filter((id) => !known.has(id)).map((id) => ({ id, text: {}, isGone: true }));
  return [...choices, ...gone].map((choice) => ({ isGone: false, ...choice, n: under(given, choice.id) ?? 0, isRight: choice.id === right }));
}

/** Columns in the order of the campaign, then those that only rows have. @param {Row[]} rows @param {Campaign} [campaign] */
export function columnsOf(rows, { fields = [], optins = [], questions = [] } = /** @type {Campaign} */ ({})) {
  const names = (/** @type {"form" | "optin" | "answers"} */ part, /** @type {string[]} */ own) => {
    const found = new Set(rows.flatMap((row) => Object.keys(row[part])));
    return [...own.filter((name) => found.has(name)), ...[...found].filter((name) => !own.includes(name))];
  };
  return { form: names("form", fields.map(({ name }) => name)), optin: names("optin", optins.map(({ name }) => name)), answers: names("answers", questions.map(({ id }) => id)) };
}
