// Every word on the screen: the account's own texts first, then ours, which the page loads in one language.
// Values are put in as text, never as markup.

/** A text in one language, or one per language. @typedef {string | Record<string, string>} Wording */

/**
 * The wording in a language; where it has none, in English, else in the first one there is.
 * @param {Wording | undefined} wording @param {string} lang
 */
export function inLanguage(wording, lang) {
  if (!wording || typeof wording === "string") return wording ?? "";
  return wording[lang] ?? wording[lang.split("-")[0]] ?? wording.en ?? Object.values(wording)[0] ?? "";
}

/** The name of a language in itself. @param {string} lang */
export const nameOf = (lang) => new Intl.DisplayNames([lang], { type: "language", fallback: "code" }).of(lang) ?? lang;

/**
 * The value at a dotted name, as text.
 * @param {unknown} values @param {string} name
 * @returns {string | undefined}
 */
function valueAt(values, name) {
  /** @type {any} */
  let value = values;
  for (const part of name.split(".")) {
    if (value === null || typeof value !== "object" || !Object.hasOwn(value, part)) return undefined;
    value = value[part];
  }
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

/** Letters that run from right to left. */
const RIGHT_TO_LEFT = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC]/;

/** Keeps the order of a text among words that run the other way (Unicode Bidirectional Algorithm, first strong isolate). @param {string} text */
export const isolated = (text) => `\u2068${text}\u2069`;

/** A value as it stands in a text. @param {string} value @param {string} text */
const within = (value, text) => (RIGHT_TO_LEFT.test(value) !== RIGHT_TO_LEFT.test(text) && /\p{L}/u.test(value) ? isolated(value) : value);

/**
 * Puts values into `{names}`; undefined when one of them is not there.
 * @param {string} text @param {unknown} values
 */
function fill(text, values) {
  let whole = true;
  const filled = text.replace(/\{([\w.-]+)\}/g, (_, name) => {
    const value = valueAt(values, name);
    whole &&= value !== undefined && value !== "";
    return within(value ?? "", text);
  });
  return whole ? filled : undefined;
}

/**
 * Makes the function that says a text by its key.
 * @param {string} lang
 * @param {Record<string, any>} own the account's texts: by language, or of one language
 * @param {Record<string, string>} ours a file of languages/, each of which has every text
 * @returns {(key: string | string[], values?: unknown) => string} of several keys, the account's text for any
 *   comes before ours for the first; "" when there is no such text, or a value it needs is missing
 */
export function speaker(lang, own, ours) {
  const short = lang.split("-")[0];
  const theirs = own[lang] ?? own[short] ?? own;
  return (key, values = {}) => {
    const keys = [key].flat();
    for (const text of [theirs, ours].flatMap((texts) => keys.map((name) => texts[name]))) {
      const filled = typeof text === "string" ? fill(text, values) : undefined;
      if (filled !== undefined) return filled;
    }
    return "";
  };
}
