// Thanks: the participation is recorded.

import { element } from "../../shared/element.js";
import { stamp } from "../pictures.js";
import { heading } from "../screen.js";

/** The words of thanks, which may name the participant. @param {import("../play.js").Play} play */
export const thanks = ({ say }) => ({ title: say(["exit.title.known", "exit.title"]), text: say("exit.text") });

/** @param {import("../play.js").Play} play @returns {import("../screen.js").View} */
export function exit(play) {
  const { say, kept, campaign } = play;
  const { recordedAt: at, thanks: words, preview } = kept();
  const { title, text } = words ?? thanks(play);
  // Of a preview nothing is recorded.
  const when = at && !preview && new Intl.DateTimeFormat(campaign.lang, { dateStyle: "long", timeStyle: "short" }).format(new Date(at));
  return {
    name: "exit",
    content: [
      element("div", { className: "lead centred" },
        stamp(),
        heading(title),
        element("p", {}, text),
        when && element("p", { className: "note" }, say("exit.when", { when }))),
    ],
  };
}
