// Open campaigns whose account has it checked that a visitor is a person, against a verifier on this machine.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { customer, form } from "../../support/worker/customer.mjs";
import { Deployment, random } from "../../support/worker/deployment.mjs";
import { Verifier } from "../../support/worker/verifier.mjs";
import "../../support/patience.mjs";

const [SECRET, SITE_KEY] = ["a secret that nobody may see", "0x4AAAAAAA"];
const challenge = { siteKey: SITE_KEY, secret: { secret: "TURNSTILE" } };
/** @type {Verifier} */
let verifier;
/** @type {Deployment} */
let worker;

before(async () => {
  verifier = await Verifier.start(SECRET, SITE_KEY);
  worker = await Deployment.start({ TEST_CHALLENGE_URL: verifier.url });
  for (const [name, more] of Object.entries({ asking: { challenge }, trusting: {} })) {
    const { document, secrets } = customer(name, more);
    document.campaigns["100001"].signIn = ["token", "anonymous"];
    await worker.account(document, { ...secrets, TURNSTILE: SECRET });
  }
});
after(async () => {
  verifier.stop();
  await worker.stop();
});

/** The pass of a visitor without a name. */
const enter = async (account = "asking") => (await worker.post("/v1/token/admit", { account, campaignId: "100001" })).body.pass;
const submit = (/** @type {string} */ pass, /** @type {object} */ more = {}, key = random(12)) =>
  worker.post("/v1/participations", { pass, form, ...more }, { "idempotency-key": key });

test("a visitor without a name takes part with the answer of the widget, and not without", async () => {
  const pass = await enter();
  for (const more of [{}, { challenge: "" }, { challenge: 7 }, { challenge: null }]) {
    const { status, body } = await submit(pass, more);
    assert.deepEqual([status, body.code, body.reason], [422, "challenge_missing", "try_again"]);
  }
  assert.equal(verifier.asked.length, 0);
  const answer = verifier.answer();
  const taken = await submit(pass, { challenge: answer });
  assert.deepEqual([taken.status, taken.body.count], [201, 1], taken.text);
  const [{ secret, response, idempotency_key: key, ...rest }] = verifier.asked;
  assert.deepEqual([secret, response, Object.keys(rest)], [SECRET, answer, []], "nothing else is sent, no IP address either");
  assert.match(key, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
});

test("an answer that was used, made up or is too long is refused, and a new one is taken for the same form", async () => {
  const used = verifier.answer();
  assert.equal((await submit(await enter(), { challenge: used })).status, 201);
  const [pass, before] = [await enter(), verifier.asked.length];
  for (const answer of [used, "made up", "x".repeat(2049)]) {
    const { status, body } = await submit(pass, { challenge: answer });
    assert.deepEqual([status, body.code], [422, "challenge_failed"]);
  }
  assert.equal(verifier.asked.length - before, 2, "what is too long is asked of nobody");
  assert.equal((await submit(pass, { challenge: verifier.answer() })).status, 201, "the pass is as good as before");
});

test("a retry of a submission is answered the same, with its old answer or a new one", async () => {
  const [pass, key, answer] = [await enter(), random(12), verifier.answer()];
  const first = await submit(pass, { challenge: answer }, key);
  assert.equal(first.status, 201);
  for (const again of [answer, verifier.answer(), "made up", undefined])
    assert.deepEqual((await submit(pass, again === undefined ? {} : { challenge: again }, key)).body, first.body);
});

test("an answer is good for one pass, also under the key that it was used with", async () => {
  const [key, answer] = [random(12), verifier.answer()];
  assert.equal((await submit(await enter(), { challenge: answer }, key)).status, 201);
  const { status, body } = await submit(await enter(), { challenge: answer }, key);
  assert.deepEqual([status, body.code], [422, "challenge_failed"]);
});

test("a form that must be corrected does not use up the answer", async () => {
  const [pass, answer, before] = [await enter(), verifier.answer(), verifier.asked.length];
  assert.equal((await submit(pass, { form: {}, challenge: answer })).body.code, "form_invalid");
  assert.equal(verifier.asked.length, before);
  assert.equal((await submit(pass, { challenge: answer })).status, 201);
});

test("a verifier that cannot be asked lets nobody in, and says so", async () => {
  const pass = await enter();
  for (const instead of [{ status: 500, body: "" }, { status: 200, body: "{" }, { status: 200, body: "[true]" }, { status: 200, body: '{"success":"true"}' }, { status: 200, body: '{"success":false,"error-codes":["internal-error"]}' }]) {
    verifier.instead = instead;
    const { status, body } = await submit(pass, { challenge: verifier.answer() });
    assert.deepEqual([status, body.code, body.retry], [502, "challenge_unavailable", "later"], instead.body);
  }
  verifier.instead = undefined;
  assert.equal((await submit(pass, { challenge: verifier.answer() })).status, 201);
  // The customer's mistake is not the visitor's.
  await worker.put("/v1/accounts/asking/secrets/TURNSTILE", { value: "another" });
  assert.equal((await submit(await enter(), { challenge: verifier.answer() })).body.code, "challenge_unavailable");
  await worker.put("/v1/accounts/asking/secrets/TURNSTILE", { value: SECRET });
});

test("nobody else is asked: not with a token, not where the account does not want it", async () => {
  const { document, secrets, sign } = customer("vouched", { challenge });
  await worker.account(document, { ...secrets, TURNSTILE: SECRET });
  const before = verifier.asked.length;
  const { body } = await worker.post("/v1/token/admit", { account: "vouched", campaignId: "100001", token: await sign() });
  assert.equal((await submit(body.pass)).status, 201);
  assert.equal((await submit(await enter("trusting"))).status, 201);
  assert.equal(verifier.asked.length, before);
});

test("the page allows the widget only where it is shown, and a secret must be there", async () => {
  const asking = await worker.get("/campaign/asking/100001");
  const policy = asking.headers.get("content-security-policy") ?? "";
  assert.ok(policy.includes(`script-src 'self' 'wasm-unsafe-eval' ${verifier.url};`) && policy.includes(`frame-src ${verifier.url};`), policy);
  assert.ok(asking.text.includes(SITE_KEY) && !asking.text.includes("TURNSTILE"));
  for (const other of ["asking/100002", "trusting/100001"]) {
    const { headers, text } = await worker.get(`/campaign/${other}`);
    assert.ok(!headers.get("content-security-policy")?.includes(verifier.url) && !text.includes("siteKey"), other);
  }
  const { document } = customer("secretless", { challenge: { siteKey: SITE_KEY, secret: { secret: "NOT_THERE" } } });
  delete document.secureToken;
  document.campaigns = { 1: { signIn: ["anonymous"] } };
  const { status, body } = await worker.put("/v1/accounts/secretless", document);
  assert.deepEqual([status, body.faults[0].path, body.faults[0].code], [422, "/challenge/secret", "secret_unknown"]);
});
