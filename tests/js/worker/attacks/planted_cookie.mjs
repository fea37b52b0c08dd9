// A sibling subdomain plants a cookie whose name begins with a blank that is neither space nor tab: a browser takes it past
// the rules of `__Host-`, and a server that trims such blanks would take it for ours.

import assert from "node:assert/strict";
import { test } from "node:test";
import { CAMPAIGN, CUSTOMER } from "./world.mjs";
import { draft } from "../../support/worker/login_world.mjs";

/** @param {import("./world.mjs").AttackWorld} world */
export function attack(world) {
  test("a proof planted under a name that begins with another blank is not taken for ours", async () => {
    await world.customer();
    const thief = world.browser();
    await thief.post("/v1/drafts", { ...draft, answers: {} });
    const proof = thief.cookies.get("__Host-hs_proof");
    // As bytes of one character each: UTF-8 of U+2000 and U+00A0, and the byte A0 alone.
    for (const blank of ["\u00e2\u0080\u0080", "\u00c2\u00a0", "\u00a0"]) {
      const cookie = `${blank}__Host-hs_proof=${proof}`;
      const page = await world.worker.get(`/campaign/${CUSTOMER}/${CAMPAIGN}`, { headers: { cookie } });
      assert.match(page.headers.getSetCookie().join(), /^__Host-hs_proof=/, "the victim gets a proof of their own");
      const own = { "content-type": "application/json", origin: world.worker.url, "sec-fetch-site": "same-origin", cookie };
      await world.worker.post("/v1/drafts", { ...draft, answers: { colour: "blue" } }, own);
      const read = await world.worker.get(`/v1/drafts?account=${CUSTOMER}&campaignId=${CAMPAIGN}`, { headers: { ...own, cookie: thief.cookieHeader } });
      assert.deepEqual(read.body.draft?.answers, {}, "the thief reads what the thief wrote");
    }
  });
}
