// A participant who has one turn asks for a preview first, to be told what is right, and then takes part with that.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { customer, form } from "../../support/worker/customer.mjs";
import { CAMPAIGN } from "./world.mjs";

/** @param {import("./world.mjs").AttackWorld} world */
export function attack(world) {
  test("the right answers are told after taking part and to previews that the account made, to no other", async () => {
    const { worker } = world;
    const quiz = customer("quiz");
    const choices = ["a", "b"].map((id) => ({ id, text: { en: id } }));
    quiz.document.campaigns[CAMPAIGN].questions = [{ id: "q", text: { en: "Which?" }, choices, right: "b" }];
    await worker.account(quiz.document, quiz.secrets);
    const token = await quiz.sign({ sub: "player", jti: randomUUID() });
    const admit = async (more = {}) => (await worker.post("/v1/token/admit", { account: "quiz", campaignId: CAMPAIGN, token, ...more })).body.pass;
    const submit = async (/** @type {string} */ pass, more = {}) => (await worker.post("/v1/participations", { pass, form, answers: { q: "a" }, ...more }, { "idempotency-key": randomUUID() })).body;

    for (const [pass, more] of [[await admit(), { preview: true }], [await admit({ preview: true }), {}]]) {
      const { preview, score } = await submit(pass, more);
      assert.deepEqual([preview, score], [true, undefined]);
    }
    const { body: made } = await worker.post("/v1/accounts/quiz/previews", { campaignId: CAMPAIGN }, await worker.bearer());
    for (const pass of [made.pass, await admit()]) assert.deepEqual((await submit(pass)).score, { right: 0, count: 1, answers: { q: "b" } });
    assert.equal((await submit(await admit())).code, "already_recorded", "and there was one turn");
  });
}
