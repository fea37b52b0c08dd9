// The promise of the editor: from an invitation to a played campaign, without JSON and without curl, with the mouse alone and with
// the keyboard alone, in at most 40 clicks: texts in two languages, a hidden field, a consent with a link, a right answer, dates,
// previews, publication, a page of another origin, and the participation in the statistics with the customer's own id.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { listen } from "../../../demo/addresses.mjs";
import { empty, open } from "../support/browser/chromium.mjs";
import { hands } from "../support/browser/hands.mjs";
import { lookAt, window } from "../support/browser/looked_at.mjs";
import { withPasskeys } from "../support/browser/passkeys.mjs";
import { REPEATS } from "../support/repeats.mjs";
import { customer } from "../support/worker/customer.mjs";
import { Deployment } from "../support/worker/deployment.mjs";
import "../support/patience.mjs";

const CLICKS = 40;
const DAY_MS = 86_400_000;
/** @type {Deployment} */ let worker;
/** @type {import("playwright-core").Browser} */ let browser;
/** @type {Awaited<ReturnType<typeof listen>>} */ let site;
let shown = "";

before(async () => {
  [worker, browser, site] = await Promise.all([Deployment.start(), open(), listen(0)]);
  site.answerWith((_request, response) => {
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
    response.end(`<!doctype html><html lang="en"><head><title>Acme</title></head><body>${shown}</body></html>`);
  });
});
after(async () => {
  await Promise.all([empty(), site.close()]);
  await worker.stop();
});

/** A day as the fields of this browser take it. @param {number} moment */
const typed = (moment) => new Intl.DateTimeFormat("en-US", { year: "numeric", month: "2-digit", day: "2-digit" }).format(moment).replaceAll("/", "");

for (const kind of /** @type {const} */ (["mouse", "keyboard"])) {
  test(`a campaign by ${kind} alone, from an invitation to its statistics`, REPEATS, async (t) => {
    const account = `editor-${kind}`;
    const { document, secrets, sign } = customer(account);
    await worker.account({ ...document, origins: [`http://localhost:${site.port}`], campaigns: {} }, secrets);
    const { body } = await worker.post(`/v1/accounts/${account}/invitations`, { role: "manager", name: "Mo Example" }, await worker.bearer());
    const began = Date.now();
    const { page, faults, context } = await window(browser);
    await withPasskeys(page);
    const { counted, press, write, type, choose } = hands(page, kind);
    const look = (/** @type {string} */ name) => (kind === "mouse" ? lookAt(page, `campaign-${name}`) : undefined);
    const frame = page.frameLocator("iframe");
    const kept = () => page.getByText(/^Draft saved/).waitFor();
    const section = (/** @type {string} */ name) => page.getByRole("navigation", { name: "Parts of the campaign" }).getByRole("link", { name });

    await page.goto(body.link);
    await press(page.getByRole("button", { name: "Make my passkey" }));
    await press(page.getByRole("button", { name: "New campaign" }));
    await press(page.getByRole("checkbox", { name: "French" }), "Space");
    await write(page.getByLabel("Title (English)"), "Win a bike");
    await write(page.getByLabel("Title (French)"), "Gagnez un vélo");
    await look("new");
    await press(page.getByRole("button", { name: "Create the draft" }));
    await type(page.getByLabel("Opens: day"), typed(began - DAY_MS));
    await type(page.getByLabel("Closes: day"), typed(began + 30 * DAY_MS));
    await frame.getByRole("heading", { name: "Win a bike" }).waitFor();
    await look("basics");

    await press(section("Form"));
    await page.getByText("Still to be filled in.").waitFor();
    await write(page.getByLabel("Web address"), "https://www.acme.example/rules");
    await press(page.getByRole("button", { name: "Add this field" }));
    await write(page.getByLabel("Label (English)").last(), "Customer number");
    await choose(page.getByLabel("Kind").last(), "Hidden: filled from the link or the profile, never shown");
    await kept();
    await frame.getByText("I accept the rules.").waitFor();
    await page.getByText("Stored and not shown: customer_number = 12345").waitFor();
    await look("form");

    await press(section("Questions"));
    await press(page.getByRole("button", { name: "Add a question" }));
    await write(page.getByLabel("Question (English)"), "Which colour is the bike?");
    await write(page.getByLabel("Choice (English)").first(), "Red");
    await write(page.getByLabel("Choice (English)").last(), "Blue");
    await choose(page.getByLabel("Right answer"), "Blue");
    await frame.getByRole("heading", { name: "Which colour is the bike?" }).waitFor();
    await look("questions");

    await press(section("Texts"));
    const text = page.getByRole("group", { name: "Text of the first page" });
    assert.match((await text.getByLabel("French").getAttribute("placeholder")) ?? "", /questions/, "the page's own text");
    await write(text.getByLabel("English"), "One question, and a bike to win.");
    await write(text.getByLabel("French"), "Une question, et un vélo à gagner.");
    await frame.getByText("One question, and a bike to win.").waitFor();
    await look("texts");

    await press(page.getByRole("button", { name: "Not signed in" }));
    await frame.getByRole("heading", { name: "We do not know you yet" }).waitFor();
    await press(page.getByRole("button", { name: "Refused" }));
    await choose(page.getByLabel("Why they are refused"), "Their link has expired");
    await frame.getByRole("heading", { name: "This link has expired" }).waitFor();
    await look("refused");
    await press(page.getByRole("button", { name: "Over the limit" }));
    await frame.getByRole("heading", { name: "You have already played" }).waitFor();

    await press(page.getByRole("link", { name: "Publish…" }));
    await look("publish");
    await press(page.getByRole("button", { name: "Publish now" }));
    await page.getByText("Published: version 2").waitFor();
    await look("published");

    await press(page.getByRole("link", { name: "Put it into a page" }));
    const snippet = page.locator("#embed-snippet").filter({ hasText: 'data-handstamp-campaign="100001"' });
    // The customer's site puts the token of its visitor into it.
    shown = ((await snippet.textContent()) ?? "").replace("data-handstamp-campaign", `data-handstamp-token="${await sign({ sub: "customer-4711", form: { email: "an@example.org", firstname: "An", customer_number: "C-77" } })}" data-handstamp-campaign`);
    const host = await context.newPage();
    await host.goto(`http://localhost:${site.port}/win`);
    const played = hands(host, kind);
    const campaign = host.frameLocator("iframe");
    await played.press(campaign.getByRole("button", { name: "Start" }));
    // Of a group of choices the keyboard reaches one, and goes to the next by its arrows.
    await played.press(kind === "mouse" ? campaign.getByText("Blue", { exact: true }) : campaign.getByRole("radio").first(), "ArrowDown");
    await played.press(campaign.getByRole("button", { name: "Next" }));
    await played.press(campaign.getByRole("checkbox"), "Space");
    await played.press(campaign.getByRole("button", { name: "Take part" }));
    await campaign.getByText("1 of 1 right").waitFor();

    await worker.statisticsOnce(account, "100001", ({ participations }) => participations === 1);
    await page.bringToFront();
    await press(page.getByRole("navigation", { name: "Console" }).getByRole("link", { name: "Statistics" }));
    await page.getByText("customer-4711").waitFor();
    const { body: counts } = await worker.read(`/v1/statistics/${account}/100001`);
    assert.deepEqual([counts.rows[0].form.customer_number, counts.rows[0].subject, counts.previews], ["C-77", "customer-4711", 0]);

    const clicks = counted.clicks + played.counted.clicks;
    t.diagnostic(`${clicks} clicks, ${((Date.now() - began) / 1000).toFixed(1)} s`);
    assert.ok(clicks <= CLICKS, `${clicks} clicks`);
    assert.deepEqual(faults.filter((fault) => !/status of 4(?:04|09)/.test(fault)), []);
    await context.close();
  });
}

/** Somebody of a role at the console of an account. @param {string} account @param {string} role */
async function colleague(account, role) {
  const { body } = await worker.post(`/v1/accounts/${account}/invitations`, { role, name: `A ${role}` }, await worker.bearer());
  const found = await window(browser);
  await withPasskeys(found.page);
  await found.page.goto(body.link);
  await found.page.getByRole("button", { name: "Make my passkey" }).click();
  return found;
}

test("a campaign is copied, put away and taken out; an earlier version is brought back; entries move by keyboard; the words are French", REPEATS, async () => {
  const { document, secrets } = customer("listed");
  await worker.account(document, secrets);
  const { page, faults, context } = await colleague("listed", "manager");
  page.on("dialog", (dialog) => void dialog.accept());
  const focused = () => page.evaluate(() => document.activeElement?.textContent ?? "");
  await page.getByRole("button", { name: "Duplicate: Win a bike" }).press("Enter");
  await page.getByRole("heading", { name: "Win a bike (copy)" }).waitFor();
  assert.equal(await focused(), "Win a bike (copy)", "the keyboard is at what was made");
  assert.equal(new URL(page.url()).hash, "#campaigns/100003");
  await page.getByRole("link", { name: "All campaigns" }).click();
  await page.getByRole("button", { name: "Archive: Win a bike", exact: true }).press("Enter");
  await page.getByText("Show the archived campaign").waitFor();
  assert.notEqual(await page.evaluate(() => document.activeElement?.tagName), "BODY", "the keyboard is still in the list");
  await page.getByText("Show the archived campaign").click();
  await page.getByRole("button", { name: "Take out of the archive: Win a bike" }).waitFor();
  await lookAt(page, "campaign-list");
  assert.equal((await worker.post("/v1/token/admit", { account: "listed", campaignId: "100001", token: "x" })).body.reason, "campaign_over");
  await page.getByRole("button", { name: "Take out of the archive: Win a bike" }).click();
  await page.getByRole("button", { name: "Archive: Win a bike", exact: true }).waitFor();
  await page.getByRole("button", { name: "Delete: Win a bike (copy)" }).click();
  await page.getByText("Win a bike (copy)").waitFor({ state: "detached" });

  await page.getByRole("link", { name: "Edit: Win a bike" }).click();
  await page.getByRole("link", { name: "Form", exact: true }).click();
  const down = page.getByRole("button", { name: "Move E-mail down" });
  await down.focus();
  await page.keyboard.press("Enter");
  await page.getByText("Moved to place 2 of 4.").waitFor();
  assert.ok(await down.evaluate((node) => node === globalThis.document.activeElement), "the focus goes with it");
  await page.getByText(/^Draft saved/).waitFor();
  await page.getByRole("link", { name: "Publish…" }).click();
  await page.getByText("Fields has another order").waitFor();
  await page.getByLabel("Why (optional)").fill("the name first");
  await page.getByRole("button", { name: "Publish now" }).click();
  await page.getByText(/^Published: version 4/).waitFor();
  assert.match(await focused(), /^Published: version 4/);
  await page.getByRole("link", { name: "History" }).click();
  await page.getByText("the name first").waitFor();
  await page.getByRole("button", { name: "Compare with version 1" }).click();
  await page.getByText("One change since then:").waitFor();
  await lookAt(page, "campaign-history");
  await page.getByRole("button", { name: "Bring this version back" }).press("Enter");
  await page.getByText("Version 1 is your draft now.").waitFor();
  assert.match(await focused(), /^Version 1 is your draft now/);
  await page.getByRole("link", { name: "Publish…" }).click();
  await page.getByRole("button", { name: "Publish now" }).click();
  await page.getByText(/^Published: version 5/).waitFor();
  const { body } = await worker.read("/v1/accounts/listed");
  assert.deepEqual(body.document, document);

  for (const [lang, word] of [["fr", "Publier…"], ["nl", "Publiceren…"]]) {
    await page.locator(".language select").selectOption(lang);
    await page.getByRole("link", { name: word }).waitFor();
    await lookAt(page, `campaign-${lang}`, { brief: true });
  }
  assert.deepEqual(faults.filter((fault) => !/status of 4(?:04|09)/.test(fault)), []);
  await context.close();
});

test("two people who change the same setting of the account are asked which one stays, and other changes of both stay", REPEATS, async () => {
  const { document, secrets } = customer("asked");
  Object.assign(document, { oauth: { preset: "generic", issuer: "https://id.acme.example/", clientId: "campaigns", clientAuth: { method: "client_secret_basic", secret: { secret: "OIDC_CLIENT" } } } });
  await worker.account(document, secrets);
  const { page, context } = await colleague("asked", "setup");
  await page.getByRole("link", { name: "Sign-in", exact: true }).click();
  await page.getByLabel("Client ID").fill("mine");
  const theirs = structuredClone(document);
  Object.assign(theirs.oauth, { clientId: "theirs", stateMinutes: 20 });
  await worker.account(theirs);
  await page.getByLabel("Scope").fill("openid");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("Identity provider › Client ID").waitFor();
  // Who leaves the question has written nothing, and keeps what was typed.
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
  assert.equal(await page.getByLabel("Client ID").inputValue(), "mine");
  assert.equal((await worker.read("/v1/accounts/asked")).body.document.oauth.clientId, "theirs");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await dialog.getByText("“theirs”").click();
  await lookAt(page, "campaign-clash", { brief: true });
  await dialog.getByRole("button", { name: "Keep these" }).click();
  await page.getByText(/^Saved: version 3/).waitFor();
  assert.equal(await page.getByLabel("Client ID").inputValue(), "theirs", "the form shows what is stored");
  const { oauth } = (await worker.read("/v1/accounts/asked")).body.document;
  assert.deepEqual([oauth.clientId, oauth.scope, oauth.stateMinutes], ["theirs", "openid", 20]);
  await context.close();
});
