// Where a login may lead to and what its answers carry: the redirect address (T64), the way back (T65), header values
// from outside (T66), and the headers of the way (T67).

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { REPEATS } from "../../support/repeats.mjs";
import { random } from "../../support/worker/deployment.mjs";
import { draft, LoginWorld, signedIn } from "../../support/worker/login_world.mjs";
import { oauth } from "../../support/worker/package.mjs";
import { redirects } from "../../support/worker/redirects.mjs";

const ORIGIN = "http://localhost:8788";
/** @type {LoginWorld} */ let world;

before(async () => {
  world = await LoginWorld.start();
  await world.account("shared", { redirectUri: "shared" });
});
after(() => world?.stop());

/** @param {Record<string, string>} parameters @param {Record<string, string>} [headers] */
const start = (parameters, headers = {}) =>
  world.worker.get(`/oauth/start?${new URLSearchParams({ account: "acme", campaignId: "100001", ...parameters })}`, { redirect: "manual", headers });

/** Does something with each, some at a time. @template T @param {T[]} all @param {(one: T) => Promise<void>} act */
async function each(all, act) {
  const rest = all.values();
  await Promise.all(Array.from({ length: 12 }, async () => {
    for (const one of rest) await act(one);
  }));
}

test("T64: the redirect address is ours, whatever host, forwarded host or parameter a request names", async () => {
  const claims = { host: "evil.example", "x-forwarded-host": "evil.example", "x-forwarded-proto": "https", "x-forwarded-port": "1", "x-forwarded-prefix": "/evil", forwarded: "host=evil.example;proto=https", "x-original-url": "/evil", "x-rewrite-url": "/evil", "x-host": "evil.example", "x-forwarded-server": "evil.example" };
  const asked = async (/** @type {Record<string, string>} */ parameters, /** @type {Record<string, string>} */ headers) =>
    new URL((await start(parameters, headers)).headers.get("location") ?? "").searchParams.getAll("redirect_uri");
  for (const [name, value] of Object.entries(claims)) assert.deepEqual(await asked({}, { [name]: value }), [`${world.worker.url}/oauth/callback/acme`], name);
  assert.deepEqual(await asked({ redirect_uri: "https://evil.example", redirectUri: "https://evil.example" }, {}), [`${world.worker.url}/oauth/callback/acme`]);
  assert.deepEqual(await asked({ account: "shared" }, claims), [`${world.worker.url}/oauth/callback`]);
});

test("T65: nowhere but to an origin of the account, by index, and a path there", async () => {
  for (const place of ["1:/x", "9:/x", "-1:/x", "0:evil", "00000:/x", "0x0:/x", "٠:/x", "0:", ":/x", "0;/x", `0:/${"a".repeat(300)}`]) {
    const { status, headers } = await start({ return: place });
    assert.deepEqual([status, headers.get("location")], [400, null], place);
  }
  const twice = await world.worker.get("/oauth/start?account=acme&campaignId=100001&return=0:/a&return=0:/b", { redirect: "manual" });
  assert.equal(twice.status, 400);
});

/**
 * What a place of the request comes to, as a browser reads it: nothing, or a path of the account's own origin.
 * @param {string} place @param {string | null} location @returns {boolean} whether there is a path
 */
function staysHome(place, location) {
  const state = oauth.openState(world.worker.secrets.ring, new URL(location ?? "").searchParams.get("state") ?? "");
  const path = state.find((/** @type {unknown} */ member) => typeof member === "string" && member.startsWith("/"));
  if (path === undefined) return false;
  const target = new URL(`${ORIGIN}${path}#handstamp=x`);
  assert.deepEqual([target.origin, target.username, target.password], [ORIGIN, "", ""], place);
  assert.equal(new URL(path, `${ORIGIN}/deep/page`).origin, ORIGIN, `${place} as a reference`);
  return true;
}

/** The places as a browser would name them: on a page of the account's, or as a whole URL. @param {string} place */
const referers = (place) => [`${ORIGIN}${place}`, place].filter((referer) => /^[\x21-\x7e]+$/.test(referer));

test("T65: no known spelling of another site leads away", { timeout: 170_000 }, async () => {
  const corpus = redirects();
  assert.ok(corpus.length > 559 + 834, `${corpus.length} places`);
  const counts = { refused: 0, nowhere: 0, kept: 0 };
  // The core is asked about all of them below.
  const tried = REPEATS.skip ? corpus.filter((_, n) => n % 4 === 0) : corpus;
  const [bind, lists] = [random(), "0:/listed"];
  await each(tried, async (place) => {
    for (const [back, referer] of [[`0:${place}`, `${ORIGIN}/`], ...referers(place).map((referer) => [lists, referer])]) {
      const { status, headers } = await start({ bind, return: back }, { referer });
      const location = headers.get("location");
      if (status === 302) counts[staysHome(place, location) ? "kept" : "nowhere"] += 1;
      else {
        assert.deepEqual([status, location, headers.getSetCookie()], [400, null, []], place);
        counts.refused += 1;
      }
    }
  });
  console.log(`T65: ${tried.length} of ${corpus.length} places: ${counts.refused} refused, ${counts.nowhere} lead nowhere, ${counts.kept} stay on the account's origin`);
  assert.ok(counts.refused + counts.nowhere > 4 * counts.kept && counts.kept > 0);
});

test("T65: a path that looks like an address is followed on the account's own origin, to the end", async () => {
  for (const path of ["/http://evil.example", "/a//b", "/@evil.example", "/..;/x", "/x?next=https://evil.example"]) {
    const { browser, parameters } = await world.visitor();
    browser.page = ORIGIN + path;
    const { location } = await browser.go(await signedIn(browser, parameters));
    const target = new URL(location);
    assert.deepEqual([target.origin, target.pathname + target.search], [ORIGIN, path]);
  }
});

test("T66: nothing of a request's query or headers gets into the headers of an answer", async () => {
  const { parameters } = await world.visitor();
  const breaks = ["\r\n", "\n", "\r", "\u2028", "\u0085", "\0", "%0d%0a", "嘊嘍"];
  const names = { step: "form", lang: "en", return: "0:/x", bind: "a", account: "acme", campaignId: "100001", prompt: "login" };
  for (const [name, value] of Object.entries(names)) {
    for (const sign of breaks) {
      const { status, headers } = await start({ ...parameters, [name]: `${value}${sign}set-cookie: evil=1${sign}location: https://evil.example` });
      assert.ok([400, 404].includes(status), `${name} ${JSON.stringify(sign)}: ${status}`);
      assert.deepEqual([headers.get("location"), headers.getSetCookie()], [null, []], name);
    }
  }
  // What the login page sends back: into the object or nowhere.
  const { browser } = await world.visitor();
  const address = new URL(await signedIn(browser, parameters));
  for (const [name, value] of [["code", "x\r\nset-cookie: evil=1"], ["error", "x\r\nlocation: https://evil.example"], ["iss", "https://evil.example\r\nx: y"], ["evil\r\nset-cookie", "a=b"]]) {
    const url = new URL(address);
    url.searchParams.set(name, value);
    const { headers } = await browser.go(url.href);
    assert.ok(!JSON.stringify([...headers]).includes("evil"), name);
  }
});

test("T67: the way back is a 303, told to nobody, kept by nobody", async () => {
  const { browser, parameters } = await world.visitor();
  const { headers: sent, status: first } = await browser.go(`/oauth/start?${new URLSearchParams(parameters)}`);
  const back = await browser.go(await signedIn(browser, parameters));
  assert.deepEqual([first, back.status], [302, 303]);
  for (const headers of [sent, back.headers]) {
    assert.equal(headers.get("referrer-policy"), "no-referrer");
    assert.equal(headers.get("cache-control"), "no-store");
  }
  const { location } = back;
  assert.ok(!/code=|state=|iss=/.test(location), "neither code nor state goes on");
  const method = await world.worker.post("/oauth/callback?code=x", {});
  assert.equal(method.status, 405, "no form_post, so no body to be sent on by a 307");

  const page = await world.worker.get("/oauth/callback?state=x", { headers: { accept: "text/html", "sec-fetch-dest": "document" } });
  const policy = page.headers.get("content-security-policy") ?? "";
  assert.match(policy, /default-src 'none'/);
  assert.match(policy, /frame-ancestors 'none'/);
  assert.deepEqual([page.headers.get("referrer-policy"), page.headers.get("cache-control"), page.headers.get("x-content-type-options")], ["no-referrer", "no-store", "nosniff"]);
  const ticket = location.split("#handstamp=")[1];
  const redeemed = await browser.post("/v1/oauth/redeem", { ticket });
  assert.deepEqual([redeemed.status, redeemed.headers.get("cache-control"), redeemed.body.draft], [200, "no-store", draft]);
});

test("a login begins with a navigation, and nothing else", async () => {
  const { parameters } = await world.visitor();
  for (const headers of [{ "sec-fetch-dest": "image" }, { "sec-fetch-dest": "iframe" }, { "sec-fetch-dest": "empty" }, { "sec-purpose": "prefetch" }, { purpose: "prefetch" }])
    assert.equal((await start(parameters, /** @type {any} */ (headers))).status, 403);
  assert.equal((await start({ ...parameters, bind: "short" })).status, 400);
  assert.equal((await start({ ...parameters, account: "nobody" })).status, 404);
  assert.equal((await start({ ...parameters, campaignId: "100002" })).status, 404, "a campaign without logins");
  const twice = await world.worker.get(`/oauth/start?${new URLSearchParams(parameters)}&account=other`, { redirect: "manual" });
  assert.equal(twice.status, 400);
});

// Last, as it computes for seconds and would let the connections of other tests grow old.
test("T65: the core alone, without the route before it, takes none of them either, in any form", async () => {
  const { body } = await world.worker.read("/v1/accounts/acme");
  const endpoints = { authorization: `${world.provider.issuer}/authorize` };
  const document = { ...body.document, oauth: { ...body.document.oauth, endpoints } };
  const bind = random();
  const common = { account: document, campaignId: "100001", ring: world.worker.secrets.ring, redirectUri: `${world.worker.url}/oauth/callback` };
  for (const place of redirects().flatMap((text) => [text, `0${text}`, `0:${text}`])) {
    try {
      for (const referer of [`${ORIGIN}/`, ORIGIN + place, place]) {
        const { done } = oauth.start({ ...common, return: place, bind, referer });
        staysHome(place, done?.location ?? null);
      }
    } catch (fault) {
      assert.ok(["return_refused", "settings_invalid"].includes(/** @type {any} */ (fault).code), `${place}: ${fault}`);
    }
  }
});
