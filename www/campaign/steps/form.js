// The form ("identityset"): prefilled, locked values read-only, the participant's own values kept while he types.

import { element } from "../../shared/element.js";
import { challengeOf } from "./challenge.js";
import { actions, heading, primary, secondary } from "../screen.js";
import { fieldOf, optinOf } from "./fields.js";

/**
 * @param {import("../play.js").Play} play
 * @returns {import("../screen.js").View & { mayGoUnseen: boolean, send: () => void }}
 */
export function form({ campaign, say, kept, keep, submit, signInAsAnother, back, progress }) {
  const { lang } = campaign;
  const { prefill } = kept().admission;

  const fields = campaign.fields.map((field) => {
    const locked = prefill.locked.includes(field.name);
    const value = (locked ? undefined : kept().form[field.name]) ?? prefill.form[field.name] ?? "";
    return fieldOf(field, value, locked, { lang, rules: campaign.fieldRules, say, changed: (entered) => keep({ form: { ...kept().form, [field.name]: entered } }) });
  });
  const optins = campaign.optins.map((optin) =>
    optinOf(optin, prefill.optin[optin.name] === true, kept().optin[optin.name] === true, {
      lang, say, changed: (ticked) => keep({ optin: { ...kept().optin, [optin.name]: ticked } }),
    }));

  const challenge = campaign.challenge && kept().source === "anonymous" ? challengeOf(campaign.challenge, { lang, say }) : null;

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
    const faults = fields.map((field) => {
      const fault = field.fault();
      field.report(fault);
      return fault;
    });
    const wrong = faults.findIndex(Boolean);
    if (wrong >= 0) {
      summary.textContent = say("form.check");
      return fields[wrong].control.focus();
    }
    if (challenge?.answer() === "") {
      summary.textContent = say("form.challenge");
      return challenge.node.focus();
    }
    setBusy(true);
    const values = Object.fromEntries(fields.map(({ name, read }) => [name, read()]).filter(([, value]) => value !== ""));
    const refused = await submit(values, kept().optin, challenge?.answer());
    if (!refused) return;
    setBusy(false);
    challenge?.renew();
    summary.textContent = refused.text;
    for (const { name } of refused.fields ?? []) fields.find((field) => field.name === name)?.report(say("form.invalid"));
    fields.find(({ control }) => control.getAttribute("aria-invalid") === "true")?.control.focus();
  }

  /** Who signed in, as far as a neighbour may read it, and the way out for anybody else. @param {string} [email] */
  function signedIn(email) {
    const [name = "", domain = ""] = email?.split("@") ?? [];
    const who = name && domain ? `${name.slice(0, 1)}•••@${domain.slice(0, 1)}•••` : "";
    return element("p", { className: "note" },
      say(who ? "form.signed_in" : "form.signed_in.somebody", { who }), " ",
      element("button", { type: "button", className: "link", onclick: () => signInAsAnother() }, say("form.not_you")));
  }

  const known = Object.keys(prefill.form).length > 0;
  return {
    name: "form",
    progress: progress(),
    // Nothing to correct, and no consent left to ask for.
    mayGoUnseen: !challenge && fields.every((field) => field.fault() === "") && campaign.optins.every(({ name }) => prefill.optin[name] === true),
    send,
    content: [
      element("form", { noValidate: true, onsubmit: (/** @type {Event} */ event) => (event.preventDefault(), send()) },
        element("div", { className: "lead" },
          heading((known && say("form.title.known")) || say("form.title")),
          element("p", {}, say(known ? "form.prefilled" : "form.text"))),
        ...fields.map(({ node }) => node),
        optins.length > 0 && element("div", { className: "optins" }, ...optins),
        challenge?.node,
        summary,
        kept().source === "oauth" && signedIn(prefill.form.email),
        actions(button, campaign.questions.length > 0 && secondary(say("back"), back))),
    ],
  };
}
