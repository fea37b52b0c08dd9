// The manager's page in a real Chromium: a client of the account signs in and reads how its campaign goes, in the
// account's language, by keyboard, and nobody but the worker is asked. The administrator's page with a real OpenID
// Provider: what to register, and a login tried out from the link to the form.

import assert from "node:assert/strict";
import { randomBytes, randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { listen } from "../../../demo/addresses.mjs";
import { CLIENT_ID, createProvider } from "../../../demo/provider/provider.mjs";
import { choicesOf, columnsOf, daysOf, inPeriod, overTime, queryOf } from "../../../www/desk/statistics/figures.js";
import { LANGUAGES } from "../../../www/desk/words/speech.js";
import { empty, open } from "../support/browser/chromium.mjs";
import { SHOTS, lookAt, window } from "../support/browser/looked_at.mjs";
import { signInAtProvider } from "../support/browser/visit.mjs";
import { until } from "../support/patience.mjs";
import { acme, customer, form, secrets, sign } from "../support/worker/customer.mjs";
import { Deployment } from "../support/worker/deployment.mjs";

/** @type {Deployment} */
let worker;
/** @type {import("playwright-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof listen>>} */
let provider;
/** @type {{ clientId: string, clientSecret: string }} */
let client;
const tried = customer("tried");

before(async () => {
  [worker, provider, browser] = await Promise.all([
    Deployment.start(),
    listen(0),
    open(),
  ]);
  const document = acme();
  Object.assign(document.campaigns[100001], { languages: ["fr", "nl"], title: { fr: "Gagnez un vélo", nl: "Win een fiets" } });
  await worker.account(document, secrets);
  await worker.account(customer("other").document, customer("other").secrets);
  const issuer = `http://127.0.0.1:${provider.port}`;
  provider.answerWith(await createProvider({ issuer, worker: worker.url, clientSecret: tried.secrets.OIDC_CLIENT, account: "tried" }));
  const clientAuth = { method: "client_secret_basic", secret: { secret: "OIDC_CLIENT" } };
  const oauth = { preset: "generic", issuer, clientId: CLIENT_ID, clientAuth, scope: "openid email profile", profileFrom: "userinfo" };
  Object.assign(tried.document, { oauth, mapping: { email: { from: "email", lock: true }, firstname: "given_name", birthdate: { from: "birthdate", as: "date" } } });
  tried.document.campaigns["100001"].signIn = ["oauth"];
  await worker.account(tried.document, tried.secrets);
  client = (await worker.post("/v1/accounts/acme/clients", { scope: "statistics" }, await worker.bearer())).body;
  for (let i = 0; i < 5; i += 1) await worker.get("/campaign/acme/100001");
  for (let i = 0; i < 4; i += 1) {
    const token = await sign({ sub: `m${i}`, form: { ...form, firstname: i === 0 ? "=cmd()" : `An ${i}` } });
    const { body } = await worker.post("/v1/token/admit", { account: "acme", campaignId: "100001", token });
    const submitted = { pass: body.pass, form: { ...form, firstname: i === 0 ? "=cmd()" : `An ${i}` }, optin: { news: i % 2 === 0 }, answers: { colour: "red" }, ...(i === 3 && { preview: true }) };
    const { status, text } = await worker.post("/v1/participations", submitted, { "idempotency-key": randomUUID() });
    assert.equal(status, 201, text);
  }
  for (const options of [{ key: randomBytes(32) }, { key: randomBytes(32) }]) {
    const token = await sign({ sub: "bad" }, options);
    await worker.post("/v1/token/admit", { account: "acme", campaignId: "100001", token });
  }
  const whole = (/** @type {any} */ { participations, previews, refusals, funnel }) =>
    participations === 3 && previews === 1 && refusals.token_invalid === 2 && funnel.opened === 5 && funnel.submitted === 3;
  await (await worker.accountObject("acme")).tally([{ campaignId: "100001", kind: "left", name: "questions", n: 2 }], Date.now());
  await worker.statisticsOnce("acme", "100001", whole);
});
after(async () => {
  await empty();
  await provider?.close();
  await worker?.stop();
});

test("a manager signs in by keyboard and reads the campaign in the account's language", async () => {
  const { context, page, faults, asked } = await window(browser, { locale: "fr-BE", timezoneId: "Europe/Brussels", acceptDownloads: true });
  await page.goto(`${worker.url}/stats/acme`);
  await page.getByRole("heading", { name: "Se connecter" }).waitFor();
  await lookAt(page, "manager-1-sign-in", { brief: true });
  await page.getByLabel("Client").fill(client.clientId);
  await page.keyboard.press("Tab");
  await page.keyboard.type("wrong");
  await page.keyboard.press("Enter");
  await page.getByText("Ce client est inconnu").waitFor();
  await until(() => faults.length > 0, "the refused sign-in is told");
  await page.getByLabel("Secret").fill(client.clientSecret);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Statistiques de acme" }).waitFor();
  await page.getByRole("cell", { name: "An 1", exact: true }).waitFor();
  const text = await page.locator("main").innerText();
  assert.match(text, /3\s+participations depuis le début/);
  assert.match(text, /1\s+aperçu, non compté/);
  assert.match(text, /60\s%\s+de ceux qui l’ont ouverte/);
  assert.match(text, /l’ont ouverte\s+5/);
  assert.match(text, /Où l’on s’arrête\s+aux questions\s+2/);
  assert.match(text, /Lien personnel non valide\s+2\s+2/);
  assert.doesNotMatch(text, /An 3/, "a preview is not among the participations");
  await page.locator("#chart canvas").waitFor();
  assert.equal(await page.locator("#chart canvas").count(), 1);
  const lines = await page.evaluate(async () => {
    const { chart } = await import(/** @type {any} */ ("/board/chart.js"));
    const place = /** @type {HTMLElement} */ (document.getElementById("chart"));
    const counts = [];
    for (const most of [1, 600_001, 5_000_000_000]) {
      const drawn = chart(place.appendChild(document.createElement("div")), [{ name: "n", values: [0, most] }], [0, 86_400], { empty: "", whole: "day" });
      await new Promise((drawnNow) => requestAnimationFrame(drawnNow));
      counts.push(drawn.axes[1]._splits?.length ?? 0);
      drawn.root.parentElement.remove();
    }
    return counts;
  });
  assert.ok(lines.every((count) => count >= 2), `an axis of small and large numbers has lines: ${lines}`);
  assert.match(await page.locator("#as-of").innerText(), /situation au .*20\d\d/);
  await lookAt(page, "manager-2-board");

  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Télécharger en CSV" }).press("Enter")]);
  assert.equal(download.suggestedFilename(), "acme-100001.csv");
  const csv = await readFile(await download.path(), "utf8");
  assert.equal(csv.trim().split("\r\n").length, 4, csv);
  assert.match(csv, /,'=cmd\(\),/, "what looks like a formula begins with an apostrophe");

  await page.getByRole("columnheader", { name: "Participant", exact: true }).waitFor();
  await page.getByRole("cell", { name: "m2", exact: true }).waitFor();
  await page.getByLabel("Langue").selectOption("nl");
  await page.getByRole("heading", { name: "Hoe ver mensen komen" }).waitFor();
  assert.equal(await page.getAttribute("html", "lang"), "nl");

  assert.deepEqual([...asked], [worker.url]);
  assert.equal(faults.length, 1, faults.join("\n"));
  assert.equal(await page.evaluate(() => localStorage.length + sessionStorage.length + document.cookie.length), 0, "the token is kept nowhere");
  await context.close();
});

test("a client sees no other account, and a page for no account says so to nobody", async () => {
  const { context, page } = await window(browser, { locale: "en-GB" });
  await page.goto(`${worker.url}/stats/other`);
  await page.getByLabel("Client").fill(client.clientId);
  await page.getByLabel("Secret").fill(client.clientSecret);
  await page.getByRole("button", { name: "Show the statistics" }).click();
  await page.getByText("belongs to another account").waitFor();
  assert.equal(await page.locator("#board").isVisible(), false);
  const [known, unknown] = await Promise.all([worker.get("/stats/acme"), worker.get("/stats/nobody")]);
  assert.deepEqual([known.status, known.text], [unknown.status, unknown.text], "the page itself knows nothing of accounts");
  const policy = String(known.headers.get("content-security-policy"));
  assert.match(policy, /default-src 'none'; script-src 'self'/);
  assert.match(policy, /frame-ancestors 'none'/);
  assert.doesNotMatch(policy, /'unsafe-/);
  await context.close();
});

/** A link as whoever runs the campaigns makes it for the administrator. */
const link = async () => (await worker.post("/v1/accounts/tried/connection-links", {}, await worker.bearer())).body.link;

test("an administrator copies what to register, tries a login at the real provider, and sees claims beside the form", async () => {
  const { context, page, faults, asked } = await window(browser, { locale: "en-GB", permissions: ["clipboard-read", "clipboard-write"] });
  const address = await link();
  await page.goto(address);
  await page.getByRole("heading", { name: "1. Register us" }).waitFor();
  assert.equal(page.url(), `${worker.url}/connect/tried`, "the link's secret is out of the address");
  await page.getByRole("button", { name: "Copy Redirect URI" }).press("Enter");
  await page.getByText("Redirect URI: copied").waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), `${worker.url}/oauth/callback/tried`);
  const register = await page.locator("#register").innerText();
  for (const said of ["authorization_code", "openid email profile", "client_secret_basic", CLIENT_ID, "S256", "In your identity provider"]) assert.ok(register.includes(said), said);

  await page.getByRole("button", { name: "Test connection" }).press("Enter");
  await page.getByRole("button", { name: "Continue: sign in there" }).waitFor();
  const state = (/** @type {string} */ title) => page.locator(`[data-step="${title}"] .badge`).innerText();
  for (const title of ["Discovery", "Keys", "Authorization URL", "Verdict on iss", "Verdict on PKCE"]) assert.equal(await state(title), "pass", title);
  assert.equal(await state("Sign-in"), "–", "not yet");
  await page.getByText("Every parameter, explained").press("Enter");
  const parameters = await page.locator('[data-step="Authorization URL"] table').innerText();
  for (const name of ["client_id", "redirect_uri", "scope", "state", "nonce", "code_challenge_method"]) assert.ok(parameters.includes(name), name);
  await lookAt(page, "connection-1-tested", { brief: true });

  await page.getByRole("button", { name: "Continue: sign in there" }).press("Enter");
  await signInAtProvider(page);
  await page.getByRole("heading", { name: "3. The claims" }).waitFor();
  assert.equal(page.url(), `${worker.url}/connect/tried`, "nor is the ticket");
  for (const title of ["Sign-in", "Exchange", "Profile"]) assert.equal(await state(title), "pass", title);
  const [claims, mapped] = await Promise.all(["#claims", "#mapped"].map((place) => page.locator(place).innerText()));
  assert.match(claims, /\/email\s+text, 15 characters\s+l…/);
  assert.match(mapped, /email\s+text, 15 characters\s+l… \(read-only\)/);
  assert.ok(!(await page.content()).includes("lea@example.com"), "no value is shown");
  await lookAt(page, "connection-2-result");
  assert.deepEqual([...asked].sort(), [worker.url, `http://127.0.0.1:${provider.port}`].sort());
  assert.deepEqual(faults, []);

  await page.reload();
  await page.getByRole("button", { name: "Test again" }).waitFor();
  const other = await window(browser);
  await other.page.goto(address);
  await other.page.getByRole("heading", { name: "This link was already used" }).waitFor();
  await other.page.goto(`${worker.url}/connect/tried`);
  await other.page.getByRole("heading", { name: "This page needs its link" }).waitFor();
  await other.context.close();
  await context.close();
});

test("an administrator chooses between the identity providers of an account and of its campaigns", async () => {
  const { context, page, faults } = await window(browser, { locale: "en-GB" });
  const both = /** @type {ReturnType<typeof acme>} */ (structuredClone(tried.document));
  both.campaigns["100002"] = { ...both.campaigns["100001"], oauth: { ...both.oauth, clientId: "of-the-brand" } };
  await worker.account(both);
  await page.goto(await link());
  const choice = page.getByLabel("Identity provider");
  await choice.waitFor();
  const register = page.locator("#settings");
  await register.getByText(CLIENT_ID).first().waitFor();
  await choice.selectOption({ index: 1 });
  await register.getByText("of-the-brand").waitFor();
  await page.getByRole("button", { name: "Test connection" }).press("Enter");
  await page.getByText("Every parameter, explained").press("Enter");
  await page.locator('[data-step="Authorization URL"] table').getByText("of-the-brand").waitFor();
  await page.reload();
  await register.getByText("of-the-brand").waitFor();
  await worker.account(tried.document);
  assert.deepEqual(faults, []);
  await context.close();
});

test("an administrator is told what is wrong, where, and what to do: a login that was cancelled, a server that is not there", async () => {
  const { context, page } = await window(browser, { locale: "en-GB" });
  await page.goto(await link());
  await page.getByRole("button", { name: "Test connection" }).click();
  await page.getByRole("button", { name: "Continue: sign in there" }).click();
  await page.getByRole("button", { name: "Cancel" }).click();
  const login = page.locator('[data-step="Sign-in"]');
  await login.locator(".badge.fail").waitFor();
  assert.match(await login.innerText(), /login_cancelled/);
  const gone = /** @type {ReturnType<typeof acme>} */ (structuredClone(tried.document));
  gone.oauth.issuer = `http://127.0.0.1:${provider.port}/elsewhere`;
  await worker.account(gone);
  await page.getByRole("button", { name: "Test again" }).click();
  const discovery = page.locator('[data-step="Discovery"]');
  await discovery.locator(".badge.fail").waitFor();
  assert.match(await discovery.innerText(), /discovery_/);
  assert.ok((await discovery.locator(".how").innerText()).length > 10, "what to do");
  assert.equal(await page.getByRole("button", { name: "Continue: sign in there" }).isVisible(), false);
  await lookAt(page, "connection-3-failed", { brief: true });
  await worker.account(tried.document);
  await context.close();
});

test("the guides and the page on privacy: every link leads somewhere, snippets are copied, nothing is too wide", async () => {
  const { context, page, faults, asked } = await window(browser, { locale: "en-GB", permissions: ["clipboard-read", "clipboard-write"] });
  /** @type {Set<string>} */
  const links = new Set();
  const paths = ["/guides/", "/guides/secure-token", "/guides/encryption", "/guides/login", "/guides/receipts", "/guides/local", "/guides/embedding", "/guides/events", "/guides/migration", "/guides/claims", "/guides/settings", "/guides/coming-from", "/api/", "/privacy/"];
  for (const path of paths) {
    await page.goto(worker.url + path);
    for (const link of await page.locator("a").evaluateAll((all) => all.map((one) => /** @type {HTMLAnchorElement} */ (one).href))) links.add(link);
    if (path === "/guides/secure-token") {
      await page.getByRole("button", { name: "Copy: Sign a token: Node, with jose" }).press("Enter");
      await page.getByRole("button", { name: "Copied: Sign a token: Node, with jose" }).waitFor();
      assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^import \{ SignJWT \}[^]*console\.log\(token\);$/);
    }
    // The others are made of the same.
    if (SHOTS || ["/guides/secure-token", "/privacy/"].includes(path)) await lookAt(page, `reading${path.replaceAll("/", "-")}`, { brief: path !== "/privacy/" });
  }
  for (const link of links) assert.equal((await fetch(link)).status, 200, link);
  assert.ok(links.size >= paths.length);
  assert.deepEqual([...asked], [worker.url]);
  assert.deepEqual(faults, []);
  await context.close();
});

test("the figures: zeros where nothing happened, the rarest reasons as one line, columns as the rows have them", () => {
  const asOf = "2026-01-03T10:00:00.000Z";
  /** @type {import("../../../www/desk/statistics/figures.js").Moment[]} */
  const series = [
    { at: "2026-01-01T00:00:00.000Z", funnel: { submitted: 4 }, refusals: { a: 3, b: 2 } },
    { at: "2026-01-03T00:00:00.000Z", funnel: {}, refusals: { a: 1, c: 1 } },
  ];
  assert.deepEqual(overTime({ series, by: "day", asOf }, 2, 1), {
    times: [1, 2, 3].map((day) => Date.UTC(2026, 0, day) / 1000),
    submitted: [4, 0, 0],
    refused: [{ reason: "a", values: [3, 0, 1] }],
    others: [2, 0, 1],
  });
  assert.deepEqual(inPeriod(series), { a: 4, b: 2, c: 1 });
  const row = { id: "", at: "", technique: "token", form: { email: "" }, optin: {}, answers: {} };
  assert.deepEqual(columnsOf([row, { ...row, form: { city: "", email: "" }, optin: { news: { given: true, at: 1, wording: "" } } }]), { form: ["email", "city"], optin: ["news"], answers: [] });

  // The life of a campaign, by the hour while it is short.
  assert.deepEqual([daysOf("life"), daysOf("life", { begins: null, asOf }), daysOf("30", { begins: null, asOf })], [400, 1, 30]);
  assert.deepEqual(queryOf("life", { begins: "2025-12-25T10:30:00.000Z", asOf }), { by: "day", days: "9" });
  assert.deepEqual(queryOf("life", { begins: "2026-01-02T10:30:00.000Z", asOf }), { by: "hour", days: "1" });
  assert.deepEqual([queryOf("7"), queryOf("365")], [{ by: "hour", days: "7" }, { by: "day", days: "365" }]);
  const question = { id: "which", text: {}, choices: ["a", "b"].map((id) => ({ id, text: { en: id } })), right: "b" };
  const choices = choicesOf(question, { a: 2, old: 1 });
  assert.deepEqual(choices.map(({ id, n, isRight, isGone }) => [id, n, isRight, isGone]), [["a", 2, false, false], ["b", 0, true, false], ["old", 1, false, true]]);
});

test("every public reason has its words", async () => {
  const { public: reasons } = JSON.parse(await readFile(new URL("../../../errors.json", import.meta.url), "utf8"));
  assert.deepEqual(Object.keys(reasons).filter((reason) => !(`reason.${reason}` in LANGUAGES.en)), []);
});
