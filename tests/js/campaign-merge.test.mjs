// Two people at one campaign: what both changed in different places is joined, what both changed in one is told, and a change
// is said in words. The editor has a place for every setting of the schema.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { parseAccount } from "../../pkg/dist/node.js";
import { DARK_PAGE, LIGHT_PAGE, contrast } from "../../www/desk/campaigns/contrast.js";
import { newEntry, renamed, withEntry } from "../../www/desk/campaigns/entries.js";
import { valueAt } from "../../www/desk/campaigns/places.js";
import { nodeAt } from "../../www/desk/campaigns/schema.js";
import { visitorsOf } from "../../www/desk/campaigns/visitors.js";
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

const form = (/** @type {object} */ campaign, more = {}) => ({ languages: ["en"], campaign, published: undefined, mapping: {}, mayMap: true, ...more });

test("a name in braces of a new consent is held against its links, of which it has none yet", () => {
  const optin = { ...newEntry("optins", [], { languages: ["en"] }), wording: { en: "I accept {rules}." } };
  const { faults = [] } = parseAccount({ account: "a", campaigns: { 1: { signIn: ["anonymous"], optins: [optin] } } });
  assert.deepEqual(faults.map(({ path, reason }) => [path, reason]), [["/campaigns/1/optins/0/wording/en", "link"]]);
});

test("a field that is renamed keeps its source, and a choice that is renamed stays the right answer", () => {
  const fields = [{ name: "number", type: "hidden" }, { name: "city" }];
  const mapping = { number: { from: "/customer/number", lock: true }, city: "town" };
  const renamedTo = (/** @type {string | undefined} */ name, more = {}) => withEntry(form({ fields }, { mapping, ...more }), ["fields", 0], { name, type: "hidden" });
  assert.deepEqual(renamedTo("customer").mapping, { customer: mapping.number, city: "town" }, "the account's mapping becomes the campaign's own");
  assert.deepEqual(withEntry(form({ fields, mapping }), ["fields", 1], { name: "place" }).mapping, { number: mapping.number, place: "town" });
  // On the way through the name of another field, nothing is taken from it.
  for (const name of ["city", undefined]) assert.equal(renamedTo(name).mapping, undefined);
  assert.equal(withEntry(form({ fields: [fields[1], fields[1]] }, { mapping }), ["fields", 0], { name: "x" }).mapping, undefined, "the other one still has the name");
  // Who may not say what fills a field does not change it, and a text does not take the name from under it.
  assert.equal(renamedTo("customer", { mayMap: false }).mapping, undefined);
  const labelled = (/** @type {boolean} */ mayMap) => renamed(form({ fields }, { mapping: { field: "x" }, mayMap }), ["fields", 0, "label"], { name: "field", label: {} }, "en", "Number");
  assert.deepEqual([labelled(true).name, labelled(false).name], ["number_2", "field"]);

  const question = { id: "q", choices: [{ id: "red" }, { id: "blue" }], right: "blue" };
  const [after] = withEntry(form({ questions: [question] }), ["questions", 0, "choices", 1], { id: "navy" }).questions;
  assert.deepEqual([after.right, after.choices[1].id], ["navy", "navy"]);
  assert.equal(withEntry(form({ questions: [question] }), ["questions", 0, "choices", 0], { id: "crimson" }).questions[0].right, "blue");
});

test("the contrast that the editor shows is the one by which the service judges", () => {
  let judged = 0;
  for (let n = 0; n < 60; n += 1) {
    const color = `#${((n * 279_470_273 + 40_503) % 0x1000000).toString(16).padStart(6, "0")}`;
    const { faults = [] } = parseAccount({ account: "a", campaigns: { 1: { signIn: ["anonymous"], brand: { color, darkColor: color } } } });
    const ratios = Object.fromEntries(faults.map(({ path, values }) => [path.split("/").at(-1), values?.ratio]));
    judged += faults.length;
    for (const [member, page] of [["color", LIGHT_PAGE], ["darkColor", DARK_PAGE]]) {
      const shown = contrast(color, page);
      assert.equal(ratios[member] ?? (shown >= 4.5 ? shown.toFixed(2) : "refused"), shown.toFixed(2), `${color} on ${page}`);
    }
  }
  assert.ok(judged > 20);
});

test("a preview is offered as those who may come, and by no way that the campaign does not have", () => {
  const of = (/** @type {object} */ campaign) => Object.fromEntries(Object.entries(visitorsOf(campaign, "internal")).map(([who, { says, terms }]) => [who, [says, ...Object.keys(terms)]]));
  assert.deepEqual(of({}), { guest: ["guest", "refusal"], token: ["token", "subject", "claims"], refused: ["refused", "refusal"], quota: ["quota", "subject", "claims", "participations"] });
  assert.deepEqual(of({ signIn: ["oauth"] }), { guest: ["signed_out"], token: ["signed_in", "subject", "claims"], refused: ["refused", "refusal"], quota: ["quota", "subject", "claims", "participations"] });
  assert.deepEqual(of({ signIn: ["anonymous"] }), { guest: ["guest"], refused: ["refused", "refusal"] });
  assert.deepEqual(Object.keys(of({ signIn: ["token", "anonymous"], limits: "off" })), ["guest", "token", "refused"]);
});

test("entries that are called like a member of every object have what was given to them and nothing else", () => {
  const names = ["constructor", "__proto__", "toString"];
  const campaign = { signIn: ["token"], fields: names.map((name) => ({ name })) };
  const { claims } = visitorsOf(campaign, "internal").token.terms;
  assert.deepEqual(Object.entries(/** @type {any} */ (claims).form), names.map((name) => [name, "Example"]));
  for (const name of names) {
    assert.equal(valueAt({ campaign: { mapping: {} } }, ["mapping", name]), undefined, name);
    assert.equal(nodeAt([name]), undefined, name);
    const before = { ...campaign, fields: [{ name }] };
    assert.equal(withEntry(form(before), ["fields", 0], { name: "other" }).mapping, undefined, name);
    const kept = withAt({ mapping: {} }, ["mapping", name], "claim");
    assert.deepEqual([Object.entries(kept.mapping), changesOf({ mapping: {} }, kept).map(({ path, before: was }) => [path, was])], [[[name, "claim"]], [[["mapping", name], undefined]]]);
  }
});
