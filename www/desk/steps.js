// The steps of a test, each with its outcome, its cause and who fixes it.

import { html } from "./html.js";
import { Code } from "./pieces.js";
import { say, sayOf } from "./words/speech.js";

/** What was found, in rows. @param {any} found @returns {[string, string][]} */
function rowsOf(found) {
  if (Array.isArray(found?.keys)) return found.keys.map((/** @type {any} */ { kid, kty, alg, usable }) => [kid ?? say("token.set.nokid"), [kty, alg, usable === false && say("step.useless")].filter(Boolean).join(" ")]);
  return Object.entries(found ?? {}).map(([name, value]) => [name, String(value ?? "–")]);
}

/** @param {{ steps: any[] }} properties */
export function Steps({ steps }) {
  return html`<ol class="steps">${steps.map(({ step, status, says, how, code, at, expected, got, fix, found, fetched = [] }) => html`<li key=${step}>
    <span class=${`badge ${status}`}>${sayOf("status", status)}</span>
    <div><h3>${sayOf("step", step)}</h3>
      ${says && html`<p>${says}</p>`}${how && html`<p>${how}</p>`}
      ${code && html`<p><${Code} code=${code} />${[at && ` ${say("step.at", { place: at })}`, expected && say("token.set.expected", { what: expected }), got && say("token.set.got", { what: got })].filter(Boolean).join(", ")}</p>`}
      ${fix && status !== "pass" && html`<p class="note">${say("fixes.by", { who: sayOf("fixes", fix) })}</p>`}
      ${rowsOf(found).map(([name, value]) => html`<p class="note"><code>${name}</code> ${value}</p>`)}
      ${fetched.map((/** @type {any} */ { method, url, status: http, failed, ms }) => html`<p class="note">${say("step.fetched", { method, url, outcome: failed ?? String(http), ms })}</p>`)}
    </div></li>`)}</ol>`;
}
