// The page of a refused navigation: plain words, the ref, and a way on where waiting helps. No script, no outside resource.

import { toBase64 } from "../platform/bytes.js";
import { wordsFor } from "./page_words.js";

/** @import { ToTag, WayOn } from "../types.d.ts" */

const STYLE =
  "body{margin:0;font:1.0625rem/1.5 system-ui,sans-serif;color:#15161d;background:#f1efe8;display:grid;min-height:100vh;place-items:center}" +
  "main{max-width:32rem;padding:2rem}h1{font-size:1.375rem;margin:0 0 .5rem}p{margin:.5rem 0}code{font-size:1.125rem;letter-spacing:.08em}" +
  "a{color:inherit}nav{position:absolute;inset:0 0 auto;padding:1rem 2rem;display:flex;flex-wrap:wrap;gap:.25rem 1.25rem}@media(prefers-color-scheme:dark){body{color:#f4f3ee;background:#0b0c10}}";

// Says to the tag, and in the console of whoever sets it up, why it has no campaign. It holds no data of anybody: any page may
// show it.
const TELLING =
  "const {code,says}=document.documentElement.dataset;console.error('handstamp: '+code+': '+says);" +
  "parent.postMessage({handstamp:1,type:'refused',code,says},'*')";

/** @param {unknown} value */
export function escapeHtml(value) {
  return String(value).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** The links of the pages' bar, www/design/bar.html. */
const BAR = [["/", "Handstamp"], ["/guides/", "Guides"], ["/diagnosis", "Diagnosis"], ["/codes/", "Codes"], ["/api/", "API"], ["/console/", "Console"]];

/** Out of a frame too, and without a word of the page it was on. @param {string} url @param {string} text */
const link = (url, text) => `<a href="${escapeHtml(url)}" target="_top" rel="noreferrer">${escapeHtml(text)}</a>`;

/**
 * @param {{ status: number, detail: string, reason: string, ref?: string }} problem
 * @param {Headers} headers
 * @param {string | null} accepted the visitor's languages
 * @param {{ framed: boolean, limited: boolean, missing?: string, wayOn?: WayOn, toTag?: ToTag }} situation framed: it stands in for a campaign, so a host page shows it,
 *   not a blank frame; there is nothing on it to click but the way on. limited: the same request will do in a minute. missing: the path where
 *   nothing is
 */
export async function errorPage(problem, headers, accepted, { framed, limited, missing, wayOn, toTag }) {
  const { lang, words } = wordsFor(accepted);
  const nothing = missing === undefined ? undefined : words.nothing.replace("{path}", () => missing);
  const says = limited ? words.busy : (nothing ?? words.reasons[problem.reason] ?? problem.detail);
  // The same address without its fragment: a ticket that was in it is older than its minute by then.
  const on = limited ? `<a href="">${escapeHtml(words.again)}</a>` : wayOn ? link(wayOn.url, words[wayOn.to].replace("{site}", () => new URL(wayOn.url).host)) : link("/", words.home);
  // A page that is not there was most likely looked for by somebody who sets a campaign up: the bar of the other pages.
  const bar = missing === undefined || framed || wayOn ? "" : `<nav aria-label="Handstamp">${BAR.map(([url, text]) => link(url, text)).join(" ")}</nav>\n`;
  const paragraphs = [escapeHtml(says), on, ...(problem.ref ? [`${escapeHtml(words.help)} <code>${escapeHtml(problem.ref)}</code>`] : [])];
  return shell(headers, { lang, title: words.title, paragraphs, bar }, { status: problem.status, framed, toTag });
}

/**
 * @param {Headers} headers
 * @param {{ lang: string, title: string, paragraphs: string[], bar: string }} content paragraphs and bar in HTML
 * @param {{ status: number, framed: boolean, toTag?: ToTag }} answer
 */
async function shell(headers, { lang, title, paragraphs, bar }, { status, framed, toTag }) {
  const script = toTag ? `script-src '${await hashOf(TELLING)}'; ` : "";
  const data = toTag ? ` data-code="${escapeHtml(toTag.code)}" data-says="${escapeHtml(toTag.says)}"` : "";
  headers.set("content-type", "text/html; charset=utf-8");
  headers.set(
    "content-security-policy",
    `default-src 'none'; style-src '${await hashOf(STYLE)}'; ${script}base-uri 'none'; form-action 'none'; frame-ancestors ${framed ? "*" : "'none'"}`,
  );
  const body = `<!doctype html>
<html lang="${lang}"${data}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
${bar}<main>
<h1>${escapeHtml(title)}</h1>
${paragraphs.map((paragraph) => `<p>${paragraph}</p>`).join("\n")}
</main>
${toTag ? `<script>${TELLING}</script>\n` : ""}</body>
</html>
`;
  return new Response(body, { status, headers });
}

/** The hash by which a policy allows an inline text (CSP Level 3). @param {string} text */
async function hashOf(text) {
  return `sha256-${toBase64(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)))}`;
}
