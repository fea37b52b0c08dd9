// The conformance pack, and what every host must say of it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import "./patience.mjs";

export const pack = JSON.parse(readFileSync(new URL("../../vectors/tokens/pack.json", import.meta.url), "utf8"));

/** Holds what a host said against the pack. @param {string} host @param {any[]} judged */
export function compare(host, judged) {
  assert.equal(judged.length, pack.rows.length);
  pack.rows.forEach((/** @type {any} */ { name, verdict, code, found }, /** @type {number} */ index) => {
    assert.deepEqual(judged[index], { verdict, code, found }, `${host}: ${name}`);
  });
}

/** The 28 situations as a table: one line each, one column for each host. @param {Record<string, any[]>} hosts @returns {string[]} */
export function table(hosts) {
  const rows = pack.rows.slice(0, 28);
  const lines = rows.map((/** @type {any} */ { situation, name, code }, /** @type {number} */ index) => {
    const said = Object.values(hosts).map((judged) => (judged[index].code === code ? "✓" : judged[index].code));
    return `${String(situation).padStart(2)} ${name.padEnd(24)} ${String(code ?? "(good)").padEnd(28)} ${said.join(" ")}`;
  });
  return [`situation, code as native, and ${Object.keys(hosts).join(", ")}`, ...lines];
}
