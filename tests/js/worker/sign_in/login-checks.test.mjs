// Checks on the way of a sign-in that stand alone, each of which something would get past if it were missing.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { generateKeyPairSync } from "node:crypto";
import { SignJWT } from "jose";
import { routeTable } from "../../../../xtask/js/routes.mjs";
import { PATIENCE_MS } from "../../support/patience.mjs";
import { atRest } from "../../support/worker/at_rest.mjs";
import { random } from "../../support/worker/deployment.mjs";
import { account, campaignId, comeBack, LoginWorld, signedIn } from "../../support/worker/login_world.mjs";
import { oauth } from "../../support/worker/package.mjs";
import { asked, send } from "../../support/worker/route_requests.mjs";

/** @type {LoginWorld} */ let world;
const own = (await routeTable()).routes.filter((route) => /** @type {any} */ (route).ownPage);

before(async () => {
  world = await LoginWorld.start();
});
after(() => world?.stop());

test("each route of our own pages asks both headers of a browser, and either is enough to refuse", async () => {
  assert.deepEqual(own.map(({ method, path }) => `${method} ${path}`).sort(), [
    "GET /v1/drafts", "POST /v1/draft-campaign", "POST /v1/drafts", "POST /v1/oauth/redeem", "POST /v1/participations", "POST /v1/profile", "POST /v1/steps", "POST /v1/token/admit", "POST /v1/trails",
  ]);
  const { url } = world.worker;
  const elsewhere = [{ "sec-fetch-site": "cross-site" }, { "sec-fetch-site": "same-site" }, { origin: "https://evil.example" }, { origin: "null" }, { origin: `${url}.evil.example` }, { "sec-fetch-site": "none", origin: "https://evil.example" }];
  const here = [{}, { "sec-fetch-site": "same-origin" }, { origin: url }, { "sec-fetch-site": "none" }, { "sec-fetch-site": "same-origin", origin: url }];
  for (const route of own) {
    const ask = async (/** @type {any} */ headers) => {
      const { status, body } = await send(url, route, asked(route), headers);
      return status === 403 && body.code === "origin_refused";
    };
    for (const headers of elsewhere) assert.ok(await ask(headers), `${route.method} ${route.path} ${JSON.stringify(headers)}`);
    for (const headers of here) assert.ok(!(await ask(headers)), `${route.method} ${route.path} ${JSON.stringify(headers)}`);
  }
});

test("a sign-in itself is handed out for a trial of the connection, and for no participant's", async () => {
  const namespace = await world.worker.miniflare.getDurableObjectNamespace("LOGIN");
  const object = () => /** @type {any} */ (namespace.get(namespace.idFromName(random())));
  const bind = random();
  const record = { outcome: "code", account, campaignId, sid: "s", bind, exchange: { code: "c", verifier: "v", nonce: "n", redirectUri: "r" } };
  for (const [step, isTrial] of [["connect", true], ["identityset", false], ["", false]]) {
    const login = object();
    const now = Date.now();
    await login.deliver({ ...record, step }, now, "name");
    assert.equal(await login.take({ bind: random(), now }), null, "another session");
    assert.equal((await login.take({ bind, now }))?.exchange.code, isTrial ? "c" : undefined, String(step));
    assert.equal(await login.take({ bind, now }), null, "once");
    if (isTrial) assert.equal(await login.deliver({ ...record, step }, now, "name"), "other", "its code is not taken again");
  }
});

test("a code that was exchanged does not stay in the row", async () => {
  const { browser, parameters } = await world.visitor();
  const address = await signedIn(browser, parameters);
  assert.equal((await comeBack(browser, address)).status, 200);
  const kept = await atRest(world.worker, "Login", "login", "SELECT state, account, record, answer FROM login");
  const done = kept.filter(({ state }) => state === "done");
  assert.ok(done.length > 0, JSON.stringify(kept));
  const { ring } = world.worker.secrets;
  for (const row of done) {
    const record = oauth.open("flow", ring, row.account, row.record);
    assert.deepEqual([record.outcome, record.exchange], ["code", undefined]);
    assert.ok(!JSON.stringify([record, oauth.open("flow", ring, row.account, row.answer)]).includes("code-"), "nor anywhere else");
  }
  const delivered = await atRest(world.worker, "Login", "delivered", "SELECT code FROM delivered WHERE code <> 'name'");
  assert.ok(delivered.length > 0 && delivered.every(({ code }) => /^[\w-]{43}$/.test(code)), "what is remembered is its keyed hash");
});

test("a token that no key could save does not fetch a key set again, one that a new key could does", { timeout: PATIENCE_MS }, async () => {
  // Signed by another key under the name of the published one, as after an exchange of keys that kept the name.
  const [{ publicKey }, { privateKey }] = [1, 2].map(() => generateKeyPairSync("ec", { namedCurve: "P-256" }));
  /** @type {Record<string, number>} */
  const fetched = {};
  const server = createServer((request, response) => {
    fetched[request.url ?? ""] = (fetched[request.url ?? ""] ?? 0) + 1;
    response.setHeader("content-type", "application/json").end(JSON.stringify({ keys: [{ ...publicKey.export({ format: "jwk" }), kid: "k1", alg: "ES256" }] }));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  try {
    const now = Math.floor(Date.now() / 1000);
    const good = { sub: "s", campaignId, exp: now + 300 };
    const cases = { expired: { ...good, exp: now - 900 }, early: { ...good, nbf: now + 900 }, elsewhere: { ...good, campaignId: "100009" }, nobody: { ...good, sub: undefined }, good };
    const admit = async (/** @type {string} */ name, /** @type {object} */ claims) => {
      const token = await new SignJWT(/** @type {any} */ (claims)).setProtectedHeader({ alg: "ES256", kid: "k1" }).sign(privateKey);
      return (await world.worker.post("/v1/token/admit", { account: name, campaignId, token })).status;
    };
    for (const [name, claims] of Object.entries(cases)) {
      const document = { account: name, origins: ["http://localhost:8788"], secureToken: { verify: [{ method: "jwks", url: `http://127.0.0.1:${port}/${name}` }] }, campaigns: { [campaignId]: { signIn: ["token"] } } };
      await world.worker.account(document);
      assert.deepEqual([await admit(name, claims), fetched[`/${name}`]], [401, 1], name);
    }
    // A copy must be some seconds old before it is doubted.
    await atRest(world.worker, "KeySet", "entry", "UPDATE entry SET cache = json_set(cache, '$.fetchedAt', json_extract(cache, '$.fetchedAt') - 60)");
    for (const [name, claims] of Object.entries(cases)) {
      for (let time = 0; time < 3; time += 1) assert.equal(await admit(name, claims), 401);
      assert.equal(fetched[`/${name}`], name === "good" ? 2 : 1, name);
    }
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
