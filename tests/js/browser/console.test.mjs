// The console in Chromium: a person comes by an invitation, makes a passkey, comes again with it, invites others and loses a
// session without losing what they typed.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { empty, open } from "../support/browser/chromium.mjs";
import { lookAt, window } from "../support/browser/looked_at.mjs";
import { withPasskeys } from "../support/browser/passkeys.mjs";
import { customer, form } from "../support/worker/customer.mjs";
import { Deployment, random } from "../support/worker/deployment.mjs";
import "../support/patience.mjs";

/** @type {Deployment} */ let worker;
/** @type {import("playwright-core").Browser} */ let browser;

before(async () => {
  [worker, browser] = await Promise.all([Deployment.start(), open()]);
  Object.assign(acme.document.campaigns["100001"].questions[0], { right: "red" });
  acme.document.campaigns["100001"].fields[1].label = { en: "First name", fr: "Prénom", nl: "Voornaam" };
  await worker.account(acme.document, acme.secrets);
});
after(async () => {
  await empty();
  await worker.stop();
});

const acme = customer("acme");

/** @param {string} role */
async function invitation(role, name = "An Example") {
  const { body } = await worker.post("/v1/accounts/acme/invitations", { role, name }, await worker.bearer());
  return body.link;
}

test("an owner comes by an invitation, invites a colleague, and comes again by passkey", async () => {
  const { page, faults } = await window(browser);
  await withPasskeys(page);
  await page.goto(await invitation("owner"));
  await page.getByRole("button", { name: "Make my passkey" }).waitFor();
  assert.equal(new URL(page.url()).hash, "", "the secret is not left in the address bar");
  await lookAt(page, "console-invitation");
  await page.getByRole("button", { name: "Make my passkey" }).click();
  await page.getByRole("link", { name: "People" }).click();
  await page.getByLabel("Name").fill("Bo Colleague");
  await page.getByLabel("Role").selectOption("support");
  await page.getByRole("button", { name: "Invite", exact: true }).click();
  await page.getByText("The invitation of Bo Colleague is ready").waitFor();
  await lookAt(page, "console-people");

  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("button", { name: "Sign in with a passkey" }).waitFor();
  await lookAt(page, "console-sign-in", { brief: true });
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await page.getByRole("link", { name: "People" }).click();

  // The session ends elsewhere while somebody types.
  await page.getByLabel("Name").fill("Typed before");
  await page.context().clearCookies();
  await page.getByRole("button", { name: "Invite", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Sign in with a passkey" }).click();
  await page.getByText("The invitation of Typed before is ready").waitFor();
  assert.deepEqual(faults.filter((fault) => !/status of 401/.test(fault)), []);
});

test("an invitation that is used says whom to ask, and an account's console without one asks for the passkey", async () => {
  const { page } = await window(browser);
  await withPasskeys(page);
  const link = await invitation("support");
  await page.goto(link);
  await page.getByRole("button", { name: "Make my passkey" }).click();
  await page.getByText("An Example, support").waitFor();
  const other = await window(browser);
  await withPasskeys(other.page);
  await other.page.goto(link);
  await other.page.getByText("Ask the person who invited you for a new one").waitFor();
  await lookAt(other.page, "console-used", { brief: true });
  await other.page.getByRole("link", { name: "Sign in with it" }).click();
  await other.page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await other.page.getByText("No passkey was used").waitFor();
  await other.page.goto(`${new URL(link).origin}/console/`);
  await other.page.getByLabel("Account").fill("acme");
  await other.page.keyboard.press("Enter");
  await other.page.getByRole("heading", { name: "Console of acme" }).waitFor();
});

test("a manager makes a link that shows the campaign to a person of choice, and sees each mistake at its field", async () => {
  const { page } = await window(browser);
  await withPasskeys(page);
  await page.goto(await invitation("manager"));
  await page.getByRole("button", { name: "Make my passkey" }).click();
  await page.getByRole("heading", { name: "Try a campaign out" }).waitFor();
  assert.equal(await page.getByRole("link", { name: "Statistics" }).getAttribute("href"), "#statistics");
  const claims = page.getByLabel("Claims");
  await claims.fill("{ form }");
  await page.getByText("This is not valid JSON").waitFor();
  assert.ok(await page.getByRole("button", { name: "Make the link" }).isDisabled());
  await claims.fill('{ "form": { "firstname": "Ada" } }');
  await page.getByRole("button", { name: "Make the link" }).click();
  await page.getByText("Expected the person that the claims are of.").waitFor();
  await page.getByLabel("Participant").fill("tried");
  await page.getByLabel("Page with the tag").fill("https://elsewhere.example/");
  await page.getByRole("button", { name: "Make the link" }).click();
  await page.getByText("Expected the URL of a page at an origin of the account.").waitFor();
  await page.getByLabel("Page with the tag").fill("");
  await page.getByRole("button", { name: "Make the link" }).click();
  const open = page.getByRole("link", { name: "Open the preview" });
  await open.waitFor();
  await lookAt(page, "console-preview");
  await page.goto((await open.getAttribute("href")) ?? "");
  await page.getByText("Preview: not counted").waitFor();
});

test("a manager reads the statistics of a campaign by session, in three languages, and takes them along for Excel", async () => {
  await worker.get("/campaign/acme/100001");
  for (const [subject, colour] of [["p1", "red"], ["p2", "blue"]]) {
    const { body } = await worker.post("/v1/token/admit", { account: "acme", campaignId: "100001", token: await acme.sign({ sub: subject }) });
    const { status } = await worker.post("/v1/participations", { pass: body.pass, form: { ...form, firstname: "Zoë" }, answers: { colour }, optin: { news: colour === "red" }, lang: "en" }, { "idempotency-key": random(12) });
    assert.equal(status, 201);
  }
  await worker.statistics("acme", "100001", 2);
  const { page, faults } = await window(browser, { acceptDownloads: true, locale: "en-GB" });
  await withPasskeys(page);
  await page.goto(await invitation("manager"));
  await page.getByRole("button", { name: "Make my passkey" }).press("Enter");
  await page.getByRole("link", { name: "Statistics" }).press("Enter");
  await page.getByRole("cell", { name: "p1", exact: true }).waitFor();
  const text = await page.locator("#board").innerText();
  assert.match(text, /2\s+participations, since the start/);
  assert.match(text, /opened the campaign\s+\d+\s+100%\s+were admitted\s+2/);
  assert.match(await page.locator("#answers").innerText(), /Which colour\?\s+Red right answer\s+1\s+50%\s+Blue\s+1\s+50%/);
  assert.match(await page.locator("#consents").innerText(), /Send me news\s+news\s+1\s+1\s+50%/);
  await page.locator("#chart canvas").waitFor();
  await lookAt(page, "console-statistics");

  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Download for Excel" }).press("Enter")]);
  const csv = await readFile(await download.path(), "utf8");
  assert.match(csv, /^\uFEFFTime \(UTC\),Signed in by,Participant,.*First name/);
  assert.equal(csv.split(",Zoë,").length, 3, csv);
  for (const [lang, title, name] of [["fr", "Réponses", "Prénom"], ["nl", "Antwoorden", "Voornaam"]]) {
    await page.locator(".language select").selectOption(lang);
    await page.getByRole("heading", { name: title }).waitFor();
    await page.getByRole("columnheader", { name }).waitFor();
    await lookAt(page, `console-statistics-${lang}`, { brief: true });
  }
  assert.equal(new URL(page.url()).search, "?lang=nl");
  await page.getByLabel("Campagne").selectOption("100002");
  await page.getByText("Nog geen.").waitFor();
  assert.equal(new URL(page.url()).hash, "#statistics/100002");
  await page.reload();
  await page.getByText("Nog geen.").waitFor();
  assert.deepEqual(faults, []);
});

/** A person of a role, at a view of the console. @param {string} role @param {string} view */
async function at(role, view) {
  const { page, faults } = await window(browser);
  await withPasskeys(page);
  await page.goto(`${await invitation(role)}&view=${view}`);
  await page.getByRole("button", { name: "Make my passkey" }).click();
  return { page, faults };
}

test("keys are rotated by buttons: each step says when it is safe, and the changes say who", async () => {
  const { page, faults } = await at("setup", "keys");
  await page.getByRole("button", { name: "Add the next key" }).click();
  await page.getByText("is there as the next one").waitFor();
  assert.match(await page.locator(".copied code").innerText(), /^[\w-]{43}$/);
  const activate = page.getByRole("button", { name: "Make the next key active" });
  assert.ok(await activate.isDisabled(), "fifteen seconds have to pass");
  await page.getByText("Safe from").waitFor();
  await page.getByLabel(/The time has passed/).check();
  await activate.click();
  await page.getByRole("button", { name: "Drop the old key" }).waitFor();
  await page.getByText("How long tokens live is not known").waitFor();
  await lookAt(page, "console-keys");
  await page.getByLabel(/The time has passed/).check();
  await page.getByRole("button", { name: "Drop the old key" }).click();
  await page.getByRole("button", { name: "Add the next key" }).waitFor();
  assert.equal(await page.locator("table.cards tbody tr").count(), 1);
  assert.match(await page.getByRole("group", { name: "Changes" }).innerText(), /you\s+rotated drop, verify: version \d+/);
  assert.deepEqual(faults, []);
});

test("refusals are counted by code over time, each cause once, and a reference tells the whole story", async () => {
  for (const token of ["a.b.c", "a.b.c", ""]) await worker.post("/v1/token/admit", { account: "acme", campaignId: "100001", token });
  const { page, faults } = await at("support", "refusals");
  const table = page.getByRole("group", { name: "Refusals by code" });
  await table.getByText("× 2").waitFor();
  assert.match((await table.getByRole("img").first().getAttribute("aria-label")) ?? "", /^2 from /);
  await table.getByRole("button").first().click();
  await page.getByText("The participant saw").waitFor();
  assert.match(await page.locator("dl.facts").innerText(), /What happened[\s\S]*Who fixes it[\s\S]*How/);
  await lookAt(page, "console-refusals");
  assert.deepEqual(faults, []);
});

test("a pasted certificate and an own content key are taken, and an outage, a conflict and a fault keep what was typed", async () => {
  const { good } = JSON.parse(await readFile(new URL("../../vectors/python/keys.json", import.meta.url), "utf8"));
  const pem = (/** @type {string} */ name) => good.find((/** @type {{ case: string }} */ row) => row.case === name).pem;
  await worker.account({ account: "pasted", campaigns: { 1: { signIn: ["anonymous"] } } });
  const { body } = await worker.post("/v1/accounts/pasted/invitations", { role: "setup", name: "An Example" }, await worker.bearer());
  const { page, context } = await window(browser);
  await withPasskeys(page);
  await page.goto(body.link);
  await page.getByRole("button", { name: "Make my passkey" }).click();
  await page.getByRole("radio", { name: /^Public key/ }).check();
  await page.getByRole("textbox", { name: "Public key" }).fill(pem("RSA, certificate"));
  assert.equal(await page.getByLabel("Algorithm").inputValue(), "RS256");
  await page.getByRole("textbox", { name: "Public key" }).fill(pem("P-256, certificate"));
  await page.getByText("A certificate, whose key is for ES256.").waitFor();
  await page.getByLabel("Issuer").fill("com.example");
  await page.getByLabel("Encryption", { exact: true }).selectOption("require");
  await page.getByRole("radio", { name: /^Your own shared key/ }).check();
  await page.getByLabel("Key", { exact: true }).fill("dG9vIHNob3J0");
  await lookAt(page, "console-token-encryption");
  const save = page.getByRole("button", { name: "Save" });
  await context.route("**/v1/accounts/pasted", (route) => route.abort());
  await save.click();
  await page.getByText("The service could not be reached. Nothing is lost").waitFor();
  await context.unroute("**/v1/accounts/pasted");
  await save.click();
  await page.getByRole("alert").getByText("/secureToken/decrypt").waitFor();
  assert.deepEqual([await page.getByLabel("Issuer").inputValue(), await page.getByLabel("Key", { exact: true }).inputValue()], ["com.example", "dG9vIHNob3J0"], "what was typed is there");
  // Somebody else writes between the reading and the writing.
  let isFirst = true;
  await context.route("**/v1/accounts/pasted", async (route) => {
    if (route.request().method() === "PUT" && isFirst) {
      isFirst = false;
      await worker.account({ account: "pasted", returnPaths: ["/theirs"], campaigns: { 1: { signIn: ["anonymous"] } } });
    }
    await route.continue();
  });
  await page.getByLabel("Key", { exact: true }).fill(Buffer.alloc(32, 7).toString("base64url"));
  await save.click();
  await page.getByText("Saved: version 3").waitFor();
  const { body: kept } = await worker.read("/v1/accounts/pasted");
  assert.deepEqual([kept.document.returnPaths, kept.document.secureToken.issuer, kept.document.secureToken.decrypt[0].alg], [["/theirs"], "com.example", "A256KW"]);
  assert.ok(!JSON.stringify([kept, await page.content()]).includes(Buffer.alloc(32, 7).toString("base64url")), "written once");
});

test("an owner sends the sign-in page to the administrator of the identity provider", async () => {
  const { page } = await at("owner", "login");
  await page.getByLabel("Name of the administrator").fill("Ida Admin");
  await page.getByRole("button", { name: "Make the link" }).click();
  await page.getByText("The invitation of Ida Admin is ready").waitFor();
  const link = await page.locator(".notice .copied code").innerText();
  const other = await window(browser);
  await withPasskeys(other.page);
  await other.page.goto(link);
  await other.page.getByRole("button", { name: "Make my passkey" }).click();
  await other.page.getByRole("heading", { name: "Sign-in at your identity provider" }).waitFor();
  assert.equal(new URL(other.page.url()).hash, "#login");
  assert.equal(await other.page.getByLabel("Name of the administrator").count(), 0, "who is invited invites nobody");
});
