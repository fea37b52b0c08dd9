// The form as the worker takes it: the values of the shared vectors, and what was prefilled and left as it is.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { formValues } from "../../support/form_values.mjs";
import { customer } from "../../support/worker/customer.mjs";
import { Deployment } from "../../support/worker/deployment.mjs";

/** @type {Deployment} */
let worker;
const [account, campaignId] = ["form", "100001"];
const { document, secrets, sign } = customer(account);
const types = /** @type {const} */ (["text", "email", "tel", "date", "country", "checkbox"]);
const fields = types.map((type) => ({ name: type, type }));

before(async () => {
  worker = await Deployment.start();
  await worker.account({ ...document, campaigns: { [campaignId]: { fields } } }, secrets);
});
after(() => worker.stop());

const admit = async (/** @type {Record<string, unknown>} */ form = {}) =>
  (await worker.post("/v1/token/admit", { account, campaignId, token: await sign({ sub: randomUUID(), form }) })).body;
const submit = (/** @type {string} */ pass, /** @type {Record<string, unknown>} */ form) =>
  worker.post("/v1/participations", { pass, form }, { "idempotency-key": randomUUID() });

/** The values of the vectors that are taken, one of each type together. */
function* together() {
  const taken = types.map((type) => formValues().filter((row) => row.type === type && row.taken).map(({ value }) => value));
  for (let place = 0; place < Math.max(...taken.map(({ length }) => length)); place += 1)
    yield Object.fromEntries(types.map((type, row) => [type, taken[row][place % taken[row].length]]));
}

test("a value that the vectors refuse is refused with its field, and the pass is not spent", async () => {
  const { pass } = await admit();
  const refused = formValues().filter(({ taken }) => !taken);
  for (const { type, value } of refused) {
    const { status, body } = await submit(pass, { [type]: value });
    assert.deepEqual([status, body.fields?.map((/** @type {any} */ { name }) => name)], [422, [type]], `${type} ${JSON.stringify(value.slice(0, 60))}`);
  }
  assert.ok(refused.length > 50);
  for (const odd of [7, {}, ["an@example.org"], "\ud800"]) assert.deepEqual((await submit(pass, { email: odd })).body.fields[0].reason, "text");
  assert.equal((await submit(pass, { email: null, checkbox: true })).status, 201);
});

test("a value that the vectors take is recorded as it was typed", async () => {
  let recorded = 0;
  for (const form of together()) {
    const { status, body } = await submit((await admit()).pass, form);
    assert.deepEqual([status, body.fields], [201, undefined], JSON.stringify(form).slice(0, 200));
    recorded += 1;
  }
  const { rows } = await worker.statistics(account, campaignId, recorded + 1);
  const kept = new Set(rows.map((/** @type {any} */ row) => JSON.stringify(Object.entries(row.form).sort())));
  for (const form of together()) assert.ok(kept.has(JSON.stringify(Object.entries(form).sort())), JSON.stringify(form).slice(0, 200));
});

test("what was prefilled and left as it is is taken, whatever the token said", async () => {
  const said = [...together(), { email: " an@intranet ", tel: "+32 (0)470/12.34.56", date: "0999-12-31T23:59:59Z", country: "be", checkbox: 1, text: "a\u0007b" }, { email: "an", tel: 112, date: "2026", country: "BEL", checkbox: "maybe" }];
  for (const form of said) {
    const { pass, admission } = await admit(form);
    const { status, body } = await submit(pass, admission.prefill.form);
    assert.deepEqual([status, body.fields], [201, undefined], JSON.stringify(admission.prefill.form).slice(0, 200));
  }
});

test("a consent that the customer has locked stands, whatever is submitted", async () => {
  const made = customer("consenting", { mapping: { news: { from: "newsletter", lock: true }, rules: { from: "rules", lock: true } } });
  const wording = { en: "Yes" };
  made.document.campaigns = { [campaignId]: { fields: [], optins: [{ name: "news", wording }, { name: "rules", wording }] } };
  await worker.account(made.document, made.secrets);
  const token = await made.sign({ newsletter: true, rules: false, form: undefined });
  const { pass, admission } = (await worker.post("/v1/token/admit", { account: "consenting", campaignId, token })).body;
  assert.deepEqual(admission.prefill.locked.sort(), ["news", "rules"]);
  const sent = await worker.post("/v1/participations", { pass, form: {}, optin: { news: false, rules: true } }, { "idempotency-key": randomUUID() });
  assert.equal(sent.status, 201);
  const { rows } = await worker.statistics("consenting", campaignId, 1);
  assert.deepEqual([rows[0].optin.news.given, rows[0].optin.rules.given], [true, false]);
});
