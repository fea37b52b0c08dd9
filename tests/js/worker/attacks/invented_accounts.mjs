// A machine that asks for another account each time, as a limit counts each account by itself.

import assert from "node:assert/strict";
import { test } from "node:test";
import { routeTable } from "../../../../xtask/js/routes.mjs";
import { acme, secrets } from "../../support/worker/customer.mjs";
import { Deployment } from "../../support/worker/deployment.mjs";
import { asked, send } from "../../support/worker/route_requests.mjs";

/** Each must count: in a path, a query, a body, the credentials of a client; for a name, and for what cannot be one. */
const ROUTES = ["showCampaign", "startLogin", "admitToken", "issueToken", "readEncryptionKeys", "getAccount"];
const SPELLINGS = [(/** @type {number} */ n) => `invented${n}`, (/** @type {number} */ n) => `Not-A.Name${n}`];

export function attack() {
  test("another invented account in each request is too much of one network as well, and no customer is sent away", async () => {
    const limits = { caller: 4, account: 1_000_000, strangers: 12 };
    const worker = await Deployment.start({}, { limits });
    try {
      await worker.account(acme(), secrets);
      const { routes } = await routeTable();
      const own = routes.find(({ id }) => id === "readEncryptionKeys");
      assert.ok(own);
      assert.equal((await send(worker.url, own, asked(own))).status, 200, "known from here on");
      let network = 0;
      for (const id of ROUTES) {
        const route = routes.find((row) => row.id === id);
        assert.ok(route, id);
        for (const spelling of SPELLINGS) {
          const from = { "cf-connecting-ip": `192.0.2.${(network += 1)}` };
          const ask = async (/** @type {string} */ account) => {
            const { params, query, body, ...rest } = asked(route);
            const named = (/** @type {any} */ members) => members && ("account" in members ? { ...members, account } : members);
            const credentials = id === "issueToken" && { authorization: `Basic ${btoa(`${account}:x`)}` };
            const { status } = await send(worker.url, route, { ...rest, params: named(params), query: named(query), ...(body && { body: named(body) }) }, { ...from, ...credentials });
            return status;
          };
          /** @type {number[]} */
          const statuses = [];
          // Twice, as the minute of a count may end on the way.
          while (statuses.at(-1) !== 429 && statuses.length <= 2 * limits.strangers) statuses.push(await ask(spelling(statuses.length)));
          assert.equal(statuses.at(-1), 429, `${id}: ${spelling(0)}: ${statuses.length} answers, the last ${statuses.at(-1)}`);
          assert.ok(statuses.length > limits.caller, "more than for one account");
          assert.equal((await send(worker.url, own, asked(own), from)).status, 200, `${id}: an account that is known`);
        }
      }
    } finally {
      await worker.stop();
    }
  });
}
