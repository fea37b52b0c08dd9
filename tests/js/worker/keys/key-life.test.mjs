// The keys of an account in time: rotated step by step by a person at the console, by the rules of the command line; and looked at
// once an hour, with a warning for each that will refuse somebody, in the list, for operators and at the webhook.

import assert from "node:assert/strict";
import { createHmac, generateKeyPairSync, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { CompactEncrypt, SignJWT, importJWK } from "jose";
import { ConsolePerson } from "../../support/worker/console.mjs";
import { customer, secrets } from "../../support/worker/customer.mjs";
import { call, Deployment } from "../../support/worker/deployment.mjs";
import { catalogue } from "../../support/worker/package.mjs";
import { Provider } from "../../support/worker/provider.mjs";
import { until } from "../../support/patience.mjs";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** @type {Deployment} */ let worker;
const hook = randomBytes(32);
const [k1, k2] = ["k1", "k2"].map((kid) => ({ kid, ...generateKeyPairSync("ec", { namedCurve: "P-256" }) }));
const publicOf = (/** @type {typeof k1} */ { kid, publicKey }) => ({ ...publicKey.export({ format: "jwk" }), kid, use: "sig" });
const served = {
  /** @type {Record<string, unknown>[]} */
  keys: [publicOf(k1), publicOf(k2)],
  isDown: false,
  /** How often each path was asked. @type {Record<string, number>} */
  asked: {},
  /** @type {{ headers: import("node:http").IncomingHttpHeaders, body: any, text: string }[]} */
  messages: [],
  takes: true,
};
const server = createServer(async (request, response) => {
  served.asked[String(request.url)] = (served.asked[String(request.url)] ?? 0) + 1;
  let text = "";
  for await (const chunk of request) text += chunk;
  if (request.method === "POST") served.messages.push({ headers: request.headers, body: JSON.parse(text), text });
  if (served.isDown || (request.method === "POST" && !served.takes)) return response.writeHead(500).end();
  return response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ keys: served.keys }));
});
let origin = "";

before(async () => {
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  origin = `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}`;
  worker = await Deployment.start();
  const { document, secrets: own } = customer("acme");
  await worker.account({ ...document, secureToken: { ...document.secureToken, maxLifetimeSeconds: 600 } }, own);
});
after(async () => {
  server.closeAllConnections();
  server.close();
  await worker.stop();
});

/** @param {string} account @param {any} turn */
const rotate = async (account, turn) => worker.post(`/v1/accounts/${account}/keys`, turn, await worker.bearer());
/** @param {string} account */
const keysOf = async (account) => (await worker.read(`/v1/accounts/${account}/keys`)).body;
/** The hourly job, some hours from now. @param {number} [later] milliseconds */
async function look(later = 0) {
  const from = worker.log.length;
  await (await worker.miniflare.getWorker()).scheduled({ cron: "23 * * * *", scheduledTime: new Date(Date.now() + later) });
  return JSON.parse(worker.log.slice(from).join("").split("\n").find((line) => line.includes('"job":"keys"')) ?? "{}");
}
/** @param {string} account */
const codesOf = async (account) => (await keysOf(account)).warnings.map((/** @type {any} */ { code }) => code);
/** @param {string} account @param {any} key @param {Record<string, string>} header @param {number} [ahead] */
const admit = async (account, key, header, ahead = 0) =>
  worker.post("/v1/token/admit", {
    account, campaignId: "100001",
    token: await new SignJWT({ sub: "1", campaignId: "100001" }).setProtectedHeader(/** @type {any} */ (header)).setIssuedAt(Math.floor(Date.now() / 1000) + ahead).setExpirationTime("5m").sign(key),
  });

test("a person rotates a shared secret step by step: too early is refused with what stands in the way, and each change says who", async () => {
  const person = await ConsolePerson.invited(worker, "acme", "setup");
  const turn = (/** @type {any} */ body) => person.ask("POST", "/v1/accounts/acme/keys", { list: "verify", ...body });
  const added = await turn({ step: "add", name: "second" });
  assert.deepEqual([added.status, added.body.name, Buffer.from(added.body.secret, "base64url").length], [200, "second", 32], added.text);
  for (const [step, code, got] of [["add", "rotation_order", "waiting_already"], ["activate", "rotation_early", "not_spread"], ["drop", "rotation_order", "none_retiring"]]) {
    const { status, body } = await turn({ step });
    assert.deepEqual([status, body.code, body.got], [409, code, got]);
    assert.match(body.expected, /\.$/);
  }
  const second = Buffer.from(added.body.secret, "base64url");
  assert.equal((await admit("acme", second, { alg: "HS256" })).status, 200, "the next key is accepted at once");
  assert.equal((await turn({ step: "activate", waited: true })).status, 200);
  const { lists: [{ keys, next }] } = await keysOf("acme");
  assert.deepEqual(keys.map((/** @type {any} */ { name, status }) => [name, status]), [["first", "retiring"], ["second", "active"]]);
  // Ten minutes of life and a minute of leeway.
  assert.equal(Date.parse(keys[0].until) - Date.parse(keys[0].since), 660_000);
  assert.deepEqual([next.step, next.from], ["drop", keys[0].until]);
  assert.equal((await turn({ step: "drop" })).body.got, "not_outlived");
  const { status, body } = await turn({ step: "revoke", key: "first", reason: "it was on a laptop" });
  assert.deepEqual([status, body.changed], [200, true]);
  await until(async () => (await keysOf("acme")).lists[0].keys[1].used !== undefined, "the use of the second key is noted");
  assert.equal((await keysOf("acme")).lists[0].keys[0].used, undefined, "nobody used the first");

  const { body: { entries } } = await worker.read("/v1/accounts/acme/audit");
  const turns = entries.filter((/** @type {any} */ { action }) => action === "rotateKeys");
  assert.deepEqual(turns.map((/** @type {any} */ { reason, about }) => reason ?? about), ["it was on a laptop", "activate, verify", "add second, verify", "TOKEN_KEY.second"]);
  assert.ok(turns.every((/** @type {any} */ { actor }) => actor.kind === "person"), "who");
  const shown = JSON.stringify([entries, await keysOf("acme"), (await worker.read("/v1/accounts/acme")).body]);
  assert.ok(!shown.includes(added.body.secret), "no secret is read back");
});

test("the service makes the first pair for encryption too, and nobody is shown its private half", async () => {
  const path = "/v1/accounts/paired/secrets/JWE_1";
  const made = { keyPair: "ECDH-ES+A256KW", purpose: "decrypt" };
  for (const [secret, at] of /** @type {[object, string][]} */ ([[{ ...made, value: "x" }, "/value"], [{ purpose: "decrypt" }, "/value"], [{ keyPair: made.keyPair }, "/purpose"], [{ ...made, purpose: "client" }, "/purpose"], [{ ...made, keyPair: "A256KW" }, "/keyPair"]])) {
    const { body, status } = await worker.put(path, secret);
    assert.deepEqual([status, body.code, body.at], [400, "body_invalid", at], JSON.stringify(secret));
  }
  assert.deepEqual(await worker.put(path, made).then(({ status, text }) => [status, text]), [204, ""]);
  const { document, secrets: own, sign } = customer("paired");
  const decrypt = { key: { secret: "JWE_1" }, alg: made.keyPair, enc: "A256GCM" };
  await worker.account({ ...document, secureToken: { ...document.secureToken, decrypt } }, own);
  const { body: { keys: [key, ...others] }, text } = await worker.get("/v1/crypto/paired/jwks.json");
  assert.deepEqual([others, key.kid, key.alg, text.includes('"d"')], [[], "jwe_1", made.keyPair, false]);
  const encrypted = new CompactEncrypt(new TextEncoder().encode(await sign())).setProtectedHeader({ alg: made.keyPair, enc: "A256GCM", cty: "JWT", kid: key.kid });
  const token = await encrypted.encrypt(await importJWK(key, made.keyPair));
  assert.equal((await worker.post("/v1/token/admit", { account: "paired", campaignId: "100001", token })).status, 200);
});

test("public keys are given, pairs of ours give their public half, published sets have no step, and a bad key leaves nothing", async () => {
  const [old, next] = [publicOf(k1), publicOf(k2)];
  const document = { ...customer("others").document, secureToken: { verify: { id: "old", method: "publicKey", key: old, alg: "ES256" }, decrypt: { key: { secret: "JWE" }, alg: "A256KW", enc: "A256GCM", encoding: "base64url" }, encryption: "accept", issuer: "others" } };
  await worker.account(document, { JWE: randomBytes(32).toString("base64url") });
  assert.deepEqual([(await rotate("others", { list: "verify", step: "add" })).body.at], ["/material"], "the customer makes it");
  const bad = await rotate("others", { list: "verify", step: "add", material: k2.privateKey.export({ format: "pem", type: "pkcs8" }) });
  assert.deepEqual([bad.status, bad.body.code], [422, "account_invalid"], "a private key has no place there");
  assert.equal((await rotate("others", { list: "verify", step: "add", material: next })).status, 200);
  const short = await rotate("others", { list: "decrypt", step: "add", name: "e2", material: "dG9vIHNob3J0" });
  assert.deepEqual([short.status, short.body.code], [422, "account_invalid"]);
  await worker.put("/v1/accounts/others/secrets/JWE.hook", { value: "of the webhook", purpose: "webhook" });
  const placed = await rotate("others", { list: "decrypt", step: "add", name: "hook" });
  assert.deepEqual([placed.status, placed.body.at], [400, "/name"], "another's secret is not overwritten");
  await worker.account({ ...document, account: "twice", secureToken: { ...document.secureToken, issuer: "twice", verify: { method: "symmetricKey", key: { secret: "T" }, encoding: "base64url", alg: "HS256" }, decrypt: undefined, encryption: undefined } }, { T: randomBytes(32).toString("base64url") });
  const both = await Promise.all([1, 2, 3].map(() => rotate("twice", { list: "verify", step: "add" })));
  const [won, ...others] = both.sort((one, other) => one.status - other.status);
  assert.deepEqual([won.status, others.every(({ status }) => status === 400 || status === 409)], [200, true], "of several at once, one comes in");
  assert.equal((await admit("twice", Buffer.from(won.body.secret, "base64url"), { alg: "HS256" })).status, 401, "without the issuer");
  assert.equal((await worker.read(`/v1/refusals?account=twice`)).body.refusals[0].code, "issuer_missing", "and its secret is the one that was shown");
  const made = await rotate("others", { list: "decrypt", step: "add", name: "e2" });
  assert.deepEqual([made.status, Buffer.from(made.body.secret, "base64url").length], [200, 32], made.text);
  const { body: { secrets: stored } } = await worker.read("/v1/accounts/others/secrets");
  assert.deepEqual(stored.map((/** @type {any} */ { name, purposes }) => [name, purposes[0]]), [["JWE", "decrypt"], ["JWE.e2", "decrypt"], ["JWE.hook", "webhook"]]);

  await worker.account({ ...document, account: "pairs", secureToken: { ...document.secureToken, issuer: "pairs", decrypt: { key: { secret: "PAIR" }, alg: "ECDH-ES+A256KW", enc: "A256GCM" } } }, { PAIR: JSON.stringify(generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ format: "jwk" })) });
  const pair = await rotate("pairs", { list: "decrypt", step: "add", name: "p2" });
  assert.deepEqual([pair.status, pair.body.public.kid, pair.body.public.d], [200, "p2", undefined], pair.text);
  assert.equal((await rotate("pairs", { list: "decrypt", step: "activate", waited: true })).status, 200);
  const { body: { keys } } = await worker.get("/v1/crypto/pairs/jwks.json");
  assert.deepEqual(keys.map((/** @type {any} */ { kid, x }) => [kid, x]), [["p2", pair.body.public.x]]);

  await worker.account({ ...document, account: "published", secureToken: { issuer: "published", verify: { method: "jwks", url: `${origin}/published`, algs: ["ES256"] } } });
  const none = await rotate("published", { list: "verify", step: "add" });
  assert.deepEqual([none.status, none.body.code, none.body.got], [409, "rotation_order", "published_elsewhere"]);
  const client = await worker.post("/v1/accounts/published/clients", { scope: "accounts:read secrets:write" }, await worker.bearer());
  const { body } = await worker.accessToken({ clientId: client.body.clientId, secret: client.body.clientSecret });
  const weak = await worker.post("/v1/accounts/published/keys", { list: "verify", step: "revoke", key: "#1" }, { authorization: `Bearer ${body.access_token}` });
  assert.deepEqual([weak.status, weak.body.code], [403, "scope_missing"], "secrets alone change no document");
});

test("the hourly look warns of a set that lost a key, that cannot be fetched, of a clock and of an old secret; and the warnings go again", async () => {
  const webhook = { url: `${origin}/hook`, secret: { secret: "HOOK" }, warnings: true };
  const document = { ...customer("watched").document, webhook, secureToken: { issuer: undefined, verify: { id: "set", method: "jwks", url: `${origin}/watched`, algs: ["ES256"] } } };
  await worker.account(document, { ...secrets, HOOK: `whsec_${hook.toString("base64")}` });
  const first = await look();
  assert.ok(first.accounts >= 2 && first.failed === 0, JSON.stringify(first));
  assert.deepEqual(await codesOf("watched"), []);
  assert.equal((await admit("watched", k1.privateKey, { alg: "ES256", kid: "k1" }, 40)).status, 200, "its clock is ahead, within the leeway");
  await until(async () => (await keysOf("watched")).lists[0].keys[0].published.keys.some((/** @type {any} */ { used }) => used), "the use of k1 is noted");
  await until(async () => (await worker.read("/v1/overview")).body.levels.some((/** @type {any} */ row) => row.account === "watched" && row.name === "skew"), "the clock is noted");
  served.keys = [publicOf(k2)];
  served.takes = false;
  await look(HOUR_MS / 2);
  assert.deepEqual((await codesOf("watched")).sort(), ["clock_ahead", "key_set_shrunk"]);
  assert.equal((await keysOf("watched")).warnings.find((/** @type {any} */ { code }) => code === "key_set_shrunk").got, "k1");

  served.takes = true;
  served.isDown = true;
  await look(3 * HOUR_MS);
  assert.ok((await codesOf("watched")).includes("key_set_unreachable"));
  served.isDown = false;
  const sent = served.messages.length;
  await look(4 * HOUR_MS);
  const told = served.messages.slice(sent).map(({ body }) => body.data.code);
  assert.ok(!told.includes("key_set_unreachable"), "that one is over");
  const [message] = served.messages.filter(({ body }) => body.data.code === "key_set_shrunk");
  assert.deepEqual([message.body.type, message.body.data.account, message.body.data.got, message.body.data.fix], ["keys.warning", "watched", "k1", "issuer"]);
  assert.equal(message.body.data.says, catalogue.warnings.key_set_shrunk.says, "in its own words");
  const { "webhook-id": id, "webhook-timestamp": at, "webhook-signature": signature } = message.headers;
  assert.equal(signature, `v1,${createHmac("sha256", hook).update(`${id}.${at}.${message.text}`).digest("base64")}`);
  const again = served.messages.filter(({ headers }) => headers["webhook-id"] === id);
  assert.ok(again.length >= 2, "what it did not take is sent again, under the same id");
  const before = served.messages.length;
  await look(5 * HOUR_MS);
  assert.equal(served.messages.slice(before).filter(({ headers }) => headers["webhook-id"] === id).length, 0, "and what it took is not");

  await look(366 * DAY_MS);
  assert.ok((await codesOf("acme")).includes("secret_old"));
  const { body: { warnings } } = await worker.read("/v1/overview");
  assert.ok(warnings.some((/** @type {any} */ { account, code }) => account === "acme" && code === "secret_old"), "operators see it too");
  await look();
  assert.deepEqual(await codesOf("acme"), [], "it is gone with its cause");
  assert.deepEqual((await worker.read("/v1/overview")).body.warnings.filter((/** @type {any} */ { account }) => account === "acme"), []);
});

test("the hourly look warns of an identity provider that became another, that cannot be fetched, or that lost a key", async () => {
  const provider = await Provider.start();
  const [own] = provider.keys;
  const [first, second] = [own, { ...own, kid: "p2" }];
  provider.keys = [first, second];
  const { document, secrets: stored } = customer("federated", { oauth: provider.settings() });
  const brand = { ...document.campaigns["100001"], signIn: ["oauth"] };
  const { secureToken: _none, ...rest } = document;
  await worker.account({ ...rest, campaigns: { 100001: brand, 100002: { ...brand, oauth: { ...provider.settings(), redirectUri: "campaign", discovery: `${origin}/discovery` } } } }, stored);
  const warned = async () => (await keysOf("federated")).warnings.map((/** @type {any} */ { code, at, got }) => `${code} ${at} ${got ?? ""}`).sort();
  const never = ["metadata_changed /campaigns/100002/oauth issuer no issuer"];
  try {
    await look();
    assert.deepEqual(await warned(), never, "the one never served, the other is as it should be");
    provider.metadata = { issuer: "https://elsewhere.example" };
    provider.keys = [first];
    await look(2 * HOUR_MS);
    assert.deepEqual(await warned(), [...never, "key_set_shrunk /oauth p2", "metadata_changed /oauth issuer https://elsewhere.example"].sort());
    const start = await call(`${worker.url}/oauth/start?account=federated&campaignId=100001`, { headers: { "sec-fetch-dest": "document" } });
    assert.equal(start.status, 302, "the last good copy still serves");
    provider.metadata = {};
    provider.keys = [first, second];
    await look(4 * HOUR_MS);
    assert.deepEqual(await warned(), never, "gone with its cause");
    provider.stop();
    await look(7 * HOUR_MS);
    assert.deepEqual(await warned(), [...never, "key_set_unreachable /oauth ", "metadata_unreachable /oauth "].sort());
    const { body: { warnings } } = await worker.read("/v1/overview");
    assert.ok(warnings.some((/** @type {any} */ { account, code }) => account === "federated" && code === "metadata_unreachable"), "operators see it too");
  } finally {
    provider.stop();
  }
});

test("a certificate near its end is warned of, and a webhook that did not ask hears nothing", async () => {
  const { good } = JSON.parse(await readFile(new URL("../../../vectors/python/keys.json", import.meta.url), "utf8"));
  const { pem } = good.find((/** @type {{ case: string }} */ row) => row.case === "P-256, certificate");
  const webhook = { url: `${origin}/silent`, secret: { secret: "HOOK" } };
  await worker.account({ ...customer("certified").document, webhook, secureToken: { issuer: "certified", verify: { method: "publicKey", key: pem, alg: "ES256" } } }, { HOOK: `whsec_${hook.toString("base64")}` });
  served.keys = [{ ...publicOf(k2), x5c: [pem.replace(/-----[^-]+-----|\s/g, "")] }];
  await worker.account({ ...customer("chained").document, secureToken: { issuer: "chained", verify: { method: "jwks", url: `${origin}/chained`, algs: ["ES256"] } } });
  await look(Date.parse("2035-12-01T00:00:00Z") - Date.now());
  assert.ok((await codesOf("chained")).includes("certificate_ends"), "also one beside a key of a set");
  const { warnings, lists } = await keysOf("certified");
  const found = warnings.find((/** @type {any} */ { code }) => code === "certificate_ends");
  assert.deepEqual([found.at, found.from, lists[0].keys[0].ends], ["/secureToken/verify/0", "2035-12-30T00:00:00.000Z", "2035-12-30T00:00:00.000Z"]);
  assert.equal(served.asked["/silent"], undefined);
});
