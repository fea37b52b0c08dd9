// The trail under each phone: what the campaign told this page, as it happened. It survives the way to the login
// page and back in this page's own sessionStorage.

import { node } from "./node.js";

/** @typedef {{ name: string, text: string, at: number }} Mark */

const KEY = "demo-trail";

/** @type {Record<string, (detail: any) => string>} */
const WORDS = {
  ready: () => "ready",
  admitted: ({ technique }) => (technique === "oauth" ? "admitted by login" : "admitted by token"),
  prefilled: ({ fields, locked }) => `${fields.length} fields filled${locked.length ? `, ${locked.length} locked` : ""}`,
  login: () => "left for the login",
  submitted: () => "recorded",
  refused: ({ reason }) => `refused: ${reason}`,
  expired: () => "expired",
  error: ({ code }) => `error: ${code}`,
  warning: ({ code }) => `warning: ${code}`,
};

/** @returns {Record<string, Mark[]>} */
function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "{}");
  } catch {
    return {};
  }
}

/** @type {Record<string, Mark[]>} */
let trails = {};
const opened = Date.now();

// Only the way back from a login continues a trail; any other visit begins a new one.
for (const [campaign, marks] of Object.entries(kept())) {
  if (marks.at(-1)?.name === "login") trails = { ...trails, [campaign]: marks };
}

/** @param {string} campaign */
function draw(campaign) {
  const list = document.querySelector(`[data-trail="${campaign}"]`);
  const marks = trails[campaign] ?? [];
  const start = marks[0]?.at ?? opened;
  list?.replaceChildren(...marks.slice(-6).map(({ name, text, at }) =>
    node("li", { className: name }, node("time", {}, `${((at - start) / 1000).toFixed(1)} s`), ` ${text}`)));
}

/** @param {CustomEvent} event */
function note(event) {
  const name = event.type.slice("handstamp:".length);
  const campaign = event.detail.campaignId;
  // The phone of "Now break it" has its own place to say what happened.
  if (/** @type {Element} */ (event.target).id === "broken") return;
  trails[campaign] = [...(trails[campaign] ?? []), { name, text: WORDS[name](event.detail), at: Date.now() }];
  try {
    sessionStorage.setItem(KEY, JSON.stringify(trails));
  } catch {
    // A browser that keeps nothing shows the trail since this page was opened.
  }
  draw(campaign);
}

export function followTrails() {
  for (const campaign of Object.keys(trails)) draw(campaign);
  for (const name of Object.keys(WORDS)) document.addEventListener(`handstamp:${name}`, /** @type {EventListener} */ (note));
}
