// Two people at one campaign: what both changed in different places is joined, what both changed in one is told, and a change
// is said in words. The editor has a place for every setting of the schema.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { changesOf, merge, withAt } from "../../www/desk/campaigns/merge.js";
import { ELSEWHERE, SECTIONS, sectionOf } from "../../www/desk/campaigns/sections.js";
import "./support/patience.mjs";

const base = {
  title: { en: "Win" },
  fields: [{ name: "email", type: "email" }, { name: "city", type: "text" }],
  signIn: ["token"],
  limit: { day: 1 },
};

test("changes in different places are joined, also in lists whose entries have names", () => {
  const mine = { ...base, title: { en: "Win", fr: "Gagnez" }, fields: [{ name: "email", type: "email", required: true }, base.fields[1], { name: "phone", type: "tel" }] };
  const theirs = { ...base, starts: "2026-12-01", fields: [base.fields[1], { ...base.fields[0], label: { en: "Mail" } }, { name: "zip", type: "text" }] };
  const { value, conflicts } = merge(base, mine, theirs);
  assert.deepEqual(conflicts, []);
  assert.deepEqual(value, {
    ...base, starts: "2026-12-01", title: { en: "Win", fr: "Gagnez" },
    fields: [base.fields[1], { name: "email", type: "email", required: true, label: { en: "Mail" } }, { name: "zip", type: "text" }, { name: "phone", type: "tel" }],
  });
});

test("lists of words are joined word by word, in the order of whoever changed it", () => {
  const joined = (/** @type {string[]} */ mine, /** @type {string[]} */ theirs) => merge(["token", "oauth"], mine, theirs);
  assert.deepEqual(joined(["token", "oauth", "anonymous"], ["oauth", "token"]), { value: ["oauth", "token", "anonymous"], conflicts: [] });
  assert.deepEqual(joined(["token"], ["token", "oauth", "x"]), { value: ["token", "x"], conflicts: [] });
});

test("what one takes out is gone, unless the other changed it: then both are told", () => {
  const without = { ...base, fields: [base.fields[0]] };
  assert.deepEqual(merge(base, base, without), { value: without, conflicts: [] });
  assert.deepEqual(merge(base, without, { ...base, limit: {} }), { value: { ...without, limit: {} }, conflicts: [] });
  const changed = { ...base, fields: [base.fields[0], { name: "city", type: "select" }] };
  const { value, conflicts } = merge(base, without, changed);
  assert.deepEqual(conflicts, [{ path: ["fields", "city"], base: base.fields[1], mine: undefined, theirs: changed.fields[1] }]);
  assert.deepEqual(withAt(value, ["fields", "city"], changed.fields[1]), changed, "theirs can be taken");
});

test("the same place changed by both is a clash of that place alone, mine until it is settled", () => {
  const mine = { ...base, title: { en: "Mine", fr: "Le mien" }, limit: { day: 2 } };
  const theirs = { ...base, title: { en: "Theirs" }, limit: { day: 3 }, cap: 5 };
  const { value, conflicts } = merge(base, mine, theirs);
  assert.deepEqual(conflicts.map(({ path }) => path.join("/")), ["title/en", "limit/day"]);
  assert.deepEqual(value, { ...mine, cap: 5 });
  assert.deepEqual(withAt(value, ["title", "en"], "Theirs").title, { en: "Theirs", fr: "Le mien" });
  assert.deepEqual(withAt(value, ["cap"], undefined), mine);
  // Without what they began from, everything that differs is a clash.
  assert.deepEqual(merge(undefined, mine, theirs).conflicts.map(({ path }) => path.join("/")), ["title/en", "limit/day"]);
  assert.deepEqual(merge(base, mine, mine), { value: mine, conflicts: [] });
});

test("a change is told as deep as it goes, and another order as such", () => {
  const after = { ...base, title: { en: "Won" }, fields: [base.fields[1], { name: "email", type: "email", required: true }, { name: "zip" }] };
  assert.deepEqual(changesOf(base, after).map(({ path, before, after: to, moved }) => [path.join("/"), before, to, moved]).slice(0, 3), [
    ["title/en", "Win", "Won", undefined], ["fields/email/required", undefined, true, undefined], ["fields/zip", undefined, { name: "zip" }, undefined],
  ]);
  assert.equal(changesOf(base, after).at(-1)?.moved, true);
  assert.deepEqual(changesOf(base, structuredClone(base)), []);
});

test("every setting of a campaign is in one section of the editor, or set elsewhere", () => {
  const { $defs } = JSON.parse(readFileSync(new URL("../../worker/account.schema.json", import.meta.url), "utf8"));
  const members = SECTIONS.flatMap((section) => section.members);
  assert.deepEqual([...members, ...ELSEWHERE].sort(), Object.keys($defs.campaign.properties).sort());
  assert.deepEqual([sectionOf("/fields/0/label/en"), sectionOf("/cap"), sectionOf("")], ["form", "limits", "basics"]);
});
