// One question per screen, as a real radio group: arrow keys choose, Enter goes on.

import { element } from "../../shared/element.js";
import { under } from "../../shared/under.js";
import { icon } from "../pictures.js";
import { inLanguage } from "../texts.js";
import { actions, primary } from "../screen.js";

/** @param {import("../play.js").Play} play @returns {import("../screen.js").View} */
export function questions({ campaign, say, kept, answer, back, progress }) {
  const count = campaign.questions.length;
  const number = kept().question;
  const { id, text, choices } = campaign.questions[number];
  const error = element("p", { className: "error", id: "missing", role: "alert" });

  const boxes = choices.map((choice) => element("input", {
    type: "radio", name: "answer", value: choice.id, checked: under(kept().answers, id) === choice.id,
    onchange: () => (error.textContent = ""),
  }));
  const group = element("fieldset", { "aria-describedby": "missing" },
    element("legend", {}, element("h1", { tabIndex: -1 }, inLanguage(text, campaign.lang))),
    ...choices.map((choice, place) => element("label", { className: "choice" },
      boxes[place], element("span", {}, inLanguage(choice.text, campaign.lang)), icon("check"))));

  /** @param {Event} event */
  function onsubmit(event) {
    event.preventDefault();
    const chosen = boxes.find((box) => box.checked);
    if (chosen) return answer(id, chosen.value);
    error.textContent = say("question.missing");
    boxes[0]?.focus();
  }

  return {
    name: "questions",
    progress: progress(),
    content: [
      element("form", { noValidate: true, onsubmit },
        element("p", { className: "where" },
          element("button", { type: "button", className: "back", "aria-label": say("back"), onclick: back }, icon("back")),
          element("span", {}, say("question.progress", { number: number + 1, count }))),
        group,
        actions(error, primary(say("next"), { type: "submit" }))),
    ],
  };
}
