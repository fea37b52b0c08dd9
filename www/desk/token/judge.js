// A token, judged by the settings that are in force: every check with what was expected, what was found and who fixes it.

import { account, call } from "../api.js";
import { faultAt } from "../faults.js";
import { html, useState } from "../html.js";
import { Code, Field, Trouble, useWork } from "../pieces.js";
import { say, sayOf } from "../words/speech.js";

/** How a token begins. */
const BEGINNING = "eyJ…";

/** @param {{ campaigns: string[] }} properties */
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
    <h2>${say("judge.title")}</h2>
    <p class="soft">${say("judge.text")}</p>
    <${Field} label=${say("judge.token")} value=${token} onInput=${setToken} rows=${4} placeholder=${BEGINNING} fault=${faultAt(fault, "/token")} />
    ${campaigns.length > 1 && html`<${Field} label=${say("judge.campaign")} value=${campaignId} onInput=${setCampaign} choices=${campaigns.map((id) => [id, id])} />`}
    <div class="row"><button class="primary" disabled=${busy || token.trim() === ""}>${say("judge.do")}</button></div>
    <${Trouble} fault=${fault} />
    ${report && html`<${Report} report=${report} />`}
  </form>`;
}

/** @param {{ report: { verdict: string, code?: string, checks: any[] } }} properties */
function Report({ report: { verdict, code, checks } }) {
  const said = checks.filter(({ status }) => status !== "skip");
  return html`<div class=${`notice ${verdict === "accepted" ? "good" : "bad"}`} role="status"><p><b>${say(verdict === "accepted" ? "judge.accepted" : "judge.rejected")}</b> ${code ? html`<${Code} code=${code} />` : ""}</p></div>
    <ol class="steps">${said.map(({ code: own, status, path, expected, got, hint, fix }) => html`<li><span class=${`badge ${status}`}>${sayOf("status", status)}</span><div><p><code>${own}</code> ${path ?? ""}${status === "pass" && got ? ` · ${got}` : ""}</p>
      ${status !== "pass" && html`${expected && html`<p>${say("judge.expected", { what: expected })}</p>`}${got && html`<p>${say("judge.got", { what: got })}</p>`}${hint && html`<p>${hint}</p>`}${fix && html`<p class="note">${say("fixes.by", { who: sayOf("fixes", fix) })}</p>`}`}</div></li>`)}</ol>`;
}
