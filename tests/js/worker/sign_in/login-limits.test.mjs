// A limit that the customer keeps in the profile: judged at the form step, told in the campaign's own words, and counted
// by the record. And the other way round: what the profile API hears of a token that carries its data, which is nothing.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { acme, form, secrets, sign } from "../../support/worker/customer.mjs";
import { account, campaignId, comeBack, LoginWorld, signedIn } from "../../support/worker/login_world.mjs";

/** @type {LoginWorld} */ let world;
const settings = { limit: { nb: "/membership/plays", canPlay: "subscriber" }, custom: { played: "/membership/played" } };

before(async () => {
  world = await LoginWorld.start();
  await world.account(account, settings);
});
after(() => world?.stop());

/** Signs in as somebody with this in the profile. @param {string} sub @param {Record<string, unknown>} profile */
async function visit(sub, profile) {
  Object.assign(world.provider.person, { subscriber: undefined, membership: undefined, ...profile, sub });
  const { browser, parameters } = await world.visitor();
  const answer = await comeBack(browser, await signedIn(browser, parameters));
  return { browser, ...answer };
}

/** @param {Awaited<ReturnType<typeof visit>>} visitor */
const submit = ({ browser, body }) => browser.post("/v1/participations", { pass: body.pass, form }, { "idempotency-key": randomUUID() });

test("who may not play is refused at the form step, with the reason, the texts' values and a number for the account", async () => {
  const { status, body } = await visit("s-1", { subscriber: false, membership: { played: 7 } });
  assert.deepEqual([status, body.admission.decision, body.admission.reason, body.pass], [200, "refused", "not_allowed", null]);
  assert.deepEqual(body.admission.custom, { played: 7 });
  assert.match(body.ref, /^[0-9A-HJKMNP-TV-Z]{8}$/);
  const report = await world.worker.read(`/v1/refusals/${body.ref}?account=${account}`);
  assert.deepEqual([report.body.code, report.body.detail.at], ["not_allowed", "/limit/canPlay"]);
});

test("a number of participations is counted over logins, and holds at the record too", async () => {
  const first = await visit("s-2", { subscriber: "true", membership: { plays: "2" } });
  assert.equal(first.body.admission.decision, "allowed");
  const second = await visit("s-2", { membership: { plays: 2 } });
  const third = await visit("s-2", { membership: { plays: 2 } });
  assert.deepEqual([(await submit(first)).status, (await submit(second)).status], [201, 201]);
  const over = await submit(third);
  assert.deepEqual([over.status, over.body.reason], [409, "quota_reached"], "a pass from before does not help");
  const { body } = await visit("s-2", { membership: { plays: 2, played: 2 } });
  assert.deepEqual([body.admission.decision, body.admission.reason, body.admission.custom], ["refused", "quota_reached", { played: 2 }]);
  assert.equal(body.texts["sorry.quota_reached"], "You have played 2 times.", "in the campaign's own words");
  assert.equal((await visit("s-2", { membership: { plays: 3 } })).body.admission.decision, "allowed", "the profile decides anew each time");
});

test("nobody's limit is nobody's: without the variable there is none, and a broken one lets nobody in", async () => {
  assert.equal((await visit("s-3", {})).body.admission.decision, "allowed");
  for (const profile of [{ subscriber: "oui" }, { subscriber: 1 }, { membership: { plays: "many" } }, { membership: { plays: -1 } }]) {
    const { status, body } = await visit("s-3", profile);
    assert.deepEqual([status, body.reason], [401, "login_failed"]);
    assert.equal((await world.worker.read(`/v1/refusals/${body.ref}?account=${account}`)).body.code, "profile_limit_invalid");
  }
});

test("a campaign whose limits are off lets everybody in who may play at all", async () => {
  const document = world.document("free", settings);
  const { [campaignId]: first } = document.campaigns;
  await world.worker.account({ ...document, campaigns: { [campaignId]: { ...first, limits: "off" } } }, secrets);
  const { browser } = await world.visitor();
  Object.assign(world.provider.person, { sub: "s-4", subscriber: true, membership: { plays: 1 } });
  for (let play = 1; play <= 2; play += 1) {
    const { body } = await comeBack(browser, await signedIn(browser, { account: "free", campaignId, return: "0:/play" }));
    assert.ok(body.pass, JSON.stringify(body));
    assert.equal((await browser.post("/v1/participations", { pass: body.pass, form }, { "idempotency-key": randomUUID() })).status, 201);
  }
});

test("item 6: with data in the token the profile API sees 0 requests; without, one per token, and only after every check", async () => {
  let seen = 0;
  const api = createServer((_request, response) => {
    seen += 1;
    response.setHeader("content-type", "application/json").end(JSON.stringify({ id: "77", mail: "an@example.org", given_name: "An" }));
  });
  await new Promise((resolve) => api.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (api.address());
  try {
    const profileApi = { url: `http://127.0.0.1:${port}/me`, subject: "/id" };
    const document = acme({ account: "lean", profileApi, mapping: { email: "mail", firstname: "given_name" } });
    document.secureToken = { ...document.secureToken, issuer: "https://www.acme.example", accessTokenInClear: true };
    await world.worker.account(document, secrets);
    const admit = async (/** @type {Record<string, unknown>} */ claims, /** @type {object} */ options = {}) => {
      const token = await sign({ iss: "https://www.acme.example", sub: "77", form: undefined, access_token: "canary-access-token", ...claims }, options);
      return world.worker.post("/v1/token/admit", { account: "lean", campaignId, token });
    };
    for (const data of [{ form: { firstname: "An" } }, { profile: { given_name: "An" } }]) assert.equal((await admit(data)).status, 200);
    assert.equal(seen, 0, "data in the token: the API is not asked");

    const now = Math.floor(Date.now() / 1000);
    const refused = [
      { claims: { nbf: now + 900 }, code: "token_not_yet_valid" },
      { claims: { iss: "https://evil.example" }, code: "issuer_mismatch" },
      { claims: { campaignId: "100002" }, code: "campaign_mismatch" },
      { claims: { sub: undefined }, code: "subject_missing" },
      { claims: { limit: { canPlay: false } }, code: "not_allowed" },
      { claims: { limit: { nb: 0 } }, code: "quota_reached" },
      { claims: {}, options: { key: new Uint8Array(32) }, code: "signature_invalid" },
    ];
    for (const { claims, options, code } of refused) {
      const { body } = await admit(claims, options);
      assert.ok(body.ref && !body.pass, JSON.stringify(body));
      assert.equal((await world.worker.read(`/v1/refusals/${body.ref}?account=lean`)).body.code, code);
    }
    assert.equal(seen, 0, "no check failed after the API was asked");

    const token = await sign({ iss: "https://www.acme.example", sub: "77", form: undefined, access_token: "canary-access-token" });
    const atTheForm = async () => {
      const { body } = await world.worker.post("/v1/token/admit", { account: "lean", campaignId, token });
      return world.worker.post("/v1/profile", { pass: body.pass });
    };
    const filled = await atTheForm();
    assert.deepEqual(filled.body.prefill.form, { email: "an@example.org", firstname: "An" });
    assert.equal(seen, 1);
    const again = await Promise.all([1, 2, 3].map(atTheForm));
    for (const { body } of again) assert.deepEqual(body.prefill, filled.body.prefill);
    console.log(`item 6: 2 tokens with data, 7 refused ones, 1 token without data shown four times: the profile API saw ${seen} request(s)`);
    assert.equal(seen, 1, "once per pid");
  } finally {
    api.close();
  }
});
