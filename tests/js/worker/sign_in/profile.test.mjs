// The profile is asked for when the participant reaches the form, never at load: the values and a new pass; once for a token; and
// an API that is down stops nobody, unless the limit is to come from it.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { Browser } from "../../support/worker/browser.mjs";
import { customer, form } from "../../support/worker/customer.mjs";
import { Deployment } from "../../support/worker/deployment.mjs";
import { ProfileApi } from "../../support/worker/profile_api.mjs";
import { Provider } from "../../support/worker/provider.mjs";

const CAMPAIGN = "100001";
const CANARY = "canary-access-token";

/** @type {Deployment} */ let worker;
/** @type {ProfileApi} */ let api;
/** @type {Provider} */ let provider;
before(async () => ([worker, api, provider] = await Promise.all([Deployment.start(), ProfileApi.start(), Provider.start()])));
after(async () => {
  api?.stop();
  provider?.stop();
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
  for (const [answer, code] of /** @type {[import("../../support/worker/profile_api.mjs").Answer, string][]} */ ([
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

test("a limit that the profile has raised since the last time lets somebody with a token in again", async () => {
  const { admit } = await open(PLAIN, { profileLimit: { nb: "plays" } });
  for (const [plays, decision] of /** @type {[number, string][]} */ ([[1, "allowed"], [1, "refused"], [2, "allowed"]])) {
    await api.answering({ body: { id: "77", plays } }, async () => {
      const { body } = await admit({ jti: randomUUID() });
      assert.equal(body.admission.decision, "allowed", "it is judged at the form step");
      assert.equal((await ask(body.pass)).body.decision, decision);
      assert.equal((await submit(body.pass)).status, decision === "allowed" ? 201 : 409);
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

/**
 * A customer whose identity provider says who it is, and whose own API says the rest.
 * @param {{ oauth?: object, mapping?: object, campaign?: object }} [more]
 */
async function openSignIn({ oauth = {}, mapping = PLAIN, campaign = {} } = {}) {
  const account = `in-${randomUUID().slice(0, 8)}`;
  const { document, secrets } = customer(account, { oauth: { ...provider.settings(), profileFrom: "api", ...oauth }, profileApi: api.settings, mapping });
  Object.assign(document.campaigns[CAMPAIGN], { signIn: ["oauth"], ...campaign });
  await worker.account(document, secrets);
  return {
    account,
    /** @param {string} [sub] */
    async signIn(sub = "77") {
      provider.person = { ...provider.person, sub };
      const browser = new Browser(worker.url);
      const { ticket } = await browser.login({ account, campaignId: CAMPAIGN });
      return browser.post("/v1/oauth/redeem", { ticket });
    },
  };
}

test("a sign-in stands on the ID token: the API is asked at the form step, and one that is down stops nobody", async () => {
  const { account, signIn } = await openSignIn({ oauth: { custom: { club: "club" } }, campaign: { record: ["subject", "custom"] } });
  api.seen.length = 0;
  await api.answering({ status: 503 }, async () => {
    const down = await signIn();
    assert.deepEqual([down.status, down.body.profile, down.body.admission.subject, down.body.admission.prefill.form, api.seen], [200, true, "77", {}, []], down.text);
    const failed = await ask(down.body.pass);
    assert.deepEqual([failed.status, failed.body.reason, await causeOf(account, failed.body.ref)], [502, "try_again", "profile_unavailable"]);
    assert.equal((await submit(down.body.pass)).status, 201, "played all the same");
  });
  await api.answering({ body: { id: "78", mail: "an@example.org", given_name: "An", club: "gold" } }, async () => {
    const { body, text } = await signIn("78");
    const told = await ask(body.pass);
    assert.deepEqual([told.body.decision, told.body.prefill.form, told.body.custom], ["allowed", { email: "an@example.org", firstname: "An" }, { club: "gold" }], told.text);
    const token = api.seen.at(-1)?.split(" ")[1] ?? "";
    assert.match(token, /^canary-access-/);
    assert.ok(![text, told.text, worker.log.join("")].some((said) => said.includes(token)), "the access token goes to the API and nowhere else");
    assert.equal((await submit(body.pass)).status, 201, "also by the pass from before the profile");
    const { body: person } = await worker.read(`/v1/participants/${account}/78`);
    assert.deepEqual(person.participants[0].participations[0].custom, { club: "gold" }, "recorded as if it had been asked for");
    await worker.get(`/v1/participants/${account}/78`, { method: "DELETE", headers: await worker.bearer() });
    assert.ok(!(await ask(body.pass)).text.includes("an@example.org"), "gone with an erasure");
  });
});

test("a limit of the profile is waited for after a sign-in, and the one for those without a limit is not taken for it", async () => {
  const { signIn, account } = await openSignIn({ oauth: { limit: { nb: "plays", canPlay: "open" } } });
  const profile = (/** @type {object} */ more) => ({ body: { id: "77", ...more } });
  await api.answering(profile({ plays: 2 }), async () => {
    assert.equal((await submit((await signIn()).body.pass)).status, 201);
    const second = await signIn();
    assert.equal(second.body.admission.decision, "allowed", "the profile may allow a second turn");
    assert.equal((await ask(second.body.pass)).body.decision, "allowed");
    assert.equal((await submit(second.body.pass)).status, 201);
    const third = await signIn();
    const told = await ask(third.body.pass);
    assert.deepEqual([told.body.decision, told.body.reason, told.body.pass], ["refused", "quota_reached", null]);
    assert.equal((await submit(third.body.pass)).status, 409);
  });
  await api.answering(profile({ plays: 3 }), async () => assert.equal((await submit((await signIn()).body.pass)).status, 201, "a limit that the customer has raised since"));
  await api.answering({ status: 503 }, async () => {
    const waiting = await submit((await signIn("79")).body.pass);
    assert.deepEqual([waiting.status, waiting.body.reason], [502, "try_again"], "nothing is recorded without the limit");
  });
  await api.answering({ status: 401 }, async () => {
    const late = await submit((await signIn("79")).body.pass);
    assert.deepEqual([late.status, late.body.reason, await causeOf(account, late.body.ref)], [401, "token_expired", "profile_refused"], "waiting until the access token has expired is no way past it");
  });
  await api.answering({ body: { id: "79" } }, async () => {
    const passes = [(await signIn("79")).body.pass, (await signIn("79")).body.pass];
    assert.deepEqual([(await submit(passes[0])).status, (await submit(passes[1])).body.reason], [201, "quota_reached"], "where the profile states none, one turn");
  });
});

test("locked values come from the profile after a sign-in too, whatever is submitted and whenever", async () => {
  const { account, signIn } = await openSignIn({ mapping: LOCKED });
  const { body } = await signIn();
  assert.equal((await submit(body.pass, { ...form, email: "eve@example.org" })).status, 201);
  const { body: person } = await worker.read(`/v1/participants/${account}/77`);
  assert.equal(person.participants[0].participations[0].form.email, "an@example.org");
});

test("where only the API says who it is, its failure is said to be the reason, and the person may try again", async () => {
  const { account, signIn } = await openSignIn({ oauth: { scope: "profile" } });
  await api.answering({ status: 503 }, async () => {
    const refused = await signIn();
    assert.deepEqual([refused.status, refused.body.reason, refused.body.retry], [502, "try_again", "later"]);
    const { body: cause } = await worker.read(`/v1/refusals/${refused.body.ref}?account=${account}`);
    assert.deepEqual([cause.code, cause.detail.got], ["profile_unavailable", "status 503"]);
    assert.match(cause.detail.expected, /only this API says who signed in/);
  });
  const { body } = await signIn();
  assert.deepEqual([body.admission.subject, body.profile, body.admission.prefill.form.firstname], ["77", undefined, "An"]);
});
