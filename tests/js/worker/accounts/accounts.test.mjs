// Accounts as data, their secrets, who may touch them, and what was refused on their behalf.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify, SignJWT } from "jose";
import { acme, customer, form, secrets } from "../../support/worker/customer.mjs";
import { call, Deployment, random } from "../../support/worker/deployment.mjs";
import { oauth } from "../../support/worker/package.mjs";

/** @type {Deployment} */
let worker;

before(async () => {
  worker = await Deployment.start();
});
after(() => worker.stop());

/** @param {string} token */
const bearer = (token) => ({ authorization: `Bearer ${token}` });

test("a client gets an access token of an hour, which jose verifies with our published keys", async () => {
  const { status, body, headers } = await worker.accessToken(worker.secrets.operator, { scope: "statistics explain" });
  assert.equal(status, 200);
  assert.deepEqual([body.token_type, body.expires_in, body.scope], ["Bearer", 3600, "statistics explain"]);
  assert.equal(headers.get("cache-control"), "no-store");
  const keys = createRemoteJWKSet(new URL(`${worker.url}/.well-known/jwks.json`));
  const { payload } = await jwtVerify(body.access_token, keys, {
    issuer: worker.url,
    audience: `${worker.url}/v1`,
    typ: "at+jwt",
    algorithms: ["ES256"],
  });
  assert.deepEqual([payload.account, payload.scope, Number(payload.exp) - Number(payload.iat)], ["*", "statistics explain", 3600]);

  const { clientId, secret } = worker.secrets.operator;
  const inBody = await call(`${worker.url}/v1/auth/token`, {
    method: "POST",
    body: new URLSearchParams({ grant_type: "client_credentials", client_id: clientId, client_secret: secret }),
  });
  assert.equal(inBody.status, 200);
});

test("a wrong client, grant or scope is refused with the name of RFC 6749", async () => {
  const { operator } = worker.secrets;
  const wrong = await worker.accessToken({ ...operator, secret: "guess" });
  assert.deepEqual([wrong.status, wrong.body.error, wrong.body.code], [401, "invalid_client", "client_invalid"]);
  assert.match(wrong.headers.get("www-authenticate") ?? "", /^Basic/);
  assert.equal((await worker.accessToken({ clientId: "nobody", secret: "" })).status, 401);
  assert.equal((await worker.accessToken({ clientId: "acme.AAAAAAAAAAAAAAAA", secret: "x" })).status, 401);
  const grant = await worker.accessToken(operator, { grant_type: "password" });
  assert.deepEqual([grant.status, grant.body.error, grant.body.code], [400, "unsupported_grant_type", "grant_unsupported"]);
  const scope = await worker.accessToken(operator, { scope: "everything" });
  assert.deepEqual([scope.status, scope.body.error, scope.body.code], [400, "invalid_scope", "scope_invalid"]);
  const twice = await call(`${worker.url}/v1/auth/token`, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: "grant_type=client_credentials&grant_type=x",
  });
  assert.deepEqual([twice.status, twice.body.error], [400, "invalid_request"]);
});

test("nothing privileged is open without a token, with another's, or with one of ours that was changed", async () => {
  await worker.account(acme(), secrets);
  const paths = [
    "/v1/accounts/acme",
    "/v1/accounts/acme/versions",
    "/v1/accounts/acme/secrets",
    "/v1/statistics/acme/100001",
    "/v1/refusals?account=acme",
  ];
  const { authorization } = await worker.bearer();
  const token = authorization.slice(7);
  const [header, payload, signature] = token.split(".");
  const none = `${Buffer.from(JSON.stringify({ ...decodeProtectedHeader(token), alg: "none" })).toString("base64url")}.${payload}.`;
  const shared = await new SignJWT({ account: "*", scope: "accounts statistics refusals", client_id: "x" })
    .setProtectedHeader({ alg: "HS256", typ: "at+jwt", kid: "s1" })
    .setIssuer(worker.url)
    .setAudience(`${worker.url}/v1`)
    .setIssuedAt()
    .setExpirationTime("1h")
    .sign(randomBytes(32));
  const bad = [
    "",
    "x",
    none,
    shared,
    `${header}.${payload}.${signature.slice(0, -4)}AAAA`,
    `${header}.${payload.slice(0, -4)}AAAA.${signature}`,
    `${token}.x`,
  ];
  for (const path of paths) {
    const open = await worker.get(path);
    assert.deepEqual([open.status, open.body.code], [401, "unauthorized"], path);
    assert.match(open.headers.get("www-authenticate") ?? "", /^Bearer/);
    for (const text of bad) assert.equal((await worker.get(path, { headers: bearer(text) })).status, 401, `${path} ${text}`);
  }
});

test("an account's own client reaches its scopes of its account, and no more", async () => {
  const other = customer("other");
  await worker.account(other.document, other.secrets);
  const made = await call(`${worker.url}/v1/accounts/acme/clients`, {
    method: "POST",
    headers: { "content-type": "application/json", ...(await worker.bearer()) },
    body: JSON.stringify({ scope: "statistics refusals" }),
  });
  assert.equal(made.status, 201);
  const { clientId, clientSecret } = made.body;
  assert.ok(Buffer.from(clientSecret, "base64url").length >= 32);
  const { body } = await worker.accessToken({ clientId, secret: clientSecret });
  assert.equal(body.scope, "statistics refusals");
  const headers = bearer(body.access_token);
  assert.equal((await worker.get("/v1/statistics/acme/100001", { headers })).status, 200);
  assert.equal((await worker.get("/v1/refusals", { headers })).status, 200, "its own account needs no name");
  const { body: elsewhere } = await worker.post("/v1/token/admit", { account: "other", campaignId: "100001", token: "x" });
  assert.match(elsewhere.ref, /^[0-9A-HJKMNP-TV-Z]{8}$/);
  assert.equal((await worker.get(`/v1/refusals/${elsewhere.ref}`, { headers })).status, 404, "a number of another account");
  for (const path of ["/v1/statistics/other/100001", "/v1/refusals?account=other", "/v1/accounts/acme"]) {
    const { status, body: problem } = await worker.get(path, { headers });
    assert.deepEqual([status, problem.code], [403, "scope_missing"], path);
  }
  const gone = await call(`${worker.url}/v1/accounts/acme/clients/${clientId}`, { method: "DELETE", headers: await worker.bearer() });
  assert.equal(gone.status, 204);
  assert.equal((await worker.accessToken({ clientId, secret: clientSecret })).status, 401);
});

test("a document is taken, kept in versions, and can be brought back", async () => {
  const account = "versioned";
  const own = customer(account);
  const document = (/** @type {string} */ title) => ({ ...own.document, campaigns: { 100001: { title: { en: title } } } });
  assert.deepEqual((await worker.account(document("One"), own.secrets)).version, 1);
  assert.deepEqual(await worker.account(document("One")), { account, version: 1, changed: false, warnings: [] });
  assert.equal((await worker.account(document("Two"))).version, 2);
  assert.equal((await worker.get(`/campaign/${account}/100001`)).text.includes("<title>Two</title>"), true, "in force at once");
  const { body } = await worker.read(`/v1/accounts/${account}?version=1`);
  assert.equal(body.document.campaigns["100001"].title.en, "One");
  const headers = { "content-type": "application/json", ...(await worker.bearer()) };
  const back = await call(`${worker.url}/v1/accounts/${account}/rollback`, {
    method: "POST",
    headers,
    body: JSON.stringify({ version: 1 }),
  });
  assert.deepEqual([back.status, back.body.version], [200, 3]);
  assert.ok((await worker.get(`/campaign/${account}/100001`)).text.includes("<title>One</title>"));
  const { body: list } = await worker.read(`/v1/accounts/${account}/versions`);
  assert.deepEqual(
    list.versions.map((/** @type {any} */ { version }) => version),
    [3, 2, 1],
  );
  const missing = await call(`${worker.url}/v1/accounts/${account}/rollback`, {
    method: "POST",
    headers,
    body: JSON.stringify({ version: 9 }),
  });
  assert.deepEqual([missing.status, missing.body.code], [404, "version_unknown"]);
  for (const path of ["", "/versions", "/differences?from=1"]) {
    const { status, body } = await worker.read(`/v1/accounts/unwritten${path}`);
    assert.deepEqual([status, body.code], [404, path.includes("?") ? "version_unknown" : "account_unknown"], path);
  }
});

test("a bad document is refused with the path of every fault, and the old one stays in force", async () => {
  const account = "faulty";
  const { document: first, secrets: own, sign } = customer(account);
  await worker.account(first, own);
  const source = { method: "symmetricKey", encoding: "base64url", alg: "HS256" };
  /** @type {[unknown, Record<string, string>][]} */
  const cases = [
    [
      { ...acme(), account, orgins: [], origins: ["ftp://x"] },
      { "/orgins": "settings_unknown", "/origins/0": "settings_invalid" },
    ],
    [{ ...acme(), account: "somebody" }, { "/account": "settings_invalid" }],
    [
      { ...acme(), account, secureToken: { verify: [{ ...source, key: { secret: "NOT_THERE" } }] } },
      { "/secureToken/verify/0/key": "secret_unknown" },
    ],
    [{ ...acme(), account, secureToken: { verify: [{ ...source, key: "c2hvcnQ" }] } }, { "/secureToken/verify/0/key": "key_too_short" }],
    ['{"account":"faulty","account":"faulty"}', { "": "json_duplicate_member" }],
  ];
  for (const [document, expected] of cases) {
    const { status, body } = await worker.put(`/v1/accounts/${account}`, document);
    assert.equal(status, 422);
    assert.equal(body.code, "account_invalid");
    const found = Object.fromEntries(body.faults.map((/** @type {any} */ { path, code }) => [path, code]));
    assert.deepEqual(found, expected);
    for (const { message } of body.faults) assert.ok(message.length > 10);
  }
  assert.equal((await worker.read(`/v1/accounts/${account}`)).body.version, 1);
  const { status } = await worker.post("/v1/token/admit", { account, campaignId: "100001", token: await sign() });
  assert.equal(status, 200);
});

test("a secret is written and never read back, by anybody, in any form", async () => {
  const account = "secretive";
  const value = "canary-secret-of-the-account";
  const { document, secrets: own } = customer(account);
  await worker.account(document, { ...own, EXTRA: value });
  const answers = await Promise.all(
    ["", "/secrets", "/secrets/EXTRA", "/versions"].map((path) => worker.read(`/v1/accounts/${account}${path}`)),
  );
  assert.deepEqual(
    answers[1].body.secrets.map((/** @type {any} */ { name }) => name),
    ["EXTRA", "OIDC_CLIENT", "TOKEN_KEY"],
  );
  for (const { text } of answers) assert.ok(!text.includes(value) && !text.includes(own.TOKEN_KEY));
  assert.equal(answers[2].status, 405);
  for (const name of ["a b", "x".repeat(65), "%2e%2e%2f"])
    assert.ok((await worker.put(`/v1/accounts/${account}/secrets/${name}`, { value })).status >= 400, name);
  assert.equal((await worker.put(`/v1/accounts/${account}/secrets/BIG`, { value: "x".repeat(8193) })).status, 413);
});

test("in production a document with a secret in it is refused with the command that stores it, and shows it nowhere", async (t) => {
  const { ring } = worker.secrets;
  const strict = await Deployment.start({ ENVIRONMENT: "production", PUBLIC_URL: "https://play.acme-campaigns.com", RING: JSON.stringify({ ...ring, environment: "production" }) });
  t.after(() => strict.stop());
  const key = randomBytes(32).toString("base64url");
  const source = { method: "symmetricKey", key, encoding: "base64url", alg: "HS256" };
  const { status, body, text } = await strict.put("/v1/accounts/inside", { ...acme(), account: "inside", origins: [], secureToken: { verify: source } });
  assert.deepEqual([status, body.faults[0].code, body.faults[0].path], [422, "secret_inline", "/secureToken/verify/key"], text);
  assert.match(body.faults[0].message, /handstamp secret put --purpose verify NAME/);
  assert.ok(!text.includes(key) && !strict.log.join("").includes(key));
  assert.equal((await strict.read("/v1/accounts/inside")).status, 404, "nothing is kept");
  const stored = { ...acme(), account: "inside", origins: [], secureToken: { verify: { ...source, key: { secret: "K" } } } };
  await strict.account(stored, { K: key });
  const { body: kept } = await strict.read("/v1/accounts/inside");
  assert.deepEqual(kept.document.secureToken.verify.key, { secret: "K" });
});

test("keys that decrypt the identity provider's tokens are tried when the document is stored, each refused at its place", async () => {
  const { document, secrets: own } = customer("tried");
  await worker.account(document, own);
  const values = { SHORT: ["decrypt", random(8)], GOOD: ["decrypt", random()], TEXT: ["client", "not a key"], OIDC_CLIENT: ["client", "a client secret"] };
  for (const [name, [purpose, value]] of Object.entries(values)) assert.equal((await worker.put(`/v1/accounts/tried/secrets/${name}`, { value, purpose })).status, 204);
  const client = (/** @type {string} */ method, /** @type {string} */ secret) => ({ clientAuth: { method, secret: { secret } } });
  const decrypt = (/** @type {string} */ secret, status = "active") => ({ key: { secret }, encoding: "base64url", alg: "dir", enc: "A256GCM", status });
  const basic = client("client_secret_basic", "OIDC_CLIENT");
  for (const [settings, code, path] of /** @type {[object, string?, string?][]} */ ([
    [{ ...basic, decrypt: [decrypt("GOOD")] }],
    [{ ...basic, decrypt: [decrypt("GOOD"), decrypt("SHORT", "next")] }, "key_size", "/oauth/decrypt/1/key"],
    [{ ...basic, decrypt: decrypt("SHORT") }, "key_size", "/oauth/decrypt/0/key"],
    [{ ...basic, decrypt: [decrypt("GOOD"), decrypt("SHORT", "revoked")] }],
    [client("private_key_jwt", "TEXT")],
  ])) {
    const { status, body, text } = await worker.put("/v1/accounts/tried", { ...document, oauth: { issuer: "https://id.example.org", clientId: "c", ...settings } });
    const [fault] = body.faults ?? [];
    assert.deepEqual([status, fault?.code, fault?.path], [code ? 422 : 200, code, path], text);
  }
});

test("no fault of a document tells what a stored secret is", async () => {
  const own = customer("canaries");
  const canary = "canary-of-a-stored-secret";
  const values = { PLAIN: canary, HEX: `zz${canary}`, PEM: `-----BEGIN PUBLIC KEY-----\n${canary}\n-----END PUBLIC KEY-----`, JWK: JSON.stringify({ kty: "oct", k: `${canary}!` }), SET: JSON.stringify({ keys: [{ kty: "EC", crv: "P-256", x: canary, y: canary }] }) };
  for (const [name, value] of Object.entries(values))
    for (const [key, purpose] of [[name, "verify"], [`${name}_D`, "decrypt"], [`${name}_C`, "client"], ["OIDC_CLIENT", "client"]]) assert.equal((await worker.put(`/v1/accounts/canaries/secrets/${key}`, { value, purpose })).status, 204);
  const oauthOf = (/** @type {string} */ secret) => ({ issuer: "https://id.example.org", clientId: "c", clientAuth: { method: "client_secret_basic", secret: { secret } } });
  const encodings = ["utf8", "base64", "base64url", "hex"];
  let faults = 0;
  for (const name of Object.keys(values)) {
    const key = { secret: name };
    const documents = [];
    const verify = [
      { method: "publicKey", key, alg: "ES256" },
      { method: "publicKey", key, alg: "RS256" },
      { method: "jwks", keys: key },
      ...encodings.map((encoding) => ({ method: "symmetricKey", key, encoding, alg: "HS512" })),
    ];
    const decrypt = [
      { key: { secret: `${name}_D` }, alg: "RSA-OAEP-256", enc: "A256GCM" },
      { key: { secret: `${name}_D` }, alg: "ECDH-ES", enc: "A256GCM" },
      ...encodings.map((encoding) => ({ key: { secret: `${name}_D` }, encoding, alg: "dir", enc: "A256GCM" })),
    ];
    const good = { method: "symmetricKey", key: randomBytes(32).toString("base64url"), encoding: "base64url", alg: "HS256" };
    for (const each of decrypt) documents.push({ ...own.document, oauth: { ...oauthOf("OIDC_CLIENT"), decrypt: each } });
    documents.push({ ...own.document, oauth: { ...oauthOf(`${name}_C`), clientAuth: { method: "private_key_jwt", secret: { secret: `${name}_C` } } } });
    for (const secureToken of [...verify.map((source) => ({ verify: source })), ...decrypt.map((each) => ({ verify: good, decrypt: each }))]) documents.push({ ...own.document, secureToken });
    for (const document of documents) {
      const { status, text } = await worker.put("/v1/accounts/canaries", document);
      assert.ok(status === 200 || status === 422, text);
      assert.ok(!text.includes("canary-of"), text);
      faults += Number(status === 422);
    }
  }
  assert.ok(faults > 40, String(faults));
  assert.ok(!worker.log.join("").includes("canary-of"));
});

test("a document names secrets of its own account only", async () => {
  const owner = customer("owner");
  await worker.account(owner.document, { ...owner.secrets, PRIVATE: "owner's" });
  const source = { method: "symmetricKey", key: { secret: "PRIVATE" }, encoding: "utf8", alg: "HS256" };
  const { status, body } = await worker.put("/v1/accounts/thief", {
    account: "thief",
    origins: [],
    secureToken: { verify: [source] },
    campaigns: {},
  });
  assert.deepEqual([status, body.faults[0].code], [422, "secret_unknown"]);
  for (const name of ["RING", "NAME_KEY", "SIGNING_KEY", "OPERATOR"]) {
    const platform = { ...source, key: { secret: name } };
    const answer = await worker.put("/v1/accounts/thief", {
      account: "thief",
      origins: [],
      secureToken: { verify: [platform] },
      campaigns: {},
    });
    assert.equal(answer.body.faults[0].code, "secret_unknown", name);
  }
});

test("an account has at most a hundred secrets, fifty clients and a hundred versions, and what is there goes on", async () => {
  const account = "bounded";
  const { document, secrets: own } = customer(account);
  await worker.account(document, own);
  const object = await worker.accountObject(account);
  const now = Date.now();
  const sealed = oauth.seal("secret", worker.secrets.ring, account, { value: "x", purposes: ["verify"] });
  for (let i = 0; i < 98; i += 1) assert.equal(await object.putSecret(`S${i}`, i === 1 ? "nothing opens it" : sealed, now), true);
  const refused = await worker.put(`/v1/accounts/${account}/secrets/ONE_MORE`, { value: "x" });
  assert.deepEqual([refused.status, refused.body.faults[0].path], [422, "/secrets"]);
  assert.deepEqual((await worker.read(`/v1/accounts/${account}/secrets`)).body.secrets.find((/** @type {any} */ { name }) => name === "S1").purposes, []);
  for (const name of ["S1", "TOKEN_KEY"]) assert.equal((await worker.put(`/v1/accounts/${account}/secrets/${name}`, { value: own.TOKEN_KEY })).status, 204, name);
  for (let i = 0; i < 50; i += 1) assert.equal(await object.putClient({ id: `${account}.${String(i).padStart(16, "0")}`, hash: "h", scope: "crypto" }, now), true);
  const client = await worker.post(`/v1/accounts/${account}/clients`, { scope: "crypto" }, await worker.bearer());
  assert.deepEqual([client.status, client.body.faults[0].path], [422, "/clients"]);
  for (let i = 0; i < 101; i += 1) await object.write(JSON.stringify({ ...document, i }), document, { revoked: [], used: [] }, now);
  const { body } = await worker.read(`/v1/accounts/${account}/versions`);
  assert.deepEqual([body.versions.length, body.versions[0].version, body.versions[99].version], [100, 102, 3]);
});

test("a campaign has the name that the document gives it, and no other", async () => {
  await worker.account(acme(), secrets);
  for (const campaignId of ["constructor", "toString", "__proto__", "hasOwnProperty", "100009"]) {
    const page = await worker.get(`/campaign/acme/${campaignId}`);
    const admitted = await worker.post("/v1/token/admit", { account: "acme", campaignId, token: "x" });
    assert.deepEqual([page.status, admitted.status, admitted.body.reason], [404, 404, "campaign_unknown"], campaignId);
  }
});

test("a campaign takes the ways to sign in that it offers, and no other", async () => {
  const own = customer("ways");
  const oauth = { issuer: "http://127.0.0.1:9", clientId: "c", clientAuth: { method: "none" } };
  const campaigns = Object.fromEntries(["token", "oauth", "anonymous"].map((way) => [way, { signIn: [way] }]));
  await worker.account({ ...own.document, oauth, campaigns }, own.secrets);
  const bearerOfOperator = await worker.bearer();
  for (const campaignId of Object.keys(campaigns)) {
    const token = await own.sign({ campaignId, form: {} });
    const by = {
      token: worker.post("/v1/token/admit", { account: "ways", campaignId, token }),
      anonymous: worker.post("/v1/token/admit", { account: "ways", campaignId }),
      oauth: worker.get(`/oauth/start?account=ways&campaignId=${campaignId}`),
    };
    for (const [way, answer] of Object.entries(by)) {
      const { status, body } = await answer;
      // An identity provider that cannot be reached leads back to the campaign.
      if (way === campaignId) assert.equal(status, way === "oauth" ? 303 : 200, way);
      else if (way === "anonymous" && campaignId === "token") assert.deepEqual([status, body.reason], [401, "token_missing"]);
      else assert.equal(status, 404, `${way} at ${campaignId}`);
    }
    if (campaignId !== "token") {
      const { body } = await worker.post("/v1/explain", { account: "ways", campaignId, token }, bearerOfOperator);
      assert.equal(body.verdict, "accepted", "it is the campaign that takes no token");
    }
  }
});

test("an account that another machine has just written is there at once where that must count", async () => {
  const own = customer("fresh");
  assert.equal((await worker.post("/v1/token/admit", { account: "fresh", campaignId: "100001", token: "x" })).status, 404);
  const made = customer("fresh-model");
  await worker.account(made.document, made.secrets);
  const model = await (await worker.accountObject("fresh-model")).read();
  const object = await worker.accountObject("fresh");
  const sealed = oauth.seal("secret", worker.secrets.ring, "fresh", { value: own.secrets.TOKEN_KEY, purposes: ["verify"] });
  await object.putSecret("TOKEN_KEY", sealed, Date.now());
  await object.write(JSON.stringify(own.document), { ...model.document, account: "fresh" }, { revoked: [], used: [] }, Date.now());
  assert.equal((await worker.post("/v1/token/admit", { account: "fresh", campaignId: "100001", token: "x" })).status, 404, "this machine was told a moment ago that there is none");
  const { status, body } = await worker.post("/v1/explain", { account: "fresh", token: await own.sign() }, await worker.bearer());
  assert.deepEqual([status, body.verdict], [200, "accepted"]);
});

test("an account on the shared callback stays there until its document says otherwise", async () => {
  const own = customer("stays");
  const oauth = { issuer: "http://127.0.0.1:9", clientId: "c", clientAuth: { method: "client_secret_basic", secret: { secret: "OIDC_CLIENT" } } };
  const document = (/** @type {object} */ more, /** @type {string} */ path) => ({ ...own.document, returnPaths: [path], oauth: { ...oauth, ...more } });
  const callback = async () => (await worker.read("/v1/accounts/stays")).body.document.oauth.redirectUri;
  await worker.account(document({ redirectUri: "shared" }, "/1"), own.secrets);
  await worker.account(document({}, "/2"));
  assert.equal(await callback(), "shared", "left out");
  await worker.account(document({ redirectUri: null }, "/null"));
  assert.equal(await callback(), "shared", "null counts as left out");
  await worker.account(document({ redirectUri: "account" }, "/3"));
  assert.equal(await callback(), "account");
  await worker.account(document({}, "/4"));
  assert.equal(await callback(), undefined, "a new one is its own");
  // As the release before wrote it, which had the shared callback where a document says nothing.
  const object = await worker.accountObject("stays");
  const { document: normal } = await object.source(1);
  await object.write(JSON.stringify(document({}, "/5")), normal, { revoked: [], used: [] }, Date.now());
  await worker.account(document({ redirectUri: "account" }, "/6"));
  const headers = await worker.bearer();
  assert.equal((await worker.post("/v1/accounts/stays/rollback", { version: 6 }, headers)).status, 200);
  assert.equal(await callback(), "shared", "and the way back to it");
});

test("a secret that is written again is in force at once", async () => {
  const [own, next] = [customer("replaced"), customer("replaced")];
  await worker.account(own.document, own.secrets);
  const admit = async (/** @type {typeof own} */ { sign }) => (await worker.post("/v1/token/admit", { account: "replaced", campaignId: "100001", token: await sign() })).status;
  assert.deepEqual([await admit(own), await admit(next)], [200, 401]);
  assert.equal((await worker.put("/v1/accounts/replaced/secrets/TOKEN_KEY", { value: next.secrets.TOKEN_KEY })).status, 204);
  assert.deepEqual([await admit(own), await admit(next)], [401, 200]);
});

test("a secret keeps its purpose when it is written again without one", async () => {
  const account = "kept-purpose";
  const put = (/** @type {object} */ body) => worker.put(`/v1/accounts/${account}/secrets/S`, body);
  const purposes = async () => (await worker.read(`/v1/accounts/${account}/secrets`)).body.secrets[0].purposes;
  const told = [];
  for (const body of [{ value: "1" }, { value: "2", purpose: "client" }, { value: "3" }, { value: "4", purpose: "webhook" }]) {
    assert.equal((await put(body)).status, 204);
    told.push(...(await purposes()));
  }
  assert.deepEqual(told, ["verify", "client", "client", "webhook"]);
  const { status, body } = await put({ value: "5", purpose: "sign" });
  assert.deepEqual([status, body.code], [400, "body_invalid"]);
});

test("refusals are counted in full, kept within bounds, and listed newest first", async () => {
  const account = "flooded";
  const { document, secrets: own } = customer(account);
  await worker.account(document, own);
  const answers = await Promise.all(
    Array.from({ length: 90 }, (_, i) => worker.post("/v1/token/admit", { account, campaignId: "100001", token: `bad${i}` })),
  );
  assert.ok(answers.every(({ status, body }) => status === 401 && body.ref));
  assert.equal(new Set(answers.map(({ body }) => body.ref)).size, 90);
  const { refusals } = await worker.statistics(account, "100001", 0);
  assert.deepEqual(refusals, { token_invalid: 90 });
  const { body } = await worker.read(`/v1/refusals?account=${account}`);
  assert.ok(body.refusals.length >= 60 && body.refusals.length <= 90, String(body.refusals.length));
  const times = body.refusals.map((/** @type {any} */ { at }) => at);
  assert.deepEqual(times, [...times].sort().reverse());
  assert.equal((await worker.read(`/v1/refusals/ZZZZZZZZ?account=${account}`)).status, 404);
  const oldest = body.refusals.at(-1);
  const looked = await worker.read(`/v1/refusals/${oldest.ref}`);
  assert.deepEqual([looked.status, looked.body.account, looked.body.code], [200, account, "token_segments"], "an operator needs the number only");
  const { body: none } = await worker.post("/v1/token/admit", { account, campaignId: "100001" });
  const list = async (/** @type {string} */ query) => (await worker.read(`/v1/refusals?account=${account}${query}`)).body.refusals;
  const missing = await list("&code=token_missing");
  // Past sixty writes a minute a refusal is counted, not kept.
  assert.ok(missing.every((/** @type {any} */ row) => row.code === "token_missing" && row.ref === none.ref));
  assert.equal((await list("&code=token_segments")).length, body.refusals.length);
  assert.deepEqual([await list("&since=2100-01-01"), await list("&code=internal")], [[], []]);
  assert.equal((await list(`&since=${times[9]}`)).filter((/** @type {any} */ { at }) => at < times[9]).length, 0);
  for (const query of ["since=yesterday", "since=2026-13-45", "code=Token%20missing"])
    assert.deepEqual((await worker.read(`/v1/refusals?${query}`)).body.code, "query_invalid", query);
  const { body: all } = await worker.read("/v1/refusals");
  assert.ok(all.refusals.some((/** @type {any} */ row) => row.account === account && Object.keys(row.detail).length === 0));
});

test("the export is safe to open in a spreadsheet", async () => {
  const account = "exported";
  const { document, secrets: own, sign } = customer(account);
  await worker.account(document, own);
  const names = ['=HYPERLINK("http://evil.example")', "+1", "-1", "@sum", 'An "the" Bee, Ltd', "\uff1d1+1", "\uff0b1", "\uff0d1", "\uff20sum"];
  for (const [i, firstname] of names.entries()) {
    const { body } = await worker.post("/v1/token/admit", { account, campaignId: "100001", token: await sign({ sub: `s${i}` }) });
    const submitted = await worker.post(
      "/v1/participations",
      { pass: body.pass, form: { ...form, firstname }, optin: { news: true }, answers: { colour: "blue" } },
      { "idempotency-key": `export-${i}` },
    );
    assert.equal(submitted.status, 201);
  }
  await worker.statistics(account, "100001", names.length);
  const { text, headers } = await worker.read(`/v1/statistics/${account}/100001?format=csv&limit=2`);
  assert.match(headers.get("content-type") ?? "", /^text\/csv/);
  const lines = text.trimEnd().split("\r\n");
  assert.equal(lines[0], "id,at,technique,subject,namespace,gift.label,gift.cw,email,firstname,birthdate,adult,optin.news,answers.colour");
  assert.equal(lines.length, names.length + 1, "all pages");
  for (const cell of [`"'=HYPERLINK(""http://evil.example"")"`, ",'+1,", ",'-1,", ",'@sum,", '"An ""the"" Bee, Ltd"', ",'\uff1d1+1,", ",'\uff0b1,", ",'\uff0d1,", ",'\uff20sum,"])
    assert.ok(text.includes(cell), cell);
  assert.equal(lines.filter((line) => line.endsWith(",true,blue")).length, names.length);

  const first = await worker.read(`/v1/statistics/${account}/100001?limit=${names.length - 2}`);
  assert.deepEqual([first.body.rows.length, first.body.participations], [names.length - 2, names.length]);
  const second = await worker.read(`/v1/statistics/${account}/100001?limit=${names.length - 2}&before=${first.body.next}`);
  assert.deepEqual([second.body.rows.length, second.body.next], [2, null]);
  const ids = [...first.body.rows, ...second.body.rows].map((/** @type {any} */ { id }) => id);
  assert.equal(new Set(ids).size, names.length);
});

test("what the operator and the accounts keep secret is not in the log", () => {
  const log = worker.log.join("");
  assert.ok(log.includes('"route":"/v1/auth/token"'));
  for (const canary of [worker.secrets.operator.secret, "canary", secrets.TOKEN_KEY, "@example.org", "eyJ"])
    assert.ok(!log.includes(canary), canary);
});
