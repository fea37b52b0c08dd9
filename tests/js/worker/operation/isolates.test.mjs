// Two isolates on one store: what one of them has written counts in the other at once where that matters.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { acme, form, secrets, sign } from "../../support/worker/customer.mjs";
import { Deployment, random } from "../../support/worker/deployment.mjs";
import { SecondIsolate } from "../../support/worker/second_isolate.mjs";
import "../../support/patience.mjs";

/** @type {Deployment} */
let worker;

before(async () => {
  worker = await Deployment.start({}, { queue: new SecondIsolate() });
  await worker.account(acme(), secrets);
});
after(() => worker.stop());

/** Posts to the isolate that the test does not write accounts by. @param {string} path @param {object} body @param {Record<string, string>} [headers] */
async function other(path, body, headers = {}) {
  const second = await worker.miniflare.getWorker("second");
  const init = { method: "POST", headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) };
  const response = await second.fetch(worker.url + path, init);
  return { status: response.status, body: /** @type {any} */ (await response.json()) };
}

const submit = (/** @type {string} */ pass) => other("/v1/participations", { pass, form }, { "idempotency-key": random(12) });

test("a key that was revoked by way of one isolate is refused at once when a pass comes to another", async () => {
  const ask = { account: "acme", campaignId: "100001" };
  const enter = async () => other("/v1/token/admit", { ...ask, token: await sign({ sub: random(8) }) });
  const [one, two] = [await enter(), await enter()];
  assert.equal((await submit(one.body.pass)).status, 201);
  const document = acme();
  document.secureToken.verify[0].status = "revoked";
  document.secureToken.verify.push({ ...document.secureToken.verify[0], id: "second", key: { secret: "OTHER" }, status: "active" });
  await worker.account(document, { OTHER: random() });
  const refused = await submit(two.body.pass);
  assert.deepEqual([refused.status, refused.body.reason], [401, "token_invalid"]);
});
