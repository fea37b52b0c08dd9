// A form that is sent by itself (`form: submit`), in a real Chromium: only after a gesture in this frame, with every
// required field valid and no consent left to ask for. Where one of the three is missing the form is shown, and waits.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { listen } from "../../../demo/addresses.mjs";
import { statisticsOnce } from "../../../demo/check/statistics.mjs";
import { claimsFor, signShared } from "../../../demo/site/tokens.mjs";
import { click } from "../support/browser/hands.mjs";
import { openEverything, signInAtProvider } from "../support/browser/visit.mjs";
import { pause } from "../support/patience.mjs";

/** @typedef {import("playwright-core").FrameLocator} FrameLocator */

/** @type {Awaited<ReturnType<typeof openEverything>>} */
let all;
/** The customer's second site. @type {Awaited<ReturnType<typeof listen>>} */
let second;
let site = "";

const optins = [{ name: "news", wording: { en: "Send me news" } }];
const question = { id: "colour", text: { en: "Which?" }, choices: [{ id: "red", text: { en: "Red" } }, { id: "blue", text: { en: "Blue" } }] };

before(async () => {
  [all, second] = await Promise.all([openEverything(), listen(0)]);
  site = `http://localhost:${second.port}`;
  const { operator } = all.demo;
  const { document } = (await operator.call("GET", "/v1/accounts/demo")).body;
  document.origins.push(site);
  const fields = document.campaigns["100001"].fields.slice(0, 3);
  const quick = { form: "submit", fields, limit: {} };
  Object.assign(document.campaigns, {
    300001: { ...quick, signIn: ["oauth"], login: "redirect" },
    300002: { ...quick, signIn: ["oauth"], login: "redirect", optins },
    300003: { ...quick, signIn: ["oauth"], login: "redirect", fields: [...fields, { name: "nickname", type: "text", required: true }] },
    300004: { ...quick, signIn: ["token"], optins, questions: [question] },
    300005: { ...quick, signIn: ["oauth"] },
    300006: { ...quick, signIn: ["token", "oauth"], questions: [question] },
  });
  const put = await operator.call("PUT", "/v1/accounts/demo", document);
  assert.equal(put.status, 200, JSON.stringify(put.body));
});
after(async () => {
  await second?.close();
  await all?.close();
});

/** A page of the second site with that campaign. @param {string} campaign @param {string} [token] */
async function visit(campaign, token) {
  const visitor = await all.visitor();
  const html = `<!doctype html><html lang="en"><title>Host</title>
    <div id="box" data-handstamp-account="demo" data-handstamp-campaign="${campaign}"${token ? ` data-handstamp-token="${token}"` : ""}></div>
    <script async src="${all.demo.addresses.worker}/tag.js"></script>`;
  second.answerWith((_, response) => response.writeHead(200, { "content-type": "text/html" }).end(html));
  await visitor.page.goto(`${site}/host`);
  return { ...visitor, screen: visitor.page.frameLocator("#box iframe") };
}

/** @param {string} campaign */
const counted = async (campaign) => (await all.demo.operator.statistics("demo", campaign)).participations;

/** The form is there, filled, and nothing was sent. @param {FrameLocator} screen @param {string} campaign */
async function isShown(screen, campaign) {
  const send = screen.getByRole("button", { name: "Take part" });
  await send.waitFor();
  assert.equal(await screen.getByRole("textbox", { name: "First name" }).inputValue(), "Lea");
  await pause(400);
  assert.equal(await send.isVisible(), true, "the form waits");
  assert.equal(await counted(campaign), 0);
  return send;
}

test("after a gesture, with a complete form and nothing to ask, it is sent unseen", async () => {
  const { context, page, screen } = await visit("300001");
  await click(screen.getByRole("button", { name: "Start" }));
  await signInAtProvider(page);
  await screen.getByRole("heading", { name: "Thank you, Lea!" }).waitFor();
  // Another test counts from here.
  assert.equal(await statisticsOnce(all.demo.operator, "demo", "300001", 1), 1);
  await context.close();
});

test("the button of the login is a gesture as well", async () => {
  const { context, page, screen } = await visit("300005");
  await screen.getByRole("button", { name: "Start" }).press("Enter");
  await screen.getByRole("button", { name: "Continue with your account" }).press("Enter");
  await signInAtProvider(page);
  await screen.getByRole("heading", { name: "Thank you, Lea!" }).waitFor();
  await context.close();
});

test("a login that began by itself, at a reload, leads to the form and no further", async () => {
  const { context, page, screen } = await visit("300001");
  const before = await counted("300001");
  await screen.getByRole("button", { name: "Start" }).press("Enter");
  await page.getByRole("button", { name: /Lea Example/ }).waitFor();
  // Back on the host page the campaign stands at its login, and goes there without being asked.
  await page.goto(`${site}/host`);
  await page.waitForURL(/\/interaction\//);
  await signInAtProvider(page);
  const send = screen.getByRole("button", { name: "Take part" });
  await send.waitFor();
  await pause(400);
  assert.equal(await send.isVisible(), true);
  assert.equal(await counted("300001"), before);
  await send.press("Enter");
  await screen.getByRole("heading", { name: "Thank you, Lea!" }).waitFor();
  await context.close();
});

test("a stranger's link with a ticket sends nothing: the participant goes on at the question where they were", async () => {
  const token = await signShared(claimsFor("300006"), all.demo.secrets.tokenKey);
  const { context, page, screen } = await visit("300006", token);
  await screen.getByRole("button", { name: "Start" }).press("Enter");
  await screen.getByText("Which?").waitFor();
  for (const ticket of ["A".repeat(43), "short"]) {
    await page.goto("about:blank");
    await page.goto(`${site}/host#handstamp=${ticket}`);
    await screen.getByText("Which?").waitFor();
    // Long enough for a form that sends itself: the page has nothing left to wait for.
    await page.waitForLoadState("networkidle");
    assert.equal(await screen.getByText("Which?").isVisible(), true, "the question waits");
    assert.equal(await counted("300006"), 0);
  }
  await screen.getByRole("radio").first().press("Space");
  await screen.getByRole("button", { name: "Next" }).press("Enter");
  await screen.getByRole("heading", { name: "Thank you, Lea!" }).waitFor();
  await context.close();
});

test("an opt-in that was not agreed to is shown first", async () => {
  const { context, page, screen } = await visit("300002");
  await screen.getByRole("button", { name: "Start" }).press("Enter");
  await signInAtProvider(page);
  const send = await isShown(screen, "300002");
  assert.equal(await screen.getByRole("checkbox").isChecked(), false);
  await send.press("Enter");
  await screen.getByRole("heading", { name: "Thank you, Lea!" }).waitFor();
  await context.close();
});

test("a required field that is empty is shown first", async () => {
  const { context, page, screen } = await visit("300003");
  await screen.getByRole("button", { name: "Start" }).press("Enter");
  await signInAtProvider(page);
  const send = await isShown(screen, "300003");
  await screen.getByRole("textbox", { name: "Nickname" }).fill("Lili");
  await send.press("Enter");
  await screen.getByRole("heading", { name: "Thank you, Lea!" }).waitFor();
  await context.close();
});

test("with a token: consent that is given and a choice that is made are enough; a reload at the form sends nothing", async () => {
  const mint = (/** @type {Record<string, unknown>} */ claims) => signShared(claimsFor("300004", claims), all.demo.secrets.tokenKey);
  const play = async (/** @type {FrameLocator} */ screen) => {
    await screen.getByRole("button", { name: "Start" }).press("Enter");
    await screen.getByRole("radio").first().press("Space");
    await screen.getByRole("button", { name: "Next" }).press("Enter");
  };
  const unasked = await visit("300004", await mint({ sub: "unasked", optin: {} }));
  await play(unasked.screen);
  await isShown(unasked.screen, "300004");
  const kept = unasked.page.waitForResponse((response) => response.url().includes("/v1/token/admit"));
  await unasked.page.reload();
  await kept;
  await isShown(unasked.screen, "300004");
  await unasked.context.close();

  const agreed = await visit("300004", await mint({ sub: "agreed", optin: { news: true } }));
  await play(agreed.screen);
  await agreed.screen.getByRole("heading", { name: "Thank you, Lea!" }).waitFor();
  await agreed.context.close();
});
