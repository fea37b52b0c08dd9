// The objects of fetched key sets and metadata: they end when nobody asks for them any more, and an account begins only so
// many, whatever its identity provider names.

import assert from "node:assert/strict";
import { createHmac, generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import { once } from "node:events";
import { after, before, test } from "node:test";
import { SignJWT } from "jose";
import { customer } from "../../support/worker/customer.mjs";
import { Deployment, random } from "../../support/worker/deployment.mjs";
import { PATIENCE_MS, pause, until } from "../../support/patience.mjs";

const HOUR_MS = 3600_000;
const BOUND = 64;
/** For as long as a busy machine takes: what is asked here is how often, not how fast. */
const ASKED = { purpose: "keySet", method: "GET", headers: {}, refresh: false, timeout: PATIENCE_MS / 1000 };
/** @type {Deployment} */ let worker;
/** @type {Record<string, number>} */ const asked = {};
const server = createServer(async (request, answer) => {
  const path = String(request.url);
  asked[path] = (asked[path] ?? 0) + 1;
  if (path.startsWith("/slow")) await pause(1500);
  answer.setHeader("content-type", "application/json");
  // Its metadata names another key set every time.
  const metadata = { issuer: `${origin}/${path.split("/")[1]}`, authorization_endpoint: `${origin}/authorize`, token_endpoint: `${origin}/token`, jwks_uri: `${origin}/keys/${random(6)}` };
  if (path === "/aged" && isDown) answer.statusCode = 503;
  answer.end(JSON.stringify(/^\/(changing|slow)\//.test(path) ? metadata : { keys: ["/slowkeys", "/aged"].includes(path) ? [KEY] : [] }));
});
const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const KEY = { ...publicKey.export({ format: "jwk" }), kid: "k", use: "sig" };
let [origin, isDown] = ["", false];

/** How a token of the key is taken by the account whose key set grows old. */
async function admitAged() {
  const token = await new SignJWT({ sub: "1234", campaignId: "100001" }).setProtectedHeader({ alg: "ES256", kid: "k" }).setIssuedAt().setExpirationTime("5m").sign(privateKey);
  const { body, status } = await worker.post("/v1/token/admit", { account: "aged", campaignId: "100001", token });
  return [status, body.reason];
}

before(async () => {
  worker = await Deployment.start();
  await once(server.listen(0, "127.0.0.1"), "listening");
  origin = `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}`;
  // For the last test: used, then as if it had been fetched a day before, by a server that is gone since.
  const url = `${origin}/aged`;
  await worker.account({ ...customer("aged").document, secureToken: { verify: { method: "jwks", url } } });
  assert.deepEqual(await admitAged(), [200, undefined]);
  await (await keySet(url)).read({ ...ASKED, url, test: true }, Date.now() - 25 * HOUR_MS, "aged");
  isDown = true;
});
after(async () => {
  server.closeAllConnections();
  server.close();
  await worker?.stop();
});

/** The object of a URL, and of an issuer where it holds metadata. @param {string[]} of @returns {Promise<any>} */
async function keySet(...of) {
  const namespace = await worker.miniflare.getDurableObjectNamespace("KEY_SET");
  const name = createHmac("sha256", Buffer.from(worker.secrets.vars.NAME_KEY, "base64url")).update(JSON.stringify(["key_set", ...of])).digest("base64url");
  return namespace.get(namespace.idFromName(name));
}
/** @param {string} path @param {number} now @param {string} account */
async function read(path, now, account) {
  const request = { ...ASKED, url: origin + path };
  return (await (await keySet(request.url)).read(request, now, account)).answer;
}

test("a key set that nobody has asked for in two days is gone; one that is asked for stays", async () => {
  const now = Date.now();
  for (const at of [now, now + 1000]) assert.equal((await read("/kept", at, "ending")).status, 200);
  assert.equal(asked["/kept"], 1);
  // Its alarm is due at once.
  const before = now - 49 * HOUR_MS;
  assert.equal((await read("/forgotten", before, "ending")).status, 200);
  await until(async () => {
    await read("/forgotten", before, "ending");
    return asked["/forgotten"] >= 2;
  }, "what it had is gone, though it was fresh at that time");
  assert.equal((await read("/kept", now + 2000, "ending")).status, 200);
  assert.equal(asked["/kept"], 1);
});

test("an account begins sixty-four in two days, and no other account is held up by it", async () => {
  const now = Date.now();
  const first = await Promise.all(Array.from({ length: BOUND + 6 }, (_, i) => read(`/many/${i}`, now, "many")));
  assert.deepEqual([first.filter(({ status }) => status === 200).length, first.filter(({ failed }) => failed === "refused").length], [BOUND, 6]);
  assert.equal(Object.keys(asked).filter((path) => path.startsWith("/many/")).length, BOUND, "nothing is sent for those");
  const begun = first.findIndex(({ status }) => status === 200);
  const not = first.findIndex(({ failed }) => failed);
  assert.equal((await read(`/many/${begun}`, now + 24 * HOUR_MS, "many")).status, 200, "what was begun is fetched again");
  assert.equal((await read(`/many/${not}`, now + 47 * HOUR_MS, "many")).failed, "refused");
  const together = await Promise.all(["many", "other", "third"].map((account) => read(`/many/${not}`, now, account)));
  assert.deepEqual(together.map(({ failed, status }) => failed ?? status), ["refused", 200, 200], "at the same moment, too");
  assert.equal(asked[`/many/${not}`], 1);
  assert.equal((await read("/many/later", now + 48 * HOUR_MS, "many")).status, 200);
});

test("metadata of one URL under ever another issuer count as many", async () => {
  const [url, now] = [`${origin}/one-url`, Date.now()];
  for (let i = 0; i < BOUND + 2; i += 1) {
    const issuer = `https://id.acme.example/${i}`;
    const request = { ...ASKED, purpose: "discovery", url, issuer };
    await (await keySet(url, issuer)).read(request, now, "issuers");
  }
  assert.equal(asked["/one-url"], BOUND);
});

test("an account that waits a second for a slow server does not take it from one that waits longer", async () => {
  const start = async (/** @type {string} */ account, /** @type {object} */ more) => {
    const oauth = { issuer: `${origin}/slow`, clientId: "c", clientAuth: { method: "none" }, ...more };
    const { document } = customer(account, { oauth });
    const { secureToken: _, ...rest } = document;
    rest.campaigns = { 1: { signIn: ["oauth"] } };
    await worker.account(rest);
    return (await worker.get(`/oauth/start?account=${account}&campaignId=1`)).status;
  };
  assert.equal(await start("hasty", { timeoutSeconds: 1 }), 303, "back to the campaign");
  assert.equal(await start("patient", { timeoutSeconds: 10 }), 302, "to the login page");
});

test("who needs the copy does not wait while others test the server", async () => {
  const [now, object] = [Date.now(), await keySet(`${origin}/slowkeys`)];
  const request = { ...ASKED, url: `${origin}/slowkeys` };
  assert.equal((await object.read(request, now, "owner")).answer.status, 200);
  const test = object.read({ ...request, test: true }, now, "tester");
  await until(() => asked["/slowkeys"] === 2, "the test is under way");
  const { answer, ms } = await object.read(request, now, "owner");
  assert.deepEqual([answer.status, ms], [200, 0], "from the copy");
  assert.ok((await test).ms > 1000, "while the server was asked");
});

test("tokens, reports, sign-ins and the connection's test each count for their own account", async () => {
  const account = "counted";
  const oauth = { issuer: `${origin}/changing`, clientId: "c", clientAuth: { method: "none" } };
  const { document } = customer(account, { oauth });
  document.campaigns["100001"] = { ...document.campaigns["100001"], signIn: ["token", "oauth"] };
  await worker.account({ ...document, secureToken: { verify: { method: "jwks", url: `${origin}/never/token` } } });
  const object = await worker.accountObject(account);
  for (let i = 0; i < BOUND; i += 1) assert.equal(await object.openKeySet(`https://id.acme.example/${i}`, Date.now()), true);
  assert.equal(await object.openKeySet("https://id.acme.example/0", Date.now()), true, "one that it has begun");
  const jws = `${Buffer.from(JSON.stringify({ alg: "ES256", kid: "k" })).toString("base64url")}.e30.AAAA`;
  const { body, status } = await worker.post("/v1/token/admit", { account, campaignId: "100001", token: jws });
  assert.deepEqual([status, body.reason], [502, "try_again"]);
  const report = await worker.post("/v1/explain", { account, token: jws }, await worker.bearer());
  assert.equal(report.status, 200);
  const start = await worker.get(`/oauth/start?account=${account}&campaignId=100001`);
  assert.equal(start.status, 303, "back to the campaign");
  assert.deepEqual(Object.keys(asked).filter((path) => path.startsWith("/never") || path.startsWith("/changing")), []);
});

test("a copy that is too old vouches for nothing, also where it has been prepared", async () => {
  // An isolate has a copy of its own for nine seconds, which have begun before the first test.
  await until(async () => (await admitAged())[0] !== 200, "the isolate looks at the set again");
  assert.deepEqual(await admitAged(), [502, "try_again"]);
});
