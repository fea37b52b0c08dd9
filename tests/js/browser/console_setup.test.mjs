// The promise of the console: from an invitation to a played campaign, without curl, with the mouse alone and with the keyboard
// alone, in at most 25 clicks and 3 minutes.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { listen } from "../../../demo/addresses.mjs";
import { CLIENT_ID, createProvider } from "../../../demo/provider/provider.mjs";
import { empty, open } from "../support/browser/chromium.mjs";
import { hands } from "../support/browser/hands.mjs";
import { lookAt, window } from "../support/browser/looked_at.mjs";
import { signInAtProvider } from "../support/browser/visit.mjs";
import { withPasskeys } from "../support/browser/passkeys.mjs";
import { REPEATS } from "../support/repeats.mjs";
import { Deployment, random } from "../support/worker/deployment.mjs";
import "../support/patience.mjs";

const CLICKS = 25;
const MACHINE_MS = 180_000;
/** @type {Deployment} */ let worker;
/** @type {import("playwright-core").Browser} */ let browser;

/** The customer's site, with a page that embeds the campaign. */
const site = { html: "", url: "", close: () => {} };

before(async () => {
  const [started, opened, { port, answerWith, close }] = await Promise.all([Deployment.start(), open(), listen(0)]);
  [worker, browser] = [started, opened];
  Object.assign(site, { url: `http://localhost:${port}`, close });
  answerWith((_request, response) => response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(site.html));
});
after(async () => {
  await empty();
  site.close();
  await worker.stop();
});

/**
 * A prepared account with one campaign, and an invitation to it.
 * @param {string} account
 */
async function prepared(account) {
  await worker.account({ account, origins: [site.url], campaigns: { 100001: { title: { en: "Win a bike" }, signIn: ["anonymous"], fields: [{ name: "email", type: "email", required: true }, { name: "firstname", type: "text" }] } } });
  return (await worker.post(`/v1/accounts/${account}/invitations`, { role: "setup", name: "An Example" }, await worker.bearer())).body.link;
}

for (const kind of /** @type {const} */ (["mouse", "keyboard"])) {
  test(`secure token with a shared secret, by ${kind} alone: from an invitation to a played campaign`, kind === "keyboard" ? {} : REPEATS, async (t) => {
    const account = `token-${kind}`;
    const link = await prepared(account);
    const began = Date.now();
    const { page, faults, context } = await window(browser);
    await withPasskeys(page);
    const { counted, press, write } = hands(page, kind);
    await page.goto(link);
    await press(page.getByRole("button", { name: "Make my passkey" }));
    await page.getByRole("heading", { name: "Secure token" }).waitFor();
    if (kind === "mouse") await lookAt(page, "console-token-new");
    await press(page.getByRole("button", { name: "Make a secret" }));
    const secret = await page.locator(".copied code").innerText();
    await write(page.getByLabel("Issuer"), "com.example");
    await press(page.getByRole("button", { name: "Save" }));
    await page.getByText("Saved: version 2").waitFor();

    const token = (await promisify(execFile)("node", ["--input-type=module", "-e", await page.locator("#snippet").innerText()], { env: { ...process.env, TOKEN_KEY: secret } })).stdout.trim();
    await write(page.getByLabel("Token", { exact: true }), token);
    await press(page.getByRole("button", { name: "Judge" }));
    await page.getByText("The token is accepted.").waitFor();
    if (kind === "mouse") await lookAt(page, "console-token-saved");

    await playByTag(account, token);
    const took = Date.now() - began;
    t.diagnostic(`${counted.clicks} clicks, ${(took / 1000).toFixed(1)} s`);
    assert.ok(counted.clicks <= CLICKS && took < MACHINE_MS, `${counted.clicks} clicks, ${took} ms`);
    assert.deepEqual(faults, []);
    await context.close();
  });
}

for (const kind of /** @type {const} */ (["mouse", "keyboard"])) {
  test(`sign-in at a Keycloak-like provider with a mapping, by ${kind} alone: from an invitation to a played campaign`, kind === "mouse" ? {} : REPEATS, async (t) => {
    const [account, clientSecret] = [`login-${kind}`, random()];
    const provider = await listen(0);
    const issuer = `http://127.0.0.1:${provider.port}`;
    provider.answerWith(await createProvider({ issuer, worker: worker.url, clientSecret, account }));
    try {
      const link = await prepared(account);
      const began = Date.now();
      const { page, faults, context } = await window(browser);
      await withPasskeys(page);
      const { counted, press, write } = hands(page, kind);
      await page.goto(link);
      await press(page.getByRole("button", { name: "Make my passkey" }));
      await press(page.getByRole("link", { name: "Sign-in", exact: true }));
      await page.getByLabel("Issuer").waitFor();
      await page.getByLabel("Identity provider").selectOption("generic");
      counted.clicks += 2;
      await write(page.getByLabel("Issuer"), issuer);
      await page.getByText("authorization_endpoint").waitFor();
      if (kind === "mouse") await lookAt(page, "console-login-discovery", { brief: true });
      await write(page.getByLabel("Client ID"), CLIENT_ID);
      await write(page.getByLabel("Client secret"), clientSecret);
      await press(page.getByRole("button", { name: "Save", exact: true }));
      await page.getByText("Saved: version 2").waitFor();
      assert.equal(await page.getByLabel("Client secret").inputValue(), "", "written, and not shown");
      await press(page.getByRole("button", { name: "Test connection" }));
      await page.getByText("authorization_endpoint").waitFor();
      if (kind === "mouse") await lookAt(page, "console-login-tested");

      const [tab] = await Promise.all([page.waitForEvent("popup"), press(page.getByRole("button", { name: "Sign in there" }))]);
      const there = hands(tab, kind);
      await there.press(tab.getByRole("button", { name: "Test connection" }));
      await there.press(tab.getByRole("button", { name: "Continue: sign in there" }));
      await there.press(tab.getByRole("button", { name: /Lea Example/ }));
      await there.press(tab.getByRole("button", { name: "Allow" }));
      await tab.getByRole("heading", { name: "3. The claims, and the form that they fill" }).waitFor();
      await tab.close();

      await page.getByRole("heading", { name: "Fill the form" }).waitFor();
      assert.deepEqual([await page.locator("#map-email").inputValue(), await page.locator("#map-firstname").inputValue()], ["/email", "/given_name"], "what is likely is proposed");
      assert.deepEqual(await page.getByRole("group", { name: "The form, filled" }).locator("input").evaluateAll((inputs) => inputs.map((input) => /** @type {HTMLInputElement} */ (input).value)), ["l…", "…"], "a preview that shows no value, nor the letter of a short one");
      if (kind === "mouse") await lookAt(page, "console-login-mapping");
      await press(page.getByRole("button", { name: "Save the mapping" }));
      await page.getByText("Saved: version 3").waitFor();

      const { body: kept } = await worker.read(`/v1/accounts/${account}`);
      assert.deepEqual(kept.document.mapping, { email: "email", firstname: "given_name" });
      const took = Date.now() - began;
      const clicks = counted.clicks + there.counted.clicks;
      t.diagnostic(`${clicks} clicks, ${(took / 1000).toFixed(1)} s`);
      assert.ok(clicks <= CLICKS && took < MACHINE_MS, `${clicks} clicks, ${took} ms`);
      assert.deepEqual(faults, []);
      await play(account);
      await context.close();
    } finally {
      provider.close();
    }
  });
}

/** A participant opens the customer's page, where the tag passes the token, finds the form filled and sends it. @param {string} account @param {string} token */
async function playByTag(account, token) {
  const { page, context } = await window(browser);
  site.html = `<!doctype html><html lang="en"><title>Our page</title><div id="box" data-handstamp-account="${account}" data-handstamp-campaign="100001" data-handstamp-token="${token}"></div><script async src="${worker.url}/tag.js"></script></html>`;
  await page.goto(site.url);
  const frame = page.frameLocator("#box iframe");
  await frame.getByRole("button", { name: "Start" }).press("Enter");
  await frame.getByRole("heading", { name: "Almost there, Zoë" }).waitFor();
  assert.equal(await frame.locator("input[type=email]").inputValue(), "zoe@example.com", "the form is filled");
  await frame.locator("input[type=email]").press("Enter");
  await frame.getByRole("heading", { name: /Thank you/ }).waitFor();
  const { rows: [row] } = await worker.statistics(account, "100001", 1);
  assert.equal(row.form.firstname, "Zoë", "and it is recorded");
  await context.close();
}

/** A participant signs in at the provider, finds the form filled and sends it. @param {string} account */
async function play(account) {
  const { page, context } = await window(browser);
  await page.goto(`${worker.url}/campaign/${account}/100001`);
  await page.getByRole("button", { name: "Start" }).click();
  await page.getByRole("button", { name: "Continue with your account" }).click();
  await signInAtProvider(page);
  await page.getByRole("heading", { name: "Almost there, Lea" }).waitFor();
  assert.match(await page.locator("input[type=email]").inputValue(), /@/, "the form is filled");
  await page.locator("input[type=email]").press("Enter");
  await page.getByRole("heading", { name: /Thank you/ }).waitFor();
  await context.close();
}
