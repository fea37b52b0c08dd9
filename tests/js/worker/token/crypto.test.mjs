// The published way of a token: sign, ask the Authorization API, ask the Crypto API, open the campaign with what comes
// out; and customers who encrypt themselves, with the shared secret or with our public key.

import assert from "node:assert/strict";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import { CompactEncrypt, SignJWT, decodeProtectedHeader, importJWK } from "jose";
import { customer, form } from "../../support/worker/customer.mjs";
import { call, Deployment, random } from "../../support/worker/deployment.mjs";

const GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const CAMPAIGN = "100001";

/** @type {Deployment} */
let worker;
const wrapping = randomBytes(32);
const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
const ec = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
const pem = (/** @type {import("node:crypto").KeyObject} */ key) => String(key.export({ type: "pkcs8", format: "pem" }));

/** The keys that an account can be encrypted for. @type {Record<string, { decrypt: object, secret: string }>} */
const ways = {
  A256KW: {
    decrypt: { key: { secret: "JWE" }, encoding: "base64url", alg: "A256KW", enc: "A256GCM" },
    secret: wrapping.toString("base64url"),
  },
  "ECDH-ES+A256KW": {
    decrypt: { key: { secret: "JWE" }, alg: "ECDH-ES+A256KW", enc: "A256CBC-HS512" },
    secret: JSON.stringify(ec.export({ format: "jwk" })),
  },
  "RSA-OAEP-256": { decrypt: { key: { secret: "JWE" }, alg: "RSA-OAEP-256", enc: "A256GCM" }, secret: pem(rsa) },
};
/** @type {Record<string, ReturnType<typeof customer>>} */
const customers = {};

before(async () => {
  worker = await Deployment.start();
  for (const [i, [alg, { decrypt, secret }]] of Object.entries(ways).entries()) {
    const made = customer(`crypto-${i}`);
    const old = { key: { secret: "OLD" }, encoding: "base64url", alg: "A256KW", enc: "A256GCM", status: "retiring" };
    const secureToken = { ...made.document.secureToken, decrypt: [old, decrypt], encryption: "require" };
    customers[alg] = { ...made, document: { ...made.document, secureToken } };
    await worker.account(customers[alg].document, { ...made.secrets, JWE: secret, OLD: randomBytes(32).toString("base64url") });
  }
});
after(() => worker.stop());

/** @param {string} account @param {string} assertion @param {Record<string, string>} [more] */
const trade = (account, assertion, more = {}) =>
  call(`${worker.url}/v1/auth/token`, {
    method: "POST",
    body: new URLSearchParams({ grant_type: GRANT, account, assertion, ...more }),
  });
/** @param {string} token @param {string} accessToken @param {object} [more] */
const encrypt = (token, accessToken, more = {}) =>
  worker.post("/v1/crypto/encrypt", { token, ...more }, { authorization: `Bearer ${accessToken}` });
/** @param {string} account @param {string} token */
const admit = (account, token) => worker.post("/v1/token/admit", { account, campaignId: CAMPAIGN, token });

for (const alg of Object.keys(ways)) {
  test(`sign → authorize → encrypt → play, with ${alg}`, async () => {
    const { document, sign } = customers[alg];
    const { account } = document;
    const signed = await sign({ sub: "published" });
    const readable = await admit(account, signed);
    assert.deepEqual([readable.status, readable.body.reason], [401, "token_invalid"], "encryption is required");

    const granted = await trade(account, signed);
    assert.equal(granted.status, 200, granted.text);
    assert.deepEqual([granted.body.scope, granted.body.expires_in], ["crypto", 3600]);
    const { body, status, text } = await encrypt(signed, granted.body.access_token);
    assert.equal(status, 200, text);
    const header = decodeProtectedHeader(body.token);
    assert.deepEqual([header.alg, header.cty, body.token.split(".").length], [alg, "JWT", 5]);
    assert.ok(!("kid" in header));
    const again = await encrypt(signed, granted.body.access_token);
    assert.notEqual(again.body.token.split(".")[1], body.token.split(".")[1], "a fresh content key for each token");

    const opened = await admit(account, body.token);
    assert.equal(opened.status, 200, opened.text);
    assert.deepEqual(opened.body.admission.prefill.form, form);
    const recorded = await worker.post(
      "/v1/participations",
      { pass: opened.body.pass, form },
      { "idempotency-key": `crypto-${alg}` },
    );
    assert.equal(recorded.status, 201);
  });
}

test("the customer encrypts with the shared secret, or with our public key", async () => {
  const by = async (/** @type {string} */ alg, /** @type {any} */ key, /** @type {string} */ enc) => {
    const { document, sign } = customers[alg];
    const token = await new CompactEncrypt(new TextEncoder().encode(await sign({ sub: "own" })))
      .setProtectedHeader({ alg, enc, cty: "JWT" })
      .encrypt(key);
    return admit(document.account, token);
  };
  assert.equal((await by("A256KW", wrapping, "A256GCM")).status, 200);
  for (const [alg, enc] of [["ECDH-ES+A256KW", "A256CBC-HS512"], ["RSA-OAEP-256", "A256GCM"]]) {
    const { body, headers } = await worker.get(`/v1/crypto/${customers[alg].document.account}/jwks.json`);
    assert.equal(headers.get("content-type"), "application/jwk-set+json");
    const [jwk] = body.keys;
    assert.deepEqual([jwk.alg, jwk.use, body.keys.length], [alg, "enc", 1]);
    for (const part of ["d", "p", "q", "dp", "dq", "qi", "k"]) assert.ok(!(part in jwk), part);
    assert.equal((await by(alg, await importJWK(jwk, alg), enc)).status, 200, alg);
  }
  const { body } = await worker.get(`/v1/crypto/${customers.A256KW.document.account}/jwks.json`);
  assert.deepEqual(body.keys, [], "a shared secret is not published");
});

test("an assertion is good for its own account, for encrypting, and while it lives", async () => {
  const [{ document, sign }, other] = [customers.A256KW, customers["RSA-OAEP-256"]];
  const { account } = document;
  const signed = await sign();
  const key = Buffer.from(customers.A256KW.secrets.TOKEN_KEY, "base64url");
  const signedWith = (/** @type {Record<string, unknown>} */ claims) => new SignJWT({ sub: "1", campaignId: CAMPAIGN, ...claims }).setProtectedHeader({ alg: "HS256" }).sign(key);
  const expired = await signedWith({ exp: Math.floor(Date.now() / 1000) - 3600 });
  const wrong = { [other.document.account]: signed, nobody: signed, [account]: `${signed.slice(0, -4)}AAAA` };
  for (const [name, assertion] of [...Object.entries(wrong), [account, "x"]]) {
    const { status, body } = await trade(name, assertion);
    assert.deepEqual([status, body.error, body.code], [400, "invalid_grant", "assertion_invalid"], name);
  }
  assert.equal((await trade(account, expired)).body.error, "invalid_grant");
  const forEver = await signedWith({});
  assert.equal((await trade(account, forEver)).body.error, "invalid_grant");
  assert.equal((await trade(account, signed, { scope: "statistics" })).body.error, "invalid_scope");
  assert.equal((await trade("", signed)).body.error, "invalid_request");
  const { body } = await trade(account, signed);
  for (const path of [`/v1/accounts/${account}`, `/v1/statistics/${account}/${CAMPAIGN}`]) {
    const answer = await worker.get(path, { headers: { authorization: `Bearer ${body.access_token}` } });
    assert.equal(answer.status, 403, path);
  }
  const elsewhere = await encrypt(signed, body.access_token, { account: other.document.account });
  assert.deepEqual([elsewhere.status, elsewhere.body.code], [403, "scope_missing"]);
});

test("an assertion with a client's secret is judged by that secret, and is for that client's account", async () => {
  const [{ document, sign }, other] = [customers.A256KW, customers["RSA-OAEP-256"]];
  const make = async (/** @type {string} */ account) => (await worker.post(`/v1/accounts/${account}/clients`, { scope: "statistics" }, await worker.bearer())).body;
  const [own, foreign] = [await make(document.account), await make(other.document.account)];
  const { operator } = worker.secrets;
  const by = async (/** @type {string} */ id, /** @type {string} */ secret, /** @type {Record<string, string>} */ more = {}) => {
    const headers = { authorization: `Basic ${btoa(`${id}:${secret}`)}` };
    const body = new URLSearchParams({ grant_type: GRANT, assertion: await sign(), ...more });
    return call(`${worker.url}/v1/auth/token`, { method: "POST", headers, body });
  };
  const good = await by(own.clientId, own.clientSecret);
  assert.deepEqual([good.status, good.body.scope], [200, "crypto"], "to encrypt, whatever its client may");
  assert.equal((await by(operator.clientId, operator.secret, { account: document.account })).status, 200);
  for (const [id, secret] of [[own.clientId, "guess"], [own.clientId, foreign.clientSecret], ["nobody", "x"]])
    assert.deepEqual([(await by(id, secret)).status, (await by(id, secret)).body.error], [401, "invalid_client"]);
  const elsewhere = await by(foreign.clientId, foreign.clientSecret, { account: document.account });
  assert.deepEqual([elsewhere.status, elsewhere.body.error], [400, "invalid_grant"], "its own account counts, not the one that it names");
  const { access_token: token } = good.body;
  assert.equal((await encrypt(await sign(), token)).status, 200);
  await call(`${worker.url}/v1/accounts/${document.account}/clients/${own.clientId}`, { method: "DELETE", headers: await worker.bearer() });
  assert.equal((await encrypt(await sign(), token)).status, 401, "it ends with its client");
});

test("a token is encrypted with the first active key, and only active keys are published", async () => {
  const own = customer("turned");
  const secrets = Object.fromEntries(
    ["revoked", "next", "active", "retiring"].map((status) => {
      const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
      return [status, JSON.stringify({ ...privateKey.export({ format: "jwk" }), kid: status })];
    }),
  );
  const decrypt = Object.keys(secrets).map((status) => ({ key: { secret: status }, status, alg: "ECDH-ES+A256KW", enc: "A256GCM" }));
  await worker.account({ ...own.document, secureToken: { ...own.document.secureToken, decrypt, encryption: "accept" } }, { ...own.secrets, ...secrets });
  const { body: published } = await worker.get("/v1/crypto/turned/jwks.json");
  assert.deepEqual(published.keys.map((/** @type {any} */ { kid, x }) => [kid, x]), [["active", JSON.parse(secrets.active).x]]);
  const { body } = await encrypt(await own.sign(), (await trade("turned", await own.sign())).body.access_token);
  assert.equal(decodeProtectedHeader(body.token).kid, "active");
  assert.equal((await admit("turned", body.token)).status, 200);
});

test("an assertion has an end, also where a token need not, and is bound to the account", async () => {
  const live = { exp: Math.floor(Date.now() / 1000) + 300 };
  /** @type {[string, object, [object, number][]][]} */
  const accounts = [
    ["lasting", { expiry: "optional" }, [[live, 200], [{}, 400], [{ ...live, campaignId: undefined }, 400], [{ ...live, campaignId: "999" }, 400]]],
    ["issued", { issuer: "com.acme" }, [[{ ...live, iss: "com.acme", campaignId: undefined }, 200], [{ ...live, iss: "com.acme", campaignId: "999" }, 400], [live, 400]]],
    ["heard", { audience: "us" }, [[{ ...live, aud: "us", campaignId: undefined }, 200], [{ ...live, campaignId: undefined }, 400]]],
  ];
  for (const [account, more, tokens] of accounts) {
    const own = customer(account);
    const decrypt = { key: { secret: "JWE" }, encoding: "base64url", alg: "A256KW", enc: "A256GCM" };
    await worker.account({ ...own.document, secureToken: { ...own.document.secureToken, decrypt, encryption: "accept", ...more } }, { ...own.secrets, JWE: random() });
    const granted = await worker.bearer();
    for (const [claims, expected] of tokens) {
      const whole = JSON.parse(JSON.stringify({ sub: "1", campaignId: CAMPAIGN, ...claims }));
      const token = await new SignJWT(whole).setProtectedHeader({ alg: "HS256" }).sign(Buffer.from(own.secrets.TOKEN_KEY, "base64url"));
      const { status, body } = await trade(account, token);
      assert.deepEqual([status, body.code], [expected, expected === 200 ? undefined : "assertion_invalid"], `${account} ${JSON.stringify(claims)}`);
      // To encrypt, a token for ever is good where the account says so; what binds it is asked here, too.
      const encrypted = await encrypt(token, granted.authorization.slice(7), { account });
      assert.equal(encrypted.status === 200, expected === 200 || !("exp" in claims), `${account} ${JSON.stringify(claims)}: ${encrypted.text}`);
    }
  }
});

test("what is not a signed token of the account is not encrypted, and its program is told why", async () => {
  const [{ document, sign }, other] = [customers.A256KW, customers["RSA-OAEP-256"]];
  const token = (await trade(document.account, await sign())).body.access_token;
  const foreign = await encrypt(await other.sign(), token);
  assert.deepEqual([foreign.status, foreign.body.code], [422, "signature_invalid"]);
  const twice = await encrypt((await encrypt(await sign(), token)).body.token, token);
  assert.deepEqual([twice.status, twice.body.code], [422, "encryption_unexpected"]);
  assert.equal((await encrypt("not a token", token)).status, 422);
  assert.equal((await worker.post("/v1/crypto/encrypt", { token: await sign() })).status, 401);

  const plain = customer("unwrapped");
  const dir = { key: { secret: "JWE" }, encoding: "base64url", alg: "dir", enc: "A256GCM" };
  const secureToken = { ...plain.document.secureToken, decrypt: dir, encryption: "accept" };
  await worker.account({ ...plain.document, secureToken }, { ...plain.secrets, JWE: randomBytes(32).toString("base64url") });
  const { body } = await trade("unwrapped", await plain.sign());
  const direct = await encrypt(await plain.sign(), body.access_token);
  assert.deepEqual([direct.status, direct.body.code], [409, "encryption_off"], "dir would use one content key for all");
});

test("nothing of a token is in the log", () => {
  const log = worker.log.join("");
  assert.ok(log.includes('"route":"/v1/crypto/encrypt"'));
  for (const canary of ["eyJ", "an@example.org", "published"]) assert.ok(!log.includes(canary), canary);
});
