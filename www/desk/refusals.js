// Refusals: the one whose reference a participant reads out, and all of the last three days by code, over time, with how often each
// cause came.

import { Refused, account, call } from "./api.js";
import { builtIn } from "./campaigns/built_in.js";
import { html, useState } from "./html.js";
import { Code, Field, Loaded, Trouble, moment, useWork } from "./pieces.js";
import { language, listed, say, sayOf } from "./words/speech.js";

/** @typedef {{ ref: string, campaignId: string, code: string, says: string, how: string, fix: string, reason: string, shown: string, stage: string, at: string, detail: { at?: string, expected?: string, got?: string, kid?: string, alg?: string } }} Report */
/** @typedef {{ code: string, at: string, n: number }} Count */
/** @typedef {{ refusals: Report[], counts: Count[] }} All */

/** What a reference looks like. */
const SOME_REF = "7K3M9QXZ";
const HOUR_MS = 3_600_000;
/** Three days, in parts of three hours. */
const PARTS = 24;
const PART_MS = 3 * HOUR_MS;
const [WIDTH, HEIGHT] = [6, 28];

export function Refusals() {
  const [ref, setRef] = useState("");
  const [report, setReport] = useState(/** @type {Report | undefined} */ (undefined));
  const { busy, fault, run } = useWork();
  const look = (/** @type {string} */ which) => run(async () => {
    setReport(undefined);
    setReport(await call("GET", `/v1/refusals/${which.replaceAll(/[^\w-]/g, "")}?account=${account}`));
  });
  const isUnknown = fault instanceof Refused && fault.code === "not_found";

  return html`<section class="stack">
    <form class="card stack" onSubmit=${(/** @type {Event} */ event) => { event.preventDefault(); void look(ref); }}>
      <h2>${say("refused.title")}</h2>
      <${Field} label=${say("refused.ref")} value=${ref} onInput=${setRef} required placeholder=${SOME_REF} note=${say("refused.ref.note")} fault=${isUnknown && say("refused.unknown")} />
      <div class="row"><button class="primary" disabled=${busy || ref.trim() === ""}>${say("refused.look")}</button></div>
      <${Trouble} fault=${!isUnknown && fault} />
      ${report && html`<${OneReport} report=${report} />`}
    </form>
    <${Loaded} load=${() => call("GET", `/v1/refusals?account=${account}`)} show=${(/** @type {All} */ all, /** @type {() => Promise<void>} */ again) => html`<${ByCode} all=${all} onAgain=${again} look=${(/** @type {string} */ which) => { setRef(which); void look(which); }} />`} />
  </section>`;
}

/** The catalogue's own sentence, which is English in every language. @param {string} text */
const ofCatalogue = (text) => html`<span lang="en">${text}</span>`;

/** @param {{ report: Report }} properties */
function OneReport({ report: { ref, code, says, how, fix, reason, shown, at, campaignId, stage, detail } }) {
  const rows = [
    ["shown", builtIn(language())[`sorry.${reason}`] ?? shown],
    ["says", ofCatalogue(says)],
    ["where", [campaignId && say("refused.campaign", { id: campaignId }), stage, detail.at].filter(Boolean).join(" · ")],
    ["expected", detail.expected && ofCatalogue(detail.expected)],
    ["got", detail.got && ofCatalogue(detail.got)],
    ["key", [detail.kid, detail.alg].filter(Boolean).join(", ")],
    ["fix", sayOf("fixes", fix)],
    ["how", ofCatalogue(how)],
    ["when", moment(at)],
  ];
  return html`<div class="notice warn" role="status"><h3>${ref} · <${Code} code=${code} /></h3>
    <dl class="facts">${rows.filter(([, value]) => value).map(([name, value]) => html`<dt>${sayOf("refused.fact", String(name))}</dt><dd>${value}</dd>`)}</dl></div>`;
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

/** @param {{ all: All, look: (ref: string) => void, onAgain: () => void }} properties */
function ByCode({ all: { refusals, counts }, look, onAgain }) {
  const total = (/** @type {string} */ code) => counts.reduce((n, count) => n + (count.code === code ? count.n : 0), 0);
  const codes = [...new Set([...counts, ...refusals].map(({ code }) => code))]
    .map((code) => ({ code, n: total(code), causes: causesOf(refusals.filter((report) => report.code === code)) }))
    .sort((one, other) => other.n - one.n);
  return html`<div class="card stack"><div class="head"><h2>${say("refused.all")}</h2><button type="button" class="quiet" onClick=${onAgain}>${say("refused.again")}</button></div>
    ${codes.length === 0 ? html`<p class="soft">${say("refused.none")}</p>` : html`<div class="scroll" tabindex="0" role="group" aria-label=${say("refused.by_code")}><table class="list cards">
      <thead><tr>${["code", "time", "cause", "fix"].map((name) => html`<th scope="col">${sayOf("refused.column", name)}</th>`)}</tr></thead>
      <tbody>${codes.map(({ code, n, causes }) => html`<tr key=${code}><td><${Code} code=${code} /><br /><span class="note" lang="en">${causes[0]?.report.says}</span></td>
        <td><${Bars} code=${code} counts=${counts} /><br /><span class="note">${say("refused.times", { n })}</span></td>
        <td>${causes.map(({ report: { ref, at, campaignId, detail }, n: same }) => html`<p key=${ref}><b>× ${same}</b> <button type="button" class="quiet" onClick=${() => look(ref)}>${ref}</button> <span class="note">${[campaignId && say("refused.campaign", { id: campaignId }), detail.at, moment(at)].filter(Boolean).join(" · ")}</span></p>`)}</td>
        <td data-label=${sayOf("refused.column", "fix")}>${causes[0] && sayOf("fixes", causes[0].report.fix)}</td></tr>`)}</tbody></table></div>
      <p class="note">${say("refused.note")}</p>`}
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
  const says = listed(parts.filter(({ n }) => n > 0).map(({ from, n }) => say("refused.from", { n: String(n), time: moment(from) })));
  return html`<svg class="bars" role="img" aria-label=${says || say("refused.times", { n: 0 })} width=${PARTS * WIDTH} height=${HEIGHT} viewBox=${`0 0 ${PARTS * WIDTH} ${HEIGHT}`}>
    ${parts.map(({ n }, index) => html`<rect x=${index * WIDTH} width=${WIDTH - 1} y=${n > 0 ? HEIGHT - Math.max(2, (HEIGHT * n) / most) : HEIGHT - 1} height=${n > 0 ? Math.max(2, (HEIGHT * n) / most) : 1} class=${n > 0 ? "some" : ""} />`)}</svg>`;
}
