// What a visitor sees before a campaign starts, after its end, when it is full and when the day is used up: in a window and in
// a frame, in three languages, each with a way on. With HANDSTAMP_SHOTS a picture of each.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { container, event, openHostPages } from "../support/browser/host_page.mjs";
import { SHOTS, lookAt } from "../support/browser/looked_at.mjs";
import { spansOf } from "../../../worker/src/platform/calendar.js";
import { until } from "../support/patience.mjs";

const HOUR_MS = 3_600_000;
/** @type {Awaited<ReturnType<typeof openHostPages>>} */
let pages;
const at = (/** @type {number} */ ms) => new Date(Date.now() + ms).toISOString();
const title = { en: "Win a bike", fr: "Gagnez un vélo", nl: "Win een fiets" };
const open = { signIn: ["anonymous"], title, languages: ["en", "fr", "nl"], fields: [{ name: "city", type: "text" }], timeZone: "Europe/Brussels" };

/** @param {Record<string, object>} campaigns */
async function write(campaigns) {
  const { document, all } = pages;
  Object.assign(document.campaigns, campaigns);
  const put = await all.demo.operator.call("PUT", "/v1/accounts/demo", document);
  assert.equal(put.status, 200, JSON.stringify(put.body));
}

before(async () => {
  pages = await openHostPages();
  await write({
    600001: { ...open, starts: "2031-12-01T09:00" },
    600002: { ...open, ends: "2025-12-31" },
    600003: { ...open, cap: 1 },
    600004: { ...open, signIn: ["token"], limit: { day: 1 } },
    600005: { ...open, questions: [{ id: "colour", text: { en: "Which colour?" }, choices: ["Red", "Blue"].map((text, index) => ({ id: `c${index}`, text: { en: text } })) }], texts: { en: { "sorry.campaign_over": "You are late." } } },
  });
});
after(() => pages?.close());

/** @param {import("playwright-core").Page} page @param {string} id @param {string} lang */
async function visit(page, id, lang) {
  await page.goto(`${pages.worker}/campaign/demo/${id}?lang=${lang}`);
  await page.locator('[data-step="sorry"]').waitFor();
  return { heading: await page.locator("h1").innerText(), text: await page.locator(".lead p").first().innerText() };
}
/** Fills in an open campaign and sends it. @param {import("playwright-core").Page} page @param {string} id */
async function play(page, id) {
  await page.goto(`${pages.worker}/campaign/demo/${id}`);
  await page.locator(".intro .primary").press("Enter");
  await page.locator(".form .primary").press("Enter");
}

test("before its start a campaign says when it starts, in the visitor's language and its own zone", async () => {
  const { context, page } = await pages.all.visitor({ reducedMotion: "reduce" });
  for (const [lang, heading, text] of [["en", "Not open yet", "This campaign starts on Monday, December 1, 2031 at 9:00"], ["fr", "Le jeu n’est pas encore ouvert", "Ce jeu commence le lundi 1er décembre 2031"], ["nl", "Nog niet open", "Deze actie begint op maandag 1 december 2031"]]) {
    const shown = await visit(page, "600001", lang);
    assert.equal(shown.heading, heading);
    assert.ok(shown.text.replaceAll(/\s/g, " ").startsWith(text), shown.text);
    await page.locator(".primary").waitFor();
    await lookAt(page, `not-yet-${lang}`, { translated: lang !== "en" });
  }
  await write({ 600001: { ...open, starts: at(-HOUR_MS) } });
  await page.locator(".primary").press("Enter");
  await page.locator('[data-step="intro"]').waitFor();
  await context.close();
});

test("after its end a campaign says when it ended, and leads to the site", async () => {
  const { context, page } = await pages.all.visitor({ reducedMotion: "reduce" });
  for (const [lang, heading, text] of [["en", "This campaign is over", "It ended on Wednesday, December 31, 2025."], ["fr", "Ce jeu est terminé", "Il s’est terminé le mercredi 31 décembre 2025."], ["nl", "Deze actie is afgelopen", "Ze eindigde op woensdag 31 december 2025."]]) {
    const shown = await visit(page, "600002", lang);
    assert.equal(shown.heading, heading);
    assert.ok(shown.text.startsWith(text), shown.text);
    const site = page.locator(".actions a");
    assert.equal(await site.getAttribute("href"), pages.document.origins[0]);
    await lookAt(page, `over-${lang}`, { translated: lang !== "en" });
  }
  await context.close();
});

test("in a frame a campaign that is over tells the host page, and has its way on there", async () => {
  const { context, page, screen, faults } = await pages.hostPage({ body: container({}).replace("100001", "600002") });
  await screen.getByRole("heading", { name: "This campaign is over" }).waitFor();
  const { kind, reason } = await event(page, "refused");
  assert.deepEqual([kind, reason], ["campaign", "campaign_over"]);
  assert.equal(await screen.locator(".actions a").getAttribute("href"), pages.site);
  await page.setViewportSize({ width: 312, height: 520 });
  const wide = await screen.locator("html").evaluate((root) => root.scrollWidth - root.clientWidth);
  assert.equal(wide, 0, "in a frame of 296 pixels");
  if (SHOTS) await page.screenshot({ path: join(SHOTS, "over-frame.png") });
  assert.deepEqual(faults, []);
  await context.close();
});

test("a full campaign says so before the first question, to the one who was too late at the end, and keeps the thanks of who was in time", async () => {
  const [first, late, next] = [await pages.all.visitor(), await pages.all.visitor(), await pages.all.visitor({ reducedMotion: "reduce" })];
  await late.page.goto(`${pages.worker}/campaign/demo/600003`);
  await late.page.locator(".intro .primary").press("Enter");
  await late.page.locator('[data-step="form"]').waitFor();
  await play(first.page, "600003");
  await first.page.locator(".exit").waitFor();
  await late.page.locator(".form .primary").press("Enter");
  await late.page.getByRole("heading", { name: "All places are taken" }).waitFor();
  await until(async () => {
    await next.page.goto(`${pages.worker}/campaign/demo/600003`);
    await next.page.locator("[data-step]").waitFor();
    return (await next.page.locator("h1").innerText()) === "All places are taken";
  }, "the copy of a moment ago is gone");
  await next.page.getByRole("button", { name: "Reload" }).waitFor();
  for (const lang of ["en", "fr", "nl"]) {
    await visit(next.page, "600003", lang);
    await lookAt(next.page, `full-${lang}`, { translated: lang !== "en" });
  }
  await first.page.reload();
  await first.page.locator(".exit").waitFor();
  await write({ 600003: { ...open, cap: 5 } });
  await until(async () => {
    await next.page.goto(`${pages.worker}/campaign/demo/600003`);
    await next.page.locator("[data-step]").waitFor();
    return (await next.page.locator('[data-step="intro"]').count()) === 1;
  }, "a raised cap opens it");
  for (const { context } of [first, late, next]) await context.close();
});

test("somebody who has used up the day is told when the next one begins", async () => {
  const { context, page } = await pages.all.visitor({ reducedMotion: "reduce" });
  const go = async (/** @type {string} */ lang) => {
    await page.goto("about:blank");
    await page.goto(`${pages.worker}/campaign/demo/600004?lang=${lang}#token=${await pages.mint({ sub: "daily", jti: crypto.randomUUID(), limit: { nb: 9 } }, "600004")}`);
  };
  await go("en");
  await page.locator(".intro .primary").press("Enter");
  await page.locator(".form .primary").press("Enter");
  await page.locator(".exit").waitFor();
  for (const [lang, heading] of [["en", "You have played for today"], ["fr", "Vous avez joué pour aujourd’hui"], ["nl", "Je hebt vandaag al gespeeld"]]) {
    await go(lang);
    await page.getByRole("heading", { name: heading }).waitFor();
    const { starts } = spansOf(Date.now() + 24 * HOUR_MS, "Europe/Brussels").day;
    const day = new Intl.DateTimeFormat(lang, { weekday: "long", year: "numeric", month: "long", day: "numeric", timeZone: "Europe/Brussels" }).format(starts);
    // The first of a month is another word in French.
    const said = (await page.locator(".lead p").first().innerText()).replace(" 1er ", " 1 ");
    assert.ok(said.includes(`${day}.`), said);
    await lookAt(page, `day-${lang}`, { translated: lang !== "en" });
  }
  await context.close();
});

test("a play that was begun goes on for a while after the end, by a reload too; somebody new finds the account's words", async () => {
  const [player, newcomer] = [await pages.all.visitor(), await pages.all.visitor()];
  await player.page.goto(`${pages.worker}/campaign/demo/600005`);
  await player.page.locator(".intro .primary").press("Enter");
  await player.page.locator('[data-step="questions"]').waitFor();
  const campaign = pages.document.campaigns["600005"];
  await write({ 600005: { ...campaign, ends: at(-60_000) } });
  await newcomer.page.goto(`${pages.worker}/campaign/demo/600005`);
  await newcomer.page.getByText("You are late.").waitFor();
  await player.page.reload();
  await player.page.getByRole("radio").first().press("Space");
  await player.page.locator(".questions .primary").press("Enter");
  await player.page.locator(".form .primary").press("Enter");
  await player.page.locator(".exit").waitFor();
  await write({ 600005: { ...campaign, ends: at(-HOUR_MS) } });
  await player.page.reload();
  await player.page.locator(".exit").waitFor();
  for (const { context } of [player, newcomer]) await context.close();
});
