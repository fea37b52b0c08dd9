// A token, judged by the settings that are in force: every check with what was expected, what was found and who fixes it.

import { account, call } from "./api.js";
import { html, useState } from "./html.js";
import { Field, Trouble, useWork } from "./pieces.js";

/** @type {Record<string, string>} */
const OWNERS = { issuer: "the team that creates the token", settings: "the team that maintains these settings", service: "the team that runs this service", participant: "the participant" };

/** @param {{ campaigns: string[], me: import("./api.js").Session }} properties */
export function Judge({ campaigns }) {
  const [token, setToken] = useState("");
  const [campaignId, setCampaign] = useState(campaigns[0] ?? "");
  const [report, setReport] = useState(/** @type {any} */ (undefined));
  const { busy, fault, run } = useWork();
  const judge = (/** @type {Event} */ event) => {
    event.preventDefault();
    void run(async () => {
      setReport(undefined);
      setReport(await call("POST", "/v1/explain", { account, token: token.trim(), ...(campaignId && { campaignId }) }));
    });
  };
  return html`<form class="card stack" onSubmit=${judge}>
    <h2>Judge a token</h2>
    <p class="soft">By the settings that are in force now. Nothing is recorded and nobody is admitted.</p>
    <${Field} label="Token" value=${token} onInput=${setToken} rows=${4} placeholder="eyJ…" />
    ${campaigns.length > 1 && html`<${Field} label="Campaign" value=${campaignId} onInput=${setCampaign} choices=${campaigns.map((id) => [id, id])} />`}
    <div class="row"><button class="primary" disabled=${busy || token.trim() === ""}>Judge</button></div>
    <${Trouble} fault=${fault} />
    ${report && html`<${Report} report=${report} />`}
  </form>`;
}

/** @param {{ report: { verdict: string, code?: string, checks: any[] } }} properties */
function Report({ report: { verdict, code, checks } }) {
  const said = checks.filter(({ status }) => status !== "skip");
  return html`<div class=${`notice ${verdict === "accepted" ? "good" : "bad"}`} role="status"><p><b>${verdict === "accepted" ? "The token is accepted." : "The token is rejected."}</b> ${code ? html`<a href=${`/codes/#${code}`} target="_blank" rel="noreferrer"><code>${code}</code></a>` : ""}</p></div>
    <ol class="steps">${said.map(({ code: own, status, path, expected, got, hint, fix }) => html`<li><span class=${`badge ${status}`}>${status}</span><div><p><code>${own}</code> ${path ?? ""}${status === "pass" && got ? ` · ${got}` : ""}</p>
      ${status !== "pass" && html`${expected && html`<p>Expected ${expected}</p>`}${got && html`<p>Got ${got}</p>`}${hint && html`<p>${hint}</p>`}${fix && html`<p class="note">Who fixes it: ${OWNERS[fix] ?? fix}</p>`}`}</div></li>`)}</ol>`;
}
