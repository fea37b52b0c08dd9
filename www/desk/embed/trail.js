// A check of a page: its URL with a name of ours, and what the campaign says on it, as long as somebody looks.

import { call, own } from "../api.js";
import { newSecret } from "../document.js";
import { html, useEffect, useState } from "../html.js";
import { Code, Trouble, useWork } from "../pieces.js";
import { say, sayOf, sayWith, time } from "../words/speech.js";

/** @typedef {{ at: string, name: string, code?: string, origin?: string }} Said */

const LOOK_MS = 2000;
const BAD = ["refused", "expired", "error"];

/** @param {{ page: URL }} properties */
export function Trail({ page }) {
  const [trail] = useState(() => newSecret(16));
  const [events, setEvents] = useState(/** @type {Said[]} */ ([]));
  const { fault, run } = useWork();
  useEffect(() => {
    const look = () => run(async () => setEvents((await call("GET", own(`/trails/${trail}`))).events));
    void look();
    const timer = setInterval(() => document.visibilityState === "visible" && void look(), LOOK_MS);
    return () => clearInterval(timer);
  }, [trail]);
  const link = new URL(page);
  link.searchParams.set("handstamp-debug", trail);
  const last = events.at(-1);
  const verdict = !last ? "none" : events.some(({ name }) => name === "submitted") ? "played" : BAD.includes(last.name) ? "bad" : "good";
  return html`<div class="stack">
    <h3>${say("trail.title")}</h3>
    <p><a class="button primary" href=${link.href} target="_blank" rel="noreferrer">${say("trail.open")}</a></p>
    <div class=${`notice ${verdict === "bad" ? "bad" : verdict === "none" ? "" : "good"}`} role="status"><p>${sayOf("trail.verdict", verdict)}</p></div>
    ${events.length > 0 && html`<div class="scroll" tabindex="0" role="group" aria-label=${say("trail.title")}><table class="list cards" id="trail">
      <thead><tr><th scope="col">${say("trail.at")}</th><th scope="col">${say("trail.event")}</th><th scope="col">${say("trail.page")}</th></tr></thead>
      <tbody>${events.map(({ at, name, code, origin }, place) => html`<tr key=${place}><td>${time(at)}</td><td>${sayOf("event", name)}${code && html`<br />${sayWith("fault.code", { code: html`<${Code} code=${code} />` })}`}</td><td>${origin ?? say("trail.elsewhere")}</td></tr>`)}</tbody></table></div>`}
    <${Trouble} fault=${fault} />
  </div>`;
}
