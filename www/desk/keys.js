// The keys of secure tokens in time: where each stands, what warns of it, and the next step of the rotation as a button. Which step may
// be taken is the service's rule, the same as that of the command line.

import { Refused, call, own } from "./api.js";
import { faultAt } from "./faults.js";
import { html, useEffect, useState } from "./html.js";
import { Code, Copied, Field, Loaded, Trouble, moment, useWork } from "./pieces.js";
import { asSetting } from "./token/public_key.js";
import { refusal, say, sayOf, sayOr, sayWith } from "./words/speech.js";

/** @typedef {{ at: string, name: string, method?: string, alg?: string, status: string, since?: string, until?: string, need?: string, secret?: string, written?: string, ends?: string, used?: string, published?: Published }} Key */
/** @typedef {{ url: string, fetchedAt?: string, failed?: string, keys: { kid?: string, kty?: string, alg?: string, usable: boolean, first?: string, used?: string }[] }} Published */
/** @typedef {{ list: "verify" | "decrypt", keys: Key[], next: { step: string, from?: string } }} List */
/** @typedef {{ lists: List[], warnings: { code: string, at: string, says: string, how: string, since: string, from?: string, got?: string }[], asOf: string }} Timeline */
/** @typedef {{ id: number, at: string, actor: { kind: string, id: string }, action: string, about?: string, reason?: string }} Entry */

/** @typedef {{ timeline: Timeline, changes: Entry[] }} Seen */

/** The way of a key; one that is revoked has left it. */
const PHASES = ["next", "active", "retiring"];
/** What is done to keys, by the operation of the API. */
const ACTIONS = ["rotateKeys", "putSecret", "deleteSecret", "rollBack"];
/** Sets of an identity provider may have many; the newest stand first. */
const SHOWN = 20;
/** How a key set begins, and a PEM key. */
const [SET, PEM] = ['{ "keys": [ … ] }', "-----BEGIN PUBLIC KEY-----"];
/** The variable of the programs that make tokens. */
const TOKEN_KEY = "TOKEN_KEY";
const SECOND_MS = 1000;
/** The longest time of a timer. */
const LONGEST_MS = 2 ** 31 - 1;

/** @returns {Promise<Seen>} */
async function load() {
  const [timeline, { entries }] = await Promise.all([call("GET", own("/keys")), call("GET", own("/audit?limit=200"))]);
  return { timeline, changes: entries.filter((/** @type {Entry} */ { action }) => ACTIONS.includes(action)).slice(0, 10) };
}

/** @param {{ me: import("./api.js").Session }} properties */
export const Keys = ({ me }) => html`<${Loaded} load=${load} show=${(/** @type {Seen} */ seen, /** @type {() => Promise<void>} */ again) => html`<${AllKeys} me=${me} ...${seen} again=${again} />`} />`;

/** @param {Seen & { me: import("./api.js").Session, again: () => Promise<void> }} properties */
function AllKeys({ me, timeline: { lists, warnings, asOf }, changes, again }) {
  const who = (/** @type {Entry["actor"]} */ { kind, id }) => (id === me.person.id ? say("keys.you") : [sayOr("keys.by", kind, kind), kind !== id && id].filter(Boolean).join(" "));
  return html`<section class="stack">
    <${Warnings} warnings=${warnings} />
    ${lists.length === 0 && html`<p class="card">${sayWith("keys.none", { link: html`<a href="#token">${say("view.token")}</a>` })}</p>`}
    ${lists.map((list) => html`<${Turning} key=${list.list} list=${list} now=${asOf} mayChange=${me.scope.some((scope) => scope === "secrets:write" || scope === "accounts")} onDone=${again} />`)}
    <div class="card"><h2>${say("keys.changes")}</h2>${changes.length === 0 ? html`<p class="soft">${say("keys.changes.none")}</p>` : html`<div class="scroll" tabindex="0" role="group" aria-label=${say("keys.changes")}><table class="list cards">
      <thead><tr>${["when", "who", "what"].map((name) => html`<th scope="col">${sayOf("keys.change", name)}</th>`)}</tr></thead>
      <tbody>${changes.map(({ id, at, actor, action, about, reason }) => html`<tr key=${id}><td>${moment(at)}</td><td>${who(actor)}</td><td>${sayOf("keys.did", action)} ${[reason, about].filter(Boolean).join(": ")}</td></tr>`)}</tbody></table></div>`}</div>
  </section>`;
}

/** @param {{ warnings: Timeline["warnings"] }} properties */
function Warnings({ warnings }) {
  if (warnings.length === 0) return html`<p class="notice good" role="status">${say("keys.fine")}</p>`;
  return html`<div class="stack" role="status">${warnings.map(({ code, at, says, how, since, from, got }) => html`<div class="notice warn" key=${code + at}>
    <p><b>${refusal(code, says)}</b> ${got && say("keys.found", { got })} ${refusal(code) ? "" : how}</p>
    <p class="note"><${Code} code=${code} /> ${[say("step.at", { place: at }), from && moment(from), say("keys.warned", { time: moment(since) })].filter(Boolean).join(", ")}</p></div>`)}</div>`;
}

/** @param {{ list: List, now: string, mayChange: boolean, onDone: () => Promise<void> }} properties */
function Turning({ list: { list, keys, next }, now, mayChange, onDone }) {
  const actives = keys.filter(({ status }) => status === "active");
  const [replaced, setReplaced] = useState(actives[0]?.name ?? "");
  const [material, setMaterial] = useState("");
  const [waited, setWaited] = useState(false);
  const [made, setMade] = useState(/** @type {{ name: string, secret?: string, public?: object } | undefined} */ (undefined));
  const { busy, fault, run } = useWork();
  const model = actives.find(({ name }) => name === replaced) ?? actives[0];
  const isSet = model?.need === "key_set";
  const isGiven = isSet || model?.need === "public_key";
  const waits = next.from !== undefined && next.from > now;
  const unknown = next.step !== "add" && next.from === undefined;
  useEffect(() => {
    if (!waits || !next.from) return;
    // The step becomes possible while somebody looks.
    const timer = setTimeout(() => void onDone(), Math.min(Math.max(Date.parse(next.from) - Date.now(), 0) + SECOND_MS, LONGEST_MS));
    return () => clearTimeout(timer);
  }, [next.from]);
  const needsWord = waits || unknown || (fault instanceof Refused && fault.code === "rotation_early");

  /** @param {string} step @param {Record<string, unknown>} [more] */
  const take = (step, more = {}) => run(async () => {
    setMade(undefined);
    const done = await call("POST", own("/keys"), { list, step, ...(waited && { waited }), ...more });
    if (done.secret || done.public) setMade(done);
    setMaterial("");
    setWaited(false);
    await onDone();
  });
  const add = () => take("add", { ...(actives.length > 1 && { key: model?.name }), ...(isGiven && { material: asSetting(material) }) });
  const revoke = (/** @type {string} */ name) => confirm(say("keys.revoke.sure", { name })) && take("revoke", { key: name });
  const title = sayOf("keys.title", list);
  const hasStep = !(next.step === "add" && (!model || model.need === "published"));

  return html`<section class="card stack"><h2>${title}</h2>
    <div class="scroll" tabindex="0" role="group" aria-label=${title}><table class="list cards">
      <thead><tr>${["key", "status", "since", "until", "used"].map((name) => html`<th scope="col">${sayOf("keys.column", name)}</th>`)}<th scope="col"><span class="unseen">${say("people.actions")}</span></th></tr></thead>
      <tbody>${keys.map((key) => html`<${Row} key=${key.at} of=${key} revoke=${mayChange && revoke} busy=${busy} />`)}</tbody></table></div>
    ${mayChange && html`<form class="stack" onSubmit=${(/** @type {Event} */ event) => { event.preventDefault(); void (next.step === "add" ? add() : take(next.step, next.step === "activate" && actives.length > 1 ? { key: model?.name } : {})); }}>
      <${Next} next=${next} waits=${waits} unknown=${unknown} need=${model?.need} />
      ${(next.step === "add" || next.step === "activate") && actives.length > 1 && html`<${Field} label=${say("keys.replaced")} value=${replaced} onInput=${setReplaced} choices=${actives.map(({ name }) => [name, name])} fault=${faultAt(fault, "/key")} />`}
      ${next.step === "add" && isGiven && html`<${Field} label=${say(isSet ? "keys.set" : "keys.public")} value=${material} onInput=${setMaterial} rows=${5} placeholder=${isSet ? SET : PEM} note=${say(isSet ? "keys.set.note" : "keys.public.note")} fault=${faultAt(fault, "/material") ?? faultAt(fault, `/secureToken/${list}`)} />`}
      ${needsWord && next.step !== "add" && html`<label class="choice"><input type="checkbox" checked=${waited} onChange=${() => setWaited(!waited)} /><span>${sayOf("keys.waited", next.step)} <span class="note">${say("keys.waited.note")}</span></span></label>`}
      ${hasStep && html`<div class="row"><button class="primary" disabled=${busy || ((waits || unknown) && !waited) || (next.step === "add" && isGiven && material.trim() === "")}>${sayOf("keys.do", next.step)}</button></div>`}
      <${Trouble} fault=${fault} />
      ${fault instanceof Refused && !fault.at && fault.expected && html`<p class="note" lang="en">${String(fault.expected)}</p>`}
    </form>`}
    ${made && html`<div class="notice good stack" role="status"><p>${sayWith(made.secret ? "keys.made.secret" : "keys.made.public", { name: html`<code>${made.name}</code>` })}</p>
      ${made.secret && html`<${Copied} label=${TOKEN_KEY} value=${made.secret} note=${say("keys.made.note")} />`}
      ${made.public && html`<${Copied} label=${say("keys.public")} value=${JSON.stringify(made.public)} />`}</div>`}
  </section>`;
}

/** @param {{ next: List["next"], waits: boolean, unknown: boolean, need?: string }} properties */
function Next({ next: { step, from }, waits, unknown, need }) {
  const what = step === "add" && need === "published" ? "published" : step;
  const when = step === "add" ? "" : waits && from ? say("keys.safe", { time: moment(from) }) : unknown ? sayOf("keys.unknown", step) : "";
  return html`<p>${sayOf("keys.next", what)} ${when}</p>`;
}

/** @param {{ of: Key, revoke: ((name: string) => void) | false, busy: boolean }} properties */
function Row({ of: { name, method, alg, status, since, until, secret, written, ends, used, published }, revoke, busy }) {
  const notes = [[method && sayOf("token.method", method), alg, secret && say("keys.secret", { name: secret })].filter(Boolean).join(" · "), written && say("keys.stored", { time: moment(written) }), ends && say("keys.ends", { time: moment(ends) })].filter(Boolean);
  const phase = (/** @type {string} */ each) => html`<span class=${each === status ? `badge ${status}` : "note"} aria-hidden=${each === status ? undefined : "true"}>${sayOf("keys.status", each)}</span>`;
  return html`<tr><td><code>${name}</code>${notes.map((note) => html`<br /><span class="note">${note}</span>`)}</td>
    <td><span class="phases">${(PHASES.includes(status) ? PHASES : [status]).map(phase)}</span><span class="note">${sayOf("keys.says", status)}</span></td>
    ${[["since", since && moment(since)], ["until", until && say("keys.until", { time: moment(until) })], ["used", used && moment(used)]].map(([column, text]) => html`<td data-label=${sayOf("keys.column", String(column))}>${text || "–"}</td>`)}
    <td>${revoke && status !== "revoked" && html`<button type="button" class="quiet" disabled=${busy} onClick=${() => revoke(name)} aria-label=${say("people.of", { what: say("keys.revoke"), name })}>${say("keys.revoke")}</button>`}</td></tr>
    ${published && html`<tr><td colspan="6"><${PublishedSet} of=${published} /></td></tr>`}`;
}

/** @param {{ of: Published }} properties */
function PublishedSet({ of: { url, failed, fetchedAt, keys } }) {
  return html`<p class="note">${url}: ${failed ? html`<span class="fault">${say("keys.failed", { why: failed })}</span>` : fetchedAt ? say("keys.fetched", { time: moment(fetchedAt) }) : say("keys.unfetched")}</p>
    ${keys.slice(0, SHOWN).map(({ kid, kty, alg, usable, first, used }) => html`<p class="note"><span class=${`badge ${usable ? "pass" : "fail"}`}>${say(usable ? "token.set.usable" : "token.set.unusable")}</span> <code>${kid ?? say("token.set.nokid")}</code> ${[[kty, alg].filter(Boolean).join(" "), first && say("keys.seen", { time: moment(first) }), used && say("keys.used", { time: moment(used) })].filter(Boolean).join(" · ")}</p>`)}`;
}
