// One key of a customer's set is stolen and revoked. The passes that it vouched for end at once, as does every token of
// it; those of the other keys go on.

import assert from "node:assert/strict";
import { generateKeyPairSync, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { once } from "node:events";
import { test } from "node:test";
import { SignJWT } from "jose";
import { customer, form } from "../../support/worker/customer.mjs";
import { CAMPAIGN } from "./world.mjs";

const pairOf = (/** @type {string} */ kid) => {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return { kid, privateKey, jwk: { .../** @type {object} */ (publicKey.export({ format: "jwk" })), kid } };
};

/** @param {import("./world.mjs").AttackWorld} world */
export function attack(world) {
  for (const given of ["in the document", "by URL"])
    test(`a revoked key of a set ${given}: its passes and tokens are refused at once, and no others`, async (t) => {
      const account = `set-${randomUUID().slice(0, 8)}`;
      const [stolen, good] = [pairOf("stolen"), pairOf("good")];
      const server = createServer((_, answer) => answer.setHeader("content-type", "application/json").end(JSON.stringify({ keys: [stolen.jwk, good.jwk] })));
      await once(server.listen(0, "127.0.0.1"), "listening");
      t.after(() => server.close());
      const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
      const url = `http://127.0.0.1:${port}/${account}.json`;
      const set = (/** @type {object[]} */ ...keys) => (given === "by URL" ? { method: "jwks", url } : { method: "jwks", keys: { keys } });
      const revoked = { method: "jwks", keys: { keys: [stolen.jwk] }, status: "revoked" };
      const put = (/** @type {object[]} */ ...verify) => world.worker.account({ ...customer(account).document, secureToken: { verify, issuer: account } });

      await put(set(stolen.jwk, good.jwk));
      const admit = async ({ kid, privateKey } = stolen) => {
        const token = new SignJWT({ sub: randomUUID(), campaignId: CAMPAIGN, form, iss: account }).setProtectedHeader({ alg: "ES256", kid }).setExpirationTime("5m");
        return world.worker.post("/v1/token/admit", { account, campaignId: CAMPAIGN, token: await token.sign(privateKey) });
      };
      const passes = async (/** @type {typeof stolen} */ pair) => Promise.all([1, 2, 3].map(async () => (await admit(pair)).body.pass));
      const submit = async (/** @type {string} */ pass) => (await world.worker.post("/v1/participations", { pass, form }, { "idempotency-key": randomUUID() })).status;
      const [bad, fine] = [await passes(stolen), await passes(good)];

      // The set that is left over, or the whole of it: a set that the customer serves may still have the key.
      await put(set(good.jwk), revoked);
      assert.deepEqual(await Promise.all([bad[0], fine[0]].map(submit)), [401, 201], "with the key taken out of the set");
      await put(set(stolen.jwk, good.jwk), revoked);
      assert.deepEqual(await Promise.all([bad[1], fine[1]].map(submit)), [401, 201], "with the key still in the set");
      await world.worker.deploy({});
      assert.deepEqual([(await admit(stolen)).status, (await admit(good)).status], [401, 200], "tokens");
      await put({ ...set(stolen.jwk, good.jwk), status: "revoked" }, { method: "jwks", keys: { keys: [pairOf("new").jwk] } });
      assert.deepEqual(await Promise.all([bad[2], fine[2]].map(submit)), [401, 401], "with the whole set revoked");
    });
}
