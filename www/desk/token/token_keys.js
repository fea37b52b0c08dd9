// The key of secure tokens: by a key set's URL, which is looked at while it is typed, by a public key, or by a shared secret that is
// made here and shown once.

import { PUBLIC_ALGS, SHARED_ALGS } from "./algorithms.js";
import { call, own } from "../api.js";
import { freeName, newSecret } from "../document.js";
import { html, useState } from "../html.js";
import { useLook } from "../sign_on/look.js";
import { Code, Field, FieldFault, Trouble, useWork } from "../pieces.js";
import { algOf } from "./public_key.js";
import { say, sayOf } from "../words/speech.js";

/** @typedef {{ method: "keep" | "jwks" | "publicKey" | "symmetricKey", alg: string, url: string, algs: string, key: string, secret: string }} Key secret: the name of a stored one */

/** @import { Fault } from "../api.js" */

/** @type {Key["method"][]} */
const METHODS = ["symmetricKey", "jwks", "publicKey"];
/** The settings of a key that have a field. @type {Record<string, string[]>} */
const SHOWN = { jwks: ["url", "algs"], publicKey: ["key", "alg"], symmetricKey: ["alg"] };
/** How a PEM key begins. */
const PEM = "-----BEGIN PUBLIC KEY-----";
/** What the names of algorithms look like. */
const SOME_ALGS = "ES256 RS256";

/** @param {{ value: Key, onChange: (key: Key) => void, kept: number, secrets: { name: string }[], onMade: (name: string, value: string) => Promise<void>, fault?: Fault }} properties kept: how many keys there are already; fault: of the settings of keys */
export function TokenKey({ value, onChange, kept, secrets, onMade, fault }) {
  const change = (/** @type {Partial<Key>} */ part) => onChange({ ...value, ...part });
  const methods = /** @type {Key["method"][]} */ (kept > 0 ? ["keep", ...METHODS] : METHODS);
  const titleOf = (/** @type {Key["method"]} */ method) => (method === "keep" ? say("token.keep") : sayOf("token.method", method));
  const noteOf = (/** @type {Key["method"]} */ method) => (method === "keep" ? say("token.keep.note") : sayOf("token.method", `${method}.note`));
  const pick = (/** @type {Key["method"]} */ method) => change({ method, alg: method === "symmetricKey" ? "HS256" : "ES256" });
  const algs = value.method === "symmetricKey" ? SHARED_ALGS : PUBLIC_ALGS;
  const ofMember = fault?.path.split("/").at(4) ?? "";
  const faultOf = (/** @type {string} */ member) => (member === ofMember ? fault : undefined);
  const [guessed, setGuessed] = useState(/** @type {string | undefined} */ (undefined));
  const paste = (/** @type {string} */ key) => {
    const alg = algOf(key);
    setGuessed(alg);
    change({ key, ...(alg && { alg }) });
  };
  return html`<fieldset><legend>${say("token.key")}</legend>
    ${methods.map((method) => html`<label class="choice" key=${method}><input type="radio" name="method" value=${method} checked=${value.method === method} onChange=${() => pick(method)} /><span><b>${titleOf(method)}</b><span class="note">${noteOf(method)}</span></span></label>`)}
    ${value.method === "jwks" && html`<${KeySetUrl} value=${value} change=${change} faultOf=${faultOf} />`}
    ${value.method === "publicKey" && html`<${Field} label=${say("token.method.publicKey")} value=${value.key} onInput=${paste} rows=${6} placeholder=${PEM} note=${guessed ? say(/BEGIN CERTIFICATE/.test(value.key) ? "token.public.certificate" : "token.public.key", { alg: guessed }) : say("token.public.note")} fault=${faultOf("key")} />`}
    ${(value.method === "publicKey" || value.method === "symmetricKey") && html`<${Field} label=${say("token.alg")} value=${value.alg} onInput=${(/** @type {string} */ alg) => change({ alg, secret: "" })} choices=${algs.map((alg) => [alg, alg])} note=${say("token.alg.note")} fault=${faultOf("alg")} />`}
    ${value.method === "symmetricKey" && html`<${SharedSecret} alg=${value.alg} isMade=${value.secret !== ""} secrets=${secrets} onMade=${onMade} />`}
    ${fault && !SHOWN[value.method]?.includes(ofMember) && html`<p><${FieldFault} fault=${fault} /></p>`}
  </fieldset>`;
}

/** @param {{ value: Key, change: (part: Partial<Key>) => void, faultOf: (member: string) => Fault | undefined }} properties */
function KeySetUrl({ value, change, faultOf }) {
  const { judged, fault } = useLook("/key-set", "url", { url: value.url });
  return html`<div class="stack">
    <${Field} label=${say("token.set")} type="url" value=${value.url} onInput=${(/** @type {string} */ url) => change({ url: url.trim() })} placeholder="https://www.example.com/.well-known/jwks.json" note=${say("token.set.note")} fault=${fault ?? faultOf("url")} />
    ${judged && html`<${KeySet} judged=${judged} />`}
    <${Field} label=${say("token.set.algs")} value=${value.algs} onInput=${(/** @type {string} */ algs) => change({ algs })} placeholder=${SOME_ALGS} note=${say("token.set.algs.note")} fault=${faultOf("algs")} />
  </div>`;
}

/** @param {{ judged: any }} properties */
function KeySet({ judged: { status, says, how, code, got, expected, found, fetched = [] } }) {
  const kind = /** @type {Record<string, string>} */ ({ pass: "good", warn: "warn", fail: "bad" })[status] ?? "";
  const keys = /** @type {any[]} */ (found?.keys ?? []);
  return html`<div class=${`notice ${kind}`} role="status">
    <p><b>${status === "pass" ? say("token.set.found", { n: keys.length }) : says}</b> ${how ?? ""}</p>
    ${code && html`<p><${Code} code=${code} /> ${[expected && say("token.set.expected", { what: expected }), got && say("token.set.got", { what: got })].filter(Boolean).join(", ")}</p>`}
    ${keys.map(({ kid, kty, alg, use, usable }) => html`<p><span class=${`badge ${usable ? "pass" : use === "enc" ? "" : "fail"}`}>${say(usable ? "token.set.usable" : use === "enc" ? "token.set.encryption" : "token.set.unusable")}</span> <code>${kid ?? say("token.set.nokid")}</code> ${[kty, alg].filter(Boolean).join(" ")}</p>`)}
    ${fetched.map((/** @type {any} */ { status: http, failed, ms, bytes }) => html`<p class="note">${failed ? say("token.set.noanswer", { why: failed }) : say("token.set.status", { status: String(http), bytes, ms })}</p>`)}
  </div>`;
}

/** @param {{ alg: string, isMade: boolean, secrets: { name: string }[], onMade: (name: string, value: string) => Promise<void> }} properties */
function SharedSecret({ alg, isMade, secrets, onMade }) {
  const { busy, fault, run } = useWork();
  const make = () => run(async () => {
    // As long as the hash (RFC 7518 section 3.2).
    const [value, name] = [newSecret(Number(alg.slice(2)) / 8), freeName("TOKEN", secrets)];
    await call("PUT", own(`/secrets/${name}`), { value, purpose: "verify" });
    await onMade(name, value);
  });
  return html`<div class="row"><button type="button" onClick=${make} disabled=${busy}>${say(isMade ? "token.secret.again" : "token.secret.make")}</button></div><${Trouble} fault=${fault} />`;
}
