// The stamp of the verdict: two rings and a sign, as in our own mark.

import { shape } from "../shared/element.js";

/** The sign in the rings, for each state. @type {Record<string, string>} */
const SIGNS = {
  empty: "M47 51a13 13 0 1 1 19 11.5c-4.2 2.3-6 4.5-6 9M60 83v1",
  open: "M60 38v28M60 80v2",
  accepted: "M38 62l15 15 30-33",
  warned: "M38 62l15 15 30-33",
  rejected: "M43 43l34 34M77 43l-34 34",
  settings: "M60 38v28M60 80v2",
};

/** @param {string} state */
export function seal(state) {
  const rings = shape(
    "g",
    { transform: "rotate(-9 60 60)" },
    shape("circle", { cx: "60", cy: "60", r: "54", "stroke-width": "7", "stroke-dasharray": "8.4 8.565" }),
    shape("circle", { cx: "60", cy: "60", r: "43", "stroke-width": "3.5" }),
    shape("path", { d: SIGNS[state] ?? "", "stroke-width": "11" }),
  );
  return shape("svg", { viewBox: "0 0 120 120", "aria-hidden": "true" }, rings);
}
