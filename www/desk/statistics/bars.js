// Numbers as bars, each as long as its share of the longest.

import { html } from "../html.js";
import { number, percent } from "../words/speech.js";

/** @typedef {{ name: string, says: unknown, n: number, isMarked?: boolean }} Bar */

/** @param {{ id?: string, bars: Bar[], of?: number }} properties of: the number that shares are of; none are said without */
export function Bars({ id, bars, of }) {
  const most = Math.max(...bars.map(({ n }) => n), 1);
  return html`<div class="bars" id=${id}>${bars.map(({ name, says, n, isMarked }) => html`<div class="one" key=${name}><span class="says">${says}</span>
    <div class="bar ${isMarked ? "marked" : ""}" aria-hidden="true"><i style=${{ width: `${(100 * n) / most}%` }}></i></div>
    <span class="n">${number(n)}</span><span class="n soft">${of ? percent(n / of) : ""}</span></div>`)}</div>`;
}
