// Both techniques in a real Chromium, from the customer's site: the campaign is a third-party frame, as in real life.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { statisticsOnce } from "../../../demo/check/statistics.mjs";
import { MEMBER, claimsFor, signShared } from "../../../demo/site/tokens.mjs";
import { CONTAINER, container, openHostPages } from "../support/browser/host_page.mjs";
import { answerQuestions, signInAtProvider, trail } from "../support/browser/visit.mjs";
import { until } from "../support/patience.mjs";

/** @type {Awaited<ReturnType<typeof openHostPages>>} */
let pages;
/** @type {typeof pages.all} */
let all;
before(async () => {
  pages = await openHostPages();
  ({ all } = pages);
});
after(() => pages?.close());

const byToken = { account: "demo", campaignId: "100001" };
const byLogin = { account: "demo", campaignId: "100002" };

/** @param {{ account: string, campaignId: string }} campaign */
const counted = async ({ account, campaignId }) => (await all.demo.operator.statistics(account, campaignId)).participations;

/** @param {{ account: string, campaignId: string }} campaign @param {number} expected */
const settled = ({ account, campaignId }, expected) => statisticsOnce(all.demo.operator, account, campaignId, expected);

/** @param {Record<string, unknown>} [claims] */
const mint = (claims) => signShared(claimsFor(byToken.campaignId, claims), all.demo.secrets.tokenKey);

/** A page of the customer's with the campaign of a token alone, of the demo's person. @param {Partial<import("../support/browser/host_page.mjs").HostPage>} [page] */
const visitByToken = async (page) => pages.hostPage({ body: container({ token: await mint() }), ...page });

/** @param {import("playwright-core").Page} page @param {string} token */
const playWith = (page, token) =>
  page.evaluate(([value, base]) => {
    /** @type {any} */ (window).handstamp("create", "#by-token", { account: "demo", campaign: "100001", base, layout: "fill", token: value });
  }, [token, all.demo.addresses.worker]);

test("a secure token opens the campaign, fills the form and is recorded once", async () => {
  const { context, page, faults } = await all.visitor({ reducedMotion: "no-preference" });
  /** @type {string[]} */
  const addresses = [];
  page.on("request", (request) => addresses.push(request.url(), request.headers().referer ?? ""));
  await page.goto(all.demo.addresses.site);
  const token = await page.locator("#by-token").getAttribute("data-handstamp-token");
  const screen = page.frameLocator("#by-token iframe");
  await screen.getByText("Hello Lea").waitFor();
  await answerQuestions(screen);
  assert.equal(await screen.getByRole("textbox", { name: "First name" }).inputValue(), "Lea");
  assert.equal(await screen.getByRole("textbox", { name: "E-mail" }).inputValue(), "lea@example.com");
  await screen.getByRole("button", { name: "Take part" }).press("Enter");
  await screen.getByRole("heading", { name: "Thank you, Lea!" }).waitFor();
  assert.equal(await settled(byToken, 1), 1);
  await page.locator("#recorded", { hasText: /^1$/ }).waitFor();
  assert.deepEqual(await trail(page, "submitted"), ["ready", "admitted", "prefilled", "submitted"]);
  assert.ok(token && !addresses.some((address) => address.includes(token.slice(-40))), "the token is in no address");

  await playWith(page, String(token));
  await screen.getByRole("heading", { name: "Thank you, Lea!" }).waitFor();
  await context.close();

  // The same token from another browser: a copied page, or a shared link.
  const other = await all.visitor();
  await other.page.goto(all.demo.addresses.site);
  await playWith(other.page, String(token));
  const again = other.page.frameLocator("#by-token iframe");
  await answerQuestions(again);
  await again.getByRole("button", { name: "Take part" }).press("Enter");
  await again.getByRole("heading", { name: "You have already played" }).waitFor();
  assert.equal(await settled(byToken, 1), 1);
  await other.context.close();
  assert.deepEqual(faults, []);
});

test("a login keeps the answers, fills the form and comes back to where the visitor was", async () => {
  const { context, page, faults } = await all.visitor();
  await page.goto(`${all.demo.addresses.site}/#own`);
  const screen = page.frameLocator("#by-login iframe");
  await answerQuestions(screen);
  await screen.getByRole("button", { name: "Continue with your account" }).press("Enter");
  await signInAtProvider(page);
  await page.waitForURL(`${all.demo.addresses.site}/#own`);
  await screen.getByRole("heading", { name: "Almost there, Lea" }).waitFor();
  await page.waitForFunction(() => document.activeElement?.tagName === "IFRAME");
  const email = screen.getByRole("textbox", { name: "E-mail" });
  assert.equal(await email.inputValue(), "lea@example.com");
  assert.equal(await email.getAttribute("readonly"), "", "a locked field");
  assert.equal(await screen.getByRole("checkbox").isChecked(), false, "no opt-in is ticked for anyone");

  await screen.getByRole("button", { name: "Back" }).press("Enter");
  assert.equal(await screen.locator(".choice").first().getByRole("radio").isChecked(), true, "the answer from before the login");
  await screen.getByRole("button", { name: "Next" }).press("Enter");
  await screen.getByRole("heading", { name: "Almost there, Lea" }).waitFor();

  // A reload at the form: no ticket in the address any more, no storage in the frame, the same form all the same.
  await page.reload();
  await screen.getByRole("heading", { name: "Almost there, Lea" }).waitFor();
  assert.equal(await email.inputValue(), "lea@example.com");
  await screen.getByRole("button", { name: "Take part" }).press("Enter");
  await screen.getByRole("heading", { name: "Thank you, Lea!" }).waitFor();
  assert.equal(await settled(byLogin, 1), 1);

  await page.reload();
  await screen.getByRole("heading", { name: "Thank you, Lea!" }).waitFor();
  await page.goto("about:blank");
  await page.goto(all.demo.addresses.site);
  await screen.getByRole("button", { name: "Start" }).waitFor();
  assert.equal(await settled(byLogin, 1), 1);
  const { rows } = await all.demo.operator.statistics("demo", "100002");
  assert.deepEqual(Object.keys(rows[0].answers).sort(), ["hearts", "largest", "tides"]);
  assert.deepEqual(faults, []);
  await context.close();
});

test("a login that is stopped leads back to the answers, and can be taken up again", async () => {
  const { context, page, screen } = await pages.hostPage({ body: CONTAINER.replace(byToken.campaignId, byLogin.campaignId) });
  await answerQuestions(screen);
  await screen.getByRole("button", { name: "Continue with your account" }).press("Enter");
  await page.getByRole("button", { name: "Cancel" }).click();
  await screen.getByRole("heading", { name: "The sign-in was stopped" }).waitFor();
  assert.deepEqual([await screen.locator(".badge").count(), await screen.locator(".ref").count()], [0, 0], "nothing to be alarmed at, nothing to look up");
  await screen.getByRole("button", { name: "Sign in" }).press("Enter");
  await signInAtProvider(page);
  await screen.getByRole("heading", { name: "Almost there, Lea" }).waitFor();
  await context.close();
});

test("who finds another person's details signs in as himself: the answers stay, the details do not", async () => {
  const { context, page, screen, faults } = await pages.hostPage({ body: CONTAINER.replace(byToken.campaignId, byLogin.campaignId) });
  await answerQuestions(screen);
  await screen.getByRole("button", { name: "Continue with your account" }).press("Enter");
  await signInAtProvider(page);
  await screen.getByText("Signed in as l•••@e•••.").waitFor();
  await screen.getByRole("button", { name: "Not you?" }).press("Enter");
  // The login page still knows who was there, and asks all the same.
  await page.getByRole("button", { name: /Noor Example/ }).click();
  await page.getByRole("button", { name: "Allow" }).click();
  await screen.getByRole("heading", { name: "Almost there, Noor" }).waitFor();
  assert.notEqual(await screen.getByRole("textbox", { name: "E-mail" }).inputValue(), "lea@example.com");
  await screen.getByRole("button", { name: "Back" }).press("Enter");
  assert.equal(await screen.locator(".choice").first().getByRole("radio").isChecked(), true);
  assert.deepEqual(faults, []);
  await context.close();
});

test("in a window of its own the campaign logs in and comes back the same way", async () => {
  const { context, page, faults } = await all.visitor({ viewport: { width: 390, height: 844 }, colorScheme: "dark" });
  const before = await counted(byLogin);
  const address = `${all.demo.addresses.worker}/campaign/demo/100002?lang=fr`;
  await page.goto(address);
  await page.getByRole("button", { name: "Commencer" }).press("Enter");
  for (let number = 1; number <= 3; number += 1) {
    await page.getByText(`Question ${number} sur 3`).waitFor();
    await page.getByRole("radio").last().press("Space");
    await page.getByRole("button", { name: "Suivant" }).press("Enter");
  }
  await page.getByRole("button", { name: "Continuer avec mon compte" }).click();
  await signInAtProvider(page);
  await page.getByRole("heading", { name: "Presque fini, Lea" }).waitFor();
  assert.equal(page.url(), address, "neither a code nor a ticket stays in the address");
  await page.getByRole("button", { name: "Participer" }).click();
  await page.getByRole("heading", { name: "Merci, Lea !" }).waitFor();
  assert.equal(await settled(byLogin, before + 1), before + 1);
  const { rows } = await all.demo.operator.statistics("demo", "100002");
  assert.equal(rows[0].answers.hearts, "three", "the answer from before the login");
  assert.deepEqual(faults, []);
  await context.close();
});

test("who may not play sees why in plain words, and the owner sees the cause", async () => {
  const { context, page, faults } = await all.visitor();
  const before = await counted(byToken);
  await page.goto(all.demo.addresses.site);
  const screen = page.frameLocator("#broken iframe");
  /** @type {[string, string, string][]} */
  const cases = [
    ["Not allowed to play", "This campaign is for members who have made a purchase.", "not_allowed"],
    ["Expired", "Your personal link has expired. Open the campaign again from your account.", "token_expired"],
    ["One letter changed", "What this page said about you could not be checked.", "signature_invalid"],
    ["Expiry in milliseconds", "What this page said about you could not be checked.", "exp_looks_like_milliseconds"],
    ["Signed with another key", "What this page said about you could not be checked.", "signature_invalid"],
  ];
  for (const [button, words, code] of cases) {
    await page.getByRole("button", { name: button }).click();
    await screen.getByText(words).waitFor();
    await page.locator("#why .code", { hasText: code }).waitFor();
    // A signature that does not fit says nothing about itself; every other cause says what it is about.
    const told = code === "signature_invalid" ? ["Who fixes it", "How"] : ["Expected", "Got", "Who fixes it"];
    for (const term of told) await page.locator("#why dt", { hasText: term }).waitFor();
    const ref = await screen.locator(".ref b").innerText();
    await page.locator("#why dd", { hasText: ref }).waitFor();
    assert.equal(await screen.getByRole("button", { name: "Start" }).count(), 0);
  }
  assert.equal(await counted(byToken), before, "a refusal is not a participation");

  await page.getByRole("button", { name: "Already played" }).click();
  await screen.getByText("You have already played 2 times.").waitFor();
  await page.locator("#why .code", { hasText: "quota_reached" }).waitFor();
  assert.equal(await settled(byToken, before + 2), before + 2, "the two that used up the limit");
  assert.deepEqual(faults, []);
  await context.close();
});

test("a reload resumes at the same question, though the browser gives the frame no storage", async () => {
  /** The questions at which the service has kept this visit. @type {number[]} */
  const kept = [];
  const { context, page, screen } = await visitByToken({
    visitor: { whole: true },
    prepare: ({ page }) => page.on("response", (response) => {
      if (response.request().method() === "POST" && response.url().endsWith("/v1/drafts")) kept.push(JSON.parse(response.request().postData() ?? "{}").session?.question);
    }),
  });
  await screen.getByRole("button", { name: "Start" }).press("Enter");
  await screen.getByRole("radio").nth(2).press("Space");
  await screen.getByRole("button", { name: "Next" }).press("Enter");
  await screen.getByText("Question 2 of 3").waitFor();
  await until(() => kept.includes(1), () => `the second question is kept; so far ${kept}`);
  const frame = page.frames().find((one) => one.url().includes("/100001"));
  await assert.rejects(async () => frame?.evaluate(() => sessionStorage.length), /SecurityError/, "a third-party frame has no storage");
  await page.reload();
  await screen.getByText("Question 2 of 3").waitFor();
  await screen.getByRole("button", { name: "Back" }).press("Enter");
  assert.equal(await screen.locator(".choice").nth(2).getByRole("radio").isChecked(), true);
  await context.close();
});

test("an answer that was lost on the way is asked for again, and nothing is recorded twice", async () => {
  const before = await counted(byToken);
  /** @type {(string | undefined)[]} */
  const keys = [];
  const { context, screen } = await visitByToken({
    prepare: ({ page }) => page.route("**/v1/participations", async (route) => {
      keys.push(route.request().headers()["idempotency-key"]);
      if (keys.length > 1) return route.continue();
      await route.fetch();
      await route.abort("connectionreset");
    }),
  });
  await answerQuestions(screen);
  await screen.getByRole("button", { name: "Take part" }).press("Enter");
  await screen.getByRole("heading", { name: "Thank you, Lea!" }).waitFor();
  assert.equal(keys.length, 2);
  assert.equal(keys[0], keys[1]);
  assert.equal(await settled(byToken, before + 1), before + 1);
  await context.close();
});

test("when the pass has ended the participant is let in again, with everything he typed", async () => {
  const { context, page } = await all.visitor();
  let refused = 0;
  await page.route("**/v1/participations", async (route) => {
    if (refused > 0) return route.continue();
    refused += 1;
    // As the service answers two hours later.
    await route.fulfill({ status: 401, contentType: "application/problem+json", body: JSON.stringify({ reason: "try_again", code: "pass_expired", ref: "7K2MQ4XD" }) });
  });
  await page.goto(all.demo.addresses.site);
  const screen = page.frameLocator("#by-token iframe");
  await answerQuestions(screen);
  await screen.getByRole("textbox", { name: "City" }).fill("Dinant");
  await screen.getByRole("button", { name: "Take part" }).press("Enter");
  await screen.getByRole("heading", { name: "You were away for a while" }).waitFor();
  await screen.getByRole("button", { name: "Try again" }).press("Enter");
  await screen.getByRole("textbox", { name: "City" }).waitFor();
  assert.equal(await screen.getByRole("textbox", { name: "City" }).inputValue(), "Dinant");
  await screen.getByRole("button", { name: "Take part" }).press("Enter");
  await screen.getByRole("heading", { name: "Thank you, Lea!" }).waitFor();
  assert.deepEqual(await trail(page, "submitted"), ["admitted", "prefilled", "expired", "admitted", "prefilled", "submitted"]);
  await context.close();
});

test("the campaign can be played with the keyboard alone, in a window of its own", async () => {
  const { context, page, faults } = await all.visitor({ viewport: { width: 390, height: 844 } });
  const token = await mint({ sub: "keyboard" });
  await page.goto(`${all.demo.addresses.worker}/campaign/demo/100001#token=${token}`);
  await page.getByRole("button", { name: "Start" }).waitFor();
  assert.equal(new URL(page.url()).hash, "", "the token has left the address bar");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  for (let number = 1; number <= 3; number += 1) {
    await page.getByText(`Question ${number} of 3`).waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.tagName), "H1", "the focus is on the new step");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
  }
  await page.getByRole("button", { name: "Take part" }).waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => /** @type {HTMLInputElement} */ (document.activeElement)?.name), "firstname");
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.press("Delete");
  await page.keyboard.press("Enter");
  await page.getByText("Please check the fields that are marked.").waitFor();
  assert.equal(await page.evaluate(() => /** @type {HTMLInputElement} */ (document.activeElement)?.name), "firstname", "the focus is on the first fault");
  await page.keyboard.type("Léa");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Thank you, Léa!" }).waitFor();
  assert.deepEqual(faults, []);
  await context.close();
});

test("the first screen needs no scrolling, nothing shifts, and a phone needs no sideways scrolling", async () => {
  const { context, page, faults } = await all.visitor({ reducedMotion: "no-preference" });
  await page.addInitScript(() => {
    /** @type {any} */ (window).shift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) /** @type {any} */ (window).shift += /** @type {any} */ (entry).value;
    }).observe({ type: "layout-shift", buffered: true });
  });
  await page.goto(all.demo.addresses.site);
  await page.frameLocator("#by-token iframe").getByText("Hello Lea").waitFor();
  const first = await page.locator(".first").boundingBox();
  assert.ok(first && first.y >= 0 && first.y + first.height <= 720, `the first screen ends at ${first && first.y + first.height}`);
  assert.equal(await page.evaluate(() => /** @type {any} */ (window).shift), 0);
  for (const width of [320, 390, 768, 1280]) {
    await page.setViewportSize({ width, height: 844 });
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `no sideways scrolling at ${width}`);
  }
  assert.deepEqual(faults, []);
  await context.close();
});

test("until the token is judged no step shows, only a word of patience", async () => {
  /** @type {() => void} */
  let release = () => {};
  const held = new Promise((resolve) => (release = () => resolve(undefined)));
  const { context, screen } = await visitByToken({
    prepare: ({ page }) => page.route("**/v1/token/admit", async (route) => {
      await held;
      await route.continue();
    }),
  });
  await screen.getByText("One moment…").waitFor();
  assert.equal(await screen.locator(".step").count(), 0);
  release();
  await screen.getByText("Hello Lea").waitFor();
  assert.equal(await screen.getByText("One moment…").count(), 0);
  await context.close();
});

test("the texts follow the language of the page", async () => {
  const { context, page } = await all.visitor();
  for (const [lang, greeting] of [["fr", "Bonjour Lea"], ["nl-BE", "Dag Lea"]]) {
    const token = await mint({ sub: `speaks-${lang}`, form: MEMBER.form });
    await page.goto(`${all.demo.addresses.worker}/campaign/demo/100001?lang=${lang}#token=${token}`);
    await page.getByText(greeting).waitFor();
    await page.goto("about:blank");
  }
  await context.close();
});
