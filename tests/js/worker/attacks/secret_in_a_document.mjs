// A secret is written into an account's document, or into the draft of a campaign, where everybody who may read the account, its
// versions or its drafts would find it.

import assert from "node:assert/strict";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { test } from "node:test";
import { CAMPAIGN } from "./world.mjs";

const ACCOUNT = "inside";

/** @param {import("./world.mjs").AttackWorld} world */
export function attack(world) {
  const secret = randomBytes(32).toString("base64url");
  const { d, ...rest } = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ format: "jwk" });
  const [text, pair] = [
    { key: secret, encoding: "base64url", alg: "A256KW", enc: "A256GCM" },
    { key: { d, ...rest }, alg: "ECDH-ES+A256KW", enc: "A256GCM" },
  ];
  const clientAuth = { method: "client_secret_basic", secret };

  test("no document and no draft of a campaign has a secret in it, whatever it is for", async () => {
    const { worker } = world;
    const document = /** @type {any} */ (world.document(ACCOUNT, {}));
    const brand = { issuer: "https://id.brand.example", clientId: "brand", clientAuth: { method: "none" } };
    const campaign = (/** @type {object} */ oauth) => ({ ...document.campaigns[CAMPAIGN], oauth: { ...brand, ...oauth } });
    const url = "https://hooks.acme.example/in";
    await worker.put(`/v1/accounts/${ACCOUNT}/secrets/OIDC_CLIENT`, { value: secret, purpose: "client" });
    for (const [more, path] of /** @type {[object, string][]} */ ([
      [{ oauth: { ...document.oauth, decrypt: [text] } }, "/oauth/decrypt/0/key"],
      [{ oauth: { ...document.oauth, decrypt: pair } }, "/oauth/decrypt/key"],
      [{ oauth: { ...document.oauth, clientAuth } }, "/oauth/clientAuth/secret"],
      [{ campaigns: { [CAMPAIGN]: campaign({ decrypt: [pair] }) } }, `/campaigns/${CAMPAIGN}/oauth/decrypt/0/key`],
      [{ campaigns: { [CAMPAIGN]: campaign({ clientAuth }) } }, `/campaigns/${CAMPAIGN}/oauth/clientAuth/secret`],
      [{ webhook: { url, secret } }, "/webhook/secret"],
      [{ webhook: { url, secret: { secret: "W" }, authorization: `Bearer ${secret}` } }, "/webhook/authorization"],
      [{ challenge: { siteKey: "k", secret } }, "/challenge/secret"],
    ])) {
      const { body, status, text: said } = await worker.put(`/v1/accounts/${ACCOUNT}`, { ...document, ...more });
      assert.deepEqual([status, body.faults?.map((/** @type {any} */ fault) => [fault.code, fault.path])], [422, [["secret_inline", path]]], said);
      assert.ok(![secret, d].some((one) => said.includes(String(one))), path);
    }
    assert.equal((await worker.read(`/v1/accounts/${ACCOUNT}`)).status, 404, "nothing is kept");
    await world.account(ACCOUNT);
    for (const [oauth, at] of /** @type {[object, string][]} */ ([[{ decrypt: pair }, "decrypt/key"], [{ clientAuth }, "clientAuth/secret"]])) {
      const { body, status } = await worker.put(`/v1/accounts/${ACCOUNT}/campaigns/${CAMPAIGN}/draft`, { campaign: campaign(oauth), from: 1 });
      assert.deepEqual([status, body.faults?.map((/** @type {any} */ fault) => [fault.code, fault.path])], [422, [["secret_inline", `/campaigns/${CAMPAIGN}/oauth/${at}`]]]);
    }
    assert.equal((await worker.read(`/v1/accounts/${ACCOUNT}/campaigns/${CAMPAIGN}/draft`)).status, 404);
  });
}
