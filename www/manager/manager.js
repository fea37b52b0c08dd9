// The manager's page, /stats/{account}: signs in as a client of the account, reads its statistics and shows one campaign.
// Read-only; the access token is kept in a variable of this page and nowhere else.

import { signIn } from "../board/access.js";
import { chart, followWidth } from "../board/chart.js";
import { by, fill } from "../board/table.js";
import { element } from "../shared/element.js";
import { columnsOf, inPeriod, overTime } from "./figures.js";
import { languageOf, speaker } from "./words.js";

/** @import uPlot from "../board/uplot.js" */
/** @import { Campaign, Row, Statistics } from "./figures.js" */

const PERIODS = ["7", "30", "90", "365"];
const PAGE = 50;
const REFRESH_MS = 60_000;

const account = decodeURIComponent(location.pathname.split("/")[2] ?? "");
let asked = new URLSearchParams(location.search).get("lang");
let lang = languageOf(asked, navigator.languages, []);
let says = speaker(lang);
let token = "";
/** @type {Campaign[]} */
let campaigns = [];
/** @type {Statistics | undefined} */
let statistics;
/** @type {Row[]} rows of pages that were asked for one after the other */
let rows = [];
/** @type {uPlot | undefined} */
let drawn;

const select = (/** @type {string} */ id) => /** @type {HTMLSelectElement} */ (by(id));
const number = (/** @type {number} */ n) => new Intl.NumberFormat(lang).format(n);
const moment = (/** @type {string} */ at) => new Intl.DateTimeFormat(lang, { dateStyle: "medium", timeStyle: "short" }).format(new Date(at));
const titleOf = (/** @type {Campaign} */ { campaignId, title }) => title[lang] ?? title.en ?? Object.values(title)[0] ?? campaignId;

/** Everything that is said, in the language of now. */
function speak() {
  document.documentElement.lang = lang;
  document.title = says("title", { account });
  by("title").textContent = document.title;
  select("language").value = lang;
  for (const place of document.querySelectorAll("[data-says]")) place.textContent = says(/** @type {HTMLElement} */ (place).dataset.says ?? "");
  for (const place of document.querySelectorAll("[data-names]")) place.setAttribute("aria-label", says(/** @type {HTMLElement} */ (place).dataset.names ?? ""));
  choices("period", PERIODS.map((days) => [days, says(`period.${days}`)]), "30");
  choices("campaign", campaigns.map((campaign) => [campaign.campaignId, `${titleOf(campaign)} (${campaign.campaignId})`]), campaigns[0]?.campaignId);
  if (statistics) show(statistics);
}

/** Keeps what is chosen. @param {string} id @param {string[][]} list @param {string} [first] */
function choices(id, list, first) {
  const value = select(id).value || first;
  select(id).replaceChildren(...list.map(([each, text]) => new Option(text, each, false, each === value)));
}

/** @param {string} path below the account's statistics @param {Record<string, string>} [query] */
async function read(path, query = {}) {
  const answer = await fetch(`/v1/statistics/${encodeURIComponent(account)}${path}?${new URLSearchParams(query)}`, { headers: { authorization: `Bearer ${token}` } });
  if (answer.status === 401) throw signedOut("signin.again");
  if (answer.status === 403 || answer.status === 404) throw signedOut("signin.elsewhere");
  if (!answer.ok) throw new Error(says("lost"));
  return answer;
}

/** @param {string} why */
function signedOut(why) {
  token = "";
  by("board").hidden = true;
  by("sign-in").hidden = false;
  by("wrong").textContent = says(why);
  return new Error("");
}

async function load() {
  const days = select("period").value;
  const query = { by: days === "7" ? "hour" : "day", days, limit: String(PAGE) };
  statistics = /** @type {Statistics} */ (await (await read(`/${select("campaign").value}`, query)).json());
  rows = statistics.rows;
  show(statistics);
}

/** @param {Statistics} shown */
function show(shown) {
  by("as-of").textContent = says("as_of", { time: moment(shown.asOf) });
  const days = Number(select("period").value);
  const refused = inPeriod(shown.series);
  tiles(shown, Object.values(refused).reduce((sum, n) => sum + n, 0));
  drawn?.destroy();
  const { times, submitted, refused: reasons, others } = overTime(shown, days);
  const lines = [
    { name: says("funnel.submitted"), values: submitted },
    ...reasons.map(({ reason, values }) => ({ name: says(`reason.${reason}`), values })),
    ...(others ? [{ name: says("chart.others"), values: others }] : []),
  ];
  drawn = chart(by("chart"), lines, times, { empty: says("chart.empty"), time: says("chart.time"), lang, whole: shown.by });
  // A campaign without a login has no login in its funnel.
  bars("funnel", Object.entries(shown.funnel).filter(([step, n]) => n > 0 || ["opened", "submitted"].includes(step)));
  const left = Object.entries(shown.left).filter(([, n]) => n > 0);
  by("leaving").hidden = left.length === 0;
  bars("left", left);
  refusalTable(refused, shown.refusals);
  rowTable(shown.next);
}

/** @param {Statistics} shown @param {number} refused */
function tiles({ participations, participants, previews, funnel: { opened, submitted } }, refused) {
  const share = opened > 0 ? new Intl.NumberFormat(lang, { style: "percent" }).format(Math.min(1, submitted / opened)) : "–";
  const list = [
    [number(participations), "tile.participations"],
    [number(participants), "tile.participants"],
    [share, "tile.share"],
    [number(refused), "tile.refused"],
    [number(previews), "tile.previews"],
  ];
  by("tiles").replaceChildren(...list.map(([figure, key]) => element("section", { class: "tile" }, element("b", {}, figure), element("span", {}, says(key)))));
}

/** @param {string} id of the list, and of its words @param {[string, number][]} list */
function bars(id, list) {
  const most = Math.max(...list.map(([, n]) => n), 1);
  by(id).replaceChildren(
    ...list.flatMap(([step, n]) => {
      const bar = element("i");
      bar.style.width = `${(100 * n) / most}%`;
      return [element("span", {}, says(`${id}.${step}`)), element("div", { class: "bar" }, bar), element("span", { class: "share" }, number(n))];
    }),
  );
}

/** @param {Record<string, number>} period @param {Record<string, number>} ever */
function refusalTable(period, ever) {
  const reasons = [...new Set([...Object.keys(period), ...Object.keys(ever)])].sort((one, other) => (period[other] ?? 0) - (period[one] ?? 0));
  const list = reasons.map((reason) => [
    { text: says(`reason.${reason}`) },
    { text: number(period[reason] ?? 0), number: true },
    { text: number(Math.max(ever[reason] ?? 0, period[reason] ?? 0)), number: true },
  ]);
  if (list.length === 0) by("refusals").replaceChildren(element("caption", {}, says("refusals.none")));
  else fill(by("refusals"), [says("refusals.reason"), says("refusals.period"), says("refusals.ever")], list);
}

/** @param {string | null} next */
function rowTable(next) {
  // The customer's own id of the person, where the campaign records it.
  const named = rows.some(({ subject }) => subject !== undefined);
  const { form, optin, answers } = columnsOf(rows);
  const text = (/** @type {unknown} */ value) => (value === undefined ? "" : Array.isArray(value) ? value.join("; ") : String(value));
  const list = rows.map((row) => [
    { text: moment(row.at) },
    { text: says(`by.${row.technique}`) },
    ...(named ? [{ text: row.subject ?? "" }] : []),
    ...form.map((name) => ({ text: text(row.form[name]) })),
    ...optin.map((name) => ({ text: row.optin[name] ? says(row.optin[name].given ? "yes" : "no") : "" })),
    ...answers.map((name) => ({ text: text(row.answers[name]) })),
  ]);
  const titles = [says("rows.at"), says("rows.by"), ...(named ? [says("rows.subject")] : []), ...form, ...optin, ...answers];
  if (list.length === 0) by("rows").replaceChildren(element("caption", {}, says("rows.none")));
  else fill(by("rows"), titles, list);
  by("more").hidden = next === null;
}

/** Does it, and says when it did not work. @param {() => Promise<void>} work */
async function trying(work) {
  by("trouble").textContent = "";
  try {
    await work();
  } catch (fault) {
    by("trouble").textContent = fault instanceof TypeError ? says("lost") : fault instanceof Error ? fault.message : String(fault);
  }
}

/** The next page behind those that are shown. */
async function more() {
  if (!statistics?.next) return;
  const page = await (await read(`/${statistics.campaignId}`, { limit: String(PAGE), before: statistics.next })).json();
  statistics.next = page.next;
  rows = [...rows, ...page.rows];
  rowTable(page.next);
}

/** The whole export: fetched with the access token, which a plain link could not carry. */
async function download() {
  const { value } = select("campaign");
  const file = await (await read(`/${value}`, { format: "csv" })).blob();
  const link = /** @type {HTMLAnchorElement} */ (element("a", { href: URL.createObjectURL(file), download: `${account}-${value}.csv` }));
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

by("sign-in").addEventListener("submit", async (event) => {
  event.preventDefault();
  by("wrong").textContent = "";
  try {
    token = (await signIn(/** @type {HTMLFormElement} */ (by("sign-in")), "statistics")) ?? "";
    if (!token) throw new Error(says("signin.wrong"));
    campaigns = (await (await read("")).json()).campaigns;
    lang = languageOf(asked, navigator.languages, [...new Set(campaigns.flatMap(({ title, languages }) => (languages.length > 0 ? languages : Object.keys(title))))]);
    says = speaker(lang);
    speak();
    await load();
    by("sign-in").hidden = true;
    by("board").hidden = false;
    if (statistics) show(statistics);
    select("campaign").focus();
  } catch (fault) {
    by("wrong").textContent ||= fault instanceof TypeError ? says("lost") : fault instanceof Error ? fault.message : String(fault);
  }
});
for (const id of ["campaign", "period"]) by(id).addEventListener("change", () => void trying(load));
by("more").addEventListener("click", () => void trying(more));
by("csv").addEventListener("click", () => void trying(download));
by("language").addEventListener("change", () => {
  asked = lang = select("language").value;
  says = speaker(lang);
  speak();
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => statistics && show(statistics));
setInterval(() => token && rows.length <= PAGE && void trying(load), REFRESH_MS);
followWidth(() => (drawn ? [drawn] : []));
speak();
