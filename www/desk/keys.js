// The keys of secure tokens in time: where each stands, what warns of it, and the next step of the rotation as a button. Which step may
// be taken is the service's rule, the same as that of the command line.

import { Refused, call, own } from "./api.js";
import { html, useEffect, useState } from "./html.js";
import { Code, Copied, Field, Trouble, moment, useWork } from "./pieces.js";
import { asSetting } from "./public_key.js";

/** @typedef {{ at: string, name: string, method?: string, alg?: string, status: string, since?: string, until?: string, need?: string, secret?: string, written?: string, ends?: string, used?: string, published?: Published }} Key */
/** @typedef {{ url: string, fetchedAt?: string, failed?: string, keys: { kid?: string, kty?: string, alg?: string, usable: boolean, first?: string, used?: string }[] }} Published */
/** @typedef {{ list: "verify" | "decrypt", keys: Key[], next: { step: string, from?: string } }} List */
/** @typedef {{ lists: List[], warnings: { code: string, at: string, says: string, how: string, since: string, from?: string, got?: string }[], asOf: string }} Timeline */
/** @typedef {{ id: number, at: string, actor: { kind: string, id: string }, action: string, about?: string, reason?: string }} Entry */

const TITLES = { verify: "Keys that sign tokens", decrypt: "Keys that decrypt tokens" };
/** @type {Record<string, string>} */
const SAYS = {
  next: "Accepted already; make it active once your servers use it.",
  active: "In use.",
  retiring: "Its tokens are still accepted; nothing new is made with it.",
  revoked: "Refused everywhere.",
};
/** The way of a key; one that is revoked has left it. */
const PHASES = ["next", "active", "retiring"];
/** What is done to keys, by the operation of the API. @type {Record<string, string>} */
const ACTIONS = { rotateKeys: "rotated", putSecret: "stored the secret", deleteSecret: "deleted the secret", rollBack: "went back to an earlier document" };
/** Sets of an identity provider may have many; the newest stand first. */
const SHOWN = 20;
const SECOND_MS = 1000;
/** The longest time of a timer. */
const LONGEST_MS = 2 ** 31 - 1;

/** @param {{ me: import("./api.js").Session }} properties */
export function Keys({ me }) {
  const [timeline, setTimeline] = useState(/** @type {Timeline | undefined} */ (undefined));
  const [changes, setChanges] = useState(/** @type {Entry[]} */ ([]));
  const { fault, run } = useWork();
  const load = async () => {
    const [keys, { entries }] = await Promise.all([call("GET", own("/keys")), call("GET", own("/audit?limit=200"))]);
    setTimeline(keys);
    setChanges(entries.filter((/** @type {Entry} */ { action }) => action in ACTIONS).slice(0, 10));
  };
  useEffect(() => void run(load), []);
  if (!timeline) return html`<${Trouble} fault=${fault} />`;
  const { lists, warnings } = timeline;
  return html`<section class="stack">
    <${Warnings} warnings=${warnings} />
    ${lists.length === 0 && html`<p class="card">The account has no key yet. The first one is set under <a href="#token">Secure token</a>.</p>`}
    ${lists.map((list) => html`<${Turning} key=${list.list} list=${list} now=${timeline.asOf} mayChange=${me.scope.some((scope) => scope === "secrets:write" || scope === "accounts")} onDone=${load} />`)}
    <div class="card"><h2>Changes</h2>${changes.length === 0 ? html`<p class="soft">None yet.</p>` : html`<div class="scroll" tabindex="0" role="group" aria-label="Changes"><table class="list">
      <thead><tr><th scope="col">When</th><th scope="col">Who</th><th scope="col">What</th></tr></thead>
      <tbody>${changes.map(({ id, at, actor, action, about, reason }) => html`<tr key=${id}><td>${moment(at)}</td><td>${actor.id === me.person.id ? "you" : actor.kind === actor.id ? `the ${actor.kind}` : `${actor.kind} ${actor.id}`}</td><td>${ACTIONS[action]} ${[reason, about].filter(Boolean).join(": ")}</td></tr>`)}</tbody></table></div>`}</div>
  </section>`;
}

/** @param {{ warnings: Timeline["warnings"] }} properties */
function Warnings({ warnings }) {
  if (warnings.length === 0) return html`<p class="notice good" role="status">Nothing to warn of. Certificates, key sets, identity providers, clocks and the ages of secrets are looked at once an hour.</p>`;
  return html`<div class="stack" role="status">${warnings.map(({ code, at, says, how, since, from, got }) => html`<div class="notice warn" key=${code + at}>
    <p><b>${says}</b> ${got ? `Found: ${got}.` : ""} ${how}</p>
    <p class="note"><${Code} code=${code} /> at ${at}${from ? `, ${moment(from)}` : ""}; warned of since ${moment(since)}</p></div>`)}</div>`;
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
  const isGiven = model?.need === "public_key" || model?.need === "key_set";
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
  const revoke = (/** @type {string} */ name) => confirm(`Revoke ${name}? Its tokens, and passes of its tokens, are refused at once, and that cannot be taken back by a step.`) && take("revoke", { key: name });

  return html`<section class="card stack"><h2>${TITLES[list]}</h2>
    <div class="scroll" tabindex="0" role="group" aria-label=${TITLES[list]}><table class="list cards">
      <thead><tr><th scope="col">Key</th><th scope="col">Status</th><th scope="col">Since</th><th scope="col">Until</th><th scope="col">Last used</th><th scope="col"><span class="unseen">Actions</span></th></tr></thead>
      <tbody>${keys.map((key) => html`<${Row} key=${key.at} of=${key} revoke=${mayChange && revoke} busy=${busy} />`)}</tbody></table></div>
    ${mayChange && html`<form class="stack" onSubmit=${(/** @type {Event} */ event) => { event.preventDefault(); void (next.step === "add" ? add() : take(next.step, next.step === "activate" && actives.length > 1 ? { key: model?.name } : {})); }}>
      <${Next} next=${next} waits=${waits} unknown=${unknown} need=${model?.need} />
      ${(next.step === "add" || next.step === "activate") && actives.length > 1 && html`<${Field} label="The key that it replaces" value=${replaced} onInput=${setReplaced} choices=${actives.map(({ name }) => [name, name])} />`}
      ${next.step === "add" && isGiven && html`<${Field} label=${model?.need === "key_set" ? "Key set" : "Public key"} value=${material} onInput=${setMaterial} rows=${5} placeholder=${model?.need === "key_set" ? '{ "keys": [ … ] }' : "-----BEGIN PUBLIC KEY-----"} note=${model?.need === "key_set" ? "A JWK set." : "PEM, certificate or JWK, for the same algorithm. Never a private key."} />`}
      ${needsWord && next.step !== "add" && html`<label class="choice"><input type="checkbox" checked=${waited} onChange=${() => setWaited(!waited)} /><span>The time has passed: ${next.step === "drop" ? "no token of the old key is still on its way" : "every server knows the new key"}. <span class="note">Only the order is judged then.</span></span></label>`}
      ${!(next.step === "add" && (!model || model.need === "published")) && html`<div class="row"><button class="primary" disabled=${busy || ((waits || unknown) && !waited) || (next.step === "add" && isGiven && material.trim() === "")}>${{ add: "Add the next key", activate: "Make the next key active", drop: "Drop the old key" }[next.step]}</button></div>`}
      <${Trouble} fault=${fault} />
      ${fault instanceof Refused && fault.expected && html`<p class="note">${String(fault.expected)}</p>`}
    </form>`}
    ${made && html`<div class="notice good stack" role="status"><p>The key <code>${made.name}</code> is there as the next one. ${made.secret ? "Its secret is shown this once and cannot be read back." : "Give its public half to those who encrypt."}</p>
      ${made.secret && html`<${Copied} label="TOKEN_KEY" value=${made.secret} note="In base64url. Put it into your server’s own secrets, then make the key active." />`}
      ${made.public && html`<${Copied} label="Public key" value=${JSON.stringify(made.public)} />`}</div>`}
  </section>`;
}

/** @param {{ next: List["next"], waits: boolean, unknown: boolean, need?: string }} properties */
function Next({ next: { step, from }, waits, unknown, need }) {
  const when = waits && from ? ` Safe from ${moment(from)}.` : "";
  if (step === "activate") return html`<p>Next: let your servers use the new key, and make it active. The old one retires.${when || (unknown ? " Nobody has noted when it came." : "")}</p>`;
  if (step === "drop") return html`<p>Next: drop the old key once its last token has expired.${when || (unknown ? " How long tokens live is not known: set the longest lifetime under Secure token, or say that the time has passed." : "")}</p>`;
  if (need === "published") return html`<p>Nothing to do here: you publish the keys. Add the next one to the set at its URL, sign with it a while later, and take the old one out when its last token has expired.</p>`;
  return html`<p>Next: add the key that takes the place of the active one. Both are accepted until you drop the old one, so nobody is refused.</p>`;
}

/** @param {{ of: Key, revoke: ((name: string) => void) | false, busy: boolean }} properties */
function Row({ of: { name, method, alg, status, since, until, secret, written, ends, used, published }, revoke, busy }) {
  return html`<tr><td><code>${name}</code><br /><span class="note">${[method, alg, secret && `secret ${secret}`].filter(Boolean).join(" · ")}</span>${written && html`<br /><span class="note">stored ${moment(written)}</span>`}${ends && html`<br /><span class="note">certificate ends ${moment(ends)}</span>`}</td>
    <td><span class="phases">${PHASES.includes(status) ? PHASES.map((phase) => html`<span class=${phase === status ? `badge ${status}` : "note"} aria-hidden=${phase === status ? undefined : "true"}>${phase}</span>`) : html`<span class=${`badge ${status}`}>${status}</span>`}</span><span class="note">${SAYS[status]}</span></td>
    <td data-label="Since">${since ? moment(since) : "–"}</td><td data-label="Until">${until ? html`may go from ${moment(until)}` : "–"}</td><td data-label="Last used">${used ? moment(used) : "–"}</td>
    <td>${revoke && status !== "revoked" && html`<button type="button" class="quiet" disabled=${busy} onClick=${() => revoke(name)} aria-label=${`Revoke ${name}`}>Revoke</button>`}</td></tr>
    ${published && html`<tr><td colspan="6"><p class="note">${published.url}: ${published.failed ? html`<span class="fault">cannot be had (${published.failed})</span>` : `fetched ${published.fetchedAt ? moment(published.fetchedAt) : "never"}`}</p>
      ${published.keys.slice(0, SHOWN).map(({ kid, kty, alg: own, usable, first, used: last }) => html`<p class="note"><span class=${`badge ${usable ? "pass" : "fail"}`}>${usable ? "usable" : "unusable"}</span> <code>${kid ?? "no kid"}</code> ${[kty, own].filter(Boolean).join(" ")}${first ? ` · seen since ${moment(first)}` : ""}${last ? ` · used ${moment(last)}` : ""}</p>`)}</td></tr>`}`;
}
