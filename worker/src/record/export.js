// The whole export of a campaign as CSV (RFC 4180), page after page without holding it in memory: for programs, or for people
// in Excel, with the campaign's labels, times that are read as times, and each consent with its time and wording.

import { inLanguage } from "../http/texts.js";
import { under } from "../platform/under.js";
import { columnsOf as factColumns } from "./facts.js";
import { WORDS } from "./export_words.js";
import { rows } from "./statistics.js";
import { headingOf } from "./wording.js";

/** @import { Campaign, Choice, Env } from "../types.d.ts" */
/** @import { Row } from "./statistics.js" */

/** A Worker may put about a thousand questions to D1 for one request: with these, millions of rows are within it. */
const PAGE = 2000;
/** Excel takes the separator from the language of the machine: where numbers have a comma, it is the semicolon. */
/** @type {Record<Language, string>} */
const SEPARATOR = { en: ",", fr: ";", nl: ";" };
const BYTE_ORDER_MARK = "\uFEFF";

/** @typedef {keyof typeof WORDS} Language */
/** @typedef {string | number} Cell a number is one of the account's own, and no text of a participant */
/** @typedef {{ title: string, name?: string, cell(row: Row): Cell }} Column name: its title where another column has that one */

/**
 * @param {Env} env
 * @param {{ account: string, campaignId: string, campaign: Campaign, excel?: Language, before?: { at: number, id: string } }} wanted excel: the language of a file for Excel
 * @returns {ReadableStream<Uint8Array>} in UTF-8
 */
export function exportOf(env, { account, campaignId, campaign, excel, before }) {
  const encoder = new TextEncoder();
  const separator = excel ? SEPARATOR[excel] : ",";
  const columns = distinct(excel ? spokenColumns(campaign, excel) : plainColumns(campaign));
  const line = (/** @type {Cell[]} */ cells) => `${cells.map((cell) => written(cell, separator)).join(separator)}\r\n`;
  /** @type {{ limit: number, before?: { at: number, id: string } } | null} */
  let page = { limit: PAGE, ...(before && { before }) };
  return new ReadableStream({
    start(controller) {
      controller.enqueue(encoder.encode((excel ? BYTE_ORDER_MARK : "") + line(columns.map(({ title }) => title))));
    },
    async pull(controller) {
      if (!page) return controller.close();
      const { rows: list, next } = await rows(env, account, campaignId, page);
      if (list.length > 0) controller.enqueue(encoder.encode(list.map((row) => line(columns.map(({ cell }) => cell(row)))).join("")));
      const [at, id] = next?.split(".") ?? [];
      page = next ? { limit: PAGE, before: { at: Number(at), id } } : null;
      if (!page) controller.close();
    },
  });
}

/** Gives each column a title of its own: a field may be called like a column of ours. @param {Column[]} columns */
function distinct(columns) {
  /** @type {Set<string>} */
  const taken = new Set();
  return columns.map((column) => {
    const { title, name = title } = column;
    const among = [title, name, ...Array.from(columns, (_, index) => `${name} ${index + 2}`)];
    const own = among.find((one) => !taken.has(one)) ?? title;
    taken.add(own);
    return { ...column, title: own };
  });
}

/** @param {unknown} value @returns {string} several answers stand in one cell, each of them safe */
const text = (value) => (value === undefined || value === null ? "" : Array.isArray(value) ? value.map((item) => harmless(String(item))).join("; ") : String(value));

/** @param {Campaign} campaign @returns {Column[]} for programs: names of the document, values as they are recorded */
const plainColumns = (campaign) => [
  { title: "id", cell: (row) => row.id },
  { title: "at", cell: (row) => row.at },
  { title: "technique", cell: (row) => row.technique },
  ...factColumns(campaign).map(([title, value]) => ({ title, cell: (/** @type {Row} */ row) => text(value(row)) })),
  ...campaign.fields.map(({ name }) => ({ title: name, name: `form.${name}`, cell: (/** @type {Row} */ row) => text(row.form[name]) })),
  ...campaign.optins.map(({ name }) => ({ title: `optin.${name}`, cell: (/** @type {Row} */ row) => text(row.optin[name]?.given) })),
  ...(campaign.questions ?? []).map(({ id }) => ({ title: `answers.${id}`, cell: (/** @type {Row} */ row) => text(row.answers[id]) })),
];

/** @param {Campaign} campaign @param {Language} lang @returns {Column[]} for people: labels, and values in words */
function spokenColumns(campaign, lang) {
  const words = WORDS[lang];
  const timeZone = campaign.timeZone ?? "UTC";
  const time = clock(timeZone);
  const choice = (/** @type {Choice[]} */ choices, /** @type {unknown} */ value) => {
    const said = (/** @type {unknown} */ id) => inLanguage(choices.find((one) => one.id === id)?.text, lang) ?? text(id);
    return text(Array.isArray(value) ? value.map(said) : value === undefined ? undefined : said(value));
  };
  const yes = (/** @type {unknown} */ value) => (value === undefined ? "" : value === true || value === "true" ? words.yes : words.no);
  /** @type {Record<string, (value: string, choices: Choice[]) => Cell>} */
  const OF_TYPE = {
    checkbox: yes,
    select: (value, choices) => choice(choices, value),
    // What was recorded while the field was of another type is not a code, and stays as it is.
    country: (value) => (/^[A-Z]{2}$/.test(value) ? new Intl.DisplayNames([lang], { type: "region", fallback: "code" }).of(value) ?? value : value),
    number: (value) => (/^-?\d+(?:\.\d+)?$/.test(value) ? Number(value) : value),
  };
  return [
    { title: `${words.at} (${timeZone})`, cell: (row) => time(Date.parse(row.at)) },
    { title: words.technique, cell: (row) => words[/** @type {keyof typeof words} */ (row.technique)] },
    ...factColumns(campaign).map(([title, value]) => ({
      title: words[/** @type {keyof typeof words} */ (title)] ?? title,
      cell: (/** @type {Row} */ row) => (typeof value(row) === "boolean" ? yes(value(row)) : typeof value(row) === "number" ? Number(value(row)) : text(value(row))),
    })),
    ...campaign.fields.map(({ name, type, label, choices = [] }) => ({
      ...titled(inLanguage(label, lang), name),
      cell: (/** @type {Row} */ row) => {
        const value = row.form[name];
        return value === undefined ? "" : under(OF_TYPE, type)?.(value, choices) ?? value;
      },
    })),
    ...campaign.optins.flatMap((optin) => {
      const { name } = optin;
      const of = (/** @type {string} */ what) => titled(`${inLanguage(headingOf(optin), lang) ?? name}${what}`, `${name}${what}`);
      return [
        { ...of(""), cell: (/** @type {Row} */ row) => yes(row.optin[name]?.given) },
        { ...of(` – ${words.consentAt}`), cell: (/** @type {Row} */ row) => (row.optin[name] ? time(row.optin[name].at) : "") },
        { ...of(` – ${words.wording}`), cell: (/** @type {Row} */ row) => text(row.optin[name]?.wording) },
      ];
    }),
    ...(campaign.questions ?? []).map(({ id, text: asked, choices = [] }) => ({ ...titled(inLanguage(asked, lang), id), cell: (/** @type {Row} */ row) => choice(choices, row.answers[id]) })),
    { title: words.id, cell: (row) => row.id },
  ];
}

/** @param {string | undefined} label @param {string} name */
const titled = (label, name) => ({ title: label ?? name, name: label ? `${label} (${name})` : name });

/** Writes times as a spreadsheet of every language reads them, by the clocks of a zone. @param {string} timeZone */
function clock(timeZone) {
  // Swedish writes 2026-12-31 09:30:00.
  const format = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "medium" });
  return (/** @type {number} */ time) => format.format(time);
}

/** @param {Cell} cell @param {string} separator */
function written(cell, separator) {
  if (typeof cell === "number") return separator === ";" ? String(cell).replace(".", ",") : String(cell);
  const safe = harmless(cell);
  return safe.includes(separator) || /["\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/**
 * Returns a text that no spreadsheet reads as a formula: an apostrophe stands before its sign, at the beginning and behind
 * each separator of another language, also where blanks or quotes stand between, as a spreadsheet with another separator reads
 * the quotes that we double as an empty string. Some read full-width signs like the usual ones.
 * @param {string} value
 */
const harmless = (value) => value.replaceAll(/((?:^|[,;\t\r\n])(?:[^\S\t\r\n]|")*)(?=[=+\-@\t\r\uff1d\uff0b\uff0d\uff20])/g, "$1'");
