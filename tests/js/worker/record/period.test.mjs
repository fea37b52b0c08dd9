// The start and the end of a campaign: what each route takes before, between and after, and what becomes of a play that was
// begun before the end.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { customer, form } from "../../support/worker/customer.mjs";
import { Deployment, random } from "../../support/worker/deployment.mjs";
import "../../support/patience.mjs";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** @type {Deployment} */
let worker;
const made = customer("acme");
const [base] = Object.values(made.document.campaigns);

before(async () => {
  worker = await Deployment.start();
  await worker.account(made.document, made.secrets);
});
after(() => worker.stop());

const at = (/** @type {number} */ ms) => new Date(Date.now() + ms).toISOString();
/** Writes the campaign with other settings. @param {Record<string, unknown>} settings */
async function campaign(settings) {
  const campaigns = { ...made.document.campaigns, 100001: { ...base, ...settings } };
  return worker.put("/v1/accounts/acme", { ...made.document, campaigns });
}
const admit = async (more = {}) => worker.post("/v1/token/admit", { account: "acme", campaignId: "100001", token: await made.sign({ sub: random(6) }), ...more });
const submit = (/** @type {string} */ pass, key = random(12), more = {}) => worker.post("/v1/participations", { pass, form, ...more }, { "idempotency-key": key });
/** What the page knows of the period. */
async function shown() {
  const { text } = await worker.get("/campaign/acme/100001");
  return JSON.parse(/id="campaign">(.*?)<\/script>/s.exec(text)?.[1] ?? "{}").period;
}

test("before its start a campaign takes nobody, and says when it starts", async () => {
  const starts = at(HOUR_MS);
  assert.equal((await campaign({ starts, ends: at(2 * HOUR_MS) })).status, 200);
  const { status, body } = await admit();
  assert.deepEqual([status, body.code, body.reason, body.retry], [403, "campaign_not_yet", "campaign_not_yet", "later"]);
  assert.match(body.ref, /^[0-9A-HJKMNP-TV-Z]{8}$/);
  const { body: report } = await worker.read(`/v1/refusals/${body.ref}?account=acme`);
  assert.deepEqual([report.code, report.detail.at, report.fix], ["campaign_not_yet", "/starts", "settings"]);
  const period = await shown();
  assert.deepEqual([period.phase, new Date(period.starts).toISOString().slice(0, 19)], ["not_yet", starts.slice(0, 19)]);
  assert.equal((await admit({ preview: true })).status, 200, "somebody who tries it out may");
});

test("a campaign that is open is as it was, with its times on the page", async () => {
  await campaign({ starts: at(-HOUR_MS), ends: at(HOUR_MS), timeZone: "Europe/Brussels" });
  const { body } = await admit();
  assert.equal((await submit(body.pass)).status, 201);
  assert.deepEqual([(await shown()).phase, (await shown()).timeZone], ["open", "Europe/Brussels"]);
  await campaign({});
  assert.deepEqual([(await shown()).phase, (await shown()).starts], ["open", undefined], "without times it is open");
});

test("a play that began before the end may be finished for fifteen minutes, and nobody new comes in", async () => {
  await campaign({});
  const [one, two] = [(await admit()).body.pass, (await admit()).body.pass];
  await campaign({ ends: at(-14 * MINUTE_MS) });
  const { status, body } = await admit();
  assert.deepEqual([status, body.code, body.retry], [403, "campaign_over", "no"]);
  assert.equal((await shown()).phase, "closing");
  const key = random(12);
  const recorded = await submit(one, key);
  assert.equal(recorded.status, 201);

  await campaign({ ends: at(-15 * MINUTE_MS - 1000) });
  const late = await submit(two);
  assert.deepEqual([late.status, late.body.code, late.body.reason], [403, "campaign_over", "campaign_over"]);
  assert.equal((await shown()).phase, "over");
  assert.deepEqual((await submit(one, key)).body, recorded.body, "what was recorded is answered the same, as long as it is asked");
  await campaign({ ends: at(HOUR_MS) });
  assert.equal((await submit(two)).status, 201, "once the end is moved, the pass is good again");
});

test("a wall time counts on the clocks of the zone, and a day up to its midnight", async () => {
  // Kiritimati is 14 hours ahead of UTC, Pago Pago 11 behind.
  const wall = (/** @type {number} */ ms, hours = 0) => new Date(Date.now() + ms + hours * HOUR_MS).toISOString().slice(0, 16);
  const phase = async (/** @type {Record<string, unknown>} */ settings) => {
    assert.equal((await campaign(settings)).status, 200, JSON.stringify(settings));
    return (await shown()).phase;
  };
  assert.equal(await phase({ timeZone: "Pacific/Kiritimati", starts: wall(-HOUR_MS, 14) }), "open");
  assert.equal(await phase({ timeZone: "Pacific/Kiritimati", starts: wall(HOUR_MS, 14) }), "not_yet");
  assert.equal(await phase({ timeZone: "Pacific/Pago_Pago", ends: wall(HOUR_MS, -11) }), "open");
  assert.equal(await phase({ timeZone: "Pacific/Pago_Pago", ends: wall(-HOUR_MS, -11) }), "over");
  const today = wall(0, 14).slice(0, 10);
  assert.equal(await phase({ timeZone: "Pacific/Kiritimati", starts: today, ends: today }), "open", "one day, from its first second to its last");
});

test("a zone that nobody knows and an end before the start are refused with their place", async () => {
  const faults = async (/** @type {Record<string, unknown>} */ settings) => {
    const { status, body } = await campaign(settings);
    return [status, ...body.faults.map((/** @type {any} */ { path, code }) => `${path} ${code}`)];
  };
  assert.deepEqual(await faults({ timeZone: "Europe/Brusels" }), [422, "/campaigns/100001/timeZone settings_invalid"]);
  assert.deepEqual(await faults({ starts: "2026-12-02", ends: "2026-12-01" }), [422, "/campaigns/100001/ends settings_invalid"]);
  assert.deepEqual(await faults({ starts: "2026-12-01T09:00+01:00", ends: "2026-12-01T08:00Z" }), [422, "/campaigns/100001/ends settings_invalid"], "the same moment");
  // On the clocks of the zone half past two comes once more: an hour of play.
  assert.equal((await campaign({ timeZone: "Europe/Brussels", starts: "2026-10-25T02:30", ends: "2026-10-25T01:30Z" })).status, 200);
});
