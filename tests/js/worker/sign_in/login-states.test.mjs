// The state that travels to the login page and back (T54, T55, T57), and the browser that it belongs to (T56).

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { comeBack, draft, flows, LoginWorld, signedIn, stray } from "../../support/worker/login_world.mjs";
import { oauth } from "../../support/worker/package.mjs";

/** @type {LoginWorld} */ let world;

before(async () => {
  world = await LoginWorld.start();
  await world.account("other");
  await world.account("shared", { redirectUri: "shared" });
});
after(() => world?.stop());

/** A callback that is nobody's: a page with a number, nothing set, nowhere led to. @param {string} query @param {string} [path] */
async function refused(query, path = "/oauth/callback") {
  const headers = { accept: "text/html,application/xhtml+xml", "sec-fetch-dest": "document" };
  const answer = await world.worker.get(`${path}${query}`, { redirect: "manual", headers });
  assert.ok([400, 404, 414, 431].includes(answer.status), `${query.slice(0, 80)}: ${answer.status}`);
  assert.deepEqual([answer.headers.get("location"), answer.headers.getSetCookie()], [null, []], query.slice(0, 80));
  return answer;
}

/** A state on its way, and the address that it comes back to. */
async function underWay() {
  const { browser, parameters } = await world.visitor();
  const address = new URL(await signedIn(browser, parameters));
  return { browser, address, state: address.searchParams.get("state") ?? "" };
}

/** @param {URL} address @param {string} state */
function withState(address, state) {
  const url = new URL(address);
  url.searchParams.set("state", state);
  return url.href;
}

test("T54: a state that is missing, doubled, garbage, too long or of another key ends on a page with a number", async () => {
  const { state } = await underWay();
  const { ring } = world.worker.secrets;
  const members = oauth.openState(ring, state);
  const otherKey = { ...ring, keys: [{ ...ring.keys[0], key: Buffer.alloc(32, 7).toString("base64url") }] };
  const otherName = { ...ring, keys: [{ ...ring.keys[0], kid: "k9" }] };
  const versions = [0, 1, 3, 99, "2", null].map((version) => world.resealed(state, (member, place) => (place === 0 ? version : member)));
  const queries = [
    "",
    "?code=x",
    "?state=",
    `?state=${state}&state=${state}&code=x`,
    `?state=${state}&code=x&state=other`,
    "?code=x&state=garbage",
    "?code=x&state=%00",
    "?code=x&state=%ff%fe",
    `?code=x&state=${state.replaceAll(".", "")}`,
    `?code=x&state=${"A".repeat(5000)}`,
    `?code=x&state=${"A".repeat(65_536)}`,
    `?code=x&state=${state}${"A".repeat(600)}`,
    `?code=x&state=${oauth.sealState(otherKey, members)}`,
    `?code=x&state=${oauth.sealState(otherName, members)}`,
    ...versions.map((text) => `?code=x&state=${text}`),
    ...[members.slice(1), [...members, 1], {}, null, "text"].map((value) => `?code=x&state=${oauth.sealState(ring, value)}`),
    // Sealed by us, but as something else.
    `?code=x&state=${oauth.seal("flow", ring, "*", members)}`,
    `?code=x&state=${oauth.seal("secret", ring, "*", members)}`,
  ];
  for (const query of queries) {
    const { status, text, headers } = await refused(query);
    if (status >= 414) continue;
    assert.match(headers.get("content-type") ?? "", /^text\/html/);
    assert.match(text, /<code>[0-9A-HJKMNP-TV-Z]{8}<\/code>/);
    assert.match(headers.get("content-security-policy") ?? "", /default-src 'none'/);
  }
  const { status, body } = await world.worker.get("/oauth/callback?code=x&state=y");
  assert.deepEqual([status, body.reason], [400, "login_failed"], "a program gets a problem document");
});

test("T54: a state that is cut anywhere, or has one bit of any byte flipped, is none", async () => {
  const { state, browser, address } = await underWay();
  const spoilt = new Set();
  for (let at = 0; at < state.length; at += 1) {
    spoilt.add(state.slice(0, at) + String.fromCharCode(state.charCodeAt(at) ^ (1 << at % 7)) + state.slice(at + 1));
    if (at % 16 === 0) spoilt.add(state.slice(0, at));
  }
  spoilt.delete(state);
  const all = [...spoilt].filter(Boolean);
  assert.ok(all.length > state.length);
  for (let from = 0; from < all.length; from += 20)
    await Promise.all(all.slice(from, from + 20).map((text) => refused(`?code=x&state=${encodeURIComponent(text)}`)));
  assert.equal((await comeBack(browser, address.href)).status, 200, "and the whole one is good to the end");
});

test("T55: a state that has grown old restores the draft, and the next login succeeds", async () => {
  const { browser, address, state } = await underWay();
  const then = Math.floor(Date.now() / 1000) - 3600;
  const old = world.resealed(state, (member) => (typeof member === "number" && member > 1e9 ? then : member));
  const { status, body } = await comeBack(browser, withState(address, old));
  assert.deepEqual([status, body.code, body.retry, body.draft], [401, "state_expired", "login", draft]);
  const next = await world.visitor();
  assert.equal((await comeBack(next.browser, await signedIn(next.browser, next.parameters))).status, 200);
});

test("T55: a state from the future is none of ours", async () => {
  const { state } = await underWay();
  const soon = Math.floor(Date.now() / 1000) + 3600;
  await refused(`?code=x&state=${world.resealed(state, (member) => (typeof member === "number" && member > 1e9 ? soon : member))}`);
});

test("T55: a state that has served leads back, and sends no code again", async () => {
  const { browser, address } = await underWay();
  const { status, body: first } = await comeBack(browser, address.href);
  assert.equal(status, 200);
  const before = world.provider.requests["/token"];
  for (let again = 0; again < 2; again += 1) assert.deepEqual((await comeBack(browser, address.href)).body, first, "the same outcome");
  assert.equal(world.provider.requests["/token"], before);
});

test("T56: a good state in another browser is refused, and nothing is used up in its own", async () => {
  const { browser, address } = await underWay();
  const victim = await world.visitor();
  await stray(victim.browser, address.href);
  // A cookie of that name, but of another login.
  const [name] = flows(browser);
  await signedIn(victim.browser, victim.parameters);
  victim.browser.cookies.set(name, victim.browser.cookies.get(flows(victim.browser)[0]) ?? "");
  await stray(victim.browser, address.href);
  const { status, body } = await comeBack(browser, address.href);
  assert.deepEqual([status, body.draft], [200, draft]);
});

test("T56: who lost the cookie is told so, and finds every answer", async () => {
  const { browser, address } = await underWay();
  for (const name of flows(browser)) browser.cookies.delete(name);
  const text = await stray(browser, address.href);
  const { body } = await world.worker.read(`/v1/refusals/${/<code>(.*?)<\/code>/.exec(text)?.[1]}?account=acme`);
  assert.deepEqual([body.reason, body.code], ["wrong_browser", "flow_cookie_missing"]);
  const headers = { cookie: browser.cookieHeader, "sec-fetch-site": "same-origin" };
  assert.deepEqual((await world.worker.get("/v1/drafts?account=acme&campaignId=100001", { headers })).body.draft, draft);
});

test("T57: a state of one account is of no use at another, nor one of another environment", async () => {
  const { browser, address, state } = await underWay();
  const { ring } = world.worker.secrets;
  assert.equal(address.pathname, "/oauth/callback/acme");
  for (const path of ["/oauth/callback/other", "/oauth/callback/shared", "/oauth/callback"]) await refused(address.search, path);
  const shared = await signedIn(browser, { account: "shared", campaignId: "100001", return: "0:/play" });
  assert.equal(new URL(shared).pathname, "/oauth/callback");
  await refused(new URL(shared).search, "/oauth/callback/shared");
  await refused(new URL(shared).search, "/oauth/callback/other");
  // The same keys, but of the staging environment.
  await refused(`?code=x&state=${oauth.sealState({ ...ring, environment: "staging" }, oauth.openState(ring, state))}`);
  assert.equal((await comeBack(browser, address.href)).status, 200, "and where it belongs it is good");
});
