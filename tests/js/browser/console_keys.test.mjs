// The console in Chromium for those who keep the keys: rotation by buttons, refusals over time, keys that are pasted, the link for the
// administrator; and what is typed stays through an outage, a conflict and a fault.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { empty, open } from "../support/browser/chromium.mjs";
import { lookAt, window } from "../support/browser/looked_at.mjs";
import { withPasskeys } from "../support/browser/passkeys.mjs";
import { customer } from "../support/worker/customer.mjs";
import { Deployment } from "../support/worker/deployment.mjs";
import { until } from "../support/patience.mjs";

/** @type {Deployment} */ let worker;
/** @type {import("playwright-core").Browser} */ let browser;

before(async () => {
  [worker, browser] = await Promise.all([Deployment.start(), open()]);
  const { document, secrets } = customer("acme");
  await worker.account(document, secrets);
});
after(async () => {
  await empty();
  await worker.stop();
});

/** A person of a role, at a view of the console. @param {string} role @param {string} view */
async function at(role, view) {
  const { page, faults } = await window(browser);
  await withPasskeys(page);
  const { body } = await worker.post("/v1/accounts/acme/invitations", { role, name: "An Example" }, await worker.bearer());
  await page.goto(`${body.link}&view=${view}`);
  await page.getByRole("button", { name: "Make my passkey" }).click();
  return { page, faults };
}

test("keys are rotated by buttons: each step says when it is safe, and the changes say who", async () => {
  const { page, faults } = await at("setup", "keys");
  // By a clock that is late the page looks again only long after: however slow this machine, the fifteen seconds do not pass.
  await page.clock.setFixedTime(Date.now() - 3_600_000);
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
  await until(async () => (await page.getByRole("group", { name: "Keys that sign tokens" }).locator("tbody tr").count()) === 1, "one key is left");
  await until(async () => /you\s+rotated drop, verify: version \d+/.test(await page.getByRole("group", { name: "Changes" }).innerText()), "the changes say who");
  for (const [lang, title] of [["nl", "Sleutels die tokens ondertekenen"], ["fr", "Clés qui signent les jetons"]]) {
    await page.locator(".language select").selectOption(lang);
    await page.getByRole("heading", { name: title }).waitFor();
    await lookAt(page, `console-keys-${lang}`, { translated: true });
  }
  assert.deepEqual(faults, []);
});

test("a warning is seen at every view, with its place and remedy, and a key set that cannot be had says why", async () => {
  const { document, secrets } = customer("warned");
  const set = { id: "set", method: "jwks", url: "http://127.0.0.1:9/keys", algs: ["ES256"] };
  await worker.account({ ...document, secureToken: { issuer: "warned", verify: [...document.secureToken.verify, set] } }, secrets);
  await (await worker.accountObject("warned")).warn([{ code: "key_set_unreachable", at: "/secureToken/verify/1" }, { code: "clock_ahead", at: "/secureToken", got: "40 s" }], Date.now());
  const { body } = await worker.post("/v1/accounts/warned/invitations", { role: "setup", name: "An Example" }, await worker.bearer());
  const { page, faults } = await window(browser);
  await withPasskeys(page);
  await page.goto(body.link);
  await page.getByRole("button", { name: "Make my passkey" }).click();
  await page.getByRole("link", { name: "Keys 2 warnings" }).click();
  await page.getByText("Found: 40 s.").waitFor();
  assert.equal(await page.getByRole("link", { name: "key_set_unreachable" }).getAttribute("href"), "/codes/#key_set_unreachable");
  await page.getByText("The key set could not be fetched for more than two hours.").waitFor();
  await page.getByText("cannot be had (network)").waitFor();
  await page.getByLabel("The key that it replaces").selectOption("set");
  await page.getByText("Nothing to do here: you publish the keys.").waitFor();
  await lookAt(page, "console-keys-warned");
  assert.deepEqual(faults, []);
});

test("refusals are counted by code over time, each cause once, and a reference tells the whole story", async () => {
  for (const token of ["a.b.c", "a.b.c", ""]) await worker.post("/v1/token/admit", { account: "acme", campaignId: "100001", token });
  // They are listed a moment after the answer.
  const listed = async () => (await worker.read("/v1/refusals?account=acme")).body.counts.reduce((/** @type {number} */ sum, /** @type {any} */ { n }) => sum + n, 0);
  await until(async () => (await listed()) === 3, "the refusals are listed");
  const { page, faults } = await at("support", "refusals");
  const table = page.getByRole("group", { name: "Refusals by code" });
  await table.getByText("× 2").waitFor();
  assert.match((await table.getByRole("img").first().getAttribute("aria-label")) ?? "", /^2 from /);
  await table.getByRole("button").first().click();
  await page.getByText("The participant saw").waitFor();
  assert.match(await page.locator("dl.facts").innerText(), /What happened[\s\S]*Who fixes it[\s\S]*How/);
  await lookAt(page, "console-refusals");
  for (const [lang, saw, sentence] of [["nl", "De deelnemer zag", "Je persoonlijke link"], ["fr", "Le participant a vu", "Votre lien personnel"]]) {
    await page.locator(".language select").selectOption(lang);
    await page.getByText(saw).waitFor();
    await until(async () => (await page.locator("dl.facts dd").first().innerText()).startsWith(sentence), "the sentence is in the language of the participant's page");
    await lookAt(page, `console-refusals-${lang}`, { translated: true });
  }
  assert.deepEqual(faults, []);
  await page.getByLabel("Référence").fill("7k3m 9qxz");
  await page.getByRole("button", { name: "Chercher" }).click();
  await page.getByText("Aucun refus des 72 dernières heures n’a cette référence.").waitFor();
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
  await until(async () => (await page.getByLabel("Algorithm").inputValue()) === "RS256", "the algorithm of the certificate is chosen");
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
  const [ofField, ofForm] = await Promise.all([".field .fault a", "[role=alert] a"].map((place) => page.locator(place).evaluateAll((links) => links.map((link) => link.getAttribute("href")))));
  assert.match(String(ofField), /^\/codes\/#\w+$/);
  assert.deepEqual(ofField, ofForm, "the code of the API, at the field");
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
  // Without that key the console offers one again: now a pair of the service, of which the page shows the public half alone.
  const { decrypt: _decrypt, ...settings } = kept.document.secureToken;
  await worker.account({ ...kept.document, secureToken: { ...settings, encryption: "off" } });
  await page.reload();
  await page.getByLabel("Encryption", { exact: true }).selectOption("require");
  await page.getByRole("radio", { name: /^A key pair of this service/ }).check();
  await save.click();
  const link = page.getByRole("link", { name: "/v1/crypto/pasted/jwks.json" });
  await link.waitFor();
  const [pair] = (await worker.read("/v1/accounts/pasted")).body.document.secureToken.decrypt;
  const { keys } = (await worker.get(String(await link.getAttribute("href")))).body;
  assert.deepEqual([pair.alg, Object.keys(pair.key), keys.length, keys[0].alg, "d" in keys[0]], ["ECDH-ES+A256KW", ["secret"], 1, "ECDH-ES+A256KW", false]);
  assert.doesNotMatch(await page.content(), /"d"/);
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
  for (const [lang, signIn, token] of [["fr", "Connexion auprès de votre fournisseur d’identité", "Jeton sécurisé"], ["nl", "Aanmelden bij je identiteitsprovider", "Beveiligd token"]]) {
    await other.page.locator(".language select").selectOption(lang);
    await other.page.getByRole("heading", { name: signIn }).waitFor();
    if (lang === "fr") await lookAt(other.page, "console-login-fr", { translated: true });
    await other.page.getByRole("link", { name: token }).click();
    await other.page.getByRole("heading", { name: token }).waitFor();
    if (lang === "nl") await lookAt(other.page, "console-token-nl", { translated: true });
    await other.page.goBack();
  }
});

test("a session that ends is asked for once, whatever is fetched, and left by Escape costs nothing that was typed", async () => {
  const { page } = await at("owner", "people");
  await page.getByLabel("Name").waitFor();
  await page.context().clearCookies();
  // The view of the keys makes two calls at once.
  await page.getByRole("link", { name: "Keys" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Sign in with a passkey" }).click();
  await page.getByRole("heading", { name: "Keys that sign tokens" }).waitFor();
  await page.getByRole("link", { name: "People" }).click();
  await page.getByLabel("Name").fill("Typed before");
  await page.context().clearCookies();
  await page.getByRole("button", { name: "Invite", exact: true }).click();
  await page.getByRole("dialog").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("alert").getByText("Your session has ended").waitFor();
  assert.equal(await page.getByLabel("Name").inputValue(), "Typed before");
  await page.getByRole("button", { name: "Invite", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Sign in with a passkey" }).click();
  await page.getByText("The invitation of Typed before is ready").waitFor();
  for (const [lang, title] of [["nl", "Iemand uitnodigen"], ["fr", "Inviter une personne"]]) {
    await page.locator(".language select").selectOption(lang);
    await page.getByRole("heading", { name: title }).waitFor();
    await lookAt(page, `console-people-${lang}`, { translated: true });
  }
});

test("a view that cannot be fetched says so, and is tried again", async () => {
  const { page } = await at("setup", "keys");
  await page.getByRole("heading", { name: "Keys that sign tokens" }).waitFor();
  await page.context().route("**/v1/accounts/acme/secrets", (route) => route.abort());
  await page.getByRole("link", { name: "Secure token" }).click();
  await page.getByText("The service could not be reached.").waitFor();
  await lookAt(page, "console-failed", { brief: true });
  await page.context().unroute("**/v1/accounts/acme/secrets");
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByLabel("Issuer").fill("typed.before");
  // Nothing that was typed is lost by a look at another view.
  await page.getByRole("link", { name: "Keys" }).click();
  await page.getByRole("heading", { name: "Keys that sign tokens" }).waitFor();
  await page.getByRole("link", { name: "Secure token" }).click();
  await page.getByLabel("Issuer").waitFor();
  assert.equal(await page.getByLabel("Issuer").inputValue(), "typed.before");
});
