// An account has the hourly look at keys fetch for it: an internal URL by a redirect or from a document of before, the same URL once for
// each of many accounts, a set whose server never ends its answer, or an identity provider for each of many campaigns.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { PATIENCE_MS } from "../../support/patience.mjs";
import { customer } from "../../support/worker/customer.mjs";

const ACCOUNTS = 12;
const HOUR_MS = 3_600_000;

/** @param {import("./world.mjs").AttackWorld} world */
export function attack(world) {
  test("the hourly look fetches a URL once for all accounts, follows no redirect, asks no private address, and is not held up", async () => {
    /** @type {Record<string, number>} */ const asked = {};
    const server = createServer((request, response) => {
      const path = String(request.url);
      asked[path] = (asked[path] ?? 0) + 1;
      if (path === "/away") return response.writeHead(302, { location: "/internal" }).end();
      if (path === "/endless") return response.writeHead(200, { "content-type": "application/json" }).write("{");
      return response.writeHead(200, { "content-type": "application/json" }).end('{"keys":[]}');
    });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
    const origin = `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}`;
    const { worker } = world;
    const document = (/** @type {string} */ account, /** @type {string[]} */ ...urls) => ({ ...customer(account).document, secureToken: { issuer: account, verify: urls.map((url) => ({ method: "jwks", url })) } });
    try {
      for (let n = 0; n < ACCOUNTS; n += 1) await worker.account(document(`many-${n}`, `${origin}/same`, `${origin}/endless`));
      await worker.account(document("away", `${origin}/away`));
      const { document: many, secrets } = customer("brands");
      const brand = (/** @type {number} */ n) => ({ ...many.campaigns["100001"], signIn: ["oauth"], oauth: { issuer: `${origin}/brand-${n}`, clientId: "brand", clientAuth: { method: "client_secret_basic", secret: { secret: "OIDC_CLIENT" } }, redirectUri: "campaign" } });
      await worker.account({ ...many, campaigns: Object.fromEntries(Array.from({ length: 20 }, (_, n) => [String(200_000 + n), brand(n)])) }, secrets);
      const before = document("before", "http://10.0.0.1/keys", "http://169.254.169.254/latest");
      await worker.account(document("before", `${origin}/same`));
      const object = await worker.accountObject("before");
      const { document: normal } = await object.read();
      await object.write(JSON.stringify(before), { ...normal, secureToken: { ...normal.secureToken, verify: before.secureToken.verify.map((key) => ({ ...key, status: "active" })) } }, { revoked: [], used: [] }, Date.now());
      const [began, from] = [Date.now(), worker.log.length];
      await (await worker.miniflare.getWorker()).scheduled({ cron: "23 * * * *", scheduledTime: new Date(began + HOUR_MS) });
      assert.ok(Date.now() - began < PATIENCE_MS, "it ends");
      assert.deepEqual([asked["/same"], asked["/endless"], asked["/away"], asked["/internal"]], [1, 1, 1, undefined], JSON.stringify(asked));
      assert.equal(Object.keys(asked).filter((path) => path.startsWith("/brand-")).length, 8, "of one account's many identity providers, so many in one look");
      const line = JSON.parse(worker.log.slice(from).join("").split("\n").find((text) => text.includes('"job":"keys"')) ?? "{}");
      assert.equal(line.failed, 1, "a document with a private address is not even read, and keeps nobody else from being looked at");
      assert.equal((await worker.read("/v1/accounts/away/keys")).body.lists[0].keys[0].published.failed, "redirected");
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
}
