// node tests/soak/abuse.mjs [tokens]: so many garbage tokens, and what they have cost: reports written, refusals counted,
// memory; and 200 submissions at once of somebody who may play three times.

import assert from "node:assert/strict";
import { randomBytes, randomUUID } from "node:crypto";
import { acme, form, secrets, sign } from "../js/worker/customer.mjs";
import { Deployment } from "../js/worker/deployment.mjs";
import { asProgram, many, patiently, workerdMegabytes } from "./measure.mjs";

/** Reports of an account that are written in a minute, and kept. */
const [A_MINUTE, KEPT] = [60, 1000];

/** @param {number} tokens */
export async function abuse(tokens) {
  const worker = await Deployment.start();
  try {
    await worker.account(acme(), secrets);
    const admit = (/** @type {string} */ token) => worker.post("/v1/token/admit", { account: "acme", campaignId: "100001", token });
    const { body } = await admit(await sign({ sub: "crowd", limit: { nb: 3 } }));
    const answers = await Promise.all(
      Array.from({ length: 200 }, () => {
        const key = randomUUID();
        return patiently(() => worker.post("/v1/participations", { pass: body.pass, form }, { "idempotency-key": key }));
      }),
    );
    const recorded = answers.filter(({ status }) => status === 201).length;

    const [before, began] = [workerdMegabytes(), Date.now()];
    /** @type {Record<string, number>} */
    const statuses = {};
    await many(tokens, 24, async (index) => {
      const garbage = index % 3 === 0 ? randomBytes(80).toString("base64url") : `${(await sign({ sub: "x" })).slice(0, -10)}${randomBytes(7).toString("base64url")}`;
      const { status, body: problem } = await patiently(() => admit(garbage));
      const key = `${status} ${problem.reason}`;
      statuses[key] = (statuses[key] ?? 0) + 1;
    });
    const minutes = Math.floor(Date.now() / 60_000) - Math.floor(began / 60_000) + 1;
    const { body: statistics } = await worker.read("/v1/statistics/acme/100001");
    const written = await reports(worker);
    const bound = Math.min(KEPT, A_MINUTE * minutes);
    console.log(
      `abuse: 200 parallel submits with nb 3: ${recorded} recorded; ${tokens} garbage tokens: ${JSON.stringify(statuses)}, ` +
        `${written} reports on the first page of 100 (bound of writes ${bound}), ${statistics.refusals.token_invalid} counted, ` +
        `workerd ${before.toFixed(0)} → ${workerdMegabytes().toFixed(0)} MB, ${Math.round((Date.now() - began) / 1000)} s`,
    );
    assert.equal(recorded, 3);
    assert.deepEqual(Object.keys(statuses), ["401 token_invalid"]);
    assert.ok(written <= bound);
    // 197 submissions over the limit are reported too; what is over the bound is counted all the same.
    assert.equal(statistics.refusals.token_invalid, tokens);
  } finally {
    await worker.stop();
  }
}

/** How many reports of tokens a page of the account's list shows: a hundred of them at most. @param {Deployment} worker */
async function reports(worker) {
  const { body } = await worker.read("/v1/refusals?account=acme");
  return body.refusals.filter((/** @type {{ reason: string }} */ { reason }) => reason === "token_invalid").length;
}

await asProgram(import.meta.url, abuse, 10_000);
