// The operators' page: signs in as a client of account `*`, reads /v1/overview and shows it. Read-only; the access
// token is kept in a variable of this page and nowhere else.

import uPlot from "./uplot.js";
import { durationsOf, funnels, lastHour, only, refusalsByCode } from "./figures.js";

/** @import { Overview } from "./figures.js" */

const COLOURS = ["#0b6e63", "#c2410c", "#6d28d9", "#0369a1", "#be123c", "#a16207", "#64748b"];
const REFRESH_MS = 30_000;

/** @template {HTMLElement} E @param {string} id @returns {E} */
const by = (id) => /** @type {E} */ (document.getElementById(id));

let token = "";
/** @type {Overview | undefined} */
let whole;
/** @type {uPlot[]} */
let charts = [];

/** @param {HTMLFormElement} form */
async function signIn(form) {
  const data = new FormData(form);
  const pair = [data.get("client"), data.get("secret")].map((part) => encodeURIComponent(String(part))).join(":");
  const answer = await fetch("/v1/auth/token", {
    method: "POST",
    // Else the browser asks for name and password itself when they are wrong.
    credentials: "omit",
    headers: { authorization: `Basic ${btoa(pair)}` },
    body: new URLSearchParams({ grant_type: "client_credentials", scope: "statistics" }),
  });
  if (!answer.ok) throw new Error("This client is not known here, or the secret is another one.");
  token = (await answer.json()).access_token;
  form.reset();
}

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
  keyTable(shown);
}

/** Keeps what is chosen. @param {HTMLElement} element @param {string[]} values @param {string} first */
function choices(element, values, first) {
  const select = /** @type {HTMLSelectElement} */ (element);
  const { value } = select;
  select.replaceChildren(...values.map((each) => new Option(each || first, each, false, each === value)));
}

/**
 * @param {string} name
 * @param {Record<string, string>} [attributes]
 * @param {...(Node | string)} children
 */
function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
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

/**
 * @param {HTMLElement} place
 * @param {{ name: string, values: (number | null)[] }[]} lines
 * @param {number[]} times
 * @param {string} unit
 */
function chart(place, lines, times, unit) {
  place.replaceChildren();
  if (lines.every(({ values }) => values.every((value) => !value))) {
    place.append(element("p", {}, "Nothing in the last 24 hours."));
    return undefined;
  }
  const styles = getComputedStyle(document.documentElement);
  const [dim, grid] = ["--dim", "--line"].map((name) => {
    const probe = element("i");
    probe.style.color = styles.getPropertyValue(name);
    place.append(probe);
    const colour = getComputedStyle(probe).color;
    probe.remove();
    return colour;
  });
  const axis = { stroke: dim, grid: { stroke: grid, width: 1 }, ticks: { stroke: grid } };
  const value = (/** @type {uPlot} */ _chart, /** @type {number | null} */ number) => (number === null ? "–" : `${Math.round(number)}${unit}`);
  return new uPlot(
    {
      width: place.clientWidth,
      height: 200,
      series: [
        { label: "Time" },
        ...lines.map(({ name }, index) => ({
          label: name,
          stroke: COLOURS[index % COLOURS.length],
          width: 2,
          value,
          points: { show: lines[index].values.filter((each) => each !== null).length < 3 },
        })),
      ],
      axes: [axis, { ...axis, size: 60, values: (_chart, numbers) => numbers.map((number) => `${number}${unit}`) }],
      scales: { y: { range: (_chart, _low, high) => [0, Math.max(high, 1)] } },
    },
    [times, ...lines.map(({ values }) => values)],
    place,
  );
}

/** @param {Overview} shown */
function refusalChart(shown) {
  const { times, lines } = refusalsByCode(shown);
  return chart(by("refusals"), lines, times, "");
}

/** @param {Overview} all */
function durationChart(all) {
  const { times, p50, p95 } = durationsOf(all, /** @type {HTMLSelectElement} */ (by("step")).value);
  const lines = [
    { name: "p50", values: p50 },
    { name: "p95", values: p95 },
  ];
  return chart(by("durations"), lines, times, " ms");
}

/** @param {HTMLElement} table @param {string[]} titles @param {{ text: string, bad?: boolean, number?: boolean }[][]} rows */
function fill(table, titles, rows) {
  const cell = (/** @type {{ text: string, bad?: boolean, number?: boolean }} */ { text, bad, number }) =>
    element("td", { class: [bad && "bad", number && "number"].filter(Boolean).join(" ") }, text);
  table.replaceChildren(
    element("thead", {}, element("tr", {}, ...titles.map((title, index) => element("th", { scope: "col", class: rows[0]?.[index]?.number ? "number" : "" }, title)))),
    element("tbody", {}, ...rows.map((row) => element("tr", {}, ...row.map(cell)))),
  );
}

/** @param {Overview} shown */
function accountTable({ accounts, decisions, levels, wouldRefuse }) {
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
      { text: skew ? `${skew.high > 0 ? "+" : ""}${skew.high} s` : "–", bad: skew !== undefined && (skew.high > 5 || skew.high < -300), number: true },
    ];
  });
  fill(by("accounts"), ["Account", "Document", "Requests", "Refused", "Would refuse", "Age of keys", "Clock"], rows);
}

/** @param {Overview} shown */
function keyTable({ accounts, asOf }) {
  const now = Date.parse(asOf);
  const rows = accounts.flatMap(({ account, keys }) =>
    keys.map(({ use, name, method, alg, status, since, until }) => [
      { text: account },
      { text: use },
      { text: name },
      { text: alg ?? method ?? "–" },
      { text: status, bad: status === "revoked" },
      { text: since ? `${span((now - Date.parse(since)) / 1000)} ago` : "–" },
      { text: until ? `in ${span((Date.parse(until) - now) / 1000)}` : "–", bad: until !== undefined && Date.parse(until) - now < 14 * 86_400_000 },
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
    await signIn(/** @type {HTMLFormElement} */ (event.currentTarget ?? event.target));
    await load();
    setInterval(() => void load().catch(() => (by("as-of").textContent = "The connection is lost; what is shown is old.")), REFRESH_MS);
  } catch (fault) {
    by("wrong").textContent = fault instanceof Error ? fault.message : String(fault);
  }
});
for (const id of ["account", "step"]) by(id).addEventListener("change", show);
addEventListener("resize", () => charts.forEach((each) => each.setSize({ width: each.root.parentElement?.clientWidth ?? 600, height: 200 })));
