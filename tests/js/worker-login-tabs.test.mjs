// Several logins at once in one browser, and the ways people leave and come back: old tabs, reloads, the back button.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Browser } from "./worker/browser.mjs";
import { acme, secrets } from "./worker/customer.mjs";
import { Deployment } from "./worker/deployment.mjs";
import { oauth } from "./worker/package.mjs";
import { Provider } from "./worker/provider.mjs";

/** @type {Deployment} */ let worker;
/** @type {Provider} */ let provider;

const [account, campaignId] = ["acme", "100001"];
const draft = { account, campaignId, step: "identityset", lang: "en", answers: { colour: "red" }, host: { path: "/play", scroll: 420 } };

before(async () => {
  [worker, provider] = await Promise.all([Deployment.start(), Provider.start()]);
  const document = acme({ oauth: provider.settings() });
  document.campaigns[campaignId] = { ...document.campaigns[campaignId], signIn: ["oauth"] };
  await worker.account(document, secrets);
});
after(async () => {
  provider.stop();
  await worker.stop();
});

async function visitor() {
  const browser = new Browser(worker.url);
  const { bind } = (await browser.post("/v1/drafts", draft)).body;
  return { browser, parameters: { account, campaignId, bind, return: "0:/play" } };
}

/** Up to the login page and back to the address of the callback. @param {Browser} browser @param {Record<string, string>} parameters */
async function signedIn(browser, parameters) {
  const { location } = await browser.go(`/oauth/start?${new URLSearchParams(parameters)}`);
  return (await browser.go(location)).location;
}

/** @param {Browser} browser @param {string} address */
async function comeBack(browser, address) {
  const { status, location } = await browser.go(address);
  assert.equal(status, 303);
  const [place, ticket] = location.split("#handstamp=");
  assert.equal(place, "http://localhost:8788/play", "whatever came of it, the way back is the same");
  return browser.post("/v1/oauth/redeem", { ticket });
}

/** @param {Browser} browser */
const flows = (browser) => [...browser.cookies.keys()].filter((name) => name.startsWith("__Host-hs_flow_"));

test("four tabs sign in at once; a fifth one takes the place of the first, which is told so and loses nothing", async () => {
  const { browser, parameters } = await visitor();
  const tabs = [];
  for (let tab = 0; tab < 5; tab += 1) tabs.push(await signedIn(browser, parameters));
  assert.equal(flows(browser).length, 4);
  const [stale, ...live] = tabs;
  for (const address of live) assert.equal((await comeBack(browser, address)).status, 200);
  const { status, body } = await comeBack(browser, stale);
  assert.deepEqual([status, body.reason, body.retry], [403, "wrong_browser", "login"]);
  assert.deepEqual(body.draft, draft);
  assert.equal((await comeBack(browser, await signedIn(browser, parameters))).status, 200, "signing in again helps");
});

test("tabs come back in any order, and all at once", async () => {
  const { browser, parameters } = await visitor();
  const tabs = [await signedIn(browser, parameters), await signedIn(browser, parameters), await signedIn(browser, parameters)];
  const answers = await Promise.all(tabs.reverse().map((address) => comeBack(browser, address)));
  assert.deepEqual(answers.map(({ status }) => status), [200, 200, 200]);
  assert.equal(new Set(answers.map(({ body }) => body.pass)).size, 3, "each login has a pass of its own");
});

test("fifty old flow cookies are taken away, and names that are none of ours are left alone", async () => {
  const { browser, parameters } = await visitor();
  for (let old = 10; old < 60; old += 1) browser.cookies.set(`__Host-hs_flow_old${old}abc`, `old-${old}.verifier.nonce`);
  browser.cookies.set("consent", "yes");
  const address = await signedIn(browser, parameters);
  assert.equal(flows(browser).length, 4);
  assert.equal(browser.cookies.get("consent"), "yes");
  assert.equal((await comeBack(browser, address)).status, 200);
});

test("a flow cookie that comes twice is nobody's", async () => {
  const { browser, parameters } = await visitor();
  const address = await signedIn(browser, parameters);
  const [name] = flows(browser);
  const own = browser.cookies.get(name) ?? "";
  browser.cookies.set(name, `${own}; ${name}=${own}`);
  assert.equal((await comeBack(browser, address)).body.code, "wrong_browser");
  browser.cookies.set(name, own);
  assert.equal((await comeBack(browser, address)).status, 200);
});

test("the callback opened again, by reload or the back button, leads back and sends no code again", async () => {
  const { browser, parameters } = await visitor();
  const address = await signedIn(browser, parameters);
  const first = await comeBack(browser, address);
  assert.equal(first.status, 200);
  const before = provider.requests["/token"];
  for (let again = 0; again < 2; again += 1) {
    const { body } = await comeBack(browser, address);
    assert.deepEqual([body.reason, body.draft], ["wrong_browser", draft]);
  }
  assert.equal(provider.requests["/token"], before);
});

test("a double click on the way to the login page is two logins, of which either serves", async () => {
  const { browser, parameters } = await visitor();
  const [one, other] = await Promise.all([signedIn(browser, parameters), signedIn(browser, parameters)]);
  assert.notEqual(new URL(one).searchParams.get("state"), new URL(other).searchParams.get("state"));
  assert.equal((await comeBack(browser, other)).status, 200);
  assert.equal((await comeBack(browser, one)).status, 200);
});

test("a login that took too long restores the draft, and the next one succeeds", async () => {
  const { browser, parameters } = await visitor();
  const address = new URL(await signedIn(browser, parameters));
  const state = oauth.openState(worker.secrets.ring, address.searchParams.get("state") ?? "");
  const then = Math.floor(Date.now() / 1000) - 3600;
  const old = state.map((/** @type {unknown} */ member) => (typeof member === "number" && member > 1e9 ? then : member));
  address.searchParams.set("state", oauth.sealState(worker.secrets.ring, old));
  const { body } = await comeBack(browser, address.href);
  assert.deepEqual([body.code, body.retry, body.draft], ["state_expired", "login", draft]);
  const again = await comeBack(browser, await signedIn(browser, parameters));
  assert.deepEqual([again.status, again.body.draft], [200, draft]);
});

test("nothing of a request's query or headers gets into the headers of an answer", async () => {
  const { parameters } = await visitor();
  for (const [name, value] of [["step", "form\r\nset-cookie: a=b"], ["lang", "en\r\nx: y"], ["return", "0:/x\r\nlocation: https://evil.example"], ["bind", "a\r\nb"]]) {
    const { status, headers } = await worker.get(`/oauth/start?${new URLSearchParams({ ...parameters, [name]: value })}`, { redirect: "manual" });
    assert.deepEqual([status, headers.get("location"), headers.getSetCookie()], [400, null, []], name);
  }
  const hosts = { "x-forwarded-host": "evil.example", "x-forwarded-proto": "http", forwarded: "host=evil.example", "x-original-url": "/evil" };
  const { headers } = await worker.get(`/oauth/start?${new URLSearchParams(parameters)}`, { redirect: "manual", headers: hosts });
  assert.equal(new URL(headers.get("location") ?? "").searchParams.get("redirect_uri"), `${worker.url}/oauth/callback`);
});

test("who is not the person that the login page knows is asked again", async () => {
  const { browser, parameters } = await visitor();
  assert.equal((await comeBack(browser, await signedIn(browser, parameters))).status, 200);
  assert.equal(provider.authorizations.at(-1)?.get("prompt"), null);
  const another = await comeBack(browser, await signedIn(browser, { ...parameters, prompt: "login" }));
  assert.deepEqual(provider.authorizations.at(-1)?.getAll("prompt"), ["login"]);
  assert.deepEqual([another.status, another.body.draft], [200, draft]);
  await signedIn(browser, { ...parameters, prompt: "" });
  assert.equal(provider.authorizations.at(-1)?.get("prompt"), null);
  for (const prompt of ["none", "consent", "login consent"]) {
    const { status } = await browser.go(`/oauth/start?${new URLSearchParams({ ...parameters, prompt })}`);
    assert.equal(status, 400, prompt);
  }
});
