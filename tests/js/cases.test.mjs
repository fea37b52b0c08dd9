// Every negative case of the login, T54 to T76, has a test of its name; and whoever takes one away is told.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import "./support/patience.mjs";

const folder = new URL(".", import.meta.url);
/** A name of a test, or what a table of situations gives as the origin of one, which its tests are named after. */
const NAMED = /["`](T\d\d)\b/g;
const COMMENT = /\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm;
/** Cases that only a browser can show, and the files that hold them. */
const IN_BROWSER = { T56: /^browser\//, T68: /^browser\//, T75: /^browser\// };

const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .map((file) => file.replaceAll("\\", "/"))
  .filter((file) => /\.test\.mjs$|^provider\/.*\.mjs$/.test(file) && file !== "cases.test.mjs");
/** Which files name each case. @type {Map<string, string[]>} */
const found = new Map();
for (const file of files) {
  const text = readFileSync(new URL(file, folder), "utf8").replace(COMMENT, "");
  for (const name of new Set([...text.matchAll(NAMED)].map(([, name]) => name))) found.set(name, [...(found.get(name) ?? []), file]);
}

for (let number = 54; number <= 76; number += 1) {
  const name = `T${number}`;
  test(`${name} has a test of its name`, () => {
    const places = found.get(name) ?? [];
    assert.ok(places.length > 0, `no test names ${name}`);
    const browser = /** @type {Record<string, RegExp>} */ (IN_BROWSER)[name];
    if (browser) assert.ok(places.some((file) => browser.test(file)), `${name} has no test in a browser, only in ${places}`);
    if (name !== "T75") assert.ok(places.some((file) => /^(worker|provider)\//.test(file)), `${name} has no test in workerd, only in ${places}`);
  });
}
