// The editor of one campaign: its sections, what state its draft is in, and the way to its publication.

import { under } from "../../shared/under.js";
import { Refused, call, own } from "../api.js";
import { english } from "../faults.js";
import { html, useEffect, useRef, useState } from "../html.js";
import { Trouble, useWork } from "../pieces.js";
import { setsUp } from "../roles.js";
import { inLanguage, moment, say, sayOf, sayOr } from "../words/speech.js";
import { Changes, placeInWords } from "./changes.js";
import { Clash, nameOf } from "./clash.js";
import { Draft } from "./draft.js";
import { Setting, faultInWords, faultsAt } from "./form.js";
import { changesOf } from "./merge.js";
import { setAt } from "./places.js";
import { Preview } from "./preview.js";
import { SECTIONS, sectionOf } from "./sections.js";

/** @import { State } from "./draft.js" */

/** @param {{ me: import("../api.js").Session, campaignId: string, section: string }} properties */
export function Editor({ me, campaignId, section }) {
  const [state, setState] = useState(/** @type {State | undefined} */ (undefined));
  const [isThere, setThere] = useState(true);
  const { fault, run } = useWork();
  const draft = useRef(/** @type {any} */ (null));
  useEffect(() => {
    const own = (draft.current = new Draft(campaignId, setState));
    void run(async () => setThere(await own.open()));
    const leave = () => own.close();
    addEventListener("pagehide", leave);
    return () => {
      removeEventListener("pagehide", leave);
      own.close();
    };
  }, [campaignId]);
  if (!isThere) return html`<p class="notice">${say("editor.none", { id: campaignId })} <a href="#campaigns">${say("editor.back")}</a></p>`;
  if (!state) return fault ? html`<${Trouble} fault=${fault} />` : html`<p class="soft" role="status">${say("wait.moment")}</p>`;
  return html`<${Open} me=${me} campaignId=${campaignId} section=${section} state=${state} draft=${draft.current} />`;
}

/** @param {{ me: import("../api.js").Session, campaignId: string, section: string, state: State, draft: Draft }} properties */
function Open({ me, campaignId, section, state, draft }) {
  const { campaign, faults, published } = state;
  const languages = /** @type {string[]} */ (Array.isArray(campaign.languages) && campaign.languages.length > 0 ? campaign.languages : Object.keys(campaign.title ?? {}).length > 0 ? Object.keys(campaign.title) : ["en"]);
  const change = (/** @type {(campaign: Record<string, any>) => Record<string, any>} */ make) => draft.change(make(/** @type {State} */ (draft.state).campaign));
  const form = { campaign, languages, faults, published, mapping: state.mapping, mayMap: setsUp(me), change, set: (/** @type {import("./places.js").At} */ at, /** @type {any} */ value) => change((now) => setAt(now, at, value)) };
  const shown = SECTIONS.find(({ name }) => name === section) ?? SECTIONS[0];
  const faulty = (/** @type {string[]} */ members) => members.flatMap((name) => faultsAt(form, [name])).length;
  const isPanel = section === "publish" || section === "history";
  return html`<div class="stack editor">
    <div class="row"><a href="#campaigns">${say("editor.back")}</a></div>
    <div class="row"><h2>${inLanguage(campaign.title) || campaignId}</h2><code>${campaignId}</code><${Kept} state=${state} onAgain=${() => void draft.keep()} />
      <button type="button" class="quiet below" onClick=${() => document.getElementById("preview")?.scrollIntoView({ behavior: "smooth" })}>${say("live.title")}</button>
      <a class="button primary push" href=${`#campaigns/${campaignId}/publish`}>${say("editor.publish")}</a></div>
    ${state.clash && html`<${Clash} key=${state.clash.tag} clash=${state.clash} states=${[campaign, state.clash.theirs, state.base]} onSettle=${(/** @type {boolean[]} */ theirs) => draft.settle(theirs)} />`}
    ${state.joined && html`<p class="notice" role="status">${say("editor.joined", { name: nameOf({ author: state.joined }) })}</p>`}
    <nav aria-label=${say("editor.sections")}><ul class="tabs">${SECTIONS.map(({ name, members }) => html`<li key=${name}><a href=${`#campaigns/${campaignId}/${name}`} aria-current=${!isPanel && name === shown.name ? "page" : undefined}>${sayOf("section", name)}${faulty(members) > 0 && html` <span class="badge warn" aria-label=${say("section.faults", { n: faulty(members) })}>${faulty(members)}</span>`}</a></li>`)}
      <li><a href=${`#campaigns/${campaignId}/history`} aria-current=${section === "history" ? "page" : undefined}>${say("editor.history")}</a></li></ul></nav>
    <div class="workbench">
      <div class="card stack">
        ${section === "publish" ? html`<${Publish} campaignId=${campaignId} state=${state} draft=${draft} />` : section === "history" ? html`<${History} campaignId=${campaignId} state=${state} draft=${draft} />`
          : html`<h3 class="unseen">${sayOf("section", shown.name)}</h3>${sayOr("section.text", shown.name, "") && html`<p class="soft">${sayOr("section.text", shown.name, "")}</p>`}${shown.members.map((name) => html`<${Setting} key=${name} form=${form} at=${[name]} />`)}`}
      </div>
      <${Preview} campaignId=${campaignId} state=${state} section=${section || "basics"} languages=${languages} />
    </div>
  </div>`;
}

/** How far the draft is kept. @param {{ state: State, onAgain: () => void }} properties */
function Kept({ state, onAgain }) {
  const { status, tag, fault } = state;
  if (status === "failed") return html`<span class="notice warn" role="status">${say(fault instanceof Refused && fault.status === 0 ? "kept.offline" : "kept.failed")} <button type="button" class="quiet" onClick=${onAgain}>${say("kept.again")}</button><${Trouble} fault=${fault} /></span>`;
  return html`<span class="note" role="status">${status !== "kept" ? say("kept.now") : tag > 0 ? say("kept.draft", { when: moment(tag) }) : say("kept.published")}</span>`;
}

/** @param {{ campaignId: string, state: State, draft: Draft }} properties */
function Publish({ campaignId, state, draft }) {
  const [reason, setReason] = useState("");
  const { busy, fault, run } = useWork();
  const { campaign, done, faults, published } = state;
  const changes = published ? changesOf(published, campaign) : [];
  const nothing = published !== undefined && changes.length === 0;
  const publish = (/** @type {Event} */ event) => {
    event.preventDefault();
    void run(() => draft.publish(reason.trim()));
  };
  const discard = () => confirm(say("publish.discard.sure")) && run(async () => {
    await draft.discard();
    if (published === undefined) location.hash = "#campaigns";
  });
  return html`<form class="stack" onSubmit=${publish}>
    <h3>${say("publish.title")}</h3>
    ${done && nothing && html`<div class="notice good" role="status"><p>${say("publish.done", { version: done.version })}</p>${done.warnings.map(({ message }) => html`<p>${english(message)}</p>`)}<p><a href=${`#embed/${campaignId}`}>${say("publish.embed")}</a></p></div>`}
    ${faults.length > 0 && html`<div class="notice warn"><p>${say("publish.unfinished", { n: faults.length })}</p><ul>${faults.map((one) => html`<li key=${one.path + one.message}><a href=${`#campaigns/${campaignId}/${sectionOf(one.path)}`}>${placeOf(one.path, campaign)}</a> ${faultInWords(campaign, one)}</li>`)}</ul></div>`}
    ${published === undefined ? html`<p>${say("publish.first")}</p>` : nothing ? !done && html`<p>${say("publish.nothing")}</p>` : html`<p>${say("publish.changes", { n: changes.length })}</p><${Changes} changes=${changes} states=${[campaign, published]} />`}
    ${!nothing && html`<div class="field"><label for="publish-reason"><b>${say("publish.reason")}</b></label><input id="publish-reason" maxlength="200" autocomplete="off" value=${reason} onInput=${(/** @type {any} */ event) => setReason(event.currentTarget.value)} /><span class="note">${say("publish.reason.note")}</span></div>
      <div class="row"><button class="primary" disabled=${busy || faults.length > 0 || Boolean(state.clash)}>${say("publish.go")}</button>${state.tag > 0 && html`<button type="button" class="quiet" disabled=${busy} onClick=${discard}>${say("publish.discard")}</button>`}</div>`}
    <${Trouble} fault=${fault} />
  </form>`;
}

/** The place of a fault in words. @param {string} pointer @param {Record<string, any>} campaign */
function placeOf(pointer, campaign) {
  /** @type {any} */ let value = campaign;
  const path = pointer.split("/").slice(1).map((name) => {
    const entry = Array.isArray(value) ? value[Number(name)] : undefined;
    value = under(value, name);
    return entry ? String(entry.name ?? entry.id ?? name) : name;
  });
  return placeInWords(path, [campaign]);
}

/** Earlier versions of the campaign, and the way back to one. @param {{ campaignId: string, state: State, draft: Draft }} properties */
function History({ campaignId, state, draft }) {
  const [versions, setVersions] = useState(/** @type {any[] | undefined} */ (undefined));
  const [seen, setSeen] = useState(/** @type {{ version: number, campaign: any } | undefined} */ (undefined));
  const { fault, run } = useWork();
  useEffect(() => void run(async () => setVersions((await call("GET", own("/versions"))).versions)), [state.published]);
  const [brought, setBrought] = useState(0);
  const look = (/** @type {number} */ version) => run(async () => setSeen({ version, campaign: under((await call("GET", `${own()}?version=${version}`)).document.campaigns, campaignId) }));
  const bring = (/** @type {{ version: number, campaign: any }} */ { version, campaign }) => {
    draft.change(campaign);
    setBrought(version);
  };
  const changes = seen?.campaign ? changesOf(seen.campaign, state.campaign) : [];
  return html`<div class="stack"><h3>${say("editor.history")}</h3><p class="soft">${say("history.text")}</p>
    <${Trouble} fault=${fault} />
    <ol class="versions">${(versions ?? []).map(({ version, at, author, reason }) => html`<li key=${version}><div class="row"><b>${say("history.version", { version: String(version) })}</b><span class="note">${say("history.by", { name: nameOf({ author }), when: moment(at) })}${reason ? ` · ${reason}` : ""}</span><button type="button" class="quiet" aria-expanded=${seen?.version === version} aria-label=${say("history.compare.what", { version: String(version) })} onClick=${() => void look(version)}>${say("history.compare")}</button></div>
      ${seen && seen.version === version && html`<div class="stack inset">${seen.campaign === undefined ? html`<p>${say("history.absent")}</p>` : changes.length === 0 ? html`<p role="status">${brought === version ? say("history.brought", { version: String(version) }) : say("history.same")}</p>` : html`<p>${say("history.since", { n: changes.length })}</p><${Changes} changes=${changes} states=${[state.campaign, seen.campaign]} /><div class="row"><button type="button" onClick=${() => bring(seen)}>${say("history.back")}</button></div>`}</div>`}</li>`)}</ol></div>`;
}
