// Refusals: the one whose reference a participant reads out, and all of the last three days by code, with how often each came.

import { account, call } from "./api.js";
import { html, useEffect, useState } from "./html.js";
import { Field, Trouble, moment, useWork } from "./pieces.js";

/** @typedef {{ ref: string, campaignId: string, code: string, says: string, how: string, fix: string, shown: string, stage: string, at: string, detail?: { at?: string, expected?: string, got?: string } }} Report */

/** @type {Record<string, string>} */
const OWNERS = { issuer: "The team that creates the token, or the identity provider", settings: "The team that maintains the settings", service: "The team that runs this service", participant: "The participant" };

export function Refusals() {
  const [ref, setRef] = useState("");
  const [report, setReport] = useState(/** @type {Report | undefined} */ (undefined));
  const [all, setAll] = useState(/** @type {Report[] | undefined} */ (undefined));
  const { busy, fault, run } = useWork();
  const look = (/** @type {string} */ which) => run(async () => {
    setReport(undefined);
    setReport(await call("GET", `/v1/refusals/${encodeURIComponent(which.trim())}?account=${account}`));
  });
  useEffect(() => void run(async () => setAll((await call("GET", `/v1/refusals?account=${account}`)).refusals)), []);

  return html`<section class="stack">
    <form class="card stack" onSubmit=${(/** @type {Event} */ event) => { event.preventDefault(); void look(ref); }}>
      <h2>Look up a reference</h2>
      <${Field} label="Reference" value=${ref} onInput=${setRef} required placeholder="7K3M9QXZ" note="The eight letters and digits that the participant sees. Dashes, lower case, O for 0 and I for 1 do not matter." />
      <div class="row"><button class="primary" disabled=${busy || ref.trim() === ""}>Look up</button></div>
      <${Trouble} fault=${fault} />
      ${report && html`<${OneReport} report=${report} />`}
    </form>
    ${all && html`<${ByCode} all=${all} look=${(/** @type {string} */ which) => { setRef(which); void look(which); }} />`}
  </section>`;
}

/** @param {{ report: Report }} properties */
function OneReport({ report }) {
  const { code, says, how, fix, shown, at, campaignId, stage, detail = {} } = report;
  const rows = [["The participant saw", shown], ["What happened", says], ["Where", [`campaign ${campaignId}`, stage, detail.at].filter(Boolean).join(" · ")], ["Expected", detail.expected], ["Got", detail.got], ["Who fixes it", OWNERS[fix] ?? fix], ["How", how], ["When", moment(at)]];
  return html`<div class="notice warn" role="status"><h3>${report.ref} · <a href=${`/codes/#${code}`} target="_blank" rel="noreferrer"><code>${code}</code></a></h3>
    ${rows.filter(([, value]) => value).map(([name, value]) => html`<p><b>${name}:</b> ${value}</p>`)}</div>`;
}

/** @param {{ all: Report[], look: (ref: string) => void }} properties */
function ByCode({ all, look }) {
  const codes = [...new Set(all.map(({ code }) => code))]
    .map((code) => /** @type {[string, Report[]]} */ ([code, all.filter((report) => report.code === code)]))
    .sort(([, one], [, other]) => other.length - one.length);
  return html`<div class="card"><h2>Refusals of the last three days</h2>
    ${codes.length === 0 ? html`<p class="soft">Nobody was refused.</p>` : html`<div class="scroll" tabindex="0" role="group" aria-label="Refusals by code"><table class="list">
      <thead><tr><th scope="col">Code</th><th scope="col">Same cause</th><th scope="col">Who fixes it</th><th scope="col">Latest</th></tr></thead>
      <tbody>${codes.map(([code, those]) => html`<tr key=${code}><td><a href=${`/codes/#${code}`} target="_blank" rel="noreferrer"><code>${code}</code></a><br /><span class="note">${those[0].says}</span></td><td>× ${those.length}</td><td>${OWNERS[those[0].fix] ?? those[0].fix}</td>
        <td><button type="button" class="quiet" onClick=${() => look(those[0].ref)}>${those[0].ref}</button><br /><span class="note">${moment(those[0].at)}</span></td></tr>`)}</tbody></table></div>
      <p class="note">The latest hundred; refusals are kept for 72 hours.</p>`}
  </div>`;
}
