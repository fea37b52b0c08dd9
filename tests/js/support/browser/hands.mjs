// Hands that only click, or only type: each way to use a control counts as one click. And a click that is sure to arrive in a frame.

import assert from "node:assert/strict";
import { pause, until } from "../patience.mjs";

/**
 * Clicks by mouse, once more where the click went beside it: a frame can be somewhere else by then, as long as the page around it
 * moves, and Playwright sees that of its own document alone. Where the mouse is not the point, a key that is pressed never misses.
 * @param {import("playwright-core").Locator} control
 * @param {{ clickCount?: number, position?: { x: number, y: number } }} [options] as for `Locator.click`
 */
export async function click(control, options) {
  const document = await control.evaluateHandle((node) => {
    const heard = { isClicked: false };
    node.ownerDocument.addEventListener("click", () => (heard.isClicked = true), { capture: true, once: true });
    return heard;
  });
  await until(async () => {
    await control.click(options);
    // A page that is left has heard it.
    return document.evaluate(({ isClicked }) => isClicked).catch(() => true);
  }, () => `${control} is clicked`);
}

/** @param {import("playwright-core").Page} page @param {"mouse" | "keyboard"} kind */
export function hands(page, kind) {
  const counted = { clicks: 0 };
  /** Tabs until the control has the focus, as a person without a mouse does. @param {import("playwright-core").Locator} control */
  async function reach(control) {
    await control.waitFor();
    for (let tabs = 0; tabs < 120; tabs += 1) {
      if (await control.evaluate((node) => node === document.activeElement)) return;
      await page.keyboard.press("Tab");
    }
    assert.fail(`no way by Tab to ${control}`);
  }
  return {
    counted,
    /** @param {import("playwright-core").Locator} control */
    async press(control, key = "Enter") {
      counted.clicks += 1;
      if (kind === "mouse") return click(control);
      await reach(control);
      await page.keyboard.press(key);
    },
    /** @param {import("playwright-core").Locator} control @param {string} text */
    async write(control, text) {
      counted.clicks += 1;
      if (kind === "mouse") await click(control);
      else await reach(control);
      await page.keyboard.insertText(text);
    },
    /** Writes into a control that takes keys one by one, such as a date. @param {import("playwright-core").Locator} control @param {string} keys */
    async type(control, keys) {
      counted.clicks += 1;
      if (kind === "mouse") await click(control, { position: { x: 12, y: 12 } });
      else await reach(control);
      await page.keyboard.type(keys);
    },
    /** Chooses by the first letters, as a list with the focus does. @param {import("playwright-core").Locator} control @param {string} label */
    async choose(control, label) {
      counted.clicks += 1;
      if (kind === "mouse") {
        // A list that opens is the system's own, where no click of a test reaches.
        counted.clicks += 1;
        return void (await control.selectOption({ label }));
      }
      await reach(control);
      const chosen = () => control.evaluate((node) => /** @type {HTMLSelectElement} */ (node).selectedOptions[0]?.text);
      // Letters that come too slowly begin the search anew: a person on a busy machine types once more, too.
      await until(async () => {
        await page.keyboard.type(label);
        if ((await chosen()) === label) return true;
        await pause(1500);
        return false;
      }, () => `${label} is chosen`);
    },
  };
}
