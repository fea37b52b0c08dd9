// The tables of the pages for people who run campaigns, and the elements that stand in those pages already.

import { element } from "../shared/element.js";

/** @template {HTMLElement} E @param {string} id @returns {E} */
export const by = (id) => /** @type {E} */ (document.getElementById(id));

/** @typedef {{ text: string, bad?: boolean, number?: boolean }} Cell */

/**
 * Fills a table; a column of numbers is told by its first row.
 * @param {HTMLElement} table
 * @param {string[]} titles
 * @param {Cell[][]} rows
 */
export function fill(table, titles, rows) {
  const cell = (/** @type {Cell} */ { text, bad, number }) =>
    element("td", { class: [bad && "bad", number && "number"].filter(Boolean).join(" ") }, text);
  table.replaceChildren(
    element("thead", {}, element("tr", {}, ...titles.map((title, index) => element("th", { scope: "col", class: rows[0]?.[index]?.number ? "number" : "" }, title)))),
    element("tbody", {}, ...rows.map((row) => element("tr", {}, ...row.map(cell)))),
  );
}
