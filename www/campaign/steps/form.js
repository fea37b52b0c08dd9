// The form ("identityset"): prefilled, locked values read-only, the participant's own values kept while he types.

import { element } from "../../shared/element.js";
import { under } from "../../shared/under.js";
import { challengeOf } from "./challenge.js";
import { actions, heading, primary, secondary } from "../screen.js";
import { fieldOf, optinOf } from "./fields.js";

/**
 * @param {import("../play.js").Play} play
 * @returns {import("../screen.js").View & { mayGoUnseen: boolean, send: () => void, fill: (prefill: any) => void, tell: (text: string) => void }} fill: takes
 *   a prefill that came late; tell: says a sentence in the place of the introduction
 */
export function form({ campaign, say, kept, keep, type, isPrefilled, submit, signInAsAnother, back, progress }) {
  const { lang } = campaign;
  const { prefill } = kept().admission;

  const [known, lead, signedIn] = [heading(""), element("p", { role: "status" }), element("span", {})];
  const summaryOf = () => {
    signedIn.textContent = signedInAs(kept().admission.prefill.form.email);
    known.textContent = say(isPrefilled() ? ["form.title.known", "form.title"] : "form.title");
    lead.textContent = say(isPrefilled() ? "form.prefilled" : "form.text");
  };
  summaryOf();

  /** Who signed in, as far as a neighbour may read it. @param {string} [email] */
  function signedInAs(email) {
    const [name = "", domain = ""] = email?.split("@") ?? [];
    const who = name && domain ? `${name.slice(0, 1)}•••@${domain.slice(0, 1)}•••` : "";
    return say(who ? "form.signed_in" : "form.signed_in.somebody", { who });
  }

  /** @param {import("../campaign.js").Field} field @param {any} filled */
  function drawField(field, { form: values, locked: names }) {
    const locked = names.includes(field.name);
    const value = (locked ? undefined : under(kept().form, field.name)) ?? under(values, field.name) ?? "";
    return fieldOf(field, value, locked, { lang, rules: campaign.fieldRules, say, changed: (entered) => type({ form: { ...kept().form, [field.name]: entered } }) });
  }

  /** @param {import("../campaign.js").OptIn} optin @param {any} filled */
  function drawOptin(optin, { optin: given }) {
    const changed = (/** @type {boolean} */ ticked) => keep({ optin: { ...kept().optin, [optin.name]: ticked } });
    return optinOf(optin, under(given, optin.name) === true, under(kept().optin, optin.name) === true, { lang, say, changed });
  }

  const fields = campaign.fields.map((field) => drawField(field, prefill));
  const optins = campaign.optins.map((optin) => drawOptin(optin, prefill));

  /**
   * Puts in what the profile says, late: a locked value in any case, any other where nothing was entered.
   * @param {any} filled
   */
  function fill(filled) {
    campaign.fields.forEach((field, place) => {
      const { node, control, name } = fields[place];
      const isFree = under(kept().form, name) === undefined && control.value === "" && document.activeElement !== control;
      if (filled.locked.includes(name) || (isFree && under(filled.form, name) !== undefined)) fields[place] = replaced(node, control, drawField(field, filled));
    });
    campaign.optins.forEach((optin, place) => {
      const { node, control, name } = optins[place];
      if (under(filled.optin, name) === true) optins[place] = replaced(node, control, drawOptin(optin, filled));
    });
    summaryOf();
  }

  const challenge = campaign.challenge && kept().technique === "anonymous" ? challengeOf(campaign.challenge, { lang, say }) : null;
  const asked = () => [...fields, ...optins];
  const summary = element("p", { className: "error summary", role: "alert" });
  const button = primary(say("form.send"), { type: "submit" });

  /** @param {boolean} busy */
  function setBusy(busy) {
    button.ariaDisabled = String(busy);
    button.textContent = say(busy ? "form.sending" : "form.send");
  }

  async function send() {
    if (button.ariaDisabled === "true") return;
    summary.textContent = "";
    for (const one of asked()) one.report(one.fault());
    if (toCorrect()) return;
    if (challenge?.answer() === "") {
      summary.textContent = say("form.challenge");
      return challenge.node.focus();
    }
    setBusy(true);
    const values = Object.fromEntries(fields.map(({ name, read }) => [name, read()]).filter(([, value]) => value !== ""));
    // A consent that the customer has already is told like one that is given here: the service knows of locked ones alone.
    const agreed = Object.fromEntries(optins.filter(({ given }) => given).map(({ name }) => [name, true]));
    const refused = await submit(values, { ...kept().optin, ...agreed }, challenge?.answer());
    if (!refused) return;
    setBusy(false);
    challenge?.renew();
    for (const { name, path } of refused.fields ?? [])
      (path.startsWith("/optin/") ? optins : fields).find((one) => one.name === name)?.report(say("form.invalid"));
    // A fault of something that this page does not show: the campaign was changed after it was loaded.
    if (!toCorrect()) summary.textContent = refused.fields ? say("form.changed") : refused.text;
  }

  /** Leads to the first answer that is marked; false when none is. */
  function toCorrect() {
    const wrong = asked().find(({ control }) => control.getAttribute("aria-invalid") === "true");
    if (!wrong) return false;
    summary.textContent = say("form.check");
    wrong.control.focus();
    return true;
  }

  return {
    name: "form",
    progress: progress(),
    // Nothing to correct, and no consent left to ask for.
    mayGoUnseen: !challenge && fields.every((field) => field.fault() === "") && campaign.optins.every(({ name }) => under(prefill.optin, name) === true),
    send,
    fill,
    tell: (/** @type {string} */ text) => (lead.textContent = text),
    content: [
      element("form", { noValidate: true, onsubmit: (/** @type {Event} */ event) => (event.preventDefault(), send()) },
        element("div", { className: "lead" },
          known,
          lead),
        ...fields.map(({ node }) => node),
        optins.length > 0 && element("div", { className: "optins" }, ...optins.map(({ node }) => node)),
        challenge?.node,
        summary,
        kept().technique === "oauth" && element("p", { className: "note" },
          signedIn, " ",
          element("button", { type: "button", className: "link", onclick: () => signInAsAnother() }, say("form.not_you"))),
        actions(button, campaign.questions.length > 0 && secondary(say("back"), back))),
    ],
  };
}

/**
 * Puts a control in the place of another, the focus with it.
 * @template {{ node: HTMLElement, control: HTMLElement }} T
 * @param {HTMLElement} node @param {HTMLElement} control @param {T} other
 */
function replaced(node, control, other) {
  const isFocused = document.activeElement === control;
  node.replaceWith(other.node);
  if (isFocused) other.control.focus();
  return other;
}
