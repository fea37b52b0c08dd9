// What the pages for people who run campaigns are made of: elements whose words are always text, never markup.

/** @template {HTMLElement} E @param {string} id @returns {E} */
export const by = (id) => /** @type {E} */ (document.getElementById(id));

/**
 * @param {string} name
 * @param {Record<string, string>} [attributes]
 * @param {...(Node | string)} children
 */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

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
