// What is kept of a person, for how long, and what becomes of it: the table that this prints is checked row by row.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { acme, customer, form, secrets, sign } from "../../support/worker/customer.mjs";
import { pause, until } from "../../support/patience.mjs";
import { call, Deployment, random } from "../../support/worker/deployment.mjs";

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
/** An answer without the marks of the way it came. @param {unknown} value */
const plain = (value) => JSON.parse(JSON.stringify(value));
/** An object by what it is about, as the worker names it. @param {string} binding @param {...string} parts @returns {Promise<any>} */
const object = (binding, ...parts) => worker.object(binding, ...parts);
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
  await Promise.all([arrived(one.participationId), arrived(two.participationId)]);
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
  const late = { ...submission, id: random(8), at: Date.now() - 2 * DAY, until: Date.now() - DAY };
  await queue.send({ object: "00".repeat(32), submission: { ...late, ...rest } });
  const after = await play("somebody-else");
  await arrived(after.participationId); // the queue has been emptied
  assert.equal(await row(late.id), null, "nor does one whose time is over");
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
    const open = async () => {
      const { body } = await worker.post("/v1/token/admit", { account: "profiled", campaignId: "100001", token });
      return worker.post("/v1/profile", { pass: body.pass });
    };
    assert.equal((await open()).body.prefill.form.email, "looked@example.org");
    const { body } = await about("GET", "profiled", "looker");
    assert.deepEqual([body.participants, body.profiles.map((/** @type {any} */ one) => one.profile)], [[], [{ mail: "looked@example.org" }]]);
    assert.ok(body.profiles[0].until - Date.now() <= 7_260_000, "no longer than a pass of the token lives");
    assert.deepEqual((await about("DELETE", "profiled", "looker")).body.erased, { participants: 0, profile: 1 });
    assert.deepEqual((await about("GET", "profiled", "looker")).body.profiles, []);
    assert.deepEqual(plain(await (await object("PERSON", "profiled", "looker")).profiles()), [], "nor is it noted any more");
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
  table.push({ what: "answers of the profile API", where: "profile's object, sealed", until: "2 h after the token was last shown", shown: "export" });
  table.push({ what: "access token for the profile API", where: "profile's object, sealed", until: "the profile is asked for, at most 2 h", shown: "nowhere" });
});

test("a profile that is asked for anew during an erasure stays noted, for the next one", async () => {
  const person = await object("PERSON", "acme", random());
  const [profile, until] = ["ab".repeat(32), Date.now() + 3_600_000];
  await person.noteProfile(profile, until);
  const seen = await person.profiles();
  await person.noteProfile(profile, until);
  await person.forget({ places: [], profiles: seen });
  const left = plain(await person.profiles());
  assert.deepEqual(left, [{ object: profile, until: until + 1 }]);
  await person.forget({ places: [], profiles: left });
  assert.deepEqual(plain(await person.profiles()), []);
});

/** A submission of somebody, straight to an object. @param {object} [change] */
const direct = (change = {}) => ({
  key: random(8), hash: "h", revoked: null, faults: [], person: null, retainMs: 90 * DAY, now: Date.now(), pass: { ids: [random(8)], expiresAt: 4_000_000_000 },
  submission: { account: "acme", campaignId: "100001", technique: "token", form, optin: {}, answers: {} }, ...change,
});

test("a pass from before an erasure records nothing, whether its person had taken part or not", async () => {
  const { document, secrets: own, sign: signed } = customer("refusing");
  document.campaigns["100001"].limit = {};
  await worker.account(document, own);
  const passOf = async (/** @type {string} */ sub) => {
    const token = await signed({ sub, jti: random(8) });
    return (await worker.post("/v1/token/admit", { account: "refusing", campaignId: "100001", token })).body.pass;
  };
  const submit = async (/** @type {string} */ pass, key = random(12)) =>
    worker.post("/v1/participations", { pass, form }, { "idempotency-key": key });
  for (const isKnown of [true, false]) {
    const subject = `known-${isKnown}`;
    const [used, waiting, key] = [await passOf(subject), await passOf(subject), random(12)];
    if (isKnown) assert.equal((await submit(used, key)).status, 201);
    assert.equal((await about("DELETE", "refusing", subject)).body.erased.participants, isKnown ? 1 : 0);
    for (const [pass, under] of [[used, key], [used, random(12)], [waiting, random(12)]]) {
      const { status, body } = await submit(pass, under);
      assert.deepEqual([status, body.code, body.retry], [401, "pass_erased", "login"]);
    }
    assert.deepEqual((await about("GET", "refusing", subject)).body.participants, [], "a refusal leaves nothing behind");
    const anew = await submit(await passOf(subject));
    assert.deepEqual([anew.status, anew.body.count], [201, 1], "who comes anew takes part anew");
    assert.equal((await submit(waiting)).body.code, "pass_erased", "now as before");
    assert.equal((await submit(await passOf(subject))).body.count, 2);
  }
  table.push({ what: "when a person was erased", where: "person's and participant's object", until: "3 h", shown: "no" });
});

test("whatever is submitted while an erasure runs, nothing of it is left behind", async () => {
  const { document, secrets: own, sign: signed } = customer("racing");
  await worker.account(document, own);
  const subject = "racer";
  const passes = await Promise.all(
    Array.from({ length: 60 }, async () => {
      const token = await signed({ sub: subject, jti: random(8) });
      return (await worker.post("/v1/token/admit", { account: "racing", campaignId: "100001", token })).body.pass;
    }),
  );
  const submit = (/** @type {string} */ pass) => worker.post("/v1/participations", { pass, form }, { "idempotency-key": random(12) });
  const first = await submit(passes[0]);
  const { participant } = await arrived(first.body.participationId);
  const racing = passes.slice(1, 40).map(submit);
  const [erased, ...answers] = await Promise.all([about("DELETE", "racing", subject), ...racing, ...passes.slice(40).map(submit)]);
  assert.ok(erased.body.erased.record >= 1);
  for (const { status, body } of answers) assert.ok(status === 201 || body.code === "pass_erased", body.code);
  // Somebody else's row comes after theirs.
  await arrived((await play("after-the-race")).participationId);
  const database = await worker.miniflare.getD1Database("STATISTICS");
  const { results } = await database.prepare("SELECT id FROM participation WHERE participant = ?").bind(participant).all();
  assert.deepEqual(results, []);
  assert.deepEqual((await about("GET", "racing", subject)).body.participants, []);
});

test("an erasure says of itself a time that nothing erased is later than, and drops no row that came afterwards", async () => {
  const participant = await object("PARTICIPANT", "acme", "100001", "", random());
  const ahead = Date.now() + 30_000;
  await participant.submit(direct({ now: ahead }));
  const { record, at } = await participant.erase();
  assert.deepEqual([record, at], [1, ahead], "also where two clocks differ");
});

test("a refused submission leaves neither a participant's nor a person's object behind", async () => {
  const subject = "refused-only";
  for (const claims of [{}, { limit: { nb: 1 } }]) {
    const token = await sign({ sub: subject, ...claims });
    const { body } = await worker.post("/v1/token/admit", { account: "acme", campaignId: "100001", token });
    const refused = await worker.post("/v1/participations", { pass: body.pass, form: {} }, { "idempotency-key": random(12) });
    assert.equal(refused.status, 422);
  }
  assert.equal(await (await object("PARTICIPANT", "acme", "100001", "", subject)).isThere(), false);
  assert.deepEqual(plain(await (await object("PERSON", "acme", subject)).places()), []);
});

test("an object whose participations are nobody's in particular ends with the last of them", async () => {
  const [nobody, somebody] = await Promise.all(["nobody", "somebody"].map(() => object("PARTICIPANT", random())));
  const { submission } = direct();
  const past = Date.now() - 91 * DAY;
  const pass = () => ({ ids: [random(8)], expiresAt: 4_000_000_000 });
  await nobody.submit(direct({ now: past, pass: pass(), submission: { ...submission, technique: "anonymous" } }));
  await somebody.submit(direct({ now: past, pass: pass() }));
  await until(async () => !(await nobody.isThere()), "it has ended");
  await until(async () => (await somebody.held()).record.length === 0, "it is over");
  assert.deepEqual([await somebody.isThere(), await somebody.count()], [true, 1], "a limit hangs on this one");
});

test("a person's object forgets a place at which nothing was recorded in the end", async () => {
  const [person, participant] = [await object("PERSON", "acme", random()), await object("PARTICIPANT", random())];
  const namespace = await worker.miniflare.getDurableObjectNamespace("PARTICIPANT");
  const [empty, full] = [namespace.idFromName(random()).toString(), (await participant.submit(direct())).answer && participant.id.toString()];
  const note = { campaignId: "100001", namespace: "", now: Date.now() - 2 * DAY };
  await person.note({ ...note, object: empty });
  await person.note({ ...note, object: full });
  await until(async () => (await person.places()).length === 1, "the place was visited");
  assert.equal((await person.places())[0].object, full);
});

test("a place that was noted again during an erasure stays, as somebody takes part there anew", async () => {
  const person = await object("PERSON", "acme", random());
  const note = { object: "cd".repeat(32), campaignId: "100001", namespace: "", now: Date.now() };
  await person.note(note);
  const seen = await person.places();
  await person.note(note);
  await person.forget({ places: seen, profiles: [] });
  assert.equal((await person.places()).length, 1);
  await person.forget({ places: await person.places(), profiles: [] });
  assert.equal((await person.places()).length, 0);
});

test("a pass from before an erasure is refused by a worker that was started afterwards as well", async () => {
  const passes = await Promise.all(
    ["taken", "waiting"].map(async (sub) => {
      const token = await sign({ sub, limit: { nb: 9 } });
      return (await worker.post("/v1/token/admit", { account: "acme", campaignId: "100001", token })).body.pass;
    }),
  );
  const submit = (/** @type {string} */ pass) => worker.post("/v1/participations", { pass, form }, { "idempotency-key": random(12) });
  assert.equal((await submit(passes[0])).status, 201);
  for (const sub of ["taken", "waiting"]) assert.equal((await about("DELETE", "acme", sub)).status, 200);
  await worker.deploy({});
  for (const pass of passes) assert.equal((await submit(pass)).body.code, "pass_erased");
  // Somebody who has taken part anew is not asked for at the person's object again.
  for (const sub of ["taken", "waiting"]) await play(sub, { claims: { limit: { nb: 9 } } });
  await worker.deploy({});
  for (const pass of passes) assert.equal((await submit(pass)).body.code, "pass_erased");
});

test("every subject that may take part can be exported and erased, and one character more may not take part", async () => {
  const subjects = [".", "..", "export", "a/b?c#d%", "%2e", "漢".repeat(256), "🎉".repeat(200), "🎉".repeat(256), "\u00e9"];
  const ask = async (/** @type {string} */ what, /** @type {unknown} */ subject) =>
    worker.post(`/v1/participants/acme/${what}`, { subject }, await worker.bearer());
  const escaped = JSON.stringify({ subject: "🎉".repeat(256) }).replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16)}`);
  const headers = { "content-type": "application/json", ...(await worker.bearer()) };
  assert.equal((await call(`${worker.url}/v1/participants/acme/export`, { method: "POST", headers, body: escaped })).status, 200, "in any spelling");
  for (const subject of subjects) {
    await play(subject);
    const { status, body } = await ask("export", subject);
    assert.deepEqual([status, body.participants?.[0]?.count], [200, 1], subject);
    assert.equal((await ask("erase", subject)).body.erased.record, 1, subject);
    assert.deepEqual((await ask("export", subject)).body.participants, [], subject);
  }
  for (const subject of ["漢".repeat(257), "🎉".repeat(257), "", "a\u0000b", "\ud83c", 7, undefined]) {
    const { status, body } = await ask("export", subject);
    assert.deepEqual([status, body.code, body.at], [400, "body_invalid", "/subject"]);
    if (typeof subject !== "string" || subject === "\ud83c") continue;
    const admitted = await worker.post("/v1/token/admit", { account: "acme", campaignId: "100001", token: await sign({ sub: subject }) });
    assert.equal(admitted.status, 401, "the core counts the same");
  }
  for (const method of ["GET", "DELETE"]) assert.equal((await about(method, "acme", "export")).status, 200, "a subject of that name stays in reach");
  assert.equal((await about("GET", "acme", "漢".repeat(200))).status, 200);
  const { authorization } = await worker.bearer();
  assert.deepEqual([(await worker.post("/v1/participants/acme/erase", { subject: "x" })).status, authorization.length > 0], [401, true]);
});

test("a participation goes when its time is over, by the alarm of its object", async () => {
  const namespace = await worker.miniflare.getDurableObjectNamespace("PARTICIPANT");
  const object = /** @type {any} */ (namespace.get(namespace.idFromName(random())));
  const now = Date.now();
  const submission = { account: "acme", campaignId: "1", technique: "token", form, optin: {}, answers: {} };
  const input = { key: random(8), hash: "h", revoked: null, faults: [], person: null, submission, retainMs: 90 * DAY };
  const pass = { ids: [`pid#${random(8)}`], expiresAt: now };
  const [oldId] = pass.ids;
  const old = await object.submit({ ...input, pass, now: now - 91 * DAY });
  assert.ok(old.answer.participationId);
  await object.submit({ ...input, key: random(8), pass: { ...pass, ids: [`pid#${random(8)}`] }, now: now - 89 * DAY });
  await until(async () => (await object.held()).record.length === 1, "one is over, one is not");
  assert.ok(!(await object.held()).record.includes(old.answer.participationId));
  assert.equal(await object.count(), 2, "how often stays, for the limit");
  const again = { ...input, pass: { ...pass, ids: [oldId] }, now };
  assert.equal((await object.submit(again)).refused.code, "already_recorded", "the answer is gone, the use of the pass is not");
  await until(async () => (await object.held()).outbox.length === 0, "the statistics have confirmed what there is");
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
  for (const [participant, days] of [["long ago", 31], ["lately", 29]])
    await database.prepare("INSERT INTO erased (participant, at) VALUES (?, ?)").bind(participant, Date.now() - Number(days) * DAY).run();
  await job();
  const { results } = await database.prepare("SELECT participant FROM erased WHERE participant IN ('long ago', 'lately')").all();
  assert.deepEqual(results, [{ participant: "lately" }]);
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

test("a preview is judged like a submission, uses up nothing, and is recorded nowhere; only its number is kept", async () => {
  const { document, secrets: own, sign: signed } = customer("previewed");
  document.campaigns["100001"].optins = [{ name: "rules", required: true, wording: { en: "I accept the rules" } }];
  await worker.account(document, own);
  const token = await signed({ sub: "manager", limit: { nb: 1 } });
  const ask = { account: "previewed", campaignId: "100001", token };
  const passOf = async (/** @type {object} */ more) => (await worker.post("/v1/token/admit", { ...ask, ...more })).body.pass;
  const [tried, real] = [await passOf({ preview: true }), await passOf({})];
  const submit = (/** @type {string} */ pass, body = {}) =>
    worker.post("/v1/participations", { pass, form, optin: { rules: true }, ...body }, { "idempotency-key": random(12) });
  const refused = await submit(tried, { optin: {} });
  assert.deepEqual([refused.status, refused.body.fields], [422, [{ name: "rules", path: "/optin/rules", reason: "required", detail: "This is needed." }]]);
  for (let i = 0; i < 2; i += 1) assert.equal((await submit(tried)).body.count, 0);
  assert.equal((await submit(real)).body.count, 1, "the one participation is still to be had");
  assert.equal((await submit(real)).status, 409);
  for (const answer of [await submit(tried), await submit(real, { preview: true })]) assert.equal(answer.status, 201, "and a preview is to be had when none is left");
  const body = await worker.statisticsOnce("previewed", "100001", ({ participations, previews }) => participations + previews === 5);
  assert.deepEqual([body.participations, body.participants, body.previews, body.rows.length], [1, 1, 4, 1]);
  const { body: person } = await about("GET", "previewed", "manager");
  assert.deepEqual([person.participants[0].count, person.participants[0].participations.length], [1, 1]);
});

test("a preview uses up no token's id, and no webhook hears of it", async () => {
  const webhook = { url: "http://127.0.0.1:9/in", secret: { secret: "HOOK" } };
  const { document, secrets: own, sign: signed } = customer("unheard", { webhook });
  await worker.account(document, { ...own, HOOK: `whsec_${Buffer.alloc(32, 7).toString("base64")}` });
  const token = await signed({ sub: "tried-once", jti: "one" });
  const { pass } = (await worker.post("/v1/token/admit", { account: "unheard", campaignId: "100001", token })).body;
  const submit = (/** @type {object} */ body) => worker.post("/v1/participations", { pass, form, ...body }, { "idempotency-key": random(12) });
  const tried = await submit({ preview: true });
  assert.equal(tried.status, 201);
  const counted = await submit({});
  assert.deepEqual([counted.status, counted.body.count], [201, 1], "without a limit of its own, a token is good for one participation");
  assert.equal((await submit({})).body.code, "already_recorded");
  const { body } = await about("GET", "unheard", "tried-once");
  const owed = body.participants[0].participations.filter((/** @type {any} */ { kept }) => kept.includes("webhook"));
  assert.deepEqual(owed.map((/** @type {any} */ { id }) => id), [counted.body.participationId]);
});

test("nothing is owed to a webhook that its account has taken away", async () => {
  const webhook = { url: "http://127.0.0.1:9/in", secret: { secret: "HOOK" } };
  const { document, secrets: own, sign: signed } = customer("unhooked", { webhook });
  await worker.account(document, { ...own, HOOK: `whsec_${Buffer.alloc(32, 7).toString("base64")}` });
  const token = await signed({ sub: "owed" });
  const { pass } = (await worker.post("/v1/token/admit", { account: "unhooked", campaignId: "100001", token })).body;
  assert.equal((await worker.post("/v1/participations", { pass, form }, { "idempotency-key": random(12) })).status, 201);
  const participant = await object("PARTICIPANT", "unhooked", "100001", "", "owed");
  assert.equal((await participant.held()).webhook.length, 1);
  delete document.webhook;
  await worker.account(document);
  await until(async () => (await participant.held()).webhook.length === 0, "the next attempt finds no webhook");
});

test("the funnel counts how far people came, and the refusals have their day", async () => {
  const { document, secrets: own, sign: signed } = customer("funnel");
  await worker.account(document, own);
  await worker.get("/campaign/funnel/100001");
  for (const step of ["questions", "identityset", "identityset"])
    assert.equal((await worker.post("/v1/steps", { account: "funnel", campaignId: "100001", step })).status, 204);
  assert.equal((await worker.post("/v1/steps", { account: "funnel", campaignId: "100001", step: "exit" })).status, 400);
  const ask = async (/** @type {string} */ token) => worker.post("/v1/token/admit", { account: "funnel", campaignId: "100001", token });
  const { body } = await ask(await signed());
  await ask("x");
  const key = random(12);
  const submit = async (/** @type {object} */ more, under = key) =>
    (await worker.post("/v1/participations", { pass: body.pass, form, ...more }, { "idempotency-key": under })).status;
  assert.deepEqual([await submit({ preview: true }, random(12)), await submit({}), await submit({})], [201, 201, 201], "a preview, and a retry");
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
