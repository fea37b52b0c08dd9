// The link for the customer's IT administrator: an invitation with the role `setup` that opens the sign-in, where they register us at their
// identity provider, enter what it gave us, test it and save.

import { call, own } from "../api.js";
import { faultAt } from "../faults.js";
import { html, useState } from "../html.js";
import { Invited } from "../people.js";
import { Field, Trouble, useWork } from "../pieces.js";
import { say } from "../words/speech.js";

export function Administrator() {
  const [name, setName] = useState("");
  const [made, setMade] = useState(/** @type {{ link: string, name: string, expiresAt: string } | undefined} */ (undefined));
  const { busy, fault, run } = useWork();
  const invite = (/** @type {Event} */ event) => {
    event.preventDefault();
    void run(async () => {
      const { link, expiresAt } = await call("POST", own("/invitations"), { role: "setup", name: name.trim() });
      setMade({ link: `${link}&view=login`, name: name.trim(), expiresAt });
      setName("");
    });
  };
  return html`<form class="card stack" onSubmit=${invite}>
    <h2>${say("administrator.title")}</h2>
    <p class="soft">${say("administrator.text")}</p>
    <${Field} label=${say("administrator.name")} value=${name} onInput=${setName} required fault=${faultAt(fault, "/name")} />
    <div class="row"><button disabled=${busy || name.trim() === ""}>${say("administrator.make")}</button></div>
    <${Trouble} fault=${fault} />
    ${made && html`<${Invited} made=${made} />`}
  </form>`;
}
