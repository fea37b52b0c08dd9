// Keys of accounts: rotation and rollback, two accounts with one key, secrets that would break the document in force,
// and what changed between two versions.

import assert from "node:assert/strict";
import { createPublicKey, generateKeyPairSync, randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import { SignJWT } from "jose";
import { customer, form } from "../../support/worker/customer.mjs";
import { call, Deployment } from "../../support/worker/deployment.mjs";

/** @type {Deployment} */
let worker;

before(async () => {
  worker = await Deployment.start();
});
after(() => worker.stop());

/** @param {string} path @param {unknown} body */
const send = async (path, body) =>
  call(worker.url + path, {
    method: "POST",
    headers: { "content-type": "application/json", ...(await worker.bearer()) },
    body: JSON.stringify(body),
  });
const shared = { method: "symmetricKey", encoding: "base64url", alg: "HS256" };

test("a rollback never brings a revoked key back, wherever the key stood in between", async () => {
  const { document, secrets, sign } = customer("undone");
  const key = (/** @type {string} */ id, /** @type {string} */ status) => ({ ...shared, id, status, key: { secret: id } });
  const verify = (/** @type {object[]} */ ...keys) => ({ ...document, secureToken: { verify: keys } });
  const OTHER = randomBytes(32).toString("base64url");
  await worker.account(verify(key("TOKEN_KEY", "active"), key("OTHER", "active")), { ...secrets, OTHER });
  const admitted = await worker.post("/v1/token/admit", { account: "undone", campaignId: "100001", token: await sign() });
  assert.equal(admitted.status, 200);
  await worker.account(verify(key("TOKEN_KEY", "revoked"), key("OTHER", "active")));
  await worker.account(verify(key("OTHER", "active")));
  const late = await worker.post("/v1/participations", { pass: admitted.body.pass, form }, { "idempotency-key": "undone-1" });
  assert.equal(late.body.reason, "token_invalid", "revoked for its passes too, after it has left the document");

  const back = await send("/v1/accounts/undone/rollback", { version: 1 });
  assert.deepEqual([back.status, back.body.version, back.body.changed], [200, 4, true]);
  const { body } = await worker.read("/v1/accounts/undone");
  assert.deepEqual(
    body.document.secureToken.verify.map((/** @type {any} */ entry) => [entry.id, entry.status]),
    [
      ["TOKEN_KEY", "revoked"],
      ["OTHER", "active"],
    ],
  );
  const token = await sign({ sub: "late" });
  assert.equal((await worker.post("/v1/token/admit", { account: "undone", campaignId: "100001", token })).status, 401);

  const { body: only } = await worker.put("/v1/accounts/undone", verify(key("TOKEN_KEY", "revoked")));
  assert.deepEqual(only.faults[0].path, "/secureToken/verify", "an account without a usable key is refused");
});

test("a rollback takes a revoked key out of its set, and the others of the set go on", async () => {
  const pairOf = (/** @type {string} */ kid) => {
    const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    return { kid, privateKey, jwk: { ...publicKey.export({ format: "jwk" }), kid } };
  };
  const [bad, good] = [pairOf("bad"), pairOf("good")];
  const { document } = customer("set");
  const set = (/** @type {object[]} */ ...keys) => ({ method: "jwks", keys: { keys } });
  const put = (/** @type {object[]} */ ...verify) => worker.account({ ...document, secureToken: { verify } });
  await put(set(bad.jwk, good.jwk));
  const { warnings } = await put(set(bad.jwk, good.jwk), { ...set(bad.jwk), status: "revoked" });
  assert.deepEqual(warnings.filter((/** @type {any} */ { code }) => code === "key_revoked"), [], "it is not back: it stands beside the set as revoked");
  assert.equal((await send("/v1/accounts/set/rollback", { version: 1 })).status, 200);
  const { body } = await worker.read("/v1/accounts/set");
  assert.deepEqual(body.document.secureToken.verify.map((/** @type {any} */ { status, keys }) => [status, keys.keys.map((/** @type {any} */ key) => key.kid)]), [[undefined, ["good"]]]);
  const admit = async (/** @type {typeof good} */ { kid, privateKey }) => {
    const token = new SignJWT({ sub: "1", campaignId: "100001" }).setProtectedHeader({ alg: "ES256", kid }).setExpirationTime("5m");
    return (await worker.post("/v1/token/admit", { account: "set", campaignId: "100001", token: await token.sign(privateKey) })).status;
  };
  assert.deepEqual([await admit(good), await admit(bad)], [200, 401]);
});

test("a rollback revokes a set as a whole whose every key has been revoked since", async () => {
  const jwk = (/** @type {string} */ kid) => ({ .../** @type {object} */ (generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ format: "jwk" })), kid });
  const set = (/** @type {object[]} */ ...keys) => ({ method: "jwks", keys: { keys } });
  const [gone, other] = [set(jwk("a"), jwk("b")), set(jwk("c"))];
  const put = (/** @type {object[]} */ ...verify) => worker.account({ account: "whole", origins: [], secureToken: { verify }, campaigns: { 1: {} } });
  await put(gone, other);
  await put({ ...gone, status: "revoked" }, other);
  const back = await send("/v1/accounts/whole/rollback", { version: 1 });
  assert.deepEqual([back.status, back.body.warnings], [200, []]);
  const { body } = await worker.read("/v1/accounts/whole");
  assert.deepEqual(body.document.secureToken.verify.map((/** @type {any} */ { status, keys }) => [status, keys.keys.length]), [["revoked", 2], [undefined, 1]]);
});

test("what changed between two versions is told place by place", async () => {
  const { document, secrets } = customer("compared");
  await worker.account(document, secrets);
  const { "100002": second, ...rest } = document.campaigns;
  await worker.account({ ...document, origins: ["https://www.acme.example"], campaigns: { ...rest, 100004: second } });
  const { status, body } = await worker.read("/v1/accounts/compared/differences?from=1");
  assert.equal(status, 200);
  assert.deepEqual(body, {
    account: "compared",
    from: 1,
    to: 2,
    changes: [
      { path: "/origins/0", change: "changed", before: "http://localhost:8788", after: "https://www.acme.example" },
      { path: "/campaigns/100002", change: "removed", before: second },
      { path: "/campaigns/100004", change: "added", after: second },
    ],
  });
  const { body: nothing } = await worker.read("/v1/accounts/compared/differences?from=2&to=2");
  assert.deepEqual(nothing.changes, []);
  assert.equal((await worker.read("/v1/accounts/compared/differences")).status, 400);
  assert.equal((await worker.read("/v1/accounts/compared/differences?from=7")).body.code, "version_unknown");
});

test("two accounts with one secret need issuers or audiences that tell their tokens apart; of a public key they are warned", async () => {
  const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const pem = String(publicKey.export({ type: "spki", format: "pem" }));
  const jwk = { ...createPublicKey(pem).export({ format: "jwk" }), kid: "k" };
  const url = "http://127.0.0.1:9/keys.json";
  const secret = randomBytes(32).toString("hex");
  const urls = ["http://127.0.0.1:9/keys.json?", "http://127.0.0.1:9/x/../keys.json", "http://127.0.0.1:9/%6beys.json"];
  /** @type {[string, object, object][]} the same key, spelled twice */
  const pairs = [
    ["pem", { method: "publicKey", key: pem, alg: "ES256" }, { method: "jwks", keys: { keys: [jwk] } }],
    ["url", { method: "jwks", url }, { method: "jwks", url, algs: ["ES256"] }],
    ...urls.map((spelled, i) => /** @type {[string, object, object]} */ ([`url-${i}`, { method: "jwks", url }, { method: "jwks", url: spelled }])),
    ["host", { method: "jwks", url: "https://id.acme.example/keys" }, { method: "jwks", url: "https://ID.acme.example:443/keys" }],
    [
      "shared",
      { ...shared, key: secret, encoding: "hex" },
      { ...shared, key: Buffer.from(secret, "hex").toString("base64url") },
    ],
  ];
  for (const [name, here, there] of pairs) {
    const put = (/** @type {string} */ account, /** @type {object} */ verify, /** @type {object} */ more = {}) =>
      worker.put(`/v1/accounts/${account}`, { account, secureToken: { verify, ...more }, campaigns: { 1: {} } });
    const [first, second] = [`${name}-1`, `${name}-2`];
    const isSecret = name === "shared";
    /** What a key of another account comes to: a refusal of a secret, a warning of a public key. @param {string} account @param {object} verify @param {object} [more] */
    const told = async (account, verify, more) => {
      const { status, body } = await put(account, verify, more);
      assert.ok(!JSON.stringify(body).includes(account === first ? second : first), "not whose key it is");
      const [found] = isSecret ? (body.faults ?? []) : body.warnings;
      return [status, found?.code, found?.path ?? found?.at];
    };
    const elsewhere = [isSecret ? 422 : 200, "key_elsewhere", "/secureToken/verify/0"];
    const fine = [200, undefined, undefined];
    assert.deepEqual(await told(first, here), fine);
    for (const more of [{}, { issuer: "second" }, { audience: "second" }]) assert.deepEqual(await told(second, there, more), elsewhere, name);
    // A public key is noted all the same, so that the first is warned as the second is.
    assert.deepEqual(await told(first, here), isSecret ? fine : elsewhere, `${name}, the other way round`);
    await put(second, there, { issuer: "second" });
    assert.deepEqual(await told(first, here, { issuer: "first" }), fine);
    assert.deepEqual(await told(second, there, { issuer: "first" }), elsewhere, "the same issuer tells nothing apart");
    assert.deepEqual(await told(second, there, { audience: "second" }), elsewhere, "one asks this, the other that");
    assert.deepEqual(await told(second, there, { issuer: "second" }), fine);
    assert.deepEqual(await told(first, here), elsewhere, "nor can the first drop its issuer again");
    assert.equal((await put(first, { ...shared, key: randomBytes(32).toString("base64url") })).status, 200);
    assert.deepEqual(await told(second, there), fine, "alone with its key");
    await put(second, { ...shared, key: randomBytes(32).toString("base64url") });
  }
});

test("a key that an account has revoked, or that decrypts, is free for another; audiences tell two apart as issuers do", async () => {
  const secret = () => randomBytes(32).toString("base64url");
  const [one, decrypts] = [{ ...shared, key: secret() }, { key: secret(), encoding: "base64url", alg: "dir", enc: "A256GCM" }];
  const put = (/** @type {string} */ account, /** @type {object} */ secureToken) => worker.put(`/v1/accounts/${account}`, { account, secureToken, campaigns: { 1: {} } });
  const told = async (/** @type {Promise<any>} */ answer) => {
    const { status, body } = await answer;
    return [status, body.faults?.[0].code, body.warnings?.[0]?.code];
  };
  const fine = [200, undefined, undefined];
  assert.deepEqual(await told(put("free-1", { verify: [{ ...one, status: "revoked" }, { ...shared, key: secret() }] })), fine);
  assert.deepEqual(await told(put("free-2", { verify: one })), fine, "a revoked key verifies nothing");
  assert.deepEqual(await told(put("free-3", { verify: one })), [422, "key_elsewhere", undefined]);
  for (const account of ["free-4", "free-5"])
    assert.deepEqual(await told(put(account, { verify: { ...shared, key: secret() }, decrypt: decrypts, encryption: "accept" })), fine, "what decrypts says nothing of whose a token is");
  const two = { ...shared, key: secret() };
  for (const account of ["free-6", "free-7"]) assert.deepEqual(await told(put(account, { verify: two, audience: account })), fine, account);
});

test("a secret that the document in force could not work with is refused, and the old one stays", async () => {
  const { document, secrets, sign } = customer("kept");
  await worker.account(document, secrets);
  const { status, body } = await worker.put("/v1/accounts/kept/secrets/TOKEN_KEY", { value: "c2hvcnQ" });
  assert.deepEqual([status, body.faults[0].code, body.faults[0].path], [422, "key_too_short", "/secureToken/verify/0/key"]);
  const other = customer("elsewhere");
  await worker.account(other.document, other.secrets);
  const taken = await worker.put("/v1/accounts/kept/secrets/TOKEN_KEY", { value: other.secrets.TOKEN_KEY });
  assert.deepEqual([taken.status, taken.body.faults[0].code], [422, "key_elsewhere"]);
  const admitted = await worker.post("/v1/token/admit", { account: "kept", campaignId: "100001", token: await sign() });
  assert.equal(admitted.status, 200);
});

test("a key that is taken back into use by a new document is told", async () => {
  const { document, secrets } = customer("returned");
  const SECOND = randomBytes(32).toString("base64url");
  const verify = (/** @type {string} */ status) => [
    { ...shared, key: { secret: "TOKEN_KEY" }, status },
    { ...shared, key: { secret: "SECOND" } },
  ];
  await worker.account({ ...document, secureToken: { verify: verify("revoked") } }, { ...secrets, SECOND });
  const still = await worker.account({ ...document, returnPaths: ["/"], secureToken: { verify: verify("revoked") } });
  assert.deepEqual(still.warnings, [], "it is revoked as before");
  const { warnings } = await worker.account({ ...document, secureToken: { verify: verify("active") } });
  assert.deepEqual(
    warnings.map((/** @type {any} */ { code, at }) => [code, at]),
    [["key_revoked", "/secureToken/verify/0"]],
  );
});
