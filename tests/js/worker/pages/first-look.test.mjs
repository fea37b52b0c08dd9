// What a campaign's page may know for a first look at a token: public keys and rules, whatever the account keeps secret.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import { exportJWK, generateKeyPair } from "jose";
import { acme, secrets } from "../../support/worker/customer.mjs";
import { call, Deployment } from "../../support/worker/deployment.mjs";
import "../../support/patience.mjs";

/** @type {Deployment} */
let worker;
before(async () => {
  worker = await Deployment.start();
});
after(() => worker?.stop());

const decryptKey = randomBytes(32).toString("base64url");
const all = { ...secrets, DECRYPT_KEY: decryptKey };

/** The page of an account with these settings. @param {string} account @param {any} secureToken @param {any} [campaign] */
async function page(account, secureToken, campaign = {}) {
  const document = acme({ account, secureToken });
  Object.assign(document.campaigns[100001] ?? {}, campaign);
  await worker.account(document, all);
  const { text } = await call(`${worker.url}/campaign/${account}/100001`, {});
  for (const secret of Object.values(all)) assert.ok(!text.includes(secret), `${account}: no secret in the page`);
  assert.doesNotMatch(text, /"(?:d|k|p|q)":|TOKEN_KEY|DECRYPT_KEY|symmetricKey/, account);
  const block = /<script type="application\/json" id="campaign">(.*?)<\/script>/s.exec(text)?.[1] ?? "";
  return JSON.parse(block).look;
}

const ofSecret = { method: "symmetricKey", key: { secret: "TOKEN_KEY" }, encoding: "base64url", alg: "HS256" };

test("rules without keys where a key is a secret, or a set is fetched", async () => {
  const { publicKey } = await generateKeyPair("ES256", { extractable: true });
  const ofKey = { method: "publicKey", key: await exportJWK(publicKey), alg: "ES256" };
  const secret = await page("look-secret", { verify: ofSecret, issuer: "com.look" });
  assert.deepEqual(secret.settings, { issuer: "com.look" });
  assert.ok(Math.abs(secret.now - Date.now() / 1000) < 60, "with the service's time");
  assert.deepEqual((await page("look-mixed", { verify: [ofKey, ofSecret], issuer: "com.look-mixed" })).settings, { issuer: "com.look-mixed" });
  const fetched = { verify: { method: "jwks", url: "http://localhost:8788/keys.json" }, issuer: "com.look-fetched" };
  assert.deepEqual((await page("look-fetched", fetched)).settings, { issuer: "com.look-fetched" });
});

test("public keys where all are, and nothing where every token is encrypted or none is taken", async () => {
  const { publicKey } = await generateKeyPair("ES256", { extractable: true });
  const key = await exportJWK(publicKey);
  const verify = { method: "publicKey", key, alg: "ES256" };
  const open = await page("look-public", { verify, issuer: "com.look-public", leewaySeconds: 5 });
  assert.deepEqual(open.settings, { issuer: "com.look-public", leewaySeconds: 5, verify: [{ method: "publicKey", alg: "ES256", key }] });
  const decrypt = { key: { secret: "DECRYPT_KEY" }, encoding: "base64url", alg: "A256KW", enc: "A256GCM" };
  const other = await exportJWK((await generateKeyPair("ES256", { extractable: true })).publicKey);
  const sealed = { verify: { ...verify, key: other }, decrypt, issuer: "com.look-sealed" };
  assert.equal(await page("look-sealed", sealed), undefined);
  const accepting = await page("look-accepting", { ...sealed, encryption: "accept", issuer: "com.look-accepting", verify: { ...verify, key: await exportJWK((await generateKeyPair("ES256", { extractable: true })).publicKey) } });
  assert.deepEqual(accepting.settings.verify.length, 1);
  assert.equal(await page("look-open", { verify: ofSecret, issuer: "com.look-open" }, { signIn: ["anonymous"] }), undefined);
});

test("what is only reported of a token is not held against it here either", async () => {
  const { settings } = await page("look-reporting", { verify: ofSecret, audience: "look", issuer: "com.look-reporting", reportOnly: ["audience"] });
  assert.deepEqual(settings, { issuer: "com.look-reporting" });
});
