// Entries of lists: what a new one is made of, how it is called, and the name under which it is stored.

import { under } from "../../shared/under.js";
import { inLanguage, language } from "../words/speech.js";
import { builtIn } from "./built_in.js";
import { setAt, valueAt } from "./places.js";

/** @import { At } from "./places.js" */

/** Fields that the campaign page has words for in every language: their name and type. @type {[name: string, type: string][]} */
export const KNOWN_FIELDS = [
  ["email", "email"], ["firstname", "text"], ["lastname", "text"], ["phone", "tel"], ["birthdate", "date"],
  ["street", "text"], ["postcode", "text"], ["city", "text"], ["country", "country"],
];

/** Settings of an entry that are shown only where they mean something. @type {Record<string, (entry: any) => boolean>} */
export const SHOWN = {
  "fields.choices": ({ type, choices }) => type === "select" || choices !== undefined,
  "fields.min": ({ type, min }) => type === "number" || min !== undefined,
  "fields.max": ({ type, max }) => type === "number" || max !== undefined,
  "fields.required": ({ type }) => type !== "hidden",
  "choices.id": () => false,
  "questions.id": () => false,
};

/** What people call an entry: its text, else its name. @param {any} entry @param {string[]} languages */
export function titleOf({ label, text, wording, name }, languages) {
  const said = label ?? text ?? wording;
  return (said && (languages.map((lang) => said[lang]).find(Boolean) ?? inLanguage(said))) || builtIn(language())[`field.${name}`] || (/^field(_\d+)?$/.test(name ?? "") ? "" : (name ?? ""));
}

/** A text as a name: letters, digits and underscores. @param {string} text */
const slug = (text) => text.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase().replaceAll(/[^a-z0-9]+/g, "_").replaceAll(/^_+|_+$/g, "").slice(0, 40);

/** A name that no other entry has. @param {string} wanted @param {string[]} taken */
function free(wanted, taken) {
  const names = [wanted, ...Array.from({ length: taken.length + 1 }, (_, place) => `${wanted}_${place + 2}`)];
  return names.find((name) => name !== "" && !taken.includes(name)) ?? wanted;
}

/** @param {any[]} list */
const taken = (list) => list.map(({ name, id }) => String(name ?? id));

/**
 * @param {string} kind of the list
 * @param {any[]} list
 * @param {{ languages: string[] }} form
 * @param {string} [preset] name of a known field
 */
export function newEntry(kind, list, form, preset) {
  const known = KNOWN_FIELDS.find(([name]) => name === preset);
  if (kind === "fields") return known ? { name: known[0], type: known[1] } : { name: free("field", taken(list)), type: "text" };
  // Where a consent has links, be it none, the service holds the names in braces of its wording against them.
  if (kind === "optins") return { name: free("consent", taken(list)), wording: {}, links: {} };
  const id = free(kind === "questions" ? "question" : "choice", taken(list));
  return kind === "questions" ? { id, text: {}, choices: [{ id: "choice", text: {} }, { id: "choice_2", text: {} }] } : { id, text: {} };
}

/**
 * An entry with a new text. As long as nobody can have played with it, its name follows the text of the first language; but not
 * where something fills the field by its name, and that is for others to say.
 * @param {{ languages: string[], campaign: Record<string, any>, published: any, mapping: Record<string, any>, mayMap: boolean }} form
 * @param {(string | number)[]} at of the text
 * @param {any} entry
 * @param {string} lang
 * @param {string} text
 */
export function renamed({ languages, campaign, published, mapping, mayMap }, at, entry, lang, text) {
  const member = String(at.at(-1));
  const { [lang]: before = "", ...others } = entry[member] ?? {};
  const said = text === "" ? others : { ...entry[member], [lang]: text };
  const changed = { ...entry, [member]: said };
  if (Object.keys(said).length === 0 && member === "label") delete changed.label;
  const name = entry.name === undefined ? "id" : "name";
  const list = at.slice(0, -2).reduce((value, part) => value?.[part], /** @type {any} */ (campaign));
  const others_ = taken(list.filter((/** @type {any} */ one) => one !== entry));
  const isOwn = /^(?:field|question|choice)(?:_\d+)?$/.test(entry[name]) || entry[name] === slug(before) || entry[name] === free(slug(before), others_);
  const isFilled = !mayMap && Object.hasOwn(campaign.mapping ?? mapping, entry[name]);
  const isKnown = isFilled || JSON.stringify(published ?? {}).includes(JSON.stringify(entry[name]));
  return lang === languages[0] && isOwn && !isKnown && slug(text) !== "" && !(name === "name" && KNOWN_FIELDS.some(([known]) => known === entry.name)) ? withName(changed, name, free(slug(text), others_)) : changed;
}

/**
 * A campaign with another entry in the place of one. What names it follows it to its new name: the source that fills a field or a
 * consent, and the right answer of a question.
 * @param {{ campaign: Record<string, any>, mapping: Record<string, any>, mayMap: boolean }} form
 * @param {At} at of the entry
 * @param {any} entry
 * @returns {Record<string, any>}
 */
export function withEntry({ campaign, mapping, mayMap }, at, entry) {
  const before = valueAt({ campaign }, at);
  const changed = setAt(campaign, at, entry);
  const [question, list] = [at.slice(0, -2), at.at(-2)];
  if (list === "choices") return valueAt({ campaign }, question).right === before.id ? setAt(changed, [...question, "right"], entry.id) : changed;
  const sources = campaign.mapping ?? mapping;
  const source = under(sources, before.name);
  const { [before.name]: _source, ...others } = sources;
  const isShared = taken(valueAt({ campaign }, at.slice(0, -1))).filter((name) => name === before.name).length > 1;
  const follows = mayMap && source !== undefined && entry.name !== undefined && !Object.hasOwn(sources, entry.name) && !isShared;
  return follows ? { ...changed, mapping: { ...others, [entry.name]: source } } : changed;
}

/** @param {any} entry @param {string} member @param {string} name */
const withName = (entry, member, name) => ({ ...entry, [member]: name });
