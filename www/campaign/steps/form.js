// The form ("identityset"): prefilled, locked values read-only, the participant's own values kept while he types.

import { element } from "../../shared/element.js";
import { challengeOf } from "./challenge.js";
import { actions, heading, primary, secondary } from "../screen.js";
import { fieldOf, optinOf } from "./fields.js";

/**
 * @param {import("../play.js").Play} play
 * @returns {import("../screen.js").View & { mayGoUnseen: boolean, send: () => void }}
 */
export function form({ campaign, say, kept, keep, type, isPrefilled, submit, signInAsAnother, back, progress }) {
  const { lang } = campaign;
  const { prefill } = kept().admission;

  const fields = campaign.fields.map((field) => {
    const locked = prefill.locked.includes(field.name);
    const value = (locked ? undefined : kept().form[field.name]) ?? prefill.form[field.name] ?? "";
    return fieldOf(field, value, locked, { lang, rules: campaign.fieldRules, say, changed: (entered) => type({ form: { ...kept().form, [field.name]: entered } }) });
  });
  const optins = campaign.optins.map((optin) =>
    optinOf(optin, prefill.optin[optin.name] === true, kept().optin[optin.name] === true, {
      lang, say, changed: (ticked) => keep({ optin: { ...kept().optin, [optin.name]: ticked } }),
    }));

  const challenge = campaign.challenge && kept().source === "anonymous" ? challengeOf(campaign.challenge, { lang, say }) : null;
  const asked = [...fields, ...optins];
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
    for (const one of asked) one.report(one.fault());
    if (toCorrect()) return;
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
    for (const { name, path } of refused.fields ?? [])
      (path.startsWith("/optin/") ? optins : fields).find((one) => one.name === name)?.report(say("form.invalid"));
    // A fault of something that this page does not show: the campaign was changed after it was loaded.
    if (!toCorrect()) summary.textContent = refused.fields ? say("form.changed") : refused.text;
  }

  /** Leads to the first answer that is marked; false when none is. */
  function toCorrect() {
    const wrong = asked.find(({ control }) => control.getAttribute("aria-invalid") === "true");
    if (!wrong) return false;
    summary.textContent = say("form.check");
    wrong.control.focus();
    return true;
  }

  /** Who signed in, as far as a neighbour may read it, and the way out for anybody else. @param {string} [email] */
  function signedIn(email) {
    const [name = "", domain = ""] = email?.split("@") ?? [];
    const who = name && domain ? `${name.slice(0, 1)}•••@${domain.slice(0, 1)}•••` : "";
    return element("p", { className: "note" },
      say(who ? "form.signed_in" : "form.signed_in.somebody", { who }), " ",
      element("button", { type: "button", className: "link", onclick: () => signInAsAnother() }, say("form.not_you")));
  }

  return {
    name: "form",
    progress: progress(),
    // Nothing to correct, and no consent left to ask for.
    mayGoUnseen: !challenge && fields.every((field) => field.fault() === "") && campaign.optins.every(({ name }) => prefill.optin[name] === true),
    send,
    content: [
      element("form", { noValidate: true, onsubmit: (/** @type {Event} */ event) => (event.preventDefault(), send()) },
        element("div", { className: "lead" },
          heading(say(isPrefilled() ? ["form.title.known", "form.title"] : "form.title")),
          element("p", {}, say(isPrefilled() ? "form.prefilled" : "form.text"))),
        ...fields.map(({ node }) => node),
        optins.length > 0 && element("div", { className: "optins" }, ...optins.map(({ node }) => node)),
        challenge?.node,
        summary,
        kept().source?.startsWith("oauth") && signedIn(prefill.form.email),
        actions(button, campaign.questions.length > 0 && secondary(say("back"), back))),
    ],
  };
}
