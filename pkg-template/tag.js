/*
 * The tag: puts a campaign frame into the host page and talks to it.
 * In: container attributes data-handstamp-*, the queue window.handstamp, or create(). Out: one iframe and
 * `handstamp:<name>` events on the container. It loads no WebAssembly and asks the host page's policy for
 * script-src and frame-src only. The token travels by MessagePort, never in a URL, never to "*".
 */

const script = /** @type {HTMLScriptElement | null} */ (document.currentScript);
const page = /** @type {any} */ (window);

/**
 * Takes `name=value` out of a query or fragment.
 * @param {string} text begins with ? or #
 * @param {string} name
 * @returns {[string | undefined, string]} the value, and the text without it
 */
function take(text, name) {
  /** @type {string | undefined} */
  let value;
  const rest = text.slice(1).split("&").filter((part) => {
    const found = part.startsWith(name + "=");
    if (found) value = part.slice(name.length + 1);
    return !found;
  });
  return [value, rest[0] ? text[0] + rest.join("&") : ""];
}

// Before anything else: the token and the ticket leave the address bar, so that no other script,
// Referer or history entry sees them.
const [inQuery, search] = take(location.search, "token");
let [inFragment, hash] = take(location.hash, "token");
/** @type {string | undefined} */
let ticket;
[ticket, hash] = take(hash, "handstamp");
if (inQuery || inFragment || ticket) {
  history.replaceState(history.state, "", location.pathname + search + hash);
}

/** Which campaign sent the visitor to the login page: several can stand on one page. @param {string=} set */
function loginOf(set) {
  try {
    if (set) sessionStorage.handstamp = set;
    return sessionStorage.handstamp;
  } catch (denied) {}
}

/** Loaded twice, the tag still shows a campaign once. @type {Map<Element, { destroy(): void }>} */
const campaigns = page.handstamp?.campaigns || new Map();

/**
 * Shows a campaign in a container.
 * @param {string | HTMLElement} target the container, or a selector for it
 * @param {Record<string, any>} [options] campaign, account, base, lang, layout, height, title, token, login, on
 */
export function create(target, options = {}) {
  const box = find(target);
  if (!box) throw Error("E_TARGET " + target);
  destroy(box);

  /** An option, or the container's attribute of that name. @param {string} name */
  const setting = (name) => options[name] || box.getAttribute("data-handstamp-" + name) || "";
  const base = new URL(setting("base") || script?.src || location.href).origin;
  const account = setting("account");
  const campaignId = setting("campaign");
  const layout = setting("layout");
  const reserved = setting("height") || 640;
  const key = encodeURIComponent(account) + "/" + encodeURIComponent(campaignId);
  const address = base + "/campaign/" + key;
  const lang = setting("lang") || document.documentElement.lang;

  /** @type {MessagePort | undefined} */
  let port;
  /** @type {HTMLElement | undefined} */
  let fallback;

  /** @param {string} name @param {Record<string, any>} [detail] */
  function emit(name, detail) {
    detail = { campaignId, ...detail };
    options.on?.[name]?.(detail);
    box.dispatchEvent(new CustomEvent("handstamp:" + name, { bubbles: true, detail }));
  }

  /** Never a blank frame: says what is wrong and leaves a way into the campaign. @param {string} code */
  function fail(code) {
    if (port || fallback) return;
    const link = document.createElement("a");
    link.href = address;
    link.textContent = frame.title;
    box.append(fallback = link);
    emit("error", { code });
  }

  /** Sends the token of the first source that has one; asked again, it renews. */
  async function sendToken() {
    const sources = [options.token, setting("token"), page.handstampToken, inFragment, inQuery].filter(Boolean);
    const texts = sources.filter((source) => typeof source == "string");
    if (texts.some((text) => text != texts[0])) emit("warning", { code: "token_sources_differ" });
    let token = sources[0];
    try {
      if (typeof token == "function") token = await token();
    } catch (refused) {
      token = null;
      emit("error", { code: "E_TOKEN_CALLBACK" });
    }
    send({ type: "token", token: token || null });
  }

  /** @param {any} message */
  const send = (message) => port?.postMessage(message);

  /** Where the visitor is on the host page, to come back to. */
  function sendPlace() {
    send({ type: "place", path: location.pathname + location.search, fragment: location.hash, scroll: scrollY });
  }

  /** Leaves for the login page. The address is made of our own constants; the frame only names its step, bind and prompt. @param {any} from */
  async function login(from) {
    emit("login");
    if (options.login) {
      // Whatever comes of it, the frame hears: with no token it offers the login again.
      try {
        options.token = (await options.login()) || options.token;
      } finally {
        sendToken();
      }
      return;
    }
    loginOf(key);
    /** @type {Record<string, string>} */
    const query = { account, campaignId, lang, step: from.step, prompt: from.prompt };
    if (from.bind) {
      // A long address would not fit into the sealed state; the nearest one that does is still the same page.
      query.return = from.returnIndex + ":" + [location.pathname + location.search, location.pathname, "/"].find((path) => path.length < 250);
      query.bind = from.bind;
    }
    location.assign(base + "/oauth/start?" + new URLSearchParams(query));
  }

  /** Back from the login page: the host's own fragment, its place, and the focus. @param {any} place */
  function restore(place) {
    // Only ever a fragment: an address from a message must not be able to run or open anything.
    if (/^#/.test(place.fragment)) location.replace(place.fragment);
    scrollTo(0, place.scroll || 0);
    box.scrollIntoView({ block: "nearest" });
    frame.focus({ preventScroll: true });
  }

  /** @param {MessageEvent} event from the frame, on the private channel */
  function read({ data }) {
    const { type, name, detail } = data;
    if (type == "event") {
      if (name == "ready" && detail.title && !setting("title")) frame.title = detail.title;
      emit(name, detail);
    }
    if (type == "height" && !layout) frame.style.height = Math.max(+reserved, data.px) + "px";
    if (type == "where") sendPlace();
    if (type == "login") login(data);
    if (type == "renew") sendToken();
    if (type == "restore") restore(data);
  }

  /** @param {MessageEvent} event the frame's first message, checked by source, origin and version */
  function greet({ source, origin, data }) {
    if (source != frame.contentWindow || origin != base || !data || data.handstamp != 1 || data.type != "hello") return;
    const channel = new MessageChannel();
    port = channel.port1;
    port.onmessage = read;
    // A reload resumes where the visitor was, even on the last screen; a new visit may play again.
    const visit = /** @type {any} */ (performance.getEntriesByType("navigation")[0]).type;
    /** @type {Window} */ (source).postMessage({ handstamp: 1, type: "connect", id: data.id, layout, visit }, base, [channel.port2]);
    fallback?.remove();
    sendPlace();
    if (ticket && (loginOf() || key) == key) {
      send({ type: "ticket", ticket });
      ticket = "";
    }
    sendToken();
  }

  /** @param {SecurityPolicyViolationEvent} event */
  const blocked = (event) => event.blockedURI.startsWith(base) && fail("E_CSP_FRAME");

  const frame = document.createElement("iframe");
  frame.title = setting("title") || "Campaign";
  frame.referrerPolicy = "origin";
  frame.style.cssText = "display:block;border:0;width:100%;height:" + (layout == "minisite" ? "100vh" : layout ? "100%" : reserved + "px");
  frame.src = address + (lang && "?lang=" + encodeURIComponent(lang));
  addEventListener("message", greet);
  addEventListener("securitypolicyviolation", blocked);
  box.append(frame);
  const timer = setTimeout(() => fail("E_TIMEOUT"), 9000);

  const campaign = {
    /** Passes another token, for instance a renewed one. @param {string} token */
    token(token) {
      options.token = token;
      sendToken();
    },
    /** Removes the frame and every listener. */
    destroy() {
      clearTimeout(timer);
      removeEventListener("message", greet);
      removeEventListener("securitypolicyviolation", blocked);
      port?.close();
      box.textContent = "";
      campaigns.delete(box);
    },
  };
  campaigns.set(box, campaign);
  return campaign;
}

/** A container, or the one that a selector names. @param {any} target @returns {HTMLElement} */
const find = (target) => (target.nodeType ? target : document.querySelector(target));

/** Removes a campaign. @param {any} target */
function destroy(target) {
  campaigns.get(find(target))?.destroy();
}

/** Hears an event of every campaign. @param {string} name @param {(detail: any, event: Event) => void} listener */
const on = (name, listener) => document.addEventListener("handstamp:" + name, (event) => listener(/** @type {CustomEvent} */ (event).detail, event));

/** What a page may ask for. @type {Record<string, (...values: any[]) => unknown>} */
const calls = { create, destroy, on };

/** @param {Iterable<any>} call a name of `calls`, and its arguments */
const run = ([name, ...values]) => calls[name](...values);

const queue = page.handstamp?.q || [];
page.handstamp = (/** @type {any[]} */ ...call) => run(call);
page.handstamp.campaigns = campaigns;

/** Does what the page queued, then shows every campaign that its markup names. */
function start() {
  queue.forEach((/** @type {any[]} */ call) => {
    try {
      run(call);
    } catch (wrong) {
      console.error(wrong);
    }
  });
  document.querySelectorAll("[data-handstamp-campaign]").forEach((box) => campaigns.has(box) || create(/** @type {HTMLElement} */ (box)));
}

if (document.readyState == "loading") document.addEventListener("DOMContentLoaded", start);
else start();

if (!customElements.get("handstamp-campaign")) {
  customElements.define("handstamp-campaign", class extends HTMLElement {
    connectedCallback() {
      if (!campaigns.has(this)) create(this);
    }
    disconnectedCallback() {
      destroy(this);
    }
  });
}
