// Previews: a link with which a campaign is tried out, as a person of choice or as anybody. Nothing is recorded with it.

import { Refused, call, own } from "./api.js";
import { labelOf } from "./campaigns.js";
import { html, useEffect, useState } from "./html.js";
import { Copied, Field, Trouble, moment, useWork } from "./pieces.js";

/** How long a link lives, seconds. @type {[string, string][]} */
const LIVES = [["3600", "One hour"], ["86400", "One day"], ["604800", "Seven days"], ["2592000", "30 days"]];

/** The claims as typed; nothing where nothing was. @param {string} text */
function read(text) {
  if (text.trim() === "") return {};
  try {
    return { claims: JSON.parse(text) };
  } catch (fault) {
    return { fault: `This is not valid JSON: ${/** @type {Error} */ (fault).message}` };
  }
}

export function Preview() {
  const [campaigns, setCampaigns] = useState(/** @type {[string, string][] | undefined} */ (undefined));
  const [asked, setAsked] = useState({ campaignId: "", subject: "", claims: "", participations: "", expiresIn: "86400", page: "" });
  const [made, setMade] = useState(/** @type {{ link: string, expiresAt: string } | undefined} */ (undefined));
  const loading = useWork();
  const making = useWork();
  const put = (/** @type {string} */ name) => (/** @type {string} */ value) => setAsked({ ...asked, [name]: value });
  useEffect(() => void loading.run(async () => {
    const { document } = await call("GET", own());
    const all = Object.entries(document.campaigns ?? {}).map(([id, campaign]) => /** @type {[string, string]} */ ([id, labelOf(id, campaign)]));
    setCampaigns(all);
    setAsked({ ...asked, campaignId: all[0]?.[0] ?? "" });
  }), []);
  const { claims, fault: misread } = read(asked.claims);
  const make = () => making.run(async () => {
    setMade(undefined);
    const { campaignId, subject, participations, expiresIn, page } = asked;
    const body = { campaignId, ...(subject && { subject }), ...(claims !== undefined && { claims }), ...(participations && { participations: Number(participations) }), expiresIn: Number(expiresIn), ...(page && { page }) };
    setMade(await call("POST", own("/previews"), body));
  });
  const at = (/** @type {string} */ place) => (making.fault instanceof Refused && making.fault.at?.startsWith(place) ? `Expected ${making.fault.expected}.` : undefined);

  if (!campaigns) return html`<${Trouble} fault=${loading.fault} />`;
  if (campaigns.length === 0) return html`<p>The account has no campaign yet.</p>`;
  return html`<form class="card stack" onSubmit=${(/** @type {Event} */ event) => { event.preventDefault(); void make(); }}>
    <h2>Try a campaign out</h2>
    <p class="soft">Each step says that it is a preview. Nothing is recorded or counted, and no receipt or gift is given.</p>
    <${Field} label="Campaign" value=${asked.campaignId} onInput=${put("campaignId")} choices=${campaigns} />
    <${Field} label="Participant" value=${asked.subject} onInput=${put("subject")} fault=${at("/subject")} note="The id that a token would have as sub, best of nobody real. Empty: a visitor without a name." />
    <${Field} label="Claims" value=${asked.claims} onInput=${put("claims")} fault=${misread ?? at("/claims")} rows=${4} placeholder=${'{ "form": { "firstname": "Ada" }, "limit": { "nb": 3 } }'} note="What a token of this participant would have, as JSON: form, limit, gift, custom." />
    <${Field} label="Earlier participations" value=${asked.participations} onInput=${put("participations")} fault=${at("/participations")} type="number" note="Empty: none. As many as the limit shows the page of somebody who has no turn left." />
    <${Field} label="Page with the tag" value=${asked.page} onInput=${put("page")} fault=${at("/page")} type="url" note="At one of the account's origins or test origins. Empty: the campaign's own page." />
    <${Field} label="The link works for" value=${asked.expiresIn} onInput=${put("expiresIn")} choices=${LIVES} />
    <div class="row"><button class="primary" disabled=${making.busy || misread !== undefined}>Make the link</button></div>
    <${Trouble} fault=${making.fault} />
    ${made && html`<div class="notice" role="status"><${Copied} label="Link of the preview" value=${made.link} note=${`Until ${moment(made.expiresAt)}. Anybody with the link sees the preview.`} />
      <p><a href=${made.link} target="_blank" rel="noreferrer">Open the preview</a></p></div>`}
  </form>`;
}
