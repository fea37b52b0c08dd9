// node tests/soak/submit-kills.mjs [submits]: kills workerd (kill -9) at random while people submit. Whoever got no answer
// asks again with the same key. In the end every 201 is in the statistics exactly once, and nothing else is.

import assert from "node:assert/strict";
import { randomInt, randomUUID } from "node:crypto";
import { acme, form, secrets, sign } from "../js/support/worker/customer.mjs";
import { Mortal } from "../js/support/worker/mortal.mjs";
import { pause, until } from "../js/support/patience.mjs";
import { asProgram, many } from "./measure.mjs";

/** @param {number} submits */
export async function killSubmits(submits) {
  const worker = new Mortal();
  await worker.start();
  try {
    const { operator } = worker;
    await operator.account(acme(), secrets);
    /** @type {Set<string>} */
    const answered = new Set();
    let [done, kills, lost, restarting] = [0, 0, 0, Promise.resolve()];
    /** @param {() => Promise<any>} ask @returns {Promise<any>} */
    const untilAnswered = (ask) => until(async () => {
      const answer = await ask().catch(() => undefined);
      if (answer && answer.status < 500) return answer;
      lost += 1;
      await restarting;
      return undefined;
    }, "there is an answer");
    const killer = (async () => {
      // After every few submits, and at any moment of the next, so that a thousand meet many deaths however fast the machine is.
      for (let next = 2; next < submits; next = done + 1 + randomInt(16)) {
        while (done < next) await pause(1);
        await pause(randomInt(60));
        restarting = worker.kill().then(() => worker.start());
        await restarting;
        kills += 1;
      }
    })();
    const began = Date.now();
    await many(submits, 12, async (index) => {
      const token = await sign({ sub: `k${index % (submits / 2)}`, limit: { nb: 4 } });
      const { body } = await untilAnswered(() => operator.post("/v1/token/admit", { account: "acme", campaignId: "100001", token }));
      const key = randomUUID();
      const { status, body: answer } = await untilAnswered(() => operator.post("/v1/participations", { pass: body.pass, form }, { "idempotency-key": key }));
      assert.equal(status, 201);
      assert.ok(!answered.has(answer.participationId), "one participation for one key");
      answered.add(answer.participationId);
      done += 1;
    });
    await killer;
    const [ended, late] = [Date.now(), submits - (await ids(operator)).length];
    const counted = await rows(operator, submits);
    const twice = counted.length - new Set(counted).size;
    const missing = [...answered].filter((id) => !counted.includes(id)).length;
    const unasked = counted.filter((id) => !answered.has(id)).length;
    console.log(
      `submit-kills: ${submits} submits, ${kills} kills, ${lost} answers lost and asked for again, ${answered.size} × 201, ` +
        `${counted.length} in the statistics, ${missing} missing, ${twice} twice, ${unasked} unasked, ${Math.round((ended - began) / 1000)} s; ` +
        `${late} rows were still on their way then, the last for ${Math.round((Date.now() - ended) / 1000)} s`,
    );
    assert.deepEqual([answered.size, counted.length, missing, twice, unasked], [submits, submits, 0, 0, 0]);
    assert.ok(kills > 0);
  } finally {
    await restartEnded(worker);
  }
}

/** @param {Mortal} worker */
async function restartEnded(worker) {
  await worker.bury().catch(() => undefined);
}

/**
 * The ids of the statistics, once there are as many as expected. What was lost on the way is sent again after five seconds,
 * and after every further loss twice as long, up to fifteen minutes; so it is waited for twenty.
 * @param {import("../js/support/worker/deployment.mjs").Deployment} operator
 * @param {number} expected
 */
async function rows(operator, expected) {
  const enough = async () => {
    const found = await ids(operator);
    return found.length >= expected && found;
  };
  return until(enough, `${expected} rows are in the statistics`, 20 * 60_000);
}

/** The ids of the statistics now. @param {import("../js/support/worker/deployment.mjs").Deployment} operator */
async function ids(operator) {
  /** @type {string[]} */
  const found = [];
  for (let next = ""; ; ) {
    const { body } = await operator.read(`/v1/statistics/acme/100001?limit=1000${next && `&before=${next}`}`);
    found.push(...body.rows.map((/** @type {{ id: string }} */ { id }) => id));
    if (!body.next) return found;
    next = body.next;
  }
}

await asProgram(import.meta.url, killSubmits, 1000);
