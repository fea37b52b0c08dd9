// The way in: an invitation becomes a passkey after a click, and a passkey a session.

import { account, ask, signIn } from "./api.js";
import { html, useEffect, useState } from "./html.js";
import { makePasskey } from "./passkeys.js";
import { Trouble, useWork } from "./pieces.js";
import { say, sayOf, sayWith } from "./words/speech.js";

/** @param {{ invitation: string, onIn: (session: import("./api.js").Session) => void }} properties */
export function Invitation({ invitation, onIn }) {
  const [invited, setInvited] = useState(/** @type {any} */ (undefined));
  const { busy, fault, run } = useWork();
  const look = async () => setInvited(await ask("POST", "/v1/console/invitation", { account, invitation }));
  useEffect(() => void run(look), []);
  const make = () => run(async () => {
    // Options are good for five minutes: whoever reads longer gets new ones.
    const { options } = await ask("POST", "/v1/console/invitation", { account, invitation });
    onIn(await ask("POST", "/v1/console/passkeys", { account, invitation, credential: await makePasskey(options) }));
  });
  return html`<section class="card stack narrow">
    <h1>${invited ? say("invitation.welcome", { name: invited.name }) : say("invitation.title")}</h1>
    ${invited && html`<p>${sayWith("invitation.text", { account: html`<b>${account}</b>`, role: html`<b>${sayOf("role", invited.role)}</b>` })}</p>
      <div class="row"><button class="primary" type="button" disabled=${busy} onClick=${make}>${say("invitation.make")}</button></div>`}
    <${Trouble} fault=${fault} />
    ${!invited && Boolean(fault) && html`<p>${sayWith("invitation.used", { link: html`<a href=${location.pathname} onClick=${() => setTimeout(() => location.reload())}>${say("invitation.used.link")}</a>` })}</p>`}
  </section>`;
}

/** @param {{ onIn: (session: import("./api.js").Session) => void, again?: boolean }} properties again: the session has ended while somebody worked */
export function SignIn({ onIn, again }) {
  const { busy, fault, run } = useWork();
  return html`<section class="card stack narrow">
    <h1>${again ? say("signin.ended") : say("signin.console", { account })}</h1>
    <p>${again ? say("signin.ended.text") : say("signin.text")}</p>
    <div class="row"><button class="primary" type="button" disabled=${busy} onClick=${() => void run(async () => onIn(await signIn()))}>${say("signin.passkey")}</button></div>
    <${Trouble} fault=${fault} />
    <p class="note">${say("signin.lost")}</p>
  </section>`;
}

export function WhichAccount() {
  const [name, setName] = useState("");
  const go = (/** @type {Event} */ event) => {
    event.preventDefault();
    location.assign(`/console/${encodeURIComponent(name)}`);
  };
  return html`<form class="card stack narrow" onSubmit=${go}>
    <h1>${say("which.title")}</h1>
    <label class="field"><span>${say("which.account")}</span><input value=${name} onInput=${(/** @type {any} */ event) => setName(event.currentTarget.value.trim().toLowerCase())} required pattern="[a-z0-9][a-z0-9_\\-]*" autocomplete="organization" autocapitalize="none" spellcheck=${false} />
      <span class="note">${say("which.note")}</span></label>
    <div class="row"><button class="primary">${say("which.go")}</button></div>
  </form>`;
}
