// How often the answer of a login page may be delivered, by whom, and what comes of it: one object for each sign-in, one token
// request for each code.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { readdir } from "node:fs/promises";
import { after, before, test } from "node:test";
import { until } from "../../support/patience.mjs";
import { Browser } from "../../support/worker/browser.mjs";
import { random } from "../../support/worker/deployment.mjs";
import { account, campaignId, comeBack, draft, HOME, LoginWorld, signedIn, stray } from "../../support/worker/login_world.mjs";
import { oauth } from "../../support/worker/package.mjs";

/** @type {LoginWorld} */ let world;
/** A sign-in in the campaign's own window has no bind: the flow cookie holds it. */
const OWN_WINDOW = { account, campaignId, lang: "en" };

before(async () => {
  world = await LoginWorld.start();
});
after(() => world?.stop());

/** The objects of sign-ins and of codes on disk. */
const logins = async () => (await readdir(world.worker.stateDir, { recursive: true })).filter((file) => /handstamp-Login\/\w+\.sqlite$/.test(file)).length;

/** How often each code came to the token endpoint. */
const sent = () => world.provider.exchanges.map((form) => form.get("code"));

/** A delivery, and the ticket that it leads to. @param {Browser} browser @param {string} address */
async function delivered(browser, address) {
  const { status, location, headers } = await browser.go(address);
  return { status, location, cookies: headers.getSetCookie(), ticket: location.split("#handstamp=")[1] };
}

/** The object of a name, past every route. @param {string} name @returns {Promise<any>} */
async function login(name) {
  const namespace = await world.worker.miniflare.getDurableObjectNamespace("LOGIN");
  const key = Buffer.from(world.worker.secrets.vars.NAME_KEY, "base64url");
  return namespace.get(namespace.idFromName(createHmac("sha256", key).update(JSON.stringify(["login", name])).digest("base64url")));
}

/** @param {Browser} browser @param {string} ticket */
const redeem = (browser, ticket) => browser.post("/v1/oauth/redeem", { ticket });

test("a code that another sign-in of this account brought first is not sent again", async () => {
  const { browser, parameters } = await world.visitor();
  const [one, other] = [new URL(await signedIn(browser, parameters)), new URL(await signedIn(browser, parameters))];
  assert.equal((await comeBack(browser, one.href)).status, 200);
  const code = one.searchParams.get("code") ?? "";
  for (const spelling of [code, code.toUpperCase(), `${code}=`]) {
    other.searchParams.set("code", spelling);
    const { status, body } = await comeBack(browser, other.href);
    assert.deepEqual([status, body.reason, body.draft], [401, "login_failed", draft]);
    const { body: report } = await world.worker.read(`/v1/refusals/${body.ref}?account=${account}`);
    assert.equal(report.code, "code_elsewhere");
  }
  assert.equal(sent().filter((one) => one?.toLowerCase() === code.toLowerCase()).length, 1);
});

for (const [kind, isBound] of /** @type {const} */ ([["in a frame", true], ["in a window of its own", false]])) {
  const visitor = async () => {
    const { browser, parameters } = await world.visitor();
    return { browser, parameters: isBound ? parameters : OWN_WINDOW };
  };

  test(`a stranger delivers one state 325 times, ${kind}: no object is made, and the person signs in`, async () => {
    const { browser, parameters } = await visitor();
    const address = await signedIn(browser, parameters);
    const home = isBound ? HOME : `${world.worker.url}/campaign/${account}/${campaignId}?lang=en`;
    const before = await logins();
    for (let from = 0; from < 325; from += 25) await Promise.all(Array.from({ length: 25 }, () => stray(new Browser(world.worker.url), address, home)));
    assert.equal(await logins(), before);
    const { status, body } = await redeem(browser, (await delivered(browser, address)).ticket);
    assert.deepEqual([status, body.draft], [200, draft]);
  });

  test(`the same answer twice, ${kind}: the same ticket, the same outcome, one token request`, async () => {
    const { browser, parameters } = await visitor();
    const address = await signedIn(browser, parameters);
    const code = new URL(address).searchParams.get("code");
    const all = await Promise.all([1, 2, 3].map(() => delivered(browser, address)));
    for (const { status, cookies, ticket } of all) {
      assert.deepEqual([status, ticket], [303, all[0].ticket]);
      assert.match(cookies.join(), /^__Host-hs_flow_[\w-]{8}=[\w.-]+; Path=\/; Secure; HttpOnly; SameSite=Lax; Max-Age=120$/);
    }
    const answers = await Promise.all(all.map(({ ticket }) => redeem(browser, ticket)));
    const later = await delivered(browser, address);
    answers.push(await redeem(browser, later.ticket));
    for (const { status, body } of answers) assert.deepEqual([status, body.pass], [200, answers[0].body.pass]);
    assert.deepEqual(sent().filter((one) => one === code), [code]);
  });

  test(`Cancel, Back, Allow, ${kind}: the code takes the place of the error, and a later error takes nothing away`, async () => {
    const { browser, parameters } = await visitor();
    const address = new URL(await signedIn(browser, parameters));
    const cancelled = new URL(address);
    cancelled.searchParams.delete("code");
    cancelled.searchParams.set("error", "access_denied");
    for (const isRedeemed of [false, true]) {
      const { ticket } = await delivered(browser, cancelled.href);
      if (isRedeemed) assert.deepEqual([(await redeem(browser, ticket)).body.reason, (await redeem(browser, ticket)).body.draft], ["login_cancelled", draft]);
    }
    const { ticket } = await delivered(browser, address.href);
    const { status, body } = await redeem(browser, ticket);
    assert.equal(status, 200, JSON.stringify(body));
    assert.deepEqual((await redeem(browser, (await delivered(browser, cancelled.href)).ticket)).body.pass, body.pass);
  });

  test(`another code after a code, ${kind}: a new sign-in begins, with the draft; that code is never sent`, async () => {
    const { browser, parameters } = await visitor();
    const address = new URL(await signedIn(browser, { ...parameters, prompt: "login" }));
    const first = await delivered(browser, address.href);
    const { body } = await redeem(browser, first.ticket);
    const other = new URL(address);
    other.searchParams.set("code", "another-code");
    const again = await delivered(browser, other.href);
    const authorization = new URL(again.location);
    assert.deepEqual([again.status, authorization.origin], [302, world.provider.issuer]);
    assert.notEqual(authorization.searchParams.get("state"), address.searchParams.get("state"));
    assert.equal(authorization.searchParams.get("prompt"), "login", "who was to be asked is asked again");
    const { location } = await browser.go(again.location);
    const back = await delivered(browser, location);
    assert.equal(back.location.split("#")[0], first.location.split("#")[0], "to the same page");
    const { status, body: second } = await redeem(browser, back.ticket);
    assert.deepEqual([status, second.draft, second.pass === body.pass], [200, draft, false]);
    assert.equal((await redeem(browser, first.ticket)).body.pass, body.pass, "the first code's outcome stays");
    assert.ok(!sent().includes("another-code"));
  });

  test(`a request in advance, ${kind}: prefetch and HEAD leave everything to the person`, async () => {
    const { browser, parameters } = await visitor();
    const address = await signedIn(browser, parameters);
    const before = await logins();
    const headers = { accept: "text/html", cookie: browser.cookieHeader, "sec-fetch-dest": "document" };
    const early = [{ "sec-purpose": "prefetch" }, { "sec-purpose": "prefetch;prerender" }, { purpose: "prefetch" }, { "x-moz": "prefetch" }, { "x-purpose": "preview" }];
    const start = `/oauth/start?${new URLSearchParams(parameters)}`;
    for (const url of [address, world.worker.url + start]) {
      const answers = [
        ...(await Promise.all(early.map((more) => fetch(url, { redirect: "manual", headers: { ...headers, .../** @type {any} */ (more) } })))),
        await fetch(url, { redirect: "manual", method: "HEAD", headers }),
      ];
      for (const { status, headers } of answers) assert.deepEqual([status, headers.get("location"), headers.getSetCookie()], [403, null, []]);
    }
    assert.equal(await logins(), before);
    assert.equal((await redeem(browser, (await delivered(browser, address)).ticket)).status, 200);
  });
}

test("a sign-in is over for its code long before the state is: the code is remembered, and nothing else", async () => {
  const sid = "AAAAAAAAAAAAAAAA";
  const object = await login(sid);
  const code = { outcome: "code", account, campaignId, sid, step: "identityset", bind: random(), exchange: { code: "c", verifier: "v", nonce: "n", redirectUri: "r" } };
  const then = Date.now() - 10 * 60_000;
  assert.equal(await object.deliver(code, then, "the-code"), "kept");
  const asked = { binds: [code.bind], flows: [], now: then };
  await until(async () => (await object.redeem(asked)).answer.refused?.code === "ticket_unknown", "the alarm has come");
  for (const name of ["the-code", "another-code"]) assert.equal(await object.deliver(code, then, name), "other");
  const { exchange: _none, ...rest } = code;
  assert.equal(await object.deliver({ ...rest, outcome: "cancelled", cause: { code: "login_cancelled" } }, Date.now()), "kept", "an error is told all the same");
  assert.equal(await object.deliver(code, Date.now(), "the-code"), "other", "and does not bring the code back");
});

test("two deliveries at the same moment: of two codes one is kept, of one code one is first", async () => {
  for (let round = 0; round < 10; round += 1) {
    const sid = random(12);
    const object = await login(sid);
    const record = (/** @type {string} */ code) => ({ outcome: "code", account, campaignId, sid, step: "identityset", bind: random(), exchange: { code, verifier: "v", nonce: "n", redirectUri: "r" } });
    const names = round % 2 === 0 ? [`a${round}`, `b${round}`] : [`c${round}`, `c${round}`];
    const came = await Promise.all(names.map((name) => object.deliver(record(name), Date.now(), name)));
    assert.deepEqual(came.sort(), names[0] === names[1] ? ["kept", "known"] : ["kept", "other"]);
  }
});

test("a ticket of the previous release is redeemed for its lifetime, and only one that we made is looked up", async () => {
  const ticket = random();
  const bind = random();
  await (await login(ticket)).deliver({ outcome: "cancelled", cause: { code: "login_cancelled" }, account, campaignId, sid: "AAAAAAAAAAAAAAAA", step: "identityset", bind }, Date.now());
  const told = async (/** @type {string} */ ticket) => (await new Browser(world.worker.url).post("/v1/oauth/redeem", { ticket })).body.code;
  assert.equal(await told(ticket), "wrong_browser", "it is known, and held by the proof");
  const { ring } = world.worker.secrets;
  const whole = oauth.issueTicket(ring, "AAAAAAAAAAAAAAAB");
  assert.equal(await told(whole), "ticket_unknown");
  const before = await logins();
  for (const one of [whole.slice(0, -1), `${whole}A`, whole.replace(".", ""), `AAAAAAAAAAAAAAAA.${random()}`, "AAAAAAAAAAAAAAAA.", "", "."]) assert.match(await told(one), /^ticket_(unknown|missing)$/, one);
  assert.equal(await logins(), before);
});
