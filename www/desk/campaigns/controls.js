// Controls for settings that a text would not do for: days and times, zones, languages, colours, pictures, ordered choices.

import { html, useState } from "../html.js";
import { number, say } from "../words/speech.js";
import { DARK_PAGE, LIGHT_PAGE, contrast } from "./contrast.js";

/** @typedef {import("./form.js").Form} Form */
/** @typedef {{ form: Form, at: import("./places.js").At, label: string, note: string, value: any, faults: any, languageName: (tag: string) => string, wordOf: (word: string) => string, words?: string[], standard?: any }} Properties */

/** @param {import("./places.js").At} at */
const idOf = (at) => `c_${at.join("_")}`;
/** @param {string} note */
const said = (note) => note && html`<span class="note">${note}</span>`;
/** What counts where nothing is said: the zone, and our own colours. */
const [ZONE, LIGHT, DARK] = ["UTC", "#1d2fdb", "#a9b3ff"];
const PLAIN = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2})(?::00)?)?$/;

/** A day, and a time of the campaign's zone if it is to the minute. @param {Properties} properties */
export function Moment({ form, at, label, note, value = "", faults }) {
  const [, day = "", time = ""] = PLAIN.exec(value) ?? [];
  const put = (/** @type {string} */ onDay, /** @type {string} */ onTime) => form.set(at, onDay === "" ? undefined : onTime ? `${onDay}T${onTime}` : onDay);
  const id = idOf(at);
  // With seconds or an offset: it is left as it was written.
  if (value !== "" && day === "") return html`<div class="field"><label for=${id}><b>${label}</b></label><input id=${id} value=${value} onInput=${(/** @type {any} */ event) => form.set(at, event.currentTarget.value || undefined)} />${faults}${said(note)}</div>`;
  return html`<fieldset class="field"><legend>${label}</legend><div class="row nowrap">
    <input id=${id} type="date" aria-label=${say("edit.moment.day", { label })} value=${day} onInput=${(/** @type {any} */ event) => put(event.currentTarget.value, time)} />
    <input type="time" aria-label=${say("edit.moment.time", { label })} value=${time} disabled=${day === ""} onInput=${(/** @type {any} */ event) => put(day, event.currentTarget.value)} /></div>${faults}${said(note)}</fieldset>`;
}

/** @param {Properties} properties */
export function Zone({ form, at, label, note, value, faults }) {
  const id = idOf(at);
  return html`<div class="field"><label for=${id}><b>${label}</b></label><input id=${id} list="zones" autocomplete="off" placeholder=${ZONE} value=${value ?? ""} onInput=${(/** @type {any} */ event) => form.set(at, event.currentTarget.value || undefined)} />
    <datalist id="zones">${Intl.supportedValuesOf("timeZone").map((zone) => html`<option value=${zone} />`)}</datalist>${faults}${said(note)}</div>`;
}

/** Languages that a campaign is usually asked for first; any other is typed. */
const USUAL = ["en", "fr", "nl", "de", "es", "it", "pt", "pl", "da", "sv", "nb", "fi", "cs", "el", "ro", "hu", "tr", "ar", "he", "zh", "ja"];

/** @param {Properties} properties */
export function Languages({ form, at, label, note, faults, languageName }) {
  const { languages } = form;
  const put = (/** @type {string[]} */ chosen) => form.set(at, chosen);
  const others = USUAL.filter((lang) => !languages.includes(lang));
  return html`<fieldset class="field"><legend>${label}</legend>
    <ul class="chips">${languages.map((lang, place) => html`<li key=${lang}>${languageName(lang)}${place > 0 && html`<button type="button" class="quiet" aria-label=${say("edit.language.first", { language: languageName(lang) })} title=${say("edit.language.first", { language: languageName(lang) })} onClick=${() => put([lang, ...languages.filter((one) => one !== lang)])}>↑</button>`}
      ${languages.length > 1 && html`<button type="button" class="quiet" aria-label=${say("edit.drop", { title: languageName(lang) })} title=${say("edit.drop", { title: languageName(lang) })} onClick=${() => put(languages.filter((one) => one !== lang))}>✕</button>`}</li>`)}</ul>
    <${Added} label=${say("edit.language.add")} choices=${others.map((lang) => [lang, languageName(lang)])} onAdd=${(/** @type {string} */ lang) => put([...languages, lang])} />${faults}${said(note)}</fieldset>`;
}

/** One of several to add. @param {{ label: string, choices: [string, string][], onAdd: (one: string) => void }} properties */
function Added({ label, choices, onAdd }) {
  const [chosen, choose] = useState("");
  const one = choices.some(([name]) => name === chosen) ? chosen : (choices[0]?.[0] ?? "");
  return html`<div class="row"><label class="unseen" for="add-language">${label}</label><select id="add-language" value=${one} onChange=${(/** @type {any} */ event) => choose(event.currentTarget.value)}>${choices.map(([name, says]) => html`<option value=${name} selected=${name === one}>${says}</option>`)}</select><button type="button" onClick=${() => one && onAdd(one)}>${label}</button></div>`;
}

/** Several of some words; where their order counts, the first is preferred. @param {Properties} properties */
export function Ordered({ form, at, label, note, value, faults, wordOf, words = [], standard = [] }) {
  const chosen = /** @type {string[]} */ (Array.isArray(value) ? value : standard);
  const put = (/** @type {string[]} */ next) => form.set(at, next);
  const toggle = (/** @type {string} */ word) => put(chosen.includes(word) ? chosen.filter((one) => one !== word) : [...chosen, word]);
  const isRanked = at[0] === "signIn";
  const order = isRanked ? [...chosen.filter((word) => words.includes(word)), ...words.filter((word) => !chosen.includes(word))] : words;
  return html`<fieldset class="field"><legend>${label}</legend>${order.map((word, place) => html`<div class="row nowrap" key=${word}><label class="choice"><input type="checkbox" checked=${chosen.includes(word)} onChange=${() => toggle(word)} /><span>${wordOf(word)}</span></label>
    ${isRanked && place > 0 && chosen.includes(word) && html`<button type="button" class="quiet" aria-label=${say("edit.up", { title: wordOf(word) })} title=${say("edit.up", { title: wordOf(word) })} onClick=${() => put([word, ...chosen.filter((one) => one !== word)])}>↑</button>`}</div>`)}${faults}${said(note)}</fieldset>`;
}

/** A colour, how it looks where it stands, on the light page or on the dark one, and its contrast; the service says whether that is enough. @param {Properties} properties */
export function Colour({ form, at, label, note, value, faults }) {
  const id = idOf(at);
  const isDark = at.at(-1) === "darkColor";
  const put = (/** @type {any} */ event) => form.set(at, event.currentTarget.value || undefined);
  const isColour = /^#[0-9a-f]{6}$/i.test(value ?? "");
  const isFine = isColour && !form.faults.some(({ path }) => path === `/${at.join("/")}`);
  return html`<div class="field"><label for=${id}><b>${label}</b></label>
    <div class="row nowrap"><input type="color" aria-label=${say("edit.colour.pick", { label })} value=${isColour ? value : isDark ? DARK : LIGHT} onInput=${put} /><input id=${id} autocomplete="off" placeholder=${isDark ? DARK : LIGHT} value=${value ?? ""} onInput=${put} /></div>
    ${isColour && html`<svg class=${isDark ? "swatch dark" : "swatch"} viewBox="0 0 120 28" role="img" aria-label=${say("edit.colour.sample")}><text x="8" y="19" fill=${value}>${say("edit.colour.text")}</text></svg>`}
    ${isFine && html`<span class="note">${say(isDark ? "edit.colour.dark" : "edit.colour.light", { ratio: number(contrast(value, isDark ? DARK_PAGE : LIGHT_PAGE), { maximumFractionDigits: 2 }) })}</span>`}${faults}${said(note)}</div>`;
}

/** @param {Properties} properties */
export function Logo({ form, at, label, note, value, faults }) {
  const id = idOf(at);
  const read = (/** @type {any} */ event) => {
    const [file] = event.currentTarget.files;
    const reader = new FileReader();
    reader.addEventListener("load", () => form.set(at, String(reader.result)));
    if (file) reader.readAsDataURL(file);
  };
  return html`<div class="field"><label for=${id}><b>${label}</b></label><input id=${id} type="file" accept="image/png,image/jpeg,image/webp,image/svg+xml" onChange=${read} />
    ${value && html`<div class="row"><img class="logo" src=${value} alt=${say("edit.logo.shown")} /><button type="button" class="quiet" onClick=${() => form.set(at, undefined)}>${say("edit.logo.drop")}</button></div>`}${faults}${said(note)}</div>`;
}
