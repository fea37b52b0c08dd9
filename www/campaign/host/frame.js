// The campaign inside a host page that uses the tag. The first message of each side is checked by source, origin,
// id and version; after that everything goes through one private MessagePort.

/** @typedef {import("../campaign.js").Place} Place */
/** @typedef {import("./host.js").Host} Host */

/** The tag answers at once; a page that frames us without the tag never does. */
const NO_TAG_AFTER = 2500;

/**
 * @param {string[]} origins the account's origins
 * @returns {Promise<Host | null>} null when the host page has no tag
 */
export function openFrame(origins) {
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
      resolve(channel(ports[0], origin, data));
    }

    addEventListener("message", connect);
    // To "*": the host's origin is not known yet, and this first message holds nothing but a random id.
    window.parent.postMessage({ handstamp: 1, type: "hello", id }, "*");
  });
}

/**
 * @param {MessagePort} port @param {string} origin @param {{ layout: string, visit: string }} page
 * @returns {Host}
 */
function channel(port, origin, { layout, visit }) {
  /** @type {{ place?: (place: Place) => void, token?: (token: string | null) => void }} */
  const waiting = {};
  /** @type {string | null} */
  let ticket = null;
  /** @type {(token: string | null) => void} */
  let onToken = () => {};

  /** @type {Promise<string | null>} */
  const firstToken = new Promise((resolve) => (waiting.token = resolve));

  port.onmessage = ({ data }) => {
    if (data.type === "ticket") ticket = data.ticket;
    if (data.type === "place") waiting.place?.(data);
    if (data.type === "token" && waiting.token) {
      waiting.token(data.token);
      delete waiting.token;
    } else if (data.type === "token") {
      onToken(data.token);
    }
  };

  return {
    origin,
    flows: layout === "",
    isNewVisit: visit === "navigate",
    async arrival() {
      const token = await firstToken;
      return { token, ticket };
    },
    onToken(listener) {
      onToken = listener;
    },
    event: (name, detail = {}) => port.postMessage({ type: "event", name, detail }),
    resize: (px) => port.postMessage({ type: "height", px }),
    renew: () => new Promise((resolve) => {
      waiting.token = resolve;
      port.postMessage({ type: "renew" });
    }),
    place: () => new Promise((resolve) => {
      waiting.place = resolve;
      port.postMessage({ type: "where" });
    }),
    login: (step, bind, returnIndex, prompt = "") => port.postMessage({ type: "login", step, bind, returnIndex, prompt }),
    restore: (place) => port.postMessage({ type: "restore", fragment: place?.fragment, scroll: place?.scroll }),
  };
}
