// The operators' page: signs in as a client of account `*`, reads /v1/overview and shows it. Read-only; the access
// token is kept in a variable of this page and nowhere else.

import { signIn } from "../board/access.js";
import { chart, followWidth } from "../board/chart.js";
import { by, fill } from "../board/table.js";
import { element } from "../shared/element.js";
import { durationsOf, funnels, lastHour, only, refusalsByCode } from "./figures.js";

/** @import uPlot from "../board/uplot.js" */
/** @import { Overview } from "./figures.js" */

const EMPTY = "Nothing in the last 24 hours.";
const REFRESH_MS = 30_000;

let token = "";
/** @type {Overview | undefined} */
let whole;
/** @type {uPlot[]} */
let charts = [];

async function load() {
  const answer = await fetch("/v1/overview", { headers: { authorization: `Bearer ${token}` } });
  if (answer.status === 401 || answer.status === 403) throw new Error("Sign in as a client of the operators.");
  if (!answer.ok) throw new Error(`The overview answered ${answer.status}.`);
  whole = await answer.json();
  show();
}

function show() {
  if (!whole) return;
  by("sign-in").hidden = true;
  by("board").hidden = false;
  by("filter").hidden = false;
  by("as-of").textContent = `as of ${new Date(whole.asOf).toLocaleTimeString()}, the last 24 hours`;
  choices(by("account"), ["", ...whole.accounts.map(({ account }) => account)], "all");
  const steps = [...new Set(whole.durations.map(({ step }) => step))].sort();
  choices(by("step"), steps.includes("admit") ? ["admit", ...steps.filter((step) => step !== "admit")] : steps, "");
  const shown = only(whole, /** @type {HTMLSelectElement} */ (by("account")).value);
  tiles(shown, whole);
  bars(shown);
  for (const chart of charts) chart.destroy();
  charts = [refusalChart(shown), durationChart(whole)].filter((chart) => chart !== undefined);
  accountTable(shown);
  warningTable(shown);
  keyTable(shown);
}

/** Keeps what is chosen. @param {HTMLElement} element @param {string[]} values @param {string} first */
function choices(element, values, first) {
  const select = /** @type {HTMLSelectElement} */ (element);
  const { value } = select;
  select.replaceChildren(...values.map((each) => new Option(each || first, each, false, each === value)));
}

const milliseconds = (/** @type {number | null} */ value) => (value === null ? "–" : `${Math.round(value)} ms`);

/** @param {Overview} shown @param {Overview} all */
function tiles(shown, all) {
  const { requests, recorded, refused, failed, p50, p95, wouldRefuse } = lastHour(shown, all);
  /** @type {[string, string, boolean][]} */
  const rows = [
    [String(requests), "requests in an hour", false],
    [String(recorded), "participations", false],
    [String(refused), "refused", false],
    [String(failed), "failed on our side", failed > 0],
    [milliseconds(p50), "admit and submit, p50", false],
    [milliseconds(p95), "p95", false],
    [String(wouldRefuse), "would be refused", false],
  ];
  by("tiles").replaceChildren(
    ...rows.map(([number, text, bad]) =>
      element("div", { class: bad ? "tile bad" : "tile" }, element("b", {}, number), element("span", {}, text)),
    ),
  );
}

/** @param {Overview} shown */
function bars(shown) {
  const list = funnels(shown).map(({ title, steps }) => {
    const most = Math.max(...steps.map(({ came }) => came), 1);
    const rows = steps.flatMap(({ step, came, through }) => {
      const fill = element("i");
      fill.style.width = `${(100 * through) / most}%`;
      const share = came === 0 ? "" : ` (${Math.round((100 * through) / came)} %)`;
      return [element("span", {}, step), element("div", { class: "bar" }, fill), element("span", { class: "share" }, `${through} of ${came}${share}`)];
    });
    return element("div", { class: "funnel" }, element("h3", {}, title), ...rows);
  });
  by("funnels").replaceChildren(...(list.length > 0 ? list : [element("p", {}, "Nobody has come yet.")]));
}

/** @param {Overview} shown */
function refusalChart(shown) {
  const { times, lines } = refusalsByCode(shown);
  return chart(by("refusals"), lines, times, { empty: EMPTY });
}

/** @param {Overview} all */
function durationChart(all) {
  const { times, p50, p95 } = durationsOf(all, /** @type {HTMLSelectElement} */ (by("step")).value);
  const lines = [
    { name: "p50", values: p50 },
    { name: "p95", values: p95 },
  ];
  return chart(by("durations"), lines, times, { unit: " ms", empty: EMPTY });
}

/** @param {Overview} shown */
function accountTable({ accounts, decisions, levels, wouldRefuse, warnings }) {
  const rows = accounts.map(({ account, version }) => {
    const own = decisions.filter((row) => row.account === account);
    const total = (/** @type {{ n: number }[]} */ list) => list.reduce((sum, { n }) => sum + n, 0);
    const level = (/** @type {string} */ name) => levels.find((row) => row.name === name && row.account === account);
    const [age, skew] = [level("jwks_age"), level("skew")];
    return [
      { text: account },
      { text: version === null ? "gone" : `v${version}`, bad: version === null },
      { text: String(total(own)), number: true },
      { text: String(total(own.filter(({ outcome }) => outcome === "refused"))), number: true },
      { text: String(total(wouldRefuse.filter((row) => row.account === account))), number: true },
      { text: age ? span(age.value) : "–", bad: age !== undefined && age.value > 3600, number: true },
      // Tokens are signed before they come, so the newest of them shows the clock: it should be a little behind.
      { text: skew ? `${skew.high > 0 ? "+" : ""}${skew.high} s` : "–", bad: warnings.some((warning) => warning.account === account && warning.code === "clock_ahead"), number: true },
    ];
  });
  fill(by("accounts"), ["Account", "Document", "Requests", "Refused", "Would refuse", "Age of keys", "Clock"], rows);
}

/** @param {Overview} shown */
function warningTable({ warnings }) {
  by("no-warnings").hidden = warnings.length > 0;
  const rows = warnings.map(({ account, code, says, at, got, since }) => [
    { text: account },
    { text: code, bad: true },
    { text: [says, got].filter(Boolean).join(" ") },
    { text: at },
    { text: new Date(since).toLocaleDateString() },
  ]);
  fill(by("warnings"), warnings.length > 0 ? ["Account", "Code", "What", "Where", "Since"] : [], rows);
}

/** @param {Overview} shown */
function keyTable({ accounts, asOf, warnings }) {
  const now = Date.parse(asOf);
  const rows = accounts.flatMap(({ account, keys }) =>
    keys.map(({ use, name, method, alg, status, since, until }) => [
      { text: account },
      { text: use },
      { text: name },
      { text: alg ?? method ?? "–" },
      { text: status, bad: status === "revoked" },
      { text: since ? `${span((now - Date.parse(since)) / 1000)} ago` : "–" },
      { text: until ? `in ${span((Date.parse(until) - now) / 1000)}` : "–", bad: until !== undefined && warnings.some((warning) => warning.account === account && warning.code === "certificate_ends") },
    ]),
  );
  fill(by("keys"), ["Account", "For", "Key", "Algorithm", "Status", "Secret written", "Certificate ends"], rows);
}

/** A time in words, seconds. @param {number} seconds */
function span(seconds) {
  for (const [size, unit] of /** @type {[number, string][]} */ ([[86_400, "days"], [3600, "h"], [60, "min"]])) {
    if (Math.abs(seconds) >= 2 * size) return `${Math.floor(seconds / size)} ${unit}`;
  }
  return `${Math.floor(seconds)} s`;
}

by("sign-in").addEventListener("submit", async (event) => {
  event.preventDefault();
  by("wrong").textContent = "";
  try {
    // With every scope of the operator: an invitation takes those of its role.
    const given = await signIn(/** @type {HTMLFormElement} */ (event.currentTarget ?? event.target), "");
    if (!given) throw new Error("This client is not known here, or the secret is another one.");
    token = given;
    await load();
    setInterval(() => void load().catch(() => (by("as-of").textContent = "The connection is lost; these figures are out of date.")), REFRESH_MS);
  } catch (fault) {
    by("wrong").textContent = fault instanceof Error ? fault.message : String(fault);
  }
});
by("invite").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = /** @type {HTMLFormElement} */ (by("invite"));
  const { account, name } = Object.fromEntries([...new FormData(form)].map(([key, value]) => [key, String(value).trim()]));
  for (const id of ["invited", "uninvited"]) by(id).textContent = "";
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const request = { method: "POST", headers, body: JSON.stringify({ role: "owner", name }) };
  const answer = await fetch(`/v1/accounts/${account}/invitations`, request).catch(() => undefined);
  const { code, detail = "The service could not be reached. Nothing is lost; try again.", link } = (await answer?.json().catch(() => undefined)) ?? {};
  if (!link) return by("uninvited").replaceChildren(detail, ...(code ? [" ", element("a", { href: `/codes/#${code}` }, code)] : []));
  by("invited").textContent = link;
  form.reset();
});
for (const id of ["account", "step"]) by(id).addEventListener("change", show);
// The canvas has its colours from the moment when it was drawn.
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
followWidth(() => charts);
