// What the release of commit 0ec1b43 stored, found by this one: accounts, clients, passes and participations go on, and those of
// before count for the limits of a day and a week.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { spansOf } from "../../../../worker/src/platform/calendar.js";
import { form } from "../../support/worker/customer.mjs";
import { Deployment, random, root } from "../../support/worker/deployment.mjs";
import { oauth } from "../../support/worker/package.mjs";
import { storedBefore } from "../../support/worker/stored_before.mjs";
import "../../support/patience.mjs";

const CAMPAIGN = "100001";
const recorded = JSON.parse(await readFile(join(root, "tests/vectors/releases/campaigns-0ec1b43.json"), "utf8"));
const { operator, client, vars, once, twice, unused } = recorded;
const ring = JSON.parse(vars.RING);
/** @type {Deployment} */ let worker;
/** @type {Record<string, string>} */ let headers;

before(async () => {
  worker = await Deployment.start(vars, { stored: (stateDir) => storedBefore(stateDir, recorded) });
  worker.secrets.vars.NAME_KEY = vars.NAME_KEY;
  headers = { authorization: `Bearer ${(await worker.accessToken(operator)).body.access_token}` };
});
after(() => worker.stop());

const get = (/** @type {string} */ path) => worker.get(path, { headers });
const send = (/** @type {string} */ pass, key = random(12)) => worker.post("/v1/participations", { pass, form }, { "idempotency-key": key });
/** A pass of before as if it had been given just now: of two hours ago it would have ended. @param {string} pass */
function anew(pass) {
  const [account, sealed] = pass.split(":");
  const now = Math.floor(Date.now() / 1000);
  return `${account}:${oauth.sealPass(ring, { ...oauth.openPass(ring, account, sealed, { expired: true }), issuedAt: now, expiresAt: now + 7200 })}`;
}

test("an account of before is listed, read and written, and its versions have no author until they do", async () => {
  const { body: list } = await get("/v1/accounts");
  assert.deepEqual(list.accounts.map((/** @type {any} */ { account, version, endsAt }) => [account, version, endsAt]), [["before", 2, undefined]]);
  const { body: kept } = await get("/v1/accounts/before");
  assert.deepEqual(kept.document, recorded.document);
  const { body: none } = await get("/v1/accounts/before/audit");
  assert.deepEqual([none.entries, none.next], [[], null]);
  const { body: clients } = await get("/v1/accounts/before/clients");
  assert.deepEqual(clients.clients.map((/** @type {any} */ { clientId, scope }) => [clientId, scope]), [[client.clientId, client.scope]]);
  const back = await worker.post("/v1/accounts/before/rollback", { version: 1, reason: "as it was" }, headers);
  assert.equal(back.status, 200, back.text);
  const { body: versions } = await get("/v1/accounts/before/versions");
  assert.deepEqual(versions.versions.map((/** @type {any} */ { version, author, reason }) => [version, author?.id, reason]), [[3, "operator", "as it was"], [2, undefined, undefined], [1, undefined, undefined]]);
  const own = await worker.accessToken({ clientId: client.clientId, secret: client.clientSecret });
  assert.deepEqual([own.status, own.body.scope], [200, client.scope], "a client of before is one");
});

test("a campaign of before has no period, no cap and no limit but its own, and is as it was", async () => {
  const { text } = await worker.get(`/campaign/before/${CAMPAIGN}`);
  const page = JSON.parse(/id="campaign">(.*?)<\/script>/s.exec(text)?.[1] ?? "{}");
  assert.deepEqual([page.period.phase, page.period.starts, page.period.ends, page.full], ["open", undefined, undefined, false]);
  const played = await send(anew(unused));
  assert.deepEqual([played.status, played.body.count], [201, 1], "a pass of before is good");
});

test("a submission of before is answered the same, and a token that was used is used", async () => {
  const again = await send(once.pass, once.key);
  assert.deepEqual([again.status, again.body], [201, once.answer]);
  const more = await send(anew(once.pass));
  assert.deepEqual([more.status, more.body.code], [409, "already_recorded"]);
});

test("participations of before count for the day and the week in which they were, previews do not", async () => {
  const participant = await worker.object("PARTICIPANT", "before", CAMPAIGN, "", "bo");
  const at = Math.max(...twice.map((/** @type {any} */ { answer }) => Date.parse(answer.recordedAt)));
  const { day, week } = spansOf(at, "UTC");
  const since = { day: day.starts, week: week.starts };
  const reason = async (/** @type {object} */ campaign) => (await participant.judge({ campaign, signedIn: false, since })).reason;
  assert.deepEqual([await reason({ day: 2 }), await reason({ day: 3 }), await reason({ week: 2 }), await reason({ week: 3 })], ["day_reached", undefined, "week_reached", undefined]);
  const later = { day: day.ends, week: week.ends };
  assert.equal((await participant.judge({ campaign: { day: 1, week: 1 }, signedIn: false, since: later })).reason, undefined);
  assert.equal(await participant.count(), 2);
});

test("somebody of before is exported and erased, with all that this release has added", async () => {
  const { body } = await worker.post("/v1/participants/before/export", { subject: "bo" }, headers);
  assert.deepEqual(body.participants.map((/** @type {any} */ { count, participations }) => [count, participations.length]), [[2, 3]]);
  assert.equal((await worker.post("/v1/participants/before/erase", { subject: "bo" }, headers)).body.erased.record, 3);
  const participant = await worker.object("PARTICIPANT", "before", CAMPAIGN, "", "bo");
  assert.equal((await participant.judge({ campaign: { day: 1, week: 1 }, signedIn: false, since: { day: 0, week: 0 } })).reason, undefined);
  const { body: audited } = await get("/v1/accounts/before/audit");
  assert.deepEqual(audited.entries.slice(0, 2).map((/** @type {any} */ { action }) => action), ["eraseBySubject", "exportBySubject"]);
});
