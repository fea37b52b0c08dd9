// On entering the form without a pass: sign in at the customer's site, answers kept.

import { element } from "../../shared/element.js";
import { appAround } from "../in_app.js";
import { actions, heading, primary, secondary } from "../screen.js";

/**
 * @param {import("../play.js").Play} play @param {string} [note] key of what is said below the button
 * @returns {import("../screen.js").View}
 */
export function login({ say, signIn, mayBeGuest, enterAsGuest, back, progress, campaign, kept }, note = "login.kept") {
  const status = element("p", { className: "note", role: "status" }, say(note));
  /** @param {"create"} [prompt] */
  function leave(prompt) {
    if (button.ariaDisabled === "true") return;
    button.ariaDisabled = "true";
    status.textContent = say("login.leaving");
    signIn(prompt);
  }
  const button = primary(say("login.start"), { onclick: () => leave() });
  const app = appAround(navigator.userAgent);
  // Only a preview has a pass here.
  const past = mayBeGuest() ? "login.skip" : kept().pass !== null && "login.preview";
  return {
    name: "login",
    progress: progress(),
    content: /** @type {Node[]} */ ([
      element("div", { className: "lead" }, heading(say("login.title")), element("p", {}, say("login.text"))),
      app !== null && element("p", { className: "note", role: "note" }, say(app ? "login.in_app" : "login.in_app.other", { app })),
      actions(
        button,
        status,
        campaign.registers && secondary(say("login.register"), () => leave("create")),
        past && secondary(say(past), enterAsGuest),
        campaign.questions.length > 0 && secondary(say("back"), back)),
    ].filter(Boolean)),
  };
}
