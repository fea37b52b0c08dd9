// The attacker's account names the customer's public key, and the URL of its key set, before the customer does: every change
// of the customer's document was refused from then on. And the other way round, in another spelling that no check knew.

import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import { once } from "node:events";
import { test } from "node:test";
import { SignJWT } from "jose";
import { customer, form } from "../../support/worker/customer.mjs";
import { CAMPAIGN } from "./world.mjs";

/** @param {import("./world.mjs").AttackWorld} world */
export function attack(world) {
  test("an account that names another's public key or key set keeps nobody from it, and accepts no token of its campaigns", async (t) => {
    const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const jwk = { .../** @type {object} */ (publicKey.export({ format: "jwk" })), kid: "k" };
    const server = createServer((_, answer) => answer.setHeader("content-type", "application/json").end(JSON.stringify({ keys: [jwk] })));
    await once(server.listen(0, "127.0.0.1"), "listening");
    t.after(() => server.close());
    const url = `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}/keys.json`;
    const pem = String(publicKey.export({ type: "spki", format: "pem" }));
    const put = (/** @type {string} */ account, /** @type {object} */ verify, /** @type {object} */ more = {}, campaign = CAMPAIGN) =>
      world.worker.put(`/v1/accounts/${account}`, { ...customer(account).document, secureToken: { verify, ...more }, campaigns: { [campaign]: customer(account).document.campaigns[CAMPAIGN] } });
    const codes = (/** @type {any} */ { status, body }) => [status, ...(body.warnings ?? []).map((/** @type {any} */ { code, at }) => `${code} ${at}`)];
    const warned = [200, "key_elsewhere /secureToken/verify/0"];

    const ways = { key: [{ method: "publicKey", key: pem, alg: "ES256" }, { method: "jwks", keys: { keys: [jwk] } }], url: [{ method: "jwks", url: `${url}?` }, { method: "jwks", url }] };
    for (const [way, [squatted, honest]] of Object.entries(ways)) {
      const [evil, victim] = [`evil-${way}`, `victim-${way}`];
      assert.deepEqual(codes(await put(evil, squatted, {}, "600001")), [200]);
      for (const more of [{}, { issuer: victim }, { issuer: victim, audience: "campaigns" }])
        assert.deepEqual(codes(await put(victim, honest, more)), warned, "told, and not refused, whatever the attacker wrote");
      assert.deepEqual(codes(await put(evil, squatted, {}, "600001")), warned, "the same the other way round");
      assert.deepEqual(codes(await put(evil, squatted, { issuer: [evil, victim] }, "600001")), warned, "a list with the other's issuer tells nothing apart");
      assert.deepEqual(codes(await put(evil, squatted, { issuer: [evil, "another"] }, "600001")), [200], "a list without it does");
      assert.deepEqual(codes(await put(evil, squatted, { issuer: evil }, "600001")), [200], "issuers tell the two apart");

      const token = await new SignJWT({ sub: "1", campaignId: CAMPAIGN, form, iss: victim, aud: "campaigns" }).setProtectedHeader({ alg: "ES256", kid: "k" }).setExpirationTime("5m").sign(privateKey);
      const admit = async (/** @type {string} */ account, /** @type {string} */ campaignId) => (await world.worker.post("/v1/token/admit", { account, campaignId, token })).status;
      await put(evil, squatted, {}, "600001");
      await world.worker.deploy({});
      assert.deepEqual([await admit(victim, CAMPAIGN), await admit(evil, "600001")], [200, 401], "it is bound by its campaign");
      // The squatter's documents go, so that the next way begins alone.
      for (const account of [evil, victim]) await put(account, { method: "jwks", url: `https://${account}.example/keys` });
    }
  });
}
