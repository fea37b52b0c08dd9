// Previews: a link with which a campaign is tried out, as a person of choice or as anybody. Nothing is recorded with it.

import { call, own } from "./api.js";
import { labelOf } from "./campaigns.js";
import { faultAt } from "./faults.js";
import { html, useState } from "./html.js";
import { Copied, Field, Loaded, Trouble, moment, useWork } from "./pieces.js";
import { say, sayOf } from "./words/speech.js";

/** How long a link lives, seconds. */
const LIVES = ["3600", "86400", "604800", "2592000"];

/** The claims as typed; nothing where nothing was. @param {string} text */
function read(text) {
  if (text.trim() === "") return {};
  try {
    return { claims: JSON.parse(text) };
  } catch (fault) {
    return { fault: say("preview.claims.invalid", { fault: /** @type {Error} */ (fault).message }) };
  }
}

async function load() {
  const { document } = await call("GET", own());
  return Object.entries(document.campaigns ?? {}).map(([id, campaign]) => /** @type {[string, string]} */ ([id, labelOf(id, campaign)]));
}

export const Preview = () => html`<${Loaded} load=${load} show=${(/** @type {[string, string][]} */ campaigns) => (campaigns.length === 0 ? html`<p>${say("stats.none")}</p>` : html`<${Making} campaigns=${campaigns} />`)} />`;

/** @param {{ campaigns: [string, string][] }} properties */
function Making({ campaigns }) {
  const [asked, setAsked] = useState({ campaignId: campaigns[0][0], subject: "", claims: "", participations: "", expiresIn: "86400", page: "" });
  const [made, setMade] = useState(/** @type {{ link: string, expiresAt: string } | undefined} */ (undefined));
  const making = useWork();
  const put = (/** @type {string} */ name) => (/** @type {string} */ value) => setAsked({ ...asked, [name]: value });
  const { claims, fault: misread } = read(asked.claims);
  const make = () => making.run(async () => {
    setMade(undefined);
    const { campaignId, subject, participations, expiresIn, page } = asked;
    const body = { campaignId, ...(subject && { subject }), ...(claims !== undefined && { claims }), ...(participations && { participations: Number(participations) }), expiresIn: Number(expiresIn), ...(page && { page }) };
    setMade(await call("POST", own("/previews"), body));
  });
  const at = (/** @type {string} */ place) => faultAt(making.fault, place);

  return html`<form class="card stack" onSubmit=${(/** @type {Event} */ event) => { event.preventDefault(); void make(); }}>
    <h2>${say("preview.title")}</h2>
    <p class="soft">${say("preview.text")}</p>
    <${Field} label=${say("stats.campaign")} value=${asked.campaignId} onInput=${put("campaignId")} choices=${campaigns} />
    <${Field} label=${say("preview.subject")} value=${asked.subject} onInput=${put("subject")} fault=${at("/subject")} note=${say("preview.subject.note")} />
    <${Field} label=${say("preview.claims")} value=${asked.claims} onInput=${put("claims")} fault=${misread ?? at("/claims")} rows=${4} placeholder=${'{ "form": { "firstname": "Ada" }, "limit": { "nb": 3 } }'} note=${say("preview.claims.note")} />
    <${Field} label=${say("preview.before")} value=${asked.participations} onInput=${put("participations")} fault=${at("/participations")} type="number" note=${say("preview.before.note")} />
    <${Field} label=${say("preview.page")} value=${asked.page} onInput=${put("page")} fault=${at("/page")} type="url" note=${say("preview.page.note")} />
    <${Field} label=${say("preview.life")} value=${asked.expiresIn} onInput=${put("expiresIn")} choices=${LIVES.map((seconds) => [seconds, sayOf("life", seconds)])} />
    <div class="row"><button class="primary" disabled=${making.busy || misread !== undefined}>${say("preview.make")}</button></div>
    <${Trouble} fault=${making.fault} />
    ${made && html`<div class="notice" role="status"><${Copied} label=${say("preview.link")} value=${made.link} note=${say("preview.until", { time: moment(made.expiresAt) })} />
      <p><a href=${made.link} target="_blank" rel="noreferrer">${say("preview.open")}</a></p></div>`}
  </form>`;
}
