// Limits of a day and a week in the campaign's calendar, beside those of the customer and the campaign's total.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { spansOf } from "../../../../worker/src/platform/calendar.js";
import { customer, form } from "../../support/worker/customer.mjs";
import { Deployment, random } from "../../support/worker/deployment.mjs";
import "../../support/patience.mjs";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const ZONE = "Europe/Brussels";
/** @type {Deployment} */
let worker;

before(async () => {
  worker = await Deployment.start();
});
after(() => worker.stop());

/** An account whose campaign has these limits. @param {string} name @param {Record<string, unknown>} campaign */
async function account(name, campaign) {
  const made = customer(name);
  made.document.campaigns["100001"] = { ...made.document.campaigns["100001"], timeZone: ZONE, ...campaign };
  await worker.account(made.document, made.secrets);
  const play = async (claims = {}) => {
    const { body } = await worker.post("/v1/token/admit", { account: name, campaignId: "100001", token: await made.sign({ sub: "an", jti: random(8), ...claims }) });
    if (!body.pass) return body;
    return (await worker.post("/v1/participations", { pass: body.pass, form }, { "idempotency-key": random(12) })).body;
  };
  return { made, play };
}

test("a day's limit refuses until the next day, and says when that begins", async () => {
  const { made, play } = await account("day", { limit: { day: 2 } });
  assert.deepEqual([(await play()).count, (await play()).count], [1, 2]);
  const { admission, pass, ref } = await play();
  assert.deepEqual([admission.decision, admission.reason, pass], ["refused", "day_reached", null]);
  assert.equal(admission.again, new Date(spansOf(Date.now(), ZONE).day.ends).toISOString());
  const { body: report } = await worker.read(`/v1/refusals/${ref}?account=day`);
  assert.deepEqual([report.code, report.detail.at], ["day_reached", "/limit/day"]);
  assert.equal((await play({ sub: "somebody else" })).count, 1);

  // Passes that were given before the limit was reached are refused as well.
  const passes = await Promise.all([1, 2, 3].map(async () => (await worker.post("/v1/token/admit", { account: "day", campaignId: "100001", token: await made.sign({ sub: "jo", jti: random(8) }) })).body.pass));
  const answers = await Promise.all(passes.map((each) => worker.post("/v1/participations", { pass: each, form }, { "idempotency-key": random(12) })));
  assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 201, 409]);
  const [late] = answers.filter(({ status }) => status === 409);
  assert.deepEqual([late.body.code, late.body.reason, late.body.retry], ["day_reached", "day_reached", "later"]);
});

test("a week's limit speaks before the day's, and the strictest of all limits counts", async () => {
  const { play } = await account("week", { limit: { day: 1, week: 1, total: 5 } });
  assert.equal((await play({ limit: { nb: 9 } })).count, 1);
  const { admission } = await play({ limit: { nb: 9 } });
  assert.deepEqual([admission.reason, admission.again], ["week_reached", new Date(spansOf(Date.now(), ZONE).week.ends).toISOString()]);
  assert.equal((await play({ limit: { nb: 1 } })).admission.reason, "quota_reached", "a token's own limit does not end with the week");
  assert.equal((await play({ limit: { canPlay: false } })).admission.reason, "not_allowed");

  const strict = await account("stricter", { limit: { day: 3, total: 2 } });
  assert.deepEqual([(await strict.play({ limit: { nb: 9 } })).count, (await strict.play({ limit: { nb: 9 } })).count, (await strict.play({ limit: { nb: 9 } })).admission.reason], [1, 2, "quota_reached"]);
  const off = await account("off", { limits: "off", limit: { day: 1 } });
  assert.deepEqual([(await off.play()).count, (await off.play()).count], [1, 2]);
});

/** A submission to the record itself, at a time of choice. @param {any} participant @param {number} now @param {Record<string, unknown>} campaign */
function submitAt(participant, now, campaign) {
  const { day, week } = spansOf(now, ZONE);
  const submission = { account: "clock", campaignId: "100001", technique: "token", form, optin: {}, answers: {} };
  const limits = { campaign, signedIn: false, since: { day: day.starts, week: week.starts } };
  return participant.submit({ key: random(8), hash: "h", pass: { ids: [random(8)], expiresAt: 4_000_000_000 }, limits, revoked: null, faults: [], retainMs: 90 * DAY_MS, person: null, now, submission, webhook: false });
}
/** @param {any} participant @param {string} moment @param {Record<string, unknown>} campaign */
const told = async (participant, moment, campaign) => {
  const { refused, answer } = await submitAt(participant, Date.parse(moment), campaign);
  return refused?.code ?? answer.count;
};

test("a new day begins at midnight of the zone, on the days of 23 and 25 hours as well", async () => {
  const participant = await worker.object("PARTICIPANT", "clock", "100001", "n", "days");
  const at = (/** @type {string} */ moment) => told(participant, moment, { day: 1 });
  assert.equal(await at("2027-03-27T22:59:59Z"), 1);
  assert.equal(await at("2027-03-27T23:00:00Z"), 2, "Sunday, 28 March");
  assert.equal(await at("2027-03-28T21:59:59Z"), "day_reached", "its 23rd hour");
  assert.equal(await at("2027-03-28T22:00:00Z"), 3, "Monday");
  assert.equal(await at("2027-10-30T22:00:00Z"), 4, "Sunday, 31 October");
  assert.equal(await at("2027-10-31T22:59:59Z"), "day_reached", "its 25th hour");
  assert.equal(await at("2027-10-31T23:00:00Z"), 5);
});

test("a new week begins on Monday, and what was played in the one before is forgotten after nine days", async () => {
  const participant = await worker.object("PARTICIPANT", "clock", "100001", "n", "weeks");
  const at = (/** @type {string} */ moment) => told(participant, moment, { week: 2, day: 1 });
  assert.deepEqual([await at("2027-03-22T10:00:00Z"), await at("2027-03-22T11:00:00Z"), await at("2027-03-28T10:00:00Z")], [1, "day_reached", 2]);
  assert.equal(await at("2027-03-28T21:59:59Z"), "week_reached");
  assert.equal(await at("2027-03-28T22:00:00Z"), 3, "Monday, after a night of 23 hours");
  assert.equal(await participant.count(), 3);
});

test("erased participations count for no day, and those that retention took still do", async () => {
  const participant = await worker.object("PARTICIPANT", "clock", "100001", "n", "gone");
  const now = Date.now();
  const { answer } = await submitAt(participant, now, { week: 1 });
  await participant.forget([answer.participationId]);
  assert.equal((await submitAt(participant, now + HOUR_MS / 60, { week: 1 })).refused?.code, "week_reached");
  await participant.erase();
  assert.equal((await submitAt(participant, now + HOUR_MS / 30, { week: 1 })).answer?.count, 1);
});
