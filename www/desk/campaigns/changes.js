// Changes of a campaign in words: where, what it was, what it is.

import { under } from "../../shared/under.js";
import { html } from "../html.js";
import { inLanguage, number, say } from "../words/speech.js";
import { languageName } from "./form.js";
import { isObject, keyOf } from "./merge.js";
import { labelOf, nodeAt, wordOf } from "./schema.js";

/** @typedef {import("./merge.js").Path} Path */

const LONGEST = 80;

/** An entry at a path, of whichever state has it. @param {any[]} states @param {Path} path */
const found = (states, path) => states.map((state) => path.reduce((value, name) => (Array.isArray(value) ? value.find((entry) => keyOf(entry) === name) : under(value, name)), state)).find((value) => value !== undefined);

/**
 * A place in words, such as “Fields › E-mail › Required”.
 * @param {Path} path
 * @param {any[]} states in which its entries are looked for
 * @param {import("./schema.js").Node} [root] of the states; a campaign without
 */
export function placeInWords(path, states, root) {
  return path.map((name, place) => {
    const upTo = path.slice(0, place + 1);
    const above = nodeAt(path.slice(0, place), root);
    if (under(above?.properties, name)) return labelOf(upTo, root);
    if (above?.kind === "localised" || above?.kind === "localisedOnce" || path[place - 1] === "texts") return languageName(name);
    const entry = found(states, upTo);
    const said = isObject(entry) && (entry.label ?? entry.text ?? entry.wording ?? entry.title);
    return said && Object.keys(said).length > 0 ? say("change.quoted", { text: cut(inLanguage(said)) }) : name;
  }).join(" › ");
}

/** @param {string} text */
const cut = (text) => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);

/** A value in words. @param {any} value @param {Path} path @param {import("./schema.js").Node} [root] @returns {string} */
export function valueInWords(value, path, root) {
  if (value === undefined || value === "") return say("change.nothing");
  if (typeof value === "boolean") return say(value ? "change.yes" : "change.no");
  if (typeof value === "number") return number(value);
  if (typeof value === "string") return value.startsWith("data:") ? say("change.picture") : !root && nodeAt(path)?.enum ? wordOf(path, value) : say("change.quoted", { text: cut(value) });
  if (Array.isArray(value)) return value.every((one) => typeof one === "string") ? value.map((one) => (root ? one : wordOf(path, one))).join(", ") : say("change.entries", { n: value.length });
  const texts = Object.values(value).filter((one) => typeof one === "string");
  return texts.length > 0 ? cut(texts.join(" · ")) : say("change.entries", { n: Object.keys(value).length });
}

/** @param {{ changes: (import("./merge.js").Change & { moved?: true })[], states: any[] }} properties */
export function Changes({ changes, states }) {
  return html`<ul class="changes">${changes.map(({ path, before, after, moved }) => html`<li key=${path.join("/")}><b>${placeInWords(path, states)}</b> ${
    moved ? say("change.moved") : before === undefined ? say("change.added", { value: valueInWords(after, path) }) : after === undefined ? say("change.removed", { value: valueInWords(before, path) }) : say("change.changed", { before: valueInWords(before, path), after: valueInWords(after, path) })}</li>`)}</ul>`;
}
