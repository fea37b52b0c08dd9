// The pages as the worker serves them, and the description of its API: `node pages.mjs VERSION` writes them as JSON, by their
// paths in pkg/public. A page names the lines that all share as {{head}} and {{bar}}. One that begins with its title stands
// among the guides, with their navigation; so do the pages of docs/, which are Markdown. The programs of the guides get their
// colours here, and their diagrams are drawn: no page loads a script for either.

import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Marked } from "marked";
import { apiPage } from "./api_page.mjs";
import { description } from "./openapi.mjs";
import { withDrawings } from "./sequence.mjs";
import { escaped, figure, shown, snippetsOf, withPlaces } from "./snippets.mjs";

/** Pages of docs/ that are guides too, and what a link to another file of the repository leads to there. */
const OF_DOCS = ["embedding", "events", "migration", "claims", "settings", "coming-from"];
const ELSEWHERE = /** @type {Record<string, string>} */ ({ "../www/codes/index.html": "/codes/", "../worker/account.schema.json": "/account.schema.json" });
/** Folders that are no pages of their own: parts of others, the customer's site, and the page that is one file. */
const OTHERS = /^(design\/(bar|head)|guides\/layout|diagnosis\/|demo\/|guides\/snippets\/)/;

/** @typedef {{ head: string, bar: string, layout: string, snippets: Map<string, import("./snippets.mjs").Snippet[]> }} Parts */

/** @param {string} root @returns {Promise<Parts>} */
async function partsOf(root) {
  const [head, bar, layout] = await Promise.all(["design/head.html", "design/bar.html", "guides/layout.html"].map((file) => readFile(join(root, "www", file), "utf8")));
  return { head, bar, layout, snippets: await snippetsOf(root) };
}

/** @param {Parts} parts @param {string} html */
const framed = ({ head, bar }, html) => html.replace("{{head}}\n", () => head).replace("{{bar}}\n", () => bar);

/**
 * A page among the guides.
 * @param {Parts} parts
 * @param {{ path: string, title: string, summary: string, content: string }} page
 */
function guide(parts, { path, title, summary, content }) {
  const values = /** @type {Record<string, string>} */ ({ title, summary, content: withDrawings(content) });
  const page = framed(parts, parts.layout).replaceAll(`<a href="${path}"`, `<a href="${path}" aria-current="page"`);
  return page.replace(/\{\{(\w+)\}\}/g, (_, name) => values[name] ?? "");
}

/** @param {Parts} parts @param {string} html with {{snippet NAME | TITLE}} */
const withSnippets = ({ snippets }, html) =>
  html.replace(/\{\{snippet ([\w-]+) \| ([^}]+)\}\}/g, (_, name, title) => shown(snippets.get(name) ?? fail(`there is no snippet ${name}`), title));

/** @param {string} message @returns {never} */
const fail = (message) => {
  throw new Error(message);
};

/** @param {string} file of www/ */
const pathOf = (file) => `/${file.replace(/(?:index)?\.html$/, "")}`;

/** A page of www/. @param {Parts} parts @param {string} file @param {string} source @param {string} api */
function made(parts, file, source, api) {
  const [, title, summary, content] = /^<title>([^<]*)<\/title>\n<meta name="description" content="([^"]*)">\n(.*)$/s.exec(source) ?? [];
  if (!title) return framed(parts, withDrawings(withSnippets(parts, source)));
  return guide(parts, { path: pathOf(file), title, summary, content: withSnippets(parts, withPlaces(content)).replace("{{api}}", () => api) });
}

/** Headings can be linked to, as on the pages of the repository. @param {string} text */
const anchorOf = (text) => text.toLowerCase().replaceAll(/<[^>]+>|&\w+;/g, "").replaceAll(/[^\p{L}\p{N} _-]/gu, "").trim().replaceAll(" ", "-");

/** A page of docs/. @param {Parts} parts @param {string} name @param {string} source */
function ofDocs(parts, name, source) {
  const marked = new Marked({
    // A URL that is only named, such as one of the reader's machine, is not to be followed.
    tokenizer: { url: () => undefined },
    renderer: {
      heading({ tokens, depth }) {
        const html = this.parser.parseInline(tokens);
        return `<h${depth} id="${anchorOf(html)}">${html}</h${depth}>\n`;
      },
      codespan: ({ text }) => `<code>${escaped(NAMING.includes(name) ? renamed(text) : text)}</code>`,
      code: ({ text, lang = "" }) => figure({ caption: LANGUAGES[lang] ?? lang, label: LANGUAGES[lang] ?? "Code", code: renamed(text), language: lang === "html" ? "xml" : lang }),
      link({ href, tokens }) {
        const [file, anchor] = href.split("#");
        const to = file === "" || /^(https?:|\/)/.test(file) ? file : (ELSEWHERE[file] ?? (OF_DOCS.includes(file.replace(".md", "")) ? `/guides/${file.replace(".md", "")}` : undefined));
        const words = this.parser.parseInline(tokens);
        return to === undefined ? words : `<a href="${escaped(to)}${anchor ? `#${anchor}` : ""}">${words}</a>`;
      },
      table({ header, rows }) {
        const head = header.map(({ tokens }) => `<th scope="col">${this.parser.parseInline(tokens)}</th>`).join("");
        const cell = (/** @type {any} */ { tokens }, /** @type {number} */ column) => `<td${column > 0 ? ` data-label="${escaped(header[column].text)}"` : ""}>${this.parser.parseInline(tokens)}</td>`;
        const body = rows.map((row) => `<tr>${row.map(cell).join("")}</tr>`).join("\n");
        return `<div class="scroll" tabindex="0" role="group" aria-label="Table"><table class="list${header.length > WIDE ? " cards" : ""}"><thead><tr>${head}</tr></thead>\n<tbody>${body}</tbody></table></div>\n`;
      },
      html: () => "",
    },
  });
  const content = withPlaces(/** @type {string} */ (marked.parse(source)).replace("<p>", '<p class="lead">'));
  const title = /<h1[^>]*>(.*?)<\/h1>/.exec(content)?.[1] ?? fail(`docs/${name}.md has no heading`);
  const summary = (/<p class="lead">(.*?)<\/p>/s.exec(content)?.[1] ?? "").replaceAll(/<[^>]+>/g, "").split(". ")[0].replaceAll("\n", " ");
  return guide(parts, { path: `/guides/${name}`, title, summary, content });
}

/** Tables with more columns have a card for each row on a telephone. */
const WIDE = 3;

/** Pages whose running text, too, names an account and a campaign. */
const NAMING = ["embedding", "events", "migration"];
const LANGUAGES = /** @type {Record<string, string>} */ ({ html: "HTML", js: "JavaScript", ts: "TypeScript", json: "JSON", sh: "Shell", rust: "Rust" });

/** The docs name an account and a campaign as people do; on the pages those of the reader stand there. @param {string} code */
const renamed = (code) => code.replaceAll(/\bacme\b(?!\.)/g, "your-account").replaceAll("123456", "your-campaign");

/** Every page, by its path in pkg/public. @param {string} root @param {string} version @returns {Promise<Record<string, string>>} */
export async function pagesOf(root, version) {
  const [parts, api] = await Promise.all([partsOf(root), description(version)]);
  const files = (await readdir(join(root, "www"), { recursive: true })).filter((file) => file.endsWith(".html") && !OTHERS.test(file));
  const calls = apiPage(api);
  const ofWww = files.map(async (file) => [file, made(parts, file, await readFile(join(root, "www", file), "utf8"), calls)]);
  const docs = OF_DOCS.map(async (name) => [`guides/${name}.html`, ofDocs(parts, name, await readFile(join(root, "docs", `${name}.md`), "utf8"))]);
  const schema = await readFile(join(root, "worker/account.schema.json"), "utf8");
  return { ...Object.fromEntries(await Promise.all([...ofWww, ...docs])), "openapi.json": JSON.stringify(api), "account.schema.json": schema };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href)
  process.stdout.write(JSON.stringify(await pagesOf(fileURLToPath(new URL("../..", import.meta.url)), process.argv[2] ?? "")));
