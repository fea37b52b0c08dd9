// The numbers at a glance, each beside the same one of the period before.

import { html } from "../html.js";
import { number, percent, say, sayOf } from "../words/speech.js";
import { inPeriod, sumOf } from "./figures.js";

/** Compares with the period before; nothing where nothing was counted in it. @param {number} n @param {number} [before] */
function against(n, before) {
  if (!before) return "";
  if (n === before) return say("tile.same");
  return say(n > before ? "tile.more" : "tile.less", { share: percent(Math.abs(n - before) / before) });
}

/** @param {{ statistics: import("./figures.js").Statistics, period: string }} properties */
export function Tiles({ statistics, period }) {
  const { participations, participants, previews, funnel: { opened, submitted }, series, before } = statistics;
  const refused = sumOf(inPeriod(series));
  const earlier = period === "life" ? null : before;
  /** @type {[number | string, string, string?][]} */
  const list = [
    [participations, "participations"],
    [participants, "participants"],
    ...(period === "life" ? [] : /** @type {[number, string, string][]} */ ([[submitted, "submitted", against(submitted, earlier?.submitted)]])),
    [opened, "opened", against(opened, earlier?.opened)],
    [opened > 0 ? percent(Math.min(1, submitted / opened)) : "–", "share"],
    [refused, "refused", against(refused, earlier?.refused)],
    [previews, "previews"],
  ];
  return html`<div class="tiles" id="tiles">${list.map(([n, name, note]) => html`<div class="card tile" key=${name}>
    <b>${typeof n === "number" ? number(n) : n}</b><span class="soft">${sayOf("tile", name, Number(n))}</span>${note && html`<span class="note">${note}</span>`}</div>`)}</div>`;
}
