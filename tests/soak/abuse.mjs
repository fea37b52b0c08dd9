// node tests/soak/abuse.mjs [tokens]: so many garbage tokens, and what they have cost: reports written, refusals counted,
// memory; and 200 submissions at once of somebody who may play three times.

import assert from "node:assert/strict";
import { randomBytes, randomUUID } from "node:crypto";
import { acme, form, secrets, sign } from "../js/support/worker/customer.mjs";
import { Deployment } from "../js/support/worker/deployment.mjs";
import { asProgram, many, patiently, workerdMegabytes } from "./measure.mjs";

/** Reports of an account that are written in a minute, with those that each of four kinds has for itself, and kept. */
const [A_MINUTE, KEPT] = [60 + 4 * 5, 1000];

/** @param {number} tokens */
export async function abuse(tokens) {
  const worker = await Deployment.start();
  try {
    await worker.account(acme(), secrets);
    const admit = (/** @type {string} */ token) => worker.post("/v1/token/admit", { account: "acme", campaignId: "100001", token });
    // The submissions over the limit are reported in the same minutes.
    const began = Date.now();
    const { body } = await admit(await sign({ sub: "crowd", limit: { nb: 3 } }));
    const answers = await Promise.all(
      Array.from({ length: 200 }, () => {
        const key = randomUUID();
        return patiently(() => worker.post("/v1/participations", { pass: body.pass, form }, { "idempotency-key": key }));
      }),
    );
    const recorded = answers.filter(({ status }) => status === 201).length;
    assert.deepEqual(answers.flatMap(({ status, body: answer }) => (status === 201 ? [answer.count] : [])).sort(), [1, 2, 3]);
    assert.ok(answers.every(({ status, body: answer }) => status === 201 || (status === 409 && answer.reason === "quota_reached")));

    const before = workerdMegabytes();
    /** @type {Record<string, number>} */
    const statuses = {};
    await many(tokens, 24, async (index) => {
      const garbage = index % 3 === 0 ? randomBytes(80).toString("base64url") : `${(await sign({ sub: "x" })).slice(0, -10)}${randomBytes(7).toString("base64url")}`;
      const { status, body: problem } = await patiently(() => admit(garbage));
      const key = `${status} ${problem.reason}`;
      statuses[key] = (statuses[key] ?? 0) + 1;
    });
    const minutes = Math.floor(Date.now() / 60_000) - Math.floor(began / 60_000) + 1;
    const bound = Math.min(KEPT, A_MINUTE * minutes);
    const [written, listed] = [await stored(worker, "acme"), await stored(worker, "*")];
    const statistics = await worker.statistics("acme", "100001", 3);
    console.log(
      `abuse: 200 parallel submits with nb 3: ${recorded} answered 201, ${statistics.participations} in the statistics; ` +
        `${tokens} garbage tokens: ${JSON.stringify(statuses)}, ${written} reports stored, ${listed} in the operators' list (at most ${bound}), ` +
        `${statistics.refusals.token_invalid} counted, workerd ${before.toFixed(0)} → ${workerdMegabytes().toFixed(0)} MB, ${Math.round((Date.now() - began) / 1000)} s`,
    );
    assert.deepEqual([recorded, statistics.participations], [3, 3]);
    assert.deepEqual(Object.keys(statuses), ["401 token_invalid"]);
    // The 197 submissions over the limit were reported too; what is over the bound is counted all the same.
    for (const count of [written, listed]) assert.ok(count > 0 && count <= bound, `${count} reports`);
    assert.equal(statistics.refusals.token_invalid, tokens);
  } finally {
    await worker.stop();
  }
}

/** How many reports an account's object has on disk, whatever its list shows. @param {Deployment} worker @param {string} account */
async function stored(worker, account) {
  const object = await worker.accountObject(account);
  return (await object.refusalList(Date.now(), 1_000_000)).length;
}

await asProgram(import.meta.url, abuse, 10_000);
