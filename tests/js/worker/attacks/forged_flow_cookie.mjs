// The attacker knows a victim's code, verifier and nonce, begins the customer's flow in a browser of their own, writes
// both into its cookie and delivers the code: it would be redeemed with the customer's secret.

import assert from "node:assert/strict";
import { test } from "node:test";
import { CAMPAIGN, CUSTOMER } from "./world.mjs";
import { signedIn, stray } from "../../support/worker/login_world.mjs";

const FLOW = "__Host-hs_flow_";

/** @param {import("./world.mjs").AttackWorld} world */
export function attack(world) {
  for (const redirectUri of ["shared", "account"])
    test(`a forged flow cookie, on the ${redirectUri === "shared" ? "shared callback" : "account's own"}: nothing is redeemed, and the victim's own sign-in goes on`, async () => {
      await world.customer({ redirectUri });
      const flowOf = (/** @type {import("../../support/worker/browser.mjs").Browser} */ browser) => [...browser.cookies].find(([name]) => name.startsWith(FLOW)) ?? ["", ""];
      const victim = world.browser();
      const delivered = new URL(await signedIn(victim, { account: CUSTOMER, campaignId: CAMPAIGN }));
      const [, verifier, nonce] = flowOf(victim)[1].split(".");

      const thief = world.browser();
      const own = new URL(await signedIn(thief, { account: CUSTOMER, campaignId: CAMPAIGN }));
      const [name, value] = flowOf(thief);
      const [sid, ownVerifier, ownNonce] = value.split(".");
      const exchanges = world.provider.exchanges.length;
      own.searchParams.set("code", delivered.searchParams.get("code") ?? "");
      for (const parts of [[verifier, nonce], [verifier, ownNonce], [ownVerifier, nonce]]) {
        thief.cookies.set(name, [sid, ...parts].join("."));
        await stray(thief, own.href, `${world.worker.url}/campaign/${CUSTOMER}/${CAMPAIGN}`);
      }
      assert.equal(world.provider.exchanges.length, exchanges, "no code was sent");

      const { location } = await victim.go(delivered.href);
      const { status, body } = await victim.post("/v1/oauth/redeem", { ticket: location.split("#handstamp=")[1] });
      assert.deepEqual([status, body.admission.prefill.form.email], [200, world.provider.person.email]);
    });
}
