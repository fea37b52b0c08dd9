// The key by which tokens are decrypted: made here and shown once, the customer's own, which is written once and never shown, or a pair of
// ours, of which the customer gets the public half. And the three steps of a token that the Crypto API encrypts.

import { account, call, own } from "./api.js";
import { newSecret } from "./document.js";
import { html } from "./html.js";
import { Field } from "./pieces.js";

/** @typedef {{ whose: "made" | "own" | "pair", alg: string, enc: string, value: string }} ContentKey value: the customer's own, in base64url */

/** @type {ContentKey} */
export const FIRST = { whose: "made", alg: "A256KW", enc: "A256GCM", value: "" };

/** @type {[ContentKey["whose"], string, string][]} */
const KINDS = [
  ["made", "A shared key, made here", "32 random bytes for A256KW, shown once. The Crypto API has it too."],
  ["own", "Your own shared key", "You paste it once; it is stored sealed and never shown again."],
  ["pair", "A key pair of this service", "You encrypt with its public half (ECDH-ES+A256KW), or by the Crypto API. No secret leaves this service."],
];
const ALGS = ["A256KW", "A128KW", "A192KW", "A256GCMKW", "A128GCMKW", "A192GCMKW", "dir"];
const ENCS = ["A256GCM", "A128GCM", "A192GCM", "A256CBC-HS512", "A128CBC-HS256", "A192CBC-HS384"];

/** @param {{ value: ContentKey, onChange: (key: ContentKey) => void, fault?: string }} properties */
export function ContentKeyFields({ value, onChange, fault }) {
  const change = (/** @type {Partial<ContentKey>} */ part) => onChange({ ...value, ...part });
  return html`<fieldset><legend>Content key</legend>
    ${KINDS.map(([whose, title, says]) => html`<label class="choice" key=${whose}><input type="radio" name="whose" value=${whose} checked=${value.whose === whose} onChange=${() => change({ whose })} /><span><b>${title}</b><span class="note">${says}</span></span></label>`)}
    ${value.whose === "own" && html`<${Field} label="Key" type="password" value=${value.value} onInput=${(/** @type {string} */ text) => change({ value: text.trim() })} note="In base64url, as long as its algorithm asks: 32 bytes for A256KW." fault=${fault} />
      <div class="beside"><${Field} label="Key wrapping (alg)" value=${value.alg} onInput=${(/** @type {string} */ alg) => change({ alg })} choices=${ALGS.map((alg) => [alg, alg])} note=${value.alg === "dir" ? "One content key for all tokens: the Crypto API cannot use it." : ""} />
        <${Field} label="Content encryption (enc)" value=${value.enc} onInput=${(/** @type {string} */ enc) => change({ enc })} choices=${ENCS.map((enc) => [enc, enc])} /></div>`}
  </fieldset>`;
}

/**
 * Stores the key, and gives its entry in the document.
 * @param {ContentKey} key
 * @param {string} name of its secret
 * @returns {Promise<{ entry: object, shown?: string, link?: string }>} shown: the key, this once; link: where the public half is
 */
export async function storeContentKey({ whose, alg, enc, value }, name) {
  const store = (/** @type {string} */ text) => call("PUT", own(`/secrets/${name}`), { value: text, purpose: "decrypt" });
  const entry = { id: name.toLowerCase(), status: "active", since: Math.floor(Date.now() / 1000), key: { secret: name }, enc };
  if (whose === "pair") {
    const { privateKey } = await crypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, true, ["deriveBits"]);
    const { kty, crv, x, y, d } = await crypto.subtle.exportKey("jwk", privateKey);
    await store(JSON.stringify({ kty, crv, x, y, d, kid: name.toLowerCase() }));
    return { entry: { ...entry, alg: "ECDH-ES+A256KW" }, link: `/v1/crypto/${account}/jwks.json` };
  }
  const text = whose === "own" ? value : newSecret();
  await store(text);
  return { entry: { ...entry, encoding: "base64url", alg: whose === "own" ? alg : "A256KW", enc: whose === "own" ? enc : "A256GCM" }, ...(whose === "made" && { shown: text }) };
}

/** The way of a token that is encrypted, as a picture. */
export function CryptoSteps() {
  return html`<figure class="plain"><figcaption>How an encrypted token comes about</figcaption><ol class="three-steps">
    <li><b>1. Sign</b><span class="note">Your server makes the token with your key, as below.</span><code>header.claims.signature</code></li>
    <li><b>2. Encrypt</b><span class="note">It sends the token to <code>POST /v1/crypto/encrypt</code> with an access token of the scope <code>crypto</code>, or encrypts it itself. Nothing of it is stored here.</span><code>5 parts, unreadable</code></li>
    <li><b>3. Pass it on</b><span class="note">Your page gives the encrypted token to the tag. Only this service can read it.</span><code>data-handstamp-token</code></li>
  </ol></figure>`;
}
