// What a browser keeps at the service: how it lies on disk, and when it ends. On a device that people share, the next person has
// the same browser, and so the same proof.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { atRest } from "../../support/worker/at_rest.mjs";
import { Browser } from "../../support/worker/browser.mjs";
import { acme, form, secrets, sign } from "../../support/worker/customer.mjs";
import { Deployment } from "../../support/worker/deployment.mjs";

/** @type {Deployment} */ let worker;
const [account, campaignId] = ["acme", "100001"];
const CANARY = "canary-of-a-draft";
const draft = { account, campaignId, step: "identityset", answers: { colour: "red" }, pass: `${account}:${CANARY}`, admission: { prefill: { form: { email: CANARY } } }, session: { form: { firstname: CANARY } } };

before(async () => {
  worker = await Deployment.start();
  await worker.account(acme(), secrets);
});
after(() => worker?.stop());

/** @param {Browser} browser @param {string} [campaign] @param {Record<string, string>} [headers] */
async function kept(browser, campaign = campaignId, headers = { cookie: browser.cookieHeader }) {
  return (await worker.get(`/v1/drafts?account=${account}&campaignId=${campaign}`, { headers: { ...headers, "sec-fetch-site": "same-origin" } })).body.draft;
}

test("a draft lies sealed on disk, and comes back whole", async () => {
  const browser = new Browser(worker.url);
  await browser.post("/v1/drafts", draft);
  assert.deepEqual(await kept(browser), draft);
  const files = (await readdir(worker.stateDir, { recursive: true })).filter((file) => /handstamp-Draft\/\w+\.sqlite(-wal)?$/.test(file));
  assert.ok(files.length > 0);
  for (const file of files) assert.ok(!(await readFile(join(worker.stateDir, file))).includes(CANARY), file);
  const [row] = await atRest(worker, "Draft", "draft", "SELECT body FROM draft");
  assert.match(row.body, /^1\.k1\./);
});

test("a draft of the previous release, which lies in clear, serves for its hour", async () => {
  const browser = new Browser(worker.url);
  await browser.post("/v1/drafts", { ...draft, step: "intro" });
  await atRest(worker, "Draft", "draft", `UPDATE draft SET body = '${JSON.stringify(draft)}'`);
  assert.deepEqual(await kept(browser), draft);
});

test("the participation ends the draft of its campaign, for this browser and its proof", async () => {
  const [browser, other] = [new Browser(worker.url), new Browser(worker.url)];
  const { body: held } = await browser.post("/v1/drafts", { ...draft, scriptProof: true });
  await browser.post("/v1/drafts", { ...draft, campaignId: "100002" });
  await other.post("/v1/drafts", draft);
  const pass = async (/** @type {string} */ sub) => (await worker.post("/v1/token/admit", { account, campaignId, token: await sign({ sub }) })).body.pass;
  const submit = (/** @type {string} */ sealed, /** @type {object} */ values) => browser.post("/v1/participations", { pass: sealed, form: values }, { "idempotency-key": randomUUID() });
  const sealed = await pass("d-1");
  assert.equal((await submit(sealed, {})).status, 422);
  assert.deepEqual(await kept(browser), draft, "a form that was refused ends nothing");
  assert.equal((await submit(sealed, form)).status, 201);
  assert.equal(await kept(browser), null);
  assert.equal((await kept(browser, "100002")).campaignId, "100002", "another campaign goes on");
  assert.deepEqual(await kept(other), draft, "and so does another browser");

  // The proof that a script holds, where the cookie does not come back.
  browser.cookies.clear();
  const proof = { "handstamp-proof": held.proof };
  await browser.post("/v1/drafts", draft, proof);
  browser.cookies.clear();
  assert.equal((await kept(browser, campaignId, proof)).pass, draft.pass);
  assert.equal((await browser.post("/v1/participations", { pass: await pass("d-2"), form }, { "idempotency-key": randomUUID(), ...proof })).status, 201);
  assert.equal(await kept(browser, campaignId, proof), null);
});

test("of drafts that nobody came back to, the step is counted when they end; not of previews, nor of those that were sent or had their end", async () => {
  const now = Date.now();
  const over = async (/** @type {object} */ more) => (await worker.object("DRAFT", randomUUID())).write({ account, campaignId, answers: {}, ...more }, now - 61 * 60_000);
  const { body } = await worker.post("/v1/accounts/acme/previews", { campaignId }, await worker.bearer());
  const counted = [{ step: "intro" }, { step: "questions" }, { step: "identityset", pass: "acme:gone" }, { step: "identityset" }];
  const uncounted = [{ step: "exit" }, { step: "sorry" }, { step: "identityset", pass: body.pass }, { step: "identityset", session: { preview: true } }];
  for (const more of [...uncounted, ...counted]) await over(more);
  const ended = await worker.object("DRAFT", randomUUID());
  await ended.write({ account, campaignId, answers: {}, step: "questions" }, now);
  await ended.end(account, campaignId);
  const { left, funnel } = await worker.statisticsOnce(account, campaignId, ({ left: { intro, questions, form: sent } }) => intro + questions + sent >= 4);
  assert.deepEqual(left, { intro: 1, questions: 1, form: 2 });
  assert.ok(!("left" in funnel));
  const { body: all } = await worker.read(`/v1/statistics/${account}`);
  assert.deepEqual(all.campaigns[0].left, left);
});
