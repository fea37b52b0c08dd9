// The reasons for which people were refused, in this period and since the start.

import { html } from "../html.js";
import { number, say, sayOf } from "../words/speech.js";

/** @param {{ period: Record<string, number>, ever: Record<string, number> }} properties by reason */
export function RefusalTable({ period, ever }) {
  const reasons = [...new Set([...Object.keys(period), ...Object.keys(ever)])].sort((one, other) => (period[other] ?? 0) - (period[one] ?? 0));
  return html`<section class="card stack">
    <h2>${say("refusals.title")}</h2>
    ${reasons.length === 0 ? html`<p class="soft">${say("refusals.none")}</p>` : html`<div class="scroll" tabindex="0" role="group" aria-label=${say("refusals.title")}><table class="list" id="refusals">
      <thead><tr><th scope="col">${say("refusals.reason")}</th><th scope="col" class="number">${say("refusals.period")}</th><th scope="col" class="number">${say("refusals.ever")}</th></tr></thead>
      <tbody>${reasons.map((reason) => html`<tr key=${reason}><td>${sayOf("reason", reason)}</td><td class="number">${number(period[reason] ?? 0)}</td><td class="number">${number(Math.max(ever[reason] ?? 0, period[reason] ?? 0))}</td></tr>`)}</tbody></table></div>`}
  </section>`;
}
