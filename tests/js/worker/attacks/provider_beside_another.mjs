// Two identity providers of one account, of which that of a campaign is dishonest: it sends its visitors on to the other one, with a
// state of its own campaign, so that the worker would bring it the other's code (RFC 9700 section 4.4).

import assert from "node:assert/strict";
import { test } from "node:test";
import { CAMPAIGN } from "./world.mjs";
import { secrets } from "../../support/worker/customer.mjs";

const [AGENCY, BRAND] = ["agency", "brand"];

/** @param {import("./world.mjs").AttackWorld} world */
export function attack(world) {
  /** The account, whose campaign `brand` names the attacker's identity provider. @param {Record<string, unknown>} [own] */
  const document = (own = {}) => {
    const made = world.document(AGENCY, { redirectUri: "account" });
    const oauth = { ...world.evil.settings(), clientAuth: { method: "none" }, ...own };
    return { ...made, campaigns: { ...made.campaigns, [BRAND]: { signIn: ["oauth"], fields: [], limit: {}, oauth } } };
  };
  /** What a victim's browser does. @param {string} campaignId */
  const signIn = async (campaignId) => {
    const victim = world.browser();
    const { location } = await victim.go(`/oauth/start?account=${AGENCY}&campaignId=${campaignId}`);
    const back = await victim.go((await victim.go(location)).location);
    const { location: place } = back.location.includes("/oauth/callback") ? await victim.go(back.location) : back;
    return victim.post("/v1/oauth/redeem", { ticket: place.split("#handstamp=")[1] });
  };

  test("a code of one identity provider never reaches another one of the same account, though neither sends iss", async () => {
    const { evil, provider, worker } = world;
    const shared = `${worker.url}/oauth/callback`;
    await worker.account(document(), secrets);
    [evil.sendsIss, provider.sendsIss, provider.redirectUris] = [false, false, [`${shared}/${AGENCY}`]];
    evil.instead = (asked) => {
      const onward = { ...Object.fromEntries(asked), client_id: provider.clientId, redirect_uri: `${shared}/${AGENCY}` };
      return `${provider.issuer}/authorize?${new URLSearchParams(onward)}`;
    };
    try {
      const { status, body } = await signIn(BRAND);
      assert.deepEqual([status, body.reason, evil.exchanges.length], [401, "login_failed", 0], "nothing was sent to the attacker");
      assert.equal((await world.cause(AGENCY, body.ref)).code, "issuer_param_mismatch");
      assert.equal((await signIn(CAMPAIGN)).status, 200, "the account's own sign-in goes on");
      const { status: refused, body: why } = await worker.put(`/v1/accounts/${AGENCY}`, document({ redirectUri: "account" }));
      assert.deepEqual([refused, why.faults[0].path, why.faults[0].code], [422, `/campaigns/${BRAND}/oauth/redirectUri`, "mixup_refused"]);
      assert.match(why.faults[0].message, /register the campaign's own URI, \/oauth\/callback\/\{account\}\/\{campaign\}/);
    } finally {
      [evil.sendsIss, provider.sendsIss, provider.redirectUris, evil.instead] = [true, true, undefined, undefined];
    }
  });
}
