// The cap of a campaign: never more participations than places, whatever comes at the same moment or is killed half way, and
// no place lost for good. HANDSTAMP_KILLS sets how often the worker is killed (2 without it).

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { pause, until } from "../../support/patience.mjs";
import { customer, form } from "../../support/worker/customer.mjs";
import { Deployment, random } from "../../support/worker/deployment.mjs";
import { GatedDatabase } from "../../support/worker/gated_database.mjs";
import { Mortal } from "../../support/worker/mortal.mjs";

const KILLS = Number(process.env.HANDSTAMP_KILLS ?? 2);
const CAMPAIGN = "100001";
/** @type {Deployment} */
let worker;

before(async () => {
  worker = await Deployment.start();
});
after(() => worker.stop());

/**
 * An account whose campaign has so many places.
 * @param {Deployment} deployment
 * @param {string} name
 * @param {Record<string, unknown>} settings
 */
async function account(deployment, name, settings) {
  const made = customer(name);
  const write = async (/** @type {Record<string, unknown>} */ more) => {
    made.document.campaigns[CAMPAIGN] = { ...made.document.campaigns[CAMPAIGN], ...more };
    await asked(() => deployment.account(made.document, made.secrets));
  };
  await write(settings);
  const admit = async (sub = random(8)) => {
    const token = await made.sign({ sub, jti: random(8) });
    return (await asked(() => deployment.post("/v1/token/admit", { account: name, campaignId: CAMPAIGN, token }))).body;
  };
  const send = (/** @type {string} */ pass, key = random(12), more = {}) => deployment.post("/v1/participations", { pass, form, ...more }, { "idempotency-key": key });
  const submit = (/** @type {string} */ pass, key = random(12), more = {}) => asked(() => send(pass, key, more));
  const taken = async () => Number(await (await deployment.object("COUNTER", name, CAMPAIGN)).taken());
  return { write, admit, send, submit, taken };
}
/** Of hundreds of connections at once the machine may close some: then the same is asked once more. @param {() => Promise<any>} ask @returns {Promise<any>} */
const asked = (ask) => until(() => ask().catch(() => undefined), "there is an answer");
/** @param {{ status: number, body: any }} answer */
const told = ({ status, body }) => (status === 201 ? 201 : body.code);
const times = (/** @type {number} */ n) => Array.from({ length: n }, (_, index) => index);

test("of 200 submissions at the same moment as many are recorded as there are places, and every other is told why", async () => {
  const { admit, submit, taken } = await account(worker, "crowd", { cap: 50 });
  const passes = await Promise.all(times(200).map(async () => (await admit()).pass));
  const answers = (await Promise.all(passes.map((pass) => submit(pass)))).map(told);
  const of = (/** @type {number | string} */ answer) => answers.filter((one) => one === answer).length;
  assert.deepEqual([of(201), of("campaign_full")], [50, 150]);
  assert.equal(await taken(), 50);
  assert.equal((await worker.statistics("crowd", CAMPAIGN, 50)).participations, 50);
  await until(async () => (await admit()).reason === "campaign_full", "a newcomer is told before the first question");
  const { body } = await asked(() => worker.post("/v1/token/admit", { account: "crowd", campaignId: CAMPAIGN, token: "" }));
  assert.deepEqual([body.status, body.code], [403, "campaign_full"]);
});

test("a repeated submission takes one place, and is answered the same once the campaign is full", async () => {
  const { admit, submit, taken } = await account(worker, "again", { cap: 2 });
  const [one, two] = [(await admit()).pass, (await admit()).pass];
  const key = random(12);
  const answers = await Promise.all(times(8).map(() => submit(one, key)));
  assert.deepEqual([...new Set(answers.map(({ status, text }) => `${status} ${text}`))].length, 1, "eight at once");
  assert.equal(await taken(), 1);
  assert.equal((await submit(two)).status, 201);
  assert.deepEqual((await submit(one, key)).body, answers[0].body);
  assert.equal(await taken(), 2);
});

test("what is refused takes no place: a form with faults, a preview, a person at their limit, a token that was used", async () => {
  const { admit, submit, taken } = await account(worker, "free", { cap: 3, limit: { total: 1 } });
  const pass = (await admit("an")).pass;
  assert.equal((await submit(pass, random(12), { form: {} })).status, 422);
  assert.equal((await submit(pass, random(12), { preview: true })).status, 201);
  assert.equal(await taken(), 0);
  const other = (await admit("an")).pass;
  assert.equal((await submit(pass)).status, 201);
  assert.deepEqual([told(await submit(other)), told(await submit(pass))], ["quota_reached", "already_recorded"]);
  assert.equal(await taken(), 1);
});

test("a pass that is submitted many times at the same moment takes one place, and keeps nobody else out", async (t) => {
  const gate = new GatedDatabase();
  const gated = await Deployment.start({}, { queue: gate });
  t.after(() => gated.stop());
  const { admit, submit, taken } = await account(gated, "greedy", { cap: 5 });
  const [greedy, other] = [(await admit()).pass, (await admit()).pass];
  // The counter is far away, so all would be there before the first is recorded.
  const far = async () => {
    gate.at.reserve = far;
    await pause(300);
  };
  gate.at.reserve = far;
  const answers = (await Promise.all(times(20).map(() => submit(greedy)))).map(told);
  delete gate.at.reserve;
  assert.deepEqual([...new Set(answers)].sort(), [201, "already_recorded"]);
  assert.deepEqual([answers.filter((one) => one === 201).length, await taken()], [1, 1]);
  assert.equal((await submit(other)).status, 201);
});

test("a raised cap opens the campaign, a lowered one takes nothing back, and one that comes later counts what there was", async () => {
  const { write, admit, submit, taken } = await account(worker, "raised", {});
  for (const _ of times(3)) assert.equal((await submit((await admit()).pass)).status, 201);
  await worker.statistics("raised", CAMPAIGN, 3);
  const [one, two, three] = await Promise.all(times(3).map(async () => (await admit()).pass));
  await write({ cap: 4 });
  assert.deepEqual([told(await submit(one)), told(await submit(two))], [201, "campaign_full"]);
  await write({ cap: 5 });
  assert.equal(told(await submit(two)), 201);
  await write({ cap: 1 });
  assert.deepEqual([told(await submit(three)), await taken()], ["campaign_full", 5]);
});

test("a place that nobody's participation came for is free again, and one that is confirmed stays", async () => {
  const { admit, submit, taken } = await account(worker, "lost", { cap: 2 });
  const counter = await worker.object("COUNTER", "lost", CAMPAIGN);
  const participant = await worker.object("PARTICIPANT", "lost", CAMPAIGN, "n", "nobody");
  const place = { id: "0f8fad5b-d9cb-469f-a165-70867728950e", object: String(participant.id), cap: 2, account: "lost", campaignId: CAMPAIGN };
  // As a submission leaves it that was killed between its place and its record, half a minute ago.
  assert.equal(await counter.reserve({ ...place, now: Date.now() - 60_000 }), true);
  assert.equal((await submit((await admit()).pass)).status, 201);
  await until(async () => (await taken()) === 1, "its alarm has asked, and nobody has it");
  assert.equal((await submit((await admit()).pass)).status, 201, "somebody else has the place");
  await worker.statistics("lost", CAMPAIGN, 2);
  assert.equal(await taken(), 2);
});

describe("deaths", () => {
  test(`places are neither given twice nor lost when the worker is killed, ${KILLS} times`, async () => {
    const mortal = new Mortal();
    await mortal.start();
    try {
      const cap = 4 * KILLS;
      const { admit, send } = await account(mortal.operator, "mortal", { cap });
      /** @type {Map<string, string>} */
      const keys = new Map();
      const passes = await Promise.all(times(6 * KILLS).map(async () => (await admit()).pass));
      const again = async () => {
        const answers = await Promise.all([...keys].map(([key, pass]) => send(pass, key).catch(() => undefined)));
        return answers.map((answer) => (answer ? told(answer) : "killed"));
      };
      for (const round of times(KILLS)) {
        for (const pass of passes.slice(6 * round, 6 * round + 6)) keys.set(random(12), pass);
        const under = again();
        await pause(3 + ((round * 7) % 40));
        await mortal.kill();
        await under;
        await mortal.start();
      }
      const recorded = async () => (await again()).filter((answer) => answer === 201).length;
      await until(async () => (await recorded()) === cap, `all ${cap} places are recorded`, 120_000);
      const statistics = await mortal.operator.statistics("mortal", CAMPAIGN, cap);
      assert.equal(statistics.participations, cap);
      assert.equal((await again()).filter((answer) => answer === "campaign_full").length, 6 * KILLS - cap);
    } finally {
      await mortal.bury();
    }
  });
});
