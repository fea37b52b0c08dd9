// The campaigns of the account that use a way to sign in.

import { html } from "./html.js";

/** @param {{ document: import("./document.js").Document, chosen: string[], onChange: (chosen: string[]) => void }} properties */
export function Campaigns({ document, chosen, onChange }) {
  const all = Object.entries(document.campaigns ?? {});
  return html`<fieldset><legend>Campaigns that use it</legend>
    ${all.length === 0 && html`<p class="note">The account has no campaign yet.</p>`}
    ${all.map(([id, { title }]) => html`<label class="choice" key=${id}><input type="checkbox" checked=${chosen.includes(id)} onChange=${() => onChange(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id])} /><span>${id}${title ? ` · ${title.en ?? Object.values(title)[0]}` : ""}</span></label>`)}
  </fieldset>`;
}
