// The key by which tokens are decrypted: made here and shown once, the customer's own, which is written once and never shown, or a pair of
// ours, of which the customer gets the public half. And the three steps of a token that the Crypto API encrypts.

import { ENCS, SHARED_WRAPS } from "./algorithms.js";
import { account, call, own } from "../api.js";
import { newSecret } from "../document.js";
import { html } from "../html.js";
import { Field } from "../pieces.js";
import { say, sayOf, sayWith } from "../words/speech.js";

/** @typedef {{ whose: "made" | "own" | "pair", alg: string, enc: string, value: string }} ContentKey value: the customer's own, in base64url */

/** @type {ContentKey} */
export const FIRST = { whose: "made", alg: "A256KW", enc: "A256GCM", value: "" };

/** @type {ContentKey["whose"][]} */
const KINDS = ["made", "own", "pair"];
/** What a token looks like before, and how a page passes it on. */
const [SIGNED, ATTRIBUTE] = ["header.claims.signature", "data-handstamp-token"];
/** Of a pair of ours, which the service makes: no page ever has the private key. */
const PAIR = "ECDH-ES+A256KW";

/** @param {{ value: ContentKey, onChange: (key: ContentKey) => void, fault?: string }} properties */
export function ContentKeyFields({ value, onChange, fault }) {
  const change = (/** @type {Partial<ContentKey>} */ part) => onChange({ ...value, ...part });
  return html`<fieldset><legend>${say("content.legend")}</legend>
    ${KINDS.map((whose) => html`<label class="choice" key=${whose}><input type="radio" name="whose" value=${whose} checked=${value.whose === whose} onChange=${() => change({ whose })} /><span><b>${sayOf("content", whose)}</b><span class="note">${sayOf("content", `${whose}.note`)}</span></span></label>`)}
    ${value.whose === "own" && html`<${Field} label=${say("content.key")} type="password" value=${value.value} onInput=${(/** @type {string} */ text) => change({ value: text.trim() })} note=${say("content.key.note")} fault=${fault} />
      <div class="beside"><${Field} label=${say("content.alg")} value=${value.alg} onInput=${(/** @type {string} */ alg) => change({ alg })} choices=${SHARED_WRAPS.map((alg) => [alg, alg])} note=${value.alg === "dir" ? say("content.alg.dir") : ""} />
        <${Field} label=${say("content.enc")} value=${value.enc} onInput=${(/** @type {string} */ enc) => change({ enc })} choices=${ENCS.map((enc) => [enc, enc])} /></div>`}
  </fieldset>`;
}

/**
 * Stores the key, and gives its entry in the document.
 * @param {ContentKey} key
 * @param {string} name of its secret
 * @returns {Promise<{ entry: object, shown?: string, link?: string }>} shown: the key, this once; link: where the public half is
 */
export async function storeContentKey({ whose, alg, enc, value }, name) {
  const store = (/** @type {{ value: string } | { keyPair: string }} */ secret) => call("PUT", own(`/secrets/${name}`), { ...secret, purpose: "decrypt" });
  const entry = { id: name.toLowerCase(), status: "active", since: Math.floor(Date.now() / 1000), key: { secret: name }, enc };
  if (whose === "pair") {
    await store({ keyPair: PAIR });
    return { entry: { ...entry, alg: PAIR }, link: `/v1/crypto/${account}/jwks.json` };
  }
  const text = whose === "own" ? value : newSecret();
  await store({ value: text });
  return { entry: { ...entry, encoding: "base64url", alg: whose === "own" ? alg : "A256KW", enc: whose === "own" ? enc : "A256GCM" }, ...(whose === "made" && { shown: text }) };
}

/** The way of a token that is encrypted, as a picture. */
export function CryptoSteps() {
  return html`<figure class="plain"><figcaption>${say("crypto.caption")}</figcaption><ol class="three-steps">
    <li><b>${say("crypto.sign")}</b><span class="note">${say("crypto.sign.note")}</span><code>${SIGNED}</code></li>
    <li><b>${say("crypto.encrypt")}</b><span class="note">${sayWith("crypto.encrypt.note", { route: html`<code>${"POST /v1/crypto/encrypt"}</code>`, scope: html`<code>${"crypto"}</code>` })}</span><code>${say("crypto.encrypt.parts")}</code></li>
    <li><b>${say("crypto.pass")}</b><span class="note">${say("crypto.pass.note")}</span><code>${ATTRIBUTE}</code></li>
  </ol></figure>`;
}
