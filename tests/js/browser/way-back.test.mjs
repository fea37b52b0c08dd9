// Every way back from the login page, in every language we speak: a page in plain words with a number, and a button that
// leads back to the answers. HANDSTAMP_SHOTS names a folder for pictures of them.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { en } from "../../../www/campaign/languages/en.js";
import { fr } from "../../../www/campaign/languages/fr.js";
import { nl } from "../../../www/campaign/languages/nl.js";
import { click } from "../support/browser/hands.mjs";
import { CONTAINER, openHostPages } from "../support/browser/host_page.mjs";
import { REPEATS } from "../support/repeats.mjs";
import { oauth } from "../support/worker/package.mjs";

/** @typedef {import("playwright-core").Page} Page */

const languages = { en, fr, nl };
const shots = process.env.HANDSTAMP_SHOTS;
/** @type {Awaited<ReturnType<typeof openHostPages>>} */
let pages;
before(async () => (pages = await openHostPages()));
after(() => pages?.close());

/** Up to the login page. @param {string} lang @param {Record<string, string>} say */
async function visit(lang, say) {
  const body = CONTAINER.replace("100001", "100002").replace("></div>", ` data-handstamp-lang="${lang}"></div>`);
  const visitor = await pages.hostPage({ body });
  const { page, screen } = visitor;
  await screen.getByRole("button", { name: say["intro.start"] }).press("Enter");
  for (let number = 1; number <= 3; number += 1) {
    await screen.getByText(new RegExp(`^Question ${number}|^Vraag ${number}`)).waitFor();
    await screen.getByRole("radio").first().press("Space");
    await screen.getByRole("button", { name: say.next, exact: true }).press("Enter");
  }
  await screen.getByRole("button", { name: say["login.start"] }).press("Enter");
  await page.getByRole("button", { name: /Lea Example/ }).waitFor();
  return visitor;
}

/** A picture as a desk and a phone show it. @param {Page} page @param {string} name */
async function picture(page, name) {
  if (!shots) return;
  for (const [kind, width, height] of /** @type {const} */ ([["phone", 390, 844], ["desk", 1280, 720]])) {
    await page.setViewportSize({ width, height });
    await page.screenshot({ path: join(shots, `${name}-${kind}.png`) });
  }
}

/** @param {Page} page */
async function finish(page) {
  await page.getByRole("button", { name: /Lea Example/ }).click();
  await page.getByRole("button", { name: /Allow/ }).click();
}

/**
 * Ends the login in another way: what the login page sends back is changed on its way to us.
 * @param {Page} page @param {(callback: URL) => void} change
 */
async function finishWith(page, change) {
  await page.route(/\/interaction\/.*\/(allow|login)/, async (route) => {
    const { headers } = await route.fetch({ maxRedirects: 0 }).then((answer) => ({ headers: answer.headers() }));
    const next = await page.context().request.get(new URL(headers.location, page.url()).href, { maxRedirects: 0 });
    const target = new URL(next.headers().location, page.url());
    if (target.pathname === "/oauth/callback") change(target);
    await route.fulfill({ status: 303, headers: { location: target.href } });
  });
  await finish(page);
}

/** How the login ends, and the reason that the campaign gives. @type {[string, string, (page: Page, context: import("playwright-core").BrowserContext) => Promise<void>][]} */
const WAYS = [
  ["cancel", "login_cancelled", (page) => page.getByRole("button", { name: "Cancel" }).click()],
  ["provider-error", "login_failed", (page) => finishWith(page, ({ searchParams }) => {
    searchParams.delete("code");
    searchParams.set("error", "temporarily_unavailable");
  })],
  ["expired-state", "login_failed", (page) => finishWith(page, ({ searchParams }) => {
    const ring = /** @type {import("../../../pkg/dist/oauth.js").Ring} */ (pages.all.demo.secrets.ring);
    const then = Math.floor(Date.now() / 1000) - 3600;
    const members = oauth.openState(ring, searchParams.get("state") ?? "");
    searchParams.set("state", oauth.sealState(ring, members.map((/** @type {unknown} */ member) => (typeof member === "number" && member > 1e9 ? then : member))));
  })],
];

for (const [lang, say] of Object.entries(languages)) {
  // One visitor whose login goes wrong in every way, and who signs in again from each page: the last one leads back to
  // the answers, and from there to the form.
  test(`every way back, in ${lang}`, lang === "en" ? {} : REPEATS, async (t) => {
    const { context, page, screen, faults } = await visit(lang, say);
    for (const [name, reason, end] of WAYS) {
      // The same words as for a state that has expired.
      if (name === "provider-error" && lang !== "en") continue;
      await t.test(`after ${name}: ${reason}`, async () => {
        await end(page, context);
        await screen.getByRole("heading", { name: say[`sorry.title.${reason}`] }).waitFor();
        assert.equal(page.url(), `${pages.site}/host`, "nothing stays in the address");
        await screen.getByText(say[`sorry.${reason}`]).waitFor();
        // Whoever stopped has no fault to look up.
        const isFault = reason !== "login_cancelled";
        assert.deepEqual([await screen.locator(".badge").count(), await screen.getByText(say["sorry.ref"]).count()], isFault ? [1, 1] : [0, 0]);
        if (isFault) assert.match(await screen.locator(".ref b").innerText(), /^[0-9A-HJKMNP-TV-Z]{8}$/);
        await picture(page, `${name}-${lang}`);
        await page.unrouteAll();
        // Who is forgotten at the login page is asked again.
        await context.clearCookies({ name: /^_/ });
        await screen.getByRole("button", { name: say["sorry.login"], exact: true }).press("Enter");
        await page.getByRole("button", { name: /Lea Example/ }).waitFor();
      });
    }
    await t.test("after a missing cookie: a page with a number that leads back", async () => {
      await context.clearCookies({ name: /^__Host-hs_flow_/ });
      await finish(page);
      assert.match(await page.locator("code").innerText(), /^[0-9A-HJKMNP-TV-Z]{8}$/);
      await picture(page, `missing-cookie-${lang}`);
      await page.getByRole("link").click();
      await context.clearCookies({ name: /^_(?!_)/ });
      await screen.getByRole("button", { name: say["login.start"] }).press("Enter");
      await page.getByRole("button", { name: /Lea Example/ }).waitFor();
    });
    await t.test("and to the answers, which are kept", async () => {
      await page.getByRole("button", { name: "Cancel" }).click();
      await screen.getByRole("button", { name: say["sorry.back"] }).press("Enter");
      assert.equal(await screen.locator(".choice").first().getByRole("radio").isChecked(), true, "the answer is kept");
      await screen.getByRole("button", { name: say.next, exact: true }).press("Enter");
      await screen.getByRole("button", { name: say["login.start"] }).press("Enter");
      await finish(page);
      await screen.getByRole("textbox").first().waitFor();
    });
    assert.deepEqual(faults, []);
    await context.close();
  });

  test(`a state that is nobody's, in ${lang}`, async () => {
    const { context, page } = await pages.all.visitor({ locale: lang });
    await page.goto(`${pages.worker}/oauth/callback?code=x&state=nobodys`);
    const titles = { en: "This did not work", fr: "Cela n’a pas marché", nl: "Dat lukte niet" };
    await page.getByRole("heading", { name: titles[/** @type {"en" | "fr" | "nl"} */ (lang)] }).waitFor();
    assert.equal(await page.locator("html").getAttribute("lang"), lang);
    assert.match(await page.locator("code").innerText(), /^[0-9A-HJKMNP-TV-Z]{8}$/);
    await picture(page, `nobodys-${lang}`);
    await context.close();
  });
}

test("the back button from the login page, a double click there, a reload and a replay all end at the form", async () => {
  const { context, page, screen } = await visit("en", en);
  await page.goBack();
  const start = screen.getByRole("button", { name: en["login.start"] });
  await start.waitFor();
  await picture(page, "back-button-en");
  let starts = 0;
  page.on("request", (request) => (starts += request.url().includes("/oauth/start") ? 1 : 0));
  await click(start, { clickCount: 2 });
  await page.getByRole("button", { name: /Lea Example/ }).waitFor();
  assert.equal(starts, 1, "one login, however often the button is pressed");
  let callback = "";
  page.on("request", (request) => (callback = request.url().includes("/oauth/callback?") ? request.url() : callback));
  await finish(page);
  const form = screen.getByRole("heading", { name: "Almost there, Lea" });
  await form.waitFor();
  await page.reload();
  await form.waitFor();
  assert.ok(callback);
  await page.goto(callback);
  await form.waitFor();
  assert.equal(page.url(), `${pages.site}/host`);
  await screen.getByRole("button", { name: "Take part" }).press("Enter");
  await screen.getByRole("heading", { name: "Thank you, Lea!" }).waitFor();
  await page.goto(callback);
  await screen.getByRole("heading", { name: "Thank you, Lea!" }).waitFor();
  await context.close();
});
