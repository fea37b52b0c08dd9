// The statistics of one campaign: how many took part, how far people came, what they answered and agreed to, and each
// participation. Read anew every minute while the page is looked at.

import { html, useEffect, useRef, useState } from "../html.js";
import { Field, Loaded, Trouble, moment, useWork } from "../pieces.js";
import { inLanguage, language, say, sayOf } from "../words/speech.js";
import { Answers } from "./answers.js";
import { Chart } from "./chart.js";
import { Consents } from "./consents.js";
import { daysOf, inPeriod, queryOf } from "./figures.js";
import { Funnels } from "./funnels.js";
import { RefusalTable } from "./refusals.js";
import { Rows } from "./rows.js";
import { bySession } from "./source.js";
import { Tiles } from "./tiles.js";

/** @import { Listed, Row, Statistics as Read } from "./figures.js" */
/** @import { Source } from "./source.js" */

const PERIODS = ["life", "7", "30", "90", "365"];
const PAGE = "50";
const REFRESH_MS = 60_000;

/** The campaign that the URL names: `#statistics/123456`. */
const named = () => location.hash.split("/")[1] ?? "";

/** The statistics at the console. */
export const StatisticsView = () => html`<${Loaded} load=${() => bySession.read("")} show=${(/** @type {{ campaigns: Listed[] }} */ { campaigns }) => html`<${Statistics} source=${bySession} campaigns=${campaigns} />`} />`;

/** @param {{ source: Source, campaigns: Listed[] }} properties */
export function Statistics({ source, campaigns }) {
  const known = (/** @type {string} */ id) => campaigns.some(({ campaignId }) => campaignId === id);
  const [campaignId, setCampaign] = useState(known(named()) ? named() : (campaigns[0]?.campaignId ?? ""));
  const [period, setPeriod] = useState("life");
  const [read, setRead] = useState(/** @type {Read | undefined} */ (undefined));
  const [further, setFurther] = useState(/** @type {{ rows: Row[], next: string | null } | undefined} */ (undefined));
  const { busy, fault, run } = useWork();
  // What was asked for before and comes late is of another campaign or period.
  const asked = useRef("");

  const load = async () => {
    const wanted = `${campaignId} ${period}`;
    asked.current = wanted;
    const get = (/** @type {Read | undefined} */ of) => source.read(`/${campaignId}`, { ...queryOf(period, of), limit: PAGE });
    const life = /** @type {Read} */ (await get(undefined));
    // The life of a campaign is known only now; a short one is shown by the hour.
    const found = period === "life" && queryOf(period, life).by === "hour" ? await get(life) : life;
    if (asked.current !== wanted) return;
    setRead(found);
    setFurther(undefined);
  };
  useEffect(() => {
    if (!campaignId) return undefined;
    void run(load);
    const timer = setInterval(() => document.visibilityState === "visible" && !further && void run(load), REFRESH_MS);
    return () => clearInterval(timer);
  }, [source, campaignId, period, Boolean(further)]);
  useEffect(() => {
    const follow = () => known(named()) && setCampaign(named());
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);

  const choose = (/** @type {string} */ id) => {
    setCampaign(id);
    if (location.hash) history.replaceState(history.state, "", `#${location.hash.slice(1).split("/")[0]}/${id}`);
  };
  const more = () => run(async () => {
    const before = further?.next ?? read?.next;
    if (!before) return;
    const page = await source.read(`/${campaignId}`, { limit: PAGE, before });
    setFurther({ rows: [...(further?.rows ?? []), ...page.rows], next: page.next });
  });
  const download = (/** @type {Record<string, string>} */ query) => run(() => source.download(`/${campaignId}`, query));

  if (campaigns.length === 0) return html`<p>${say("stats.none")}</p>`;
  const shown = read?.campaignId === campaignId ? read : undefined;
  return html`<section class="statistics stack" id="board">
    <div class="card asked">
      <${Field} label=${say("stats.campaign")} value=${campaignId} onInput=${choose} choices=${campaigns.map((one) => [one.campaignId, `${inLanguage(one.title) || one.campaignId} (${one.campaignId})`])} />
      <${Field} label=${say("stats.period")} value=${period} onInput=${setPeriod} choices=${PERIODS.map((days) => [days, sayOf("period", days)])} />
      <div class="row"><button type="button" class="primary" id="excel" disabled=${busy} onClick=${() => void download({ format: "excel", lang: language() })}>${say("export.excel")}</button>
        <button type="button" class="quiet" id="csv" disabled=${busy} onClick=${() => void download({ format: "csv" })}>${say("export.csv")}</button></div>
      <p class="note" id="as-of" role="status">${shown ? say("stats.as_of", { time: moment(shown.asOf) }) : busy ? say("wait.moment") : ""}</p>
      <${Trouble} fault=${fault} />
    </div>
    ${shown && html`
      <${Tiles} statistics=${shown} period=${period} />
      <${Chart} statistics=${shown} days=${daysOf(period, shown)} />
      <div class="beside"><${Funnels} statistics=${shown} /><${RefusalTable} period=${inPeriod(shown.series)} ever=${shown.refusals} /></div>
      ${shown.campaign.questions.length > 0 && html`<${Answers} statistics=${shown} />`}
      ${shown.campaign.optins.length > 0 && html`<${Consents} statistics=${shown} />`}
      <${Rows} rows=${[...shown.rows, ...(further?.rows ?? [])]} campaign=${shown.campaign} onMore=${(further ? further.next : shown.next) ? more : undefined} />`}
  </section>`;
}
