// Several logins at once in one browser, and the ways people leave and come back: old tabs, reloads, the back button.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Browser } from "../../support/worker/browser.mjs";
import { account, campaignId, comeBack, draft, flows, LoginWorld, signedIn, stray } from "../../support/worker/login_world.mjs";

/** @type {LoginWorld} */ let world;

before(async () => {
  world = await LoginWorld.start();
});
after(() => world?.stop());

test("T58: four tabs sign in at once; a fifth one takes the place of the first, which is told so and loses nothing", async () => {
  const { browser, parameters } = await world.visitor();
  const tabs = [];
  for (let tab = 0; tab < 5; tab += 1) tabs.push(await signedIn(browser, parameters));
  assert.equal(flows(browser).length, 4);
  const [stale, ...live] = tabs;
  for (const address of live) assert.equal((await comeBack(browser, address)).status, 200);
  await stray(browser, stale);
  const headers = { cookie: browser.cookieHeader, "sec-fetch-site": "same-origin" };
  const { body } = await world.worker.get(`/v1/drafts?account=${account}&campaignId=${campaignId}`, { headers });
  assert.deepEqual(body.draft, draft);
  assert.equal((await comeBack(browser, await signedIn(browser, parameters))).status, 200, "signing in again helps");
});

test("of two campaigns on one page, the one that was not left gets nothing of a ticket, and uses nothing up", async () => {
  const { browser, parameters } = await world.visitor();
  const { location } = await browser.go(await signedIn(browser, parameters));
  const ticket = location.split("#handstamp=")[1];
  const ask = (/** @type {Record<string, unknown>} */ who, by = browser) => by.post("/v1/oauth/redeem", { ticket, ...who });
  for (const other of [{ account, campaignId: "100002" }, { account: "quick", campaignId }]) {
    for (const by of [browser, new Browser(world.worker.url)]) {
      const { status, body, text } = await ask(other, by);
      assert.deepEqual([status, body.elsewhere, body.reason], [401, true, "login_failed"], text);
      assert.ok(!("pass" in body) && !("draft" in body) && !("campaignId" in body), "and learns nothing");
    }
  }
  assert.equal((await ask({ campaignId: 7 })).body.code, "body_invalid");
  const { status, body } = await ask({ account, campaignId });
  assert.deepEqual([status, body.campaignId, body.admission.decision], [200, campaignId, "allowed"]);
});

test("T58: tabs come back in any order, and all at once", async () => {
  const { browser, parameters } = await world.visitor();
  const tabs = [await signedIn(browser, parameters), await signedIn(browser, parameters), await signedIn(browser, parameters)];
  const answers = await Promise.all(tabs.reverse().map((address) => comeBack(browser, address)));
  assert.deepEqual(answers.map(({ status }) => status), [200, 200, 200]);
  assert.equal(new Set(answers.map(({ body }) => body.pass)).size, 3, "each login has a pass of its own");
});

test("T68: the flow cookie has the prefix, is Secure, HttpOnly and Lax, lives as long as the state and not longer", async () => {
  const { browser, parameters } = await world.visitor();
  await world.account("quick", { stateMinutes: 10 });
  for (const [account, seconds] of [["acme", 1800], ["quick", 600]]) {
    const { headers } = await browser.go(`/oauth/start?${new URLSearchParams({ ...parameters, account: String(account) })}`);
    const [cookie, ...more] = headers.getSetCookie();
    assert.equal(more.length, 0);
    assert.match(cookie, new RegExp(`^__Host-hs_flow_[\\w-]{8}=[\\w.-]+; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=${seconds}$`));
  }
  const { headers } = await browser.go(await signedIn(browser, parameters));
  const [kept] = headers.getSetCookie();
  assert.match(kept, /^__Host-hs_flow_[\w-]{8}=[\w.-]+; Path=\/; Secure; HttpOnly; SameSite=Lax; Max-Age=120$/, "and for two minutes after the callback");
});

test("T68: fifty old flow cookies are taken away, and names that are none of ours are left alone", async () => {
  const { browser, parameters } = await world.visitor();
  for (let old = 10; old < 60; old += 1) browser.cookies.set(`__Host-hs_flow_old${old}abc`, `old-${old}.verifier.nonce`);
  browser.cookies.set("consent", "yes");
  const address = await signedIn(browser, parameters);
  assert.equal(flows(browser).length, 4);
  assert.equal(browser.cookies.get("consent"), "yes");
  assert.equal((await comeBack(browser, address)).status, 200);
});

test("T68: a flow cookie that comes twice is nobody's", async () => {
  const { browser, parameters } = await world.visitor();
  const address = await signedIn(browser, parameters);
  const [name] = flows(browser);
  const own = browser.cookies.get(name) ?? "";
  browser.cookies.set(name, `${own}; ${name}=${own}`);
  await stray(browser, address);
  browser.cookies.set(name, own);
  assert.equal((await comeBack(browser, address)).status, 200);
});

test("T58: a double click on the way to the login page is two logins, of which either serves", async () => {
  const { browser, parameters } = await world.visitor();
  const [one, other] = await Promise.all([signedIn(browser, parameters), signedIn(browser, parameters)]);
  assert.notEqual(new URL(one).searchParams.get("state"), new URL(other).searchParams.get("state"));
  assert.equal((await comeBack(browser, other)).status, 200);
  assert.equal((await comeBack(browser, one)).status, 200);
});

test("who is not the person that the login page knows is asked again", async () => {
  const { browser, parameters } = await world.visitor();
  assert.equal((await comeBack(browser, await signedIn(browser, parameters))).status, 200);
  assert.equal(world.provider.authorizations.at(-1)?.get("prompt"), null);
  const another = await comeBack(browser, await signedIn(browser, { ...parameters, prompt: "login" }));
  assert.deepEqual(world.provider.authorizations.at(-1)?.getAll("prompt"), ["login"]);
  assert.deepEqual([another.status, another.body.draft], [200, draft]);
  await signedIn(browser, { ...parameters, prompt: "" });
  assert.equal(world.provider.authorizations.at(-1)?.get("prompt"), null);
  for (const prompt of ["none", "consent", "login consent"]) {
    const { status } = await browser.go(`/oauth/start?${new URLSearchParams({ ...parameters, prompt })}`);
    assert.equal(status, 400, prompt);
  }
});
