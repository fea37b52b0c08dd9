// What the browser tests share: one demo on free ports, one browser, and a visitor with a fresh profile each time.

import { rm } from "node:fs/promises";
import { startDemo } from "../../../../demo/start.mjs";
import { PATIENCE_MS } from "../patience.mjs";
import { newStateFolder } from "../worker/state.mjs";
import { empty, open } from "./chromium.mjs";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {import("playwright-core").FrameLocator | Page} Screen where the campaign shows */

export async function openEverything() {
  const stateDir = await newStateFolder();
  const starting = startDemo({ ports: { worker: 0, site: 0, provider: 0 }, stateDir, quiet: true });
  // Without a browser nothing else may stay open, or the test would wait for it for ever.
  const launching = open().catch(async (fault) => {
    await (await starting).stop();
    throw fault;
  });
  const [demo] = await Promise.all([starting, launching]);
  return {
    demo,
    stateDir,
    /**
     * A visitor with an empty profile, whose page errors and policy violations fail the test. They asked their system for no
     * motion: to draw it takes a fifth of the computing, and a test whose point it is says so.
     * @param {import("playwright-core").BrowserContextOptions & { whole?: boolean }} [options] whole: as for `open`
     */
    async visitor({ whole = false, ...options } = {}) {
      const browser = await open({ whole });
      const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, reducedMotion: "reduce", ...options });
      context.setDefaultTimeout(PATIENCE_MS);
      if (!whole) await context.addInitScript(denyStorageToOthers);
      const page = await context.newPage();
      /** @type {string[]} */
      const faults = [];
      page.on("pageerror", (error) => faults.push(error.message));
      page.on("console", (message) => {
        if (message.type() === "error" && !/the server responded with a status of 4\d\d/.test(message.text())) faults.push(message.text());
      });
      return { context, page, faults };
    },
    async close() {
      await empty();
      await demo.stop();
      await rm(stateDir, { recursive: true, force: true });
    },
  };
}

/** Gives a frame of another site no storage, in every window: the whole browser does so for the windows of tests, the shell does not. */
function denyStorageToOthers() {
  const outermost = [...location.ancestorOrigins].at(-1);
  if (!outermost || outermost.startsWith(`${location.protocol}//${location.hostname}:`)) return;
  const get = () => {
    throw new DOMException("Access is denied for this document.", "SecurityError");
  };
  for (const name of ["localStorage", "sessionStorage"]) Object.defineProperty(window, name, { get });
}

/**
 * Answers every question with its first choice, up to the form or the login. By keyboard: a click into a frame
 * that is still scrolling into view can miss it, and these steps follow each other faster than any person's.
 * @param {Screen} screen
 */
export async function answerQuestions(screen) {
  await screen.getByRole("button", { name: "Start" }).press("Enter");
  for (let number = 1; number <= 3; number += 1) {
    await screen.getByText(`Question ${number} of 3`).waitFor();
    await screen.getByRole("radio").first().press("Space");
    await screen.getByRole("button", { name: "Next" }).press("Enter");
  }
}

/** Signs in at the provider as its first person. @param {Page} page */
export async function signInAtProvider(page) {
  await page.getByRole("button", { name: /Lea Example/ }).click();
  await page.getByRole("button", { name: "Allow" }).click();
}

/** The events that the host page has heard of a campaign, up to one that it hears a moment after the frame shows it. @param {Page} page @param {string} last */
export async function trail(page, last, campaign = "100001") {
  const marks = page.locator(`[data-trail="${campaign}"] li`);
  await marks.and(page.locator(`.${last}`)).first().waitFor();
  return marks.evaluateAll((all) => all.map((mark) => mark.className));
}
