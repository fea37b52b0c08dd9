// "Now break it": a wrong token goes into a real campaign frame, and the cause behind its ref is shown beside it.

import { element } from "../shared/element.js";
import { refusalReport } from "./report.js";

const box = /** @type {HTMLElement} */ (document.getElementById("broken"));
const why = /** @type {HTMLElement} */ (document.getElementById("why"));
const buttons = /** @type {HTMLButtonElement[]} */ ([...document.querySelectorAll("[data-mistake]")]);
const example = /** @type {HTMLElement} */ (document.getElementById("by-token"));

/** @param {...Node} content */
const show = (...content) => why.replaceChildren(element("p", { className: "caption" }, "You see"), ...content);

/** The next refusal that the frame reports. @returns {Promise<{ ref: string }>} */
const nextRefusal = () => new Promise((resolve) => {
  box.addEventListener("handstamp:refused", (event) => resolve(/** @type {CustomEvent} */ (event).detail), { once: true });
});

/** @param {HTMLButtonElement} button */
async function breakIt(button) {
  for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
  show(element("p", { className: "hint" }, "Asking…"));
  const response = await fetch("/api/mistakes", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ kind: button.dataset.mistake }),
  });
  if (!response.ok) return show(element("p", { className: "hint" }, "The demo site could not make this token."));
  const { token, report } = await response.json();
  const refusal = nextRefusal();
  const { handstampAccount: account, handstampCampaign: campaign } = example.dataset;
  /** @type {any} */ (window).handstamp("create", box, { account, campaign, layout: "fill", token });
  const { ref } = await refusal;
  if (button.ariaPressed !== "true") return;
  const cause = await (await fetch(`/api/refusals/${ref}`)).json();
  show(...refusalReport(cause, report));
}

export function offerMistakes() {
  for (const button of buttons) {
    button.setAttribute("aria-pressed", "false");
    button.addEventListener("click", () => breakIt(button));
  }
}
