// The answers to each question, the right one marked.

import { html } from "../html.js";
import { inLanguage, say } from "../words/speech.js";
import { Bars } from "./bars.js";
import { choicesOf, sumOf } from "./figures.js";
import { under } from "../../shared/under.js";

/** @param {{ statistics: import("./figures.js").Statistics }} properties */
export function Answers({ statistics: { answers, campaign } }) {
  const says = (/** @type {ReturnType<typeof choicesOf>[number]} */ { id, text, isRight, isGone }) => html`${inLanguage(text) || id}${isRight && html` <span class="badge good">${say("answers.right")}</span>`}${isGone && html` <span class="note">${say("answers.gone")}</span>`}`;
  return html`<section class="card stack" id="answers">
    <div><h2>${say("answers.title")}</h2><p class="note">${say("answers.note")}</p></div>
    ${campaign.questions.map((question) => {
      const choices = choicesOf(question, under(answers, question.id));
      const all = sumOf(under(answers, question.id) ?? {});
      return html`<div class="stack tight" key=${question.id}><h3>${inLanguage(question.text) || question.id}</h3>
        ${all === 0 ? html`<p class="soft">${say("answers.none")}</p>` : html`<${Bars} bars=${choices.map((choice) => ({ name: choice.id, says: says(choice), n: choice.n, isMarked: choice.isRight }))} of=${all} />`}</div>`;
    })}
  </section>`;
}
