// A browser that tells no more than the origin of the page where a sign-in began: the link names the page, and anybody writes links.

import assert from "node:assert/strict";
import { test } from "node:test";
import { CAMPAIGN, CUSTOMER } from "./world.mjs";
import { draft } from "../../support/worker/login_world.mjs";

const SITE = "http://localhost:8788";
const OUT = "/out?to=https://evil.example/";

/** @param {import("./world.mjs").AttackWorld} world */
export function attack(world) {
  test("a shortened Referer leads to the paths that the account lists, and to those alone", async () => {
    await world.worker.account({ ...world.document(CUSTOMER, {}), returnPaths: ["/play"] });
    for (const [asked, place] of [["/play", "/play"], ["/play?to=https://evil.example", "/play"], [OUT, undefined], ["/player", undefined]]) {
      const victim = world.browser(`${SITE}/`);
      const { bind } = (await victim.post("/v1/drafts", draft)).body;
      world.provider.redirectUris = undefined;
      const { place: back } = await victim.login({ account: CUSTOMER, campaignId: CAMPAIGN, bind, return: `0:${asked}` });
      assert.equal(back, place ? SITE + place : `${world.worker.url}/campaign/${CUSTOMER}/${CAMPAIGN}`, asked);
    }
  });
}
