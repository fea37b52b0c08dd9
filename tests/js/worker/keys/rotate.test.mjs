// The sealing keys turned by the command line: what a worker of one step has sealed, workers of the step before and after
// open; a step that comes too early is not taken.

import assert from "node:assert/strict";
import { test } from "node:test";
import { oauth } from "../../support/worker/package.mjs";
import { random } from "../../support/worker/deployment.mjs";
import { Turning } from "../../support/worker/rotation.mjs";

test("each step opens what its neighbours have sealed; a dropped key opens nothing; an early step is refused", async () => {
  const turning = await Turning.start({ environment: "test-run", keys: [{ kid: "k0", key: random(), status: "active" }] });
  try {
    const steps = [turning.ring];
    assert.equal(await turning.step("activate"), "none_waiting");
    assert.equal(await turning.step("drop"), "none_retiring");
    for (let turn = 1; turn <= 3; turn += 1) {
      for (const step of /** @type {const} */ (["add", "activate", "drop"])) {
        assert.equal(await turning.step(step, { kid: `k${turn}` }), undefined);
        steps.push(turning.ring);
        if (step === "add") {
          assert.equal(await turning.step("add"), "waiting_already");
          turning.now = Number(turning.ring.keys.at(-1)?.since);
          assert.equal(await turning.step("activate", { wait: 599 }), "not_spread");
        }
        if (step === "activate") assert.equal(await turning.step("drop", { wait: 7799 }), "not_outlived");
      }
    }
    const sealed = steps.map((each) => oauth.seal("secret", each, "acme", { value: "kept" }));
    const opens = (/** @type {number} */ at, /** @type {number} */ by) => {
      try {
        return oauth.open("secret", steps[by], "acme", sealed[at]).value === "kept";
      } catch (fault) {
        assert.equal(/** @type {{ code?: string }} */ (fault).code, "seal_key_unknown");
        return false;
      }
    };
    steps.forEach((_, at) => {
      if (at > 0) assert.ok(opens(at, at - 1) || steps[at].keys.length < steps[at - 1].keys.length, `${at} by the step before`);
      // Only the step that drops the key of before may not open what that key has sealed: by then it must be over.
      if (at + 1 < steps.length) assert.ok(opens(at, at + 1), `${at} by the step after`);
    });
    assert.equal(opens(1, 3), false, "sealed by the first key, opened after it was dropped");
    assert.deepEqual(steps[1].keys.map(({ kid, status }) => [kid, status]), [["k0", "active"], ["k1", "next"]]);
  } finally {
    await turning.stop();
  }
});
