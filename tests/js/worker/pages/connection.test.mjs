// The IT administrator's way: a one-time link, what to register, the trial up to the login page and back to the form.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Browser } from "../../support/worker/browser.mjs";
import { customer } from "../../support/worker/customer.mjs";
import { call, Deployment } from "../../support/worker/deployment.mjs";
import { Provider } from "../../support/worker/provider.mjs";

/** @type {Deployment} */ let worker;
/** @type {Provider} */ let provider;
const account = "tried";
const secret = "a client secret that nobody may see";

before(async () => {
  [worker, provider] = await Promise.all([Deployment.start(), Provider.start()]);
  await write(provider.settings());
});
after(async () => {
  provider.stop();
  await worker.stop();
});

/** @param {object} oauth */
async function write(oauth) {
  const made = customer(account, { oauth, mapping: { email: { from: "email", lock: true }, firstname: "given_name", shoe: "shoe" } });
  made.document.campaigns["100001"] = { ...made.document.campaigns["100001"], signIn: ["oauth"] };
  await worker.account(made.document, made.secrets);
}
async function link() {
  const { status, body } = await call(`${worker.url}/v1/accounts/${account}/connection-links`, { method: "POST", headers: await worker.bearer() });
  assert.equal(status, 201);
  return body;
}
/** @param {Browser} browser */
async function session(browser) {
  const { link: address } = await link();
  const { body } = await browser.post("/v1/connections", { account, link: address.split("#")[1] });
  return { ...body, headers: { authorization: `Bearer ${body.session}` } };
}

test("a link is good once, for five minutes, and says what to register", async () => {
  const before = Date.now();
  const { link: address, expiresAt } = await link();
  const made = Date.parse(expiresAt) - 300_000;
  assert.ok(made >= before - 1000 && made <= Date.now(), "five minutes from when it was asked for, in whole seconds");
  assert.ok(address.startsWith(`${worker.url}/connect/${account}#`));
  const secret = address.split("#")[1];
  assert.equal((await worker.post("/v1/connections", { account: "other", link: secret })).status, 401);
  const { status, body } = await worker.post("/v1/connections", { account, link: secret });
  assert.equal(status, 200);
  assert.deepEqual(body.register, {
    preset: "generic",
    issuer: provider.issuer,
    redirectUri: `${worker.url}/oauth/callback/${account}`,
    grantTypes: ["authorization_code"],
    responseTypes: ["code"],
    scope: ["openid", "email", "profile"],
    clientId: "campaigns",
    clientAuth: "client_secret_basic",
    pkce: "S256",
  });
  assert.equal((await worker.read(`/v1/accounts/${account}`)).body.redirectUri, body.register.redirectUri, "the console shows the same");
  assert.equal((await worker.post("/v1/connections", { account, link: secret })).status, 401, "used up");
  assert.equal((await worker.post("/v1/connections/test", { account })).status, 401);

  const namespace = await worker.miniflare.getDurableObjectNamespace("ACCOUNT");
  const object = /** @type {any} */ (namespace.get(namespace.newUniqueId()));
  await object.openConnection("link", 1000);
  assert.equal(await object.tradeConnection("link", "session", 1000 + 300_000), false, "too late");
  assert.equal(await object.tradeConnection("link", "session", 1000 + 299_999), true);
  assert.equal(await object.inConnection("session", 1000 + 300_000), true);
  assert.equal(await object.inConnection("session", 1000 + 299_999 + 1_800_000), false);
});

test("the trial passes every step, and shows claims by place, type and length beside the form", async () => {
  const browser = new Browser(worker.url);
  const { headers } = await session(browser);
  const { status, body } = await browser.post("/v1/connections/test", { account }, headers);
  assert.equal(status, 200);
  assert.deepEqual(
    body.steps.map((/** @type {any} */ { step, status: outcome }) => [step, outcome]),
    [["discovery", "pass"], ["keys", "pass"], ["authorize", "pass"]],
  );
  assert.equal(body.authorize.endpoint, `${provider.issuer}/authorize`);
  const parameters = Object.fromEntries(body.authorize.parameters.map((/** @type {any} */ { name, value }) => [name, value]));
  assert.deepEqual([parameters.redirect_uri, parameters.scope], [`${worker.url}/oauth/callback/${account}`, "openid email profile"]);
  assert.deepEqual([body.verdict.iss.status, body.verdict.pkce.status], ["pass", "pass"]);

  const there = await browser.go(body.login);
  const back = await browser.go(there.location);
  const [place, ticket] = back.location.split("#handstamp=");
  assert.equal(place, `${worker.url}/connect/${account}`);
  const other = await session(new Browser(worker.url));
  assert.equal((await worker.post("/v1/connections/login", { account, ticket }, other.headers)).status, 401, "another session's ticket");
  const finished = await browser.post("/v1/connections/login", { account, ticket }, headers);
  assert.equal(finished.status, 200, finished.text);
  assert.deepEqual(
    finished.body.steps.map((/** @type {any} */ { step, status: outcome }) => [step, outcome]),
    [["login", "pass"], ["exchange", "pass"], ["profile", "pass"]],
  );
  const userinfo = finished.body.claims.find((/** @type {any} */ { from }) => from === "userinfo");
  assert.ok(userinfo.rows.some((/** @type {any} */ row) => row.path === "/email" && row.type === "text" && row.length === provider.person.email.length));
  assert.deepEqual(
    finished.body.mapped.map((/** @type {any} */ { path, locked }) => [path, locked]),
    [["email", true], ["firstname", false]],
  );
  for (const canary of [provider.person.email, provider.person.family_name, "canary-access", "eyJ"]) assert.ok(!finished.text.includes(canary), canary);
  assert.equal((await browser.post("/v1/connections/login", { account, ticket }, headers)).status, 401, "once");
  const { at, ...kept } = (await worker.read(`/v1/accounts/${account}/trial`)).body.trial;
  assert.deepEqual(kept, finished.body, "what was shown, for the mapping");
  assert.ok(Math.abs(Date.parse(at) - Date.now()) < 60_000);
  assert.equal((await worker.read("/v1/accounts/nobody/trial")).body.trial, null);
  assert.deepEqual((await worker.read(`/v1/participants/${account}/p-1`)).body.participants, [], "nothing is kept");
});

test("a key set is looked at before its URL is written, and nothing inner is fetched", async () => {
  const look = async (/** @type {string} */ url) => worker.post(`/v1/accounts/${account}/key-set`, { url }, await worker.bearer());
  const good = await look(`${provider.issuer}/jwks`);
  assert.deepEqual([good.status, good.body.status, good.body.found.keys[0].usable], [200, "pass", true], good.text);
  const missing = await look(`${provider.issuer}/nothing-here`);
  assert.deepEqual([missing.body.status, missing.body.code], ["fail", "key_set_unavailable"]);
  const inner = await look("http://10.0.0.1/jwks");
  assert.deepEqual([inner.body.status, inner.body.got], ["fail", "refused"]);
  assert.equal((await look("file:///etc/passwd")).body.code, "body_invalid");
});

test("an issuer's metadata are read before it is written, and nothing inner is fetched", async () => {
  const look = async (/** @type {string} */ issuer, preset = "generic") => worker.post(`/v1/accounts/${account}/discovery`, { preset, issuer }, await worker.bearer());
  const good = await look(provider.issuer);
  assert.deepEqual([good.status, good.body.step, good.body.status, good.body.found.issuer], [200, "discovery", "pass", provider.issuer], good.text);
  assert.ok(good.body.found.authorization_endpoint.startsWith(provider.issuer));
  const missing = await look(`${provider.issuer}/nothing-here`);
  assert.deepEqual([missing.body.step, missing.body.status, missing.body.code.startsWith("discovery_")], ["discovery", "fail", true], missing.text);
  const inner = await look("http://10.0.0.1/realms/x");
  assert.deepEqual([inner.body.status, inner.body.fetched ?? []], ["fail", []], inner.text);
  assert.equal((await look("file:///etc/passwd")).body.code, "body_invalid");
  assert.deepEqual([(await look(provider.issuer, "keyclaok")).body.step, (await look(provider.issuer, "keyclaok")).body.at], ["settings", "/oauth/preset"]);
});

test("what is wrong is said at its step, with its code", async () => {
  const browser = new Browser(worker.url);
  const { headers } = await session(browser);
  provider.clientSecret = "another one now";
  const { body } = await browser.post("/v1/connections/test", { account }, headers);
  const there = await browser.go(body.login);
  const [, ticket] = (await browser.go(there.location)).location.split("#handstamp=");
  const { body: finished } = await browser.post("/v1/connections/login", { account, ticket }, headers);
  const failed = finished.steps.find((/** @type {any} */ { status }) => status === "fail");
  assert.deepEqual([failed.step, failed.code], ["exchange", "exchange_refused"]);

  await write({ ...provider.settings(), issuer: `${provider.issuer}/elsewhere` });
  const { body: lost } = await browser.post("/v1/connections/test", { account }, headers);
  const [first] = lost.steps;
  assert.deepEqual([first.step, first.status, lost.login], ["discovery", "fail", undefined]);
  assert.ok(first.code.startsWith("discovery_") && first.how);
});

test("a campaign's own identity provider is registered and tried by itself, and the account's by a campaign that uses it", async () => {
  const own = await Provider.start();
  own.person = { ...own.person, email: "own@example.org" };
  const made = customer(account, { oauth: provider.settings() });
  const { 100001: first, 100002: second } = made.document.campaigns;
  provider.clientSecret = secret;
  const brand = { ...own.settings(), clientId: "brand", scope: "openid email", clientAuth: { secret: { secret: "OIDC_CLIENT" } } };
  own.clientId = "brand";
  made.document.campaigns = { 100001: { ...first, signIn: ["oauth"], oauth: brand, mapping: { email: "email" } }, 100002: { ...second, signIn: ["oauth"] } };
  await worker.account(made.document, made.secrets);
  const browser = new Browser(worker.url);
  const { headers, register, others } = await session(browser);
  assert.deepEqual([register.campaignId, register.clientId, others.map((/** @type {any} */ one) => [one.campaignId, one.clientId, one.issuer, one.scope])], [undefined, "campaigns", [["100001", "brand", own.issuer, ["openid", "email"]]]]);

  /** @param {string} [campaignId] */
  const tried = async (campaignId) => {
    const { body, text } = await browser.post("/v1/connections/test", { account, ...(campaignId && { campaignId }) }, headers);
    assert.ok(body.login, text);
    const there = await browser.go(body.login);
    const [, ticket] = (await browser.go(there.location)).location.split("#handstamp=");
    return { body, finished: (await browser.post("/v1/connections/login", { account, ticket }, headers)).body };
  };
  const before = (await worker.read(`/v1/accounts/${account}/trial`)).body.trial?.at;
  const brands = await tried("100001");
  const sent = (/** @type {any} */ { authorize }) => authorize.parameters.find((/** @type {any} */ { name }) => name === "redirect_uri").value;
  assert.deepEqual([others[0].redirectUri, sent(brands.body)], Array(2).fill(`${worker.url}/oauth/callback/${account}/100001`), "what is registered is what is sent");
  assert.deepEqual([brands.body.authorize.endpoint, brands.body.steps[0].found.issuer], [`${own.issuer}/authorize`, own.issuer]);
  assert.deepEqual(brands.finished.steps.map((/** @type {any} */ { status }) => status), ["pass", "pass", "pass"]);
  assert.deepEqual([brands.finished.mapped[0].length, own.exchanges.length], ["own@example.org".length, 1]);
  assert.equal((await worker.read(`/v1/accounts/${account}/trial`)).body.trial?.at, before, "the account's mapping is not made of it");
  const accounts = (await tried()).body;
  assert.deepEqual([accounts.authorize.endpoint, sent(accounts)], [`${provider.issuer}/authorize`, register.redirectUri]);

  own.clientSecret = "another one now";
  assert.equal((await tried("100001")).finished.steps.at(-1).code, "exchange_refused");
  const plain = await browser.post("/v1/connections/test", { account, campaignId: "100002" }, headers);
  assert.deepEqual([plain.status, plain.body.code], [400, "body_invalid"]);
  assert.equal((await browser.post("/v1/connections/test", { account, campaignId: "nobody" }, headers)).body.code, "campaign_unknown");

  const { oauth: _none, ...document } = made.document;
  await worker.account({ ...document, campaigns: { 100001: document.campaigns["100001"] } }, made.secrets);
  const alone = await session(browser);
  assert.deepEqual([alone.register.campaignId, alone.others], ["100001", undefined], "also where the account has none");
  own.stop();
});

/** The test of an account at the hostile provider: its rows by step. @param {(provider: Provider) => void} [change] @param {object} [oauth] */
async function rows(change = () => {}, oauth = {}) {
  change(provider);
  await write({ ...provider.settings(), ...oauth });
  const browser = new Browser(worker.url);
  const { headers } = await session(browser);
  const trial = (await browser.post("/v1/connections/test", { account }, headers)).body;
  const by = (/** @type {any[]} */ steps) => Object.fromEntries(steps.map((row) => [row.step, row]));
  if (!trial.login) return { ...by(trial.steps), trial, text: JSON.stringify(trial) };
  const there = await browser.go(trial.login);
  const [, ticket] = (await browser.go(there.location)).location.split("#handstamp=");
  const { body, text } = await browser.post("/v1/connections/login", { account, ticket }, headers);
  return { ...by(trial.steps), ...by(body.steps), trial, text: JSON.stringify(trial) + text };
}

test("a test asks the servers and no copy: a repair and a new fault are seen at once, and nobody's copy is lost", async () => {
  provider.clientSecret = secret;
  const before = await rows();
  assert.equal(before.discovery.status, "pass");
  const [fetched] = before.discovery.fetched;
  assert.deepEqual([fetched.url, fetched.method, fetched.status], [`${provider.issuer}/.well-known/openid-configuration`, "GET", 200]);
  assert.ok(fetched.ms >= 0 && fetched.bytes > 100 && fetched.limit > fetched.bytes);
  assert.equal(before.keys.fetched[0].url, `${provider.issuer}/jwks`);
  assert.equal(before.exchange.fetched[0].url, `${provider.issuer}/token`);
  assert.ok(before.profile.fetched.some((/** @type {any} */ { url }) => url === `${provider.issuer}/me`));

  const broken = await rows(() => (provider.metadata = { issuer: "https://evil.example" }));
  assert.deepEqual([broken.discovery.status, broken.discovery.code, broken.discovery.fix, broken.trial.login], ["fail", "discovery_issuer_mismatch", "settings", undefined]);
  assert.deepEqual([broken.discovery.expected, broken.discovery.got], [provider.issuer, "https://evil.example"]);
  assert.match(broken.discovery.fetched[0].part, /issuer: https:\/\/evil\.example/);
  // Participants go on with the copy that serves.
  const start = await new Browser(worker.url).go(`/oauth/start?account=${account}&campaignId=100001`);
  assert.equal(start.status, 302, start.text);

  const repaired = await rows(() => (provider.metadata = {}));
  assert.deepEqual([repaired.discovery.status, repaired.profile.status], ["pass", "pass"]);
});

test("each row of a test says who fixes it, and none passes that did not", async () => {
  provider.clientSecret = secret;
  const part = (/** @type {any} */ row) => row.fetched.map((/** @type {any} */ { part }) => part).join();
  const refused = await rows(() => (provider.clientSecret = "another one now"));
  assert.deepEqual([refused.exchange.status, refused.exchange.code, refused.exchange.fix, refused.profile], ["fail", "exchange_refused", "settings", undefined]);
  assert.match(refused.exchange.expected, /client_secret_post.*PKCE/);
  assert.doesNotMatch(JSON.stringify(refused.exchange), /redirect/i);
  assert.match(part(refused.exchange), /error: invalid_client/);
  provider.clientSecret = secret;

  const told = await rows(() => (provider.tokenAnswer = { status: 200, body: { error: "invalid_grant", error_description: "the <b>code</b>\nis used" } }));
  assert.deepEqual([told.exchange.status, told.exchange.code, told.profile], ["fail", "exchange_refused", undefined], "an error with 200 is no exchange");
  assert.match(part(told.exchange), /error: invalid_grant · error_description: the b code \/b is used/);
  const page = await rows(() => (provider.tokenAnswer = { status: 401, body: undefined, headers: { "content-type": "text/html", "www-authenticate": 'Basic realm="acme"' } }));
  assert.match(part(page.exchange), /WWW-Authenticate: Basic realm="acme" · text\/html, not JSON/);
  const missing = await rows(() => (provider.tokenAnswer = { status: 200, body: { access_token: "canary-access", token_type: "Bearer" } }));
  assert.deepEqual([missing.exchange.status, missing.exchange.code], ["fail", "id_token_missing"]);
  assert.ok(!missing.text.includes("canary-access"), "no token is shown");
  provider.tokenAnswer = undefined;

  const endpointless = await rows(() => (provider.metadata = { userinfo_endpoint: undefined }));
  assert.deepEqual([endpointless.discovery.status, endpointless.discovery.code, endpointless.trial.login], ["fail", "discovery_invalid", undefined]);
  assert.match(endpointless.discovery.expected, /profileFrom/);
  const hint = (await rows(() => (provider.metadata = {}))).authorize.how;
  assert.ok(hint.includes(`${worker.url}/oauth/callback/${account} is registered`), hint);
});

test("only keys that verify are called keys that verify", async () => {
  const [good] = provider.keys;
  const { kid: _kid, ...nameless } = good;
  const keys = async (/** @type {object[]} */ list, oauth = {}) => (await rows(() => (provider.keys = list), oauth)).keys;
  for (const [list, status, code] of /** @type {const} */ ([
    [[good], "pass", undefined],
    [[good, good], "pass", undefined],
    [[nameless], "pass", undefined],
    [[good, { ...good, kid: "e", use: "enc", alg: "RSA-OAEP" }], "pass", undefined],
    [[good, { ...good, kid: 7 }], "warn", undefined],
    [[good, { ...good, kid: "padded", n: `${good.n}=` }], "warn", undefined],
    [[{ ...good, use: "enc", alg: "RSA-OAEP" }], "fail", "key_set_empty"],
    [[{ ...good, n: `${good.n}=` }], "fail", "key_set_empty"],
    [[{ ...good, kid: 7 }], "fail", "key_set_empty"],
    [[], "fail", "key_set_empty"],
  ])) {
    const row = await keys([...list]);
    assert.deepEqual([row.status, row.code], [status, code], JSON.stringify({ list, row }));
    if (status !== "pass") assert.ok(row.fix === "issuer" && row.got && row.how, JSON.stringify(row));
  }
  provider.metadata = { id_token_signing_alg_values_supported: ["HS256"] };
  assert.equal((await keys([])).status, "skip", "no key is needed where the client secret signs");
  assert.equal((await keys([good])).status, "skip");
  for (const algs of [["HS256", "RS256"], ["RS256", "HS512"]]) {
    provider.metadata = { id_token_signing_alg_values_supported: algs };
    const empty = await keys([]);
    assert.deepEqual([empty.status, empty.fetched.length], ["skip", 1], "an empty set beside the client secret is looked at, and not a fault");
    assert.deepEqual([(await keys([{ ...good, use: "enc" }])).code, (await keys([good])).status], ["key_set_empty", "pass"]);
  }
  provider.metadata = {};
  assert.equal((await keys([], { idTokenAlg: "HS256" })).status, "skip");
  const many = Array.from({ length: 24 }, (_, n) => ({ ...good, kid: `k${n}` }));
  const late = await keys([...many, { ...good, kid: 7 }]);
  assert.deepEqual([late.status, late.at, late.found.keys.length], ["warn", "/keys/24/kid", 20], "also a key that is not shown");
  provider.keys = [good];
});

test("an answer that is nearly too large is warned of", async () => {
  const { profile } = await rows(() => (provider.person = { ...provider.person, picture: "p".repeat(400_000) }));
  assert.deepEqual([profile.status, profile.fix], ["warn", "issuer"]);
  assert.match(profile.says, /^An answer has 4\d{5} bytes, and more than 524288 are refused/);
  const { profile: refused } = await rows(() => (provider.person = { ...provider.person, picture: "p".repeat(600_000) }));
  assert.deepEqual([refused.status, refused.code, refused.expected], ["fail", "response_too_large", "at most 512 KiB"]);
});
