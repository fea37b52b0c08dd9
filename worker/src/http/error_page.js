// The page of a refused navigation: plain words, the ref, and nothing else. No script, no outside resource.

import { toBase64 } from "../platform/bytes.js";
import { wordsFor } from "./page_words.js";

const STYLE =
  "body{margin:0;font:1.0625rem/1.5 system-ui,sans-serif;color:#1c1b22;background:#faf9f7;display:grid;min-height:100vh;place-items:center}" +
  "main{max-width:32rem;padding:2rem}h1{font-size:1.375rem;margin:0 0 .5rem}p{margin:.5rem 0}code{font-size:1.125rem;letter-spacing:.08em}" +
  "@media(prefers-color-scheme:dark){body{color:#f2f0ec;background:#1c1b22}}";

/** @param {unknown} value */
export function escapeHtml(value) {
  return String(value).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/**
 * @param {{ status: number, detail: string, reason: string, ref: string }} problem
 * @param {Headers} headers
 * @param {string | null} accepted the visitor's languages
 * @param {boolean} framed whether it stands in for a campaign: a host page then shows it, not a blank frame;
 *   there is nothing on it to click
 */
export async function errorPage(problem, headers, accepted, framed) {
  const { lang, words } = wordsFor(accepted);
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
<p>${escapeHtml(words.reasons[problem.reason] ?? problem.detail)}</p>
<p>${escapeHtml(words.help)} <code>${escapeHtml(problem.ref)}</code></p>
</main>
</body>
</html>
`;
  return new Response(body, { status: problem.status, headers });
}
