// The IT administrator's way: a one-time link, what to register, the trial up to the login page and back to the form.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Browser } from "../support/worker/browser.mjs";
import { customer } from "../support/worker/customer.mjs";
import { call, Deployment } from "../support/worker/deployment.mjs";
import { Provider } from "../support/worker/provider.mjs";

/** @type {Deployment} */ let worker;
/** @type {Provider} */ let provider;
const account = "tried";

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
  assert.deepEqual((await worker.read(`/v1/participants/${account}/p-1`)).body.participants, [], "nothing is kept");
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
