// A page as people meet it: on a desk and a telephone, light and dark, by axe; and a picture of it for whoever names a
// folder in HANDSTAMP_SHOTS.

import assert from "node:assert/strict";
import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { PATIENCE_MS } from "../patience.mjs";
import { REPEATS } from "../repeats.mjs";

/** A folder to look at what was tested, if one is given. */
export const SHOTS = process.env.HANDSTAMP_SHOTS;
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/**
 * A window that keeps a list of what went wrong in it and of whom it asked.
 * @param {import("playwright-core").Browser} browser
 * @param {import("playwright-core").BrowserContextOptions} [options]
 */
export async function window(browser, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: "reduce", ...options });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  /** @type {string[]} */
  const faults = [];
  /** @type {Set<string>} */
  const asked = new Set();
  page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  page.on("pageerror", (fault) => faults.push(fault.message));
  page.on("request", (request) => request.url().startsWith("http") && asked.add(new URL(request.url()).origin));
  return { context, page, faults, asked };
}

/** @type {["desk" | "phone", number, number, "light" | "dark"][]} */
const DEVICES = [["desk", 1280, 720, "light"], ["phone", 390, 844, "dark"], ["phone", 390, 844, "light"]];

/** Where pictures are wanted. @type {["desk" | "phone" | "frame", number, number, "light" | "dark"][]} */
const FURTHER = [["desk", 1280, 720, "dark"], ["frame", 296, 480, "light"], ["frame", 296, 480, "dark"]];

/**
 * @param {import("playwright-core").Page} page
 * @param {string} name
 * @param {{ brief?: boolean, translated?: boolean }} [options] brief: on a telephone only, where no pictures are wanted; for what is made
 *   of the same as another page; translated: the same page was looked at in another language, so axe has it with the repeats alone
 */
export async function lookAt(page, name, { brief = false, translated = false } = {}) {
  for (const [device, width, height, colorScheme] of SHOTS ? [...FURTHER, ...DEVICES] : DEVICES) {
    if ((brief || translated) && !SHOTS && device === "desk") continue;
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme });
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    if (SHOTS) {
      await mkdir(SHOTS, { recursive: true });
      await page.screenshot({ path: join(SHOTS, `${name}-${device}-${colorScheme}.png`), fullPage: true });
    }
    if (device === "phone" && colorScheme === "light") break;
    if (!translated || !REPEATS.skip) assert.deepEqual([name, device, await faultsOf(page)], [name, device, []]);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.equal(wide, 0, `${name} on a ${device} is ${wide} pixels too wide`);
  }
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.emulateMedia({ colorScheme: "light" });
}

/** What axe finds in one document, frames apart: each is looked at by itself. @param {import("playwright-core").Page | import("playwright-core").Frame} where @param {object} [options] for axe */
export async function faultsOf(where, options) {
  // Once for each document.
  if (!(await where.evaluate(() => "axe" in globalThis))) await where.evaluate(axe);
  const { violations } = await where.evaluate((given) => /** @type {any} */ (globalThis).axe.run(document, { iframes: false, resultTypes: ["violations"], ...given }), options);
  return violations.map((/** @type {any} */ { id, nodes }) => `${id}: ${nodes.map((/** @type {any} */ { html }) => html.slice(0, 120)).join(" | ")}`);
}

/** How many stops of a long page are visited. */
const STOPS = 80;

/**
 * Goes through a page by the Tab key alone: every control and link is reached in the order of the page, and each shows that it
 * has the focus.
 * @param {import("playwright-core").Page} page
 * @param {string} name
 */
export async function walkByKeyboard(page, name) {
  const wanted = await page.evaluate(() => {
    const isReached = (/** @type {any} */ one) => one.checkVisibility() && !one.disabled && one.tabIndex >= 0 && !(one.type === "radio" && !one.checked);
    const all = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")].filter(isReached);
    all.forEach((one, index) => one.setAttribute("data-stop", String(index)));
    return all.length;
  });
  await page.evaluate(() => (document.activeElement instanceof HTMLElement ? document.activeElement.blur() : undefined));
  /** @type {string[]} */
  const found = [];
  for (let stop = 0; stop < Math.min(wanted, STOPS); stop += 1) {
    await page.keyboard.press("Tab");
    found.push(await page.evaluate(() => {
      const one = /** @type {HTMLElement} */ (document.activeElement);
      // A radio button shows its focus on its label.
      const shown = [one, one.closest("label"), one.nextElementSibling].some((part) => part && getComputedStyle(part).outlineStyle !== "none");
      return `${one.getAttribute("data-stop")}${shown ? "" : ` without a sign: ${one.outerHTML.slice(0, 80)}`}`;
    }));
  }
  assert.deepEqual([name, found], [name, found.map((_, index) => String(index))]);
}
