// How a campaign comes onto a page: what to put there, whether the page's origin is one of the account's, and what the campaign
// says on the page itself while somebody looks.

import { account, call, own } from "../api.js";
import { labelOf } from "../campaigns.js";
import { save } from "../document.js";
import { html, useEffect, useState } from "../html.js";
import { Field, Trouble, useCopy, useWork } from "../pieces.js";
import { setsUp } from "../roles.js";
import { say, sayOf, sayWith } from "../words/speech.js";
import { Trail } from "./trail.js";
import { WAYS } from "./snippets.js";

/** @typedef {{ origins: string[], testOrigins: string[], campaigns: [string, string][] }} Known */

/** The campaign that the URL names: `#embed/123456`. */
const named = () => location.hash.split("/")[1] ?? "";

/** @param {string} text @returns {URL | undefined} */
function pageOf(text) {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
  return url && /^https?:$/.test(url.protocol) ? url : undefined;
}

/** The page that was typed, also after a look at another view. */
let typed = "";

/** @param {{ me: import("../api.js").Session }} properties */
export function Embed({ me }) {
  const [known, setKnown] = useState(/** @type {Known | undefined} */ (undefined));
  const [campaignId, setCampaign] = useState("");
  const [page, setPage] = useState(typed);
  const loading = useWork();
  const adding = useWork();
  const load = () => loading.run(async () => {
    const { document } = await call("GET", own());
    const campaigns = Object.entries(document.campaigns ?? {}).map(([id, campaign]) => /** @type {[string, string]} */ ([id, labelOf(id, campaign)]));
    setKnown({ origins: document.origins ?? [], testOrigins: document.testOrigins ?? [], campaigns });
    setCampaign((before) => before || (campaigns.find(([id]) => id === named()) ?? campaigns[0])?.[0] || "");
  });
  useEffect(() => void load(), []);
  useEffect(() => {
    const follow = () => known?.campaigns.some(([id]) => id === named()) && setCampaign(named());
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, [known]);
  const choose = (/** @type {string} */ id) => {
    setCampaign(id);
    history.replaceState(history.state, "", `#embed/${id}`);
  };

  if (!known) return html`<${Trouble} fault=${loading.fault} again=${load} />`;
  if (known.campaigns.length === 0) return html`<p>${say("stats.none")}</p>`;
  const url = pageOf(page);
  const origin = url?.origin ?? "";
  const isListed = known.origins.includes(origin);
  const isTested = known.testOrigins.includes(origin);
  const mayAdd = setsUp(me);
  const add = () => adding.run(async () => {
    await save((document) => void (document.origins = [...new Set([...(document.origins ?? []), origin])]));
    await load();
  });
  return html`<section class="stack">
    <div class="card stack">
      <h2>${say("embed.title")}</h2>
      <${Field} label=${say("stats.campaign")} value=${campaignId} onInput=${choose} choices=${known.campaigns} />
      <${Ways} shown=${{ base: me.publicUrl, account, campaignId }} />
    </div>
    <div class="card stack">
      <h2>${say("embed.page")}</h2>
      <p class="soft">${say("embed.page.text")}</p>
      <${Field} label=${say("embed.url")} type="url" value=${page} onInput=${(/** @type {string} */ text) => setPage((typed = text))} placeholder="https://www.example.com/win" note=${say("embed.url.note")} fault=${page.trim() && !url ? say("embed.url.invalid") : undefined} />
      ${url && html`<div class=${`notice ${isListed ? "good" : "warn"}`} role="status">
        <p>${sayWith(isListed ? "embed.listed" : isTested ? "embed.tested" : "embed.unlisted", { origin: html`<code>${origin}</code>` })}</p>
        ${!isListed && (mayAdd ? html`<div class="row"><button type="button" disabled=${adding.busy} onClick=${add}>${say("embed.add", { origin })}</button></div>` : html`<p>${say("embed.ask")}</p>`)}</div>`}
      <${Trouble} fault=${adding.fault} />
      ${url && html`<${Trail} key=${`${campaignId} ${url.href}`} page=${url} />`}
    </div>
  </section>`;
}

/** @param {{ shown: import("./snippets.js").Shown }} properties */
function Ways({ shown }) {
  const [name, setName] = useState(WAYS[0].name);
  const [text, setText] = useState("");
  const { fault, run } = useWork();
  const { word, copy } = useCopy(text);
  useEffect(() => {
    let isLate = false;
    void run(async () => {
      const made = await WAYS.find((way) => way.name === name)?.make(shown);
      if (!isLate) setText(made ?? "");
    });
    return () => void (isLate = true);
  }, [name, shown.campaignId]);
  return html`<div class="tabs" role="group" aria-label=${say("embed.ways")}>${WAYS.map((way) => html`<button type="button" key=${way.name} aria-pressed=${way.name === name ? "true" : "false"} onClick=${() => setName(way.name)}>${sayOf("way.of", way.name)}</button>`)}</div>
    <p class="note">${sayOf("way.note", name)}</p>
    <figure><figcaption>${sayOf("way.of", name)}<button type="button" class="quiet" onClick=${copy} aria-label=${say("copy.what", { word, what: sayOf("way.of", name) })}>${word}</button></figcaption>
      <pre tabindex="0" aria-label=${sayOf("way.of", name)} id="embed-snippet"><code>${text}</code></pre></figure>
    <${Trouble} fault=${fault} />`;
}
