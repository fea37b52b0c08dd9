// The demo page: trails, counter, mistakes, and a place to try one's own token.

import { countRecorded } from "./counter.js";
import { offerMistakes } from "./mistakes.js";
import { playOwn } from "./own.js";
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
playOwn();
