// The campaigns of the account: how one is shown, and which of them use a way to sign in.

import { html } from "./html.js";
import { inLanguage, say } from "./words/speech.js";

/** How a campaign is shown: its id and its title. @param {string} id @param {{ title?: Record<string, string> }} campaign */
export const labelOf = (id, { title }) => `${id}${title ? ` · ${inLanguage(title)}` : ""}`;

/** @param {{ document: import("./document.js").Document, chosen: string[], onChange: (chosen: string[]) => void }} properties */
export function Campaigns({ document, chosen, onChange }) {
  const all = Object.entries(document.campaigns ?? {});
  return html`<fieldset><legend>${say("campaigns.legend")}</legend>
    ${all.length === 0 && html`<p class="note">${say("campaigns.none")}</p>`}
    ${all.map(([id, campaign]) => html`<label class="choice" key=${id}><input type="checkbox" checked=${chosen.includes(id)} onChange=${() => onChange(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id])} /><span>${labelOf(id, campaign)}</span></label>`)}
  </fieldset>`;
}
