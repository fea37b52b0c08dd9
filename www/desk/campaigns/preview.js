// The draft as participants will see it: the real campaign in a frame, by the pass of a preview, as one of those who may come.

import { under } from "../../shared/under.js";
import { Refused, call, own } from "../api.js";
import { html, useEffect, useState } from "../html.js";
import { Copied, Trouble, moment, useWork } from "../pieces.js";
import { language, say, sayOf } from "../words/speech.js";
import { languageName } from "./form.js";
import { claimsOf, refusalsOf, visitorsOf } from "./visitors.js";

/** The step that shows what a section of the editor is about. @type {Record<string, string>} */
const STEPS = { questions: "questions", form: "identityset", texts: "", basics: "" };
const LIFE_SECONDS = 3600;

/** @param {{ campaignId: string, state: import("./draft.js").State, section: string, languages: string[] }} properties */
export function Preview({ campaignId, state, section, languages }) {
  const [wanted, setWho] = useState("token");
  const [chosen, setCode] = useState("");
  const [isWide, setWide] = useState(false);
  const [lang, setLang] = useState("");
  const [made, setMade] = useState(/** @type {{ link: string, expiresAt: string, n: number } | undefined} */ (undefined));
  const { fault, run } = useWork();
  const isReady = state.status === "kept";
  const codes = refusalsOf(state.campaign);
  const code = codes.includes(chosen) ? chosen : codes[0];
  const visitors = visitorsOf(state.campaign, code);
  const who = wanted in visitors ? wanted : "guest";
  const shownIn = languages.includes(lang) ? lang : languages.includes(language()) ? language() : languages[0];
  useEffect(() => {
    if (!isReady) return;
    void run(async () => {
      try {
        const { link, expiresAt } = await call("POST", own("/previews"), { campaignId, draft: true, expiresIn: LIFE_SECONDS, ...visitors[who].terms });
        setMade((before) => ({ link, expiresAt, n: (before?.n ?? 0) + 1 }));
      } catch (problem) {
        // A draft that is not kept anywhere yet: the first change keeps it.
        if (!(problem instanceof Refused && problem.code === "campaign_unknown")) throw problem;
      }
    });
  }, [isReady, state.tag, who, code, state.from]);
  const step = who === "token" || who === "guest" ? (STEPS[section] ?? "") : "";
  const source = made && made.link.replace("#", `&${new URLSearchParams({ lang: shownIn })}#`) + (step && `&step=${step}`);
  const hidden = (Array.isArray(state.campaign.fields) ? state.campaign.fields : []).filter((/** @type {any} */ { type }) => type === "hidden");
  const sample = /** @type {Record<string, string>} */ (claimsOf(state.campaign).form);
  return html`<section id="preview" class="preview stack" aria-label=${say("live.title")}>
    <h2>${say("live.title")}</h2>
    <ul class="tabs" aria-label=${say("live.who")}>${Object.entries(visitors).map(([one, { says }]) => html`<li key=${one}><button type="button" aria-pressed=${who === one} onClick=${() => setWho(one)}>${sayOf("live.who", says)}</button></li>`)}</ul>
    ${who === "refused" && html`<div class="field"><label for="preview-code"><b>${say("live.code")}</b></label><select id="preview-code" value=${code} onChange=${(/** @type {any} */ event) => setCode(event.currentTarget.value)}>${codes.map((one) => html`<option value=${one} selected=${one === code}>${sayOf("live.code", one)}</option>`)}</select></div>`}
    <div class="row"><span class="row" role="group" aria-label=${say("live.width")}><button type="button" class="quiet" aria-pressed=${!isWide} onClick=${() => setWide(false)}>${say("live.phone")}</button><button type="button" class="quiet" aria-pressed=${isWide} onClick=${() => setWide(true)}>${say("live.desk")}</button></span>
      ${languages.length > 1 && html`<label class="unseen" for="preview-language">${say("live.language")}</label><select id="preview-language" class="short" value=${shownIn} onChange=${(/** @type {any} */ event) => setLang(event.currentTarget.value)}>${languages.map((tag) => html`<option value=${tag} selected=${tag === shownIn}>${languageName(tag)}</option>`)}</select>`}</div>
    ${state.faults.length > 0 && html`<p class="notice warn">${say("live.unfinished", { n: state.faults.length })}</p>`}
    <${Trouble} fault=${fault} />
    <div class=${`frame ${isWide ? "wide" : ""}`}>${source ? html`<iframe key=${`${made.n} ${source}`} src=${source} title=${say("live.frame")} sandbox="allow-scripts allow-same-origin allow-forms allow-popups"></iframe>` : html`<p class="soft">${say("wait.moment")}</p>`}</div>
    ${who === "token" && hidden.length > 0 && html`<p class="note">${say("live.hidden", { values: hidden.map((/** @type {any} */ { name }) => `${name} = ${under(sample, name) ?? ""}`).join(", ") })}</p>`}
    ${made && html`<details><summary>${say("live.share")}</summary><${Copied} label=${say("live.link")} value=${made.link} note=${say("live.until", { when: moment(made.expiresAt) })} /></details>`}
  </section>`;
}
