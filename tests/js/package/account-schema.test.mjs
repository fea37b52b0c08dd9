// The published schema and the core's reader judge the same documents: what the schema refuses the reader refuses too,
// at the same places. The reader sees more, such as addresses that are not public; `schema` says which. The counts of
// their agreement are printed.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import Ajv from "ajv/dist/2020.js";
import { parseAccount } from "../../../pkg/dist/node.js";
import "../support/patience.mjs";

/** @param {string} path */
const read = (path) => JSON.parse(readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8"));

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

/** Both judges on every document. */
test("the schema and the reader agree on at least 120 documents, and the reader refuses all that the schema refuses", () => {
  const all = [...good, ...bad];
  const judged = all.map(({ document, development = false }) => ({
    schema: validate(document),
    reader: parseAccount(JSON.stringify(document), { development }).account !== undefined,
  }));
  const count = (/** @type {boolean} */ schema, /** @type {boolean} */ reader) =>
    judged.filter((one) => one.schema === schema && one.reader === reader).length;
  const [accepted, refused, deeper, looser] = [count(true, true), count(false, false), count(true, false), count(false, true)];
  assert.equal(looser, 0, "the schema never refuses what is accepted");
  assert.deepEqual([accepted, refused + deeper], [good.length, bad.length]);
  assert.ok(accepted + refused >= 120, `${accepted} and ${refused}`);
  after(() => {
    console.log("account documents | accepted by both | refused by both | refused by the reader alone | by the schema alone");
    console.log([all.length, accepted, refused, deeper, looser].join(" | "));
  });
});

/** What a definition of the schema can hold, by name. @param {string} definition */
const members = (definition) => Object.keys(schema.$defs[definition].properties);
const schema = read("worker/account.schema.json");

/** @type {[string, string[]][]} */
const examples = [
  ["secure-token", ["secureToken", "keySource", "decryptKey", "profileApi", "campaign"]],
  ["login", ["oauth"]],
];
for (const [name, definitions] of examples) {
  test(`the example ${name} is accepted by both and shows every setting of its technique`, () => {
    const text = readFileSync(new URL(`../../../worker/examples/${name}.jsonc`, import.meta.url), "utf8");
    const document = /** @type {object} */ (JSON.parse(text.replace(/^\s*\/\/.*$/gm, "")));
    assert.ok(validate(document), JSON.stringify(validate.errors));
    assert.deepEqual(parseAccount(document).faults, undefined);
    const shown = new Set(JSON.stringify(document).match(/"[A-Za-z$]+"(?=:)/g)?.map((word) => word.slice(1, -1)));
    // A login server has a button; tokens need none.
    const missing = definitions.flatMap(members).filter((member) => !shown.has(member) && member !== "login");
    assert.deepEqual(missing, []);
    assert.ok((text.match(/^\s*\/\//gm) ?? []).length >= 15, "comments");
  });
}

test("every setting says in words what it is, for editors", () => {
  /** @type {string[]} */
  const silent = [];
  const look = (/** @type {any} */ node, /** @type {string} */ path) => {
    for (const [name, member] of Object.entries(node.properties ?? {})) {
      const described = /** @type {any} */ (member);
      if (!described.description && !described.$ref) silent.push(`${path}/${name}`);
      if (!described.title && path.split("/").length < 3) silent.push(`${path}/${name} has no title`);
      look(described, `${path}/${name}`);
      look(described.items ?? {}, `${path}/${name}/-`);
    }
  };
  look(schema, "");
  for (const [name, definition] of Object.entries(schema.$defs)) look(definition, name);
  assert.deepEqual(silent, []);
});
