// The way in: an invitation becomes a passkey after a click, and a passkey a session.

import { account, ask, signIn } from "./api.js";
import { html, useEffect, useState } from "./html.js";
import { makePasskey } from "./passkeys.js";
import { Trouble, useWork } from "./pieces.js";

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
    <h1>${invited ? `Welcome, ${invited.name}` : "Your invitation"}</h1>
    ${invited && html`<p>You are invited to the console of <b>${account}</b> as <b>${invited.role}</b>. Your device makes a passkey now; you sign in with it from then on. There is no password.</p>
      <div class="row"><button class="primary" type="button" disabled=${busy} onClick=${make}>Make my passkey</button></div>`}
    <${Trouble} fault=${fault} />
    ${!invited && Boolean(fault) && html`<p>Have you made your passkey already? <a href=${location.pathname} onClick=${() => setTimeout(() => location.reload())}>Sign in with it</a>.</p>`}
  </section>`;
}

/** @param {{ onIn: (session: import("./api.js").Session) => void, again?: boolean }} properties again: the session has ended while somebody worked */
export function SignIn({ onIn, again }) {
  const { busy, fault, run } = useWork();
  return html`<section class="card stack narrow">
    <h1>${again ? "Your session has ended" : `Console of ${account}`}</h1>
    <p>${again ? "Sign in again, and what you did is done. Nothing that you typed is lost." : "Sign in with the passkey that you made when you were invited."}</p>
    <div class="row"><button class="primary" type="button" disabled=${busy} onClick=${() => void run(async () => onIn(await signIn()))}>Sign in with a passkey</button></div>
    <${Trouble} fault=${fault} />
    <p class="note">Lost your passkey, or no invitation yet? An owner of the account invites you, or the team that runs this service.</p>
  </section>`;
}

export function WhichAccount() {
  const [name, setName] = useState("");
  const go = (/** @type {Event} */ event) => {
    event.preventDefault();
    location.assign(`/console/${encodeURIComponent(name.trim())}`);
  };
  return html`<form class="card stack narrow" onSubmit=${go}>
    <h1>Console</h1>
    <label class="field"><span>Account</span><input value=${name} onInput=${(/** @type {any} */ event) => setName(event.currentTarget.value)} required pattern="[a-z0-9][a-z0-9_\\-]*" autocomplete="organization" />
      <span class="note">Its name stands in the link of your invitation, behind /console/.</span></label>
    <div class="row"><button class="primary">Continue</button></div>
  </form>`;
}
