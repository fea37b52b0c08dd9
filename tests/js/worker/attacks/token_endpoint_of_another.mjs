// One customer names another's identity provider and client, and a token endpoint of its own: the codes of the other's
// participants, and the verifiers to them, would come to it (RFC 9700 section 4.4).

import assert from "node:assert/strict";
import { test } from "node:test";
import { ATTACKER, CAMPAIGN } from "./world.mjs";

/** @param {import("./world.mjs").AttackWorld} world */
export function attack(world) {
  const named = () => ({ ...world.provider.settings(), redirectUri: "shared", sendsIss: true });
  const public_ = { clientAuth: { method: "none" } };
  const spellings = {
    "a token endpoint beside the issuer": () => ({ ...named(), endpoints: { token: `${world.evil.issuer}/token` } }),
    "every endpoint": () => ({ ...named(), endpoints: { authorization: `${world.provider.issuer}/authorize`, token: `${world.evil.issuer}/token`, jwks: `${world.evil.issuer}/jwks`, userinfo: `${world.evil.issuer}/me` } }),
    "metadata from elsewhere": () => ({ ...named(), discovery: `${world.evil.issuer}/.well-known/openid-configuration` }),
    "a pushed request to elsewhere": () => ({ ...named(), endpoints: { pushedAuthorization: `${world.evil.issuer}/par` } }),
    "a public client": () => ({ ...named(), ...public_ }),
    "a public client, with a token endpoint": () => ({ ...named(), ...public_, endpoints: { token: `${world.evil.issuer}/token` } }),
  };

  for (const [name, oauth] of Object.entries(spellings)) {
    test(`another's identity provider, by ${name}: refused when it is written, and when it was stored before`, async () => {
      await world.customer();
      const { status, body } = await world.worker.put(`/v1/accounts/${ATTACKER}`, world.evilDocument(oauth()));
      assert.deepEqual([status, body.faults?.map((/** @type {any} */ fault) => [fault.path, fault.code])], [422, [["/oauth/redirectUri", "mixup_refused"]]]);

      await world.storedBefore(world.evilDocument(oauth()));
      const victim = world.browser();
      const { status: started, location } = await victim.go(`/oauth/start?account=${ATTACKER}&campaignId=${CAMPAIGN}`);
      assert.deepEqual([started, new URL(location).origin], [303, world.worker.url], "back to the campaign, past no login page");
      const { body: refused } = await victim.post("/v1/oauth/redeem", { ticket: location.split("#handstamp=")[1] });
      const cause = await world.cause(ATTACKER, refused.ref);
      assert.equal(cause.code, "mixup_refused");
      assert.match(JSON.stringify(cause), new RegExp(`${world.worker.url}/oauth/callback/${ATTACKER}`), "it says what to register");
      assert.deepEqual(world.stolenCodes, []);
    });
  }

  test("another's identity provider, with a callback of the attacker's own: that one is not registered there", async () => {
    await world.customer();
    await world.worker.account(world.evilDocument({ ...spellings["every endpoint"](), redirectUri: "account" }));
    const victim = world.browser();
    const start = await victim.go(`/oauth/start?account=${ATTACKER}&campaignId=${CAMPAIGN}`);
    assert.deepEqual([(await victim.go(start.location)).status, world.stolenCodes], [400, []]);
  });
}
