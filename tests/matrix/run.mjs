// `cargo xtask matrix [--all] [--write]`: the packed package everywhere, one verified token each, as a table.

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { closeBrowser } from "./chromium.mjs";
import { checks } from "./checks.mjs";
import { makeConsumer, root } from "./consumer.mjs";

const all = process.argv.includes("--all");
const only = process.argv.find((argument) => argument.startsWith("--only="))?.slice(7);

const tarball = await makeConsumer();
// After the consumer is there: tools look around when they are loaded.
const { runtimes } = await import("./runtimes.mjs");
const { bundlers } = await import("./bundlers.mjs");
const { examples, closeExamples } = await import("./examples.mjs");
const { middleware } = await import("./middleware.mjs");
const { relyingParties } = await import("./relying_party.mjs");
const { project, closeProject } = await import("./project.mjs");
const { frameworks } = all ? await import("./frameworks.mjs") : { frameworks: [] };
const { publishing, closePublishing } = await import("./publishing.mjs");
const { more, closeMore } = all ? await import("./more.mjs") : { more: [], closeMore: async () => {} };
const rows = [...runtimes, ...bundlers, ...more, ...frameworks, ...examples, ...middleware, ...relyingParties, ...project, ...publishing, ...checks(tarball)];

/** @type {string[]} */
const table = ["| where | version | |", "|---|---|---|"];
let failed = 0;
for (const { what, where, check } of rows) {
  if (only && !`${what} ${where}`.toLowerCase().includes(only.toLowerCase())) continue;
  const started = performance.now();
  const fault = await check().then(() => null, (error) => error);
  const seconds = ((performance.now() - started) / 1000).toFixed(1).padStart(6);
  console.log(`${fault ? "✖" : "✔"} ${what.padEnd(12)} ${where.padEnd(28)} ${seconds} s`);
  if (fault) {
    failed += 1;
    console.log(String(fault.stack ?? fault).split("\n").slice(0, 12).map((line) => `    ${line}`).join("\n"));
  }
  table.push(`| ${what} | ${where} | ${fault ? "fails" : "✓"} |`);
}
await Promise.all([closeBrowser(), closeExamples(), closeProject(), closePublishing(), closeMore()]);

console.log(`\n${table.join("\n")}\n\n${table.length - 2 - failed} passed, ${failed} failed`);
if (process.argv.includes("--write")) {
  const file = join(root, "README.md");
  const text = await readFile(file, "utf8");
  const [, before, there, end] = /(<!-- matrix -->\n)([\s\S]*?)(<!-- \/matrix -->)/.exec(text) ?? [];
  if (!before) throw new Error("the README has no place for the table");
  const written = only ? merged(there.trim().split("\n"), table.slice(2)) : table;
  await writeFile(file, text.replace(`${before}${there}${end}`, () => `${before}${written.join("\n")}\n${end}`));
}
process.exit(failed === 0 ? 0 : 1);

/** The rows of before, each that has run anew in its place, and new ones at the end. @param {string[]} rows @param {string[]} ran */
function merged(rows, ran) {
  const name = (/** @type {string} */ row) => row.slice(0, row.lastIndexOf("|", row.length - 2));
  const anew = new Map(ran.map((row) => [name(row), row]));
  const kept = rows.map((row) => anew.get(name(row)) ?? row);
  return [...kept, ...ran.filter((row) => !rows.some((other) => name(other) === name(row)))];
}
