// The demo page: trails, counter, mistakes, and a place to try one's own token.

import { countRecorded } from "./counter.js";
import { offerMistakes } from "./mistakes.js";
import { checksReport } from "./report.js";
import { followTrails } from "./trail.js";

// The site's token, and another one once that has expired: the tag asks for it. The tag comes after this script.
const box = /** @type {HTMLElement} */ (document.getElementById("by-token"));
let asked = 0;
async function token() {
  asked += 1;
  if (asked > 1) box.dataset.handstampToken = (await (await fetch("/api/token")).json()).token;
  return box.dataset.handstampToken;
}
/** @type {any} */ (window).handstamp = { q: [["create", box, { token }]] };

followTrails();
offerMistakes();
countRecorded();

const form = /** @type {HTMLFormElement} */ (document.getElementById("explain"));
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const token = /** @type {HTMLTextAreaElement} */ (document.getElementById("token")).value.trim();
  const response = await fetch("/api/explain", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ token }) });
  document.getElementById("explained")?.replaceChildren(...checksReport(await response.json()));
});
