// The wording of a consent: what is shown, with its links, and what is stored of it.

import { inLanguage, urlIn } from "../http/texts.js";

/** @import { Optin } from "../types.d.ts" */
/** @typedef {string | { text: string, url: string }} Part words, or a link among them */

/**
 * The parts of a wording in a language. `{name}` stands for the link of that name; one that is not named stands at the end.
 * @param {Optin} optin
 * @param {string} lang
 * @returns {Part[]}
 */
export function partsOf({ name, wording, links = {} }, lang) {
  const words = inLanguage(wording, lang) ?? name;
  const link = (/** @type {string} */ key) => ({ text: inLanguage(links[key].text, lang) ?? key, url: urlIn(links[key].url, lang) ?? "" });
  const isLink = (/** @type {string} */ key) => Object.hasOwn(links, key);
  /** @type {Part[]} */
  const parts = words.split(/\{([^{}]*)\}/).map((part, place) => (place % 2 === 0 ? part : isLink(part) ? link(part) : `{${part}}`));
  const rest = Object.keys(links).filter((key) => !words.includes(`{${key}}`));
  return [...parts, ...rest.flatMap((key) => [" ", link(key)])].filter((part) => part !== "");
}

/** The words of a wording in each of its languages, for the heading of what was recorded. @param {Optin} optin @returns {Record<string, string>} */
export const headingOf = (optin) => Object.fromEntries(Object.keys(optin.wording ?? {}).map((lang) => [lang, wordsOf(partsOf(optin, lang))]));

/** The words alone. @param {Part[]} parts */
export const wordsOf = (parts) => parts.map((part) => (typeof part === "string" ? part : part.text)).join("");

/** The words as they are stored, with the URL of each link. @param {Part[]} parts */
export const storedOf = (parts) => wordsOf(parts.map((part) => (typeof part === "string" ? part : `${part.text} (${part.url})`)));
