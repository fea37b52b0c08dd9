// The pictures of the steps. They say nothing to a screen reader.

import { element, shape } from "../shared/element.js";

/** Shapes in a box of 24 by 24. @type {Record<string, string[]>} */
const SHAPES = {
  check: ["M5 12.5l4.5 4.5L19 7.5"],
  lock: ["M7 11V8a5 5 0 0 1 10 0v3", "M5.5 11h13v9h-13z"],
  back: ["M14.5 5.5L8 12l6.5 6.5"],
  cross: ["M6 6l12 12", "M18 6L6 18"],
  away: ["M12 7v6", "M12 16.5v.5"],
};

/** @param {keyof typeof SHAPES} name */
export function icon(name) {
  const lines = SHAPES[name].map((line) => shape("path", { d: line }));
  return shape("svg", { viewBox: "0 0 24 24", "aria-hidden": "true", class: `icon icon-${name}` }, ...lines);
}

/** Grey lines in the place of a step that is not there yet. The shell of the page has the same. */
export const skeleton = () => element("div", { className: "skeleton", "aria-hidden": "true" }, ...Array.from({ length: 5 }, () => element("i")));

/** The stamp of the last screen: two rings and a check. */
export function stamp() {
  return shape(
    "svg",
    { viewBox: "0 0 120 120", "aria-hidden": "true", class: "stamp" },
    shape("circle", { cx: "60", cy: "60", r: "54", class: "stamp-edge" }),
    shape("circle", { cx: "60", cy: "60", r: "45", class: "stamp-ring" }),
    shape("path", { d: "M38 62l15 15 30-33", class: "stamp-check" }),
  );
}
