// How far people came, for each way to sign in, and where those left who sent nothing.

import { html } from "../html.js";
import { say, sayOf } from "../words/speech.js";
import { Bars } from "./bars.js";

/** @param {{ statistics: import("./figures.js").Statistics }} properties */
export function Funnels({ statistics: { funnels, left } }) {
  const gone = Object.entries(left).filter(([, n]) => n > 0);
  return html`<section class="card stack">
    <h2>${say("funnel.title")}</h2>
    ${funnels.map(({ technique, steps }) => html`<div class="stack tight" key=${technique ?? "all"}>
      ${funnels.length > 1 && html`<h3>${sayOf("way", technique ?? "all")}</h3>`}
      <${Bars} bars=${steps.map(({ step, n }) => ({ name: step, says: sayOf("funnel", step), n }))} of=${steps[0]?.n} /></div>`)}
    ${gone.length > 0 && html`<div class="stack tight"><h2>${say("left.title")}</h2><${Bars} id="left" bars=${gone.map(([step, n]) => ({ name: step, says: sayOf("left", step), n }))} /></div>`}
  </section>`;
}
