// The mapping: claims that really came on the left, fields of the form on the right, and the form as it would be filled.

import { under } from "../../shared/under.js";
import { save } from "../document.js";
import { faultAt } from "../faults.js";
import { html, useState } from "../html.js";
import { FieldFault, Trouble, useWork } from "../pieces.js";
import { consentIn, inLanguage, locale, say } from "../words/speech.js";

/** @import { Document } from "../document.js" */

/** @typedef {{ path: string, type: string, length?: number, shown?: string }} Claim */
/** @typedef {{ from: string, lock: boolean }} Source from: a JSON Pointer; empty where nothing fills the field */

/** Fields and opt-ins of the campaigns that people sign in to. @param {Document} document @returns {{ name: string, label: string, isOptin: boolean }[]} */
function fieldsOf(document) {
  const campaigns = Object.values(document.campaigns ?? {}).filter(({ signIn = [] }) => signIn.includes("oauth"));
  const all = campaigns.flatMap(({ fields = [], optins = [] }) => [
    ...fields.map((/** @type {any} */ field) => ({ name: field.name, label: inLanguage(field.label) || field.name, isOptin: false })),
    ...optins.map((/** @type {any} */ optin) => ({ name: optin.name, label: consentIn(optin) || optin.name, isOptin: true })),
  ]);
  return all.filter(({ name }, index) => all.findIndex((other) => other.name === name) === index);
}

/** A source as a JSON Pointer. @param {any} source @returns {Source} */
function read(source) {
  const { from = "", lock = false } = typeof source === "string" ? { from: source } : (source ?? {});
  return { from: from === "" || from.startsWith("/") ? from : `/${from}`, lock };
}

/** A name of its own where the pointer is no more than that. @param {string} pointer */
const shortest = (pointer) => (/^\/[^/~]+$/.test(pointer) ? pointer.slice(1) : pointer);

/** The claim that is most likely a field's, by its name. @param {string} name @param {Claim[]} claims */
function likely(name, claims) {
  const plain = (/** @type {string} */ text) => text.toLowerCase().replace(/[^a-z]/g, "");
  const known = /** @type {Record<string, string>} */ ({ firstname: "givenname", lastname: "familyname", phone: "phonenumber", tel: "phonenumber", zip: "postalcode", city: "locality" });
  const wanted = [plain(name), under(known, plain(name))];
  return claims.find(({ path }) => wanted.includes(plain(path.split("/").at(-1) ?? "")))?.path ?? "";
}

/** @param {{ document: Document, trial: { at: string, claims: { from: string, rows: Claim[] }[] }, onSaved: () => Promise<Document> }} properties onSaved: gives what is stored */
export function Mapping({ document, trial, onSaved }) {
  // Of a claim in both places, the profile's counts.
  const claims = [...new Map(trial.claims.flatMap(({ rows }) => rows).filter(({ type }) => type !== "object").map((claim) => [claim.path, claim])).values()];
  const fields = fieldsOf(document);
  const sourcesOf = (/** @type {Document} */ { mapping = {} }, guess = likely) => Object.fromEntries(fields.map(({ name }) => {
    const source = under(mapping, name);
    return [name, source === undefined ? { from: guess(name, claims), lock: false } : read(source)];
  }));
  const [sources, setSources] = useState(() => sourcesOf(document));
  const [saved, setSaved] = useState(0);
  const { busy, fault, run } = useWork();
  const change = (/** @type {string} */ name, /** @type {Partial<Source>} */ part) => setSources({ ...sources, [name]: { ...sources[name], ...part } });
  const store = () => run(async () => {
    const { version } = await save((changed) => {
      const mapping = new Map(Object.entries(changed.mapping ?? {}));
      for (const [name, { from, lock }] of Object.entries(sources)) {
        const before = mapping.get(name);
        const { from: _from, lock: _lock, ...rest } = typeof before === "object" ? before : {};
        if (from === "") mapping.delete(name);
        else mapping.set(name, lock || Object.keys(rest).length > 0 ? { from: shortest(from), ...rest, ...(lock && { lock }) } : shortest(from));
      }
      changed.mapping = Object.fromEntries(mapping);
    }, document);
    setSaved(version);
    setSources(sourcesOf(await onSaved(), () => ""));
  });
  const about = (/** @type {Claim | undefined} */ claim) => (claim ? (claim.length === undefined ? (claim.shown ?? claim.type) : say("mapping.characters", { shown: claim.shown ?? claim.type, count: claim.length })) : "");

  return html`<div class="stack">
    <h2>${say("mapping.title")}</h2>
    <p class="soft">${say("mapping.text", { time: new Date(trial.at).toLocaleTimeString(locale(), { timeStyle: "short" }) })}</p>
    <div class="beside">
      <div class="stack"><h3>${say("mapping.claims")}</h3><div class="scroll" tabindex="0" role="group" aria-label=${say("mapping.claims")}><table class="list"><thead><tr><th scope="col">${say("mapping.claim")}</th><th scope="col">${say("mapping.value")}</th></tr></thead>
        <tbody>${claims.map((claim) => html`<tr key=${claim.path}><td><code>${claim.path}</code></td><td>${about(claim)}</td></tr>`)}</tbody></table></div></div>
      <div class="stack"><h3>${say("mapping.fields")}</h3>
        ${fields.map(({ name, label, isOptin }) => html`<div class="field" key=${name}><label for=${`map-${name}`}><b>${label}</b> <code>${name}</code></label>
          <select id=${`map-${name}`} value=${sources[name]?.from} onInput=${(/** @type {any} */ event) => change(name, { from: event.currentTarget.value })}><option value="">${say("mapping.empty")}</option>
            ${[...new Set([...claims.map(({ path }) => path), sources[name]?.from].filter(Boolean))].map((path) => html`<option value=${path} selected=${path === sources[name]?.from}>${path}</option>`)}</select>
          ${faultAt(fault, `/mapping/${name}`) && html`<${FieldFault} fault=${faultAt(fault, `/mapping/${name}`)} />`}
          <span class="note">${sources[name]?.from ? say("mapping.filled", { what: about(claims.find(({ path }) => path === sources[name].from)) || say("mapping.nothing") }) : say("mapping.typed")}</span>
          ${!isOptin && sources[name]?.from && html`<label class="choice"><input type="checkbox" checked=${sources[name].lock} onChange=${() => change(name, { lock: !sources[name].lock })} /><span>${say("mapping.locked")}</span></label>`}</div>`)}
        <${Filled} fields=${fields} sources=${sources} claims=${claims} />
        <div class="row"><button type="button" class="primary" disabled=${busy} onClick=${store}>${say("mapping.save")}</button></div>
        <${Trouble} fault=${fault} />
        ${saved > 0 && html`<p class="notice good" role="status">${say("mapping.saved", { version: saved })}</p>`}
      </div>
    </div>
  </div>`;
}

/** The form as the participant finds it: of each value only what is shown of the claim. @param {{ fields: ReturnType<typeof fieldsOf>, sources: Record<string, Source>, claims: Claim[] }} properties */
function Filled({ fields, sources, claims }) {
  const valueOf = (/** @type {string} */ name) => {
    const claim = claims.find(({ path }) => path === sources[name]?.from);
    return claim ? (claim.shown ?? claim.type) : "";
  };
  return html`<fieldset class="filled"><legend>${say("mapping.preview")}</legend>
    ${fields.map(({ name, label, isOptin }) => isOptin
      ? html`<label class="choice" key=${name}><input type="checkbox" disabled checked=${valueOf(name) !== ""} /><span>${label} <span class="note">${valueOf(name) ? say("mapping.optin.filled") : say("mapping.optin.free")}</span></span></label>`
      : html`<label class="field" key=${name}><span>${label}${sources[name]?.lock && valueOf(name) ? html` <span class="badge">${say("mapping.locked")}</span>` : ""}</span><input readonly value=${valueOf(name)} placeholder=${say("mapping.placeholder")} /></label>`)}
  </fieldset>`;
}
