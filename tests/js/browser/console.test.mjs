// The console in Chromium: a person comes by an invitation, makes a passkey, comes again with it, invites others and loses a
// session without losing what they typed.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { empty, open } from "../support/browser/chromium.mjs";
import { lookAt, window } from "../support/browser/looked_at.mjs";
import { withPasskeys } from "../support/browser/passkeys.mjs";
import { customer, form } from "../support/worker/customer.mjs";
import { Deployment, random } from "../support/worker/deployment.mjs";
import { until } from "../support/patience.mjs";

/** @type {Deployment} */ let worker;
/** @type {import("playwright-core").Browser} */ let browser;

before(async () => {
  [worker, browser] = await Promise.all([Deployment.start(), open()]);
  Object.assign(acme.document.campaigns["100001"].questions[0], { right: "red" });
  acme.document.campaigns["100001"].record = ["subject", "custom", "gift", "limit", "source", "language", "duration", "step"];
  acme.document.campaigns["100001"].fields[1].label = { en: "First name", fr: "Prénom", nl: "Voornaam" };
  await worker.account(acme.document, acme.secrets);
});
after(async () => {
  await empty();
  await worker.stop();
});

const acme = customer("acme");

/** What the keyboard is at. @param {import("playwright-core").Page} page */
const focused = (page) => page.evaluate(() => document.activeElement?.textContent ?? "");

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
  await page.getByRole("link", { name: "Preview" }).click();
  await page.getByRole("heading", { name: "Try a campaign out" }).waitFor();
  assert.equal(await page.getByRole("navigation", { name: "Console" }).getByRole("link", { name: "Statistics" }).getAttribute("href"), "#statistics");
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

test("the guides know the account of the console: its URL, campaign and names of secrets stand in every program", async () => {
  const { page, faults } = await window(browser, { permissions: ["clipboard-read", "clipboard-write"] });
  await withPasskeys(page);
  await page.goto(`${worker.url}/guides/secure-token`);
  const command = page.getByLabel("Make a key and store it: Shell", { exact: true });
  assert.match(await command.innerText(), /"http:\/\/127\.0\.0\.1:\d+\/v1\/accounts\/your-account\/secrets\/TOKEN_KEY"/, "the URL is this site's for everybody");
  const { origin } = new URL(await invitation("setup"));
  await page.goto(`${origin}/console/acme`);
  await page.getByRole("button", { name: "Sign in with a passkey" }).waitFor();
  await page.goto(`${origin}/guides/secure-token`);
  await page.getByLabel("Your account").waitFor();
  assert.equal(await page.getByLabel("Your account").inputValue(), "", "a link to a console fills in nothing for those who are not signed in");
  await page.getByLabel("Your account").fill("Not a name");
  await page.keyboard.press("Enter");
  await page.getByText("The name of an account has lower-case letters").waitFor();

  await page.goto(await invitation("setup"));
  await page.getByRole("button", { name: "Make my passkey" }).click();
  await page.getByText("An Example, setup").waitFor();
  await page.getByRole("link", { name: "Guides" }).click();
  await page.waitForURL(/\/guides\/$/);
  await page.route(/console\/session/, (route) => route.abort());
  await page.getByRole("link", { name: "Secure token" }).first().click();
  await page.getByText("The service did not answer; choose “Fill in” to ask once more.").waitFor();
  await page.unroute(/console\/session/);
  await page.getByRole("button", { name: "Fill in" }).click();
  await page.getByText("Filled in from the account acme, with its campaign 100001.").waitFor();
  assert.match(await command.innerText(), new RegExp(`"${worker.url}/v1/accounts/acme/secrets/TOKEN_KEY"`));
  await page.getByRole("group", { name: "Sign a token" }).getByRole("radio", { name: "PHP" }).check();
  await page.getByRole("button", { name: "Copy: Sign a token: PHP" }).click();
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), /'campaignId' => '100001'/);
  await page.goto(`${new URL(page.url()).origin}/guides/encryption`);
  // The language stays chosen.
  await page.getByRole("radio", { name: "PHP", checked: true }).waitFor({ state: "attached" });
  await page.getByText("Filled in from the account acme").waitFor();
  await page.getByLabel("Your account").fill("");
  await page.getByRole("button", { name: "Fill in" }).click();
  await page.getByText("Nothing is filled in").waitFor();
  assert.deepEqual(faults.filter((fault) => !/status of 401|net::ERR_FAILED/.test(fault)), []);
});

test("a manager reads the statistics of a campaign by session, in three languages, and takes them along for Excel", async () => {
  await worker.get("/campaign/acme/100001");
  const said = { lang: "en", duration: 42, step: "identityset", source: { kind: "tag", origin: "http://localhost:8788", path: "/win" } };
  for (const [subject, colour] of [["p1", "red"], ["p2", "blue"]]) {
    const token = await acme.sign({ sub: subject, ...(subject === "p1" && { gift: { label: "A bike" }, custom: { club: "gold" }, limit: { nb: 3 } }) });
    const { body } = await worker.post("/v1/token/admit", { account: "acme", campaignId: "100001", token });
    const { status } = await worker.post("/v1/participations", { pass: body.pass, form: { ...form, firstname: "Zoë" }, answers: { colour }, optin: { news: colour === "red" }, ...said }, { "idempotency-key": random(12) });
    assert.equal(status, 201);
  }
  await worker.statistics("acme", "100001", 2);
  const { page, faults } = await window(browser, { acceptDownloads: true, locale: "en-GB" });
  await withPasskeys(page);
  await page.goto(await invitation("manager"));
  await page.getByRole("button", { name: "Make my passkey" }).press("Enter");
  await page.getByRole("navigation", { name: "Console" }).getByRole("link", { name: "Statistics" }).press("Enter");
  await page.getByRole("cell", { name: "p1", exact: true }).waitFor();
  const text = await page.locator("#board").innerText();
  assert.match(text, /2\s+participations, since the start/);
  assert.match(text, /opened the campaign\s+\d+\s+100%\s+were admitted\s+2/);
  assert.match(await page.locator("#answers").innerText(), /Which colour\?\s+Red right answer\s+1\s+50%\s+Blue\s+1\s+50%/);
  assert.match(await page.locator("#consents").innerText(), /Send me news\s+news\s+1\s+1\s+50%/);
  const row = page.getByRole("row").filter({ has: page.getByRole("cell", { name: "p1", exact: true }) });
  assert.match(await row.innerText(), /secure token\s+p1\s+A bike\s+\{"club":"gold"\}\s+1 of 3\s+page, http:\/\/localhost:8788\/win\s+English\s+42 secs?\s+at the form\s/);
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
    // A field without a label has the page's own.
    await page.getByRole("columnheader", { name: "E-mail" }).waitFor();
    await lookAt(page, `console-statistics-${lang}`, { translated: true });
  }
  assert.equal(new URL(page.url()).search, "?lang=nl");
  await page.getByLabel("Campagne").selectOption("100002");
  await page.getByText("Nog geen.").waitFor();
  assert.equal(new URL(page.url()).hash, "#statistics/100002");
  await page.reload();
  await page.getByText("Nog geen.").waitFor();
  // A link that was cut within an escape leads to the first campaign, not to an empty page.
  await page.goto(page.url().replace("100002", "%4"));
  await page.reload();
  await page.getByRole("heading", { name: "Antwoorden" }).waitFor();
  assert.deepEqual(faults, []);
});

test("a page is checked: the tag for it, its origin among the account's, and what the campaign says on it", async () => {
  const { page, faults } = await window(browser, { locale: "en-GB" });
  await withPasskeys(page);
  await page.goto(await invitation("setup"));
  await page.getByRole("button", { name: "Make my passkey" }).press("Enter");
  await page.getByRole("link", { name: "Embed" }).press("Enter");
  const snippet = page.locator("#embed-snippet");
  await snippet.filter({ hasText: "data-handstamp-campaign" }).waitFor();
  const tag = (await snippet.textContent()) ?? "";
  for (const [name, has] of [["HTML, with the stub", "<noscript>"], ["React", "useEffect"], ["Vue", "<script setup>"], ["Svelte", "<Campaign"], ["E-mail", "#token="], ["App", "handstampToken"]]) {
    await page.getByRole("button", { name, exact: true }).press("Enter");
    await snippet.filter({ hasText: has }).waitFor();
  }
  // The customer's page has the tag as it was shown.
  const site = createServer((_request, response) => void response.setHeader("content-type", "text/html").end(`<!doctype html><html lang="en"><title>Win</title>${tag}`));
  await new Promise((resolve) => site.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (site.address());
  try {
    await page.getByLabel("URL of your page").fill("www.acme");
    await page.getByText("Not a valid URL").waitFor();
    await page.getByLabel("URL of your page").fill(`http://127.0.0.1:${port}/win?from=test`);
    await page.getByText("is not one of the account’s origins yet").waitFor();
    await page.getByRole("button", { name: `Add http://127.0.0.1:${port}` }).press("Enter");
    await page.getByText("the campaign is shown there").waitFor();
    await page.evaluate(() => void (location.hash = "#campaigns"));
    await page.getByRole("button", { name: "New campaign" }).waitFor();
    await page.goBack();
    await page.getByText("the campaign is shown there").waitFor();
    await lookAt(page, "console-embed");
    const [visited] = await Promise.all([page.context().waitForEvent("page"), page.getByRole("link", { name: "Open the page with the check" }).press("Enter")]);
    await visited.locator("iframe").waitFor();
    await page.bringToFront();
    await page.getByRole("cell", { name: "The campaign is shown" }).waitFor();
    await page.getByRole("cell", { name: `http://127.0.0.1:${port}` }).first().waitFor();
    await page.getByText("token_missing").first().waitFor();
    assert.match(await page.locator("#trail").innerText(), /The person was refused\s+Code token_missing/);
    await lookAt(page, "console-embed-checked", { brief: true });
    await page.locator(".language select").selectOption("fr");
    await page.getByRole("heading", { name: "Ma page est-elle correcte ?" }).waitFor();
    await lookAt(page, "console-embed-fr", { translated: true });
  } finally {
    site.closeAllConnections();
    site.close();
  }
  assert.deepEqual(faults, []);
});

test("a manager edits beside the preview; a colleague, a lost session, an outage and a reload cost nothing that was typed", async () => {
  const { page, faults } = await window(browser);
  await withPasskeys(page);
  await page.goto(await invitation("manager", "Mo Example"));
  await page.getByRole("button", { name: "Make my passkey" }).click();
  await page.getByRole("button", { name: "New campaign" }).click();
  await page.getByLabel("Number").fill(" 100001 ");
  await page.getByText("A campaign has this number already.").waitFor();
  assert.equal(await page.getByRole("button", { name: "Create the draft" }).isEnabled(), false, "nothing is written over it");
  await page.getByRole("link", { name: "Edit: Win a bike" }).click();
  const title = page.getByLabel("Title", { exact: true });
  const frame = page.frameLocator("iframe");
  const saved = page.getByText(/^Draft saved/);
  await title.fill("Win two bikes");
  await frame.getByRole("heading", { name: "Win two bikes" }).waitFor();
  await lookAt(page, "campaign-editor", { brief: true });

  const path = "/v1/accounts/acme/campaigns/100001/draft";
  const colleague = async (/** @type {object} */ change) => {
    const { body } = await worker.read(path);
    assert.equal((await worker.put(path, { campaign: { ...body.campaign, ...change }, from: body.from })).status, 200);
  };
  await colleague({ retentionDays: 30 });
  await title.fill("Win three bikes");
  await page.getByText("the team that runs this service changed other things").waitFor();
  await saved.waitFor();
  const { body: joined } = await worker.read(path);
  assert.deepEqual([joined.campaign.title.en, joined.campaign.retentionDays], ["Win three bikes", 30]);
  await colleague({ title: { en: "Win a car" }, cap: 5 });
  await title.fill("Win four bikes");
  const clash = page.getByRole("alertdialog");
  await clash.waitFor();
  assert.equal(await clash.getByRole("radio").count(), 2, "only what both changed is asked");
  await clash.getByText("“Win a car”").click();
  await clash.getByRole("button", { name: "Keep these" }).click();
  await saved.waitFor();
  await until(async () => (await title.inputValue()) === "Win a car", "what was chosen stands in the editor");

  await page.context().clearCookies();
  await title.fill("Typed without a session");
  await page.getByRole("dialog").getByRole("button", { name: "Sign in with a passkey" }).click();
  await saved.waitFor();
  await page.route("**/draft", (route) => (route.request().method() === "PUT" ? route.abort() : route.continue()));
  await title.fill("Typed in an outage");
  await page.getByText("kept in this browser").waitFor();
  await page.reload();
  await title.waitFor();
  await until(async () => (await title.inputValue()) === "Typed in an outage", "what was typed is there");
  await page.unroute("**/draft");
  await frame.getByRole("heading", { name: "Typed in an outage" }).waitFor();

  await page.getByRole("link", { name: "Look", exact: true }).click();
  await page.getByLabel("Colour", { exact: true }).fill("#ffff00");
  await page.getByText(/The contrast of #ffff00 with the light page is 1\.\d\d/).waitFor();
  await page.getByLabel("Colour", { exact: true }).fill("#0a6b45");
  await page.getByText(/The contrast/).waitFor({ state: "detached" });
  await page.getByText(/its contrast with the light page is 6\.\d+\./).waitFor();
  // What the service refuses is said in the reader's language, with the values of the refusal.
  await page.locator(".language select").selectOption("fr");
  await page.getByLabel("Couleur", { exact: true }).fill("#ffff00");
  await page.getByText(/Le contraste de #ffff00 avec la page claire est de 1,\d\d, et un texte demande 4,5/).waitFor();
  await page.getByLabel("Couleur", { exact: true }).fill("#0a6b45");
  await page.getByText(/son contraste avec la page claire est de 6,/).waitFor();
  await page.locator(".language select").selectOption("en");
  await page.getByRole("link", { name: "Publish…" }).click();
  await page.getByText(/was “Win a bike”, is “Typed in an outage”/).waitFor();
  await page.getByRole("button", { name: "Publish now" }).press("Enter");
  await page.getByText(/^Published: version \d/).waitFor();
  await until(async () => /^Published: version \d/.test(await focused(page)), "the keyboard goes on where it was");
  const { body } = await worker.read("/v1/accounts/acme");
  assert.deepEqual([body.document.campaigns["100001"].title.en, body.document.campaigns["100001"].cap], ["Typed in an outage", 5]);
  assert.deepEqual(faults.filter((fault) => !/status of 4(?:01|04|09|12)|ERR_FAILED/.test(fault)), []);
});
