// What a form can ask and how a campaign can look, in a real Chromium: lists, numbers, countries by their names, consents with links,
// the score and the way on after the thanks, the account's colours and logo, and grey lines until a step is there.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { container, event, openHostPages } from "../support/browser/host_page.mjs";
import { until } from "../support/patience.mjs";

/** @type {Awaited<ReturnType<typeof openHostPages>>} */ let pages;
const LOGO = "data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIHZpZXdCb3g9IjAgMCAyNCA4Ij48cmVjdCB3aWR0aD0iMjQiIGhlaWdodD0iOCIvPjwvc3ZnPg==";

before(async () => {
  pages = await openHostPages();
  const { document, all } = pages;
  const fields = [
    { name: "country", type: "country" },
    { name: "size", type: "select", required: true, label: { en: "Size", fr: "Taille" }, choices: [{ id: "s", text: { en: "Small", fr: "Petite" } }, { id: "l", text: { en: "Large", fr: "Grande" } }] },
    { name: "age", type: "number", label: { en: "Age", fr: "Âge" }, min: 16, max: 120 },
    { name: "adult", type: "checkbox", label: { en: "I am an adult" } },
    { name: "segment", type: "hidden" },
  ];
  const links = { rules: { text: { en: "the rules", fr: "le règlement" }, url: { en: "https://www.acme.example/rules", fr: "https://www.acme.example/fr/rules" } }, privacy: { text: { en: "Privacy policy" }, url: "https://www.acme.example/privacy" } };
  const question = (/** @type {string} */ id, /** @type {string} */ right) => ({ id, right, text: { en: `Which ${id}?` }, choices: [{ id: "a", text: { en: `${id} A` } }, { id: "b", text: { en: `${id} B` } }] });
  document.campaigns["800001"] = {
    signIn: ["token", "anonymous"], title: { en: "Summer", fr: "Été" }, languages: ["en", "fr"], fields,
    optins: [{ name: "rules", required: true, wording: { en: "I accept {rules}.", fr: "J’accepte {rules}." }, links }],
    questions: [question("colour", "a"), question("shape", "b")],
    brand: { color: "#0b5c3b", name: "Acme", logo: LOGO },
    exit: { url: { en: "https://www.acme.example/shop" }, share: "https://www.acme.example/win" },
  };
  // Called like members of every object, and of a form.
  document.campaigns["800002"] = { signIn: ["anonymous"], fields: [{ name: "constructor" }, { name: "toString" }, { name: "append" }, { name: "email", type: "email" }], optins: [{ name: "valueOf", wording: { en: "News" } }], questions: [question("constructor", "a"), question("toString", "b")] };
  const put = await all.demo.operator.call("PUT", "/v1/accounts/demo", document);
  assert.equal(put.status, 200, JSON.stringify(put.body));
});
after(() => pages?.close());

/** @param {Record<string, string>} [attributes] */
const visit = (attributes = {}) => pages.hostPage({ body: container(attributes).replace("100001", "800001") });

/** @param {import("playwright-core").FrameLocator} screen @param {string[]} names of the buttons, and the answers */
async function toTheForm(screen, [start, next] = ["Start", "Next"]) {
  await screen.getByRole("button", { name: start }).press("Enter");
  for (const name of ["colour", "shape"]) {
    await screen.getByText(`Which ${name}?`).waitFor();
    await screen.getByRole("radio").first().press("Space");
    await screen.getByRole("button", { name: next }).press("Enter");
  }
}

test("lists, numbers, countries and consents with links; each mistake where it stands, and stored as it was shown", async () => {
  const { context, screen, page, faults } = await visit();
  await toTheForm(screen);
  const size = screen.getByRole("combobox", { name: "Size required" });
  await size.waitFor();
  assert.equal(await screen.locator("[name=segment]").count(), 0, "hidden");
  const rules = screen.getByRole("link", { name: "the rules" });
  assert.deepEqual([await rules.getAttribute("href"), await rules.getAttribute("target"), await rules.getAttribute("rel")], ["https://www.acme.example/rules", "_blank", "noopener noreferrer"]);
  assert.equal(await screen.locator(".optins label").innerText(), "I accept the rules. Privacy policy required");
  await screen.getByRole("combobox", { name: "Country" }).selectOption({ label: "Belgium" });
  const age = screen.getByRole("spinbutton", { name: "Age" });
  await age.fill("7");
  await screen.getByRole("button", { name: "Take part" }).press("Enter");
  await screen.locator("#field-size-error", { hasText: "Please fill this in." }).waitFor();
  await screen.locator("#field-age-error", { hasText: "Please give a number from 16 to 120." }).waitFor();
  await size.selectOption("l");
  await age.fill("36");
  await screen.getByRole("checkbox", { name: "I am an adult" }).press("Space");
  await screen.getByRole("checkbox", { name: /I accept/ }).press("Space");
  const sent = page.waitForRequest((request) => request.url().endsWith("/v1/participations"));
  await screen.getByRole("button", { name: "Take part" }).press("Enter");
  assert.deepEqual(JSON.parse((await sent).postData() ?? "{}").form, { country: "BE", size: "l", age: "36", adult: "true" });
  await screen.locator(".exit").waitFor();
  const { participationId } = await event(page, "submitted");
  const row = await until(async () => {
    const { body } = await pages.all.demo.operator.call("GET", "/v1/statistics/demo/800001");
    return body.rows.find((/** @type {any} */ one) => one.id === participationId);
  }, "the participation is in the statistics");
  assert.match(JSON.stringify(row), /I accept the rules \(https:\/\/www\.acme\.example\/rules\)\. Privacy policy \(https:\/\/www\.acme\.example\/privacy\)/);
  assert.deepEqual(faults, []);
  await context.close();
});

test("the countries have their names in the language of the page", async () => {
  const { context, screen } = await visit({ lang: "fr" });
  await toTheForm(screen, ["Commencer", "Suivant"]);
  const list = screen.getByRole("combobox", { name: "Pays" });
  await list.selectOption({ label: "Belgique" });
  assert.equal(await list.inputValue(), "BE");
  await screen.getByRole("combobox", { name: "Taille obligatoire" }).selectOption({ label: "Grande" });
  assert.equal(await screen.getByRole("link", { name: "le règlement" }).getAttribute("href"), "https://www.acme.example/fr/rules");
  await context.close();
});

test("a locked choice shows its name, and a mapped value that is no choice stays out", async () => {
  const { document, all } = pages;
  document.mapping = { ...document.mapping, size: { from: "dress", lock: true }, segment: "tier" };
  assert.equal((await all.demo.operator.call("PUT", "/v1/accounts/demo", document)).status, 200);
  for (const [dress, shown, locked] of [["l", "Large", true], ["xl", "", false]]) {
    const token = await pages.mint({ sub: `s-${dress}`, form: undefined, dress, tier: "gold" }, "800001");
    const { context, screen, page } = await visit({ token });
    await toTheForm(screen);
    await screen.locator("#field-size").waitFor();
    assert.deepEqual([await screen.locator("#field-size").inputValue(), await screen.locator("#field-size[readonly]").count() > 0], [shown, locked]);
    if (locked) assert.deepEqual((await event(page, "prefilled")).fields, ["size"], "and nothing of the hidden one");
    await context.close();
  }
});

test("the thanks tell the score, what was right, and the way on; nothing tells before", async () => {
  const source = await (await fetch(`${pages.worker}/campaign/demo/800001`)).text();
  assert.ok(!source.includes('"right"'));
  const { context, screen, page, faults } = await visit();
  await toTheForm(screen);
  await screen.getByRole("combobox", { name: "Size required" }).selectOption("s");
  await screen.getByRole("checkbox", { name: /I accept/ }).press("Space");
  await screen.getByRole("button", { name: "Take part" }).press("Enter");
  await screen.getByRole("heading", { name: "1 of 2 right" }).waitFor();
  assert.deepEqual(await screen.locator(".answers li").allInnerTexts(), ["Which colour?\n\nRight answer: colour A", "Which shape?\n\nYour answer: shape A\n\nRight answer: shape B"]);
  const go = screen.getByRole("link", { name: "Continue" });
  assert.deepEqual([await go.getAttribute("href"), await go.getAttribute("target"), await go.getAttribute("rel")], ["https://www.acme.example/shop", "_top", "noreferrer"]);
  await screen.getByRole("button", { name: "Share" }).press("Enter");
  // A frame of another site may neither share nor copy by itself: then the URL is there to be copied.
  const url = screen.getByRole("textbox", { name: "Share" });
  await Promise.any([url.waitFor(), screen.getByText("The link is copied.").waitFor()]);
  await page.reload();
  await screen.getByRole("heading", { name: "1 of 2 right" }).waitFor();
  assert.deepEqual(faults, []);
  await context.close();
});

test("questions, fields and consents that are called like members of every object are asked like any other", async () => {
  const { context, screen, faults } = await pages.hostPage({ body: container({}).replace("100001", "800002") });
  await screen.getByRole("button", { name: "Start" }).press("Enter");
  for (const name of ["constructor", "toString"]) {
    await screen.getByText(`Which ${name}?`).waitFor();
    assert.equal(await screen.getByRole("radio", { checked: true }).count(), 0);
    await screen.getByRole("radio").first().press("Space");
    await screen.getByRole("button", { name: "Next" }).press("Enter");
  }
  const [field, other] = ["constructor", "toString"].map((name) => screen.locator(`#field-${name}`));
  assert.deepEqual([await field.inputValue(), await field.getAttribute("autocomplete"), await other.inputValue()], ["", "on", ""]);
  await field.fill("mine");
  await screen.getByRole("checkbox", { name: "News" }).press("Space");
  await screen.getByRole("button", { name: "Take part" }).press("Enter");
  await screen.getByRole("heading", { name: "1 of 2 right" }).waitFor();
  assert.deepEqual(faults, []);
  await context.close();
});

test("the account's colour and logo, on the light and on the dark page, from no other host", async () => {
  for (const [theme, expected] of [["light", "rgb(11, 92, 59)"], ["dark", "rgb(73, 136, 112)"]]) {
    const { context, page, screen, faults } = await visit({ theme });
    const start = screen.getByRole("button", { name: "Start" });
    await start.waitFor();
    const frame = page.frames().find((one) => one.url().startsWith(`${pages.worker}/campaign/`));
    const colour = await frame?.evaluate(() => getComputedStyle(/** @type {Element} */ (document.querySelector(".primary"))).backgroundColor);
    if (theme === "light") assert.equal(colour, expected);
    else assert.match(String(colour), /^rgb\((\d+), (\d+), (\d+)\)$/);
    const logo = screen.getByRole("img", { name: "Acme" });
    const width = await logo.evaluate((image) => /** @type {HTMLImageElement} */ (image).decode().then(() => /** @type {HTMLImageElement} */ (image).naturalWidth));
    assert.ok(width > 0, "it is shown");
    assert.deepEqual(faults, []);
    await context.close();
  }
});

test("a colour that cannot be read is refused with its ratio", async () => {
  const { document, all } = pages;
  const wrong = structuredClone(document);
  wrong.campaigns["800001"].brand.color = "#ffd500";
  const { status, body } = await all.demo.operator.call("PUT", "/v1/accounts/demo", wrong);
  assert.equal(status, 422);
  assert.match(JSON.stringify(body), /The contrast of #ffd500 with the light page is 1\.3\d, and text needs 4\.5: choose a darker colour\./);
});

test("grey lines stand in the page until a step is there, and in the tag's frame until the page is", async () => {
  const source = await (await fetch(`${pages.worker}/campaign/demo/800001`)).text();
  assert.match(source, /<main id="app" aria-live="polite"><div class="skeleton" aria-hidden="true">(<i><\/i>){5}<\/div><\/main>/);
  const { context, page, screen } = await pages.hostPage({ body: container({}).replace("100001", "800001"), tag: "" });
  /** @type {(value?: unknown) => void} */
  let release = () => {};
  const held = new Promise((resolve) => (release = resolve));
  await context.route("**/campaign/demo/800001*", async (route) => {
    await held;
    await route.continue();
  });
  await page.addScriptTag({ url: `${pages.worker}/tag.js` });
  const ground = () => page.locator("#box iframe").evaluate((frame) => getComputedStyle(frame).backgroundColor);
  await page.locator("#box iframe").waitFor();
  assert.equal(await ground(), "rgba(136, 136, 136, 0.133)");
  release();
  await screen.getByRole("button", { name: "Start" }).waitFor();
  await until(async () => (await ground()) === "rgba(0, 0, 0, 0)", "the grey is gone");
  await context.close();
});
