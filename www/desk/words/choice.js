// The choice of the console's language.

import { html } from "../html.js";
import { LANGUAGES, language, say } from "./speech.js";

/** The name of a language in itself. @param {string} tag */
const nameOf = (tag) => new Intl.DisplayNames([tag], { type: "language" }).of(tag) ?? tag;

/** @param {{ onChoose: (lang: string) => void }} properties */
export function LanguageChoice({ onChoose }) {
  const choose = (/** @type {any} */ event) => onChoose(event.currentTarget.value);
  return html`<label class="language"><span class="unseen">${say("language.choose")}</span>
    <select onChange=${choose}>${Object.keys(LANGUAGES).map((tag) => html`<option key=${tag} value=${tag} lang=${tag} selected=${tag === language()}>${nameOf(tag)}</option>`)}</select></label>`;
}
