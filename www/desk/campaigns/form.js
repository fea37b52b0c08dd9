// The editor's forms, made from the schema: a control for each kind of setting, with its words, and each fault of the API at the
// place that it is about.

import { under } from "../../shared/under.js";
import { inWords } from "../faults.js";
import { html, useLayoutEffect, useRef, useState } from "../html.js";
import { Code } from "../pieces.js";
import { language, say, sayOf, sayOr } from "../words/speech.js";
import { builtIn } from "./built_in.js";
import { Colour, Languages, Logo, Moment, Ordered, Zone } from "./controls.js";
import { general, labelOf, nodeAt, noteOf, resolved, wordOf } from "./schema.js";
import { KNOWN_FIELDS, SHOWN, newEntry, renamed, titleOf, withEntry } from "./entries.js";
import { setAt, valueAt } from "./places.js";

/** @import { At } from "./places.js" */
/** @typedef {import("../api.js").Fault} Fault path: a JSON Pointer from the campaign */
/**
 * @typedef {object} Form
 * @property {Record<string, any>} campaign
 * @property {string[]} languages that it is shown in
 * @property {Fault[]} faults
 * @property {any} published as it can be played now, if it can
 * @property {Record<string, any>} mapping of the account, which counts where the campaign has none of its own
 * @property {boolean} mayMap whether the person's role may say what fills a field
 * @property {(at: At, value: any) => void} set undefined takes the value out
 * @property {(make: (campaign: Record<string, any>) => Record<string, any>) => void} change makes another of the campaign as it is by then
 */
/** @typedef {{ form: Form, at: At }} Properties */

/** No name of a campaign's settings has what a JSON Pointer would escape. @param {At} at */
const pointerOf = (at) => at.map((name) => `/${name}`).join("");
/** @param {At} at */
const idOf = (at) => `c${pointerOf(at).replaceAll(/[^\w-]/g, "_")}`;
/** @param {At} at */
const names = (at) => at.map(String);

/** The faults of a place, those of what stands in it too unless it has controls of its own. @param {Form} form @param {At} at @param {{ alone?: boolean }} [options] */
export function faultsAt({ faults }, at, { alone = false } = {}) {
  const pointer = pointerOf(at);
  return faults.filter(({ path }) => path === pointer || (!alone && path.startsWith(`${pointer}/`)));
}

/** What is wrong, with its code. @param {{ form: Form, id?: string, faults: Fault[] }} properties */
export const Faults = ({ form, id, faults }) =>
  faults.length === 0 ? null : html`<span id=${id} class="fault">${faults.map((fault) => html`<span>${faultInWords(form.campaign, fault)} <${Code} code=${fault.code} /></span>`)}</span>`;

/** Reasons of faults that end once something is filled in. @type {(string | undefined)[]} */
const NEEDED = [undefined, "characters", "entries", "url"];

/** What is not there yet is no mistake, and is said as such. @param {Record<string, any>} campaign @param {Fault} fault */
export function faultInWords(campaign, fault) {
  const place = fault.path.split("/").slice(1);
  const value = place.reduce((inner, name) => under(inner, name), /** @type {any} */ (campaign));
  const isNothing = value === undefined || value === "" || (typeof value === "object" && Object.keys(value ?? {}).length === 0);
  const isMissing = isNothing && NEEDED.includes(fault.reason);
  return isMissing ? say("edit.missing") : inWords(fault, general(place));
}

/**
 * A label, its control, and what is said of it.
 * @param {Properties & { label?: string, note?: string, children: (common: Record<string, any>) => any }} properties
 */
function Labelled({ form, at, label = labelOf(names(at)), note = noteOf(names(at)), children }) {
  const [id, found] = [idOf(at), faultsAt(form, at)];
  const says = [found.length > 0 && `${id}-fault`, note && `${id}-note`].filter(Boolean).join(" ");
  const common = { id, "aria-invalid": found.length > 0 ? "true" : undefined, "aria-describedby": says || undefined };
  return html`<div class="field"><label for=${id}><b>${label}</b></label>${children(common)}
    <${Faults} form=${form} id=${`${id}-fault`} faults=${found} />${note && html`<span id=${`${id}-note`} class="note">${note}</span>`}</div>`;
}

const HTTPS = "https://";
/** @param {string} text */
const orNothing = (text) => (text === "" ? undefined : text);

/** @param {Properties & { type?: string, label?: string, note?: string, lang?: string, placeholder?: string, rows?: number, onText?: (text: string) => void }} properties */
function Text({ form, at, type = "text", label, note, lang, placeholder, rows, onText }) {
  const value = valueAt(form, at) ?? "";
  const onInput = (/** @type {any} */ event) => (onText ? onText(event.currentTarget.value) : form.set(at, orNothing(event.currentTarget.value)));
  return html`<${Labelled} form=${form} at=${at} label=${label} note=${note}>${(/** @type {any} */ common) =>
    rows ? html`<textarea ...${common} class="plain" rows=${rows} lang=${lang} placeholder=${placeholder} value=${value} onInput=${onInput}></textarea>` : html`<input ...${common} type=${type} lang=${lang} autocomplete="off" placeholder=${placeholder} value=${value} onInput=${onInput} />`}<//>`;
}

/** A number, or what was typed in its place: the API says what is wrong with it. @param {string} text */
const asNumber = (text) => (text === "" ? undefined : /^-?\d+$/.test(text) ? Number(text) : text);

/** What counts where nothing is said, unless the group says something else. @param {Form} form @param {At} at */
function standardAt(form, at) {
  const [path, above] = [names(at), at.slice(0, -1)];
  const ofGroup = valueAt(form, above) === undefined ? nodeAt(path.slice(0, -1))?.default?.[path.at(-1) ?? ""] : undefined;
  return String(nodeAt(path)?.default ?? ofGroup ?? "");
}

/** @param {Properties} properties */
const Count = ({ form, at }) => html`<${Labelled} form=${form} at=${at}>${(/** @type {any} */ common) => html`<input ...${common} inputmode="numeric" autocomplete="off" placeholder=${standardAt(form, at)} value=${valueAt(form, at) ?? ""} onInput=${(/** @type {any} */ event) => form.set(at, asNumber(event.currentTarget.value))} />`}<//>`;

/** @param {Properties} properties */
function Flag({ form, at }) {
  const note = noteOf(names(at));
  return html`<div><label class="choice"><input type="checkbox" checked=${valueAt(form, at) === true} onChange=${(/** @type {any} */ event) => form.set(at, event.currentTarget.checked || undefined)} /><span><b>${labelOf(names(at))}</b>${note && html`<span class="note">${note}</span>`}</span></label><${Faults} form=${form} faults=${faultsAt(form, at)} /></div>`;
}

/** @param {Properties & { choices: [string, string][], standard?: string }} properties standard: what counts where nothing is said */
const Choice = ({ form, at, choices, standard }) =>
  html`<${Labelled} form=${form} at=${at}>${(/** @type {any} */ common) => html`<select ...${common} value=${valueAt(form, at) ?? standard ?? ""} onChange=${(/** @type {any} */ event) => form.set(at, event.currentTarget.value === standard ? undefined : orNothing(event.currentTarget.value))}>
    ${choices.map(([word, says]) => html`<option value=${word} selected=${word === (valueAt(form, at) ?? standard ?? "")}>${says}</option>`)}</select>`}<//>`;

/** The name of a language in the reader's own. @param {string} tag */
export function languageName(tag) {
  try {
    return new Intl.DisplayNames([language()], { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}

/**
 * A text in each language of the campaign.
 * @param {Properties & { type?: string, rows?: number, placeholder?: (lang: string) => string | undefined, onText?: (lang: string, text: string) => void }} properties
 */
function Localised({ form, at, type, rows, placeholder, onText }) {
  const [label, note] = [labelOf(names(at)), noteOf(names(at))];
  const put = (/** @type {string} */ lang) => (/** @type {string} */ text) => {
    if (onText) return onText(lang, text);
    const all = setAt(valueAt(form, at) ?? {}, [lang], orNothing(text));
    form.set(at, Object.keys(all).length > 0 ? all : undefined);
  };
  const inOne = form.languages.length === 1;
  return html`<div class="localised">${form.languages.map((lang, place) => html`<${Text} key=${lang} form=${form} at=${[...at, lang]} type=${type} rows=${rows} lang=${lang}
    label=${inOne ? label : say("edit.in_language", { label, language: languageName(lang) })} note=${place === form.languages.length - 1 ? note : ""} placeholder=${placeholder?.(lang)} onText=${put(lang)} />`)}
    <${Faults} form=${form} faults=${faultsAt(form, at, { alone: true })} /></div>`;
}

/** A URL for every language, or one for each. @param {Properties} properties */
function Url({ form, at }) {
  const value = valueAt(form, at);
  if (typeof value === "object") return html`<${Localised} form=${form} at=${at} type="url" placeholder=${() => HTTPS} />`;
  const split = () => form.set(at, Object.fromEntries(form.languages.map((lang) => [lang, value ?? ""]).filter(([, url]) => url !== "")));
  return html`<div><${Text} form=${form} at=${at} type="url" placeholder=${HTTPS} />${form.languages.length > 1 && value && html`<button type="button" class="quiet" onClick=${split}>${say("edit.url.split")}</button>`}</div>`;
}

/** @param {Properties} properties */
function Group({ form, at }) {
  const { properties = {} } = nodeAt(names(at)) ?? {};
  const note = noteOf(names(at));
  return html`<fieldset><legend>${labelOf(names(at))}</legend>${note && html`<p class="note">${note}</p>`}
    <div class="beside">${Object.keys(properties).map((name) => html`<${Setting} key=${name} form=${form} at=${[...at, name]} />`)}</div>
    <${Faults} form=${form} faults=${faultsAt(form, at, { alone: true })} /></fieldset>`;
}

/** Entries in an order that can be changed: each with its own controls. @param {Properties} properties */
function Entries({ form, at }) {
  const list = /** @type {any[]} */ (valueAt(form, at) ?? []);
  const [opened, setOpened] = useState(/** @type {number | undefined} */ (undefined));
  const [says, tell] = useState("");
  const [preset, setPreset] = useState("");
  const focus = useRef(/** @type {string | undefined} */ (undefined));
  useLayoutEffect(() => {
    if (focus.current) document.getElementById(focus.current)?.focus();
    focus.current = undefined;
  });
  const id = idOf(at);
  const kind = String(at.filter((name) => typeof name === "string").at(-1));
  const { items } = nodeAt(names(at)) ?? {};
  const { properties = {} } = resolved(items ?? {});
  const add = () => {
    form.set(at, [...list, newEntry(kind, list, form, preset)]);
    setOpened(list.length);
    // To the first thing that is to be typed.
    focus.current = firstControl([...at, list.length], properties, form);
    tell(say("edit.added"));
  };
  const move = (/** @type {number} */ from, /** @type {number} */ by) => {
    const others = list.toSpliced(from, 1);
    form.set(at, others.toSpliced(from + by, 0, list[from]));
    setOpened(opened === from ? from + by : opened);
    focus.current = `${id}-${from + by}-${by < 0 ? "up" : "down"}`;
    tell(say("edit.moved", { position: from + by + 1, n: list.length }));
  };
  const drop = (/** @type {number} */ place) => {
    form.set(at, list.length > 1 ? list.toSpliced(place, 1) : undefined);
    focus.current = `${id}-add`;
    tell(say("edit.dropped"));
  };
  const isSmall = kind === "choices";
  const presets = kind === "fields" ? KNOWN_FIELDS.filter(([name]) => !list.some((entry) => entry.name === name)) : [];
  return html`<fieldset class="entries"><legend>${labelOf(names(at))}</legend>
    ${noteOf(names(at)) && html`<p class="note">${noteOf(names(at))}</p>`}
    <ol>${list.map((entry, place) => {
      const title = titleOf(entry, form.languages) || sayOf("edit.untitled", kind);
      const own = [...at, place];
      const isFaulty = faultsAt(form, own).length > 0;
      const controls = html`<div class="stack">${inOrder(Object.keys(properties)).filter((name) => (SHOWN[`${kind}.${name}`] ?? (() => true))(entry) || faultsAt(form, [...own, name]).length > 0).map((name) => html`<${Setting} key=${name} form=${form} at=${[...own, name]} />`)}${["fields", "optins"].includes(kind) && html`<${Source} form=${form} at=${own} name=${entry.name} />`}<${Faults} form=${form} faults=${faultsAt(form, own, { alone: true })} /></div>`;
      return html`<li key=${place} class=${isSmall ? "small" : ""}>
        ${isSmall ? controls : html`<details open=${opened === place || isFaulty} onToggle=${(/** @type {any} */ event) => event.currentTarget.open && setOpened(place)}><summary><b>${title}</b> ${isFaulty && html`<span class="badge warn">${say("edit.unfinished")}</span>`}</summary>${controls}</details>`}
        <div class="tools"><button type="button" class="quiet" id=${`${id}-${place}-up`} disabled=${place === 0} aria-label=${say("edit.up", { title })} title=${say("edit.up", { title })} onClick=${() => move(place, -1)}>↑</button>
          <button type="button" class="quiet" id=${`${id}-${place}-down`} disabled=${place === list.length - 1} aria-label=${say("edit.down", { title })} title=${say("edit.down", { title })} onClick=${() => move(place, 1)}>↓</button>
          <button type="button" class="quiet" aria-label=${say("edit.drop", { title })} title=${say("edit.drop", { title })} onClick=${() => drop(place)}>✕</button></div></li>`;
    })}</ol>
    <div class="row">${presets.length > 0 && html`<label class="unseen" for=${`${id}-kind`}>${say("edit.field.kind")}</label><select id=${`${id}-kind`} value=${preset} onChange=${(/** @type {any} */ event) => setPreset(event.currentTarget.value)}><option value="">${say("edit.field.own")}</option>${presets.map(([name]) => html`<option value=${name}>${builtIn(language())[`field.${name}`]}</option>`)}</select>`}
      <button type="button" id=${`${id}-add`} onClick=${add}>${sayOf("edit.add", kind)}</button></div>
    <p class="unseen" role="status">${says}</p>
    <${Faults} form=${form} faults=${faultsAt(form, at, { alone: true })} /></fieldset>`;
}

/** The settings of an entry: its text first, the name that it is stored under last. @param {string[]} members */
const inOrder = (members) => [...members].sort((one, other) => rank(one) - rank(other));
/** @param {string} name */
const rank = (name) => (["label", "text", "wording"].includes(name) ? 0 : ["name", "id"].includes(name) ? 2 : 1);

/** The id of the first control of a new entry. @param {At} at @param {Record<string, any>} properties @param {Form} form */
function firstControl(at, properties, form) {
  const name = ["label", "text", "wording"].find((name) => name in properties) ?? Object.keys(properties)[0];
  return idOf([...at, name, form.languages[0]]);
}

/**
 * What fills a field, and whether the participant may change it; told to those whose role leaves it to others.
 * @param {Properties & { name: string }} properties at: of the field or consent
 */
function Source({ form, at, name }) {
  const [first] = useState(name);
  const mapping = form.campaign.mapping ?? form.mapping;
  const source = under(mapping, name);
  const before = source === undefined ? filledBefore(form, mapping, name, first) : undefined;
  if (before !== undefined) {
    return html`<div class="notice warn"><p>${say("edit.source.lost", { name: before })}</p><div class="row"><button type="button" onClick=${() => form.set([...at, "name"], before)}>${say("edit.source.again", { name: before })}</button></div></div>`;
  }
  const { from = "", lock = false, ...rest } = typeof source === "string" ? { from: source } : (source ?? {});
  const isFixed = lock || valueAt(form, at).type === "hidden";
  if (!form.mayMap) return from && html`<p class="note">${say(isFixed ? "edit.source.locked" : "edit.source.told", { from })}</p>`;
  const put = (/** @type {string} */ to, /** @type {boolean} */ locked) => {
    const isPlain = !locked && Object.keys(rest).length === 0;
    form.set(["mapping"], setAt(mapping, [name], to === "" ? undefined : isPlain ? to : { from: to, ...rest, ...(locked && { lock: true }) }));
  };
  const id = idOf(["mapping", name]);
  return html`<div class="field"><label for=${id}><b>${say("edit.source")}</b></label><input id=${id} autocomplete="off" value=${from} onInput=${(/** @type {any} */ event) => put(event.currentTarget.value.trim(), lock)} /><${Faults} form=${form} faults=${faultsAt(form, ["mapping", name])} /><span class="note">${say("edit.source.note")}</span>
    ${from && (lock || !isFixed) && html`<label class="choice"><input type="checkbox" checked=${lock} onChange=${() => put(from, !lock)} /><span>${say("edit.source.lock")}</span></label>`}</div>`;
}

/**
 * The earlier name of a field or consent that is filled by that name, while none has it now.
 * @param {Form} form
 * @param {Record<string, any>} mapping
 * @param {string} name
 * @param {string} first the name when the editor was opened
 */
function filledBefore({ campaign, published }, mapping, name, first) {
  const named = (/** @type {any} */ { fields = [], optins = [] }) => [...fields, ...optins].map((entry) => entry.name);
  const earlier = named(published ?? {});
  return earlier.includes(name) ? undefined : [first, ...earlier].find((one) => Object.hasOwn(mapping, one) && !named(campaign).includes(one));
}

/** Links of a consent by their names, which stand in braces in its wording. @param {Properties} properties */
function Links({ form, at }) {
  const links = /** @type {Record<string, any>} */ (valueAt(form, at) ?? {});
  const add = () => form.set(at, { ...links, [["rules", "privacy", "terms", "more", "other"].find((name) => !(name in links)) ?? `link${Object.keys(links).length}`]: { text: {}, url: "" } });
  return html`<fieldset class="entries"><legend>${labelOf(names(at))}</legend>
    ${Object.keys(links).map((name) => html`<div class="stack link" key=${name}><span>${say("edit.link.named", { name: `{${name}}` })} <button type="button" class="quiet" aria-label=${say("edit.drop", { title: name })} onClick=${() => form.set(at, setAt(links, [name], undefined))}>✕</button></span>
      ${["text", "url"].map((member) => html`<${Setting} key=${member} form=${form} at=${[...at, name, member]} />`)}</div>`)}
    <div class="row"><button type="button" onClick=${add}>${say("edit.add.link")}</button></div><${Faults} form=${form} faults=${faultsAt(form, at, { alone: true })} /></fieldset>`;
}

/** The right one of a question's choices. @param {Properties} properties */
function Right({ form, at }) {
  const { choices = [] } = valueAt(form, at.slice(0, -1)) ?? {};
  return html`<${Choice} form=${form} at=${at} standard="" choices=${[["", say("edit.right.none")], ...choices.map((/** @type {any} */ choice, /** @type {number} */ place) => [choice.id, titleOf(choice, form.languages) || say("edit.choice.number", { n: place + 1 })])]} />`;
}

/** The texts that are changed most, in the order of a visit. */
const USUAL_TEXTS = ["intro.title", "intro.text", "form.title", "form.text", "exit.title", "exit.text", "sorry.quota_reached"];

/** Texts that replace those of the page, each with its own as the placeholder. @param {Properties} properties */
function Texts({ form, at }) {
  const [sought, seek] = useState("");
  const all = resolved(nodeAt(["texts", "en"]) ?? {}).propertyNames.enum;
  const set = new Set(form.languages.flatMap((lang) => Object.keys(valueAt(form, [...at, lang]) ?? {})));
  const words = (/** @type {string} */ key) => form.languages.map((lang) => `${builtIn(lang)[key] ?? ""} ${valueAt(form, [...at, lang, key]) ?? ""}`).join(" ");
  const isSought = (/** @type {string} */ key) => `${key} ${words(key)}`.toLowerCase().includes(sought.toLowerCase());
  const shown = sought ? all.filter(isSought) : [...USUAL_TEXTS, ...all.filter((/** @type {string} */ key) => !USUAL_TEXTS.includes(key) && set.has(key))];
  const put = (/** @type {string} */ lang, /** @type {string} */ key) => (/** @type {string} */ text) => {
    const own = setAt(valueAt(form, [...at, lang]) ?? {}, [key], orNothing(text));
    const texts = setAt(valueAt(form, at) ?? {}, [lang], Object.keys(own).length > 0 ? own : undefined);
    form.set(at, Object.keys(texts).length > 0 ? texts : undefined);
  };
  return html`<fieldset><legend>${labelOf(names(at))}</legend><p class="note">${noteOf(names(at))} ${say("edit.texts.braces")}</p>
    <div class="field"><label for="texts-search"><b>${say("edit.texts.search")}</b></label><input id="texts-search" type="search" value=${sought} onInput=${(/** @type {any} */ event) => seek(event.currentTarget.value)} /></div>
    ${shown.slice(0, 40).map((/** @type {string} */ key) => html`<fieldset key=${key} class="text"><legend>${sayOr("text", key, builtIn(language())[key] ?? key)} <code>${key}</code></legend>
      <div class="beside">${form.languages.map((lang) => html`<${Text} key=${lang} form=${form} at=${[...at, lang, key]} rows=${2} lang=${lang} label=${languageName(lang)} note="" placeholder=${builtIn(lang)[key] ?? (key === "intro.title" ? form.campaign.title?.[lang] : "")} onText=${put(lang, key)} />`)}</div></fieldset>`)}
    ${shown.length === 0 && html`<p>${say("edit.texts.none")}</p>`}</fieldset>`;
}

/** Settings whose control says more than their kind. @type {Record<string, any>} */
const OWN = {
  languages: Languages, starts: Moment, ends: Moment, timeZone: Zone, signIn: Ordered, record: Ordered, texts: Texts,
  "brand.color": Colour, "brand.darkColor": Colour, "brand.logo": Logo, "optins.*.links": Links, "questions.*.right": Right,
};

/** The control of a setting. @param {Properties} properties */
export function Setting({ form, at }) {
  const path = names(at);
  const node = nodeAt(path) ?? {};
  const own = OWN[general(path)];
  if (own) return html`<${own} form=${form} at=${at} label=${labelOf(path)} note=${noteOf(path)} value=${valueAt(form, at)} languageName=${languageName} wordOf=${(/** @type {string} */ word) => wordOf(path, word)} faults=${html`<${Faults} form=${form} faults=${faultsAt(form, at)} />`} words=${node.items?.enum} standard=${node.default} />`;
  if (node.kind === "localised" || node.kind === "localisedOnce") {
    const isName = ["fields", "questions"].includes(path[0]) && ["label", "text"].includes(path.at(-1) ?? "");
    const entry = valueAt(form, at.slice(0, -1));
    const onText = isName ? (/** @type {string} */ lang, /** @type {string} */ text) => form.change((campaign) => {
      const now = { ...form, campaign };
      return withEntry(now, at.slice(0, -1), renamed(now, at, valueAt(now, at.slice(0, -1)), lang, text));
    }) : undefined;
    const placeholder = path[0] === "fields" && path.length === 3 ? (/** @type {string} */ lang) => builtIn(lang)[`field.${entry?.name}`] : undefined;
    return html`<${Localised} form=${form} at=${at} rows=${path.at(-1) === "wording" ? 3 : undefined} placeholder=${placeholder} onText=${onText} />`;
  }
  if (node.kind === "url" || node.anyOf?.some((/** @type {any} */ one) => resolved(one).kind === "url")) return html`<${Url} form=${form} at=${at} />`;
  if (node.enum) return html`<${Choice} form=${form} at=${at} standard=${node.default} choices=${node.enum.map((/** @type {string} */ word) => [word, wordOf(path, word)])} />`;
  if (node.type === "boolean") return html`<${Flag} form=${form} at=${at} />`;
  if (node.type === "integer") return html`<${Count} form=${form} at=${at} />`;
  if (node.type === "array") return html`<${Entries} form=${form} at=${at} />`;
  if (node.properties) return html`<${Group} form=${form} at=${at} />`;
  const isOwnName = ["fields.*.name", "optins.*.name"].includes(general(path));
  const onText = isOwnName ? (/** @type {string} */ text) => form.change((campaign) => withEntry({ ...form, campaign }, at.slice(0, -1), { ...valueAt({ campaign }, at.slice(0, -1)), name: orNothing(text) })) : undefined;
  return html`<${Text} form=${form} at=${at} onText=${onText} />`;
}
