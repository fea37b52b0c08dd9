// The steps of a test, each with its outcome, its cause and who fixes it.

import { html } from "./html.js";

/** @type {Record<string, string>} */
const TITLES = { settings: "Settings", discovery: "Discovery", keys: "Keys", authorize: "Sign-in page", login: "Sign-in", exchange: "Code for tokens", profile: "Profile" };
/** @type {Record<string, string>} */
const OWNERS = { issuer: "the identity provider", settings: "the team that maintains these settings", service: "the team that runs this service", participant: "the person who signs in" };

/** What was found, in rows. @param {any} found @returns {[string, string][]} */
function rowsOf(found) {
  if (Array.isArray(found?.keys)) return found.keys.map((/** @type {any} */ { kid, kty, alg, usable }) => [kid ?? "no kid", [kty, alg, usable === false && "cannot be used"].filter(Boolean).join(" ")]);
  return Object.entries(found ?? {}).map(([name, value]) => [name, String(value ?? "–")]);
}

/** @param {{ steps: any[] }} properties */
export function Steps({ steps }) {
  return html`<ol class="steps">${steps.map(({ step, status, says, how, code, at, expected, got, fix, found, fetched = [] }) => html`<li key=${step}>
    <span class=${`badge ${status}`}>${status === "skip" ? "–" : status}</span>
    <div><h3>${TITLES[step] ?? step}</h3>
      ${says && html`<p>${says}</p>`}${how && html`<p>${how}</p>`}
      ${code && html`<p><a href=${`/codes/#${code}`} target="_blank" rel="noreferrer"><code>${code}</code></a>${at ? ` at ${at}` : ""}${expected ? `, expected ${expected}` : ""}${got ? `, got ${got}` : ""}</p>`}
      ${fix && status !== "pass" && html`<p class="note">Who fixes it: ${OWNERS[fix] ?? fix}</p>`}
      ${rowsOf(found).map(([name, value]) => html`<p class="note"><code>${name}</code> ${value}</p>`)}
      ${fetched.map((/** @type {any} */ { method, url, status: http, failed, ms }) => html`<p class="note">${method} ${url}: ${failed ?? `status ${http}`}, ${ms} ms</p>`)}
    </div></li>`)}</ol>`;
}
