// What the account gets back of a participation beside the form: who took part and by which facts, in every way out, as the
// campaign's `record` says; and the receipt that any JWT library verifies.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from "jose";
import { customer, form } from "../../support/worker/customer.mjs";
import { until } from "../../support/patience.mjs";
import { Deployment, random, root } from "../../support/worker/deployment.mjs";

const ALL = ["subject", "custom", "gift", "limit", "source", "language", "duration", "step"];
const claims = { iss: "com.customer", custom: { club: "canary-club" }, gift: { label: "canary-bike", cw: true }, limit: { nb: 2 } };
const said = { lang: "fr", duration: 42, step: "identityset", source: { kind: "tag", origin: "http://localhost:8788", path: "/win?email=canary-query#x" } };
const kept = { source: { kind: "tag", origin: "http://localhost:8788", path: "/win" }, language: "fr", duration: 42, step: "identityset", limit: { nb: 2, count: 1 } };
const everything = { subject: "canary-person", namespace: "com.customer", custom: claims.custom, gift: claims.gift, ...kept };

/** @type {Deployment} */
let worker;
/** @type {string[]} */
const heard = [];
const hook = createServer(async (request, response) => {
  let body = "";
  for await (const chunk of request) body += chunk;
  heard.push(body);
  response.end();
});

before(async () => {
  worker = await Deployment.start();
  await new Promise((resolve) => hook.listen(0, "127.0.0.1", () => resolve(undefined)));
});
after(async () => {
  hook.closeAllConnections();
  hook.close();
  await worker?.stop();
});

/** An account whose campaign records so much, and is told by webhook. @param {string} name @param {string[]} [record] @param {object} [campaign] */
async function recording(name, record, campaign = {}) {
  const { port } = /** @type {import("node:net").AddressInfo} */ (hook.address());
  const own = customer(name, { webhook: { url: `http://127.0.0.1:${port}/in`, secret: { secret: "HOOK" } } });
  Object.assign(own.document.campaigns["100001"], record && { record }, campaign);
  await worker.account(own.document, { ...own.secrets, HOOK: `whsec_${randomBytes(32).toString("base64")}` });
  return own;
}

/** @param {string} account @param {string | undefined} token @param {object} [body] @param {string} [key] */
async function play(account, token, body = said, key = random(12)) {
  const { body: admitted } = await worker.post("/v1/token/admit", { account, campaignId: "100001", token });
  const answer = await worker.post("/v1/participations", { pass: admitted.pass, form, ...body }, { "idempotency-key": key });
  assert.equal(answer.status, 201, answer.text);
  return { ...answer.body, again: () => worker.post("/v1/participations", { pass: admitted.pass, form, ...body }, { "idempotency-key": key }) };
}

/** The facts in each way out of one participation. @param {string} account @param {string} subject @param {string} id @param {Record<string, unknown>} expected */
async function everywhere(account, subject, id, expected) {
  const facts = (/** @type {Record<string, unknown>} */ row) => Object.fromEntries(["subject", "namespace", ...ALL].filter((name) => name in row).map((name) => [name, row[name]]));
  const { rows } = await worker.statistics(account, "100001", 1);
  assert.deepEqual(facts(rows[0]), expected, "JSON");
  const message = await until(() => heard.find((body) => body.includes(id)), "the webhook has heard");
  assert.deepEqual(facts(JSON.parse(message).data), expected, "webhook");
  const { body } = await worker.post(`/v1/participants/${account}/export`, { subject }, await worker.bearer());
  assert.deepEqual(facts(body.participants[0].participations[0]), expected, "export");
  const { text } = await worker.read(`/v1/statistics/${account}/100001?format=csv`);
  const [titles, cells] = text.trimEnd().split("\r\n");
  return { titles, cells, data: JSON.parse(message).data };
}

test("by default the customer's own id and the gift come back in rows, CSV, webhook and export", async () => {
  const { sign } = await recording("usual");
  const { participationId } = await play("usual", await sign({ sub: "canary-person", ...claims }));
  const { titles, cells } = await everywhere("usual", "canary-person", participationId, { subject: "canary-person", namespace: "com.customer", gift: claims.gift });
  assert.ok(titles.startsWith("id,at,technique,subject,namespace,gift.label,gift.cw,email,"), titles);
  assert.ok(cells.includes(",token,canary-person,com.customer,canary-bike,true,an@example.org,"), cells);
});

test("with everything recorded, each fact comes back; of a page neither query nor fragment", async () => {
  const { sign } = await recording("whole", ALL);
  const { participationId } = await play("whole", await sign({ sub: "canary-person", ...claims }));
  const { titles, cells } = await everywhere("whole", "canary-person", participationId, everything);
  assert.ok(titles.startsWith("id,at,technique,subject,namespace,gift.label,gift.cw,custom,limit.nb,limit.count,source.kind,source.origin,source.path,language,duration,step,email,"), titles);
  assert.ok(cells.includes(',com.customer,canary-bike,true,"{""club"":""canary-club""}",2,1,tag,http://localhost:8788,/win,fr,42,identityset,an@example.org,'), cells);
});

test("each fact is recorded by itself", async () => {
  const { namespace, ...facts } = everything;
  for (const name of /** @type {(keyof typeof facts)[]} */ (ALL)) {
    const { sign } = await recording(`only-${name}`, [name]);
    const { participationId } = await play(`only-${name}`, await sign({ sub: "canary-person", ...claims }));
    await everywhere(`only-${name}`, "canary-person", participationId, { [name]: facts[name], ...(name === "subject" && { namespace }) });
  }
});

test("with nothing recorded, nobody is named anywhere, nor on the disk of the statistics", async () => {
  const { sign } = await recording("nothing", []);
  const { participationId, receipt } = await play("nothing", await sign({ sub: "canary-person", ...claims }));
  await everywhere("nothing", "canary-person", participationId, {});
  const database = await worker.miniflare.getD1Database("STATISTICS");
  const row = await database.prepare("SELECT * FROM participation WHERE id = ?").bind(participationId).first();
  assert.doesNotMatch(JSON.stringify(row), /canary/);
  assert.ok(!("sub" in JSON.parse(Buffer.from(receipt.split(".")[1], "base64url").toString())));
});

test("a page that the account does not name is not recorded; a visitor without a name has no subject", async () => {
  await recording("open", ALL, { signIn: ["anonymous"] });
  const { receipt } = await play("open", undefined, { ...said, source: { kind: "app", origin: "https://elsewhere.example", path: "/x" } });
  const { rows } = await worker.statistics("open", "100001", 1);
  assert.deepEqual([rows[0].source, "subject" in rows[0], rows[0].technique], [{ kind: "app" }, false, "anonymous"]);
  assert.ok(!("sub" in JSON.parse(Buffer.from(receipt.split(".")[1], "base64url").toString())));
});

test("an erasure takes the facts along, in the record, the answer and the statistics; no log line has any", async () => {
  const { sign } = await recording("erased", ALL);
  const { participationId, again } = await play("erased", await sign({ sub: "canary-person", ...claims }));
  await worker.statistics("erased", "100001", 1);
  assert.equal((await worker.post("/v1/participants/erased/erase", { subject: "canary-person" }, await worker.bearer())).status, 200);
  const { text } = await worker.post("/v1/participants/erased/export", { subject: "canary-person" }, await worker.bearer());
  assert.doesNotMatch(text, /canary/);
  const database = await worker.miniflare.getD1Database("STATISTICS");
  assert.equal(await database.prepare("SELECT id FROM participation WHERE id = ?").bind(participationId).first(), null);
  assert.equal((await again()).body.code, "pass_erased", "nor does a repetition bring its receipt back");
  assert.doesNotMatch(worker.log.join(""), /canary/);
});

test("rows of the release before have no facts, and stay readable and exportable", async () => {
  const old = await Deployment.start({}, { migrate: false });
  try {
    const database = await old.miniflare.getD1Database("STATISTICS");
    const folder = join(root, "worker/migrations");
    const before = (await readdir(folder)).sort().filter((name) => name < "0003");
    for (const name of before)
      for (const statement of (await readFile(join(folder, name), "utf8")).replace(/--.*$/gm, "").split(";").filter((text) => text.trim()))
        await database.prepare(statement).run();
    await database.exec("CREATE TABLE d1_migrations (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)");
    for (const name of before) await database.prepare("INSERT INTO d1_migrations (name) VALUES (?)").bind(name).run();
    const insert = "INSERT INTO participation VALUES (?, 'usual', '100001', 'p1', ?, 'token', ?, '{}', '{}', ?, ?, 0)";
    const [id, other] = ["0f8fad5b-d9cb-469f-a165-70867728950e", "0f8fad5b-d9cb-469f-a165-70867728950f"];
    for (const [one, gift] of [[id, "null"], [other, '{"label":"A bike"}']])
      await database.prepare(insert).bind(one, Date.now(), JSON.stringify(form), gift, Date.now() + 1e9).run();
    const own = customer("usual");
    await old.account(own.document, own.secrets);
    await old.migrate();
    const { rows, participations } = (await old.read("/v1/statistics/usual/100001")).body;
    assert.deepEqual([participations, rows.map((/** @type {any} */ row) => [row.id, row.form, row.gift, "subject" in row])], [2, [[other, form, { label: "A bike" }, false], [id, form, undefined, false]]]);
    const { text } = await old.read("/v1/statistics/usual/100001?format=csv");
    assert.ok(text.split("\r\n")[1].includes(",token,,,A bike,,an@example.org,"), text);
  } finally {
    await old.stop();
  }
});

test("the receipt is verified by another library with the published keys, and says what the issue words", async () => {
  const { sign } = await recording("receipts");
  const { participationId, recordedAt, receipt, again } = await play("receipts", await sign({ sub: "canary-person", ...claims }));
  const keys = createRemoteJWKSet(new URL(`${worker.url}/.well-known/jwks.json`));
  const { payload, protectedHeader } = await jwtVerify(receipt, keys, { issuer: worker.url, audience: "receipts", typ: "participation+jwt", algorithms: ["ES256"] });
  const iat = Math.floor(Date.parse(recordedAt) / 1000);
  assert.deepEqual(payload, {
    iss: worker.url, aud: "receipts", sub: "canary-person", campaignId: "100001", participationId, gift: claims.gift, iat, exp: iat + 3600, jti: participationId,
  });
  assert.deepEqual([protectedHeader.alg, protectedHeader.kid], ["ES256", "s1"]);
  await assert.rejects(jwtVerify(receipt, keys, { audience: "another" }));
  assert.equal((await again()).body.receipt, receipt, "the same key brings the same bytes");
  const { data } = await everywhere("receipts", "canary-person", participationId, { subject: "canary-person", namespace: "com.customer", gift: claims.gift });
  assert.equal(data.receipt, receipt, "and so does the webhook");
});

test("of two submissions at once under one key, both get the one receipt", async () => {
  const { sign } = await recording("twice");
  const { body } = await worker.post("/v1/token/admit", { account: "twice", campaignId: "100001", token: await sign({ sub: "two" }) });
  const submit = () => worker.post("/v1/participations", { pass: body.pass, form }, { "idempotency-key": "the-same-key" });
  const answers = await Promise.all([submit(), submit(), submit()]);
  assert.deepEqual(new Set(answers.map(({ status, body: { receipt } }) => `${status} ${receipt}`)).size, 1);
  assert.equal(decodeProtectedHeader(answers[0].body.receipt).typ, "participation+jwt");
});
