// What was answered with 201 is there after `kill -9`, and what the queue or the statistics lose is sent again.
// HANDSTAMP_KILLS sets how often the worker is killed (2 without it).

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, test } from "node:test";
import { until } from "../../support/patience.mjs";
import { Browser } from "../../support/worker/browser.mjs";
import { acme, form, secrets, sign } from "../../support/worker/customer.mjs";
import { call, Deployment } from "../../support/worker/deployment.mjs";
import { Mortal } from "../../support/worker/mortal.mjs";
import { Provider } from "../../support/worker/provider.mjs";

const KILLS = Number(process.env.HANDSTAMP_KILLS ?? 2);

describe("durability", { concurrency: 3 }, () => {
  test(`a participation that was answered survives kill -9, ${KILLS} times`, async () => {
    const worker = new Mortal();
    await worker.start();
    try {
      await worker.operator.account(acme(), secrets);
      /** @type {{ key: string, pass: string, answer: any }[]} */
      const answered = [];
      const submit = (/** @type {string} */ pass, /** @type {string} */ key) =>
        worker.operator.post("/v1/participations", { pass, form }, { "idempotency-key": key });
      for (let i = 0; i < KILLS; i += 1) {
        const { body } = await worker.operator.post("/v1/token/admit", {
          account: "acme",
          campaignId: "100001",
          token: await sign({ sub: "mortal", jti: `t${i}`, limit: { nb: KILLS } }),
        });
        const key = randomUUID();
        const { status, body: answer } = await submit(body.pass, key);
        await worker.kill();
        assert.deepEqual([status, answer.count], [201, i + 1]);
        answered.push({ key, pass: body.pass, answer });
        await worker.start();
        const again = await submit(body.pass, key);
        assert.deepEqual([again.status, again.body], [201, answer], "the same answer after the kill");
      }
      for (const { key, pass, answer } of answered) assert.deepEqual((await submit(pass, key)).body, answer);
      const more = await worker.operator.post("/v1/token/admit", {
        account: "acme",
        campaignId: "100001",
        token: await sign({ sub: "mortal", limit: { nb: KILLS } }),
      });
      assert.equal(more.body.admission.reason, "quota_reached");
      const statistics = await worker.operator.statistics("acme", "100001", KILLS);
      assert.deepEqual([statistics.participations, statistics.participants], [KILLS, 1]);
      console.log(`killed ${KILLS} times: ${answered.length} answered, ${statistics.participations} in the statistics`);
    } finally {
      await worker.bury();
    }
  });

  test("a code whose exchange was interrupted is never sent again", async () => {
    const [worker, provider] = [new Mortal(), await Provider.start()];
    await worker.start();
    try {
      const document = acme({ oauth: provider.settings() });
      document.campaigns["100001"] = { ...document.campaigns["100001"], signIn: ["oauth"] };
      await worker.operator.account(document, secrets);
      const browser = new Browser(worker.url);
      const draft = { account: "acme", campaignId: "100001", step: "identityset", answers: { colour: "red" } };
      const { body } = await browser.post("/v1/drafts", draft);
      const { ticket } = await browser.login({ account: "acme", campaignId: "100001", bind: body.bind, return: "0:/" });
      provider.delay = 3_600_000;
      const lost = browser.post("/v1/oauth/redeem", { ticket }).catch(() => "killed");
      await until(() => provider.requests["/token"], "the code is sent");
      await worker.kill();
      assert.equal(await lost, "killed");
      await worker.start();
      const redeemed = await browser.post("/v1/oauth/redeem", { ticket });
      assert.deepEqual([redeemed.status, redeemed.body.code, redeemed.body.reason], [401, "login_again", "login_failed"]);
      assert.deepEqual(redeemed.body.draft, draft, "the answers are kept");
      assert.equal(provider.requests["/token"], 1);
    } finally {
      provider.stop();
      await worker.bury();
    }
  });

  test("participations reach the statistics even when the database was away and the queue gave up", async () => {
    const worker = await Deployment.start({}, { migrate: false });
    try {
      await worker.account(acme(), secrets);
      for (let i = 0; i < 5; i += 1) {
        const { body } = await worker.post("/v1/token/admit", {
          account: "acme",
          campaignId: "100001",
          token: await sign({ sub: `s${i}` }),
        });
        const { status } = await worker.post("/v1/participations", { pass: body.pass, form }, { "idempotency-key": randomUUID() });
        assert.equal(status, 201, "the record does not depend on the statistics");
      }
      await until(() => worker.log.join("").split('"where":"statistics"').length >= 5, "the queue has given up");
      const ready = await call(`${worker.url}/readyz`);
      assert.deepEqual([ready.status, ready.body.faults.length], [503, 1]);
      const broken = await call(`${worker.url}/v1/accounts/acme`, { headers: await worker.bearer() });
      assert.equal(broken.status, 200, "what needs no statistics goes on");
      const counted = await call(`${worker.url}/v1/statistics/acme/100001`, { headers: await worker.bearer() });
      assert.deepEqual([counted.status, counted.body.code, counted.body.reason], [500, "internal", "try_again"]);
      assert.ok(worker.log.join("").includes(counted.body.ref), "the number is in the log");
      assert.ok(!worker.log.join("").includes("no such table"), "messages of foreign code are not");
      await worker.migrate();
      const statistics = await worker.statistics("acme", "100001", 5);
      assert.deepEqual([statistics.participations, statistics.participants], [5, 5]);
    } finally {
      await worker.stop();
    }
  });
});
