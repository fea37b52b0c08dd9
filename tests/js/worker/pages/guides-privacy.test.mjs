// The page on privacy, held against the code: its tables and columns, cookies, keys of the browser's storage, fields of the
// log and of the queue, and times.

import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { test } from "node:test";
import * as bounds from "../../../../pkg/dist/bounds.js";
import { root } from "../../support/worker/deployment.mjs";

const read = (/** @type {string} */ path) => readFile(join(root, path), "utf8");
const privacy = await read("www/privacy/index.html");

/** Rows of one kind: what they are of, and their text. @param {string} kind @returns {[string, string][]} */
const rowsOf = (kind) => [...privacy.matchAll(new RegExp(`<tr data-${kind}="([^"]+)">(.*?)</tr>`, "gs"))].map(([, of, row]) => [of, row]);
const codes = (/** @type {string} */ html) => [...html.matchAll(/<code>([^<]+)<\/code>/g)].map(([, code]) => code);

/** Files of a folder with an ending, as paths of the repository. @param {string} folder @param {string} ending @returns {Promise<string[]>} */
async function filesBelow(folder, ending) {
  const entries = await readdir(join(root, folder), { recursive: true });
  return entries.filter((name) => name.endsWith(ending)).map((name) => join(folder, name)).sort();
}

/** Tables and columns of a text of SQL, among whatever else. @param {string} source @returns {[string, string[]][]} */
function tablesOf(source) {
  const made = [...source.matchAll(/CREATE TABLE (?:IF NOT EXISTS )?(\w+) \(((?:[^()]|\([^()]*\))*)\)/g)].map(([, name, inside]) => {
    const parts = inside.replaceAll(/\([^()]*\)/g, "").split(",").map((part) => part.trim().split(/\s+/)[0]);
    return /** @type {[string, string[]]} */ ([name, parts.filter((word) => !["PRIMARY", "UNIQUE", "CHECK"].includes(word))]);
  });
  for (const [, name, column] of source.matchAll(/ALTER TABLE (\w+) ADD COLUMN (\w+)/g)) made.find(([one]) => one === name)?.[1].push(column);
  return made;
}

test("privacy: every table and column of the objects and the database is on the page, and nothing else", async () => {
  const files = await filesBelow("worker/src/objects", ".js");
  const sources = new Map(await Promise.all(files.map(async (file) => /** @type {[string, string]} */ ([file, await read(file)]))));
  const classOf = (/** @type {string} */ source) => /export class (\w+) extends DurableObject/.exec(source)?.[1];
  /** @type {Record<string, string[]>} */
  const kept = {};
  for (const [file, source] of sources) {
    // A file without an object of its own keeps its tables in the object that imports it.
    const users = [...sources].filter(([user, other]) => classOf(other) && other.includes(`from "./${relative(dirname(user), file)}"`));
    const classes = classOf(source) ? [classOf(source)] : users.map(([, other]) => classOf(other));
    for (const [name, columns] of tablesOf(source)) for (const one of classes) kept[`${one}.${name}`] = columns;
  }
  const migrations = (await Promise.all((await filesBelow("worker/migrations", ".sql")).map(read))).join("\n").replace(/--.*$/gm, "");
  for (const [name, columns] of tablesOf(migrations)) kept[`D1.${name}`] = columns;
  assert.ok(Object.keys(kept).length > 20, "the tables are found");
  const shown = Object.fromEntries(rowsOf("table").map(([of, row]) => [of, codes(row).sort()]));
  assert.deepEqual(shown, Object.fromEntries(Object.entries(kept).map(([of, columns]) => [of, columns.sort()])));
});

test("privacy: every cookie, every key of the browser's storage, every field of the log and of the queue is on the page", async () => {
  const worker = (await Promise.all((await filesBelow("worker/src", ".js")).map(read))).join("\n");
  const cookies = new Set([...worker.matchAll(/"(__Host-\w+)"/g)].map(([, name]) => name));
  assert.deepEqual(rowsOf("cookie").map(([of]) => of).sort(), [...cookies].sort());

  const scripts = [...(await filesBelow("www", ".js")), "pkg-template/tag/tag.js", "pkg-template/tag/tag-trail.js", "pkg-template/tag/tag-shim.js"];
  const users = (await Promise.all(scripts.map(read))).filter((source) => /\b(?:sessionStorage|localStorage|indexedDB)[.)[;,]/.test(source));
  const keys = rowsOf("storage").map(([of]) => of);
  assert.deepEqual(users.map((source) => keys.filter((key) => source.includes(key)).length), keys.map(() => 1), "each script with a key, each key with a script");

  const decision = (await read("worker/src/observe/decision.js")).split("@typedef {object} Decision")[1].split("*/")[0];
  const fields = [...decision.matchAll(/@property \{[^}]*\} (\w+)/g)].map(([, name]) => name);
  assert.deepEqual(codes(/<p id="log">(.*?)<\/p>/s.exec(privacy)?.[1] ?? ""), fields);
  const message = /interface OutboxMessage \{(.*?)\n\}/s.exec(await read("worker/src/types.d.ts"))?.[1] ?? "";
  assert.deepEqual(codes(rowsOf("queue")[0][1]), [...message.matchAll(/^ {2}(\w+):/gm)].map(([, name]) => name));
});

test("privacy: the times on the page are those of the code", async () => {
  const units = { MS: 0.001, SECONDS: 1, HOURS: 3600, DAYS: 86_400 };
  const words = { second: 1, minute: 60, hour: 3600, day: 86_400 };
  const limits = [...privacy.matchAll(/data-limit="([\w./]+):(\w+)">(\d+) (second|minute|hour|day)s/g)];
  assert.equal(limits.length, privacy.split("data-limit=").length - 1);
  const files = await filesBelow("worker/src", ".js");
  for (const [, file, name, count, word] of limits) {
    const source = await read(files.find((path) => path.endsWith(`/${file}`)) ?? "");
    // A constant is a product or a sum of numbers, of bounds of the core, and of constants beside it.
    /** @type {(constant: string) => string} */
    const sumOf = (constant) => {
      const written = new RegExp(`const ${constant} = ([\\w.+*()[\\] ]+);`).exec(source)?.[1];
      assert.ok(written, `${constant} is in ${file}`);
      return written.replace(/(?<![.\w])[A-Z]\w+/g, (/** @type {string} */ other) => `(${sumOf(other)})`);
    };
    const seconds = new Function("bounds", `return ${sumOf(name)}`)(bounds) * units[/** @type {keyof typeof units} */ (name.split("_").at(-1))];
    assert.equal(seconds, Number(count) * words[/** @type {keyof typeof words} */ (word)], `${file} ${name}`);
  }
});
