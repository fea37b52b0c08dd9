// An account whose identity provider answers at length and never ends, for many sign-ins at once: what is awaited would fill the
// memory that all accounts share.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { until } from "../../support/patience.mjs";
import { signedIn } from "../../support/worker/login_world.mjs";
import { secrets } from "../../support/worker/customer.mjs";
import { ATTACKER, CAMPAIGN, CUSTOMER } from "./world.mjs";

/** Of an answer that may have 512 KiB. */
const BYTES = 500 * 1024;
/** As many as fit into 4 MiB, and some more. */
const [FIT, MORE, HASTY] = [8, 6, "hasty"];

/** @param {import("./world.mjs").AttackWorld} world */
export function attack(world) {
  test("slow and large answers of one account's identity provider are held up to a bound, and the others' sign-ins go on", async () => {
    let waiting = 0;
    const server = createServer((request, response) => {
      waiting += 1;
      response.writeHead(200, { "content-type": "application/json" }).write(Buffer.alloc(BYTES, " "));
    });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
    world.evil.metadata = { token_endpoint: `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}/token` };
    try {
      await world.customer();
      // As long as an account may wait, so that nobody's time is over before all have come.
      await world.worker.account(world.evilDocument({ redirectUri: "account", timeoutSeconds: 10 }), secrets);
      // Not as long as by default, for which other attacks have fetched the metadata already.
      await world.worker.account(world.document(HASTY, { ...world.evil.settings(), redirectUri: "account", timeoutSeconds: 4 }), secrets);
      /** @type {{ status: number, body: any }[]} */
      const ended = [];
      const signIn = async (/** @type {string} */ account) => {
        const browser = world.browser();
        const { location } = await browser.go(await signedIn(browser, { account, campaignId: CAMPAIGN }));
        return browser.post("/v1/oauth/redeem", { ticket: location.split("#handstamp=")[1] });
      };
      const came = Array.from({ length: FIT + MORE }, async () => ended.push(await signIn(ATTACKER)));
      await until(() => ended.length >= MORE, () => `the rest is refused: ${waiting} wait, ${ended.length} have ended`);
      assert.equal((await signIn(CUSTOMER)).status, 200, "meanwhile");
      server.closeAllConnections();
      await Promise.all(came);
      const codes = await Promise.all(ended.map(async ({ body }) => (await world.cause(ATTACKER, body.ref)).code));
      const refused = ended.filter((_, n) => codes[n] === "servers_busy");
      assert.ok(refused.length >= MORE && codes.includes("response_failed"), codes.join());
      for (const { status, body } of refused) assert.deepEqual([status, body.reason, body.retry], [503, "try_again", "later"]);
      for (const { body } of await Promise.all(Array.from({ length: FIT }, () => signIn(HASTY)))) assert.equal((await world.cause(HASTY, body.ref)).code, "response_timeout");
      const [before, next] = [waiting, signIn(HASTY)];
      await until(() => waiting > before, "the next one is sent");
      server.closeAllConnections();
      assert.match((await world.cause(HASTY, (await next).body.ref)).code, /^response_(failed|timeout)$/, "what was held was given back");
    } finally {
      world.evil.metadata = {};
      server.closeAllConnections();
      server.close();
    }
  });
}
