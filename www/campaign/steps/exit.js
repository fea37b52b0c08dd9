// Thanks: the participation is recorded. Where questions have right answers the score, and what was right; where the account
// sets it, a way on.

import { dateIn } from "../../shared/dates.js";
import { element } from "../../shared/element.js";
import { under } from "../../shared/under.js";
import { icon, stamp } from "../pictures.js";
import { actions, heading, secondary } from "../screen.js";
import { inLanguage } from "../texts.js";

/** The words of thanks, which may name the participant. @param {import("../play.js").Play} play */
export const thanks = ({ say }) => ({ title: say(["exit.title.known", "exit.title"]), text: say("exit.text") });

/** @param {import("../play.js").Play} play @returns {import("../screen.js").View} */
export function exit(play) {
  const { say, kept, campaign } = play;
  const { recordedAt: at, thanks: words, preview } = kept();
  const { title, text } = words ?? thanks(play);
  // Of a preview nothing is recorded.
  const when = at && !preview && dateIn(campaign.lang, { dateStyle: "long", timeStyle: "short" })(new Date(at));
  const { url, share } = campaign.exit;
  return {
    name: "exit",
    content: [
      element("div", { className: "lead centred" },
        stamp(),
        heading(title),
        element("p", {}, text),
        when && element("p", { className: "note" }, say("exit.when", { when }))),
      ...score(play),
      ...(url || share ? [actions(
        url ? element("a", { className: "primary", href: url, target: "_top", rel: "noreferrer" }, say("exit.go")) : null,
        share ? shareOf(share, play) : null)] : []),
    ],
  };
}

/** @param {import("../play.js").Play} play @returns {Node[]} */
function score({ say, kept, campaign }) {
  const { score: result, answers } = kept();
  if (!result) return [];
  const { right, count } = result;
  const asked = campaign.questions.filter(({ id }) => under(result.answers, id) !== undefined);
  /** @param {import("../campaign.js").Question} question */
  const row = ({ id, text, choices }) => {
    const nameOf = (/** @type {string | undefined} */ choice) => inLanguage(choices.find((one) => one.id === choice)?.text, campaign.lang);
    const [given, wanted] = [under(answers, id), under(result.answers, id)];
    const isRight = given === wanted;
    return element("li", { className: isRight ? "right" : "wrong" },
      icon(isRight ? "check" : "cross"),
      element("div", {},
        element("p", {}, inLanguage(text, campaign.lang)),
        !isRight && given && element("p", { className: "hint" }, say("exit.yours", { answer: nameOf(given) })),
        element("p", { className: "answer" }, say("exit.right", { answer: nameOf(wanted) }))));
  };
  return [
    element("h2", { className: "score" }, say("exit.score", { right, count })),
    element("ul", { className: "answers" }, ...asked.map(row)),
  ];
}

/** Shares a page by the browser's own way, else shows its URL and copies it. @param {string} url @param {import("../play.js").Play} play */
function shareOf(url, { say, title }) {
  const status = element("p", { className: "note", role: "status" });
  const shown = element("input", { className: "url", readOnly: true, value: url, "aria-label": say("exit.share"), hidden: true });
  const button = secondary(say("exit.share"), async () => {
    try {
      if (navigator.canShare?.({ url })) return await navigator.share({ title, url });
    } catch (fault) {
      // The participant thought better of it; anything else is a frame that may not share.
      if (/** @type {Error} */ (fault).name === "AbortError") return;
    }
    // A frame of another site may not use the clipboard's own interface, but may copy what is selected.
    shown.hidden = false;
    shown.select();
    if (document.execCommand("copy")) status.textContent = say("exit.copied");
  });
  return element("div", {}, button, shown, status);
}
