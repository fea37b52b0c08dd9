// The programs, commands and documents of the guides: www/guides/snippets/NAME.*, one file for each language, shown in
// colour. They name the account, the campaign and the rest of a reader by words that stand for them; the page puts in the
// reader's own (www/guides/filled.js), the tests those of a real worker.

import { readFile, readdir } from "node:fs/promises";
import { extname, join } from "node:path";
import highlighter from "highlight.js/lib/common";

/** @typedef {{ name: string, caption: string, language: string, isRun: boolean, code: string }} Snippet */

/** By the ending of the file: the tab, the language as the highlighter names it, and whether the tests run it. @type {Record<string, { tab: string, language: string, isRun: boolean }>} */
const KINDS = {
  sh: { tab: "Shell", language: "bash", isRun: true },
  mjs: { tab: "Node", language: "javascript", isRun: true },
  php: { tab: "PHP", language: "php", isRun: true },
  py: { tab: "Python", language: "python", isRun: true },
  java: { tab: "Java", language: "java", isRun: true },
  cs: { tab: "C#", language: "csharp", isRun: false },
  json: { tab: "Account document", language: "json", isRun: true },
  html: { tab: "HTML", language: "xml", isRun: true },
};
const ORDER = Object.keys(KINDS);

/** What stands for something of the reader's, and what it stands for. */
export const PLACES = /** @type {const} */ ({
  "https://campaigns.example": "url",
  "your-account": "account",
  "your-campaign": "campaign",
});
/** Names of stored secrets, where a document or a path names them. A program has variables of the same names. */
const SECRETS = /** @type {const} */ ({ TOKEN_KEY: "verify", JWE_KEY: "decrypt", OIDC_CLIENT: "client" });

/** @param {string} text */
export const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

/** A program with the reader's own names in the places of the words. @param {string} code @param {Record<string, string>} own by what the words stand for */
export const filledIn = (code, own) => Object.entries(PLACES).reduce((text, [word, name]) => text.replaceAll(word, own[name] ?? word), code);

/**
 * Code in colour, as HTML, with its places marked. Classes alone, as the policy of the pages forbids styles in a page.
 * @param {string} code
 * @param {string} language
 * @param {{ places?: boolean }} [options]
 */
export function coloured(code, language, { places = true } = {}) {
  const html = highlighter.getLanguage(language) ? highlighter.highlight(code, { language }).value : escaped(code);
  if (!places) return html;
  const secrets = ["json", "bash"].includes(language) ? Object.entries(SECRETS).map(([name]) => `(?<=&quot;|secrets/)${name}(?=&quot;)`) : [];
  const pattern = new RegExp([...Object.keys(PLACES).map((word) => word.replaceAll(".", "\\.")), ...secrets].join("|"), "g");
  const name = (/** @type {string} */ found) => /** @type {Record<string, string>} */ ({ ...PLACES, ...SECRETS })[found];
  const marked = html.replace(/[^<>]+(?=<|$)/g, (text) => text.replace(pattern, (found) => `<var data-fill="${name(found)}">${found}</var>`));
  for (const word of Object.keys(PLACES))
    if (code.split(word).length !== marked.split(`>${word}</var>`).length) throw new Error(`a colour divides ${word} in: ${code.slice(0, 60)}`);
  return marked;
}

/** Prose whose `code` names such places. @param {string} html */
export const withPlaces = (html) => html.replace(/<code>[^<]*<\/code>/g, (code) => code.replace(new RegExp(Object.keys(PLACES).join("|"), "g"), (word) => `<var data-fill="${PLACES[/** @type {keyof typeof PLACES} */ (word)]}">${word}</var>`));

/** Reads all snippets, by name. @param {string} root @returns {Promise<Map<string, Snippet[]>>} */
export async function snippetsOf(root) {
  const folder = join(root, "www/guides/snippets");
  const all = new Map();
  for (const file of (await readdir(folder)).sort()) {
    const ending = extname(file).slice(1);
    const kind = KINDS[ending];
    if (!kind) throw new Error(`no kind of snippet for ${file}`);
    const code = (await readFile(join(folder, file), "utf8")).trimEnd();
    const name = file.slice(0, -ending.length - 1);
    const library = /from "jose"/.test(code) ? ", with jose" : "";
    const of = all.get(name) ?? [];
    all.set(name, [...of, { name, caption: kind.tab + library, language: ending, isRun: kind.isRun, code }]);
  }
  for (const of of all.values()) of.sort((/** @type {Snippet} */ one, /** @type {Snippet} */ other) => ORDER.indexOf(one.language) - ORDER.indexOf(other.language));
  return all;
}

/** One block of code with its caption. @param {{ caption: string, label: string, note?: string, code: string, language: string, tab?: string }} block */
export const figure = ({ caption, label, note = "", code, language, tab = "" }) =>
  `<figure${tab && ` data-language="${tab}"`}>\n<figcaption>${escaped(caption)} <span>${note}</span></figcaption>\n` +
  `<pre tabindex="0" aria-label="${escaped(label)}"><code>${coloured(code, language)}</code></pre>\n</figure>`;

/**
 * A snippet in each of its languages, to choose from. It needs no script: the radio buttons and the style do it.
 * @param {Snippet[]} snippets
 * @param {string} title
 */
export function shown(snippets, title) {
  const figures = snippets.map(({ caption, language, isRun, code }) =>
    figure({ caption: snippets.length > 1 ? caption : `${title}`, label: `${title}: ${caption}`, note: isRun ? "run by our tests" : "not run by our tests", code, language: KINDS[language].language, tab: language }));
  if (figures.length === 1) return figures[0];
  const tabs = snippets.map(({ name, language }, index) =>
    `<label><input type="radio" name="${name}" value="${language}"${index === 0 ? " checked" : ""}>${escaped(KINDS[language].tab)}</label>`);
  return `<fieldset class="variants"><legend>${escaped(title)}</legend>\n${tabs.join("")}\n${figures.join("\n")}\n</fieldset>`;
}
