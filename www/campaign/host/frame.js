// The campaign inside a host page that uses the tag. The first message of each side is checked by source, origin,
// id and version; after that everything goes through one private MessagePort.

import { readFragment } from "./fragment.js";
import { openTrail } from "./trail.js";

/** @typedef {import("../campaign.js").Place} Place */
/** @typedef {import("./host.js").Host} Host */

/** The tag answers at once; a page that frames us without the tag never does. */
const NO_TAG_AFTER = 2500;

/**
 * @param {import("../campaign.js").Campaign} campaign
 * @returns {Promise<Host | null>} null when the host page has no tag
 */
export function openFrame(campaign) {
  const { origins } = campaign;
  const id = crypto.randomUUID();
  return new Promise((resolve) => {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      resolve(null);
    }, NO_TAG_AFTER);

    /** @param {MessageEvent} event */
    function connect({ source, origin, data, ports }) {
      if (source !== window.parent || !(origins.includes(origin) || origin === location.origin)) return;
      if (data?.handstamp !== 1 || data.type !== "connect" || data.id !== id || !ports[0]) return;
      // A page that was busy for so long has a tag after all: begin again, now with it.
      if (late) return location.reload();
      removeEventListener("message", connect);
      clearTimeout(timer);
      resolve(channel(ports[0], origin, data, openTrail(campaign, origin)));
    }

    addEventListener("message", connect);
    // To "*": the host's origin is not known yet, and this first message holds nothing but a random id.
    window.parent.postMessage({ handstamp: 1, type: "hello", id }, "*");
  });
}

/**
 * @param {MessagePort} port @param {string} origin @param {{ layout: string, visit: string, ticket?: string | false }} page
 * @param {ReturnType<typeof openTrail>} trail
 * @returns {Host}
 */
function channel(port, origin, { layout, visit, ticket }, trail) {
  /** @type {{ place?: (place: Place) => void, token?: (token: string | null) => void }} */
  const waiting = {};
  /** The page's path, as it was last said. */
  let path = "/";
  /** @type {(token: string | null) => void} */
  let onToken = () => {};

  /** @type {Promise<string | null>} */
  const firstToken = new Promise((resolve) => (waiting.token = resolve));

  /** @param {string} name @param {Record<string, unknown>} [detail] */
  const event = (name, detail = {}) => {
    port.postMessage({ type: "event", name, detail });
    trail.note(name, detail);
  };

  /** Whether the page can make a new token when it is asked. */
  let renews = false;

  /** Of several sources the first counts. @param {unknown[]} tokens */
  function take(tokens) {
    const texts = tokens.filter((token) => typeof token === "string" && token !== "");
    if (new Set(texts).size > 1) event("warning", { code: "token_sources_differ" });
    const token = typeof tokens[0] === "string" && tokens[0] !== "" ? tokens[0] : null;
    if (!waiting.token) return onToken(token);
    waiting.token(token);
    delete waiting.token;
  }

  port.onmessage = ({ data }) => {
    if (data.type === "token") {
      renews = data.renews === true;
      take(data.tokens);
    }
    if (data.type === "place") {
      const { pathname, search, hash } = new URL(data.href);
      path = pathname + search;
      trail.named(search);
      waiting.place?.({ path, fragment: hash, scroll: data.scroll });
    }
  };

  port.postMessage({ type: "where" });

  return {
    origin,
    kind: layout === "minisite" ? layout : "tag",
    flows: layout === "",
    isNewVisit: visit === "navigate",
    async arrival() {
      const token = await firstToken;
      return { token, ...readFragment(ticket) };
    },
    onToken(listener) {
      onToken = listener;
    },
    event,
    renews: () => renews,
    resize: (px) => port.postMessage({ type: "height", px }),
    renew: () => new Promise((resolve) => {
      waiting.token = resolve;
      port.postMessage({ type: "renew" });
    }),
    place: () => new Promise((resolve) => {
      waiting.place = resolve;
      port.postMessage({ type: "where" });
    }),
    login(step, { bind, returnIndex, prompt, preview }) {
      // For browsers that do not say from which page they come; a longer path would not fit into the sealed state.
      const short = [path, path.split("?")[0], "/"].find((address) => address.length <= 200);
      const query = { step, ...(prompt && { prompt }), ...(preview && { preview: "1" }), ...(bind && { bind, return: `${returnIndex}:${short}` }) };
      port.postMessage({ type: "login", query });
    },
    restore: (place) => port.postMessage({ type: "restore", fragment: place?.fragment, scroll: place?.scroll }),
  };
}
