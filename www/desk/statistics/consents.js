// How often each consent was given, under each wording that was shown.

import { html } from "../html.js";
import { number, percent, say, sayOf } from "../words/speech.js";

/** @param {{ statistics: import("./figures.js").Statistics }} properties */
export function Consents({ statistics: { optins } }) {
  const rows = Object.entries(optins).flatMap(([name, wordings]) => wordings.map((row) => ({ name, ...row })));
  return html`<section class="card stack" id="consents">
    <div><h2>${say("optins.title")}</h2><p class="note">${say("answers.note")}</p></div>
    ${rows.length === 0 ? html`<p class="soft">${say("optins.none")}</p>` : html`<div class="scroll" tabindex="0" role="group" aria-label=${say("optins.title")}><table class="list cards">
      <thead><tr><th scope="col">${say("optins.wording")}</th>${["given", "withheld", "share"].map((column) => html`<th scope="col" class="number">${sayOf("optins", column)}</th>`)}</tr></thead>
      <tbody>${rows.map(({ name, wording, given, withheld }) => html`<tr key=${`${name} ${wording}`}><td class="wording">${wording}<br /><code class="note">${name}</code></td>${[["given", number(given)], ["withheld", number(withheld)], ["share", percent(given / Math.max(1, given + withheld))]].map(([column, text]) => html`<td class="number" data-label=${sayOf("optins", String(column))}>${text}</td>`)}</tr>`)}</tbody></table></div>`}
  </section>`;
}
