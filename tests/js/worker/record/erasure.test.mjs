// What is submitted between the steps of an erasure: each step is held until the submission has been answered.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { customer, form } from "../../support/worker/customer.mjs";
import { Deployment, random } from "../../support/worker/deployment.mjs";
import { GatedDatabase } from "../../support/worker/gated_database.mjs";
import { until } from "../../support/patience.mjs";

const gate = new GatedDatabase();
const { document, secrets, sign } = customer("gated");
document.campaigns["100001"].limit = {};
/** @type {Deployment} */
let worker;
let subject = "";

before(async () => {
  worker = await Deployment.start({}, { queue: gate });
  await worker.account(document, secrets);
});
after(() => worker.stop());
beforeEach(() => {
  subject = random(8);
});

async function passOf() {
  const token = await sign({ sub: subject, jti: random(8) });
  return (await worker.post("/v1/token/admit", { account: "gated", campaignId: "100001", token })).body.pass;
}
const submit = (/** @type {string} */ pass) => worker.post("/v1/participations", { pass, form }, { "idempotency-key": random(12) });
const person = async (/** @type {string} */ what) => worker.post(`/v1/participants/gated/${what}`, { subject }, await worker.bearer());
/** Ids of the rows of the statistics. */
async function rows() {
  const database = await worker.miniflare.getD1Database("STATISTICS");
  const { results } = await database.prepare("SELECT id FROM participation").all();
  return results.map(({ id }) => id);
}

for (const moment of ["before", "after"]) {
  test(`a pass of before that is submitted ${moment} the rows are dropped leaves none`, async () => {
    const [first, second] = [await passOf(), await passOf()];
    const { participationId } = (await submit(first)).body;
    await until(async () => (await rows()).includes(participationId), "the row is there");
    /** @type {any} */
    let answer;
    gate.at[moment] = async () => {
      answer = await submit(second);
      // As long as a row takes that was recorded all the same.
      if (answer.status === 201) await until(async () => (await rows()).includes(answer.body.participationId), "it is counted");
    };
    assert.equal((await person("erase")).body.erased.record, 1);
    assert.deepEqual([answer.status, answer.body.code], [401, "pass_erased"]);
    assert.deepEqual(await rows(), []);
    assert.deepEqual((await person("export")).body.participants, []);
  });

  test(`who takes part anew ${moment} the rows are dropped is counted, and found by the next erasure`, async () => {
    const { participationId } = (await submit(await passOf())).body;
    await until(async () => (await rows()).includes(participationId), "the row is there");
    /** @type {any} */
    let anew;
    gate.at[moment] = async () => {
      await until(async () => (anew = await submit(await passOf())).status === 201, "a pass of the next second is taken");
      await until(async () => (await rows()).includes(anew.body.participationId), "it is counted");
    };
    assert.equal((await person("erase")).body.erased.record, 1);
    assert.equal(anew.body.count, 1);
    assert.deepEqual(await rows(), [anew.body.participationId]);
    const { participants } = (await person("export")).body;
    assert.deepEqual([participants.length, participants[0].participations[0].id], [1, anew.body.participationId]);
    assert.equal((await person("erase")).body.erased.statistics, 1);
    assert.deepEqual(await rows(), []);
  });
}

test("a submission that is under way when its record is erased leaves nothing, whichever comes first", async () => {
  const now = Date.now();
  const submission = { account: "gated", campaignId: "100001", technique: "token", form, optin: {}, answers: {} };
  const pass = () => ({ ids: [random(8)], issuedAt: Math.floor(now / 1000) - 5, expiresAt: 4_000_000_000 });
  const input = { hash: "h", revoked: null, faults: [], submission, retainMs: 86_400_000, now };
  const outcomes = await Promise.all(
    Array.from({ length: 30 }, async () => {
      const participant = await worker.object("PARTICIPANT", random(8));
      // It asks the person's object first, and meanwhile the erasure comes.
      const submitting = participant.submit({ ...input, key: random(8), pass: pass(), person: { name: random(8), namespace: "" } });
      const [outcome, erased] = await Promise.all([submitting, participant.erase()]);
      assert.equal(await participant.isThere(), false, JSON.stringify([outcome, erased]));
      return outcome.refused?.code ?? `recorded, then ${erased.record} erased`;
    }),
  );
  assert.ok(outcomes.includes("pass_erased"), `at least one was caught in between: ${outcomes.join()}`);
});
