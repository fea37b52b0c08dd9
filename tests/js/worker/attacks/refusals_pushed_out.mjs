// Tokens that are nothing, sent without end: an account that looks for what its participants meet must still find it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { CAMPAIGN, CUSTOMER } from "./world.mjs";

let refs = 0;
const newRef = () => String((refs += 1)).padStart(8, "0");

/** @param {import("./world.mjs").AttackWorld} world */
export function attack(world) {
  test("a flood of refusals of one kind neither keeps others out of an account's list nor pushes them out of it", async () => {
    await world.customer();
    const object = await world.worker.accountObject(CUSTOMER);
    const began = Date.now() - 40 * 60_000;
    const refuse = (/** @type {string} */ code, /** @type {number} */ minute, campaignId = CAMPAIGN) =>
      object.refuse({ ref: newRef(), at: began + minute * 60_000, code, reason: "token_invalid", campaignId, stage: "admit", detail: {} });
    const junk = (/** @type {number} */ minute, count = 65) => Promise.all(Array.from({ length: count }, () => refuse("token_malformed", minute)));
    const found = async (/** @type {string} */ ref) => (await world.worker.read(`/v1/refusals/${ref}?account=${CUSTOMER}`)).status;
    const listed = async () => (await world.worker.read(`/v1/refusals?account=${CUSTOMER}`)).body.refusals.map((/** @type {any} */ row) => row.ref);

    const real = [await refuse("token_expired", 0), await refuse("token_malformed", 0, "100002")];
    for (let minute = 0; minute < 18; minute += 1) await junk(minute);
    await junk(18, 100);
    real.push(await refuse("signature_invalid", 18), await refuse("token_malformed", 18, "100002"));
    await junk(19, 100);
    for (const ref of real) assert.equal(await found(ref), 200, ref);
    const rows = await listed();
    assert.equal(rows.length, 100);
    for (const ref of real) assert.ok(rows.includes(ref), `${ref} stands in the list`);
    const all = await object.refusalList(Date.now(), 10_000, {});
    assert.ok(all.length <= 1000, `${all.length} are kept`);
    assert.deepEqual(all.map((/** @type {any} */ row) => row.at), all.map((/** @type {any} */ row) => row.at).sort((/** @type {number} */ a, /** @type {number} */ b) => b - a), "newest first");
  });

  test("of all kinds together an account's list takes a bounded number a minute", async () => {
    await world.customer();
    const object = await world.worker.accountObject(CUSTOMER);
    const at = Date.now();
    const refuse = (/** @type {number} */ n) => object.refuse({ ref: newRef(), at, code: `code_${n % 150}`, reason: "token_invalid", campaignId: CAMPAIGN, stage: "admit", detail: {} });
    const written = [];
    for (let n = 0; n < 800; n += 100) written.push(...(await Promise.all(Array.from({ length: 100 }, (_, more) => refuse(n + more)))));
    const all = new Set((await object.refusalList(at, 10_000, {})).map((/** @type {any} */ row) => row.ref));
    const kept = written.filter((ref) => all.has(ref)).length;
    assert.ok(kept > 60 && kept <= 600, `${kept} of 800`);
  });
}
