// The attacker knows the whole address at which a victim's sign-in comes back, code and state, as from a log or a history; or makes
// a victim's browser open the attacker's own. Neither browser holds the flow cookie of that sign-in.

import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { test } from "node:test";
import { CAMPAIGN, CUSTOMER } from "./world.mjs";
import { signedIn, stray } from "../../support/worker/login_world.mjs";

/** @param {import("./world.mjs").AttackWorld} world */
export function attack(world) {
  const objects = async () => (await readdir(world.worker.stateDir, { recursive: true })).filter((file) => /handstamp-Login\/\w+\.sqlite$/.test(file)).length;
  const home = () => `${world.worker.url}/campaign/${CUSTOMER}/${CAMPAIGN}`;

  for (const redirectUri of ["shared", "account"])
    test(`the address of a victim's callback, opened elsewhere again and again (${redirectUri}): nothing is made, used up or learnt`, async () => {
      await world.customer({ redirectUri });
      const victim = world.browser();
      const address = await signedIn(victim, { account: CUSTOMER, campaignId: CAMPAIGN });
      const [[name, cookie]] = [...victim.cookies].filter(([each]) => each.startsWith("__Host-hs_flow_"));
      const [before, exchanges] = [await objects(), world.provider.exchanges.length];
      const forged = ["", cookie.split(".")[0], `${cookie.split(".")[0]}..`, cookie.replace(/\./, ".A"), cookie.split(".").slice(0, 2).join(".")];
      for (let turn = 0; turn < 30; turn += 1) {
        const thief = world.browser();
        const value = forged[turn % forged.length];
        if (value) thief.cookies.set(name, value);
        const text = await stray(thief, address, home());
        assert.ok(!text.includes("handstamp="), "no ticket");
      }
      assert.deepEqual([await objects(), world.provider.exchanges.length], [before, exchanges]);
      const { location } = await victim.go(address);
      assert.equal((await victim.post("/v1/oauth/redeem", { ticket: location.split("#handstamp=")[1] })).status, 200);
    });

  test("the attacker's own callback in a victim's browser signs the victim in as nobody, and the way on is the victim's own", async () => {
    await world.customer();
    const thief = world.browser();
    const address = await signedIn(thief, { account: CUSTOMER, campaignId: CAMPAIGN });
    const victim = world.browser();
    const own = await signedIn(victim, { account: CUSTOMER, campaignId: CAMPAIGN });
    await stray(victim, address, home());
    const { location } = await victim.go(own);
    const { status, body } = await victim.post("/v1/oauth/redeem", { ticket: location.split("#handstamp=")[1] });
    assert.deepEqual([status, body.admission.decision], [200, "allowed"]);
  });
}
