// The key of secure tokens: by a key set's URL, which is looked at while it is typed, by a public key, or by a shared secret that is
// made here and shown once.

import { Refused, call, own } from "./api.js";
import { freeName, newSecret } from "./document.js";
import { html, useEffect, useState } from "./html.js";
import { Field, Trouble, useWork } from "./pieces.js";
import { PUBLIC_ALGS, algOf } from "./public_key.js";

/** @typedef {{ method: "keep" | "jwks" | "publicKey" | "symmetricKey", alg: string, url: string, algs: string, key: string, secret: string }} Key secret: the name of a stored one */

/** @type {[Key["method"], string, string][]} */
const METHODS = [
  ["symmetricKey", "Shared secret", "The least code. Both sides hold one secret of random bytes; it is made here."],
  ["jwks", "Key-set URL", "You publish your public keys as a JWK set. You rotate keys without us."],
  ["publicKey", "Public key", "You paste one public key: PEM, certificate or JWK. Your private key stays with you."],
];
const SHARED = ["HS256", "HS384", "HS512"];
const PAUSE_MS = 500;
const SECONDS = 1000;

/** @param {{ value: Key, onChange: (key: Key) => void, kept: number, secrets: { name: string }[], onMade: (name: string, value: string) => Promise<void>, fault?: string }} properties kept: how many keys there are already */
export function TokenKey({ value, onChange, kept, secrets, onMade, fault }) {
  const change = (/** @type {Partial<Key>} */ part) => onChange({ ...value, ...part });
  const methods = kept > 0 ? [/** @type {[Key["method"], string, string]} */ (["keep", `Keep the ${kept === 1 ? "key" : `${kept} keys`}`, "A new key below comes beside the one in use and is accepted at once. Make it active under Keys, where the old one then retires."]), ...METHODS] : METHODS;
  const pick = (/** @type {Key["method"]} */ method) => change({ method, alg: method === "symmetricKey" ? "HS256" : "ES256" });
  const algs = value.method === "symmetricKey" ? SHARED : PUBLIC_ALGS;
  const [guessed, setGuessed] = useState(/** @type {string | undefined} */ (undefined));
  const paste = (/** @type {string} */ key) => {
    const alg = algOf(key);
    setGuessed(alg);
    change({ key, ...(alg && { alg }) });
  };
  return html`<fieldset><legend>Key</legend>
    ${methods.map(([method, title, says]) => html`<label class="choice" key=${method}><input type="radio" name="method" value=${method} checked=${value.method === method} onChange=${() => pick(method)} /><span><b>${title}</b><span class="note">${says}</span></span></label>`)}
    ${value.method === "jwks" && html`<${KeySetUrl} value=${value} change=${change} />`}
    ${value.method === "publicKey" && html`<${Field} label="Public key" value=${value.key} onInput=${paste} rows=${6} placeholder="-----BEGIN PUBLIC KEY-----" note=${guessed ? `${/BEGIN CERTIFICATE/.test(value.key) ? "A certificate, whose key is" : "A key"} for ${guessed}.` : "PEM, certificate or JWK. Never a private key."} />`}
    ${(value.method === "publicKey" || value.method === "symmetricKey") && html`<${Field} label="Algorithm" value=${value.alg} onInput=${(/** @type {string} */ alg) => change({ alg, secret: "" })} choices=${algs.map((alg) => [alg, alg])} note="A token with another algorithm is refused." />`}
    ${value.method === "symmetricKey" && html`<${SharedSecret} alg=${value.alg} isMade=${value.secret !== ""} secrets=${secrets} onMade=${onMade} />`}
    ${fault && html`<p class="fault" role="alert">${fault}</p>`}
  </fieldset>`;
}

/** @param {{ value: Key, change: (part: Partial<Key>) => void }} properties */
function KeySetUrl({ value, change }) {
  const [judged, setJudged] = useState(/** @type {any} */ (undefined));
  const [fault, setFault] = useState("");
  useEffect(() => {
    setJudged(undefined);
    setFault("");
    if (!/^https?:\/\/[^/]/.test(value.url)) return;
    let isOver = false;
    const timer = setTimeout(() => {
      call("POST", own("/key-set"), { url: value.url }).then(
        (found) => isOver || setJudged(found),
        (problem) => isOver || setFault(problem instanceof Refused ? (problem.expected ?? problem.message) : "It could not be looked at."),
      );
    }, PAUSE_MS);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [value.url]);
  return html`<div class="stack">
    <${Field} label="URL of the key set" type="url" value=${value.url} onInput=${(/** @type {string} */ url) => change({ url: url.trim() })} placeholder="https://www.example.com/.well-known/jwks.json" note="It is fetched while you type. Each token must name its key (kid)." fault=${fault || undefined} />
    ${judged && html`<${KeySet} judged=${judged} />`}
    <${Field} label="Algorithms" value=${value.algs} onInput=${(/** @type {string} */ algs) => change({ algs })} placeholder="ES256 RS256" note="Only these are accepted; empty: those that fit each key." />
  </div>`;
}

/** @param {{ judged: any }} properties */
function KeySet({ judged: { status, says, how, code, got, expected, found, fetched = [] } }) {
  const kind = /** @type {Record<string, string>} */ ({ pass: "good", warn: "warn", fail: "bad" })[status] ?? "";
  const keys = /** @type {any[]} */ (found?.keys ?? []);
  return html`<div class=${`notice ${kind}`} role="status">
    <p><b>${status === "pass" ? `The key set has ${keys.length === 1 ? "one key" : `${keys.length} keys`}.` : says}</b> ${how ?? ""}</p>
    ${code && html`<p><a href=${`/codes/#${code}`} target="_blank" rel="noreferrer"><code>${code}</code></a> ${expected ? `expected ${expected}` : ""}${got ? `, got ${got}` : ""}</p>`}
    ${keys.map(({ kid, kty, alg, use, usable }) => html`<p><span class=${`badge ${usable ? "pass" : use === "enc" ? "" : "fail"}`}>${usable ? "usable" : use === "enc" ? "encryption" : "unusable"}</span> <code>${kid ?? "no kid"}</code> ${[kty, alg].filter(Boolean).join(" ")}</p>`)}
    ${fetched.map((/** @type {any} */ { status: http, failed, ms, bytes }) => html`<p class="note">${failed ? `no answer: ${failed}` : `status ${http}, ${bytes} bytes`}, ${ms < SECONDS ? `${ms} ms` : `${Math.round(ms / SECONDS)} s`}</p>`)}
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
  return html`<div class="row"><button type="button" onClick=${make} disabled=${busy}>${isMade ? "Make another secret" : "Make a secret"}</button></div><${Trouble} fault=${fault} />`;
}
