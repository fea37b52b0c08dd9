// Each participation, newest first, by the campaign's own labels.

import { builtIn } from "../campaigns/built_in.js";
import { html } from "../html.js";
import { moment } from "../pieces.js";
import { inLanguage, language, listed, number, say, sayOf } from "../words/speech.js";
import { columnsOf } from "./figures.js";
import { under } from "../../shared/under.js";

/** @import { Campaign, Row } from "./figures.js" */

const yes = (/** @type {boolean} */ given) => (given ? say("answer.yes") : say("answer.no"));

/** A value of the form as people read it. @param {Campaign} campaign @param {string} name @param {string | undefined} value */
function written({ fields }, name, value) {
  if (value === undefined || value === "") return "";
  const { type, choices } = fields.find((field) => field.name === name) ?? { type: "text", choices: [] };
  if (type === "checkbox") return yes(value === "true");
  if (type === "select") return inLanguage(choices.find(({ id }) => id === value)?.text) || value;
  // What was recorded while the field was of another type is not a code, and stays as it is.
  if (type === "country" && /^[A-Z]{2}$/.test(value)) return new Intl.DisplayNames([language()], { type: "region", fallback: "code" }).of(value) ?? value;
  if (type === "number" && Number.isFinite(Number(value))) return number(Number(value), { maximumFractionDigits: 20 });
  return value;
}

/** @param {NonNullable<Row["source"]>} source */
const placeOf = ({ kind, origin, path = "" }) => (origin ? `${sayOf("source", kind)}, ${origin}${path}` : sayOf("source", kind));

/**
 * The facts beside the form, in their order: each has a column where the campaign records it.
 * @type {Record<string, (row: Row) => string | undefined>}
 */
const FACTS = {
  subject: ({ subject }) => subject,
  gift: ({ gift }) => gift && (gift.label ?? say("answer.yes")),
  custom: ({ custom }) => custom && JSON.stringify(custom),
  limit: ({ limit }) => limit && (limit.nb === undefined ? number(limit.count) : say("rows.limit.of", { count: limit.count, nb: limit.nb })),
  source: ({ source }) => source && placeOf(source),
  language: ({ language: tag }) => tag && new Intl.DisplayNames([language()], { type: "language" }).of(tag),
  duration: ({ duration }) => (duration === undefined ? undefined : number(duration, { style: "unit", unit: "second" })),
  step: ({ step }) => step && sayOf("left", step === "identityset" ? "form" : step),
};

/** @param {{ rows: Row[], campaign: Campaign, onMore?: () => void }} properties */
export function Rows({ rows, campaign, onMore }) {
  const facts = Object.keys(FACTS).filter((name) => rows.some((row) => FACTS[name](row) !== undefined));
  const { form, optin, answers } = columnsOf(rows, campaign);
  const question = (/** @type {string} */ id) => campaign.questions.find((one) => one.id === id);
  const choice = (/** @type {string} */ id, /** @type {unknown} */ value) => inLanguage(question(id)?.choices.find((one) => one.id === value)?.text) || String(value);
  const answered = (/** @type {string} */ id, /** @type {unknown} */ value) => (value === undefined ? "" : Array.isArray(value) ? listed(value.map((one) => choice(id, one))) : choice(id, value));
  const titles = [
    say("rows.at"), say("rows.by"), ...facts.map((name) => sayOf("rows", name)),
    ...form.map((name) => inLanguage(campaign.fields.find((field) => field.name === name)?.label) || (builtIn(language())[`field.${name}`] ?? name)),
    ...optin.map((name) => inLanguage(campaign.optins.find((one) => one.name === name)?.wording) || name),
    ...answers.map((id) => inLanguage(question(id)?.text) || id),
  ];
  return html`<section class="card stack">
    <h2>${say("rows.title")}</h2>
    ${rows.length === 0 ? html`<p class="soft">${say("rows.none")}</p>` : html`<div class="scroll" tabindex="0" role="group" aria-label=${say("rows.title")}><table class="list" id="rows">
      <thead><tr>${titles.map((title) => html`<th scope="col">${title}</th>`)}</tr></thead>
      <tbody>${rows.map((row) => html`<tr key=${row.id}><td>${moment(row.at)}</td><td>${sayOf("by", row.technique)}</td>${facts.map((name) => html`<td>${FACTS[name](row) ?? ""}</td>`)}
        ${form.map((name) => html`<td>${written(campaign, name, under(row.form, name))}</td>`)}
        ${optin.map((name) => under(row.optin, name)).map((consent) => html`<td>${consent ? yes(consent.given) : ""}</td>`)}
        ${answers.map((id) => html`<td>${answered(id, under(row.answers, id))}</td>`)}</tr>`)}</tbody></table></div>`}
    ${onMore && html`<div class="row"><button type="button" class="quiet" id="more" onClick=${onMore}>${say("rows.more")}</button></div>`}
  </section>`;
}
