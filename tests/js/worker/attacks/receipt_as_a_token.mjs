// A receipt lies open on the customer's page: the attacker has as many as there are participations, all signed by our key, for
// which anybody may write an account. None is good for anything but what it says.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { customer, form } from "../../support/worker/customer.mjs";
import { CAMPAIGN } from "./world.mjs";

/** @param {import("./world.mjs").AttackWorld} world */
export function attack(world) {
  test("a receipt is taken for no other token: of a participant, of the API, a pass, a ticket or a proof", async () => {
    const { worker } = world;
    const own = customer("receipted");
    await worker.account(own.document, own.secrets);
    const token = await own.sign({ sub: "victim" });
    const { body: admitted } = await worker.post("/v1/token/admit", { account: "receipted", campaignId: CAMPAIGN, token });
    const { body: recorded } = await worker.post("/v1/participations", { pass: admitted.pass, form }, { "idempotency-key": randomUUID() });
    const { receipt } = recorded;
    assert.ok(receipt);

    // The attacker's account takes our own key for that of its tokens, and names our type where it may.
    const { body: keys } = await worker.get("/.well-known/jwks.json");
    const verify = [{ method: "jwks", keys }];
    const taking = (/** @type {object} */ more = {}) => ({ ...customer("taking").document, secureToken: { verify, ...more } });
    for (const typ of ["participation+jwt", "application/Participation+JWT"]) {
      const { status, body } = await worker.put("/v1/accounts/taking", taking({ typ }));
      assert.deepEqual([status, body.faults?.[0].path], [422, "/secureToken/typ"], typ);
    }
    assert.equal((await worker.put("/v1/accounts/taking", taking({ issuer: worker.url }))).status, 422, "nor is our own name an issuer of anybody's");
    for (const more of [{}, { audience: "receipted" }]) {
      await worker.account(taking(more));
      const { status, body } = await worker.post("/v1/token/admit", { account: "taking", campaignId: CAMPAIGN, token: receipt });
      assert.deepEqual([status, body.reason], [401, "token_invalid"]);
      assert.equal((await world.cause("taking", body.ref)).code, "typ_mismatch");
      const assertion = new URLSearchParams({ grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", account: "taking", assertion: receipt });
      assert.equal((await worker.get("/v1/auth/token", { method: "POST", body: assertion })).status, 400);
      const encrypted = await worker.post("/v1/crypto/encrypt", { account: "taking", token: receipt }, await worker.bearer());
      assert.deepEqual([encrypted.status >= 400, encrypted.body.token], [true, undefined]);
    }

    const bearer = { headers: { authorization: `Bearer ${receipt}` } };
    for (const path of ["/v1/accounts/receipted", "/v1/statistics/receipted", "/v1/overview"])
      assert.equal((await worker.get(path, bearer)).status, 401, path);
    for (const pass of [receipt, `receipted:${receipt}`])
      assert.equal((await worker.post("/v1/participations", { pass, form }, { "idempotency-key": randomUUID() })).body.code, "pass_invalid");
    const redeemed = await worker.post("/v1/oauth/redeem", { ticket: receipt, proof: receipt });
    assert.deepEqual([redeemed.status, redeemed.body.pass], [401, undefined]);
    const session = await worker.post("/v1/connections/test", { account: "receipted" }, bearer.headers);
    assert.equal(session.status, 401);
  });
}
