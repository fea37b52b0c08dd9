// axe on everything that a visitor can meet: the host page with the campaign in the tag, each step of the campaign,
// on a telephone and on a desk, light and dark, and the demo page.

import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { container, openHostPages } from "../support/browser/host_page.mjs";
import { SHOTS, faultsOf } from "../support/browser/looked_at.mjs";
import { answerQuestions, signInAtProvider } from "../support/browser/visit.mjs";
import { REPEATS } from "../support/repeats.mjs";

const PHONE = { width: 390, height: 844 };
const DESK = { width: 1280, height: 720 };

/** @type {Awaited<ReturnType<typeof openHostPages>>} */
let pages;
before(async () => {
  pages = await openHostPages();
  if (SHOTS) await mkdir(SHOTS, { recursive: true });
});
after(() => pages?.close());

/** The page and the campaign's frame. @param {import("playwright-core").Page} page @param {string} name */
async function look(page, name) {
  const frame = page.frames().find((one) => one.url().startsWith(`${pages.worker}/campaign/`));
  assert.ok(frame, "the campaign's frame");
  // Colours that are still fading in are not those that will be read.
  await frame.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => {}))));
  if (SHOTS) await page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true });
  assert.deepEqual([name, await faultsOf(page), await faultsOf(frame)], [name, [], []]);
}

for (const [device, viewport, colorScheme] of /** @type {const} */ ([["phone", PHONE, "light"], ["phone-dark", PHONE, "dark"], ["desk", DESK, "light"]])) {
  test(`axe finds nothing on the host page and in the campaign (${device})`, device === "phone" ? {} : REPEATS, async () => {
    const body = `<main><h1>A page of the customer</h1><p>Play and win.</p>${container({ token: await pages.mint({ sub: device }) })}</main>`;
    const { context, page, screen } = await pages.hostPage({ body, head: '<meta name="viewport" content="width=device-width">', path: device === "desk" ? "/host?handstamp-debug" : "/host" });
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await screen.getByText("Hello Lea").waitFor();
    await look(page, `${device}-1-intro`);
    await screen.getByRole("button", { name: "Start" }).press("Enter");
    await screen.getByText("Question 1 of 3").waitFor();
    await look(page, `${device}-2-question`);
    for (let number = 1; number <= 3; number += 1) {
      await screen.getByText(`Question ${number} of 3`).waitFor();
      await screen.getByRole("radio").first().press("Space");
      await screen.getByRole("button", { name: "Next" }).press("Enter");
    }
    const send = screen.getByRole("button", { name: "Take part" });
    await send.waitFor();
    await look(page, `${device}-3-form`);
    await send.press("Enter");
    await screen.getByRole("heading", { name: "Thank you, Lea!" }).waitFor();
    await look(page, `${device}-4-exit`);
    await context.close();
  });
}

test("axe finds nothing on the refusal, the login step and the demo page", async () => {
  const refused = await pages.hostPage({ body: `<main><h1>A page</h1>${container({ token: await pages.mint({ exp: 1_700_000_000, iat: 1_699_999_000 }) })}</main>` });
  await refused.screen.locator(".sorry").waitFor();
  await look(refused.page, "desk-5-sorry");
  await refused.context.close();

  const login = await pages.hostPage({ body: `<main><h1>A page</h1>${container({}).replace("100001", "100002")}</main>` });
  await answerQuestions(login.screen);
  await login.screen.getByRole("button", { name: "Continue with your account" }).waitFor();
  await look(login.page, "desk-6-login");
  await login.screen.getByRole("button", { name: "Continue with your account" }).press("Enter");
  await signInAtProvider(login.page);
  await login.screen.getByRole("heading", { name: "Almost there, Lea" }).waitFor();
  await look(login.page, "desk-7-back");
  await login.context.close();

  const { context, page } = await pages.all.visitor();
  await page.goto(pages.all.demo.addresses.site);
  await page.frameLocator("#by-token iframe").getByText("Hello Lea").waitFor();
  await page.frameLocator("#by-login iframe").getByRole("button", { name: "Start" }).waitFor();
  await look(page, "desk-8-demo");
  await page.setViewportSize(PHONE);
  await page.emulateMedia({ colorScheme: "dark" });
  await look(page, "phone-8-demo");
  await context.close();
});
