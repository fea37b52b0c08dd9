// An identity provider whose codes can be guessed: the attacker delivers them to a callback of their own before the victims come.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ATTACKER, CAMPAIGN, CUSTOMER } from "./world.mjs";
import { signedIn } from "../../support/worker/login_world.mjs";
import { secrets } from "../../support/worker/customer.mjs";

/** @param {import("./world.mjs").AttackWorld} world */
export function attack(world) {
  test("a code that came to the attacker's own callback first is still good at the customer's own", async () => {
    await world.customer({ redirectUri: "account" });
    await world.worker.account(world.evilDocument({ redirectUri: "account" }), secrets);
    const victim = world.browser();
    const address = await signedIn(victim, { account: CUSTOMER, campaignId: CAMPAIGN });
    const attacker = world.browser();
    const own = new URL(await signedIn(attacker, { account: ATTACKER, campaignId: CAMPAIGN }));
    own.searchParams.set("code", new URL(address).searchParams.get("code") ?? "");
    assert.equal((await attacker.go(own.href)).status, 303);
    const { location } = await victim.go(address);
    const { status, text } = await victim.post("/v1/oauth/redeem", { ticket: location.split("#handstamp=")[1] });
    assert.equal(status, 200, text);
  });
}
