// The submitted form, checked against the campaign's own description. Locked values come from the pass
// whatever was submitted; a consent is kept with its time and the words that were shown.

import { formOf } from "../accounts/held.js";
import { isObject } from "../http/body.js";
import { checkForm } from "../platform/handstamp.js";
import { below } from "../platform/pointer.js";
import { under } from "../platform/under.js";
import { partsOf, storedOf } from "./wording.js";

/** @import { Campaign, Submission } from "../types.d.ts" */

/** More faults than a form has fields help nobody. */
const FAULTS = 100;

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
  number: "A number is written as 12 or 12.5.",
  object: "This must be an object.",
  range: "This number is too small or too large.",
  required: "This is needed.",
  select: "This is none of the choices.",
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
  const own = campaign.fields.filter(({ name }) => Object.hasOwn(given, name) && given[name] !== null);
  const values = Object.fromEntries(own.map(({ name }) => [name, plain(given[name])]));
  const checked = checkForm(formOf(campaign), values, locked);
  faults.push(...checked.faults.map(({ name, reason }) => fault("form", name, reason)));
  return { ...form, ...checked.form };
}

/**
 * A value as the core reads one: half a surrogate pair is not text there, nor is anything that has members.
 * @param {unknown} value
 */
function plain(value) {
  return typeof value === "object" || (typeof value === "string" && /\p{Surrogate}/u.test(value)) ? [] : value;
}

/**
 * @param {Campaign} campaign
 * @param {{ optin: unknown, lang: unknown }} submitted
 * @param {Record<string, string | boolean>} locked
 * @param {number} now
 * @param {Fault[]} faults
 */
function consents(campaign, submitted, locked, now, faults) {
  /** One may be called like a member of every object. @type {Map<string, Submission["optin"][string]>} */
  const optin = new Map();
  const given = submitted.optin ?? {};
  const { lang } = submitted;
  if (!isObject(given)) {
    faults.push(fault("optin", null, "object"));
    return {};
  }
  for (const name of Object.keys(given)) {
    if (!campaign.optins.some((row) => row.name === name)) faults.push(fault("optin", name, "unknown"));
  }
  for (const row of campaign.optins) {
    const { name, required, wording = {} } = row;
    const own = Object.hasOwn(given, name) ? given[name] : false;
    const value = under(locked, name) ?? own;
    if (typeof value !== "boolean") {
      faults.push(fault("optin", name, "boolean"));
      continue;
    }
    if (required && !value) faults.push(fault("optin", name, "required"));
    const shown = typeof lang === "string" && Object.hasOwn(wording, lang) ? lang : (Object.keys(wording)[0] ?? "");
    optin.set(name, { given: value, at: now, wording: storedOf(partsOf(row, shown)) });
  }
  return Object.fromEntries(optin);
}

/**
 * @param {Campaign} campaign
 * @param {unknown} given
 * @param {Fault[]} faults
 */
function answers(campaign, given, faults) {
  /** @type {Map<string, string | string[]>} */
  const kept = new Map();
  if (!isObject(given)) {
    faults.push(fault("answers", null, "object"));
    return {};
  }
  for (const [id, value] of Object.entries(given)) {
    const question = campaign.questions?.find((row) => row.id === id);
    const [list, choices] = [Array.isArray(value) ? value : [value], question?.choices?.map((choice) => choice.id) ?? []];
    // Each counts once: a choice that is given twice would have two votes.
    const fits = new Set(list).size === list.length && list.every((item) => choices.includes(item));
    if (!question || !fits) faults.push(fault("answers", id, question ? "choice" : "unknown"));
    else kept.set(id, /** @type {string | string[]} */ (value));
  }
  return Object.fromEntries(kept);
}
