// Days, weeks and wall times of a zone, on the days on which its clocks go forward and back.

import assert from "node:assert/strict";
import { test } from "node:test";
import { isZone, momentOf, spansOf } from "../../../../worker/src/platform/calendar.js";
import "../../support/patience.mjs";

const HOUR_MS = 3_600_000;
const iso = (/** @type {number} */ moment) => new Date(moment).toISOString();
/** @param {string} moment @param {string} zone */
function spans(moment, zone) {
  const { day, week } = spansOf(Date.parse(moment), zone);
  return [day.starts, day.ends, week.starts, week.ends].map(iso);
}

test("a day of Brussels has 24 hours, but 23 in March and 25 in October", () => {
  const hours = (/** @type {string} */ moment) => {
    const { day } = spansOf(Date.parse(moment), "Europe/Brussels");
    return [iso(day.starts), (day.ends - day.starts) / HOUR_MS];
  };
  assert.deepEqual(hours("2026-12-01T09:00:00Z"), ["2026-11-30T23:00:00.000Z", 24]);
  assert.deepEqual(hours("2026-03-29T12:00:00Z"), ["2026-03-28T23:00:00.000Z", 23]);
  assert.deepEqual(hours("2026-10-25T12:00:00Z"), ["2026-10-24T22:00:00.000Z", 25]);
});

test("each moment of a day that is shorter or longer lies in the same day, up to its last second", () => {
  for (const [first, last] of [["2026-03-28T23:00:00Z", "2026-03-29T21:59:59Z"], ["2026-10-24T22:00:00Z", "2026-10-25T22:59:59Z"]]) {
    for (let at = Date.parse(first); at <= Date.parse(last); at += HOUR_MS / 4) assert.equal(iso(spansOf(at, "Europe/Brussels").day.starts), iso(Date.parse(first)), iso(at));
    assert.equal(spansOf(Date.parse(last) + 1000, "Europe/Brussels").day.starts, Date.parse(last) + 1000);
    assert.equal(spansOf(Date.parse(first) - 1, "Europe/Brussels").day.ends, Date.parse(first));
  }
});

test("a week begins on Monday at midnight of the zone, also where it holds a change of the clocks", () => {
  assert.deepEqual(spans("2026-12-06T22:59:59Z", "Europe/Brussels").slice(2), ["2026-11-29T23:00:00.000Z", "2026-12-06T23:00:00.000Z"]);
  assert.deepEqual(spans("2026-12-06T23:00:00Z", "Europe/Brussels").slice(2), ["2026-12-06T23:00:00.000Z", "2026-12-13T23:00:00.000Z"]);
  assert.deepEqual(spans("2026-03-29T12:00:00Z", "Europe/Brussels").slice(2), ["2026-03-22T23:00:00.000Z", "2026-03-29T22:00:00.000Z"]);
  assert.deepEqual(spans("2026-10-20T12:00:00Z", "Europe/Brussels").slice(2), ["2026-10-18T22:00:00.000Z", "2026-10-25T23:00:00.000Z"]);
});

test("zones ahead, behind, of half an hour, and those that change their clocks at midnight", () => {
  assert.deepEqual(spans("2026-06-01T10:30:00Z", "Pacific/Kiritimati").slice(0, 2), ["2026-06-01T10:00:00.000Z", "2026-06-02T10:00:00.000Z"]);
  assert.deepEqual(spans("2026-06-01T10:30:00Z", "Pacific/Pago_Pago").slice(0, 2), ["2026-05-31T11:00:00.000Z", "2026-06-01T11:00:00.000Z"]);
  assert.deepEqual(spans("2026-06-01T10:30:00Z", "Asia/Kolkata").slice(0, 2), ["2026-05-31T18:30:00.000Z", "2026-06-01T18:30:00.000Z"]);
  // By half an hour, at two in the morning.
  assert.deepEqual(spans("2026-10-04T01:00:00Z", "Australia/Lord_Howe").slice(0, 2), ["2026-10-03T13:30:00.000Z", "2026-10-04T13:00:00.000Z"]);
  // Midnight itself is skipped: the day begins at one.
  assert.deepEqual(spans("2018-11-04T12:00:00Z", "America/Sao_Paulo").slice(0, 2), ["2018-11-04T03:00:00.000Z", "2018-11-05T02:00:00.000Z"]);
  // And it comes twice: the day begins with the first.
  assert.deepEqual(spans("2018-02-17T12:00:00Z", "America/Sao_Paulo").slice(0, 2), ["2018-02-17T02:00:00.000Z", "2018-02-18T03:00:00.000Z"]);
});

test("a wall time that is skipped is as much later, one that comes twice is the first, and an offset speaks for itself", () => {
  const moment = (/** @type {string} */ text, zone = "Europe/Brussels") => iso(momentOf(text, zone));
  assert.equal(moment("2026-12-01T09:00:00"), "2026-12-01T08:00:00.000Z");
  assert.equal(moment("2026-07-01T09:00:00"), "2026-07-01T07:00:00.000Z");
  assert.equal(moment("2026-03-29T02:30:00"), "2026-03-29T01:30:00.000Z");
  assert.equal(moment("2026-10-25T02:30:00"), "2026-10-25T00:30:00.000Z");
  assert.equal(moment("2026-12-01T09:00:00Z"), "2026-12-01T09:00:00.000Z");
  assert.equal(moment("2026-12-01T09:00:00-05:30"), "2026-12-01T14:30:00.000Z");
  assert.equal(moment("2026-12-01T09:00:00", "UTC"), "2026-12-01T09:00:00.000Z");
});

test("zones are those that the platform knows", () => {
  for (const zone of ["UTC", "Europe/Brussels", "America/Argentina/Buenos_Aires", "Etc/GMT+3"]) assert.ok(isZone(zone), zone);
  for (const zone of ["Europe/Brusels", "Mars/Olympus", "", "CEST-2"]) assert.ok(!isZone(zone), zone);
});
