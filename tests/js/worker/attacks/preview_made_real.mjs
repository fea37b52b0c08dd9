// A preview's link is passed on by people who do not know what it is, and opened by people who would like it to count. Nothing
// that can be done with its pass makes it a participation, nor does a page that says less than it should.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { customer, form } from "../../support/worker/customer.mjs";
import { CAMPAIGN } from "./world.mjs";

/** @param {import("./world.mjs").AttackWorld} world */
export function attack(world) {
  test("a preview's pass counts nowhere: submitted bare, as a token, a ticket, a draft or at another campaign or account", async () => {
    const { worker } = world;
    const [own, other] = [customer("shown"), customer("beside")];
    for (const one of [own, other]) await worker.account(one.document, one.secrets);
    const { body: made } = await worker.post("/v1/accounts/shown/previews", { campaignId: CAMPAIGN, subject: "victim", claims: { form } }, await worker.bearer());
    const token = await own.sign({ sub: "victim" });
    const { body: asked } = await worker.post("/v1/token/admit", { account: "shown", campaignId: CAMPAIGN, token, preview: true });
    const submit = (/** @type {string} */ pass, more = {}) => worker.post("/v1/participations", { pass, form, ...more }, { "idempotency-key": randomUUID() });

    for (const pass of [made.pass, asked.pass]) {
      for (const more of [{}, { preview: false }, { preview: true }]) {
        const { status, body } = await submit(pass, more);
        assert.deepEqual([status, body.count, body.preview, body.receipt], [201, 0, true, undefined]);
      }
      const [account, sealed] = pass.split(":");
      for (const changed of [`beside:${sealed}`, `${account}:${sealed.slice(0, -1)}`, sealed]) assert.equal((await submit(changed)).body.code, "pass_invalid");
      const open = (/** @type {object} */ more) => worker.post("/v1/token/admit", { account: "shown", campaignId: CAMPAIGN, ...more });
      assert.equal((await open({ token: pass })).status, 401);
      for (const elsewhere of [{ campaignId: "100002" }, { account: "beside" }]) assert.equal((await open({ pass, ...elsewhere })).body.code, "pass_invalid");
      assert.equal((await worker.post("/v1/oauth/redeem", { ticket: pass })).body.pass, undefined);
    }
    // What a page asked for is good for a submission alone: it opens nothing.
    assert.equal((await worker.post("/v1/token/admit", { account: "shown", campaignId: CAMPAIGN, pass: asked.pass })).body.code, "pass_invalid");
    const reopened = await worker.post("/v1/token/admit", { account: "shown", campaignId: CAMPAIGN, pass: made.pass, preview: false, token });
    assert.deepEqual([reopened.body.preview, (await submit(reopened.body.pass)).body.count], [true, 0], "with a token beside it, it is still what it is");

    const { body: counted } = await worker.read(`/v1/statistics/shown/${CAMPAIGN}`);
    assert.deepEqual([counted.participations, counted.funnel.submitted], [0, 0]);
    const { body: real } = await worker.post("/v1/token/admit", { account: "shown", campaignId: CAMPAIGN, token });
    assert.equal((await submit(real.pass)).body.count, 1, "and the victim's own turn is still to be had");
  });

  test("only a program of the account makes a preview", async () => {
    const { worker } = world;
    const body = { campaignId: CAMPAIGN };
    assert.equal((await worker.post("/v1/accounts/shown/previews", body)).status, 401);
    const { body: client } = await worker.post("/v1/accounts/beside/clients", { scope: "accounts:read" }, await worker.bearer());
    const { body: token } = await worker.accessToken({ clientId: client.clientId, secret: client.clientSecret });
    const headers = { authorization: `Bearer ${token.access_token}` };
    assert.equal((await worker.post("/v1/accounts/shown/previews", body, headers)).status, 403);
    assert.equal((await worker.post("/v1/accounts/beside/previews", body, headers)).status, 201);
  });
}
