// The check that a visitor is a person, on the campaign's page in a real Chromium: shown, needed, tried again, and nothing
// that was typed is lost.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { empty, open } from "../support/browser/chromium.mjs";
import { customer } from "../support/worker/customer.mjs";
import { Deployment } from "../support/worker/deployment.mjs";
import { Verifier } from "../support/worker/verifier.mjs";
import { PATIENCE_MS, until } from "../support/patience.mjs";

/** @type {Verifier} */
let verifier;
/** @type {Deployment} */
let worker;
/** @type {import("playwright-core").Browser} */
let browser;

before(async () => {
  verifier = await Verifier.start("the secret", "0x4AAA");
  [worker, browser] = await Promise.all([Deployment.start({ TEST_CHALLENGE_URL: verifier.url }), open()]);
  const { document, secrets } = customer("asking", { challenge: { siteKey: "0x4AAA", secret: { secret: "TURNSTILE" } } });
  document.campaigns["100001"] = { ...document.campaigns["100001"], signIn: ["anonymous"], questions: [], form: "submit", optins: [] };
  await worker.account(document, { ...secrets, TURNSTILE: "the secret" });
});
after(async () => {
  await empty();
  verifier.stop();
  await worker.stop();
});

/** The form of a visitor without a name, filled in. */
async function filled() {
  const context = await browser.newContext();
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  /** @type {string[]} */
  const faults = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => message.text().includes("Content Security Policy") && faults.push(message.text()));
  await page.goto(`${worker.url}/campaign/asking/100001`);
  await page.getByRole("button", { name: "Start" }).click();
  await page.getByLabel("E-mail").fill("an@example.org");
  await page.getByLabel("First name").fill("An");
  return { context, page, faults, send: page.getByRole("button", { name: "Take part" }), check: page.getByRole("button", { name: "I am a person" }) };
}

test("the form asks for the check, and goes once it is done", async () => {
  const { context, page, faults, send, check } = await filled();
  await check.waitFor();
  await send.click();
  await page.getByText("Please complete the check above that you are a person.").waitFor();
  assert.equal(verifier.asked.length, 0, "nothing was sent");
  await check.click();
  await send.click();
  await page.getByRole("heading", { name: "Thank you" }).waitFor();
  assert.deepEqual(faults, []);
  await context.close();
});

test("a check that was not passed is done again, with everything typed still there", async () => {
  const { context, page, send, check } = await filled();
  verifier.instead = { status: 200, body: '{"success":false,"error-codes":["timeout-or-duplicate"]}' };
  await check.click();
  await send.click();
  await page.getByText("What you typed is kept; please do it once more.").waitFor();
  verifier.instead = undefined;
  assert.deepEqual([await page.getByLabel("E-mail").inputValue(), await page.getByLabel("First name").inputValue()], ["an@example.org", "An"]);
  await until(() => check.isEnabled(), "a new answer is asked for");
  await check.click();
  await send.click();
  await page.getByRole("heading", { name: "Thank you" }).waitFor();
  await context.close();
});

test("a widget that does not load says so, and is loaded at the next try", async () => {
  verifier.hasWidget = false;
  const { context, page, send, check } = await filled();
  await page.getByText("The check that you are a person could not be loaded.").waitFor();
  verifier.hasWidget = true;
  await page.getByRole("button", { name: "Try again" }).click();
  await check.click();
  await send.click();
  await page.getByRole("heading", { name: "Thank you" }).waitFor();
  await context.close();
});
