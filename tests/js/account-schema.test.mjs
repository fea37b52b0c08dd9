// The published schema and the core's reader judge the same documents: what the schema refuses the reader refuses too,
// at the same places. The reader sees more, such as addresses that are not public; `schema` says which.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import Ajv from "ajv/dist/2020.js";

/** @param {string} path */
const read = (path) => JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), "utf8"));

const ajv = new Ajv.default({ allErrors: true, strict: true, strictTypes: false, strictRequired: false });
const validate = ajv.compile(read("worker/account.schema.json"));
const { good, bad } = read("tests/vectors/accounts/documents.json");

/** @param {import("ajv").ErrorObject} error */
function place({ instancePath, params }) {
  const member = params.missingProperty ?? params.additionalProperty;
  return member === undefined ? instancePath : `${instancePath}/${member}`;
}

for (const { name, document } of good) {
  test(`the schema accepts ${name}`, () => assert.ok(validate(document), JSON.stringify(validate.errors)));
}

for (const { name, document, paths, schema } of bad) {
  test(`the schema ${schema ? "refuses" : "cannot see"} ${name}`, () => {
    assert.equal(validate(document), !schema, JSON.stringify(validate.errors));
    const places = (validate.errors ?? []).map(place);
    for (const path of schema ? paths : []) {
      assert.ok(places.some((known) => path === known || path.startsWith(`${known}/`)), `${path} among ${places}`);
    }
  });
}

for (const name of ["demo", "acme"]) {
  test(`the schema accepts the ${name} account`, () => assert.ok(validate(read(`worker/accounts/${name}.json`)), JSON.stringify(validate.errors)));
}
