// The submitted form, checked against the campaign's own description. Locked values come from the pass
// whatever was submitted; a consent is kept with its time and the words that were shown.

import { isObject } from "../http/body.js";
import { below } from "../platform/pointer.js";

/** @import { Campaign, Field, Submission } from "../types.d.ts" */

const CHARACTERS = 1024;
const CHOICES = 50;
/** More faults than a form has fields help nobody. */
const FAULTS = 100;
// Control characters and the marks that turn the direction of text around.
const UNFIT = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/u;

/**
 * @typedef {object} Fault
 * @property {string} name of the field, opt-in or question
 * @property {string} path JSON Pointer into the submission
 * @property {string} reason
 * @property {string} detail
 */

/** @type {Record<string, string>} */
const DETAILS = {
  boolean: "This is answered by true or false.",
  characters: "This holds characters that cannot be shown.",
  checkbox: "This is answered by true or false.",
  choice: "This is none of the choices.",
  country: "A country is written as two capital letters, such as BE.",
  date: "A date is written as 2026-12-31.",
  email: "This is not an e-mail address.",
  object: "This must be an object.",
  required: "This is needed.",
  tel: "This is not a telephone number.",
  text: "This must be text.",
  too_long: "This is too long.",
  unknown: "The campaign does not ask for this.",
};

/**
 * @param {string} part
 * @param {string | null} name
 * @param {string} reason
 * @returns {Fault}
 */
function fault(part, name, reason) {
  const path = name === null ? `/${part}` : below(`/${part}`, name.slice(0, 64));
  return { name: (name ?? part).slice(0, 64), path, reason, detail: DETAILS[reason] };
}

/** @type {Record<Field["type"], (value: string) => boolean>} */
const FITS = {
  text: () => true,
  email: (value) => value.length <= 254 && /^[^\s@,;<>()]+@[^\s@,;<>()]+\.[^\s@.,;<>()]{2,}$/.test(value),
  tel: (value) => /^\+?[\d ().\/-]{4,32}$/.test(value) && value.replace(/\D/g, "").length >= 4,
  date: (value) => {
    const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(value);
    if (!parts) return false;
    const [year, month, day] = parts.slice(1).map(Number);
    const date = new Date(Date.UTC(year, month - 1, day));
    return year >= 1000 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  },
  country: (value) => /^[A-Z]{2}$/.test(value),
  checkbox: (value) => value === "true" || value === "false",
};

/**
 * @param {Campaign} campaign
 * @param {{ form: unknown, optin: unknown, answers: unknown, lang: unknown }} submitted
 * @param {Record<string, string | boolean>} locked texts of fields, booleans of opt-ins
 * @param {number} now milliseconds
 * @returns {{ form: Submission["form"], optin: Submission["optin"], answers: Submission["answers"], faults: Fault[] }}
 */
export function readForm(campaign, submitted, locked, now) {
  /** @type {Fault[]} */
  const faults = [];
  const texts = Object.fromEntries(Object.entries(locked).filter(([, value]) => typeof value === "string"));
  return {
    form: fields(campaign, submitted.form ?? {}, /** @type {Record<string, string>} */ (texts), faults),
    optin: consents(campaign, submitted, locked, now, faults),
    answers: answers(campaign, submitted.answers ?? {}, faults),
    faults: faults.slice(0, FAULTS),
  };
}

/**
 * @param {Campaign} campaign
 * @param {unknown} given
 * @param {Record<string, string>} locked
 * @param {Fault[]} faults
 */
function fields(campaign, given, locked, faults) {
  /** @type {Record<string, string>} */
  const form = { ...locked };
  if (!isObject(given)) {
    faults.push(fault("form", null, "object"));
    return form;
  }
  for (const name of Object.keys(given)) {
    if (!campaign.fields.some((field) => field.name === name) && !Object.hasOwn(locked, name))
      faults.push(fault("form", name, "unknown"));
  }
  for (const field of campaign.fields) {
    if (Object.hasOwn(locked, field.name)) continue;
    const raw = Object.hasOwn(given, field.name) ? given[field.name] : undefined;
    const value = typeof raw === "boolean" ? String(raw) : (raw ?? "");
    const reason = misfit(field, value);
    if (reason) faults.push(fault("form", field.name, reason));
    else if (typeof value === "string" && value.trim() !== "") form[field.name] = value.trim();
  }
  return form;
}

/**
 * @param {Field} field
 * @param {unknown} value
 * @returns {string | undefined}
 */
function misfit(field, value) {
  if (typeof value !== "string") return "text";
  const text = value.trim();
  if (text === "" || (field.type === "checkbox" && text === "false")) return field.required ? "required" : undefined;
  if (text.length > CHARACTERS) return "too_long";
  if (UNFIT.test(text)) return "characters";
  return FITS[field.type]?.(text) === false ? field.type : undefined;
}

/**
 * @param {Campaign} campaign
 * @param {{ optin: unknown, lang: unknown }} submitted
 * @param {Record<string, string | boolean>} locked
 * @param {number} now
 * @param {Fault[]} faults
 */
function consents(campaign, submitted, locked, now, faults) {
  /** @type {Submission["optin"]} */
  const optin = {};
  const given = submitted.optin ?? {};
  const { lang } = submitted;
  if (!isObject(given)) {
    faults.push(fault("optin", null, "object"));
    return optin;
  }
  for (const name of Object.keys(given)) {
    if (!campaign.optins.some((row) => row.name === name)) faults.push(fault("optin", name, "unknown"));
  }
  for (const { name, required, wording = {} } of campaign.optins) {
    const own = Object.hasOwn(given, name) ? given[name] : false;
    const value = Object.hasOwn(locked, name) ? locked[name] : own;
    if (typeof value !== "boolean") {
      faults.push(fault("optin", name, "boolean"));
      continue;
    }
    if (required && !value) faults.push(fault("optin", name, "required"));
    const shown = typeof lang === "string" && Object.hasOwn(wording, lang) ? wording[lang] : Object.values(wording)[0];
    optin[name] = { given: value, at: now, wording: shown ?? "" };
  }
  return optin;
}

/**
 * @param {Campaign} campaign
 * @param {unknown} given
 * @param {Fault[]} faults
 */
function answers(campaign, given, faults) {
  /** @type {Record<string, string | string[]>} */
  const kept = {};
  if (!isObject(given)) {
    faults.push(fault("answers", null, "object"));
    return kept;
  }
  for (const [id, value] of Object.entries(given)) {
    const question = campaign.questions?.find((row) => row.id === id);
    const list = Array.isArray(value) ? value : [value];
    const fits =
      list.length <= CHOICES &&
      list.every((item) => typeof item === "string" && item.length <= CHARACTERS && !UNFIT.test(item));
    const known =
      !question?.choices?.length || list.every((item) => question.choices?.some((choice) => choice.id === item));
    if (!question || !fits || !known) faults.push(fault("answers", id, question ? "choice" : "unknown"));
    else kept[id] = /** @type {string | string[]} */ (value);
  }
  return kept;
}
