/*
 * The tag: puts a campaign frame into the host page and talks to it.
 * In: container attributes data-handstamp-*, the queue window.handstamp, or create(). Out: one iframe and
 * `handstamp:<name>` events on the container. It loads no WebAssembly and asks the host page's policy for
 * script-src and frame-src only. The token travels by MessagePort, never in a URL, never to "*".
 * Not here, because few pages need it: the trail of events (tag-trail.js, imported for ?handstamp-debug), and the
 * published queue of an older tag (tag-shim.js, a script of its own).
 */

const page = /** @type {any} */ (window);

// Markup of a page's visitors may name elements so that they stand in for a property of document or window: this reads
// what the browser and the page's own scripts have set.
const own = (/** @type {string} */ name) => ({}).hasOwnProperty.call(page, name) ? page[name] : undefined;
/** @type {HTMLScriptElement | null} */
const script = Object.getOwnPropertyDescriptor(Document.prototype, "currentScript")?.get?.call(document);

/**
 * Takes `name=value` out of a query or fragment.
 * @param {string} text begins with ? or #
 * @param {string} name
 * @returns {[string | undefined, string]} the value, and the text without it
 */
function take(text, name) {
  /** @type {string | undefined} */
  let value;
  const rest = text.slice(1).split("&").filter((part) => !part.startsWith(name + "=") || ((value = part.slice(name.length + 1)), false));
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

/**
 * Returns whether the page's own token may go to this account: if a script named the account, if the tag's URL names it
 * (`?account=`), or if neither names one and the markup has no other. Markup alone never decides, as visitors may write it.
 * @param {string | undefined} named by a script @param {string} account
 */
export function isOfPage(named, account) {
  const ofTag = script?.src && new URL(script.src).searchParams.get("account");
  const others = [...document.querySelectorAll("[data-handstamp-account]")].some((box) => box.getAttribute("data-handstamp-account") != account);
  return named || (ofTag ? ofTag == account : !others);
}

/** Loaded twice, the tag still shows a campaign once. @type {Map<Element, { destroy(): void }> & Record<string, any>} */
const campaigns = own("handstamp")?.campaigns || new Map();
campaigns.consent ||= new Promise((resolve) => (campaigns.agree = resolve));

/** @param {EventTarget} target @param {string} name @param {any} detail */
const tell = (target, name, detail) => target.dispatchEvent(new CustomEvent("handstamp:" + name, { bubbles: true, detail }));

/**
 * Shows a campaign in a container.
 * @param {string | HTMLElement} target the container, or a selector for it
 * @param {Record<string, any>} [options] campaign, account, base, lang, theme, layout, height, title, lazy, consent, token, login, on
 */
export function create(target, options = {}) {
  const box = find(target);
  if (!box) {
    tell(document, "error", { code: "E_TARGET" });
    throw Error("E_TARGET");
  }
  destroy(box);

  /** An option, or the container's attribute of that name. @param {string} name */
  const setting = (name) => options[name] || box.getAttribute("data-handstamp-" + name) || "";
  // Never from markup: an attribute that a visitor wrote would decide who is sent the token.
  const base = new URL(options.base || script?.src || /** @type {any} */ (location)).origin;
  const account = setting("account");
  const campaignId = setting("campaign");
  const layout = setting("layout");
  const theme = setting("theme");
  const room = ";min-height:" + (parseInt(setting("height")) || 640) + "px";
  const key = account + "/" + campaignId;
  const [lang] = /** @type {RegExpExecArray} */ (/^[\w-]*/.exec(setting("lang") || document.documentElement.lang));
  const frame = document.createElement("iframe");
  const link = document.createElement("a");
  link.style.cssText = "display:inline-block;padding:12px;border-radius:12px;background:#1d2fdb;color:#fff";
  link.href = base + "/campaign/" + [account, campaignId].map(encodeURIComponent).join("/");
  const listening = new AbortController();
  const { signal } = listening;

  /** @type {MessagePort | undefined} */
  let port;

  /** @param {string} name @param {Record<string, any>} [detail] */
  function emit(name, detail) {
    detail = { campaignId, ...detail };
    options.on?.[name]?.(detail);
    tell(box, name, detail);
  }

  /** Never a blank frame: says what is wrong and leaves a button into the campaign. @param {string} code @param {string} [says] */
  function fail(code, says) {
    if (port || signal.aborted || link.isConnected) return;
    link.textContent = frame.title;
    box.prepend(link);
    frame.style.display = "none";
    box.style.minHeight = "";
    emit("error", { code, says });
  }

  /** Sends the token of the first source that has one; asked again, it renews. */
  async function sendToken() {
    const ofPage = [own("handstampToken"), inFragment, inQuery].filter(Boolean);
    if (ofPage[0] && !isOfPage(options.account, account)) {
      ofPage.length = 0;
      emit("warning", { code: "token_account" });
    }
    const sources = [options.token, setting("token"), ...ofPage].filter(Boolean);
    const renews = !!sources[0]?.call;
    try {
      if (renews) sources[0] = await sources[0]();
    } catch (refused) {
      sources[0] = "";
      emit("error", { code: "E_TOKEN_CALLBACK" });
    }
    // The frame takes the first, and warns of sources that disagree.
    port?.postMessage({ type: "token", tokens: sources.filter((source) => !source?.call), renews });
  }

  /** Leaves for the login page of our own origin; of the frame come only values of its query. @param {Record<string, string>} query */
  async function login(query) {
    emit("login");
    // Markup may ask for the page's own way, which like the page's token is for the account that the page names.
    const ask = options.login || (setting("login") && isOfPage(options.account, account) && own("handstampLogin"));
    if (ask) {
      // Whatever comes of it, the frame hears: with no token it offers the login again.
      try {
        options.token = (await ask()) || options.token;
      } finally {
        sendToken();
      }
      return;
    }
    loginOf(key);
    const way = document.createElement("a");
    way.href = base + "/oauth/start?" + new URLSearchParams({ ...query, account, campaignId, lang });
    // The URL of this page proves where the sign-in was begun, and is where it returns to: the element's policy stands
    // above the page's own.
    way.referrerPolicy = "unsafe-url";
    way.target = "_self";
    way.click();
  }

  /** Back from the login page: the host's own fragment, its place, and the focus. @param {any} place */
  function restore(place) {
    // Only ever a fragment: an address from a message must not be able to run or open anything.
    // The whole URL, as a page may have a base of its own.
    if (place.fragment?.[0] == "#") location.replace(location.href.split("#")[0] + place.fragment);
    // At once, whatever the page's own way of scrolling: nobody asked for a motion.
    /** @type {ScrollToOptions & ScrollIntoViewOptions & FocusOptions} */
    const still = { top: place.scroll, block: "nearest", behavior: "instant", preventScroll: true };
    scrollTo(still);
    box.scrollIntoView(still);
    frame.focus(still);
  }

  /** @param {MessageEvent} event from the frame, on the private channel */
  function read({ data }) {
    const { type, name, detail } = data;
    if (type == "event") {
      frame.title = setting("title") || detail.title || frame.title;
      emit(name, detail);
    }
    if (type == "height" && !layout) frame.style.height = data.px + "px";
    // Where the visitor is on the host page, to come back to.
    if (type == "where") port?.postMessage({ type: "place", href: location.href, scroll: scrollY });
    if (type == "login") login(data.query);
    if (type == "renew") sendToken();
    if (type == "restore") restore(data);
  }

  /** @param {MessageEvent} event the frame's first message, checked by source, origin and version */
  function greet({ source, origin, data }) {
    if (source != frame.contentWindow || origin != base || data?.handstamp != 1) return;
    if (data.type == "refused") fail(data.code, data.says);
    if (data.type != "hello") return;
    frame.style.display = "block";
    frame.style.background = "";
    const channel = new MessageChannel();
    port = channel.port1;
    port.onmessage = read;
    // A reload resumes where the visitor was, even on the last screen; a new visit may play again.
    const visit = /** @type {any} */ (performance.getEntriesByType("navigation")[0])?.type;
    // Whoever tries a campaign out comes from no login: the frames know whose link it is.
    const from = /:/.test(ticket || "") ? "" : loginOf();
    const mine = (from || key) == key && ticket;
    /** @type {Window} */ (source).postMessage({ handstamp: 1, type: "connect", id: data.id, layout, visit, ticket: mine }, base, [channel.port2]);
    // Where no login is remembered, every campaign may ask whose the ticket is.
    if (from == key) ticket = "";
    link.remove();
    sendToken();
  }

  /** Puts the frame in, once: where consent is asked for, after it: until then nothing is requested or kept. */
  async function open() {
    if (setting("consent")) await campaigns.consent;
    if (/handstamp-debug/.test(search)) await import(/* webpackIgnore: true */ /* @vite-ignore */ base + "/tag-trail.js").catch(() => {});
    if (!account || !campaignId) return fail("E_ATTRIBUTE", "Set data-handstamp-account and data-handstamp-campaign.");
    if (signal.aborted) return;
    addEventListener("message", greet, { signal });
    addEventListener("securitypolicyviolation", (event) => event.blockedURI.startsWith(base) && fail("E_CSP_FRAME"), { signal });
    // The browser knows best when a frame comes near the view; who is back from a login waits for nothing.
    if (setting("lazy") && !ticket) frame.loading = "lazy";
    else setTimeout(fail, 9000, "E_TIMEOUT");
    // Loaded, and not a word: a blocker's page, or one that this host may not show.
    frame.onload = () => setTimeout(fail, 2000, "E_BLOCKED");
    frame.src = link.href + "?" + new URLSearchParams({ lang, theme });
    box.append(frame);
  }

  const campaign = {
    /** Passes another token, for instance a renewed one. @param {string} token */
    token(token) {
      options.token = token;
      sendToken();
    },
    /** Removes the frame and every listener. */
    destroy() {
      listening.abort();
      port?.close();
      frame.remove();
      link.remove();
      campaigns.delete(box);
    },
  };
  frame.title = setting("title") || "Campaign";
  frame.referrerPolicy = "origin";
  frame.style.cssText = "display:block;border:0;width:100%;background:#8882;" + (layout == "minisite" ? "height:100vh;height:100dvh" : layout ? "height:100%" : room);
  // A frame of another scheme than its page would be given a ground of its own.
  if (theme) frame.style.colorScheme = /dark|light/.exec(theme)?.[0] || "light dark";
  if (!layout) box.style.cssText += room;
  campaigns.set(box, campaign);
  open();
  return campaign;
}

/** A container, or the one that a selector names. @param {any} target @returns {HTMLElement} */
const find = (target) => (target?.nodeType ? target : document.querySelector(target));

/** Removes a campaign. @param {any} target */
function destroy(target) {
  campaigns.get(find(target))?.destroy();
}

/** Hears an event of every campaign. @param {string} name @param {(detail: any, event: Event) => void} listener */
const on = (name, listener) => document.addEventListener("handstamp:" + name, (event) => listener(/** @type {CustomEvent} */ (event).detail, event));

/** What a page may ask for. @type {Record<string, (...values: any[]) => unknown>} */
const calls = { create, destroy, on, consent: campaigns.agree };

const queue = own("handstamp")?.q || [];
page.handstamp = (/** @type {string} */ name, /** @type {any[]} */ ...values) => calls[name](...values);
page.handstamp.campaigns = campaigns;

/** Does what the page queued, then shows every campaign that its markup names. */
function start() {
  // One that fails is an error of its own, which the console shows, and keeps no other from its turn.
  queue.map(async (/** @type {any[]} */ call) => page.handstamp(...call));
  document.querySelectorAll("[data-handstamp-campaign]").forEach((box) => campaigns.has(box) || create(/** @type {HTMLElement} */ (box)));
}

if (!customElements.get("handstamp-campaign")) {
  customElements.define("handstamp-campaign", class extends HTMLElement {
    connectedCallback() {
      create(this);
    }
    disconnectedCallback() {
      destroy(this);
    }
  });
}

if (document.readyState == "loading") document.addEventListener("DOMContentLoaded", start);
else start();
