// GET /v1/statistics/{account}/{campaignId}: counts, how far people came, refusals by reason, by day or hour, and rows;
// as JSON or CSV. GET /v1/statistics/{account}: the same numbers of every campaign.

import { json } from "../http/answers.js";
import { accountObject, campaignOf, loadAccount } from "../accounts/held.js";
import { FUNNEL, LEFT_AT, PREVIEWED } from "../observe/funnel.js";
import { Refusal } from "../http/problem.js";
import { columnsOf as factColumns } from "../record/facts.js";
import { counts, rows } from "../record/statistics.js";

/** @import { Counted } from "../objects/tallies.js" */
/** @import { AccountStatisticsQuery, StatisticsQuery } from "../schemas/people.js" */
/** @import { Asked, Campaign } from "../types.d.ts" */
/** @import { Row } from "../record/statistics.js" */

const PAGE = 500;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Days of a series: by the hour a week, by the day a year and a month. */
const DAYS = { hour: 7, day: 400 };

/** @param {Asked<undefined, typeof StatisticsQuery>} context */
export async function statistics(context) {
  const { config, env, now, params, query } = context;
  const { account, campaignId } = params;
  const held = await loadAccount(env, config, account, { now });
  const campaign = campaignOf(held, campaignId);
  const cursor = query.before?.split(".");
  const page = { limit: query.limit ?? PAGE, ...(cursor && { before: { at: Number(cursor[0]), id: cursor[1] } }) };

  const asOf = new Date(now).toISOString();
  if (query.format === "csv") return csvResponse(context, campaign, page, asOf);
  const { by, since } = span(context);
  const object = await accountObject(env, config, account);
  const [total, refusals, tallied, list] = await Promise.all([
    counts(env, account, campaignId),
    object.refusalCounts(campaignId),
    object.tallied(since, campaignId),
    rows(env, account, campaignId, page),
  ]);
  const series = seriesOf(tallied, by);
  return json({ account, campaignId, ...total, ...numbersOf(tallied), refusals, by, series, rows: list.rows, next: list.next, asOf });
}

/** Every campaign of the account in numbers. @param {Asked<undefined, typeof AccountStatisticsQuery>} context */
export async function accountStatistics(context) {
  const { config, env, now, params } = context;
  const { account } = params;
  const { document } = await loadAccount(env, config, account, { now });
  const { since } = span(context);
  const object = await accountObject(env, config, account);
  const tallied = /** @type {Counted[]} */ (await object.tallied(since));
  const campaigns = await Promise.all(
    Object.entries(document.campaigns).map(async ([campaignId, { title = {}, languages = [] }]) => {
      const own = tallied.filter((row) => row.campaignId === campaignId);
      const [total, refusals] = await Promise.all([
        counts(env, account, campaignId),
        object.refusalCounts(campaignId),
      ]);
      return { campaignId, title, languages, ...total, ...numbersOf(own), refusals };
    }),
  );
  return json({ account, campaigns, asOf: new Date(now).toISOString() });
}

/**
 * The time that is asked for: `days` back from now, by the day or the hour.
 * @param {Asked<undefined, typeof AccountStatisticsQuery>} context
 */
function span({ now, query }) {
  const { by = "day" } = query;
  const { days = Math.min(30, DAYS[by]) } = query;
  if (days > DAYS[by]) throw new Refusal("query_invalid", { at: "days", expected: `1 to ${DAYS[by]}` });
  return { by, since: now - days * DAY_MS };
}

/** @param {Counted[]} tallied @param {string} name @param {string} [wanted] */
const sumOf = (tallied, name, wanted = "step") => tallied.reduce((n, row) => n + (row.kind === wanted && row.name === name ? row.n : 0), 0);

/**
 * The numbers of a span: how many previews were played, how far people came, and where those left who sent nothing.
 * @param {Counted[]} tallied
 */
const numbersOf = (tallied) => ({
  previews: sumOf(tallied, PREVIEWED),
  funnel: Object.fromEntries(FUNNEL.map((step) => [step, sumOf(tallied, step)])),
  left: Object.fromEntries(Object.values(LEFT_AT).map((step) => [step, sumOf(tallied, step, "left")])),
});

/**
 * Only the hours or days (UTC) in which something happened, oldest first.
 * @param {Counted[]} tallied
 * @param {"hour" | "day"} by
 */
function seriesOf(tallied, by) {
  const length = by === "hour" ? HOUR_MS : DAY_MS;
  /** @type {Map<number, { at: string, funnel: Record<string, number>, refusals: Record<string, number> }>} */
  const series = new Map();
  for (const { kind, name, at, n } of tallied.filter((row) => row.kind !== "left" && row.name !== PREVIEWED)) {
    const start = at - (at % length);
    const row = series.get(start) ?? { at: new Date(start).toISOString(), funnel: {}, refusals: {} };
    series.set(start, row);
    const table = kind === "step" ? row.funnel : row.refusals;
    table[name] = (table[name] ?? 0) + n;
  }
  return [...series.values()];
}

/**
 * The whole export, page after page, without holding it in memory.
 * @param {import("../types.d.ts").Context} context
 * @param {Campaign} campaign
 * @param {{ limit: number, before?: { at: number, id: string } }} first
 * @param {string} asOf
 */
function csvResponse({ env, params }, campaign, first, asOf) {
  const { account, campaignId } = params;
  const encoder = new TextEncoder();
  /** @type {typeof first | null} */
  let page = first;
  const columns = columnsOf(campaign);
  const stream = new ReadableStream({
    start(controller) {
      controller.enqueue(encoder.encode(line(columns.map(({ title }) => title))));
    },
    async pull(controller) {
      if (!page) return controller.close();
      const { rows: list, next } = await rows(env, account, campaignId, page);
      if (list.length > 0)
        controller.enqueue(encoder.encode(list.map((row) => line(columns.map(({ cell }) => cell(row)))).join("")));
      const [at, id] = next?.split(".") ?? [];
      page = next ? { ...first, before: { at: Number(at), id } } : null;
      if (!page) controller.close();
    },
  });
  return new Response(stream, {
    headers: {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": `attachment; filename="${account}-${campaignId}.csv"`,
      "cache-control": "no-store",
      "handstamp-as-of": asOf,
    },
  });
}

/**
 * @param {Campaign} campaign
 * @returns {{ title: string, cell(row: Row): string }[]}
 */
function columnsOf(campaign) {
  const text = (/** @type {unknown} */ value) =>
    value === undefined ? "" : Array.isArray(value) ? value.map((item) => plain(String(item))).join("; ") : String(value);
  return [
    { title: "id", cell: (row) => row.id },
    { title: "at", cell: (row) => row.at },
    { title: "technique", cell: (row) => row.technique },
    ...factColumns(campaign).map(([title, value]) => ({ title, cell: (/** @type {Row} */ row) => text(value(row)) })),
    ...campaign.fields.map(({ name }) => ({ title: name, cell: (/** @type {Row} */ row) => text(row.form[name]) })),
    ...campaign.optins.map(({ name }) => ({
      title: `optin.${name}`,
      cell: (/** @type {Row} */ row) => text(row.optin[name]?.given),
    })),
    ...(campaign.questions ?? []).map(({ id }) => ({
      title: `answers.${id}`,
      cell: (/** @type {Row} */ row) => text(row.answers[id]),
    })),
  ];
}

/**
 * RFC 4180, and safe in a spreadsheet: a cell that would be read as a formula begins with an apostrophe.
 * @param {string[]} cells
 */
function line(cells) {
  const safe = cells.map(plain).map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell));
  return `${safe.join(",")}\r\n`;
}

/**
 * Returns a text that no spreadsheet reads as a formula; some read full-width signs like the usual ones.
 * @param {string} text
 */
function plain(text) {
  return /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/.test(text) ? `'${text}` : text;
}
