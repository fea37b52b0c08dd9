// The people of the account: who they are, invitations with a role, and the way out.

import { account, call, own } from "./api.js";
import { html, useEffect, useState } from "./html.js";
import { Copied, Field, Trouble, useWork } from "./pieces.js";
import { day as dayOf, say } from "./words/speech.js";

/** @type {[string, string][]} */
export const ROLES = [
  ["owner", "Owner: everything, also people and clients"],
  ["setup", "Setup: sign-on, keys and tests"],
  ["manager", "Manager: campaigns and statistics"],
  ["support", "Support: refusals by reference"],
];

/** @param {string} time */
const day = (time) => new Date(time).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric" });

/** An invitation that was just made, to be copied or mailed. @param {{ made: { link: string, name: string, expiresAt: string } }} properties */
export function Invited({ made: { link, name, expiresAt } }) {
  const until = { day: dayOf(expiresAt) };
  const body = `${say("invited.body", { account, ...until })}\n\n${link}`;
  return html`<div class="notice good stack" role="status"><p>${say("invited.ready", { name })}</p>
    <${Copied} label=${say("invited.label")} value=${link} note=${say("invited.until", until)} />
    <p><a href=${`mailto:?subject=${encodeURIComponent(say("invited.subject", { account }))}&body=${encodeURIComponent(body)}`}>${say("invited.mail")}</a></p></div>`;
}

/** @param {{ me: import("./api.js").Session }} properties */
export function People({ me }) {
  const [list, setList] = useState(/** @type {any} */ (undefined));
  const [name, setName] = useState("");
  const [role, setRole] = useState("setup");
  const [made, setMade] = useState(/** @type {{ link: string, name: string, expiresAt: string } | undefined} */ (undefined));
  const { busy, fault, run } = useWork();
  const load = async () => setList(await call("GET", own("/people")));
  useEffect(() => void run(load), []);

  /** @param {{ role: string, name: string, person?: string }} whom */
  const invite = (whom) => run(async () => {
    setMade({ ...(await call("POST", own("/invitations"), whom)), name: whom.name });
    setName("");
    await load();
  });
  /** @param {string} id @param {string} question */
  const remove = (id, question) => confirm(question) && run(async () => {
    await call("DELETE", own(`/people/${id}`));
    await load();
  });

  return html`<section class="stack">
    <form class="card stack" onSubmit=${(/** @type {Event} */ event) => { event.preventDefault(); void invite({ role, name: name.trim() }); }}>
      <h2>Invite a person</h2>
      <p class="soft">The link is good once, for seven days, and may be mailed. It makes a passkey; there is no password.</p>
      <div class="beside">
        <${Field} label="Name" value=${name} onInput=${setName} required note="The name that colleagues see in this list and beside changes." />
        <${Field} label="Role" value=${role} onInput=${setRole} choices=${ROLES} />
      </div>
      <div class="row"><button class="primary" disabled=${busy || name.trim() === ""}>Invite</button></div>
      <${Trouble} fault=${fault} />
      ${made && html`<${Invited} made=${made} />`}
    </form>
    ${list && html`<div class="card"><h2>People</h2><div class="scroll" tabindex="0" role="group" aria-label="People"><table class="list">
      <thead><tr><th scope="col">Name</th><th scope="col">Role</th><th scope="col">Last passkey</th><th scope="col"><span class="unseen">Actions</span></th></tr></thead>
      <tbody>${list.people.map((/** @type {any} */ person) => html`<tr key=${person.id}><td>${person.name}${person.id === me.person.id ? " (you)" : ""}</td><td>${person.role}</td><td>${day(person.seen)}</td>
        <td><span class="row"><button type="button" class="quiet" onClick=${() => void invite({ role: person.role, name: person.name, person: person.id })} aria-label=${`New passkey for ${person.name}`}>New passkey</button>
        <button type="button" class="quiet" onClick=${() => void remove(person.id, `Remove ${person.name}? Their passkeys and sessions end at once.`)} aria-label=${`Remove ${person.name}`}>Remove</button></span></td></tr>`)}
      ${list.invitations.map((/** @type {any} */ invitation) => html`<tr key=${invitation.id}><td>${invitation.name} <span class="badge next">invited</span></td><td>${invitation.role}</td><td>until ${day(invitation.expiresAt)}</td>
        <td><button type="button" class="quiet" onClick=${() => void remove(invitation.id, `Withdraw the invitation of ${invitation.name}?`)} aria-label=${`Withdraw the invitation of ${invitation.name}`}>Withdraw</button></td></tr>`)}</tbody>
    </table></div></div>`}
  </section>`;
}
