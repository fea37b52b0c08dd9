// The check that a visitor is a person: Cloudflare Turnstile's widget, loaded where an account asks for it. What is typed
// in the form around it stays, whatever becomes of the check.

import { element } from "../../shared/element.js";

/**
 * @typedef {object} Turnstile
 * @property {(node: HTMLElement, options: Record<string, unknown>) => string} render
 * @property {(id: string) => void} reset
 */

/** @param {string} url @returns {Promise<Turnstile>} */
function load(url) {
  return new Promise((resolve, reject) => {
    const loaded = () => /** @type {any} */ (globalThis).turnstile;
    if (loaded()) return resolve(loaded());
    const script = element("script", { src: `${url}/turnstile/v0/api.js?render=explicit`, async: true });
    script.onload = () => (loaded() ? resolve(loaded()) : reject(new Error("no widget")));
    script.onerror = () => (script.remove(), reject(new Error("no widget")));
    document.head.append(script);
  });
}

/**
 * @param {{ siteKey: string, url: string }} challenge
 * @param {{ lang: string, say: (key: string) => string }} campaign
 */
export function challengeOf({ siteKey, url }, { lang, say }) {
  let answer = "";
  /** @type {(() => void) | undefined} */
  let again;
  const widget = element("div", { className: "widget" });
  const trouble = element("p", { className: "error", role: "alert", hidden: true }, say("form.challenge.none"), " ",
    element("button", { type: "button", className: "link", onclick: () => show() }, say("sorry.again")));
  const node = element("div", { className: "challenge", tabIndex: -1 }, widget, trouble);

  async function show() {
    trouble.hidden = true;
    try {
      const turnstile = await load(url);
      const id = turnstile.render(widget, {
        sitekey: siteKey,
        language: lang,
        callback: (/** @type {string} */ given) => (answer = given),
        "expired-callback": () => (answer = ""),
        // The widget shows by itself what is wrong and how to try again.
        "error-callback": () => ((answer = ""), true),
      });
      again = () => turnstile.reset(id);
    } catch {
      trouble.hidden = false;
    }
  }
  show();

  return {
    node,
    answer: () => answer,
    /** An answer serves one submission. */
    renew() {
      answer = "";
      if (again) again();
      else show();
    },
  };
}
