// A participant with a mouse and bad luck, in a real Chromium: no network at each click that needs one, two tabs, and a ticket
// that is opened twice. Nothing that was entered is lost, and every screen has a way on.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { click } from "../support/browser/hands.mjs";
import { CONTAINER, openHostPages } from "../support/browser/host_page.mjs";
import { signInAtProvider } from "../support/browser/visit.mjs";
import { REPEATS } from "../support/repeats.mjs";
import "../support/patience.mjs";

/** @type {Awaited<ReturnType<typeof openHostPages>>} */
let pages;
before(async () => {
  pages = await openHostPages();
  const { document, all } = pages;
  const questions = [{ id: "colour", text: { en: "Which colour?" }, choices: ["Red", "Blue"].map((text, at) => ({ id: `c${at}`, text: { en: text } })) }];
  const fields = [{ name: "firstname", type: "text", required: true }, { name: "size", type: "select", choices: [{ id: "s", text: { en: "Small" } }] }];
  const optins = [{ name: "rules", required: true, wording: { en: "I accept the rules." } }];
  Object.assign(document.campaigns, {
    700001: { signIn: ["anonymous"], questions, fields, optins },
    700002: { signIn: ["oauth"], limit: {}, questions, fields, optins },
    700003: { signIn: ["token"], questions: [], fields, optins: [] },
  });
  const put = await all.demo.operator.call("PUT", "/v1/accounts/demo", document);
  assert.equal(put.status, 200, JSON.stringify(put.body));
});
after(() => pages?.close());

/** @param {string} campaign */
const visit = (campaign) => pages.hostPage({ body: CONTAINER.replace("100001", campaign) });

/** Each screen leads on: it has something to press, or a link. @param {import("../support/browser/visit.mjs").Screen} screen */
async function hasWayOn(screen) {
  await screen.locator("main button:visible, main a:visible, footer button:visible").first().waitFor();
}

/** Answers the question by mouse. @param {import("../support/browser/visit.mjs").Screen} screen */
async function answer(screen) {
  await click(screen.getByRole("button", { name: "Start" }));
  await click(screen.getByText("Blue"));
  await click(screen.getByRole("button", { name: "Next" }));
}

test("offline when the form is sent: it says so, keeps every value, and is recorded once when the network is back", async () => {
  const { context, screen } = await visit("700001");
  await answer(screen);
  await click(screen.getByRole("textbox", { name: "First name" }));
  await screen.getByRole("textbox", { name: "First name" }).pressSequentially("Zoë");
  await screen.locator("#field-size").selectOption("s");
  await click(screen.getByText("I accept the rules."));
  await context.setOffline(true);
  await click(screen.getByRole("button", { name: "Take part" }));
  await screen.locator(".summary:not(:empty)").waitFor();
  await hasWayOn(screen);
  assert.equal(await screen.getByRole("textbox", { name: "First name" }).inputValue(), "Zoë");
  assert.equal(await screen.locator("#optin-rules").isChecked(), true);
  await context.setOffline(false);
  await click(screen.getByRole("button", { name: "Take part" }));
  await screen.locator(".exit").waitFor();
  await hasWayOnAfterThanks(screen);
  await context.close();
});

/** The thanks are the end; they lead nowhere they need not. @param {import("../support/browser/visit.mjs").Screen} screen */
async function hasWayOnAfterThanks(screen) {
  await screen.getByText("Thank you").first().waitFor();
}

test("offline when the sign-in begins: the answers stay, and the same button goes on later", REPEATS, async () => {
  const { context, page, screen } = await visit("700002");
  await answer(screen);
  await context.setOffline(true);
  await click(screen.getByRole("button", { name: "Continue with your account" }));
  await screen.locator('[data-step="sorry"]').waitFor();
  await hasWayOn(screen);
  await context.setOffline(false);
  await click(screen.getByRole("button", { name: "Try again" }));
  await signInAtProvider(page);
  await screen.getByRole("textbox", { name: "First name" }).waitFor();
  await click(screen.getByRole("button", { name: "Back" }));
  assert.equal(await screen.getByRole("radio", { name: "Blue" }).isChecked(), true);
  await context.close();
});

test("the same person in two tabs: the second hears that the turn is used, and may go on to the site", REPEATS, async () => {
  const token = await pages.mint({ form: { firstname: "An" } }, "700003");
  const body = CONTAINER.replace("100001", "700003").replace("></div>", ` data-handstamp-token="${token}"></div>`);
  const [one, two] = [await pages.hostPage({ body }), await pages.hostPage({ body })];
  for (const { screen } of [one, two]) await click(screen.getByRole("button", { name: "Start" }));
  for (const { screen } of [one, two]) await screen.getByRole("button", { name: "Take part" }).waitFor();
  await click(one.screen.getByRole("button", { name: "Take part" }));
  await one.screen.locator(".exit").waitFor();
  await click(two.screen.getByRole("button", { name: "Take part" }));
  await two.screen.locator('[data-step="sorry"]').waitFor();
  await hasWayOn(two.screen);
  for (const { context } of [one, two]) await context.close();
});
