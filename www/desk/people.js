// The people of the account: who they are, invitations with a role, and the way out.

import { account, call, own } from "./api.js";
import { faultAt } from "./faults.js";
import { html, useState } from "./html.js";
import { Copied, Field, Loaded, Trouble, useWork } from "./pieces.js";
import { day, say, sayOf } from "./words/speech.js";

const ROLES = ["owner", "setup", "manager", "support"];

/** @typedef {{ id: string, name: string, role: string, seen: string }} Person */
/** @typedef {{ id: string, name: string, role: string, expiresAt: string }} Invitation */

/** An invitation that was just made, to be copied or mailed. @param {{ made: { link: string, name: string, expiresAt: string } }} properties */
export function Invited({ made: { link, name, expiresAt } }) {
  const until = { day: day(expiresAt) };
  const body = `${say("invited.body", { account, ...until })}\n\n${link}`;
  return html`<div class="notice good stack" role="status"><p>${say("invited.ready", { name })}</p>
    <${Copied} label=${say("invited.label")} value=${link} note=${say("invited.until", until)} />
    <p><a href=${`mailto:?subject=${encodeURIComponent(say("invited.subject", { account }))}&body=${encodeURIComponent(body)}`}>${say("invited.mail")}</a></p></div>`;
}

/** @param {{ me: import("./api.js").Session }} properties */
export const People = ({ me }) => html`<${Loaded} load=${() => call("GET", own("/people"))} show=${(/** @type {Listed} */ list, /** @type {() => Promise<void>} */ again) => html`<${Listing} me=${me} list=${list} again=${again} />`} />`;

/** @typedef {{ people: Person[], invitations: Invitation[] }} Listed */

/** @param {{ me: import("./api.js").Session, list: Listed, again: () => Promise<void> }} properties */
function Listing({ me, list: { people, invitations }, again }) {
  const [name, setName] = useState("");
  const [role, setRole] = useState("setup");
  const [made, setMade] = useState(/** @type {{ link: string, name: string, expiresAt: string } | undefined} */ (undefined));
  const { busy, fault, run } = useWork();

  /** @param {{ role: string, name: string, person?: string }} whom */
  const invite = (whom) => run(async () => {
    setMade({ ...(await call("POST", own("/invitations"), whom)), name: whom.name });
    setName("");
    await again();
  });
  /** @param {string} id @param {string} question */
  const remove = (id, question) => confirm(question) && run(async () => {
    await call("DELETE", own(`/people/${id}`));
    await again();
  });
  /** @param {string} label @param {string} about @param {() => void} onClick */
  const button = (label, about, onClick) => html`<button type="button" class="quiet" disabled=${busy} onClick=${onClick} aria-label=${say("people.of", { what: label, name: about })}>${label}</button>`;

  return html`<section class="stack">
    <form class="card stack" onSubmit=${(/** @type {Event} */ event) => { event.preventDefault(); void invite({ role, name: name.trim() }); }}>
      <h2>${say("people.invite")}</h2>
      <p class="soft">${say("people.invite.text")}</p>
      <div class="beside">
        <${Field} label=${say("people.name")} value=${name} onInput=${setName} required note=${say("people.name.note")} fault=${faultAt(fault, "/name")} />
        <${Field} label=${say("people.role")} value=${role} onInput=${setRole} choices=${ROLES.map((each) => [each, sayOf("people.role", each)])} fault=${faultAt(fault, "/role")} />
      </div>
      <div class="row"><button class="primary" disabled=${busy || name.trim() === ""}>${say("people.invite.do")}</button></div>
      <${Trouble} fault=${fault} />
      ${made && html`<${Invited} made=${made} />`}
    </form>
    <div class="card"><h2>${say("view.people")}</h2><div class="scroll" tabindex="0" role="group" aria-label=${say("view.people")}><table class="list cards">
      <thead><tr><th scope="col">${say("people.name")}</th><th scope="col">${say("people.role")}</th><th scope="col">${say("people.seen")}</th><th scope="col"><span class="unseen">${say("people.actions")}</span></th></tr></thead>
      <tbody>${people.map((person) => html`<tr key=${person.id}><td>${person.id === me.person.id ? say("people.you", { name: person.name }) : person.name}</td><td>${sayOf("role", person.role)}</td><td data-label=${say("people.seen")}>${day(person.seen)}</td>
        <td><span class="row">${button(say("people.passkey"), person.name, () => void invite({ role: person.role, name: person.name, person: person.id }))}
        ${button(say("people.remove"), person.name, () => void remove(person.id, say("people.remove.sure", { name: person.name })))}</span></td></tr>`)}
      ${invitations.map((invitation) => html`<tr key=${invitation.id}><td>${invitation.name} <span class="badge next">${say("people.invited")}</span></td><td>${sayOf("role", invitation.role)}</td><td>${say("people.until", { day: day(invitation.expiresAt) })}</td>
        <td>${button(say("people.withdraw"), invitation.name, () => void remove(invitation.id, say("people.withdraw.sure", { name: invitation.name })))}</td></tr>`)}</tbody>
    </table></div></div>
  </section>`;
}
