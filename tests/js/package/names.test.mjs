// Names that were misspelt: the same suggestion as for a setting.

import assert from "node:assert/strict";
import { test } from "node:test";
import { nearestName, parseAccount } from "../../../pkg/dist/node.js";
import { refusal } from "../support/mint.mjs";

test("the nearest name is suggested and a far one is not, as in a document", async () => {
  const known = ["account", "origins", "campaigns"];
  for (const [name, near] of [["orgins", "origins"], ["acount", "account"], ["Campaigns", "campaigns"], ["colour", undefined], ["", undefined]])
    assert.equal(nearestName(String(name), known), near, name);
  assert.equal(nearestName("orgins", []), undefined);
  const { faults } = parseAccount({ account: "acme", orgins: [], campaigns: {} });
  assert.match(faults?.find(({ path }) => path === "/orgins")?.message ?? "", /"origins"/);
});

test("anything but strings is refused by its place", async () => {
  const any = (/** @type {unknown} */ value) => /** @type {any} */ (value);
  for (const [name, known, at] of /** @type {const} */ ([[7, [], "name"], ["x", ["y", 7], "known[1]"]])) {
    const { code, details } = await refusal(() => nearestName(any(name), any(known)));
    assert.deepEqual([code, details.at], ["settings_invalid", at]);
  }
});
