// What is kept of a person, for how long, and what becomes of it: the table that this prints is checked row by row.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { acme, customer, form, secrets, sign } from "../support/worker/customer.mjs";
import { pause, until } from "../support/patience.mjs";
import { call, Deployment, random } from "../support/worker/deployment.mjs";

const DAY = 86_400_000;
/** @type {Deployment} */
let worker;
/** @type {{ what: string, where: string, until: string, shown: string }[]} */
const table = [];

before(async () => {
  worker = await Deployment.start();
  await worker.account(acme(), secrets);
});
after(async () => {
  await worker.stop();
  if (process.env.HANDSTAMP_QUIET) return;
  console.log("what is kept of a person | where | until | how it is shown");
  for (const { what, where, until, shown } of table) console.log([what, where, until, shown].join(" | "));
});

/** @param {string} method @param {string} account @param {string} subject */
const about = async (method, account, subject) =>
  call(`${worker.url}/v1/participants/${account}/${encodeURIComponent(subject)}`, { method, headers: await worker.bearer() });
/**
 * @param {string} subject
 * @param {{ account?: string, campaignId?: string, claims?: object, body?: object }} [options]
 */
async function play(subject, { account = "acme", campaignId = "100001", claims = {}, body = {} } = {}) {
  const token = await sign({ sub: subject, campaignId, ...claims });
  const admitted = await worker.post("/v1/token/admit", { account, campaignId, token });
  assert.equal(admitted.status, 200, admitted.text);
  const pass = admitted.body.pass;
  const answer = await worker.post("/v1/participations", { pass, form, ...body }, { "idempotency-key": random(12) });
  assert.equal(answer.status, 201, answer.text);
  return { pass, ...answer.body };
}
/** The row of a participation, once it is in the statistics. @param {string} id */
const arrived = (id) => until(() => row(id), "the statistics have the row");
/** @param {string} id */
async function row(id) {
  const database = await worker.miniflare.getD1Database("STATISTICS");
  return database.prepare("SELECT * FROM participation WHERE id = ?").bind(id).first();
}

test("the export of one person reaches every campaign: the record, its way and the statistics", async () => {
  const subject = "auth0|export/1 é";
  const one = await play(subject, { body: { optin: { news: true }, answers: { colour: "red" }, lang: "fr" } });
  const two = await play(subject, { campaignId: "100002", claims: { iss: "com.example" } });
  await arrived(two.participationId);
  const { status, body } = await about("GET", "acme", subject);
  assert.equal(status, 200);
  assert.deepEqual(
    body.participants.map((/** @type {any} */ { campaignId, namespace, count }) => [campaignId, namespace, count]),
    [
      ["100001", "", 1],
      ["100002", "com.example", 1],
    ],
  );
  const [participation] = body.participants[0].participations;
  assert.equal(participation.id, one.participationId);
  assert.deepEqual(participation.form, form);
  assert.deepEqual([participation.optin.news.given, participation.optin.news.wording], [true, "Envoyez-moi des nouvelles"]);
  assert.ok(Math.abs(participation.optin.news.at - Date.now()) < 60_000, "an opt-in carries its time and the words that were shown");
  assert.deepEqual(participation.answers, { colour: "red" });
  assert.equal(participation.until - participation.at, 90 * DAY);
  assert.ok(participation.kept.includes("record") && participation.kept.includes("statistics"));
  assert.deepEqual((await about("GET", "acme", "nobody")).body.participants, []);
  table.push({ what: "form, opt-ins with time and wording, answers", where: "participant's object", until: "retentionDays", shown: "export" });
});

test("an erasure leaves nothing: no record, no count, no row, nothing on its way, and nothing comes back", async () => {
  const subject = "erased@example.org";
  const { participationId } = await play(subject);
  const stored = await arrived(participationId);
  const queue = await worker.miniflare.getQueueProducer("OUTBOX");
  const { status, body } = await about("DELETE", "acme", subject);
  assert.equal(status, 200);
  assert.deepEqual([body.erased.participants, body.erased.record, body.erased.statistics], [1, 1, 1]);
  assert.equal(await row(participationId), null);
  assert.deepEqual((await about("GET", "acme", subject)).body.participants, []);

  // What the queue had taken before is delivered after the erasure.
  const object = String(stored.participant);
  const submission = { id: participationId, at: Number(stored.recorded_at), until: Number(stored.retain_until) };
  const rest = { account: "acme", campaignId: "100001", technique: "token", form, optin: {}, answers: {} };
  await queue.send({ object, submission: { ...submission, ...rest } });
  const after = await play("somebody-else");
  await arrived(after.participationId); // the queue has been emptied
  assert.equal(await row(participationId), null, "a late message brings nothing back");

  const again = await play(subject);
  assert.equal(again.count, 1, "not even the count is left");
  await arrived(again.participationId); // who takes part anew is kept anew
  assert.equal((await about("DELETE", "acme", subject)).body.erased.record, 1);
  assert.equal((await about("DELETE", "acme", subject)).body.erased.participants, 0, "safe to repeat");
  table.push({ what: "rows of the statistics", where: "D1", until: "retentionDays", shown: "export, statistics, CSV" });
  table.push({ what: "rows on their way", where: "outbox and queue", until: "minutes; never after an erasure", shown: "export" });
  table.push({ what: "which campaigns a subject played", where: "person's object, under an HMAC", until: "erasure", shown: "export" });
});

test("an erasure reaches what the statistics have not taken yet", async () => {
  const held = await Deployment.start({}, { migrate: false });
  try {
    await held.account(acme(), secrets);
    const admitted = await held.post("/v1/token/admit", { account: "acme", campaignId: "100001", token: await sign({ sub: "waiting" }) });
    const sent = await held.post("/v1/participations", { pass: admitted.body.pass, form }, { "idempotency-key": random(12) });
    assert.equal(sent.status, 201);
    await held.migrate();
    const before = await held.read("/v1/participants/acme/waiting");
    // A slow machine may have sent the row again by now; the erasure must reach it wherever it is.
    const { kept } = before.body.participants[0].participations[0];
    assert.ok(kept.includes("record") && (kept.includes("outbox") || kept.includes("statistics")), kept.join());
    const url = `${held.url}/v1/participants/acme/waiting`;
    const { body } = await call(url, { method: "DELETE", headers: await held.bearer() });
    assert.equal(body.erased.record, 1);
    assert.ok(body.erased.outbox + body.erased.statistics >= 1, JSON.stringify(body.erased));
    const database = await held.miniflare.getD1Database("STATISTICS");
    assert.deepEqual((await database.prepare("SELECT id FROM participation").all()).results, []);
    assert.deepEqual((await held.read("/v1/participants/acme/waiting")).body.participants, []);
  } finally {
    await held.stop();
  }
});

test("an erasure reaches what the account's webhook has not been told yet", async () => {
  // Nobody listens there, so the delivery waits for its next attempt.
  const webhook = { url: "http://127.0.0.1:9/in", secret: { secret: "HOOK" } };
  const { document, secrets: own, sign: signed } = customer("hooked", { webhook });
  await worker.account(document, { ...own, HOOK: `whsec_${Buffer.alloc(32, 7).toString("base64")}` });
  const admitted = await worker.post("/v1/token/admit", { account: "hooked", campaignId: "100001", token: await signed({ sub: "untold" }) });
  await worker.post("/v1/participations", { pass: admitted.body.pass, form }, { "idempotency-key": random(12) });
  const { body } = await about("GET", "hooked", "untold");
  assert.ok(body.participants[0].participations[0].kept.includes("webhook"));
  assert.deepEqual((await about("DELETE", "hooked", "untold")).body.erased.webhook, 1);
  assert.deepEqual((await about("GET", "hooked", "untold")).body.participants, []);
  table.push({ what: "ids that the webhook is still to be told", where: "participant's object", until: "delivery; erasure", shown: "export" });
});

test("export and erasure reach what the profile API said of somebody, taken part or not", async () => {
  let asked = 0;
  /** @type {(value?: unknown) => void} */
  let release = () => {};
  /** @type {unknown} */
  let held;
  const api = createServer(async (_request, response) => {
    asked += 1;
    await held;
    response.setHeader("content-type", "application/json").end(JSON.stringify({ mail: "looked@example.org" }));
  }).listen(0, "127.0.0.1");
  await once(api, "listening");
  try {
    const { port } = /** @type {import("node:net").AddressInfo} */ (api.address());
    const { document, secrets: own, sign: signed } = customer("profiled", { profileApi: { url: `http://127.0.0.1:${port}/me` }, mapping: { email: "mail" } });
    document.secureToken.accessTokenInClear = true;
    await worker.account(document, own);
    const token = await signed({ sub: "looker", form: undefined, access_token: "canary-access-token" });
    const open = () => worker.post("/v1/token/admit", { account: "profiled", campaignId: "100001", token });
    assert.equal((await open()).body.admission.prefill.form.email, "looked@example.org");
    const { body } = await about("GET", "profiled", "looker");
    assert.deepEqual([body.participants, body.profiles.map((/** @type {any} */ one) => one.profile)], [[], [{ mail: "looked@example.org" }]]);
    assert.ok(body.profiles[0].until - Date.now() <= 300_000, "no longer than the token lives");
    assert.deepEqual((await about("DELETE", "profiled", "looker")).body.erased, { participants: 0, profile: 1 });
    assert.deepEqual((await about("GET", "profiled", "looker")).body.profiles, []);
    assert.equal((await about("DELETE", "profiled", "looker")).body.erased.profile, 0, "safe to repeat");

    // A question that is under way is waited for, so that its answer does not come after the erasure.
    held = new Promise((resolve) => (release = resolve));
    const admitted = open();
    await until(() => asked === 2, "the profile API is asked anew");
    const erased = about("DELETE", "profiled", "looker");
    // The erasure is given a moment to come first, if it did not wait.
    await pause(100);
    release();
    assert.equal((await erased).body.erased.profile, 1);
    assert.equal((await admitted).status, 200);
    assert.deepEqual((await about("GET", "profiled", "looker")).body.profiles, []);
  } finally {
    release();
    api.close();
  }
  table.push({ what: "answers of the profile API", where: "profile's object, sealed", until: "the token's end, at most 2 h", shown: "export" });
});

test("a participation goes when its time is over, by the alarm of its object", async () => {
  const namespace = await worker.miniflare.getDurableObjectNamespace("PARTICIPANT");
  const object = /** @type {any} */ (namespace.get(namespace.idFromName(random())));
  const now = Date.now();
  const submission = { account: "acme", campaignId: "1", technique: "token", form, optin: {}, answers: {} };
  const input = { key: random(8), hash: "h", revoked: null, faults: [], person: null, submission, retainMs: 90 * DAY };
  const pass = { ids: [random(8)], expiresAt: now };
  const old = await object.submit({ ...input, pass, now: now - 91 * DAY });
  assert.ok(old.answer.participationId);
  await object.submit({ ...input, key: random(8), pass: { ...pass, ids: [random(8)] }, now: now - 89 * DAY });
  await until(async () => (await object.held()).record.length === 1, "one is over, one is not");
  assert.ok(!(await object.held()).record.includes(old.answer.participationId));
  assert.equal(await object.count(), 2, "how often stays, for the limit");
  table.push({ what: "how often, and hashes of used tokens", where: "participant's object", until: "erasure", shown: "a number" });
});

test("the hourly job deletes rows whose time is over, and a retention that was shortened counts at once", async () => {
  const { document, secrets: own, sign: signed } = customer("short");
  document.campaigns["100001"].retentionDays = 30;
  await worker.account(document, own);
  const token = await signed({ sub: "kept-a-while" });
  const admitted = await worker.post("/v1/token/admit", { account: "short", campaignId: "100001", token });
  const { body } = await worker.post("/v1/participations", { pass: admitted.body.pass, form }, { "idempotency-key": random(12) });
  assert.equal(Number((await arrived(body.participationId)).retain_until) - Date.parse(body.recordedAt), 30 * DAY);

  const database = await worker.miniflare.getD1Database("STATISTICS");
  const age = (/** @type {number} */ days) =>
    database.prepare("UPDATE participation SET recorded_at = ? WHERE id = ?").bind(Date.now() - days * DAY, body.participationId).run();
  const job = async () => (await worker.miniflare.getWorker()).scheduled({ cron: "23 * * * *" });
  await age(10);
  await job();
  assert.ok(await row(body.participationId), "ten days are less than thirty");
  document.campaigns["100001"].retentionDays = 7;
  await worker.account(document);
  await job();
  assert.equal(await row(body.participationId), null);
  const { body: left } = await about("GET", "short", "kept-a-while");
  assert.deepEqual(left.participants[0].participations, [], "the object was told");

  const gone = await play("over");
  await arrived(gone.participationId);
  await database.prepare("UPDATE participation SET retain_until = 1 WHERE id = ?").bind(gone.participationId).run();
  await job();
  assert.equal(await row(gone.participationId), null);
  table.push({ what: "whose rows are gone", where: "D1, ids of objects", until: "30 days after the erasure", shown: "no" });
});

test("only fields that the campaign declares are stored, whatever a token or a page sends", async () => {
  const { document, secrets: own, sign: signed } = customer("declared", { mapping: { email: { from: "email", lock: true }, passport: "passport" } });
  await worker.account(document, own);
  const token = await signed({ sub: "d1", email: "an@example.org", passport: "canary-passport", form: { iban: "canary-iban", firstname: "An" } });
  const admitted = await worker.post("/v1/token/admit", { account: "declared", campaignId: "100001", token });
  const extra = await worker.post(
    "/v1/participations",
    { pass: admitted.body.pass, form: { ...form, iban: "canary-iban" } },
    { "idempotency-key": random(12) },
  );
  assert.deepEqual([extra.status, extra.body.fields[0].path], [422, "/form/iban"]);
  const kept = await worker.post("/v1/participations", { pass: admitted.body.pass, form }, { "idempotency-key": random(12) });
  assert.equal(kept.status, 201);
  const { text } = await about("GET", "declared", "d1");
  assert.ok(text.includes("an@example.org") && !text.includes("canary"));
});

test("a preview is marked, uses up nothing, is not counted, and goes after a day", async () => {
  const { document, secrets: own, sign: signed } = customer("previewed");
  document.campaigns["100001"].optins = [{ name: "rules", required: true, wording: { en: "I accept the rules" } }];
  await worker.account(document, own);
  const token = await signed({ sub: "manager", limit: { nb: 1 } });
  const ask = { account: "previewed", campaignId: "100001", token };
  const { body: admitted } = await worker.post("/v1/token/admit", { ...ask, preview: true });
  const submit = (/** @type {object} */ body) =>
    worker.post("/v1/participations", { pass: admitted.pass, form, optin: { rules: true }, ...body }, { "idempotency-key": random(12) });
  const refused = await submit({ optin: {} });
  assert.deepEqual([refused.status, refused.body.fields], [422, [{ name: "rules", path: "/optin/rules", reason: "required", detail: "This is needed." }]]);
  for (let i = 0; i < 2; i += 1) assert.equal((await submit({ preview: true })).body.count, 0);
  assert.equal((await submit({})).body.count, 1, "the one participation is still to be had");
  assert.equal((await submit({})).status, 409);
  const body = await worker.statisticsOnce("previewed", "100001", ({ participations, previews }) => participations + previews === 3);
  assert.deepEqual([body.participations, body.participants, body.previews, body.rows.length], [1, 1, 2, 1]);
  assert.equal((await worker.read("/v1/statistics/previewed/100001?preview=only")).body.rows.length, 2);
  const { body: person } = await about("GET", "previewed", "manager");
  const previews = person.participants[0].participations.filter((/** @type {any} */ row) => row.preview);
  assert.deepEqual([previews.length, previews[0].until - previews[0].at], [2, DAY]);
  table.push({ what: "previews", where: "participant's object, D1", until: "1 day", shown: "marked" });
});

test("the funnel counts how far people came, and the refusals have their day", async () => {
  const { document, secrets: own, sign: signed } = customer("funnel");
  await worker.account(document, own);
  await worker.get("/campaign/funnel/100001");
  await worker.get("/campaign/funnel/100001?preview");
  for (const step of ["questions", "identityset", "identityset"])
    assert.equal((await worker.post("/v1/steps", { account: "funnel", campaignId: "100001", step })).status, 204);
  assert.equal((await worker.post("/v1/steps", { account: "funnel", campaignId: "100001", step: "exit" })).status, 400);
  const ask = async (/** @type {string} */ token) => worker.post("/v1/token/admit", { account: "funnel", campaignId: "100001", token });
  const { body } = await ask(await signed());
  await ask("x");
  await worker.post("/v1/participations", { pass: body.pass, form }, { "idempotency-key": random(12) });
  const sum = (/** @type {any} */ { series }) => series.reduce((/** @type {number} */ n, /** @type {any} */ piece) => n + (piece.refusals.token_invalid ?? 0), 0);
  const whole = (/** @type {any} */ body) => Object.values(body.funnel).reduce((one, other) => one + other, 0) >= 6 && sum(body) >= 1;
  const counted = await worker.statisticsOnce("funnel", "100001", whole, "?by=hour&days=1");
  const { funnel, by } = counted;
  assert.deepEqual(funnel, { opened: 1, questions: 1, login: 0, returned: 0, admitted: 1, form: 2, submitted: 1 });
  assert.equal(by, "hour");
  assert.equal(sum(counted), 1);
  const all = await worker.read("/v1/statistics/funnel");
  assert.deepEqual(
    all.body.campaigns.map((/** @type {any} */ row) => [row.campaignId, row.funnel.opened, row.refusals]),
    [
      ["100001", 1, { token_invalid: 1 }],
      ["100002", 0, {}],
    ],
  );
  table.push({ what: "funnel and refusals by hour", where: "account's object", until: "400 days", shown: "numbers only" });
  table.push({ what: "refusals: code, place, type, length", where: "account's object", until: "72 hours", shown: "behind ref" });
  table.push({ what: "draft: step, answers", where: "draft's object", until: "60 minutes", shown: "to its own browser" });
  table.push({ what: "login: sealed admission", where: "login's object", until: "120 seconds", shown: "to its own browser" });
});

test("the scope participants opens these, and nothing else does", async () => {
  const { body } = await worker.accessToken(worker.secrets.operator, { scope: "statistics accounts crypto explain refusals" });
  for (const method of ["GET", "DELETE"]) {
    const url = `${worker.url}/v1/participants/acme/somebody`;
    assert.equal((await call(url, { method })).status, 401);
    assert.equal((await call(url, { method, headers: { authorization: `Bearer ${body.access_token}` } })).status, 403);
  }
  assert.equal((await about("GET", "acme", "%")).status, 200, "any subject can be spelled");
  assert.equal((await worker.read("/v1/participants/acme/%E0%A4%A")).status, 400);
  assert.equal((await worker.read(`/v1/participants/acme/${"x".repeat(257)}`)).status, 400);
  const log = worker.log.join("");
  for (const canary of ["export/1", "erased@example.org", "kept-a-while"]) assert.ok(!log.includes(canary), canary);
});
