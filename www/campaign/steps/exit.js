// Thanks: the participation is recorded.

import { element } from "../../shared/element.js";
import { stamp } from "../pictures.js";
import { heading } from "../screen.js";

/** @param {import("../play.js").Play} play @returns {import("../screen.js").View} */
export function exit({ say, kept, campaign }) {
  const at = kept().recordedAt;
  const when = at && new Intl.DateTimeFormat(campaign.lang, { dateStyle: "long", timeStyle: "short" }).format(new Date(at));
  return {
    name: "exit",
    content: [
      element("div", { className: "lead centred" },
        stamp(),
        heading(say(["exit.title.known", "exit.title"])),
        element("p", {}, say("exit.text")),
        when && element("p", { className: "note" }, say("exit.when", { when }))),
    ],
  };
}
