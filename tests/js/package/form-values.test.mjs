// What a form takes: the module and the page, over one list of values, and the page over what the module says.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { checkForm, fieldRules, mapProfile } from "../../../pkg/dist/node.js";
import { formValues } from "../support/form_values.mjs";
import "../support/patience.mjs";
import { takes } from "../../../www/campaign/steps/field_rules.js";

const rules = fieldRules();

test("the page takes what the module takes, and nothing else", () => {
  const values = formValues();
  for (const { type, value, taken } of values) {
    const { form, faults } = checkForm({ fields: [{ name: "v", type }] }, { v: value });
    const said = [faults.length === 0, takes(rules, type, value)];
    assert.deepEqual(said, [taken, taken], `${type} ${JSON.stringify(value.slice(0, 60))}`);
    assert.deepEqual(form, taken ? { v: value } : {});
  }
  assert.ok(values.length > 90);
});

test("changed values too: each sign of one taken out, doubled, or put in the place of another", () => {
  const signs = [..." .-/()@+0139aZé\u00a0\u2003\ufeff"];
  let [taken, refused] = [0, 0];
  for (const { type, value } of formValues().filter(({ value }) => value.length < 40)) {
    for (let place = 0; place < value.length; place += 1)
      for (const changed of ["", value[place].repeat(2), ...signs].map((sign) => (value.slice(0, place) + sign + value.slice(place + 1)).trim())) {
        if (changed === "" || /\p{Surrogate}/u.test(changed)) continue;
        const fits = checkForm({ fields: [{ name: "v", type }] }, { v: changed }).faults.length === 0;
        assert.equal(takes(rules, type, changed), fits, `${type} ${JSON.stringify(changed)}`);
        if (fits) taken += 1;
        else refused += 1;
      }
  }
  assert.ok(taken > 2000 && refused > 2000, `${taken} taken, ${refused} refused`);
});

test("a value that was prefilled and left as it is is taken by the page and by the module", () => {
  let filled = 0;
  for (const { value } of formValues())
    for (const type of /** @type {const} */ (["text", "email", "tel", "date", "country", "checkbox"])) {
      const fields = { fields: [{ name: "v", type }] };
      const { form } = mapProfile({ v: value }, { v: "v" }, fields);
      const text = String(form.v ?? "").trim();
      if (text === "" || (type === "checkbox" && text === "false")) continue;
      assert.deepEqual([takes(rules, type, text), checkForm(fields, form).faults], [true, []], `${type} ${JSON.stringify(text)}`);
      filled += 1;
    }
  assert.ok(filled > 150, `${filled} prefilled`);
});

test("neither the worker nor the page has a rule of its own for what a field takes", () => {
  for (const file of ["worker/src/record/form.js", "www/campaign/steps/fields.js", "www/campaign/steps/form.js", "www/campaign/steps/field_rules.js"]) {
    const source = readFileSync(new URL(`../../../${file}`, import.meta.url), "utf8");
    assert.doesNotMatch(source, /\\d|\[\^|@\[|\{2\}|typeMismatch|patternMismatch|254|1024/, `${file} judges values itself`);
  }
});
