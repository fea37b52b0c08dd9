// The campaign in a window of its own, or framed by a page without the tag: token and ticket stand in the address,
// and leave it before anything else is done.

import { readFragment } from "./fragment.js";

/** @typedef {import("./host.js").Host} Host */

/** Links in some mail programs are cut at about this length. */
const LONGEST_LINK = 1800;

/** @param {{ account: string, campaignId: string, lang: string }} campaign @returns {Host} */
export function openWindow({ account, campaignId, lang }) {
  const query = new URLSearchParams(location.search);
  const fragment = new URLSearchParams(location.hash.slice(1));
  const token = fragment.get("token") ?? query.get("token");
  const ticket = fragment.get("handstamp");
  if (token && location.href.length > LONGEST_LINK) {
    console.warn(`handstamp: link_long: this link has ${location.href.length} characters; some mail programs cut at ${LONGEST_LINK}`);
  }
  query.delete("token");
  fragment.delete("token");
  fragment.delete("handstamp");
  if (token || ticket) {
    const [search, hash] = [query.toString(), fragment.toString()];
    history.replaceState(null, "", location.pathname + (search && `?${search}`) + (hash && `#${hash}`));
  }
  // Another link to this page, opened in its window: to the browser that is the same page still.
  addEventListener("hashchange", () => /[#&](?:token|handstamp)=/.test(location.hash) && location.reload());

  return {
    origin: "",
    kind: "link",
    flows: false,
    isNewVisit: /** @type {PerformanceNavigationTiming} */ (performance.getEntriesByType("navigation")[0])?.type === "navigate",
    arrival: async () => ({ token, ...readFragment(ticket) }),
    onToken() {},
    event() {},
    resize() {},
    renews: () => false,
    renew: async () => null,
    place: async () => null,
    login(step, { bind, prompt, preview }) {
      const start = new URLSearchParams({ account, campaignId, step, lang, ...(bind && { bind }), ...(prompt && { prompt }), ...(preview && { preview: "1" }) });
      // The top window: a login page refuses to be framed.
      // Of a page of another origin, only this member may be set.
      /** @type {Window} */ (window.top).location.href = new URL(`/oauth/start?${start}`, location.origin).href;
    },
    restore() {},
  };
}
