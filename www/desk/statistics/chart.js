// Participations and refusals over time, drawn by the same library as the other boards, which comes only here.

import { html, useEffect, useRef } from "../html.js";
import { locale, say, sayOf } from "../words/speech.js";
import { overTime } from "./figures.js";

/** A file of its own: nobody who only edits a campaign waits for it. */
const CHART = "/board/chart.js";

/** @param {{ statistics: import("./figures.js").Statistics, days: number }} properties */
export function Chart({ statistics, days }) {
  const place = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    /** @type {import("../../board/uplot.js").default | undefined} */
    let drawn;
    let isGone = false;
    const draw = async () => {
      const { chart } = /** @type {typeof import("../../board/chart.js")} */ (await import(CHART));
      if (isGone || !place.current) return;
      const { times, submitted, refused, others } = overTime(statistics, days);
      const lines = [
        { name: say("funnel.submitted"), values: submitted },
        ...refused.map(({ reason, values }) => ({ name: sayOf("reason", reason), values })),
        ...(others ? [{ name: say("chart.others"), values: others }] : []),
      ];
      drawn?.destroy();
      drawn = chart(place.current, lines, times, { empty: say("chart.empty"), time: say("chart.time"), lang: locale(), whole: statistics.by });
    };
    void draw();
    const scheme = matchMedia("(prefers-color-scheme: dark)");
    const wide = new ResizeObserver(([entry]) => drawn && entry && drawn.setSize({ width: entry.contentRect.width, height: drawn.height }));
    scheme.addEventListener("change", draw);
    if (place.current) wide.observe(place.current);
    return () => {
      isGone = true;
      scheme.removeEventListener("change", draw);
      wide.disconnect();
      drawn?.destroy();
    };
  }, [statistics, days, locale()]);
  return html`<section class="card"><h2>${say("chart.title")}</h2><div id="chart" class="chart" ref=${place}></div><p class="note">${say("chart.utc")}</p></section>`;
}
