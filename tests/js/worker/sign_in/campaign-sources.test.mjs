// A campaign with an identity provider, a profile API or a mapping of its own, and the headers that a profile API wants.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { Browser } from "../../support/worker/browser.mjs";
import { ConsolePerson } from "../../support/worker/console.mjs";
import { customer } from "../../support/worker/customer.mjs";
import { Deployment, random } from "../../support/worker/deployment.mjs";
import { Provider } from "../../support/worker/provider.mjs";
import "../../support/patience.mjs";

const GATEWAY = "canary-key-of-the-gateway";
/** @type {Deployment} */
let worker;
/** @type {Provider} */
let ofAccount;
/** @type {Provider} */
let ofBrand;
/** @type {import("node:http").Server[]} */
const servers = [];

before(async () => {
  [worker, ofAccount, ofBrand] = await Promise.all([Deployment.start(), Provider.start(), Provider.start()]);
  ofBrand.person = { ...ofBrand.person, sub: "b-1", email: "brand@example.org", given_name: "Brand" };
});
after(async () => {
  for (const server of servers) server.close();
  for (const provider of [ofAccount, ofBrand]) provider.stop();
  await worker.stop();
});

/** A profile API that answers the same to everybody. @param {object} profile */
async function profileApi(profile) {
  /** @type {import("node:http").IncomingHttpHeaders[]} */
  const seen = [];
  const server = createServer(({ headers }, response) => {
    seen.push(headers);
    response.setHeader("content-type", "application/json").end(JSON.stringify(profile));
  });
  servers.push(server);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return { seen, url: `http://127.0.0.1:${port}/me` };
}

const fields = [{ name: "email", type: "email" }, { name: "firstname", type: "text" }];
/** @param {string} account @param {string} campaignId */
async function signIn(account, campaignId) {
  const browser = new Browser(worker.url);
  const { ticket } = await browser.login({ account, campaignId });
  return browser.post("/v1/oauth/redeem", { ticket });
}

test("each campaign signs people in where it says, and the account's identity provider serves the others", async () => {
  const made = customer("brands", { oauth: ofAccount.settings(), mapping: { email: "email" } });
  made.document.campaigns = {
    own: { signIn: ["oauth"], fields, oauth: { ...ofBrand.settings(), clientAuth: { secret: { secret: "BRAND_CLIENT" } } }, mapping: { firstname: "given_name" } },
    mapped: { signIn: ["oauth"], fields, mapping: { firstname: "email" } },
    plain: { signIn: ["oauth"], fields },
  };
  await worker.account(made.document, { ...made.secrets, BRAND_CLIENT: ofBrand.clientSecret });
  const form = async (/** @type {string} */ id) => {
    const { status, body } = await signIn("brands", id);
    assert.equal(status, 200, JSON.stringify(body));
    return [body.admission.subject, body.admission.prefill.form];
  };
  assert.deepEqual(await form("own"), ["b-1", { firstname: "Brand" }]);
  assert.deepEqual(await form("mapped"), ["p-1", { firstname: "canary@example.org" }]);
  assert.deepEqual(await form("plain"), ["p-1", { email: "canary@example.org" }]);
});

test("a code of one identity provider is of no use at the other one of the same account", async () => {
  // The sign-in of one campaign comes back with a code that the other campaign's identity provider gave.
  const browser = new Browser(worker.url);
  const begun = async (/** @type {string} */ campaignId) => {
    const { location } = await browser.go(`/oauth/start?account=brands&campaignId=${campaignId}`);
    const answer = await fetch(location, { redirect: "manual" });
    return new URL(answer.headers.get("location") ?? "").searchParams;
  };
  const [own, plain] = [await begun("own"), await begun("plain")];
  const exchanges = ofAccount.exchanges.length;
  const crossed = new URLSearchParams({ state: own.get("state") ?? "", code: plain.get("code") ?? "", iss: plain.get("iss") ?? "" });
  const { location } = await browser.go(`/oauth/callback/brands?${crossed}`);
  const ticket = new URL(location, worker.url).hash.split("=")[1];
  const { status, body } = await browser.post("/v1/oauth/redeem", { ticket });
  assert.deepEqual([status, body.reason], [401, "login_failed"]);
  assert.equal((await worker.read(`/v1/refusals/${body.ref}?account=brands`)).body.code, "issuer_param_mismatch");
  assert.equal(ofAccount.exchanges.length, exchanges, "nothing was sent anywhere");
});

test("a campaign's identity provider that knows the account's callback stays there, and is told what to register", async () => {
  const oauth = { ...ofBrand.settings(), clientAuth: { secret: { secret: "BRAND_CLIENT" } } };
  const made = customer("stays", { oauth: ofAccount.settings() });
  const own = { signIn: ["oauth"], limit: {}, fields, oauth };
  const document = (/** @type {object} */ more = {}) => ({ ...made.document, campaigns: { own: { ...own, ...more } } });
  await worker.account(document(), { ...made.secrets, BRAND_CLIENT: ofBrand.clientSecret });
  // As the release before stored it: each campaign answered at the account's callback.
  const object = await worker.accountObject("stays");
  const { document: normal } = await object.read();
  normal.campaigns.own.oauth.redirectUri = "account";
  await object.write(JSON.stringify(document(), null, 1), normal, { revoked: [], used: [] }, Date.now());

  const manager = await ConsolePerson.invited(worker, "stays", "manager");
  const { status, body, text } = await manager.ask("PUT", "/v1/accounts/stays", document({ title: { en: "Ours" } }));
  assert.equal(status, 200, `what is kept is nobody's change: ${text}`);
  assert.deepEqual(body.warnings.map((/** @type {any} */ { code, at }) => [code, at]), [["callback_not_own", "/campaigns/own/oauth/redirectUri"]]);
  const callback = `${worker.url}/oauth/callback/stays`;
  try {
    ofBrand.redirectUris = [callback];
    assert.equal((await signIn("stays", "own")).status, 200);
    assert.equal((await worker.put("/v1/accounts/stays", document({ oauth: { ...oauth, redirectUri: "campaign" } }))).status, 200);
    ofBrand.redirectUris = [`${callback}/own`];
    assert.equal((await signIn("stays", "own")).status, 200);
    assert.equal((await worker.put("/v1/accounts/stays", document())).status, 200);
    assert.equal((await signIn("stays", "own")).status, 200, "and stays there");
  } finally {
    ofBrand.redirectUris = undefined;
  }
});

test("a profile API gets the headers that its document names, with the secret of its gateway, at a sign-in and with a token", async () => {
  const [own, other] = [await profileApi({ id: "77", mail: "an@example.org", name: "An" }), await profileApi({ id: "77", mail: "jo@example.org" })];
  const headers = { "X-Gateway-Key": { secret: "GATEWAY" }, "X-Tenant": "acme" };
  const made = customer("gated", {
    oauth: { ...ofAccount.settings(), scope: "profile", profileFrom: "api" },
    profileApi: { url: own.url, subject: "/id", headers },
    mapping: { email: "mail" },
  });
  made.document.secureToken.accessTokenInClear = true;
  made.document.campaigns = {
    one: { signIn: ["token", "oauth"], fields },
    two: { signIn: ["token", "oauth"], fields, profileApi: { url: other.url, subject: "/id" }, mapping: { firstname: "mail" } },
  };
  await worker.account(made.document, { ...made.secrets, GATEWAY });
  const byToken = async (/** @type {string} */ campaignId) => {
    const token = await made.sign({ sub: "77", campaignId, jti: random(6), form: undefined, access_token: "canary-access" });
    const { body: admitted } = await worker.post("/v1/token/admit", { account: "gated", campaignId, token });
    const { body, text } = await worker.post("/v1/profile", { pass: admitted.pass });
    assert.ok(!text.includes(GATEWAY));
    return body.prefill.form;
  };
  const gateway = () => own.seen.map((request) => [request["x-gateway-key"], request["x-tenant"], request.authorization?.split(" ")[0]]);
  assert.deepEqual(await byToken("one"), { email: "an@example.org" });
  assert.deepEqual((await signIn("gated", "one")).body.admission.prefill.form, { email: "an@example.org" });
  assert.deepEqual(gateway(), [[GATEWAY, "acme", "Bearer"], [GATEWAY, "acme", "Bearer"]]);

  assert.deepEqual(await byToken("two"), { firstname: "jo@example.org" });
  assert.deepEqual((await signIn("gated", "two")).body.admission.prefill.form, { firstname: "jo@example.org" });
  assert.equal(other.seen.length, 2);
  assert.ok(other.seen.every((request) => request["x-gateway-key"] === undefined), "another API does not get them");
  assert.equal(own.seen.length, 2);
  assert.ok(!worker.log.join("").includes(GATEWAY));
});

test("a header's secret has its purpose, is there, and can stand in a header", async () => {
  const { url } = await profileApi({});
  const made = customer("headers");
  const put = async (/** @type {object} */ headers) => {
    const { status, body } = await worker.put("/v1/accounts/headers", { ...made.document, profileApi: { url, headers } });
    return [status, ...(body.faults ?? []).map((/** @type {any} */ { path, code }) => `${path} ${code}`)];
  };
  await worker.account(made.document, made.secrets);
  assert.deepEqual(await put({ "X-Key": { secret: "NONE" } }), [422, "/profileApi/headers/X-Key secret_unknown"]);
  assert.deepEqual(await put({ "X-Key": { secret: "TOKEN_KEY" } }), [422, "/profileApi/headers/X-Key secret_purpose"]);
  assert.deepEqual(await put({ Authorization: "Basic x" }), [422, "/profileApi/headers/Authorization settings_invalid"]);
  for (const value of ["two\nlines", " at the end ", "écrit"]) {
    const { status, body } = await worker.put("/v1/accounts/headers/secrets/KEY", { value, purpose: "profile" });
    assert.deepEqual([status, body.code, body.at], [400, "body_invalid", "/value"]);
    assert.ok(!JSON.stringify(body).includes(value));
  }
  assert.equal((await worker.put("/v1/accounts/headers/secrets/KEY", { value: "k", purpose: "profile" })).status, 204);
  assert.deepEqual(await put({ "X-Key": { secret: "KEY" } }), [200]);
});

test("a key of a campaign's own client that cannot be used is refused with its place", async () => {
  const made = customer("keyless");
  const own = { ...ofBrand.settings(), decrypt: { key: { secret: "CLIENT_KEY" }, encoding: "base64url", alg: "dir", enc: "A256GCM" } };
  assert.equal((await worker.put("/v1/accounts/keyless/secrets/CLIENT_KEY", { value: "c2hvcnQ", purpose: "decrypt" })).status, 204);
  await worker.account(made.document, made.secrets);
  const { status, body } = await worker.put("/v1/accounts/keyless", { ...made.document, campaigns: { own: { signIn: ["oauth"], oauth: own } } });
  assert.equal(status, 422);
  assert.ok(body.faults[0].path.startsWith("/campaigns/own/oauth/decrypt"), JSON.stringify(body.faults));
});

test("a client that may not read secrets sends none elsewhere through a campaign, whatever its id is", async () => {
  const { url } = await profileApi({});
  const made = customer("elsewhere", { oauth: ofAccount.settings() });
  const campaign = { signIn: ["oauth"], fields, oauth: ofAccount.settings(), profileApi: { url, headers: { "X-Key": { secret: "KEY" } } } };
  made.document.campaigns = { oauth: campaign, profileApi: campaign };
  await worker.account({ ...made.document, campaigns: {} }, made.secrets);
  assert.equal((await worker.put("/v1/accounts/elsewhere/secrets/KEY", { value: "k", purpose: "profile" })).status, 204);
  await worker.account(made.document);
  const { body } = await worker.post("/v1/accounts/elsewhere/clients", { scope: "accounts:write" }, await worker.bearer());
  const { body: token } = await worker.accessToken({ clientId: body.clientId, secret: body.clientSecret });
  const put = async (/** @type {(document: any) => void} */ change) => {
    const document = JSON.parse(JSON.stringify(made.document));
    change(document);
    const headers = { authorization: `Bearer ${token.access_token}`, "content-type": "application/json" };
    const { status, body: answer } = await worker.get("/v1/accounts/elsewhere", { method: "PUT", headers, body: JSON.stringify(document) });
    return answer.code ?? status;
  };
  assert.equal(await put((document) => (document.campaigns.oauth.title = { en: "New" })), 200, "what stays where it is");
  for (const id of ["oauth", "profileApi"]) {
    assert.equal(await put((document) => (document.campaigns[id].oauth.issuer = ofBrand.issuer)), "scope_missing", id);
    assert.equal(await put((document) => (document.campaigns[id].profileApi.url = `${ofBrand.issuer}/me`)), "scope_missing", id);
  }
  assert.equal(await put((document) => (document.campaigns.more = { ...campaign, oauth: { ...ofAccount.settings(), issuer: ofBrand.issuer } })), "scope_missing");
});
