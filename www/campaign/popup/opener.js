// Signing in in a window of its own, as the frame sees it. The frame opens the window, says how to begin once that window has
// said hello, and takes the ticket that it brings back. Both sides are pages of our own origin, and each message goes to that
// origin only.

/** How often the frame looks whether the window is still there, milliseconds. */
const LOOK_MS = 400;

/**
 * @typedef {object} Popup
 * @property {(query: Record<string, string>) => Promise<string | null>} start begins the sign-in; the ticket, or null where the window
 *   was closed, or a sign-in page has cut its tie to this frame (Cross-Origin-Opener-Policy)
 * @property {() => void} close
 */

/**
 * Opens the window: at once, as a browser lets only a click do it.
 * @param {{ account: string, campaignId: string, lang: string }} campaign
 * @returns {Popup | null} null where no window opens
 */
export function openPopup({ account, campaignId, lang }) {
  const query = new URLSearchParams({ lang, popup: "1" });
  const popup = window.open(`/campaign/${account}/${campaignId}?${query}`, "_blank", "popup,width=480,height=720");
  if (!popup) return null;
  return {
    close: () => popup.close(),
    start: (asked) => new Promise((resolve) => {
      const say = (/** @type {object} */ message) => popup.postMessage({ handstamp: 1, ...message }, location.origin);
      const listening = new AbortController();
      const looking = setInterval(() => popup.closed && end(null), LOOK_MS);

      /** @param {string | null} ticket */
      function end(ticket) {
        clearInterval(looking);
        listening.abort();
        resolve(ticket);
      }

      /** @param {MessageEvent} event */
      function hear({ source, origin, data }) {
        if (source !== popup || origin !== location.origin || data?.handstamp !== 1) return;
        if (data.type === "hello") say({ type: "start", query: asked });
        if (data.type !== "ticket" || typeof data.ticket !== "string") return;
        say({ type: "taken" });
        end(data.ticket);
      }

      addEventListener("message", hear, { signal: listening.signal });
      // It may have been there before this.
      say({ type: "start", query: asked });
    }),
  };
}
