// The profile is asked for when the participant reaches the form, never at load: the values and a new pass; once for a token; and
// an API that is down stops nobody, unless the limit is to come from it.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { customer, form } from "../support/worker/customer.mjs";
import { Deployment } from "../support/worker/deployment.mjs";
import { ProfileApi } from "../support/worker/profile_api.mjs";

const CAMPAIGN = "100001";
const CANARY = "canary-access-token";

/** @type {Deployment} */ let worker;
/** @type {ProfileApi} */ let api;
before(async () => ([worker, api] = await Promise.all([Deployment.start(), ProfileApi.start()])));
after(async () => {
  api?.stop();
  await worker?.stop();
});

/**
 * A customer whose tokens carry an access token in place of data.
 * @param {Record<string, unknown>} mapping
 * @param {{ profileLimit?: object, campaign?: object }} [more]
 */
async function open(mapping, { profileLimit, campaign } = {}) {
  const account = `of-${randomUUID().slice(0, 8)}`;
  const { document, secrets, sign } = customer(account, { profileApi: api.settings, mapping });
  Object.assign(document.secureToken, { accessTokenInClear: true, ...(profileLimit && { profileLimit }) });
  Object.assign(document.campaigns[CAMPAIGN], campaign);
  await worker.account(document, secrets);
  return {
    account,
    admit: async (/** @type {Record<string, unknown>} */ claims = {}) =>
      worker.post("/v1/token/admit", { account, campaignId: CAMPAIGN, token: await sign({ sub: "77", form: undefined, access_token: CANARY, ...claims }) }),
  };
}
const ask = (/** @type {unknown} */ pass) => worker.post("/v1/profile", { pass });
const submit = (/** @type {unknown} */ pass, typed = form, key = randomUUID()) => worker.post("/v1/participations", { pass, form: typed }, { "idempotency-key": key });
/** @param {string} account @param {string} ref */
const causeOf = async (account, ref) => (await worker.read(`/v1/refusals/${ref}?account=${account}`)).body.code;
const PLAIN = { email: "mail", firstname: "given_name" };
const LOCKED = { ...PLAIN, email: { from: "mail", lock: true } };

test("at load nobody is asked; at the form step the values come with a new pass, and the access token goes nowhere", async () => {
  const { account, admit } = await open(PLAIN);
  api.seen.length = 0;
  const admitted = await admit();
  assert.deepEqual([admitted.body.profile, admitted.body.admission.prefill.form, api.seen], [true, {}, []]);
  const told = await ask(admitted.body.pass);
  assert.equal(told.status, 200, told.text);
  assert.deepEqual([told.body.decision, told.body.prefill.form], ["allowed", { email: "an@example.org", firstname: "An" }]);
  assert.deepEqual(api.seen, [`Bearer ${CANARY}`]);
  assert.notEqual(told.body.pass, admitted.body.pass);
  const again = await Promise.all([1, 2, 3].map(() => ask(admitted.body.pass)));
  assert.deepEqual(again.map(({ body }) => body.prefill), again.map(() => told.body.prefill));
  assert.equal(api.seen.length, 1, "once for a token");
  assert.equal((await submit(told.body.pass)).status, 201);
  assert.deepEqual([admitted, told].filter(({ text }) => text.includes(CANARY)), []);
  assert.ok(!worker.log.join("").includes(CANARY), account);
});

test("data in the token, or no access token: nothing is owed, and the API is never asked", async () => {
  const { admit } = await open(PLAIN);
  api.seen.length = 0;
  for (const claims of [{ form: { firstname: "An" } }, { access_token: undefined }]) {
    const { body } = await admit(claims);
    assert.equal(body.profile, undefined);
    assert.equal((await ask(body.pass)).status, 502);
  }
  assert.deepEqual(api.seen, []);
});

test("an API that answers 503, nonsense or somebody else's profile stops nobody, and the account reads why", async () => {
  const { account, admit } = await open(LOCKED);
  for (const [answer, code] of /** @type {[import("../support/worker/profile_api.mjs").Answer, string][]} */ ([
    [{ status: 503 }, "profile_unavailable"], [{ body: "<html>" }, "profile_not_object"], [{ body: { id: "78", mail: "eve@example.org" } }, "profile_subject_mismatch"],
  ])) {
    const { body } = await admit({ jti: randomUUID() });
    await api.answering(answer, async () => {
      const failed = await ask(body.pass);
      assert.deepEqual([failed.status, failed.body.reason, await causeOf(account, failed.body.ref)], [502, "try_again", code]);
      assert.equal((await submit(body.pass)).status, 201, "played all the same");
    });
  }
});

test("a limit of the profile is judged before anything is recorded, and the stricter of two counts", async () => {
  const { admit, account } = await open(PLAIN, { profileLimit: { nb: "/plays", canPlay: "open" } });
  for (const [profile, limit, decision, reason] of /** @type {[object, object | undefined, string, string?][]} */ ([
    [{ open: true, plays: 2 }, undefined, "allowed"],
    [{ open: false }, undefined, "refused", "not_allowed"],
    [{ plays: 0 }, { nb: 5 }, "refused", "quota_reached"],
    [{ plays: "3", open: "true" }, { nb: 1 }, "allowed"],
    [{}, undefined, "allowed"],
  ])) {
    const sub = randomUUID();
    const { body } = await admit({ sub, jti: randomUUID(), ...(limit && { limit }) });
    await api.answering({ body: { id: sub, ...profile } }, async () => {
      const told = await ask(body.pass);
      assert.deepEqual([told.body.decision, told.body.reason, told.body.pass === null], [decision, reason, decision === "refused"], told.text);
      if (decision === "refused") assert.equal(await causeOf(account, told.body.ref), reason);
      assert.equal((await submit(body.pass)).status, decision === "allowed" ? 201 : reason === "not_allowed" ? 403 : 409);
      if (limit && decision === "allowed") assert.equal((await submit(told.body.pass)).body.reason, "quota_reached", "the token's 1 is stricter than the profile's 3");
    });
  }
});

test("while a limit is to come from it, an API that is down is `try_again`, and the same submission is taken once it is back", async () => {
  const { admit } = await open(PLAIN, { profileLimit: { nb: "plays" } });
  const { body } = await admit();
  const key = randomUUID();
  await api.answering({ status: 503 }, async () => {
    const waiting = await submit(body.pass, form, key);
    assert.deepEqual([waiting.status, waiting.body.reason], [502, "try_again"]);
  });
  await api.answering({ body: { id: "77", plays: "many" } }, async () => assert.equal((await submit(body.pass, form, key)).body.reason, "try_again", "a limit that cannot be read"));
  const taken = await submit(body.pass, form, key);
  assert.equal(taken.status, 201);
  await api.answering({ status: 503 }, async () => assert.deepEqual((await submit(body.pass, form, key)).body, taken.body, "the same answer, whatever the API does"));
});

test("a hidden field is filled, stored and never told to a page, whatever is submitted", async () => {
  const fields = [{ name: "email", type: "email" }, { name: "segment", type: "hidden" }];
  const { account, admit } = await open({ email: "mail", segment: "segment" }, { campaign: { fields, questions: [], optins: [] } });
  await api.answering({ body: { id: "77", mail: "an@example.org", segment: "gold" } }, async () => {
    const { body } = await admit();
    const told = await ask(body.pass);
    assert.deepEqual([told.body.prefill.form, told.body.prefill.locked], [{ email: "an@example.org" }, []]);
    assert.ok(!(await worker.get(`/campaign/${account}/${CAMPAIGN}`)).text.includes("segment"));
    assert.equal((await submit(body.pass, /** @type {any} */ ({ email: "an@example.org", segment: "platinum" }))).status, 201, "by the pass from before the profile");
    const { body: person } = await worker.read(`/v1/participants/${account}/77`);
    assert.deepEqual(person.participants[0].participations[0].form, { email: "an@example.org", segment: "gold" });
  });
  const { body } = await admit({ sub: "78", access_token: undefined });
  assert.equal((await submit(body.pass, /** @type {any} */ ({ segment: "platinum" }))).status, 201);
  const { body: person } = await worker.read(`/v1/participants/${account}/78`);
  assert.deepEqual(person.participants[0].participations[0].form, {}, "nobody can submit one");
});
