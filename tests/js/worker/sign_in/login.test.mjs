// The login's way: start, the customer's login page, callback, redeem; and everything that can go wrong on it.

import assert from "node:assert/strict";
import { createHash, randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { acme, form, secrets } from "../../support/worker/customer.mjs";
import { Browser } from "../../support/worker/browser.mjs";
import { Deployment } from "../../support/worker/deployment.mjs";
import { Provider } from "../../support/worker/provider.mjs";

/** @type {Deployment} */ let worker;
/** @type {Provider} */ let provider;

const account = "acme";
const campaignId = "100001";
const draft = {
  account,
  campaignId,
  step: "identityset",
  lang: "en",
  answers: { colour: "red" },
  host: { path: "/play", scroll: 420, fragment: "#game" },
};

before(async () => {
  [worker, provider] = await Promise.all([Deployment.start(), Provider.start()]);
  const document = acme({ oauth: provider.settings(), mapping: { email: { from: "email", lock: true }, firstname: "given_name" } });
  document.campaigns["100001"] = { ...document.campaigns["100001"], signIn: ["token", "oauth"], limit: {} };
  await worker.account(document, secrets);
});
after(async () => {
  provider.stop();
  await worker.stop();
});

/** A browser whose frame has kept a draft, and the bind of its proof. */
async function visitor() {
  const browser = new Browser(worker.url);
  const page = await browser.go(`/campaign/${account}/${campaignId}`);
  assert.equal(page.status, 200);
  const { body } = await browser.post("/v1/drafts", draft);
  return {
    browser,
    bind: body.bind,
    parameters: { account, campaignId, step: "identityset", bind: body.bind, return: "0:/play", lang: "en" },
  };
}

test("a person signs in, comes back to the same place with every answer, and takes part", async () => {
  const { browser, bind, parameters } = await visitor();
  const proof = browser.cookies.get("__Host-hs_proof") ?? "";
  assert.equal(bind, createHash("sha256").update(proof).digest("base64url"));
  const { start, back, place, ticket } = await browser.login(parameters);

  const asked = new URL(start.location).searchParams;
  assert.equal(asked.get("redirect_uri"), `${worker.url}/oauth/callback/acme`);
  assert.equal(asked.get("response_type"), "code");
  assert.equal(asked.get("code_challenge_method"), "S256");
  assert.ok(start.location.includes("scope=openid%20email%20profile"), "spaces as %20, never +");
  assert.ok((asked.get("state") ?? "").length <= 512);
  const [cookie] = start.headers.getSetCookie();
  assert.match(cookie, /^__Host-hs_flow_[\w-]{8}=[\w.-]+; Path=\/; Secure; HttpOnly; SameSite=Lax; Max-Age=1800$/);

  assert.equal(back.status, 303);
  assert.equal(place, "http://localhost:8788/play");
  assert.match(ticket, /^[\w-]{16}\.[\w-]{43}$/);
  assert.equal(back.headers.get("referrer-policy"), "no-referrer");
  assert.equal(back.headers.get("cache-control"), "no-store");
  assert.equal(provider.requests["/token"] ?? 0, 0, "the callback does not exchange the code");

  const redeemed = await browser.post("/v1/oauth/redeem", { ticket });
  assert.equal(redeemed.status, 200, redeemed.text);
  const { admission, pass, draft: kept } = redeemed.body;
  assert.equal(admission.decision, "allowed");
  assert.deepEqual(admission.prefill.form, { email: "canary@example.org", firstname: "Canary" });
  assert.deepEqual(admission.prefill.locked, ["email"]);
  assert.deepEqual(kept, draft);

  const again = await Promise.all(Array.from({ length: 5 }, () => browser.post("/v1/oauth/redeem", { ticket })));
  for (const { body } of again) assert.deepEqual(body, redeemed.body);
  assert.equal(provider.requests["/token"], 1);

  const submitted = await browser.post(
    "/v1/participations",
    { pass, form: { ...form, email: "else@example.org" } },
    { "idempotency-key": randomUUID() },
  );
  assert.equal(submitted.status, 201);
  const { rows } = await worker.statistics(account, campaignId, 1);
  assert.deepEqual([rows[0].technique, rows[0].form.email], ["oauth", "canary@example.org"]);
});

test("twenty calls at once redeem a code once", async () => {
  const { browser, parameters } = await visitor();
  const { ticket } = await browser.login(parameters);
  const before = provider.requests["/token"];
  provider.delay = 200;
  const answers = await Promise.all(Array.from({ length: 20 }, () => browser.post("/v1/oauth/redeem", { ticket })));
  provider.delay = 0;
  assert.ok(answers.every(({ status, body }) => status === 200 && body.pass === answers[0].body.pass));
  assert.equal(provider.requests["/token"], before + 1);
});

test("a ticket in another browser is refused, and stays good in its own", async () => {
  const { browser, parameters } = await visitor();
  const { ticket } = await browser.login(parameters);
  const thief = await visitor();
  const stolen = [await thief.browser.post("/v1/oauth/redeem", { ticket }), await worker.post("/v1/oauth/redeem", { ticket })];
  for (const { status, body } of stolen) {
    assert.deepEqual([status, body.reason, body.code], [403, "wrong_browser", "wrong_browser"]);
    assert.ok(!("draft" in body), "the draft belongs to the other one");
  }
  assert.equal((await browser.post("/v1/oauth/redeem", { ticket })).status, 200);
  const guessed = await browser.post("/v1/oauth/redeem", { ticket: "A".repeat(43) });
  assert.deepEqual([guessed.status, guessed.body.code], [401, "ticket_unknown"]);
});

test("a proof held by a script serves where the cookie does not come back", async () => {
  const browser = new Browser(worker.url);
  const { body } = await browser.post("/v1/drafts", { ...draft, scriptProof: true });
  assert.equal(body.bind, createHash("sha256").update(body.proof).digest("base64url"));
  const plain = await browser.post("/v1/drafts", draft);
  assert.ok(!("proof" in plain.body), "it is given out only when it is asked for");
  const { ticket } = await browser.login({ account, campaignId, bind: body.bind, return: "0/play" });
  browser.cookies.clear();
  assert.equal((await browser.post("/v1/oauth/redeem", { ticket })).body.code, "wrong_browser");
  const redeemed = await browser.post("/v1/oauth/redeem", { ticket, proof: body.proof });
  assert.equal(redeemed.status, 200);
  assert.deepEqual(redeemed.body.draft, draft);
});

test("the campaign in its own window needs no bind: the flow cookie holds the login", async () => {
  const browser = new Browser(worker.url);
  await browser.post("/v1/drafts", draft);
  const { place, ticket, back } = await browser.login({ account, campaignId, lang: "en" });
  assert.equal(place, `${worker.url}/campaign/${account}/${campaignId}?lang=en`);
  assert.match(back.headers.getSetCookie().join(), /^__Host-hs_flow_[\w-]{8}=[\w.-]+; Path=\/; Secure; HttpOnly; SameSite=Lax; Max-Age=120$/, "the flow cookie has nearly served");
  const other = new Browser(worker.url);
  assert.equal((await other.post("/v1/oauth/redeem", { ticket })).body.code, "wrong_browser");
  const redeemed = await browser.post("/v1/oauth/redeem", { ticket });
  assert.equal(redeemed.status, 200);
  assert.deepEqual(redeemed.body.draft, draft);
  assert.deepEqual((await browser.post("/v1/oauth/redeem", { ticket })).body, redeemed.body, "the same ticket, the same answer");
});

test("who cancels comes back with every answer and may try again", async () => {
  const { browser, parameters } = await visitor();
  provider.answer = { error: "access_denied", error_description: "<script>alert(1)</script>" };
  const { place, ticket, back } = await browser.login(parameters);
  provider.answer = undefined;
  assert.deepEqual([back.status, place], [303, "http://localhost:8788/play"]);
  const redeemed = await browser.post("/v1/oauth/redeem", { ticket });
  assert.deepEqual([redeemed.status, redeemed.body.reason, redeemed.body.retry], [401, "login_cancelled", "login"]);
  assert.deepEqual(redeemed.body.draft, draft);
  assert.ok(!redeemed.text.includes("script"));
});

test("an error of the login server leads back too; its name and what is harmless of its words are for the account, nothing for the visitor", async () => {
  const { browser, parameters } = await visitor();
  provider.answer = { error: "server_error", error_description: "canary-description of 'Ada Canary', ada@example.org, 1234567 <b>\r\ncanary-line" };
  const { ticket } = await browser.login(parameters);
  provider.answer = undefined;
  const { body, text } = await browser.post("/v1/oauth/redeem", { ticket });
  assert.equal(body.reason, "login_failed");
  assert.deepEqual(body.draft, draft);
  const report = await worker.read(`/v1/refusals/${body.ref}?account=${account}`);
  assert.deepEqual([report.body.code, report.body.detail.got], ["provider_error", "server_error (canary-description of … … … … …)"]);
  assert.ok(!(text + worker.log.join("")).includes("canary-description"));
  assert.ok(!report.text.includes("canary-line"));
});

test("a code that the login server does not take is told as a failed login, once", async () => {
  const { browser, parameters } = await visitor();
  provider.answer = { code: "a-code-of-somebody-else" };
  const { ticket } = await browser.login(parameters);
  provider.answer = undefined;
  const before = provider.requests["/token"];
  const answers = [await browser.post("/v1/oauth/redeem", { ticket }), await browser.post("/v1/oauth/redeem", { ticket })];
  for (const { status, body } of answers) assert.deepEqual([status, body.reason, body.draft], [401, "login_failed", draft]);
  assert.equal(provider.requests["/token"], before + 1, "a refused code is not sent again");
});

test("the issuer must be the one that was asked", async () => {
  const { browser, parameters } = await visitor();
  for (const change of [
    (/** @type {URL} */ url) => url.searchParams.set("iss", "https://evil.example"),
    (/** @type {URL} */ url) => url.searchParams.delete("iss"),
  ]) {
    const { location } = await browser.go(`/oauth/start?${new URLSearchParams(parameters)}`);
    const address = new URL((await browser.go(location)).location);
    change(address);
    const back = await browser.go(address.href);
    const { body } = await browser.post("/v1/oauth/redeem", { ticket: back.location.split("#handstamp=")[1] });
    assert.equal(body.reason, "login_failed");
    const { body: report } = await worker.read(`/v1/refusals/${body.ref}?account=${account}`);
    assert.ok(["issuer_param_mismatch", "issuer_param_missing"].includes(report.code), report.code);
  }
});

test("pages of other sites cannot use the frame's cookie", async () => {
  const { browser } = await visitor();
  for (const path of ["/v1/drafts", "/v1/oauth/redeem", "/v1/participations", "/v1/token/admit"]) {
    const { status, body } = await browser.post(path, {}, { origin: "https://evil.example", "sec-fetch-site": "cross-site" });
    assert.deepEqual([status, body.code], [403, "origin_refused"], path);
  }
});

test("no token, code, ticket, secret or personal data is in the log", () => {
  const log = worker.log.join("");
  assert.ok(log.includes('"route":"/v1/oauth/redeem"'));
  const canaries = [
    "canary",
    "@example.org",
    "code-",
    secrets.OIDC_CLIENT,
    secrets.TOKEN_KEY,
    "p-1",
    worker.secrets.operator.secret,
    "handstamp=",
    "state=",
    "eyJ",
  ];
  for (const canary of canaries) assert.ok(!log.includes(canary), canary);
  assert.ok(!/[A-Za-z0-9_-]{43}/.test(log), "nothing as long as a ticket, a proof or a verifier");
});
