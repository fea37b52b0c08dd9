// The campaigns of the account with their states: begun, copied, put away and taken out again.

import { under } from "../../shared/under.js";
import { call, own } from "../api.js";
import { save } from "../document.js";
import { html, useEffect, useState } from "../html.js";
import { FieldFault, Trouble, useWork } from "../pieces.js";
import { day, inLanguage, language, moment, say, sayOf, sayWith } from "../words/speech.js";
import { languageName } from "./form.js";
import { template } from "./template.js";

/** @typedef {{ campaignId: string, title?: any, starts?: any, ends?: any, timeZone?: any, state: string, draft?: { at: string, author: { kind: string, name?: string } } }} Listed */

/** @type {Record<string, string>} */
const BADGES = { open: "good", draft: "next", not_yet: "next", over: "", archived: "" };

/** @param {string} id */
const address = (id) => `#campaigns/${id}`;

/** The next id: numbers go on, as ids of campaigns mostly are. @param {string[]} taken */
function nextId(taken) {
  const numbers = taken.filter((id) => /^\d{1,12}$/.test(id)).map(Number);
  return String(Math.max(100_000, ...numbers) + 1);
}

/** @param {unknown} time */
const dayOf = (time) => (typeof time === "string" && /^\d{4}-\d{2}-\d{2}/.test(time) ? day(`${time.slice(0, 10)}T00:00:00Z`, "UTC") : "");

export function List() {
  const [campaigns, setCampaigns] = useState(/** @type {Listed[] | undefined} */ (undefined));
  const [isNew, setNew] = useState(false);
  const [withArchived, setArchived] = useState(false);
  const { busy, fault, run } = useWork();
  const load = async () => setCampaigns((await call("GET", own("/campaigns"))).campaigns);
  useEffect(() => void run(load), []);
  if (!campaigns) return html`<${Trouble} fault=${fault} again=${() => run(load)} />`;

  const ids = campaigns.map(({ campaignId }) => campaignId);
  /** @param {string} id @param {Record<string, any>} campaign */
  const begin = async (id, campaign) => {
    await call("PUT", own(`/campaigns/${id}/draft`), { campaign, from: 0 }, { "if-none-match": "*" });
    location.hash = address(id);
  };
  const copy = (/** @type {string} */ id) => run(async () => {
    const draft = campaigns.find(({ campaignId }) => campaignId === id)?.draft;
    const { campaign } = draft ? await call("GET", own(`/campaigns/${id}/draft`)) : { campaign: under((await call("GET", own())).document.campaigns, id) };
    const title = Object.fromEntries(Object.entries(campaign.title ?? { [language()]: id }).map(([lang, text]) => [lang, say("list.copy.title", { title: String(text) })]));
    const { archived: _, ...rest } = campaign;
    await begin(nextId(ids), { ...rest, title });
  });
  const archive = (/** @type {Listed} */ { campaignId, state }) => run(async () => {
    if (state !== "archived" && !confirm(say("list.archive.sure", { id: campaignId }))) return;
    await save((document) => {
      const { archived: _, ...rest } = document.campaigns[campaignId];
      document.campaigns[campaignId] = state === "archived" ? rest : { ...rest, archived: true };
    });
    await load();
  });
  const discard = (/** @type {string} */ id) => confirm(say("list.discard.sure", { id })) && run(async () => {
    await call("DELETE", own(`/campaigns/${id}/draft`));
    await load();
  });
  const shown = campaigns.filter(({ state }) => withArchived || state !== "archived");
  const archived = campaigns.length - campaigns.filter(({ state }) => state !== "archived").length;
  return html`<section class="stack">
    <div class="row"><h2>${say("list.title")}</h2>${!isNew && html`<button type="button" class="primary" onClick=${() => setNew(true)}>${say("list.new")}</button>`}</div>
    ${isNew && html`<${New} campaigns=${campaigns} suggested=${nextId(ids)} onBegin=${begin} onLeave=${() => setNew(false)} />`}
    <${Trouble} fault=${fault} />
    ${campaigns.length === 0 && !isNew && html`<p class="soft">${say("list.none")}</p>`}
    ${shown.length > 0 && html`<ul class="campaigns">${shown.map((campaign) => {
      const { campaignId, title, starts, ends, state, draft } = campaign;
      const name = inLanguage(title) || campaignId;
      return html`<li key=${campaignId} class="card">
        <div><h3><a href=${address(campaignId)}>${name}</a></h3><p class="note">${sayWith("list.id", { id: html`<code>${campaignId}</code>` })}${(starts || ends) && html` · ${say("list.dates", { starts: dayOf(starts) || say("list.always"), ends: dayOf(ends) || say("list.open_end") })}`}</p>
          <p><span class=${`badge ${BADGES[state] ?? ""}`}>${sayOf("campaign.state", state)}</span> ${draft && state !== "draft" && html`<span class="badge warn">${say("list.changed")}</span>`} ${draft && html`<span class="note">${say("list.changed.by", { name: draft.author.name ?? sayOf("by", draft.author.kind), when: moment(draft.at) })}</span>`}</p></div>
        <div class="row"><a class="button" href=${address(campaignId)} aria-label=${say("list.of", { what: say("list.edit"), title: name })}>${say("list.edit")}</a>
          <button type="button" class="quiet" disabled=${busy} aria-label=${say("list.of", { what: say("list.copy"), title: name })} onClick=${() => void copy(campaignId)}>${say("list.copy")}</button>
          ${state === "draft" ? html`<button type="button" class="quiet" disabled=${busy} aria-label=${say("list.of", { what: say("list.discard"), title: name })} onClick=${() => void discard(campaignId)}>${say("list.discard")}</button>`
            : html`<button type="button" class="quiet" disabled=${busy} aria-label=${say("list.of", { what: say(state === "archived" ? "list.unarchive" : "list.archive"), title: name })} onClick=${() => void archive(campaign)}>${say(state === "archived" ? "list.unarchive" : "list.archive")}</button>`}
          ${state !== "draft" && html`<a href=${`#statistics/${campaignId}`}>${say("view.statistics")}</a>`}</div></li>`;
    })}</ul>`}
    ${archived > 0 && html`<label class="choice"><input type="checkbox" checked=${withArchived} onChange=${() => setArchived(!withArchived)} /><span>${say("list.archived", { n: archived })}</span></label>`}
  </section>`;
}

/** @param {{ campaigns: Listed[], suggested: string, onBegin: (id: string, campaign: Record<string, any>) => Promise<void>, onLeave: () => void }} properties */
function New({ campaigns, suggested, onBegin, onLeave }) {
  const usual = [...new Set(campaigns.flatMap(({ title }) => (title && typeof title === "object" ? Object.keys(title) : [])))];
  const offered = [...new Set([...usual, language(), "en", "fr", "nl", "de"])];
  const [languages, setLanguages] = useState(usual.length > 0 ? usual : [language()]);
  const [title, setTitle] = useState(/** @type {Record<string, string>} */ ({}));
  const [id, setId] = useState(suggested);
  const { busy, fault, run } = useWork();
  const isTaken = campaigns.some(({ campaignId }) => campaignId === id);
  const begin = (/** @type {Event} */ event) => {
    event.preventDefault();
    void run(async () => {
      const { document } = await call("GET", own());
      const said = Object.fromEntries(languages.map((lang) => [lang, (title[lang] ?? "").trim()]).filter(([, text]) => text !== ""));
      await onBegin(id, template({ title: said, languages, document }));
    });
  };
  return html`<form class="card stack" onSubmit=${begin}>
    <h3>${say("list.new")}</h3>
    <fieldset class="field"><legend>${say("list.new.languages")}</legend><div class="row">${offered.map((lang) => html`<label class="choice" key=${lang}><input type="checkbox" checked=${languages.includes(lang)} onChange=${() => setLanguages(languages.includes(lang) ? languages.filter((one) => one !== lang) : [...languages, lang])} /><span>${languageName(lang)}</span></label>`)}</div></fieldset>
    <div class="beside">${languages.map((lang, place) => html`<div class="field" key=${lang}><label for=${`new-title-${lang}`}><b>${say("edit.in_language", { label: say("list.new.title"), language: languageName(lang) })}</b></label><input id=${`new-title-${lang}`} lang=${lang} required=${place === 0} maxlength="200" autocomplete="off" value=${title[lang] ?? ""} onInput=${(/** @type {any} */ event) => setTitle({ ...title, [lang]: event.currentTarget.value })} /></div>`)}
      <div class="field"><label for="new-id"><b>${say("list.new.id")}</b></label><input id="new-id" required pattern="[A-Za-z0-9_\\-]{1,32}" autocomplete="off" value=${id} onInput=${(/** @type {any} */ event) => setId(event.currentTarget.value.trim())} aria-invalid=${isTaken} aria-describedby="new-id-says" />${isTaken ? html`<${FieldFault} id="new-id-says" fault=${say("list.new.id.taken")} />` : html`<span id="new-id-says" class="note">${say("list.new.id.note")}</span>`}</div></div>
    <div class="row"><button class="primary" disabled=${busy || isTaken || languages.length === 0}>${say("list.new.go")}</button><button type="button" class="quiet" onClick=${onLeave}>${say("edit.cancel")}</button></div>
    <${Trouble} fault=${fault} />
  </form>`;
}
