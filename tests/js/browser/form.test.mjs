// The form and the way through it, in a real Chromium: each mistake marked where it is, in sight and in focus; nothing
// typed is lost; the browser's own Back goes one step back; a reload after the thanks shows the thanks.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { CONTAINER, container, openHostPages } from "../support/browser/host_page.mjs";
import { PATIENCE_MS } from "../support/patience.mjs";

/** @typedef {import("playwright-core").FrameLocator} FrameLocator */

/** @type {Awaited<ReturnType<typeof openHostPages>>} */
let pages;
const question = (/** @type {string} */ id) => ({ id, text: { en: `Which ${id}?` }, choices: Array.from({ length: 6 }, (_, at) => ({ id: `c${at}`, text: { en: `${id} ${at}` } })) });

before(async () => {
  pages = await openHostPages();
  const { document, all } = pages;
  const fields = [{ name: "firstname", type: "text", required: true, label: { en: "First name" } }, { name: "city", type: "text", label: { en: "City" } }];
  const optins = [{ name: "rules", required: true, wording: { en: "I accept the rules" } }, { name: "news", wording: { en: "Send me news" } }];
  Object.assign(document.campaigns, {
    400001: { signIn: ["token", "anonymous"], fields, optins, questions: [question("colour"), question("shape")] },
    400002: { signIn: ["anonymous"], fields, optins },
    400003: { signIn: ["anonymous"], fields: [fields[1]], record: ["source", "duration", "step"] },
  });
  const put = await all.demo.operator.call("PUT", "/v1/accounts/demo", document);
  assert.equal(put.status, 200, JSON.stringify(put.body));
});
after(() => pages?.close());

/** @param {string} campaign @param {Record<string, string>} [attributes] */
const visit = (campaign, attributes = {}) => pages.hostPage({ body: container(attributes).replace("100001", campaign) });

/** @param {FrameLocator} screen */
async function toTheForm(screen) {
  await screen.getByRole("button", { name: "Start" }).press("Enter");
  for (const name of ["colour", "shape"]) {
    await screen.getByText(`Which ${name}?`).waitFor();
    await screen.getByRole("radio").first().press("Space");
    await screen.getByRole("button", { name: "Next" }).press("Enter");
  }
  await screen.getByRole("button", { name: "Take part" }).waitFor();
}

/** Presses the browser's Back: the entries of the frame come first. @param {import("playwright-core").Page} page */
const back = (page) => page.evaluate(() => history.back());

/** The id of what has the focus in the campaign. @param {FrameLocator} screen */
const focused = (screen) => screen.locator(":focus").getAttribute("id");

test("an opt-in that is needed is marked where it stands, takes the focus, and is sent once it is ticked", async () => {
  const { context, screen, faults } = await visit("400002");
  await screen.getByRole("button", { name: "Start" }).press("Enter");
  const rules = screen.getByRole("checkbox", { name: "I accept the rules required" });
  await screen.getByRole("textbox", { name: "First name required" }).fill("Zoë");
  await screen.getByRole("button", { name: "Take part" }).press("Enter");
  await screen.locator("#optin-rules-error", { hasText: "Please tick this box to go on." }).waitFor();
  assert.equal(await rules.getAttribute("aria-invalid"), "true");
  assert.equal(await focused(screen), "optin-rules");
  assert.equal(await screen.getByRole("alert").innerText(), "Please check the fields that are marked.");
  assert.equal(await screen.getByRole("checkbox", { name: "Send me news" }).getAttribute("required"), null);
  await rules.press("Space");
  assert.equal(await screen.locator("#optin-rules-error").innerText(), "");
  await screen.getByRole("button", { name: "Take part" }).press("Enter");
  await screen.getByRole("heading", { name: "Thank you, Zoë!" }).waitFor();
  assert.deepEqual(faults, []);
  await context.close();
});

test("a consent that the customer has already is not asked for, not missed, and recorded as given", async () => {
  const { context, page, screen } = await visit("400001", { token: await pages.mint({ campaignId: "400001", sub: "agreed", optin: { rules: true } }) });
  await toTheForm(screen);
  await screen.getByText("You already agreed: I accept the rules").waitFor();
  const sent = page.waitForRequest((request) => request.url().endsWith("/v1/participations"));
  await screen.getByRole("button", { name: "Take part" }).press("Enter");
  assert.deepEqual(JSON.parse((await sent).postData() ?? "{}").optin, { rules: true });
  await screen.locator(".exit").waitFor();
  await context.close();
});

test("an opt-in that became necessary after the page was loaded is marked by the service's answer", async () => {
  const { context, page, screen } = await visit("400002");
  await page.route("**/campaign/demo/400002**", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: (await response.text()).replace('"name":"rules","required":true', '"name":"rules","required":false') });
  });
  await page.reload();
  await screen.getByRole("button", { name: "Start" }).press("Enter");
  await screen.getByRole("textbox", { name: "First name" }).fill("Zoë");
  await screen.getByRole("button", { name: "Take part" }).press("Enter");
  await screen.locator("#optin-rules-error", { hasText: "Please check this value." }).waitFor();
  assert.equal(await focused(screen), "optin-rules");
  await context.close();
});

test("a field that the page does not know is said to be a changed form, with nothing lost", async () => {
  const { context, page, screen } = await visit("400002");
  await page.route("**/campaign/demo/400002**", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: (await response.text()).replace(/"optins":\[.*?\]/, '"optins":[]') });
  });
  await page.reload();
  await screen.getByRole("button", { name: "Start" }).press("Enter");
  await screen.getByRole("textbox", { name: "First name" }).fill("Zoë");
  await screen.getByRole("button", { name: "Take part" }).press("Enter");
  await screen.getByRole("alert").filter({ hasText: "The form has changed in the meantime." }).waitFor();
  await page.unrouteAll();
  await page.reload();
  assert.equal(await screen.getByRole("textbox", { name: "First name" }).inputValue(), "Zoë");
  await context.close();
});

test("Next without an answer says so in sight, however small the frame", async () => {
  const { context, page, screen } = await visit("400001", { layout: "fill" });
  await page.addStyleTag({ content: "#box { width: 296px; height: 320px } #box iframe { height: 320px }" });
  await screen.getByRole("button", { name: "Start" }).press("Enter");
  await screen.getByRole("button", { name: "Next" }).press("Enter");
  const said = screen.getByRole("alert").filter({ hasText: "Choose one answer to go on." });
  await said.waitFor();
  const inSight = await said.evaluate((node) => {
    const box = node.getBoundingClientRect();
    return document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2) === node;
  });
  assert.equal(inSight, true, "nothing lies over the sentence, and it is inside the frame");
  assert.equal(await screen.getByRole("button", { name: "Next" }).evaluate((node) => node.getBoundingClientRect().bottom <= innerHeight), true);
  await context.close();
});

test("a double click presses once: the step after shows no mistake, and none is skipped", async () => {
  const { context, page } = await pages.all.visitor();
  await page.goto(`${pages.worker}/campaign/demo/400001`);
  await page.getByRole("button", { name: "Start" }).dblclick();
  for (const name of ["colour", "shape"]) {
    await page.getByText(`Which ${name}?`).waitFor();
    assert.equal(await page.getByRole("alert").count(), 0);
    await page.locator(".choice").first().click();
    await page.getByRole("button", { name: "Next" }).dblclick();
  }
  await page.getByRole("button", { name: "Take part" }).waitFor();
  await context.close();
});

test("letters that were typed are there after a reload, in a window of its own at once", async () => {
  const { context, page } = await pages.all.visitor();
  await page.goto(`${pages.worker}/campaign/demo/400002`);
  await page.getByRole("button", { name: "Start" }).press("Enter");
  const city = page.getByRole("textbox", { name: "City" });
  await city.pressSequentially("Ghent");
  assert.equal(await page.locator(":focus").getAttribute("id"), "field-city", "the field was not left");
  await page.reload();
  await city.waitFor();
  assert.equal(await city.inputValue(), "Ghent");
  await context.close();
});

test("letters that were typed are there after a reload in a frame, to which the browser gives no storage, once the service has them", async () => {
  const { context, page, screen } = await visit("400002");
  await screen.getByRole("button", { name: "Start" }).press("Enter");
  const city = screen.getByRole("textbox", { name: "City" });
  const kept = page.waitForResponse((response) => response.url().endsWith("/v1/drafts") && (response.request().postData() ?? "").includes("Ghent"), { timeout: PATIENCE_MS });
  await city.pressSequentially("Ghent");
  assert.equal(await focused(screen), "field-city", "the field was not left");
  await kept;
  await page.reload();
  await city.waitFor();
  assert.equal(await city.inputValue(), "Ghent");
  await context.close();
});

test("letters that were typed in such a frame a moment before the reload are there too, also while an older draft is on its way", async () => {
  const { context, page, screen } = await visit("400002");
  await screen.getByRole("button", { name: "Start" }).press("Enter");
  const city = screen.getByRole("textbox", { name: "City" });
  await city.waitFor();
  /** @type {(value?: unknown) => void} */
  let release = () => {};
  const held = new Promise((resolve) => (release = resolve));
  await context.route("**/v1/drafts", async (route) => {
    const isOlder = (route.request().postData() ?? "").includes('"news":true') && !(route.request().postData() ?? "").includes("Ghent");
    if (isOlder) await held;
    await route.continue().catch(() => {});
  });
  await screen.getByRole("checkbox", { name: "Send me news" }).press("Space");
  await city.fill("Ghent");
  await page.reload();
  await city.waitFor();
  release();
  assert.equal(await city.inputValue(), "Ghent");
  await context.close();
});

test("the thanks are there after a reload in such a frame, also while an older draft is on its way", async () => {
  const { context, page, screen } = await visit("400002");
  await screen.getByRole("button", { name: "Start" }).press("Enter");
  /** @type {(value?: unknown) => void} */
  let release = () => {};
  const held = new Promise((resolve) => (release = resolve));
  await context.route("**/v1/drafts", async (route) => {
    // The draft of the form that is being sent.
    if ((route.request().postData() ?? "").includes('"sent":{')) await held;
    await route.continue().catch(() => {});
  });
  await screen.getByRole("textbox", { name: "First name" }).fill("Zoë");
  await screen.getByRole("checkbox", { name: "I accept the rules" }).press("Space");
  await screen.getByRole("button", { name: "Take part" }).press("Enter");
  const thanks = screen.getByRole("heading", { name: "Thank you, Zoë!" });
  await thanks.waitFor();
  await page.reload();
  await thanks.waitFor();
  release();
  await context.close();
});

test("the browser's Back goes one step back, Forward on again, and Back from the thanks leaves", async () => {
  const { context, page, screen } = await visit("400001", { token: await pages.mint({ campaignId: "400001" }) });
  const site = page.url();
  await page.goto("about:blank");
  await page.goto(site);
  await toTheForm(screen);
  await back(page);
  await screen.getByText("Which shape?").waitFor();
  assert.equal(await screen.getByRole("radio").first().isChecked(), true);
  await page.evaluate(() => history.forward());
  await screen.getByRole("button", { name: "Take part" }).waitFor();
  // The campaign's own button is not undone by Back: the step before is what a person wants.
  await screen.getByRole("button", { name: "Back" }).press("Enter");
  await screen.getByText("Which shape?").waitFor();
  await back(page);
  await screen.getByText("Which colour?").waitFor();
  await back(page);
  await screen.getByRole("button", { name: "Start" }).waitFor();
  await toTheForm(screen);
  await screen.getByRole("checkbox", { name: "I accept the rules" }).press("Space");
  await screen.getByRole("button", { name: "Take part" }).press("Enter");
  await screen.getByRole("heading", { name: /Thank you/ }).waitFor();
  await back(page);
  await page.waitForURL("about:blank");
  await context.close();
});

test("a reload after the thanks shows the thanks, though the page makes a token for each view; a new visit plays again", async () => {
  const { context, page, screen } = await pages.hostPage({ body: CONTAINER.replace("100001", "400001"), script: "window.handstampToken = () => window.mintToken?.() ?? ''" });
  await page.exposeFunction("mintToken", () => pages.mint({ campaignId: "400001", sub: "eve", jti: crypto.randomUUID(), limit: { nb: 3 } }));
  const site = page.url();
  await page.goto("about:blank");
  await page.goto(site);
  await toTheForm(screen);
  await screen.getByRole("checkbox", { name: "I accept the rules" }).press("Space");
  await screen.getByRole("button", { name: "Take part" }).press("Enter");
  await screen.getByRole("heading", { name: /Thank you/ }).waitFor();
  const admitted = page.waitForResponse((response) => response.url().endsWith("/v1/token/admit"));
  await page.reload();
  await admitted;
  await screen.getByRole("heading", { name: /Thank you/ }).waitFor();
  await page.goto("about:blank");
  await page.goto(site);
  await screen.getByRole("button", { name: "Start" }).waitFor();
  await context.close();
});

test("the page says where it stands, how long it took and from which step it was sent, as far as that is recorded", async () => {
  /** @param {import("playwright-core").Page} page @param {import("../support/browser/visit.mjs").Screen} screen */
  async function said(page, screen) {
    await screen.getByRole("button", { name: "Start" }).press("Enter");
    const sent = page.waitForRequest((request) => request.url().endsWith("/v1/participations"));
    await screen.getByRole("button", { name: "Take part" }).press("Enter");
    const { source, duration, step } = JSON.parse((await sent).postData() ?? "{}");
    assert.ok(Number.isInteger(duration) && duration >= 0, String(duration));
    await screen.locator(".exit").waitFor();
    await page.context().close();
    return [source, step];
  }
  const here = { origin: pages.site, path: "/host" };
  for (const kind of ["tag", "minisite"]) {
    const body = container(kind === "minisite" ? { layout: kind } : {}).replace("100001", "400003");
    const { page, screen } = await pages.hostPage({ body, path: "/host?mail=an@example.org#an" });
    assert.deepEqual(await said(page, screen), [{ kind, ...here }, "identityset"]);
  }
  for (const [kind, userAgent] of [["link", undefined], ["app", "Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 Instagram 300.0"]]) {
    const { page } = await pages.all.visitor({ userAgent });
    await page.goto(`${pages.worker}/campaign/demo/400003`);
    assert.deepEqual(await said(page, page), [{ kind }, "identityset"]);
  }
});

test("a guest is not told to be signed in, nor is somebody of whom nothing is known told that little is left", async () => {
  const guest = await visit("400002");
  await guest.screen.getByRole("button", { name: "Start" }).waitFor();
  assert.equal(await guest.screen.locator(".hello").count(), 0);
  await guest.context.close();
  const unknown = await visit("400001", { token: await pages.mint({ campaignId: "400001", form: {} }) });
  await unknown.screen.getByText("You are signed in.", { exact: true }).waitFor();
  await unknown.context.close();
});
