// Says everything that the console shows in the language of the person who reads it: words by their key, with numbers,
// dates and plurals as that language writes them. Each language is one file of words beside this one.

import { dateIn } from "../../shared/dates.js";
import { under } from "../../shared/under.js";
import * as ofCampaigns from "../campaigns/words/all.js";
import { en } from "./en.js";
import { fr } from "./fr.js";
import { nl } from "./nl.js";
import { REFUSALS } from "./refusals.js";

/**
 * A sentence, or one for each plural that the language has, chosen by the value `n`. `{name}` is put in as text.
 * @typedef {string | { one?: string, many?: string, other: string }} Word
 */
/** @typedef {import("./en.js").Key | keyof typeof ofCampaigns.en} Key */
/** @typedef {Record<string, string | number>} Values */

/** @type {Record<string, Record<Key, Word>>} */
export const LANGUAGES = { en: { ...en, ...ofCampaigns.en }, fr: { ...fr, ...ofCampaigns.fr }, nl: { ...nl, ...ofCampaigns.nl } };
/** Dates of the console are written the European way. @type {Record<string, string>} */
const LOCALES = { en: "en-GB" };

let lang = chosenAmong(new URLSearchParams(globalThis.location?.search).get("lang"), globalThis.navigator?.languages ?? []);

/** The language of now. */
export const language = () => lang;
/** The language of now as numbers and dates are written. */
export const locale = () => LOCALES[lang] ?? lang;

/** Changes the language; it stands in the URL, so that a reload keeps it. @param {string} chosen */
export function setLanguage(chosen) {
  lang = chosenAmong(chosen, [lang]);
  document.documentElement.lang = lang;
  const url = new URL(location.href);
  url.searchParams.set("lang", lang);
  history.replaceState(history.state, "", url);
}

/**
 * Chooses the language of the page: the one asked for; else of the languages offered the one that the reader likes best; else
 * the first offered.
 * @param {string | null} asked
 * @param {readonly string[]} liked
 * @param {string[]} [offered] languages that others speak here, such as an account's campaigns
 */
export function chosenAmong(asked, liked, offered = []) {
  const short = (/** @type {readonly string[]} */ tags) => tags.map((tag) => tag.split("-")[0]).filter((tag) => tag in LANGUAGES);
  const own = short(offered);
  const among = own.length > 0 ? own : Object.keys(LANGUAGES);
  return short([asked ?? ""])[0] ?? short(liked).find((tag) => among.includes(tag)) ?? among[0];
}

/** The words of a key, for the number `n` where there are several. @param {string} key @param {Values} values */
function wordOf(key, { n }) {
  const word = /** @type {Record<string, Word>} */ (LANGUAGES[lang])[key];
  return typeof word === "object" ? (word[/** @type {"other"} */ (new Intl.PluralRules(locale()).select(Number(n)))] ?? word.other) : word;
}

/** @param {string | number | undefined} value */
const written = (value) => (typeof value === "number" ? number(value) : (value ?? ""));

/** @param {string} word @param {Values} values */
const filled = (word, values) => word.replace(/\{(\w+)\}/g, (_, name) => written(values[name]));

/** Says the words of a key. @param {Key} key @param {Values} [values] */
export const say = (key, values = {}) => filled(wordOf(key, values), values);

/**
 * Says the words of one of many things that have their own, such as the reasons of refusals.
 * @param {string} kind the beginning of the keys, with a dot between
 * @param {string} name
 * @param {number} [n] where they differ by number
 */
export const sayOf = (kind, name, n) => wordOf(`${kind}.${name}`, n === undefined ? {} : { n }) ?? name;

/**
 * The same, with other words for what has none of its own.
 * @param {string} kind
 * @param {string} name
 * @param {string} other
 * @param {Values} [values]
 */
export function sayOr(kind, name, other, values = {}) {
  const word = wordOf(`${kind}.${name}`, values);
  return word === undefined ? other : filled(word, values);
}

/** Says why the service refused something: its own sentence, which is English, where there is no other. @param {string} code @param {string} [sentence] */
export const refusal = (code, sentence) => REFUSALS[lang]?.[code] ?? sentence;

/** Says the words of a key as parts of a page, elements among them. @param {Key} key @param {Record<string, any>} values @returns {any[]} */
export const sayWith = (key, values) =>
  wordOf(key, values).split(/\{(\w+)\}/).map((part, place) => (place % 2 === 0 ? part : typeof values[part] === "number" ? number(values[part]) : values[part]));

/** @param {number} value @param {Intl.NumberFormatOptions} [options] */
export const number = (value, options) => new Intl.NumberFormat(locale(), options).format(value);
/** @param {number} share of one */
export const percent = (share) => number(share, { style: "percent" });
/** A time as people read it. @param {string | number} time */
export const moment = (time) => dateIn(locale(), { dateStyle: "medium", timeStyle: "short" })(new Date(time));
/** The time of day, to the second. @param {string | number} at */
export const time = (at) => new Intl.DateTimeFormat(locale(), { timeStyle: "medium" }).format(new Date(at));
/** @param {string | number} time @param {string} [timeZone] the reader's own without */
export const day = (time, timeZone) => dateIn(locale(), { dateStyle: "medium", timeZone })(new Date(time));
/** @param {string[]} parts */
export const listed = (parts) => new Intl.ListFormat(locale()).format(parts);

/** The wording of a consent, with the words of each link in the place of its name. @param {{ wording?: Record<string, string>, links?: Record<string, { text?: Record<string, string> }> }} optin */
export const consentIn = ({ wording, links }) => inLanguage(wording).replace(/\{([^{}]*)\}/g, (whole, name) => inLanguage(under(links, name)?.text) || whole);

/**
 * A wording of the account's own in the language of now; where it has none, in English, else in the first one there is.
 * @param {string | Record<string, string> | undefined} wording
 */
export function inLanguage(wording) {
  if (!wording || typeof wording === "string") return wording ?? "";
  return wording[lang] ?? wording.en ?? Object.values(wording)[0] ?? "";
}
