// Texts of a campaign in the participant's language. `{custom.name}` becomes the token's own value, inserted
// as text; the page sets it as text too, so markup in it stays visible and harmless.

import { under } from "../platform/under.js";

/** @import { Campaign } from "../types.d.ts" */

const CHARACTERS = 256;

/**
 * @param {Campaign} campaign
 * @param {string | undefined} lang
 * @param {Record<string, unknown>} [custom]
 * @returns {Record<string, string> | undefined} nothing when the campaign has no texts
 */
export function textsFor(campaign, lang, custom = {}) {
  const texts = campaign.texts ?? {};
  const own = under(texts, lang ?? "") ?? Object.values(texts)[0];
  if (!own) return undefined;
  const said = Object.entries(own).map(([name, text]) => [name, insert(text, custom)]);
  return Object.fromEntries(said.filter(([, text]) => text !== undefined));
}

/**
 * @param {string} text
 * @param {Record<string, unknown>} custom
 * @returns {string | undefined} nothing where a value is missing: the usual text is better than one with a hole
 */
function insert(text, custom) {
  let whole = true;
  const filled = text.replace(/\{custom\.([A-Za-z0-9_-]{1,64})\}/g, (_whole, name) => {
    const value = under(custom, name);
    if (["string", "number", "boolean"].includes(typeof value)) return String(value).slice(0, CHARACTERS);
    whole = false;
    return "";
  });
  return whole ? filled : undefined;
}

/**
 * One text out of a table by language.
 * @param {Record<string, string> | undefined} table
 * @param {string} lang
 */
export function inLanguage(table, lang) {
  return under(table, lang) ?? Object.values(table ?? {})[0];
}

/**
 * One URL: the same in every language, or one of a table.
 * @param {string | Record<string, string> | undefined} url
 * @param {string} lang
 */
export const urlIn = (url, lang) => (typeof url === "string" ? url : inLanguage(url, lang));
