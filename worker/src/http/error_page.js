// The page of a refused navigation: plain words, the ref, and a way on where waiting helps. No script, no outside resource.

import { toBase64 } from "../platform/bytes.js";
import { wordsFor } from "./page_words.js";

/** @import { WayOn } from "../types.d.ts" */

const STYLE =
  "body{margin:0;font:1.0625rem/1.5 system-ui,sans-serif;color:#1c1b22;background:#faf9f7;display:grid;min-height:100vh;place-items:center}" +
  "main{max-width:32rem;padding:2rem}h1{font-size:1.375rem;margin:0 0 .5rem}p{margin:.5rem 0}code{font-size:1.125rem;letter-spacing:.08em}" +
  "a{color:inherit}@media(prefers-color-scheme:dark){body{color:#f2f0ec;background:#1c1b22}}";

/** @param {unknown} value */
export function escapeHtml(value) {
  return String(value).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** Out of a frame too, and without a word of the page it was on. @param {string} url @param {string} text */
const link = (url, text) => `<a href="${escapeHtml(url)}" target="_top" rel="noreferrer">${escapeHtml(text)}</a>`;

/**
 * @param {{ status: number, detail: string, reason: string, ref: string }} problem
 * @param {Headers} headers
 * @param {string | null} accepted the visitor's languages
 * @param {{ framed: boolean, limited: boolean, wayOn?: WayOn }} situation framed: it stands in for a campaign, so a host page shows it,
 *   not a blank frame; there is nothing on it to click but the way on. limited: the same request will do in a minute
 */
export async function errorPage(problem, headers, accepted, { framed, limited, wayOn }) {
  const { lang, words } = wordsFor(accepted);
  const says = limited ? words.busy : (words.reasons[problem.reason] ?? problem.detail);
  // The same address without its fragment: a ticket that was in it is older than its minute by then.
  const on = limited ? `<a href="">${escapeHtml(words.again)}</a>` : wayOn ? link(wayOn.url, words[wayOn.to].replace("{site}", new URL(wayOn.url).host)) : escapeHtml(words.close);
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(STYLE));
  const hash = toBase64(digest);
  headers.set("content-type", "text/html; charset=utf-8");
  headers.set(
    "content-security-policy",
    `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors ${framed ? "*" : "'none'"}`,
  );
  const body = `<!doctype html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(words.title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escapeHtml(words.title)}</h1>
<p>${escapeHtml(says)}</p>
<p>${on}</p>
<p>${escapeHtml(words.help)} <code>${escapeHtml(problem.ref)}</code></p>
</main>
</body>
</html>
`;
  return new Response(body, { status: problem.status, headers });
}
