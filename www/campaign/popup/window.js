// Signing in in a window of its own, as that window sees it: it begins when the frame that opened it says how, and brings the ticket
// back to it. What the frame says, and to whom the ticket goes, is held to our own origin: the URL of this window says nothing,
// as anybody can write it.

import { element } from "../../shared/element.js";
import { actions, heading, primary, secondary } from "../screen.js";

/** How long the frame may take to answer, milliseconds: it keeps the draft first. */
const START_MS = 20_000;
const TAKEN_MS = 3000;

/**
 * @param {import("../campaign.js").Campaign} campaign
 * @param {string | null} ticket that this window came back with
 * @param {import("../screen.js").Screen} screen
 * @param {import("../play.js").Play["say"]} say
 * @returns {Promise<boolean>} false where this is no such window, and the campaign may be played in it
 */
export async function standIn({ account, campaignId }, ticket, screen, say) {
  const name = `handstamp:popup:${account}:${campaignId}`;
  const opener = /** @type {Window | null} */ (window.opener);
  const isAsked = new URLSearchParams(location.search).has("popup");
  if (!ticket && isAsked && !opener) {
    // The frame has found no window, and signs in on its page.
    window.close();
    return false;
  }
  if (!ticket && isAsked && opener) {
    const started = hear(opener, "start", START_MS);
    tell(opener, { type: "hello" });
    const query = (await started)?.query;
    if (!query) return false;
    remember(name, "1");
    const start = new URLSearchParams({ ...query, account, campaignId });
    location.replace(`/oauth/start?${start}`);
    return new Promise(() => {});
  }
  if (!ticket || !remember(name)) return false;
  if (opener) {
    const taken = hear(opener, "taken", TAKEN_MS);
    tell(opener, { type: "ticket", ticket });
    if (await taken) window.close();
  }
  screen.show({
    name: "popup",
    content: [
      element("div", { className: "lead centred" }, heading(say("popup.title")), element("p", {}, say("popup.done", { button: say("login.start") }))),
      actions(
        primary(say("popup.close"), { onclick: () => window.close() }),
        secondary(say("popup.here"), () => location.reload())),
    ],
  });
  return true;
}

/** @param {Window} opener @param {object} message */
const tell = (opener, message) => opener.postMessage({ handstamp: 1, ...message }, location.origin);

/**
 * @param {Window} opener @param {string} type @param {number} within
 * @returns {Promise<any>} the message; undefined where none comes
 */
function hear(opener, type, within) {
  const listening = new AbortController();
  return new Promise((resolve) => {
    setTimeout(resolve, within);
    addEventListener("message", ({ source, origin, data }) => {
      if (source === opener && origin === location.origin && data?.handstamp === 1 && data.type === type) resolve(data);
    }, { signal: listening.signal });
  }).finally(() => listening.abort());
}

/**
 * Notes that this window signs somebody in for a frame; without a value, takes the note away and says whether there was one.
 * @param {string} name @param {string} [value]
 */
function remember(name, value) {
  try {
    const before = sessionStorage.getItem(name);
    if (value) sessionStorage.setItem(name, value);
    else sessionStorage.removeItem(name);
    return before !== null;
  } catch {
    return false;
  }
}
