// Secure token: the key, what a token must say, encryption, the campaigns; then a token that is judged by these very settings, and
// the program that makes one.

import { Campaigns } from "../campaigns.js";
import { ContentKeyFields, CryptoSteps, FIRST, storeContentKey } from "./content_key.js";
import { campaignsOf, freeName, list, load, save, set, setTechnique } from "../document.js";
import { faultAt } from "../faults.js";
import { html, useState } from "../html.js";
import { Judge } from "./judge.js";
import { Copied, Field, Loaded, Saved, Trouble, useWork } from "../pieces.js";
import { asSetting } from "./public_key.js";
import { Snippets } from "./snippets_view.js";
import { TokenKey } from "./token_keys.js";
import { say, sayOf, sayWith } from "../words/speech.js";

/** @import { Key } from "./token_keys.js" */
/** @import { Document, Read } from "../document.js" */

const REPORTED = ["expiry", "audience", "encryption"];
const EXPIRIES = ["required", "optional"];
const ENCRYPTIONS = ["off", "accept", "require"];
const SECONDS = 1000;
/** The variable that the programs below read. */
const TOKEN_KEY = "TOKEN_KEY";

/** What the form holds of the settings. @param {Document} secureToken */
const formOf = ({ issuer, audience, expiry = "required", maxLifetimeSeconds, decrypt, encryption, reportOnly = [] }) => ({
  issuer: list(issuer).join(" "),
  audience: list(audience).join(" "),
  expiry,
  life: maxLifetimeSeconds === undefined ? "" : String(maxLifetimeSeconds),
  encryption: list(decrypt).length === 0 ? "off" : (encryption ?? "require"),
  reportOnly: /** @type {string[]} */ (reportOnly),
});

/** Several values in one field, with a blank between two. @param {string} text @returns {string | string[] | undefined} */
function words(text) {
  const all = text.split(/\s+/).filter(Boolean);
  return all.length > 1 ? all : all[0];
}

/** @param {Key} key @param {number} seconds @param {"active" | "next"} status @returns {Record<string, unknown>} as the document has it */
function entryOf({ method, url, algs, key, alg, secret }, seconds, status) {
  const id = `console-${new Date(seconds * SECONDS).toISOString().slice(0, 16).replace(/[-:T]/g, "")}`;
  const own = { id, status, since: seconds, method };
  if (method === "jwks") return { ...own, url, ...(algs.trim() && { algs: algs.split(/[\s,]+/).filter(Boolean) }) };
  if (method === "publicKey") return { ...own, alg, key: asSetting(key) };
  return { ...own, alg, encoding: "base64url", key: { secret } };
}

export const SecureToken = () => html`<${Loaded} load=${load} show=${(/** @type {Read} */ first) => html`<${Settings} first=${first} />`} />`;

/** @param {{ first: Read }} properties */
function Settings({ first }) {
  const [{ document, secrets }, setLoaded] = useState(first);
  const before = document.secureToken ?? {};
  const keys = list(before.verify).filter(({ status }) => status !== "revoked");
  const [key, setKey] = useState(/** @type {Key} */ ({ method: keys.length > 0 ? "keep" : "symmetricKey", alg: "HS256", url: "", algs: "", key: "", secret: "" }));
  const [form, setForm] = useState(formOf(before));
  const [chosen, setChosen] = useState(before.verify ? campaignsOf(document, "token") : Object.keys(document.campaigns ?? {}).slice(0, 1));
  const [contentKey, setContentKey] = useState(FIRST);
  const [stored, setStored] = useState(/** @type {{ shown?: string, link?: string } | undefined} */ (undefined));
  const [secret, setSecret] = useState("");
  const [saved, setSaved] = useState(/** @type {any} */ (undefined));
  const { busy, fault, run } = useWork();
  const change = (/** @type {Partial<typeof form>} */ part) => setForm({ ...form, ...part });
  const hasContentKey = list(before.decrypt).length > 0;
  const lacks = key.method === "symmetricKey" && !key.secret ? say("token.lacks.secret") : key.method === "jwks" && !key.url ? say("token.lacks.url") : key.method === "publicKey" && !key.key.trim() ? say("token.lacks.key") : form.encryption !== "off" && !hasContentKey && contentKey.whose === "own" && !contentKey.value ? say("token.lacks.content") : "";

  const made = async (/** @type {string} */ name, /** @type {string} */ value) => {
    setKey({ ...key, secret: name });
    setSecret(value);
    // The form goes on from the document that it was made from.
    setLoaded({ ...(await load()), document });
  };
  const store = () => run(async () => {
    setSaved(undefined);
    // Beside a key in use, a new one waits: it is accepted at once, and made active under Keys once the servers sign with it.
    const isFirst = !keys.some(({ status = "active" }) => status === "active");
    const entry = key.method === "keep" ? undefined : entryOf(key, Math.floor(Date.now() / SECONDS), isFirst ? "active" : "next");
    const decrypts = form.encryption !== "off" && !hasContentKey;
    const name = freeName("JWE", secrets);
    const made = decrypts ? await storeContentKey(contentKey, name) : undefined;
    const result = await save((changed) => {
      const settings = (changed.secureToken ??= {});
      if (entry) settings.verify = [...list(settings.verify), entry];
      set(settings, "issuer", words(form.issuer));
      set(settings, "audience", words(form.audience));
      set(settings, "expiry", form.expiry === "required" ? undefined : form.expiry);
      set(settings, "maxLifetimeSeconds", form.life.trim() === "" ? undefined : Number(form.life));
      if (made) settings.decrypt = [made.entry];
      set(settings, "encryption", form.encryption === "require" ? undefined : form.encryption === "off" && list(settings.decrypt).length === 0 ? undefined : form.encryption);
      set(settings, "reportOnly", form.reportOnly);
      setTechnique(changed, "token", chosen);
    }, document);
    // The form shows what is stored: somebody else's value, where that was taken. Keys are written once, and never read back.
    const now = await load();
    setLoaded(now);
    setForm(formOf(now.document.secureToken));
    setChosen(campaignsOf(now.document, "token"));
    setKey({ ...key, method: "keep" });
    setStored(made);
    setContentKey(FIRST);
    setSaved(result);
  });

  const active = list(document.secureToken?.verify).findLast(({ status = "active" }) => status === "active");
  return html`<div class="stack">
    <form class="card stack" onSubmit=${(/** @type {Event} */ event) => { event.preventDefault(); void store(); }}>
      <h2>${say("view.token")}</h2>
      <${TokenKey} value=${key} onChange=${setKey} kept=${keys.length} secrets=${secrets} onMade=${made} fault=${faultAt(fault, "/secureToken/verify")} />
      <div class="beside">
        <${Field} label=${say("token.issuer")} value=${form.issuer} onInput=${(/** @type {string} */ issuer) => change({ issuer })} note=${say("token.issuer.note")} fault=${faultAt(fault, "/secureToken/issuer")} />
        <${Field} label=${say("token.audience")} value=${form.audience} onInput=${(/** @type {string} */ audience) => change({ audience })} note=${say("token.audience.note")} fault=${faultAt(fault, "/secureToken/audience")} />
        <${Field} label=${say("token.expiry")} value=${form.expiry} onInput=${(/** @type {string} */ expiry) => change({ expiry })} choices=${EXPIRIES.map((name) => [name, sayOf("token.expiry", name)])} fault=${faultAt(fault, "/secureToken/expiry")} />
        <${Field} label=${say("token.life")} type="number" value=${form.life} onInput=${(/** @type {string} */ life) => change({ life })} note=${say("token.life.note")} fault=${faultAt(fault, "/secureToken/maxLifetimeSeconds")} />
        <${Field} label=${say("token.encryption")} value=${form.encryption} onInput=${(/** @type {string} */ encryption) => change({ encryption })} choices=${ENCRYPTIONS.map((name) => [name, sayOf("token.encryption", name)])} note=${say(form.encryption === "off" ? "token.encryption.none" : "token.encryption.steps")} fault=${faultAt(fault, "/secureToken/encryption")} />
        <fieldset><legend>${say("token.reported")}</legend>${REPORTED.map((name) => html`<label class="choice" key=${name}><input type="checkbox" checked=${form.reportOnly.includes(name)} onChange=${() => change({ reportOnly: form.reportOnly.includes(name) ? form.reportOnly.filter((one) => one !== name) : [...form.reportOnly, name] })} /><span>${sayOf("token.reported", name)}</span></label>`)}</fieldset>
      </div>
      ${form.encryption !== "off" && !hasContentKey && html`<${ContentKeyFields} value=${contentKey} onChange=${setContentKey} fault=${faultAt(fault, "/secureToken/decrypt") ?? faultAt(fault, "/value")} />`}
      ${form.encryption !== "off" && html`<${CryptoSteps} />`}
      <${Campaigns} document=${document} chosen=${chosen} onChange=${setChosen} />
      <div class="row"><button class="primary" disabled=${busy || lacks !== ""}>${say("token.save")}</button>${lacks && html`<span class="note">${lacks}</span>`}</div>
      <${Trouble} fault=${fault} />
      ${secret && html`<div class="notice good stack" role="status"><p>${sayWith("token.secret.stored", { name: html`<code>${key.secret}</code>` })}</p><${Copied} label=${TOKEN_KEY} value=${secret} note=${say("token.secret.note")} /></div>`}
      ${stored?.shown && html`<div class="notice good"><${Copied} label=${say("content.legend")} value=${stored.shown} note=${say("content.shown")} /></div>`}
      ${stored?.link && html`<p class="notice good">${sayWith("content.public", { link: html`<a href=${stored.link} target="_blank" rel="noreferrer">${stored.link}</a>` })}</p>`}
      ${saved && html`<${Saved} says=${say("token.saved", { version: saved.version })} warnings=${saved.warnings} />`}
    </form>
    ${active && html`<${Snippets} active=${active} settings=${document.secureToken} campaignId=${chosen[0] ?? ""} />
      <${Judge} campaigns=${campaignsOf(document, "token")} />`}
  </div>`;
}
