// The life of accounts: which there are, the end of one with its time of grace, the way back, and what is taken along.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { pause, until } from "../../support/patience.mjs";
import { customer, form } from "../../support/worker/customer.mjs";
import { call, Deployment, random } from "../../support/worker/deployment.mjs";

const DAY_MS = 86_400_000;
const CAMPAIGN = "100001";
/** @type {Deployment} */
let worker;

before(async () => {
  worker = await Deployment.start();
});
after(() => worker.stop());

/** @param {string} name @param {Record<string, unknown>} [settings] of its campaign */
async function account(name, settings = {}) {
  const made = customer(name);
  made.document.campaigns[CAMPAIGN] = { ...made.document.campaigns[CAMPAIGN], ...settings };
  await worker.account(made.document, made.secrets);
  const admit = async (sub = random(6)) => worker.post("/v1/token/admit", { account: name, campaignId: CAMPAIGN, token: await made.sign({ sub, jti: random(6) }) });
  const submit = (/** @type {string} */ pass) => worker.post("/v1/participations", { pass, form }, { "idempotency-key": random(12) });
  const client = async (/** @type {string} */ scope) => {
    const { body } = await worker.post(`/v1/accounts/${name}/clients`, { scope }, await worker.bearer());
    const granted = await worker.accessToken({ clientId: body.clientId, secret: body.clientSecret });
    return { id: body.clientId, headers: { authorization: `Bearer ${granted.body.access_token}` } };
  };
  return { ...made, admit, submit, client };
}
/** As an operator. @param {string} method @param {string} path */
const as = async (method, path) => call(worker.url + path, { method, headers: await worker.bearer() });
const job = async () => (await worker.miniflare.getWorker()).scheduled({ cron: "23 * * * *" });

test("operators list the accounts a page at a time, and nobody else does", async () => {
  for (const name of ["b-shop", "a-shop", "c-shop"]) await account(name);
  assert.equal((await worker.put("/v1/accounts/d-shop/secrets/ONLY", { value: "a secret without a document, yet" })).status, 204);
  const first = await as("GET", "/v1/accounts?limit=2");
  assert.deepEqual(first.body.accounts.map((/** @type {any} */ { account: name, version }) => `${name} ${version}`), ["a-shop 1", "b-shop 1"]);
  assert.equal(first.body.next, "b-shop");
  const { body } = await as("GET", `/v1/accounts?limit=2&after=${first.body.next}`);
  assert.deepEqual(body.accounts.map((/** @type {any} */ { account: name, version }) => `${name} ${version}`), ["c-shop 1", "d-shop 0"]);
  assert.equal(body.next, null);
  const { client } = await account("a-shop");
  assert.equal((await call(`${worker.url}/v1/accounts`, { headers: (await client("accounts")).headers })).status, 403);
  assert.equal((await worker.get("/v1/accounts")).status, 401);
});

test("an account that is to end takes nothing, can be read and exported, and is restored as it was", async () => {
  const { admit, submit, client, document } = await account("leaving");
  const { pass } = (await admit()).body;
  assert.equal((await submit((await admit("an")).body.pass)).status, 201);
  await worker.statistics("leaving", CAMPAIGN, 1);
  const own = await client("accounts statistics");
  const part = await client("clients");
  assert.equal((await call(`${worker.url}/v1/accounts/leaving`, { method: "DELETE", headers: part.headers })).status, 403, "it takes all of the scope");

  const gone = await call(`${worker.url}/v1/accounts/leaving?reason=the%20contract%20ends`, { method: "DELETE", headers: own.headers });
  const days = (Date.parse(gone.body.endsAt) - Date.now()) / DAY_MS;
  assert.ok(gone.status === 202 && days > 29.9 && days <= 30, gone.text);
  assert.deepEqual((await as("DELETE", "/v1/accounts/leaving")).body, gone.body, "said again, nothing changes");
  const refused = [await admit(), await submit(pass), await worker.get(`/campaign/leaving/${CAMPAIGN}`, { headers: { accept: "text/html" } }), await worker.post("/v1/accounts/leaving/connection-links", {}, own.headers)];
  assert.deepEqual(refused.map(({ status }) => status), [404, 404, 404, 404]);
  assert.match(refused[2].text, /does not exist or has ended/);
  const written = await worker.put("/v1/accounts/leaving", { ...document, campaigns: {} });
  assert.deepEqual([written.status, written.body.code], [409, "account_ending"]);
  const { body: kept } = await as("GET", "/v1/accounts/leaving");
  assert.deepEqual([kept.version, kept.endsAt], [1, gone.body.endsAt]);
  const { body: list } = await as("GET", "/v1/accounts?after=la");
  assert.equal(list.accounts[0].endsAt, gone.body.endsAt);

  const exported = await fetch(`${worker.url}/v1/accounts/leaving/export`, { headers: own.headers });
  const text = await exported.text();
  const { status, headers } = exported;
  assert.deepEqual([status, headers.get("content-type")], [200, "application/x-ndjson"]);
  const lines = text.trim().split("\n").map((line) => JSON.parse(line));
  const of = (/** @type {string} */ kind) => lines.filter((line) => line.kind === kind);
  assert.deepEqual([of("account").length, of("version").length, of("client").length, of("participation").length], [1, 1, 2, 1]);
  assert.deepEqual(of("secret").map(({ name }) => name), ["OIDC_CLIENT", "TOKEN_KEY"]);
  assert.deepEqual([of("version")[0].document.account, of("participation")[0].form, of("participation")[0].campaignId], ["leaving", form, CAMPAIGN]);
  assert.deepEqual(of("audit").slice(0, 2).map(({ action, actor, reason }) => [action, actor.id, reason]), [["exportAccount", own.id, undefined], ["deleteAccount", own.id, "the contract ends"]]);
  assert.ok(!/"hash"|wrapped/.test(text), "no secret");
  const without = await (await fetch(`${worker.url}/v1/accounts/leaving/export`, { headers: (await client("accounts:read")).headers })).text();
  assert.deepEqual([without.includes('"participation"'), without.includes('"version"')], [false, true], "participations are for those who may read the statistics");

  await job();
  const writer = await client("accounts:write");
  for (const { headers } of [part, writer])
    assert.equal((await call(`${worker.url}/v1/accounts/leaving/restore`, { method: "POST", headers })).body.code, "scope_missing", "the way back takes what the end takes");
  const back = await call(`${worker.url}/v1/accounts/leaving/restore`, { method: "POST", headers: own.headers });
  assert.deepEqual([back.status, back.body.version], [200, 1], back.text);
  await until(async () => (await admit()).status === 200, "the copies of the isolates are gone");
  assert.equal((await submit(pass)).status, 201, "a pass from before is good");
  assert.equal((await call(`${worker.url}/v1/accounts/leaving/restore`, { method: "POST", headers: own.headers })).status, 404);
  await job();
  assert.equal((await as("GET", "/v1/accounts/leaving")).body.endsAt, undefined);
});

test("after its time of grace everything of an account is deleted, and its name is free thirty days later", async () => {
  const { admit, submit, client, document, secrets } = await account("ending", { cap: 10 });
  const other = await account("staying");
  const { pass } = (await admit("late")).body;
  for (const sub of ["an", "bo"]) assert.equal((await submit((await admit(sub)).body.pass)).status, 201);
  assert.equal((await other.submit((await other.admit()).body.pass)).status, 201);
  await Promise.all([worker.statistics("ending", CAMPAIGN, 2), worker.statistics("staying", CAMPAIGN, 1)]);
  const own = await client("accounts");
  assert.equal((await as("DELETE", "/v1/accounts/ending")).status, 202);
  // As it is in thirty days.
  const [object, operators] = [await worker.accountObject("ending"), await worker.accountObject("*")];
  const change = { actor: { kind: "operator", id: "operator" }, action: "restoreAccount" };
  await object.restore(Date.now(), change);
  await object.beginEnd(Date.now() - 1000, Date.now(), { ...change, action: "deleteAccount" });
  await operators.noteEnding("ending", Date.now() - 1000);
  await job();

  assert.deepEqual([(await as("GET", "/v1/accounts/ending")).status, (await as("GET", "/v1/accounts/ending/secrets")).body.secrets, (await as("GET", "/v1/accounts/ending/clients")).body.clients], [404, [], []]);
  assert.equal((await call(`${worker.url}/v1/accounts/ending`, { headers: own.headers })).status, 401, "its client has ended");
  assert.ok(!(await as("GET", "/v1/accounts?limit=200")).body.accounts.some((/** @type {any} */ { account: name }) => name === "ending"));
  const { body } = await as("GET", "/v1/accounts/ending/audit");
  assert.equal(body.entries[0].action, "deleteAccount", "who ended it is known for 400 days");
  const database = await worker.miniflare.getD1Database("STATISTICS");
  const rows = async () => (await database.prepare("SELECT account, COUNT(*) AS n FROM participation GROUP BY account ORDER BY account").all()).results.map((row) => `${row.account} ${row.n}`);
  assert.ok(!(await rows()).some((row) => row.startsWith("ending")), String(await rows()));
  assert.ok((await rows()).includes("staying 1"));
  const participant = await worker.object("PARTICIPANT", "ending", CAMPAIGN, "", "an");
  assert.deepEqual([await participant.count(), Number(await (await worker.object("COUNTER", "ending", CAMPAIGN)).taken())], [0, 0]);

  const taken = await worker.put("/v1/accounts/ending", { account: "ending" });
  assert.deepEqual([taken.status, taken.body.code], [409, "account_ending"]);
  // A row that was under way arrives later, and is found by the next hour's job.
  await database.prepare("INSERT INTO participation (id, account, campaign, participant, recorded_at, technique, form, optin, answers, gift, retain_until, preview) SELECT 'late', 'ending', campaign, participant, recorded_at, technique, form, optin, answers, gift, retain_until, preview FROM participation WHERE account = 'staying'").run();
  await job();
  assert.ok(!(await rows()).some((row) => row.startsWith("ending")));
  assert.equal((await submit(pass)).status, 404);

  assert.deepEqual([(await operators.isNameTaken("ending", Date.now() + 29 * DAY_MS)), (await operators.isNameTaken("ending", Date.now() + 31 * DAY_MS))], [true, false]);
  await operators.dueEndings(Date.now() + 31 * DAY_MS);
  await worker.account(document, secrets);
  const heir = await client("accounts:read");
  const seen = async (/** @type {Record<string, string>} */ headers) => (await call(`${worker.url}/v1/accounts/ending/audit`, { headers })).body.entries.map((/** @type {any} */ { action }) => action);
  assert.ok((await seen(await worker.bearer())).includes("deleteAccount"));
  assert.ok(!(await seen(heir.headers)).includes("deleteAccount") && (await seen(heir.headers)).includes("putAccount"), "the next customer of the name reads its own list alone");
  const along = await (await fetch(`${worker.url}/v1/accounts/ending/export`, { headers: heir.headers })).text();
  assert.ok(!along.includes("deleteAccount"), "and takes no other along");
  // Passes are dated to the second, and those of the second of an erasure are refused.
  await pause(1000 - (Date.now() % 1000));
  const { body: again } = await admit("an");
  assert.equal((await submit(again.pass)).body.count, 1, "nobody of before is known");
});

test("an end that operators began is theirs to take back, and an account without a document can end as well", async () => {
  const { client } = await account("unpaid");
  const own = await client("accounts");
  assert.equal((await as("DELETE", "/v1/accounts/unpaid")).status, 202);
  const { status, body } = await call(`${worker.url}/v1/accounts/unpaid/restore`, { method: "POST", headers: own.headers });
  assert.deepEqual([status, body.code], [403, "scope_missing"]);
  assert.equal((await as("POST", "/v1/accounts/unpaid/restore")).status, 200);
  assert.equal((await call(`${worker.url}/v1/accounts/unpaid`, { method: "DELETE", headers: own.headers })).status, 202);
  assert.equal((await call(`${worker.url}/v1/accounts/unpaid/restore`, { method: "POST", headers: own.headers })).status, 200, "its own, it takes back itself");

  assert.equal((await worker.put("/v1/accounts/bare/secrets/ONLY", { value: "a secret without a document, yet" })).status, 204);
  assert.equal((await as("DELETE", "/v1/accounts/bare")).status, 202);
  assert.deepEqual((await as("POST", "/v1/accounts/bare/restore")).body, { account: "bare", version: 0 });
});

test("an end that was noted and never began, or began for later, deletes nothing", async () => {
  const { admit } = await account("noted");
  const operators = await worker.accountObject("*");
  await operators.noteEnding("noted", Date.now() - 1000);
  await job();
  assert.equal((await admit()).status, 200);
  assert.deepEqual((await operators.dueEndings(Date.now() + DAY_MS)).filter((/** @type {any} */ { account: name }) => name === "noted").length, 0);
  assert.equal((await as("DELETE", "/v1/accounts/noted")).status, 202);
  await operators.noteEnding("noted", Date.now() - 1000);
  await job();
  assert.equal((await as("GET", "/v1/accounts/noted")).status, 200);
  assert.equal((await as("DELETE", "/v1/accounts/nobody")).status, 404);
});
