// Places that two people changed at once: for each, one of the two is taken. Nothing is lost before.

import { html, useState } from "../html.js";
import { say, sayOr } from "../words/speech.js";
import { placeInWords, valueInWords } from "./changes.js";

/** @param {{ author?: { kind: string, name?: string } }} written */
export const nameOf = ({ author }) => author?.name ?? sayOr("by", author?.kind ?? "", say("by.somebody"));

/**
 * @param {{ clash: { author?: { kind: string, name?: string }, conflicts: import("./merge.js").Conflict[] }, states: any[], root?: import("./schema.js").Node, onSettle: (theirs: boolean[]) => void }} properties
 *   states: in which the names of places are looked for; onSettle: for each place, whether theirs is taken
 */
export function Clash({ clash, states, root, onSettle }) {
  const [theirs, setTheirs] = useState(clash.conflicts.map(() => false));
  const name = nameOf(clash);
  const settle = (/** @type {Event} */ event) => {
    event.preventDefault();
    onSettle(theirs);
  };
  return html`<div role="alertdialog" aria-label=${say("clash.title")}><form class="notice warn stack" onSubmit=${settle}>
    <p><b>${say("clash.title")}</b> ${say("clash.text", { name })}</p>
    ${clash.conflicts.map(({ path, mine, theirs: other }, place) => html`<fieldset key=${path.join("/")}><legend>${placeInWords(path, states, root)}</legend>
      ${[[false, say("clash.mine", { value: valueInWords(mine, path, root) })], [true, say("clash.theirs", { name, value: valueInWords(other, path, root) })]].map(([isTheirs, says]) => html`<label class="choice"><input type="radio" name=${`clash-${place}`} checked=${theirs[place] === isTheirs} onChange=${() => setTheirs(theirs.with(place, Boolean(isTheirs)))} /><span>${says}</span></label>`)}</fieldset>`)}
    <div class="row"><button class="primary">${say("clash.go")}</button></div>
  </form></div>`;
}
