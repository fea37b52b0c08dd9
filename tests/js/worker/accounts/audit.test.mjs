// What was done to an account, by whom and when: the audit list, the author and reason of a version, the list of clients, and
// the end of a secret.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { until } from "../../support/patience.mjs";
import { customer } from "../../support/worker/customer.mjs";
import { call, Deployment } from "../../support/worker/deployment.mjs";

const DAY_MS = 86_400_000;
/** @type {Deployment} */
let worker;
const { document, secrets } = customer("acme");
/** @type {{ id: string, headers: Record<string, string> }} */
let own;

before(async () => {
  worker = await Deployment.start();
  await worker.account(document, secrets);
  const { body } = await worker.post("/v1/accounts/acme/clients", { scope: "accounts participants" }, await worker.bearer());
  const { body: token } = await worker.accessToken({ clientId: body.clientId, secret: body.clientSecret });
  own = { id: body.clientId, headers: { authorization: `Bearer ${token.access_token}`, "content-type": "application/json" } };
});
after(() => worker.stop());

/** As the account's own client. @param {string} method @param {string} path @param {unknown} [body] */
const as = (method, path, body) => call(`${worker.url}/v1/accounts/acme${path}`, { method, headers: own.headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
const audit = async (query = "") => (await worker.read(`/v1/accounts/acme/audit${query}`)).body;

test("every change is in the list with who made it, newest first, and a change that is refused is not", async () => {
  const changed = { ...document, campaigns: { ...document.campaigns, more: { fields: [] } } };
  assert.equal((await as("PUT", "?reason=one%20more%20campaign", changed)).status, 200);
  assert.equal((await as("PUT", "?reason=the%20same", changed)).body.changed, false);
  assert.equal((await as("PUT", "", { ...document, origin: [] })).status, 422);
  assert.equal((await as("POST", "/rollback", { version: 1, reason: "no more campaign" })).status, 200);
  assert.equal((await as("POST", "/rollback", { version: 2 })).status, 200);
  assert.equal((await as("PUT", "/secrets/SPARE", { value: "a spare key of more than thirty-two bytes", purpose: "verify" })).status, 204);
  assert.equal((await as("DELETE", "/secrets/SPARE")).status, 204);
  const { body: made } = await as("POST", "/clients", { scope: "accounts:read" });
  assert.equal((await as("DELETE", `/clients/${made.clientId}`)).status, 204);
  const who = { subject: "canary-subject" };
  for (const what of ["export", "erase"]) assert.equal((await call(`${worker.url}/v1/participants/acme/${what}`, { method: "POST", headers: own.headers, body: JSON.stringify(who) })).status, 200);

  const { entries, next } = await audit();
  const client = { kind: "client", id: own.id };
  const operator = { kind: "operator", id: "operator" };
  const told = entries.map((/** @type {any} */ { id: _id, at: _at, ...entry }) => entry);
  assert.deepEqual(told.slice(0, 9), [
    { actor: client, action: "eraseBySubject" },
    { actor: client, action: "exportBySubject" },
    { actor: client, action: "deleteClient", about: made.clientId },
    { actor: client, action: "createClient", about: `${made.clientId} for accounts:read` },
    { actor: client, action: "deleteSecret", about: "SPARE" },
    { actor: client, action: "putSecret", about: "SPARE" },
    { actor: client, action: "rollBack", about: "version 4", reason: "as version 2" },
    { actor: client, action: "rollBack", about: "version 3", reason: "no more campaign" },
    { actor: client, action: "putAccount", about: "version 2", reason: "one more campaign" },
  ]);
  assert.deepEqual(told[9], { actor: operator, action: "createClient", about: `${own.id} for accounts participants` });
  assert.deepEqual(told[10], { actor: operator, action: "putAccount", about: "version 1" });
  assert.deepEqual([next, JSON.stringify(entries).includes("canary")], [null, false], "nothing says whose data it was");

  const { body } = await worker.read("/v1/accounts/acme/versions");
  assert.deepEqual(body.versions.map((/** @type {any} */ { at: _at, ...version }) => version), [
    { version: 4, author: client, reason: "as version 2" },
    { version: 3, author: client, reason: "no more campaign" },
    { version: 2, author: client, reason: "one more campaign" },
    { version: 1, author: operator },
  ]);
});

test("the list is read a page at a time, and a reason is one line of at most 200 characters", async () => {
  const { entries: all } = await audit("?limit=1000");
  const seen = [];
  for (let query = "?limit=4"; query; ) {
    const { entries, next } = await audit(query);
    seen.push(...entries);
    query = next === null ? "" : `?limit=4&before=${next}`;
  }
  assert.deepEqual(seen, all);
  for (const reason of ["x".repeat(201), "two%0Alines"]) {
    const { status, body } = await as("PUT", `?reason=${reason}`, document);
    assert.deepEqual([status, body.code, body.at], [400, "query_invalid", "reason"]);
  }
  assert.equal((await as("POST", "/rollback", { version: 1, reason: "" })).body.at, "/reason");
});

test("an entry cannot be taken away, and goes after 400 days", async () => {
  for (const method of ["DELETE", "PUT", "POST"]) assert.equal((await as(method, "/audit", {})).status, 405, method);
  const object = await worker.accountObject("acme");
  const [newest] = await object.audited({ limit: 1 }, Date.now());
  const { at } = newest;
  assert.deepEqual([(await object.audited({ limit: 1 }, at + 400 * DAY_MS - 1)).length, (await object.audited({ limit: 1 }, at + 400 * DAY_MS)).length], [1, 0]);
  const change = { actor: { kind: "person", id: "an@example.org" }, action: "putAccount" };
  await object.note(change, Date.now() - 400 * DAY_MS - 1);
  await until(async () => (await object.audited({ limit: 1 }, 0))[0].actor.kind !== "person", "its alarm has deleted what is too old");
});

test("the clients of an account are listed without their secrets", async () => {
  const { status, body, text } = await worker.read("/v1/accounts/acme/clients");
  assert.equal(status, 200);
  assert.deepEqual(body.clients.map((/** @type {any} */ { at: _at, ...client }) => client), [{ clientId: own.id, scope: "accounts participants" }]);
  assert.ok(!/hash|secret/i.test(text), text);
  assert.deepEqual((await worker.read("/v1/accounts/nobody/clients")).body.clients, []);
});

test("a secret is deleted unless the document in force names it", async () => {
  const used = await as("DELETE", "/secrets/TOKEN_KEY");
  assert.deepEqual([used.status, used.body.code, used.body.at], [409, "secret_in_use", "/secureToken/verify/0/key"]);
  const none = await as("DELETE", "/secrets/NONE");
  assert.deepEqual([none.status, none.body.code], [404, "secret_unknown"]);
  const { secureToken: _token, ...without } = document;
  const open = Object.fromEntries(Object.keys(document.campaigns).map((id) => [id, { signIn: ["anonymous"], fields: [] }]));
  assert.equal((await as("PUT", "", { ...without, campaigns: open })).status, 200);
  assert.equal((await as("DELETE", "/secrets/TOKEN_KEY")).status, 204);
  const back = await as("POST", "/rollback", { version: 1 });
  assert.deepEqual([back.status, back.body.faults[0].code], [422, "secret_unknown"], "an older version that names it says so");
});
