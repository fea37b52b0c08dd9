// What the statistics answer: spans of time, and answers in the export.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { customer, form } from "../support/worker/customer.mjs";
import { Deployment, random } from "../support/worker/deployment.mjs";
import "../support/patience.mjs";

const choices = ["-1", "2", "3"].map((id) => ({ id, text: { en: id } }));
const { document, secrets, sign } = customer("counted");
document.campaigns["100001"].questions = [{ id: "which", text: { en: "Which?" }, choices }];
/** @type {Deployment} */
let worker;

before(async () => {
  worker = await Deployment.start();
  await worker.account(document, secrets);
});
after(() => worker.stop());

test("a series by the hour goes back a week, one by the day a year and a month, and no further", async () => {
  for (const place of ["counted/100001", "counted"]) {
    for (const query of ["by=hour&days=7", "by=day&days=400", "days=400"]) assert.equal((await worker.read(`/v1/statistics/${place}?${query}`)).status, 200, query);
    for (const query of ["by=hour&days=8", "by=day&days=401", "days=0"]) {
      const { status, body } = await worker.read(`/v1/statistics/${place}?${query}`);
      assert.deepEqual([status, body.code, body.at], [400, "query_invalid", "days"], query);
    }
  }
});

test("in the export each of several answers is safe, and the cell is one", async () => {
  for (const which of [["2", "-1"], ["-1", "3"]]) {
    const { body } = await worker.post("/v1/token/admit", { account: "counted", campaignId: "100001", token: await sign({ sub: random(8) }) });
    const { status } = await worker.post("/v1/participations", { pass: body.pass, form: { ...form, firstname: "An, Bo" }, answers: { which } }, { "idempotency-key": random(12) });
    assert.equal(status, 201);
  }
  await worker.statistics("counted", "100001", 2);
  const { text } = await worker.read("/v1/statistics/counted/100001?format=csv");
  assert.equal(text.split('"An, Bo"').length, 3, "a comma is inside its cell");
  assert.deepEqual(text.trimEnd().split("\r\n").slice(1).map((line) => line.split(",").at(-1)).sort(), ["'-1; 3", "2; '-1"]);
});
