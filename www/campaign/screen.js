// The one screen of the campaign: title and progress on top, a step below.

import { element } from "../shared/element.js";
import { skeleton } from "./pictures.js";
import { nameOf } from "./texts.js";

/**
 * @typedef {object} View one step, drawn
 * @property {string} name
 * @property {Node[]} content
 * @property {number} [progress] how far, 0 to 1; none hides the bar
 */

/** @typedef {ReturnType<typeof openScreen>} Screen */

/**
 * @param {HTMLElement} root
 * @param {{ flows: boolean, resize: (px: number) => void }} host
 * @param {import("./campaign.js").Brand} [brand]
 */
export function openScreen(root, host, brand = {}) {
  // By the style sheet's own names: the page's policy takes no style in markup.
  const { style } = document.documentElement;
  if (brand.color) style.setProperty("--brand", brand.color);
  if (brand.darkColor) style.setProperty("--brand-dark", brand.darkColor);
  const bar = element("progress", { max: 1, value: 0, hidden: true });
  const title = element("p", { className: "title" });
  const banner = element("p", { className: "preview", role: "note", hidden: true });
  const waiting = element("p", { className: "waiting", role: "status" });
  const stage = element("div", { className: "stage" }, skeleton(), waiting);
  // The focus goes to each step's heading; the whole step read out besides would be too much.
  root.removeAttribute("aria-live");
  root.replaceChildren(banner, element("header", {}, logoOf(brand), title, bar), stage);
  // A double click is one wish: its second half would press what the step after has in the same place.
  stage.addEventListener("click", (/** @type {MouseEvent} */ event) => {
    if (event.detail < 2 || !(event.target instanceof Element && event.target.closest("button"))) return;
    event.preventDefault();
    event.stopPropagation();
  }, true);

  if (host.flows) {
    document.documentElement.classList.add("flows");
    new ResizeObserver(() => host.resize(Math.ceil(root.getBoundingClientRect().height))).observe(root);
  }

  /** Until a step comes that has a heading, the campaign's name is it. @param {boolean} isHeading */
  function makeTitle(isHeading) {
    title.role = isHeading ? "heading" : null;
    title.ariaLevel = isHeading ? "1" : null;
  }

  let first = true;
  return {
    /**
     * Draws a step. The focus goes to its heading, except on arrival: the host page has it then.
     * @param {View} view
     */
    show({ name, content, progress }) {
      const section = element("section", { className: `step ${name}` }, ...content);
      section.dataset.step = name;
      stage.replaceChildren(section);
      makeTitle(!section.querySelector("h1"));
      bar.hidden = progress === undefined;
      bar.value = progress ?? 0;
      scrollTo(0, 0);
      if (!first) section.querySelector("h1")?.focus({ preventScroll: true });
      first = false;
    },
    /** Says on every step what this is; nothing takes it away. @param {string} text */
    mark(text) {
      banner.textContent = text;
      banner.hidden = text === "";
    },
    /**
     * Offers the campaign's languages, each by its own name.
     * @param {string[]} languages @param {string} lang the one that is shown @param {string} label @param {(lang: string) => void} chosen
     */
    offerLanguages(languages, lang, label, chosen) {
      const list = element("select", { "aria-label": label }, ...languages.map((one) => element("option", { value: one, lang: one }, nameOf(one))));
      list.value = lang;
      list.addEventListener("change", () => chosen(list.value));
      // At the foot: the keyboard's first stop is what the step asks.
      root.append(element("footer", {}, list));
    },
    /**
     * Until it is known which step comes first: the campaign's name, and after a moment a word of patience.
     * @param {string} name @param {string} patience
     */
    wait(name, patience) {
      title.textContent = name;
      makeTitle(true);
      bar.setAttribute("aria-label", name);
      waiting.textContent = patience;
    },
  };
}

/** The logo, which comes with the page. @param {import("./campaign.js").Brand} brand */
const logoOf = ({ logo, name }) => logo && element("img", { className: "logo", src: logo, alt: name ?? "" });

/** A heading that can take the focus. @param {string} text */
export const heading = (text) => element("h1", { tabIndex: -1 }, text);

/** The way forward. @param {string} text @param {Record<string, any>} properties */
export const primary = (text, properties) => element("button", { type: "button", className: "primary", ...properties }, text);

/** Any other way. @param {string} text @param {() => void} onclick */
export const secondary = (text, onclick) => element("button", { type: "button", className: "secondary", onclick }, text);

/** The ways on, at the foot of a step. @param {...(Node | null | false)} buttons */
export const actions = (...buttons) => element("div", { className: "actions" }, ...buttons);
