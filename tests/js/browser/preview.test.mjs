// Previews in a real Chromium: by a link in a window of its own and through the tag, and on a page of a test origin. The banner
// stands on every step, nothing is recorded, and the tab is a participant's again with the next visit. With HANDSTAMP_SHOTS a
// picture of each step.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ARABIC } from "../support/browser/arabic.mjs";
import { CONTAINER, container, event, openHostPages } from "../support/browser/host_page.mjs";
import { SHOTS, lookAt } from "../support/browser/looked_at.mjs";
import { answerQuestions, signInAtProvider } from "../support/browser/visit.mjs";
import { pause, until } from "../support/patience.mjs";
import { REPEATS } from "../support/repeats.mjs";
import { oauth } from "../support/worker/package.mjs";

const BANNER = "Preview: not counted";
const claims = { form: { firstname: "Mia", lastname: "Manager", email: "mia@example.com" } };
/** A refusal of each page that there is. */
const REFUSALS = ["token_missing", "token_expired", "signature_invalid", "not_allowed", "quota_reached", "day_reached", "week_reached", "campaign_not_yet", "campaign_over", "campaign_full", "campaign_unknown", "login_cancelled", "state_invalid", "wrong_browser", "internal"];

/** @type {Awaited<ReturnType<typeof openHostPages>>} */
let pages;
before(async () => {
  pages = await openHostPages();
  const { document } = pages;
  document.campaigns["500001"] = { signIn: ["anonymous"], title: { en: "Summer", ar: "الصيف" }, languages: ["en", "ar"], fields: [{ name: "city", type: "text" }], texts: { ar: ARABIC } };
  document.campaigns["500002"] = { signIn: ["token", "oauth", "anonymous"], title: { en: "Summer", fr: "Été", ar: "الصيف" }, languages: ["en", "fr", "ar"], fields: [{ name: "city", type: "text" }], texts: { ar: ARABIC } };
  await put(document);
});
after(() => pages?.close());

/** @param {any} document */
async function put(document) {
  const { status, body } = await pages.all.demo.operator.call("PUT", "/v1/accounts/demo", document);
  assert.equal(status, 200, JSON.stringify(body));
}

/** @param {object} [terms] @returns {Promise<{ pass: string, link: string }>} */
async function preview(terms = {}) {
  const { status, body } = await pages.all.demo.operator.call("POST", "/v1/accounts/demo/previews", { campaignId: "100001", subject: "mia", claims, ...terms });
  assert.equal(status, 201, JSON.stringify(body));
  return body;
}

/** @param {import("../support/browser/visit.mjs").Screen} screen @param {string} step */
async function marked(screen, step, says = BANNER) {
  await screen.locator(`[data-step="${step}"]`).waitFor();
  await screen.getByRole("note").filter({ hasText: says }).waitFor();
}

/** How much is recorded of the campaigns in all, once nothing more can be under way. */
async function recorded() {
  await pause(600);
  const { campaigns } = await pages.all.demo.operator.call("GET", "/v1/statistics/demo").then(({ body }) => body);
  return campaigns.reduce((/** @type {number} */ sum, /** @type {any} */ { participations }) => sum + participations, 0);
}

test("a link in a window of its own: the banner on every step, also after a reload; then the tab is a participant's again", async () => {
  const { context, page, faults } = await pages.all.visitor({ reducedMotion: "reduce" });
  const { link } = await preview();
  await page.goto(link);
  await marked(page, "intro");
  assert.equal(new URL(page.url()).hash, "", "the pass leaves the address bar");
  await page.getByText("Hello Mia").waitFor();
  await lookAt(page, "preview-1-intro");
  await page.getByRole("button", { name: "Start" }).press("Enter");
  await marked(page, "questions");
  await lookAt(page, "preview-2-question");
  await page.reload();
  await marked(page, "questions");
  for (let number = 1; number <= 3; number += 1) {
    await page.getByText(`Question ${number} of 3`).waitFor();
    await page.getByRole("radio").first().press("Space");
    await page.getByRole("button", { name: "Next" }).press("Enter");
  }
  await marked(page, "form");
  assert.equal(await page.getByRole("textbox", { name: "First name" }).inputValue(), "Mia");
  await lookAt(page, "preview-3-form");
  await page.getByRole("button", { name: "Take part" }).press("Enter");
  await marked(page, "exit");
  await lookAt(page, "preview-4-exit");
  await page.reload();
  await marked(page, "exit");
  assert.equal(await recorded(), 0);

  await page.goto(`${pages.worker}/campaign/demo/100001`);
  await page.locator('[data-step="sorry"]').waitFor();
  assert.equal(await page.getByText(BANNER).isVisible(), false, "it does not stick to the tab");
  assert.deepEqual(faults, []);
  await context.close();
});

test("a limit that refuses is shown as the participant would see it, under the banner; right to left too, and in a small frame", async () => {
  const { context, page } = await pages.all.visitor({ reducedMotion: "reduce" });
  await page.goto((await preview({ claims: { limit: { nb: 1 } }, participations: 1 })).link);
  await marked(page, "sorry");
  await page.getByRole("heading", { name: "You have already played" }).waitFor();
  await lookAt(page, "preview-5-refused");
  await page.reload();
  await marked(page, "sorry");
  await page.getByRole("heading", { name: "You have already played" }).waitFor();
  const { link } = await preview({ campaignId: "500001", subject: undefined, claims: undefined });
  await page.goto(link.replace("#", "?lang=en#"));
  await marked(page, "intro");
  await page.getByRole("combobox", { name: "Language" }).selectOption("ar");
  await marked(page, "intro", ARABIC.preview);
  assert.equal(await page.locator("html").getAttribute("dir"), "rtl");
  await lookAt(page, "preview-6-arabic");
  await page.getByRole("button", { name: ARABIC["intro.start"] }).press("Enter");
  await marked(page, "form", ARABIC.preview);
  await lookAt(page, "preview-7-arabic-form");
  await page.goto(link.replace(/#.*/, "?lang=ar"));
  await page.locator('[data-step="intro"]').waitFor();
  assert.equal(await page.getByText(ARABIC.preview).isVisible(), false, "the next visit is a participant's");
  // The language that was chosen before stands, and the link is not lost on the way to it.
  await page.goto("about:blank");
  await page.goto(link.replace("#", "?lang=en#"));
  await marked(page, "intro", ARABIC.preview);
  await page.goto("about:blank");
  await page.goto((await preview({ expiresIn: 3600 })).link);
  await marked(page, "intro");
  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    await page.setViewportSize({ width: 296, height: 480 });
    await page.emulateMedia({ colorScheme });
    const [wide, banner] = await page.evaluate(() => [document.documentElement.scrollWidth - innerWidth, document.querySelector(".preview")?.getBoundingClientRect().top]);
    assert.deepEqual([wide, banner], [0, 0]);
    if (SHOTS) await page.screenshot({ path: join(SHOTS, `preview-8-small-${colorScheme}.png`) });
  }
  await context.close();
});

test("through the tag: the page's own token is left alone, no receipt is given, and the next visit is the participant's", async () => {
  const { pass } = await preview();
  const token = await pages.mint({ sub: "preview-neighbour" });
  const { context, page, screen, faults } = await pages.hostPage({ body: container({ token }), path: `/host#handstamp=${pass}` });
  await marked(screen, "intro");
  await screen.getByText("Hello Mia").waitFor();
  assert.equal(new URL(page.url()).hash, "");
  assert.equal((await event(page, "admitted")).technique, "preview");
  // A page that hands over another token in the middle of it changes nothing.
  await page.evaluate((other) => /** @type {any} */ (window).handstamp.campaigns.get(document.querySelector("#box")).token(other), token);
  await answerQuestions(screen);
  await marked(screen, "form");
  await screen.getByRole("button", { name: "Take part" }).press("Enter");
  await marked(screen, "exit");
  const submitted = await event(page, "submitted");
  assert.deepEqual([submitted.preview, submitted.receipt], [true, undefined]);
  assert.equal(await recorded(), 0);
  await page.goto(`${pages.site}/host`);
  await screen.getByRole("button", { name: "Start" }).waitFor();
  assert.equal(await screen.getByText(BANNER).isVisible(), false);
  await answerQuestions(screen);
  await screen.getByRole("button", { name: "Take part" }).press("Enter");
  await screen.getByRole("heading", { name: "Thank you, Lea!" }).waitFor();
  const receipt = await page.waitForFunction(() => /** @type {any} */ (window).seen.findLast((/** @type {any} */ one) => one.name === "submitted")?.receipt);
  assert.match(String(await receipt.jsonValue()), /^ey[\w-]+\.[\w-]+\.[\w-]+$/, "the participation has its receipt");
  await until(async () => (await recorded()) > 0, "the participation is counted");
  assert.equal(await recorded(), 1);
  assert.deepEqual(faults, []);
  await context.close();
});

test("of two campaigns on a page the link is for one, whatever sign-in this tab remembers", async () => {
  const { pass } = await preview({ campaignId: "500001", subject: undefined, claims: undefined });
  const two = '<div id="box" data-handstamp-account="demo" data-handstamp-campaign="500001"></div>' + CONTAINER.replace('id="box"', 'id="other"');
  const { context, page, screen } = await pages.hostPage({ body: two, script: 'sessionStorage.handstamp = "demo/100001"', path: `/host#handstamp=${pass}` });
  await marked(screen, "intro");
  const other = page.frameLocator("#other iframe");
  await other.locator('[data-step="sorry"]').waitFor();
  assert.equal(await other.getByText(BANNER).isVisible(), false);
  await context.close();
});

test("the preview of a refusal is that refusal after a reload, too, and has a way on", async () => {
  const { context, page } = await pages.all.visitor();
  for (const [refusal, says] of [["token_expired", "This link has expired"], ["internal", "That did not work"]]) {
    await page.goto((await preview({ subject: undefined, claims: undefined, refusal })).link);
    for (const again of [false, true]) {
      if (again) await page.reload();
      await page.getByRole("heading", { name: says }).waitFor();
      await marked(page, "sorry");
      assert.ok((await page.locator(".actions > :visible").count()) > 0, "a way on");
    }
  }
  await context.close();
});

for (const lang of ["en", "fr", "ar"]) {
  test(`every page of a refusal, in ${lang}: by axe, and not wider than its window`, REPEATS, async () => {
    const { context, page } = await pages.all.visitor({ reducedMotion: "reduce" });
    for (const refusal of REFUSALS) {
      await page.goto("about:blank");
      const { link } = await preview({ campaignId: "500002", subject: undefined, claims: undefined, refusal });
      await page.goto(link.replace("#", `?lang=${lang}#`));
      await marked(page, "sorry", lang === "ar" ? ARABIC.preview : lang === "fr" ? "Aperçu" : BANNER);
      assert.ok((await page.locator(".actions > :visible").count()) > 0, `a way on from ${refusal}`);
      await lookAt(page, `refusal-${lang}-${refusal}`, { brief: true });
    }
    await context.close();
  });
}

test("a preview for anybody comes by the sign-in: it goes past it, or signs in and still is a preview", async () => {
  const before = await recorded();
  const anybody = { campaignId: "100002", subject: undefined, claims: undefined };
  const { context, page, faults } = await pages.all.visitor();
  await page.goto((await preview(anybody)).link);
  await answerQuestions(page);
  await marked(page, "login");
  await page.getByRole("button", { name: "Preview: go past the sign-in" }).press("Enter");
  await marked(page, "form");
  await page.getByText("You are signed in.").waitFor();

  // Of another fragment alone: the browser does not load such a page anew by itself.
  await page.goto((await preview(anybody)).link);
  await answerQuestions(page);
  await page.getByRole("button", { name: "Continue with your account" }).press("Enter");
  await page.getByRole("button", { name: "Cancel" }).click();
  await marked(page, "sorry");
  await page.getByRole("heading", { name: "The sign-in was stopped" }).waitFor();
  await page.getByRole("button", { name: "Sign in" }).press("Enter");
  await signInAtProvider(page);
  await page.getByRole("heading", { name: "Almost there, Lea" }).waitFor();
  await marked(page, "form");
  await page.reload();
  await marked(page, "form");
  await page.getByRole("button", { name: "Take part" }).press("Enter");
  await marked(page, "exit");
  assert.equal(await recorded(), before);
  assert.deepEqual(faults, []);
  await context.close();
});

test("nobody signs in to a draft: its preview says so, and goes past the sign-in", async () => {
  const { operator } = pages.all.demo;
  const { questions: _questions, ...campaign } = pages.document.campaigns["100002"];
  const kept = await operator.call("PUT", "/v1/accounts/demo/campaigns/500009/draft", { campaign, from: 0 });
  assert.equal(kept.status, 200, JSON.stringify(kept.body));
  const { link } = await preview({ campaignId: "500009", subject: undefined, claims: undefined, draft: true });
  const { context, page, faults } = await pages.all.visitor();
  await page.goto(link);
  await page.getByRole("button", { name: "Start" }).press("Enter");
  await marked(page, "login");
  await page.getByRole("button", { name: "Continue with your account" }).press("Enter");
  await page.getByText("Nobody can sign in to a draft.").waitFor();
  assert.equal(new URL(page.url()).origin, pages.worker, "the page is where it was");
  await page.getByRole("button", { name: "Preview: go past the sign-in" }).press("Enter");
  await marked(page, "form");
  await page.getByRole("button", { name: "Not you?" }).press("Enter");
  await page.getByText("Nobody can sign in to a draft.").waitFor();
  assert.deepEqual(faults, []);
  await context.close();
});

test("an expired link says so, and is no way in for a participant", async () => {
  const { pass } = await preview();
  const ring = /** @type {import("../../../pkg/dist/oauth.js").Ring} */ (pages.all.demo.secrets.ring);
  const now = Math.floor(Date.now() / 1000);
  const old = oauth.sealPass(ring, { ...oauth.openPass(ring, "demo", pass.split(":")[1]), issuedAt: now - 100, expiresAt: now - 1 });
  const { context, page, screen } = await pages.hostPage({ body: container({ token: await pages.mint() }), path: `/host#handstamp=demo:${old}` });
  await marked(screen, "sorry");
  await screen.getByRole("heading", { name: "This preview has expired" }).waitFor();
  assert.equal((await event(page, "error")).code, "pass_expired");
  await context.close();
});

test("on a page of a test origin everything is a preview, from the first step on", async () => {
  const before = await recorded();
  const { document, site } = pages;
  await put({ ...document, origins: document.origins.filter((/** @type {string} */ origin) => origin !== site), testOrigins: [site] });
  const { context, page, screen, faults } = await pages.hostPage({ body: container({ token: await pages.mint({ sub: "developer" }) }) });
  await marked(screen, "intro");
  await answerQuestions(screen);
  await marked(screen, "form");
  await screen.getByRole("button", { name: "Take part" }).press("Enter");
  await marked(screen, "exit");
  assert.equal((await event(page, "submitted")).preview, true);
  await page.goto(`${site}/host`);
  await marked(screen, "intro");
  assert.equal(await recorded(), before);
  assert.deepEqual(faults, []);
  await context.close();
  await put(document);
});
