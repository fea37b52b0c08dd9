// Refusals: the one whose reference a participant reads out, and all of the last three days by code, over time, with how often each
// cause came.

import { account, call } from "./api.js";
import { html, useEffect, useState } from "./html.js";
import { Code, Field, Trouble, moment, useWork } from "./pieces.js";

/** @typedef {{ ref: string, campaignId: string, code: string, says: string, how: string, fix: string, shown: string, stage: string, at: string, detail: { at?: string, expected?: string, got?: string, kid?: string, alg?: string } }} Report */
/** @typedef {{ code: string, at: string, n: number }} Count */

/** @type {Record<string, string>} */
const OWNERS = { issuer: "The team that creates the token, or the identity provider", settings: "The team that maintains the settings", service: "The team that runs this service", participant: "The participant" };
const HOUR_MS = 3_600_000;
/** Three days, in parts of three hours. */
const PARTS = 24;
const PART_MS = 3 * HOUR_MS;
const [WIDTH, HEIGHT] = [6, 28];

export function Refusals() {
  const [ref, setRef] = useState("");
  const [report, setReport] = useState(/** @type {Report | undefined} */ (undefined));
  const [all, setAll] = useState(/** @type {{ refusals: Report[], counts: Count[] } | undefined} */ (undefined));
  const { busy, fault, run } = useWork();
  const look = (/** @type {string} */ which) => run(async () => {
    setReport(undefined);
    setReport(await call("GET", `/v1/refusals/${encodeURIComponent(which.trim())}?account=${account}`));
  });
  const load = async () => setAll(await call("GET", `/v1/refusals?account=${account}`));
  useEffect(() => void run(load), []);

  return html`<section class="stack">
    <form class="card stack" onSubmit=${(/** @type {Event} */ event) => { event.preventDefault(); void look(ref); }}>
      <h2>Look up a reference</h2>
      <${Field} label="Reference" value=${ref} onInput=${setRef} required placeholder="7K3M9QXZ" note="The eight letters and digits that the participant sees. Dashes, lower case, O for 0 and I for 1 do not matter." />
      <div class="row"><button class="primary" disabled=${busy || ref.trim() === ""}>Look up</button></div>
      <${Trouble} fault=${fault} />
      ${report && html`<${OneReport} report=${report} />`}
    </form>
    ${all && html`<${ByCode} all=${all} onAgain=${() => run(load)} look=${(/** @type {string} */ which) => { setRef(which); void look(which); }} />`}
  </section>`;
}

/** @param {{ report: Report }} properties */
function OneReport({ report }) {
  const { code, says, how, fix, shown, at, campaignId, stage, detail } = report;
  const rows = [["The participant saw", shown], ["What happened", says], ["Where", [campaignId && `campaign ${campaignId}`, stage, detail.at].filter(Boolean).join(" · ")], ["Expected", detail.expected], ["Got", detail.got], ["Key", [detail.kid, detail.alg].filter(Boolean).join(", ")], ["Who fixes it", OWNERS[fix] ?? fix], ["How", how], ["When", moment(at)]];
  return html`<div class="notice warn" role="status"><h3>${report.ref} · <${Code} code=${code} /></h3>
    <dl class="facts">${rows.filter(([, value]) => value).map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl></div>`;
}

/** The causes of a code, each once with how often it came. @param {Report[]} reports newest first @returns {{ report: Report, n: number }[]} most frequent first */
function causesOf(reports) {
  const causes = new Map();
  for (const report of reports) {
    const { campaignId, stage, detail: { at, expected, got } } = report;
    const key = JSON.stringify([campaignId, stage, at, expected, got]);
    const known = causes.get(key);
    if (known) known.n += 1;
    else causes.set(key, { report, n: 1 });
  }
  return [...causes.values()].sort((one, other) => other.n - one.n);
}

/** @param {{ all: { refusals: Report[], counts: Count[] }, look: (ref: string) => void, onAgain: () => void }} properties */
function ByCode({ all: { refusals, counts }, look, onAgain }) {
  const total = (/** @type {string} */ code) => counts.reduce((n, count) => n + (count.code === code ? count.n : 0), 0);
  const codes = [...new Set([...counts, ...refusals].map(({ code }) => code))]
    .map((code) => ({ code, n: total(code), causes: causesOf(refusals.filter((report) => report.code === code)) }))
    .sort((one, other) => other.n - one.n);
  return html`<div class="card stack"><div class="head"><h2>Refusals of the last three days</h2><button type="button" class="quiet" onClick=${onAgain}>Look again</button></div>
    ${codes.length === 0 ? html`<p class="soft">Nobody was refused.</p>` : html`<div class="scroll" tabindex="0" role="group" aria-label="Refusals by code"><table class="list cards">
      <thead><tr><th scope="col">Code</th><th scope="col">Over three days</th><th scope="col">Same cause, latest reference</th><th scope="col">Who fixes it</th></tr></thead>
      <tbody>${codes.map(({ code, n, causes }) => html`<tr key=${code}><td><${Code} code=${code} /><br /><span class="note">${causes[0]?.report.says}</span></td>
        <td><${Bars} code=${code} counts=${counts} /><br /><span class="note">${n === 1 ? "once" : `${n} times`}</span></td>
        <td>${causes.map(({ report: { ref, at, campaignId, detail }, n: same }) => html`<p key=${ref}><b>× ${same}</b> <button type="button" class="quiet" onClick=${() => look(ref)}>${ref}</button> <span class="note">${[campaignId && `campaign ${campaignId}`, detail.at, moment(at)].filter(Boolean).join(" · ")}</span></p>`)}</td>
        <td>${causes[0] ? (OWNERS[causes[0].report.fix] ?? causes[0].report.fix) : ""}</td></tr>`)}</tbody></table></div>
      <p class="note">Bars are three hours each, newest on the right, and count every refusal. Of the reports the hundred newest are here, of each code and campaign some; they are kept for 72 hours.</p>`}
  </div>`;
}

/** How often a code came, over time. @param {{ code: string, counts: Count[] }} properties */
function Bars({ code, counts }) {
  const end = Math.ceil(Date.now() / PART_MS) * PART_MS;
  const parts = Array.from({ length: PARTS }, (_, index) => {
    const from = end - (PARTS - index) * PART_MS;
    return { from, n: counts.reduce((n, count) => n + (count.code === code && Date.parse(count.at) >= from && Date.parse(count.at) < from + PART_MS ? count.n : 0), 0) };
  });
  const most = Math.max(...parts.map(({ n }) => n), 1);
  const says = parts.filter(({ n }) => n > 0).map(({ from, n }) => `${n} from ${moment(new Date(from).toISOString())}`).join(", ");
  return html`<svg class="bars" role="img" aria-label=${says || "none"} width=${PARTS * WIDTH} height=${HEIGHT} viewBox=${`0 0 ${PARTS * WIDTH} ${HEIGHT}`}>
    ${parts.map(({ n }, index) => html`<rect x=${index * WIDTH} width=${WIDTH - 1} y=${n > 0 ? HEIGHT - Math.max(2, (HEIGHT * n) / most) : HEIGHT - 1} height=${n > 0 ? Math.max(2, (HEIGHT * n) / most) : 1} class=${n > 0 ? "some" : ""} />`)}</svg>`;
}
