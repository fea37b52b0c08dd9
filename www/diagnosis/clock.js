// The moment of judgement: the real one, or any other around the times of the token.

import { element } from "../shared/element.js";
import { date, fromNow, inWords } from "./moments.js";
import { part } from "./page.js";

/** @typedef {Record<"iat" | "nbf" | "exp", number | undefined>} Times */

const NAMES = { nbf: "not before", iat: "issued", exp: "expires" };
/** Around the earliest and the latest, so that both can be passed. */
const MARGIN = 0.18;

/** A chosen moment; null follows the real one. @type {number | null} */
let fixed = null;
/** @type {Times} */
let times = { iat: undefined, nbf: undefined, exp: undefined };
/** @type {[number, number]} */
let span = [0, 1];

const real = () => Math.floor(Date.now() / 1000);

/** The moment by which everything is judged, in seconds. */
export const moment = () => fixed ?? real();

export const isLive = () => fixed === null;

/** @param {() => void} changed */
export function prepareClock(changed) {
  const slider = /** @type {HTMLInputElement} */ (part("now"));
  slider.addEventListener("input", () => {
    fixed = Number(slider.value);
    showMoment();
    changed();
  });
  part("live").addEventListener("click", () => {
    backToNow();
    slider.focus();
    changed();
  });
  backToNow();
}

export const backToNow = () => goTo(null);

/** @param {number | null} seconds the moment to judge by; null for the real one */
export function goTo(seconds) {
  fixed = seconds;
  range();
}

/** The times of the token, to be seen on the line. @param {Record<string, unknown>} claims */
export function setTimes(claims) {
  const time = (/** @type {unknown} */ value) => (typeof value === "number" && value > 0 ? (value > 1e11 ? value / 1000 : value) : undefined);
  const next = { iat: time(claims.iat), nbf: time(claims.nbf), exp: time(claims.exp) };
  if (next.iat === times.iat && next.nbf === times.nbf && next.exp === times.exp) return;
  times = next;
  range();
}

/** Where the line begins and ends. */
function range() {
  const known = Object.values(times).filter((time) => time !== undefined);
  const all = [...known, moment()];
  const [from, to] = [Math.min(...all), Math.max(...all)];
  const margin = Math.max(300, (to - from) * MARGIN);
  span = [Math.floor(from - margin), Math.ceil(to + margin)];
  const slider = /** @type {HTMLInputElement} */ (part("now"));
  slider.min = String(span[0]);
  slider.max = String(span[1]);
  // A step with the arrow keys should move something, whatever the length.
  slider.step = String(Math.max(1, Math.round((span[1] - span[0]) / 400)));
  showMoment();
  showMarks();
}

/** @param {number} time in percent of the line */
const place = (time) => (Math.min(Math.max((time - span[0]) / (span[1] - span[0]), 0), 1) * 100).toFixed(2);

export function showMoment() {
  if (fixed === null && moment() > span[1]) return range();
  const slider = /** @type {HTMLInputElement} */ (part("now"));
  if (Number(slider.value) !== moment()) slider.value = String(moment());
  slider.setAttribute("aria-valuetext", date(moment()));
  part("moment").textContent = fixed === null ? `now, ${date(moment())}` : `${date(moment())}, ${fromNow(moment(), real())}`;
  part("live").hidden = fixed === null;
}

/** Marks, and the time in which the token is good. */
function showMarks() {
  const { iat, nbf, exp } = times;
  const marks = Object.entries({ iat, nbf, exp }).filter(([, time]) => time !== undefined);
  part("marks").replaceChildren(...marks.map(([name, time]) => {
    return element("li", { className: name }, element("span", {}, NAMES[/** @type {keyof typeof NAMES} */ (name)]), element("time", {}, date(Number(time)).slice(5, 22)));
  }));
  const bar = part("span");
  const from = nbf ?? iat ?? span[0];
  const to = exp ?? span[1];
  bar.hidden = marks.length === 0 || to <= from;
  if (!bar.hidden && exp !== undefined) part("marks").append(element("li", { className: "good" }, `good for ${inWords(to - from)}`));
  bar.style.setProperty("--from", `${place(from)}%`);
  bar.style.setProperty("--to", `${place(to)}%`);
}
