// The operators' page in a real Chromium: signs in, shows what the metrics hold, and asks nobody but its own worker.

import assert from "node:assert/strict";
import { randomBytes, randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { durationsOf, funnels, quantile, refusalsByCode } from "../../../www/operations/figures.js";
import { empty, open } from "../support/browser/chromium.mjs";
import { lookAt, window } from "../support/browser/looked_at.mjs";
import { until } from "../support/patience.mjs";
import { acme, form, secrets, sign } from "../support/worker/customer.mjs";
import { Deployment } from "../support/worker/deployment.mjs";

/** @type {Deployment} */
let worker;
/** @type {import("playwright-core").Browser} */
let browser;

before(async () => {
  worker = await Deployment.start();
  browser = await open();
  await worker.account(acme(), secrets);
  for (let i = 0; i < 12; i += 1) {
    const bad = i % 4 === 0;
    const token = await sign({ sub: `o${i}` }, bad ? { key: randomBytes(32) } : {});
    const { body } = await worker.post("/v1/token/admit", { account: "acme", campaignId: "100001", token });
    if (!bad && i % 3 > 0) await worker.post("/v1/participations", { pass: body.pass, form }, { "idempotency-key": randomUUID() });
  }
  // Six participations, and the counts of as many decisions as were made, which follow within a second.
  const counted = async (/** @type {string} */ step) => {
    const { body } = await worker.read("/v1/overview");
    return body.decisions.filter((/** @type {any} */ row) => row.account === "acme" && row.step === step).reduce((/** @type {number} */ sum, /** @type {any} */ { n }) => sum + n, 0);
  };
  await until(async () => (await counted("admit")) === 12 && (await counted("submit")) === 6, "all decisions are counted");
});
after(async () => {
  await empty();
  await worker.stop();
});

test("an operator signs in and sees funnel, refusals, durations, accounts and keys; nobody else is asked", async () => {
  const { context, page, faults, asked } = await window(browser);
  await page.goto(`${worker.url}/operations/`);
  await page.getByLabel("Secret").fill("wrong");
  await page.getByRole("button", { name: "Show" }).click();
  await page.getByText("not known here").waitFor();
  await until(() => faults.length > 0, "the refused sign-in is told");
  await page.getByLabel("Secret").fill(worker.secrets.operator.secret);
  await page.getByRole("button", { name: "Show" }).click();
  await page.getByRole("heading", { name: "Accounts" }).waitFor();
  const text = await page.locator("main").innerText();
  assert.match(text, /admit\s+9 of 12 \(75 %\)/);
  assert.match(text, /submit\s+6 of 6 \(100 %\)/);
  assert.match(text, /acme\s+v1\s/);
  assert.match(text, /verify\s+first\s+HS256\s+active/);
  await page.locator("#refusals canvas").first().waitFor();
  assert.equal(await page.locator("#refusals canvas").count(), 1);
  assert.match(await page.locator("#refusals").innerText(), /signature_invalid/);
  await page.locator("#account").selectOption("acme");
  await page.locator("#step").selectOption("submit");
  await page.locator("#durations canvas").first().waitFor();
  assert.equal(await page.locator("#durations canvas").count(), 1);
  const form = page.locator("#invite");
  await form.getByLabel("Account").fill("acmee");
  await form.getByLabel("Name of the person").fill("First Owner");
  await form.getByRole("button", { name: "Invite" }).click();
  await form.getByRole("link", { name: "account_unknown" }).waitFor();
  await form.getByLabel("Account").fill("acme");
  await form.getByRole("button", { name: "Invite" }).click();
  await page.getByText(/^http:\/\/localhost:\d+\/console\/acme#invitation=[\w-]{43}$/).waitFor();
  await lookAt(page, "operations-board");
  assert.deepEqual([...asked], [worker.url]);
  await until(() => faults.length > 1, "the refused invitation is told");
  assert.equal(faults.length, 2, faults.join("\n"));
  assert.equal(await page.evaluate(() => localStorage.length + sessionStorage.length), 0, "the token is in no storage");
  await context.close();
});

test("the page cannot be framed and runs no code but its own", async () => {
  const { headers } = await worker.get("/operations/");
  const policy = String(headers.get("content-security-policy"));
  assert.match(policy, /default-src 'none'; script-src 'self'/);
  assert.match(policy, /frame-ancestors 'none'/);
  assert.doesNotMatch(policy, /'unsafe-/);
});

test("the figures: quantiles within a bucket, a window for each five minutes, the rest of the codes as one", () => {
  const bounds = [10, 100, 1000];
  assert.equal(quantile([0, 0, 0, 0], bounds, 0.5), null);
  assert.equal(quantile([10, 0, 0, 0], bounds, 0.5), 5);
  assert.equal(quantile([10, 10, 0, 0], bounds, 0.95), 10 + 90 * 0.9);
  assert.equal(quantile([0, 0, 0, 4], bounds, 0.5), 1000, "slower than the last bound is as slow as that");
  const asOf = "2026-01-02T00:07:00.000Z";
  const row = (/** @type {string} */ code, /** @type {number} */ n) => ({ at: "2026-01-02T00:05:00.000Z", account: "a", flow: "token", step: "admit", outcome: code ? "refused" : "allowed", code, n });
  const overview = {
    asOf,
    windowSeconds: 300,
    bounds,
    decisions: [row("", 90), row("a", 3), row("b", 2), row("c", 1), { ...row("d", 1), at: "2026-01-01T23:00:00.000Z" }],
    durations: [{ at: "2026-01-02T00:05:00.000Z", step: "admit", bucket: 0, n: 10 }],
    wouldRefuse: [],
    levels: [],
    accounts: [], warnings: [],
  };
  const { times, lines } = refusalsByCode(overview, 2);
  assert.deepEqual([times.length, times.at(-1)], [288, Date.parse("2026-01-02T00:05:00Z") / 1000]);
  assert.deepEqual(lines.map(({ name, values }) => [name, values.at(-1), values.reduce((one, other) => one + other)]), [["a", 3, 3], ["b", 2, 2], ["others", 1, 2]]);
  assert.deepEqual(funnels(overview), [{ title: "With a token", steps: [{ step: "admit", came: 97, through: 90 }, { step: "submit", came: 0, through: 0 }] }]);
  assert.deepEqual([durationsOf(overview, "admit").p50.at(-1), durationsOf(overview, "admit").p50.at(-2)], [5, null]);
});
