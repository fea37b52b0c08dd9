// "Play with your own token": the campaign with a token that somebody made, or every check that it goes through.

import { tokenOfLink } from "../shared/links.js";
import { checksReport } from "./report.js";

const by = (/** @type {string} */ id) => /** @type {any} */ (document.getElementById(id));
const example = by("by-token");

/** What was pasted: a token, or a link with one. */
const token = () => tokenOfLink(by("token").value)?.token ?? by("token").value.trim();

function play() {
  const { handstampAccount: account, handstampCampaign: campaign } = example.dataset;
  by("came").textContent = "";
  /** @type {any} */ (window).handstamp("create", by("played"), { account, campaign, layout: "fill", token: token() });
}

async function explain() {
  const answer = await fetch("/api/explain", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ token: token() }) });
  by("explained").replaceChildren(...checksReport(await answer.json()));
}

/** @param {HTMLButtonElement} button @param {Element} from */
async function copy(button, from) {
  const { textContent: before } = button;
  await navigator.clipboard.writeText(from.textContent ?? "").then(() => (button.textContent = "Copied"), () => getSelection()?.selectAllChildren(from));
  setTimeout(() => (button.textContent = before), 2000);
}

export function playOwn() {
  by("play").addEventListener("submit", (/** @type {Event} */ event) => (event.preventDefault(), play()));
  by("explain").addEventListener("click", explain);
  by("played").addEventListener("handstamp:refused", (/** @type {CustomEvent} */ { detail }) => {
    by("came").textContent = `Refused: ${detail.reason}. Here is why:`;
    explain();
  });
  for (const button of document.querySelectorAll("[data-copy]"))
    button.addEventListener("click", () => copy(/** @type {HTMLButtonElement} */ (button), by(/** @type {HTMLElement} */ (button).dataset.copy ?? "")));
}
