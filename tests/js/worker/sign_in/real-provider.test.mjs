// The login against a real OpenID Provider (npm oidc-provider), with requests pushed to it (RFC 9126) and with the time
// of the login demanded of it.

import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { after, before, test } from "node:test";
import { signIn } from "../../../../demo/check/login.mjs";
import { Participant } from "../../../../demo/site/participant.mjs";
import { startDemo } from "../../../../demo/start.mjs";
import "../../support/patience.mjs";
import { newStateFolder } from "../../support/worker/state.mjs";

const [account, campaignId] = ["demo", "100002"];
/** @type {Awaited<ReturnType<typeof startDemo>>} */
let demo;
let stateDir = "";

before(async () => {
  stateDir = await newStateFolder();
  demo = await startDemo({ ports: { worker: 0, site: 0, provider: 0 }, stateDir, quiet: true });
});
after(async () => {
  await demo?.stop();
  await rm(stateDir, { recursive: true, force: true });
});

/** The demo's account with these settings on top of its own. @param {Record<string, unknown>} settings */
async function configure(settings) {
  const { document } = (await demo.operator.call("GET", `/v1/accounts/${account}`)).body;
  const { par: _par, maxAge: _maxAge, ...oauth } = document.oauth;
  const put = await demo.operator.call("PUT", `/v1/accounts/${account}`, { ...document, oauth: { ...oauth, ...settings } });
  assert.equal(put.status, 200, JSON.stringify(put.body));
}

/** From the campaign to the login page and back. @param {Participant} participant @param {Record<string, string>} [parameters] */
async function login(participant, parameters = {}) {
  const draft = { account, campaignId, step: "identityset", answers: {}, lang: "en" };
  const { bind } = (await participant.post("/v1/drafts", draft)).body;
  const query = new URLSearchParams({ account, campaignId, return: "0:/", bind, ...parameters });
  const start = await participant.request(`${demo.addresses.worker}/oauth/start?${query}`, { headers: { referer: `${demo.addresses.site}/` } });
  const asked = new URL(start.headers.get("location") ?? "");
  const back = await participant.request(await signIn(participant, asked.href));
  const ticket = new URL(back.headers.get("location") ?? "").hash.split("=")[1];
  const { status, body } = await participant.post("/v1/oauth/redeem", { ticket });
  return { asked, status, body };
}

test("a pushed request: the browser carries client_id and request_uri alone, and the login succeeds", async () => {
  await configure({ par: true });
  const participant = new Participant(demo.addresses.worker);
  const { asked, status, body } = await login(participant);
  assert.deepEqual([...asked.searchParams.keys()].sort(), ["client_id", "request_uri"]);
  assert.match(asked.searchParams.get("request_uri") ?? "", /^urn:ietf:params:oauth:request_uri:/);
  assert.deepEqual([status, body.admission?.decision, body.admission?.prefill.form.firstname], [200, "allowed", "Lea"], JSON.stringify(body));
});

test("a pushed request that the provider refuses is told to the account by its own code", async () => {
  await configure({ par: true, extra: { prompt: "nonsense" } });
  const participant = new Participant(demo.addresses.worker);
  const refused = await participant.request(`${demo.addresses.worker}/oauth/start?${new URLSearchParams({ account, campaignId })}`);
  assert.equal(refused.status, 303, "back to the campaign, without having seen a login page");
  const ticket = new URL(refused.headers.get("location") ?? "").hash.split("=")[1];
  const { body } = await participant.post("/v1/oauth/redeem", { ticket });
  const report = await demo.operator.call("GET", `/v1/refusals/${body.ref}?account=${account}`);
  assert.deepEqual([body.reason, report.body.code, report.body.detail.got], ["login_failed", "par_refused", "invalid_request"]);
  await configure({ extra: {} });
});

test("max_age: the provider says when it asked, whether it has just done so or not", async () => {
  await configure({ maxAge: 600 });
  const participant = new Participant(demo.addresses.worker);
  for (const parameters of /** @type {Record<string, string>[]} */ ([{}, { prompt: "login" }])) {
    const { asked, status, body } = await login(participant, parameters);
    assert.equal(asked.searchParams.get("max_age"), parameters.prompt ? "0" : "600");
    assert.deepEqual([status, body.admission?.decision], [200, "allowed"], JSON.stringify(body));
  }
});
