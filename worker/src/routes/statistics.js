// GET /v1/statistics/{account}/{campaignId}: counts, refusals by reason and rows, as JSON or CSV.

import { json } from "../answers.js";
import { accountObject, campaignOf, loadAccount } from "../accounts.js";
import { requireScope } from "../access.js";
import { queryMember } from "../body.js";
import { Refusal } from "../problem.js";
import { counts, rows } from "../statistics.js";

/** @import { Campaign, Handler } from "../types.d.ts" */
/** @import { Row } from "../statistics.js" */

const PAGE = 500;
const PAGE_MOST = 1000;

/** @type {Handler} */
export async function statistics(context) {
  const { config, env, now, params, url } = context;
  const { account, campaignId } = params;
  await requireScope(context, "statistics", account);
  Object.assign(context.facts, { account, campaignId });
  const held = await loadAccount(env, config, account, { now });
  const campaign = campaignOf(held, campaignId);
  const format = queryMember(url, "format", /^(?:json|csv)$/) ?? "json";
  const limit = Number(queryMember(url, "limit", /^\d{1,4}$/) ?? PAGE);
  const cursor = queryMember(url, "before", /^\d{1,15}\.[0-9a-f-]{36}$/)?.split(".");
  if (limit < 1 || limit > PAGE_MOST)
    throw new Refusal("query_invalid", { at: "limit", expected: `1 to ${PAGE_MOST}` });
  const page = { limit, ...(cursor && { before: { at: Number(cursor[0]), id: cursor[1] } }) };

  const asOf = new Date(now).toISOString();
  if (format === "csv") return csvResponse(context, campaign, page, asOf);
  const object = await accountObject(env, config, account);
  const [total, refusals, list] = await Promise.all([
    counts(env, account, campaignId),
    object.refusalCounts(campaignId),
    rows(env, account, campaignId, page),
  ]);
  return json({ account, campaignId, ...total, refusals, rows: list.rows, next: list.next, asOf });
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
      page = next ? { limit: first.limit, before: { at: Number(at), id } } : null;
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
    value === undefined ? "" : Array.isArray(value) ? value.join("; ") : String(value);
  return [
    { title: "id", cell: (row) => row.id },
    { title: "at", cell: (row) => row.at },
    { title: "technique", cell: (row) => row.technique },
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
  const safe = cells.map((cell) => {
    const plain = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
    return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
  });
  return `${safe.join(",")}\r\n`;
}
