// The steps of rotating the sealing keys: what a worker of one step has sealed, workers of the step before and after open.

import assert from "node:assert/strict";
import { test } from "node:test";
import { rotated } from "../../worker/rotate.mjs";
import { oauth } from "./worker/package.mjs";
import { random } from "./worker/deployment.mjs";

test("each step opens what its neighbours have sealed; a dropped key opens nothing; a step out of order is refused", async () => {
  /** @type {import("../../worker/rotate.mjs").Ring} */
  let ring = { environment: "test-run", keys: [{ kid: "k0", key: random(), status: "active" }] };
  const steps = [ring];
  for (let turn = 1; turn <= 3; turn += 1) {
    for (const step of ["add", "activate", "drop"]) {
      ring = rotated(ring, step, { kid: `k${turn}`, key: random() });
      steps.push(ring);
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
  assert.throws(() => rotated(steps[0], "activate"), /No key is waiting/);
  assert.throws(() => rotated(steps[1], "add"), /waiting already/);
  assert.throws(() => rotated(rotated(steps[2], "add"), "activate"), /still there/);
  assert.throws(() => rotated(steps[0], "drop"), /no key to drop/);
  assert.deepEqual(steps[1].keys.map(({ status }) => status), ["active", "next"]);
});
