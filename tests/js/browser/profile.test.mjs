// The profile at the form step, in a real Chromium: the form waits a moment for it and no longer, what comes late fills what is
// still empty, and an API that is down is a line above an empty form.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { CONTAINER, container, event, openHostPages } from "../support/browser/host_page.mjs";
import { answerQuestions, signInAtProvider } from "../support/browser/visit.mjs";
import { PATIENCE_MS } from "../support/patience.mjs";
import { ProfileApi } from "../support/worker/profile_api.mjs";

/** @type {Awaited<ReturnType<typeof openHostPages>>} */
let pages;
/** @type {ProfileApi} */
let api;

before(async () => {
  [pages, api] = await Promise.all([openHostPages(), ProfileApi.start()]);
  const { document, all } = pages;
  const fields = [{ name: "email", type: "email", required: true }, { name: "firstname", type: "text" }, { name: "city", type: "text" }];
  document.profileApi = api.settings;
  Object.assign(document.secureToken, { accessTokenInClear: true, profileLimit: { canPlay: "open" }, mapping: { email: { from: "mail", lock: true }, firstname: "given_name", city: "town" } });
  document.campaigns["600001"] = { signIn: ["token"], fields, optins: [{ name: "news", wording: { en: "Send me news" } }] };
  document.oauth.profileFrom = "api";
  document.campaigns["600003"] = { ...document.campaigns["100002"], fields, profileApi: { url: api.settings.url }, mapping: { email: "mail", firstname: "given_name", city: "town" } };
  document.campaigns["600002"] = { signIn: ["token"], fields: [{ name: "firstname", type: "text" }], form: "submit" };
  const put = await all.demo.operator.call("PUT", "/v1/accounts/demo", document);
  assert.equal(put.status, 200, JSON.stringify(put.body));
});
after(async () => {
  api?.stop();
  await pages?.close();
});

const PROFILE = { id: "77", mail: "an@example.org", given_name: "An", town: "Ghent" };

/** @param {string} [campaign] @param {string} [sub] */
async function visit(campaign = "600001", sub = "77") {
  const token = await pages.mint({ sub, form: undefined, access_token: "opaque" }, campaign);
  const visited = await pages.hostPage({ body: container({ token }).replace("100001", campaign) });
  await visited.screen.getByRole("button", { name: "Start" }).waitFor();
  return visited;
}

/** Stops the clock of a page that is not to go on without the profile, however long a busy machine takes for it. @param {import("playwright-core").Page} page */
async function stopClock(page) {
  await page.clock.install();
  await page.clock.pauseAt(Date.now() + PATIENCE_MS);
}

/** Keeps the answer of the service back until it is released. @param {import("playwright-core").BrowserContext} context */
async function holdProfile(context) {
  /** @type {(value?: unknown) => void} */
  let release = () => {};
  const held = new Promise((resolve) => (release = resolve));
  await context.route("**/v1/profile", async (route) => {
    const response = await route.fetch();
    await held;
    await route.fulfill({ response });
  });
  return release;
}

test("nobody is asked before the form, which then opens filled in", async () => {
  api.seen.length = 0;
  await api.answering({ body: PROFILE }, async () => {
    const { context, page, screen, faults } = await visit();
    assert.equal(await screen.getByText("You are signed in.").count(), 1);
    assert.deepEqual(api.seen, []);
    await stopClock(page);
    await screen.getByRole("button", { name: "Start" }).press("Enter");
    const email = screen.getByRole("textbox", { name: "E-mail" });
    await email.waitFor();
    assert.deepEqual([await email.inputValue(), await email.getAttribute("readonly"), api.seen.length], ["an@example.org", "", 1]);
    await screen.getByText("Filled in from your account.").waitFor();
    assert.deepEqual((await event(page, "prefilled")).fields, ["email", "firstname", "city"]);
    await page.clock.resume();
    await page.reload();
    await email.waitFor();
    assert.equal(api.seen.length, 1, "a reload asks nobody again");
    await screen.getByRole("button", { name: "Take part" }).press("Enter");
    await screen.locator(".exit").waitFor();
    assert.deepEqual(faults, []);
    await context.close();
  });
});

test("the form opens without a slow profile; what comes late fills what is empty and untouched, and what was typed stays", async () => {
  await api.answering({ body: PROFILE }, async () => {
    const { context, page, screen, faults } = await visit();
    const release = await holdProfile(context);
    await stopClock(page);
    await screen.getByRole("button", { name: "Start" }).press("Enter");
    await screen.locator(".skeleton").waitFor();
    await page.clock.runFor(1000);
    assert.equal(await screen.locator(".skeleton").isVisible(), true, "it waits a moment");
    await page.clock.resume();
    const first = screen.getByRole("textbox", { name: "First name" });
    await first.waitFor();
    assert.equal(await screen.getByRole("textbox", { name: "E-mail" }).inputValue(), "");
    await first.fill("Anneke");
    release();
    await screen.locator("#field-email[readonly]").waitFor();
    const values = await screen.locator("input:not([type=checkbox])").evaluateAll((all) => all.map((one) => /** @type {HTMLInputElement} */ (one).value));
    assert.deepEqual(values, ["an@example.org", "Anneke", "Ghent"]);
    await screen.getByRole("button", { name: "Take part" }).press("Enter");
    await screen.locator(".exit").waitFor();
    assert.deepEqual(faults, []);
    await context.close();
  });
});

test("an API that is down is a line above an empty form, an event, and nothing to stop at once it is back", async () => {
  const { context, page, screen } = await visit();
  await api.answering({ status: 503 }, async () => {
    await screen.getByRole("button", { name: "Start" }).press("Enter");
    await screen.getByText("Your details could not be fetched this time.").waitFor();
    assert.equal((await event(page, "warning")).code, "profile_unavailable");
    await screen.getByRole("textbox", { name: "E-mail" }).fill("typed@example.org");
  });
  await api.answering({ body: PROFILE }, async () => {
    await screen.getByRole("button", { name: "Take part" }).press("Enter");
    await screen.locator(".exit").waitFor();
  });
  await context.close();
});

test("a profile that says no is told at the form, with the number to quote", async () => {
  await api.answering({ body: { ...PROFILE, open: false } }, async () => {
    const { context, page, screen } = await visit();
    await screen.getByRole("button", { name: "Start" }).press("Enter");
    await screen.getByRole("heading", { name: "Not this time" }).waitFor();
    const refused = await event(page, "refused");
    assert.deepEqual([refused.kind, refused.reason, /^[0-9A-Z]{8}$/.test(refused.ref)], ["limit", "not_allowed", true]);
    await context.close();
  });
});

test("a form that is sent at once waits for the profile, and is the participant's to send where that comes late", async () => {
  await api.answering({ body: PROFILE }, async () => {
    const { context, page, screen } = await visit("600002");
    await stopClock(page);
    await screen.getByRole("button", { name: "Start" }).press("Enter");
    await screen.locator(".exit").waitFor();
    await screen.getByText("Thank you, An!").waitFor();
    await context.close();
  });
  await api.answering({ body: PROFILE }, async () => {
    const { context, screen } = await visit("600002");
    const release = await holdProfile(context);
    await screen.getByRole("button", { name: "Start" }).press("Enter");
    await screen.getByRole("button", { name: "Take part" }).waitFor();
    release();
    await screen.getByText("Almost there, An").waitFor();
    assert.equal(await screen.locator(".exit").count(), 0);
    await context.close();
  });
});

test("after a sign-in the form opens without a profile API that is down, says so, and takes what is typed; a slow one fills what is empty", async () => {
  const { context, page, screen, faults } = await pages.hostPage({ body: CONTAINER.replace("100001", "600003") });
  const signIn = async () => {
    await screen.getByRole("button", { name: "Continue with your account" }).press("Enter");
    await signInAtProvider(page);
  };
  await answerQuestions(screen);
  await api.answering({ status: 503 }, async () => {
    await signIn();
    await screen.getByText("Your details could not be fetched this time.").waitFor();
    assert.equal((await event(page, "warning")).code, "profile_unavailable");
    assert.equal((await event(page, "admitted")).technique, "oauth");
    const email = screen.getByRole("textbox", { name: "E-mail" });
    assert.deepEqual([await email.inputValue(), await email.getAttribute("readonly")], ["", null]);
    await screen.getByText("You are signed in.", { exact: false }).waitFor();
    await email.fill("typed@example.org");
  });
  const release = await holdProfile(context);
  await api.answering({ body: PROFILE }, async () => {
    await page.reload();
    const first = screen.getByRole("textbox", { name: "First name" });
    await first.waitFor();
    assert.equal(await first.inputValue(), "");
    release();
    await screen.getByText("Filled in from your account.").waitFor();
    const values = await screen.locator("input:not([type=checkbox])").evaluateAll((all) => all.map((one) => /** @type {HTMLInputElement} */ (one).value));
    assert.deepEqual(values, ["typed@example.org", "An", "Ghent"]);
    await screen.getByRole("button", { name: "Take part" }).press("Enter");
    await screen.locator(".exit").waitFor();
  });
  assert.deepEqual(faults.filter((fault) => !fault.includes("502")), []);
  await context.close();
});
