// The short form of the comparison with another library: the same 500 tokens for us and for npm jose, good and
// broken; every disagreement must be one that is explained. The long form is tests/differential/run.mjs.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Comparison } from "../../differential/comparison.mjs";
import { jose, ours } from "../../differential/readers.mjs";
import { tokens } from "../../differential/tokens.mjs";
import "../support/patience.mjs";

test("we and npm jose read 500 tokens the same way, but for what is explained", async (context) => {
  const now = Math.floor(Date.now() / 1000);
  const comparison = new Comparison();
  for (const item of tokens(500, now, 7)) {
    comparison.add(item, await ours(item, now), "npm jose", await jose(item, now));
  }
  assert.deepEqual(comparison.unexplained, [], comparison.report());
  const { accepted, refused } = comparison.agreed("npm jose");
  assert.ok(accepted > 40 && refused > 250, `${accepted} accepted and ${refused} refused by both`);
  assert.ok(comparison.names.length > 5, "the broken tokens reach what libraries differ on");
  context.diagnostic(`${accepted} accepted and ${refused} refused by both, ${comparison.names.length} kinds of explained disagreement`);
});

test("a disagreement that nobody has explained is found", () => {
  const comparison = new Comparison();
  const [item] = tokens(1, 1_800_000_000, 7);
  assert.ok(item);
  const accepted = { accepted: true, what: "[]" };
  comparison.add(item, accepted, "npm jose", { accepted: false, what: "ERR_JWS_SIGNATURE_VERIFICATION_FAILED" });
  comparison.add(item, { accepted: false, what: "signature_invalid" }, "npm jose", accepted);
  comparison.add(item, accepted, "npm jose", { accepted: true, what: "[1]" });
  assert.equal(comparison.unexplained.length, 3);
});
