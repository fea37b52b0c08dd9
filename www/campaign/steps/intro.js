// Welcome: what the campaign asks, and that it already knows the participant.

import { element } from "../../shared/element.js";
import { inLanguage } from "../texts.js";
import { actions, heading, primary } from "../screen.js";

/** @param {import("../play.js").Play} play @returns {import("../screen.js").View} */
export function intro({ campaign, say, known, isPrefilled, kept, begin }) {
  const count = campaign.questions.length;
  const number = count === 0 ? "none" : new Intl.PluralRules(campaign.lang).select(count);
  const hello = kept().again ? "intro.again" : isPrefilled() ? ["intro.hello", "intro.known"] : "form.signed_in.somebody";
  return {
    name: "intro",
    content: [
      element("div", { className: "lead" },
        known() && element("p", { className: "hello" }, say(hello)),
        heading(say("intro.title") || inLanguage(campaign.title, campaign.lang)),
        // Of no questions there is no count: a text of the account's that says one is not for this page.
        element("p", {}, say([`intro.text.${number}`, "intro.text"], count > 0 ? { count } : {}))),
      actions(primary(say("intro.start"), { onclick: begin })),
    ],
  };
}
