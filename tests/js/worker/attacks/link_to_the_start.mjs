// A link to the start with the attacker's own proof and a page of the customer's that passes fragments on: the ticket of
// whoever follows it would reach the attacker, who holds the proof.

import assert from "node:assert/strict";
import { test } from "node:test";
import { CAMPAIGN, CUSTOMER } from "./world.mjs";
import { draft } from "../../support/worker/login_world.mjs";

const SITE = "http://localhost:8788";
const OUT = "/out?to=https://evil.example/";

/** @param {import("./world.mjs").AttackWorld} world */
export function attack(world) {
  /** What a victim's browser says of where the link was. */
  const referers = () => ({
    "an e-mail": "",
    "a page of the attacker's": "https://evil.example/prize",
    "a page that looks like the customer's": `${SITE}.evil.example/play`,
    "user content on the customer's site": `${SITE}/`,
    "another page of ours": `${world.worker.url}/diagnosis/`,
    "a campaign of another account": `${world.worker.url}/campaign/evil/${CAMPAIGN}`,
    "a name that begins like the account's": `${world.worker.url}/campaign/${CUSTOMER}2/${CAMPAIGN}`,
  });

  for (const [from, trouble] of [["on the way through the login page", false], ["when the identity provider cannot be reached", true]])
    test(`a link to the start from elsewhere, ${from}: the ticket stays on our own origin, and the attacker's proof opens nothing`, async () => {
      await world.customer(trouble ? { redirectUri: "account", discovery: `${world.evil.issuer}/nothing` } : {});
      for (const [where, referer] of Object.entries(referers())) {
        const attacker = world.browser();
        const { bind } = (await attacker.post("/v1/drafts", draft)).body;
        const victim = world.browser(referer);
        let { location } = await victim.go(`/oauth/start?${new URLSearchParams({ account: CUSTOMER, campaignId: CAMPAIGN, bind, return: `0:${OUT}` })}`);
        if (!trouble) ({ location } = await victim.go((await victim.go(location)).location));
        assert.ok(location.startsWith(`${world.worker.url}/campaign/${CUSTOMER}/${CAMPAIGN}#handstamp=`), `${where}: ${location}`);
        const ticket = location.split("#handstamp=")[1];
        assert.equal((await attacker.post("/v1/oauth/redeem", { ticket })).status, 403, where);
        const own = await victim.post("/v1/oauth/redeem", { ticket });
        assert.equal(own.status, trouble ? 401 : 200, `${where}: the victim's own sign-in ends in the campaign`);
      }
    });

  test("a page is returned to whole or not at all: no part of a URL that the attacker wrote becomes another page", async () => {
    await world.customer();
    const start = encodeURIComponent(`${world.worker.url}/oauth/start?account=${CUSTOMER}`);
    for (const path of [`/hop?to=https://evil.example/&to=${start}&z=|`, `/hop?home=https://evil.example/&to=${start}&${"x".repeat(900)}`, "/hop?to={https://evil.example/}&z=`^"]) {
      const victim = world.browser(SITE + path);
      const { bind } = (await victim.post("/v1/drafts", draft)).body;
      assert.equal((await victim.login({ account: CUSTOMER, campaignId: CAMPAIGN, bind, return: `0:${OUT}` })).place, SITE + path);
    }
    const victim = world.browser(`${SITE}/hop?to=https://evil.example/&${"x".repeat(1_600)}`);
    const { bind } = (await victim.post("/v1/drafts", draft)).body;
    const { place } = await victim.login({ account: CUSTOMER, campaignId: CAMPAIGN, bind });
    assert.equal(place, `${world.worker.url}/campaign/${CUSTOMER}/${CAMPAIGN}`, "too long: on our own origin");
  });
}
