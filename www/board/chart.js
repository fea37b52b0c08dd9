// Lines over time, the same on every page that has any.

import uPlot from "./uplot.js";
import { dateIn } from "../shared/dates.js";
import { element } from "../shared/element.js";

/** Lines that have a colour of their own in the style sheet. */
const COLOURS = 7;
const HEIGHT = 200;
/** Between the lines of an axis of counts: 1, 2, 5, 10 and so on, up to what nobody will reach. */
const STEPS = Array.from({ length: 13 }, (_, power) => [1, 2, 5].map((step) => step * 10 ** power)).flat();

/**
 * @param {HTMLElement} place
 * @param {{ name: string, values: (number | null)[] }[]} lines
 * @param {number[]} times seconds
 * @param {{ unit?: string, empty: string, time?: string, lang?: string, whole?: "day" | "hour" }} options what is said when there is
 *   nothing to draw, the word for the time, and for counts by the day or hour (UTC) how long one is
 * @returns {uPlot | undefined}
 */
export function chart(place, lines, times, { unit = "", empty, time = "Time", lang, whole }) {
  place.replaceChildren();
  if (lines.every(({ values }) => values.every((value) => !value))) {
    place.append(element("p", {}, empty));
    return undefined;
  }
  const [dim, grid] = ["--soft", "--line"].map((name) => colourOf(place, name));
  const axis = { stroke: dim, grid: { stroke: grid, width: 1 }, ticks: { stroke: grid } };
  const date = whole && dateIn(lang, { timeZone: "UTC", day: "numeric", month: "short", ...(whole === "hour" && { hour: "2-digit", minute: "2-digit" }) });
  const counted = whole && new Intl.NumberFormat(lang, { notation: "compact", maximumFractionDigits: 1 });
  const exact = new Intl.NumberFormat(lang);
  const said = (/** @type {number} */ seconds) => date?.(seconds * 1000) ?? "";
  const value = (/** @type {uPlot} */ _chart, /** @type {number | null} */ number) => (number === null ? "–" : `${whole ? exact.format(number) : Math.round(number)}${unit}`);
  return new uPlot(
    {
      width: place.clientWidth,
      height: HEIGHT,
      // The last time stands below the end of its line.
      ...(date && { padding: [null, whole === "hour" ? 50 : 25, null, null] }),
      ...(date && { tzDate: (/** @type {number} */ seconds) => uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC") }),
      series: [
        { label: time, ...(date && { value: (_chart, seconds) => (seconds === null ? "–" : said(seconds)) }) },
        ...lines.map(({ name }, index) => ({
          label: name,
          stroke: colourOf(place, `--line-${(index % COLOURS) + 1}`),
          width: 2,
          value,
          points: { show: lines[index].values.filter((each) => each !== null).length < 3 },
        })),
      ],
      axes: [
        date ? { ...axis, space: whole === "hour" ? 110 : 70, values: (_chart, ticks) => ticks.map((tick) => (whole === "day" && tick % 86_400 !== 0 ? "" : said(tick))) } : axis,
        // Counts have no halves.
        { ...axis, size: 60, ...(whole && { incrs: STEPS }), values: (_chart, numbers) => numbers.map((number) => `${counted ? counted.format(number) : number}${unit}`) },
      ],
      scales: { y: { range: (_chart, _low, high) => [0, Math.max(high, 1)] } },
    },
    [times, ...lines.map(({ values }) => values)],
    place,
  );
}

/** Keeps charts as wide as their places. @param {() => uPlot[]} charts */
export function followWidth(charts) {
  addEventListener("resize", () => {
    for (const each of charts()) each.setSize({ width: each.root.parentElement?.clientWidth ?? 600, height: HEIGHT });
  });
}

/** A colour of the style sheet as the canvas can use it, dark or light. @param {HTMLElement} place @param {string} name */
function colourOf(place, name) {
  const probe = element("i");
  probe.style.color = `var(${name})`;
  place.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
