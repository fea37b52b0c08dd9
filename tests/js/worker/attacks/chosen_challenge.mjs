// An attacker with an identity provider of their own sends the victim on to the customer's, with the challenge and nonce
// of a sign-in that the attacker began there: the code comes to the attacker, fits that sign-in, and is injected into it
// (RFC 9700 section 4.5.3.1). Neither PKCE nor the nonce helps, as both are the attacker's own.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ATTACKER, CAMPAIGN, CUSTOMER } from "./world.mjs";
import { secrets } from "../../support/worker/customer.mjs";

/** @param {import("./world.mjs").AttackWorld} world */
export function attack(world) {
  test("a code that the attacker's own login page had sent to the shared callback is of no use in another sign-in", async () => {
    await world.customer();
    world.provider.sendsIss = false;
    world.evil.sendsIss = false;
    try {
      await world.worker.account(world.evilDocument({ redirectUri: "shared" }), secrets);
      const thief = world.browser();
      const asked = new URL((await thief.go(`/oauth/start?account=${CUSTOMER}&campaignId=${CAMPAIGN}`)).location);
      world.evil.instead = (victims) => {
        const on = new URL(asked);
        on.searchParams.set("state", victims.get("state") ?? "");
        return on.href;
      };
      const victim = world.browser();
      const start = await victim.go(`/oauth/start?account=${ATTACKER}&campaignId=${CAMPAIGN}`);
      const there = await victim.go(start.location);
      const delivered = new URL((await victim.go(there.location)).location);
      const { location } = await victim.go(delivered.href);
      await victim.post("/v1/oauth/redeem", { ticket: location.split("#handstamp=")[1] });
      assert.deepEqual(world.stolenCodes, [delivered.searchParams.get("code")], "the attacker has the code");

      const exchanges = world.provider.exchanges.length;
      const code = delivered.searchParams.get("code") ?? "";
      delivered.searchParams.set("state", asked.searchParams.get("state") ?? "");
      // As some identity providers read a code: without capitals, padding, blanks and hyphens.
      for (const spelling of [code, code.toUpperCase(), `${code}=`, ` ${code} `, code.replaceAll("-", "")]) {
        delivered.searchParams.set("code", spelling);
        const back = await thief.go(delivered.href);
        const { status, body } = await thief.post("/v1/oauth/redeem", { ticket: back.location.split("#handstamp=")[1] });
        assert.deepEqual([status, body.reason, body.admission], [401, "login_failed", undefined], spelling);
        assert.equal((await world.cause(CUSTOMER, body.ref)).code, "code_elsewhere");
      }
      assert.equal(world.provider.exchanges.length, exchanges, "the code was not sent with the customer's secret");
    } finally {
      world.provider.sendsIss = true;
      world.evil.instead = undefined;
      world.evil.exchanges = [];
    }
  });
}
