// Welcome: what the campaign asks, and that it already knows the participant.

import { element } from "../../shared/element.js";
import { inLanguage } from "../texts.js";
import { actions, heading, primary } from "../screen.js";

/** @param {import("../play.js").Play} play @returns {import("../screen.js").View} */
export function intro({ campaign, say, known, kept, begin }) {
  const count = campaign.questions.length;
  const text = say("intro.text.custom") || say(count > 1 ? "intro.text" : count === 1 ? "intro.text.one" : "intro.text.none", { count });
  return {
    name: "intro",
    content: [
      element("div", { className: "lead" },
        known() && element("p", { className: "hello" }, kept().again ? say("intro.again") : say("intro.hello") || say("intro.known")),
        heading(say("intro.title") || inLanguage(campaign.title, campaign.lang)),
        element("p", {}, text)),
      actions(primary(say("intro.start"), { onclick: begin })),
    ],
  };
}
