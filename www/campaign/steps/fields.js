// The fields and opt-ins of a form: label, control, hint and error, one shape for all.

import { element } from "../../shared/element.js";
import { under } from "../../shared/under.js";
import { icon } from "../pictures.js";
import { inLanguage, isolated } from "../texts.js";
import { takes } from "./field_rules.js";

/** @typedef {import("../campaign.js").Field} Field */
/** @typedef {import("../campaign.js").OptIn} OptIn */

/** What browsers fill in by themselves, by field name. @type {Record<string, string>} */
const AUTOCOMPLETE = {
  firstname: "given-name", lastname: "family-name", email: "email", phone: "tel", birthdate: "bday",
  street: "street-address", postcode: "postal-code", zip: "postal-code", city: "address-level2", country: "country",
};

/** Keyboards on a phone, by type. @type {Record<string, string>} */
const INPUT_MODE = { email: "email", tel: "tel", number: "decimal" };

/** What is said of a value that a field does not take, by type. @type {Record<string, string>} */
const REFUSED = { email: "form.email", tel: "form.tel", date: "form.date", number: "form.number" };

/** Codes that name no country one can live in. */
const NOT_COUNTRIES = new Set(["EU", "EZ", "UN", "QO", "XA", "XB", "ZZ", "AC", "CP", "CQ", "DG", "EA", "IC", "TA"]);

/** Every country by its name in a language. @param {string} lang @returns {[string, string][]} */
function countries(lang) {
  const names = new Intl.DisplayNames([lang], { type: "region", fallback: "none" });
  const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
  const codes = letters.flatMap((first) => letters.map((second) => first + second));
  return codes
    .flatMap((code) => {
      const name = NOT_COUNTRIES.has(code) ? undefined : names.of(code);
      // An old code has the name of its successor.
      return name && new Intl.Locale(`und-${code}`).region === code ? [/** @type {[string, string]} */ ([code, name])] : [];
    })
    .sort((one, other) => one[1].localeCompare(other[1], lang));
}

/** The countries, and the code that is filled in where it is none of them. @param {string} code @param {[string, string][]} list @returns {[string, string][]} */
const offered = (code, list) => (code === "" || list.some(([known]) => known === code) ? list : [...list, [code, code]]);

/**
 * What there is to choose from: code and name of each; nothing for a field that is typed.
 * @param {Field} field @param {string} value @param {string} lang
 * @returns {[string, string][] | undefined}
 */
function listOf({ type, choices = [] }, value, lang) {
  if (type === "country") return offered(value, countries(lang));
  return type === "select" ? choices.map(({ id, text }) => [id, inLanguage(text, lang)]) : undefined;
}

/** The bounds of a number, which the browser compares. @param {Field} field */
const rangeOf = ({ type, min, max }) => (type === "number" ? { min: String(min ?? ""), max: String(max ?? ""), step: "any" } : {});

/** A choice of a list, where no style reaches it: on a page from right to left, one of another language keeps its own order. @param {string} text */
const inOrder = (text) => (document.dir === "rtl" ? isolated(text) : text);

/** A name that reads as words when the account gives no label. @param {string} name */
const asWords = (name) => name.replace(/[_-]+/g, " ").replace(/^./, (letter) => letter.toUpperCase());

/**
 * @param {Field} field @param {string} value @param {boolean} locked
 * @param {{ lang: string, rules: import("./field_rules.js").FieldRules, say: import("../play.js").Play["say"], changed: (value: string) => void }} context
 */
export function fieldOf(field, value, locked, { lang, rules, say, changed }) {
  const id = `field-${field.name}`;
  const error = element("p", { className: "error", id: `${id}-error` });
  // The service puts the bare name where an account has given no label.
  const given = inLanguage(field.label, lang);
  const label = (given !== field.name && given) || say(`field.${field.name}`) || asWords(field.name);
  const isBox = field.type === "checkbox";
  const common = { id, name: field.name, required: Boolean(field.required), "aria-describedby": `${id}-error ${locked ? `${id}-why` : ""}`.trim() };

  const list = listOf(field, value, lang);
  const control = list && !locked
    ? element("select", { ...common, autocomplete: under(AUTOCOMPLETE, field.name) ?? (field.type === "country" ? "country" : "on") },
      element("option", { value: "" }, inOrder(say("form.choose"))),
      ...list.map(([code, name]) => element("option", { value: code }, inOrder(name))))
    : element("input", {
      ...common, type: list ? "text" : field.type, autocomplete: under(AUTOCOMPLETE, field.name) ?? "on", inputMode: INPUT_MODE[field.type],
      maxLength: isBox ? undefined : rules.longest, readOnly: locked && !isBox, disabled: locked && isBox, ...rangeOf(field),
    });

  if (isBox) control.checked = value === "true";
  else control.value = (locked && list?.find(([code]) => code === value)?.[1]) || value;

  // While typing, not on leaving the field: a line that vanishes then would move the button from under the click.
  control.addEventListener("input", () => {
    report("");
    changed(read());
  });

  /** @returns {string} */
  const read = () => (isBox ? String(control.checked) : locked ? value : control.value.trim());

  /** @param {string} text */
  function report(text) {
    error.textContent = text;
    control.setAttribute("aria-invalid", String(text !== ""));
  }

  /** What is wrong with the value, in the participant's words; "" when nothing is. */
  function fault() {
    if (locked) return "";
    if (isBox) return field.required && !control.checked ? say("form.missing.checkbox") : "";
    const entered = control.value.trim();
    if (control.validity.badInput) return say(REFUSED[field.type]);
    if (!entered) return field.required ? say("form.missing") : "";
    if (!takes(rules, field.type, entered)) return say(REFUSED[field.type] ?? "form.invalid");
    const { rangeUnderflow, rangeOverflow } = control.validity;
    return rangeUnderflow || rangeOverflow ? say(["form.range", "form.range.from", "form.range.to"].find((key) => say(key, field)) ?? "form.number", field) : "";
  }

  const hint = !locked && hintOf(field.required, say);
  const why = locked && element("p", { className: "why", id: `${id}-why` }, icon("lock"), say("form.locked"));
  const node = isBox
    ? element("div", { className: "field tick" }, element("label", {}, control, element("span", {}, label, hint)), why, error)
    : element("div", { className: locked ? "field locked" : "field" }, element("label", { htmlFor: id }, label, hint), control, why, error);
  return { name: field.name, node, control, read, fault, report };
}

/** Says beside a label whether an answer is needed. @param {boolean | undefined} required @param {import("../play.js").Play["say"]} say */
const hintOf = (required, say) => element("span", { className: "hint" }, ` ${say(required ? "form.required" : "form.optional")}`);

/** A part of a wording: words, or a link that leaves the page as it is. @param {string | { text: string, url: string }} part */
const partOf = (part) => (typeof part === "string" ? part : element("a", { href: part.url, target: "_blank", rel: "noopener noreferrer" }, part.text));

/**
 * An opt-in: never ticked for anyone. A consent that was already given is a sentence, not a box.
 * @param {OptIn} optin @param {boolean} given @param {boolean} ticked by the participant, on this screen
 * @param {{ lang: string, say: import("../play.js").Play["say"], changed: (value: boolean) => void }} context
 */
export function optinOf(optin, given, ticked, { lang, say, changed }) {
  const wording = inLanguage(optin.wording, lang);
  const id = `optin-${optin.name}`;
  const error = element("p", { className: "error", id: `${id}-error` });
  const control = element("input", { id, type: "checkbox", name: id, checked: ticked, required: Boolean(optin.required), "aria-describedby": error.id });

  /** @param {string} text */
  function report(text) {
    error.textContent = text;
    control.setAttribute("aria-invalid", String(text !== ""));
  }

  control.addEventListener("change", () => {
    report("");
    changed(control.checked);
  });
  const node = given
    ? element("p", { className: "consent" }, icon("check"), element("span", {}, say("form.consent", { wording })))
    : element("div", { className: "field tick" }, element("label", {}, control, element("span", {}, ...(optin.parts ?? [wording]).map(partOf), optin.required && hintOf(true, say))), error);
  const fault = () => (optin.required && !given && !control.checked ? say("form.missing.checkbox") : "");
  return { name: optin.name, node, control, given, fault, report };
}
