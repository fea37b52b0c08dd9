// The numbers of the manager's page, worked out from what /v1/statistics answers. Nothing here touches the page.

/** @typedef {{ campaignId: string, title: Record<string, string>, languages: string[] }} Campaign */
/** @typedef {{ at: string, funnel: Record<string, number>, refusals: Record<string, number> }} Moment */
/** @typedef {{ id: string, at: string, technique: string, subject?: string, form: Record<string, string>, optin: Record<string, { given: boolean }>, answers: Record<string, unknown> }} Row */

/**
 * @typedef {object} Statistics
 * @property {string} campaignId
 * @property {number} participations
 * @property {number} participants
 * @property {number} previews
 * @property {Record<string, number>} refusals since the start, by reason
 * @property {Record<string, number>} funnel of the period
 * @property {Record<string, number>} left where those left who sent nothing
 * @property {"hour" | "day"} by
 * @property {Moment[]} series only the times at which something happened
 * @property {Row[]} rows
 * @property {string | null} next
 * @property {string} asOf
 */

const SECONDS = { hour: 3600, day: 86_400 };

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

/** Columns in the order in which the rows first have them. @param {Row[]} rows */
export function columnsOf(rows) {
  const names = (/** @type {"form" | "optin" | "answers"} */ part) => [...new Set(rows.flatMap((row) => Object.keys(row[part])))];
  return { form: names("form"), optin: names("optin"), answers: names("answers") };
}
