// Cold start: from a compiled module, or from bytes, to the first verified token, each in a process of its own; and in
// workerd, what its process computes from the first request to a new worker to its answer.

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { quantile } from "./measure.js";
import { computed } from "./processor.mjs";
import { loneWorker } from "./lone-worker.mjs";

const child = fileURLToPath(new URL("cold-child.mjs", import.meta.url));

/** @param {import("./cases.mjs").Case[]} all @param {number} times */
export function inNode(all, times) {
  const ways = [
    "handstamp from a compiled module", "handstamp from bytes", "handstamp/verify from a compiled module",
    "handstamp/verify from bytes", "jose",
  ];
  /** @type {Record<string, Record<string, number>>} */
  const found = {};
  for (const given of all) {
    const lists = ways.map(() => []);
    for (let turn = 0; turn < times; turn++) {
      for (const [index, way] of ways.entries()) {
        lists[index].push(Number(execFileSync(process.execPath, [child, way, JSON.stringify(given)], { encoding: "utf8" })));
      }
    }
    found[given.name] = Object.fromEntries(ways.map((way, index) => [way, quantile(lists[index], 0.5)]));
  }
  return found;
}

/** Ways to answer, and whether another worker has started since in the same process. @type {[string, string, boolean][]} */
const WAYS = [
  ["handstamp", "cold-handstamp.js", false], ["jose", "cold-jose.js", false], ["nothing", "cold-jose.js", false],
  ["handstamp, another worker since", "cold-handstamp.js", true], ["jose, another worker since", "cold-jose.js", true],
];

/** @param {import("./cases.mjs").Case[]} all @param {number} times */
export async function inWorkerd(all, times) {
  /** @type {Record<string, Record<string, number>>} */
  const found = {};
  for (const given of all) {
    const lists = WAYS.map(() => []);
    for (let turn = 0; turn < times; turn++) {
      const order = [...WAYS.entries()];
      for (const [index, [way, script, followed]] of (turn % 2 ? order.reverse() : order)) {
        const { url, pid, end } = await loneWorker(script, followed);
        try {
          const start = computed(pid);
          const answer = await fetch(url, way === "nothing" ? {} : { method: "POST", body: JSON.stringify(given) });
          const text = await answer.text();
          lists[index].push(computed(pid) - start);
          if (way !== "nothing" && text !== "verified") throw new Error(`${way}: ${text}`);
        } finally {
          await end();
        }
      }
    }
    found[given.name] = Object.fromEntries(WAYS.map(([way], index) => [way, quantile(lists[index], 0.5)]));
  }
  return found;
}
