// The trail under each phone: what the campaign told this page, as it happened. It survives the way to the login
// page and back in this page's own sessionStorage.

import { element } from "../shared/element.js";

/** @typedef {{ name: string, text: string, at: number }} Mark */
/** @typedef {{ start: number, marks: Mark[] }} Trail */

const KEY = "demo-trail";

/** @type {Record<string, (detail: any) => string>} */
const WORDS = {
  ready: () => "ready",
  admitted: ({ technique }) => (technique === "oauth" ? "admitted by sign-in" : "admitted by token"),
  prefilled: ({ fields, locked }) => `${fields.length} fields filled${locked.length ? `, ${locked.length} locked` : ""}`,
  login: () => "left for the sign-in",
  submitted: () => "recorded",
  refused: ({ reason }) => `refused: ${reason}`,
  expired: () => "expired",
  error: ({ code }) => `error: ${code}`,
  warning: ({ code }) => `warning: ${code}`,
};

/** @returns {Record<string, Trail>} */
function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "{}");
  } catch {
    return {};
  }
}

// Only the way back from a login continues a trail; any other visit begins a new one.
/** @type {Record<string, Trail>} */
const trails = Object.fromEntries(Object.entries(kept()).filter(([, { marks }]) => marks.at(-1)?.name === "login"));

/** @param {string} campaign */
function draw(campaign) {
  const list = document.querySelector(`[data-trail="${campaign}"]`);
  const { start, marks } = trails[campaign];
  list?.replaceChildren(...marks.slice(-6).map(({ name, text, at }) =>
    element("li", { className: name }, element("time", {}, `${((at - start) / 1000).toFixed(1)} s`), ` ${text}`)));
}

/** @param {CustomEvent} event */
function note(event) {
  const name = event.type.slice("handstamp:".length);
  const campaign = event.detail.campaignId;
  // The phones of "Now break it" and of one's own token have their own place to say what happened.
  if (["broken", "played"].includes(/** @type {Element} */ (event.target).id)) return;
  trails[campaign] ??= { start: performance.timeOrigin, marks: [] };
  trails[campaign].marks.push({ name, text: WORDS[name](event.detail), at: Date.now() });
  try {
    sessionStorage.setItem(KEY, JSON.stringify(trails));
  } catch {
    // A browser that keeps nothing shows the trail since this page was opened.
  }
  draw(campaign);
}

/** Says how long the two looks at a token took. @param {CustomEvent} event */
function noteLook({ detail: { campaignId, here, there } }) {
  document.querySelector(`[data-looked="${campaignId}"]`)?.replaceChildren(`looked at here in ${here} ms, decided there in ${there} ms`);
}

export function followTrails() {
  document.addEventListener("handstamp:looked", /** @type {EventListener} */ (noteLook));
  for (const campaign of Object.keys(trails)) draw(campaign);
  for (const name of Object.keys(WORDS)) document.addEventListener(`handstamp:${name}`, /** @type {EventListener} */ (note));
}
