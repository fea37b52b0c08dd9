// A test origin is on everybody's own machine: whatever program serves it there can frame a campaign of the account and have its
// victim sign in. What comes back is a preview, whatever the page, the frame or the browser leaves unsaid.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { form, secrets } from "../../support/worker/customer.mjs";
import { draft } from "../../support/worker/login_world.mjs";
import { CAMPAIGN } from "./world.mjs";

const [ACCOUNT, TEST] = ["tested", "http://localhost:3000"];

/** @param {import("./world.mjs").AttackWorld} world */
export function attack(world) {
  test("a sign-in that began at a test origin brings a preview and nothing else", async () => {
    const { worker } = world;
    world.provider.redirectUris = undefined;
    const document = { ...world.document(ACCOUNT, {}), testOrigins: [TEST] };
    await worker.account(document, secrets);
    await worker.deploy({});
    const own = `${worker.url}/campaign/${ACCOUNT}/${CAMPAIGN}`;
    /** @type {[string, string, string | undefined, string][]} */
    const ways = [
      ["with its page", `${TEST}/play`, "1:/play", `${TEST}/play`],
      ["with its origin alone", `${TEST}/`, "1:/play", own],
      ["without a place to return to", `${TEST}/play`, undefined, own],
    ];
    for (const [how, page, place, home] of ways) {
      const victim = world.browser(page);
      const { bind } = (await victim.post("/v1/drafts", { ...draft, account: ACCOUNT })).body;
      const { place: back, ticket } = await victim.login({ account: ACCOUNT, campaignId: CAMPAIGN, ...(place && { bind, return: place }) });
      assert.equal(back, home, how);
      // The frame does not ask: the page around it may have its own.
      const { body } = await victim.post("/v1/oauth/redeem", { ticket });
      assert.deepEqual([body.preview, typeof body.pass], [true, "string"], how);
      const { body: recorded } = await victim.post("/v1/participations", { pass: body.pass, form }, { "idempotency-key": randomUUID() });
      assert.deepEqual([recorded.preview, recorded.count, recorded.receipt], [true, 0, undefined], how);
    }

    // The document moves on while the sign-in is under way: a test origin never becomes another one.
    const victim = world.browser(`${TEST}/play`);
    const { bind } = (await victim.post("/v1/drafts", { ...draft, account: ACCOUNT })).body;
    const start = await victim.go(`/oauth/start?${new URLSearchParams({ account: ACCOUNT, campaignId: CAMPAIGN, bind, return: "1:/play" })}`);
    const { location } = await victim.go(start.location);
    await worker.account({ ...document, origins: ["http://localhost:8788", "http://localhost:8790"], testOrigins: [] });
    await worker.deploy({});
    const [back, ticket] = (await victim.go(location)).location.split("#handstamp=");
    assert.equal(back, own);
    assert.equal((await victim.post("/v1/oauth/redeem", { ticket })).body.preview, true);

    const { body: counted } = await worker.read(`/v1/statistics/${ACCOUNT}/${CAMPAIGN}`);
    assert.deepEqual([counted.participations, counted.funnel.login, counted.funnel.returned, counted.funnel.submitted], [0, 0, 0, 0]);
  });
}
