// GET /v1/statistics/{account}/{campaignId}: counts, how far people came, refusals by reason, by day or hour, answers, and rows;
// as JSON, as CSV for programs or for Excel. GET /v1/statistics/{account}: the same numbers of every campaign.

import { json, timeOf } from "../../http/answers.js";
import { accountObject, campaignOf, loadAccount } from "../../accounts/held.js";
import { FUNNEL, LEFT_AT, PREVIEWED, funnelsOf, stepOf } from "../../observe/funnel.js";
import { Refusal } from "../../http/problem.js";
import { KEPT_HOURS } from "../../objects/account/seen/tallies.js";
import { exportOf } from "../../record/export.js";
import { choices, counts, rows } from "../../record/statistics.js";
import { headingOf } from "../../record/wording.js";
import { momentsOf } from "../../sign_in/period.js";

/** @import { Counted } from "../../objects/account/seen/tallies.js" */
/** @import { AccountStatisticsQuery, StatisticsQuery } from "../../schemas/people.js" */
/** @import { Asked, Campaign } from "../../types.d.ts" */

const PAGE = 500;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const HOURS = { hour: 1, day: 24 };
/** Days of a series: by the hour a week, by the day all that is kept. */
const DAYS = { hour: 7, day: KEPT_HOURS / 24 };

/** @param {Asked<undefined, typeof StatisticsQuery>} context */
export async function statistics(context) {
  const { config, env, now, params, query } = context;
  const { account, campaignId } = params;
  const held = await loadAccount(env, config, account, { now });
  const campaign = campaignOf(held, campaignId);
  const cursor = query.before?.split(".");
  const page = { limit: query.limit ?? PAGE, ...(cursor && { before: { at: Number(cursor[0]), id: cursor[1] } }) };

  const asOf = timeOf(now);
  if (query.format === "csv" || query.format === "excel") {
    const stream = exportOf(env, { account, campaignId, campaign, ...(query.format === "excel" && { excel: query.lang ?? "en" }), before: page.before });
    const headers = { "content-type": "text/csv; charset=utf-8", "content-disposition": `attachment; filename="${account}-${campaignId}.csv"`, "cache-control": "no-store", "handstamp-as-of": asOf };
    return new Response(stream, { headers });
  }
  const { by, since } = span(context);
  const object = await accountObject(env, config, account);
  const [{ first, ...total }, refusals, tallied, earlier, opened, chosen, list] = await Promise.all([
    counts(env, account, campaignId),
    object.refusalCounts(campaignId),
    object.tallied(since, campaignId, { hours: HOURS[by] }),
    object.tallied(2 * since - now, campaignId, { hours: 0, until: since }),
    object.firstOpened(campaignId),
    choices(env, account, campaignId),
    rows(env, account, campaignId, page),
  ]);
  const begins = [first, opened].filter((time) => time !== null);
  return json({
    account,
    campaignId,
    ...total,
    ...numbersOf(tallied),
    funnels: funnelsOf(campaign, tallied),
    refusals,
    by,
    series: seriesOf(tallied),
    begins: begins.length > 0 ? timeOf(Math.min(...begins)) : null,
    before: earlier.length > 0 ? { opened: sumOf(earlier, "opened"), submitted: sumOf(earlier, "submitted"), refused: earlier.reduce((sum, { kind, n }) => sum + (kind === "refused" ? n : 0), 0) } : null,
    ...chosen,
    campaign: shownOf(campaign),
    rows: list.rows,
    next: list.next,
    asOf,
  });
}

/** Every campaign of the account in numbers. @param {Asked<undefined, typeof AccountStatisticsQuery>} context */
export async function accountStatistics(context) {
  const { config, env, now, params } = context;
  const { account } = params;
  const { document } = await loadAccount(env, config, account, { now });
  const { since } = span(context);
  const object = await accountObject(env, config, account);
  const tallied = /** @type {Counted[]} */ (await object.tallied(since, undefined, { hours: 0 }));
  const campaigns = await Promise.all(
    Object.entries(document.campaigns).map(async ([campaignId, { title = {}, languages = [] }]) => {
      const own = tallied.filter((row) => row.campaignId === campaignId);
      const [{ first: _first, ...total }, refusals] = await Promise.all([
        counts(env, account, campaignId),
        object.refusalCounts(campaignId),
      ]);
      return { campaignId, title, languages, ...total, ...numbersOf(own), refusals };
    }),
  );
  return json({ account, campaigns, asOf: timeOf(now) });
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
const sumOf = (tallied, name, wanted = "step") => tallied.reduce((n, row) => n + (row.kind === wanted && stepOf(row.name) === name ? row.n : 0), 0);

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
 */
function seriesOf(tallied) {
  /** @type {Map<number, { at: string, funnel: Record<string, number>, refusals: Record<string, number> }>} */
  const series = new Map();
  for (const { kind, name, at, n } of tallied.filter((row) => row.kind !== "left" && row.name !== PREVIEWED)) {
    const row = series.get(at) ?? { at: timeOf(at), funnel: {}, refusals: {} };
    series.set(at, row);
    const table = kind === "step" ? row.funnel : row.refusals;
    table[stepOf(name)] = (table[stepOf(name)] ?? 0) + n;
  }
  return [...series.values()];
}

/** The words of a campaign that its numbers and rows are read by. @param {Campaign} campaign */
function shownOf(campaign) {
  const { title = {}, signIn, timeZone = "UTC", fields, optins, questions = [] } = campaign;
  const moments = Object.entries(momentsOf(campaign)).map(([name, time]) => [name, timeOf(time)]);
  return {
    title,
    signIn,
    timeZone,
    ...Object.fromEntries(moments),
    fields: fields.map(({ name, type, label = {}, choices: offered = [] }) => ({ name, type, label, choices: worded(offered) })),
    optins: optins.map((optin) => ({ name: optin.name, wording: headingOf(optin) })),
    questions: questions.map(({ id, text = {}, choices: offered = [], right }) => ({ id, text, choices: worded(offered), ...(right !== undefined && { right }) })),
  };
}

/** @param {import("../../types.d.ts").Choice[]} offered */
const worded = (offered) => offered.map(({ id, text = {} }) => ({ id, text }));
