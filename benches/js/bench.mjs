// `node bench.mjs [--quick] [--times <number>] [--write] [--only <part>]… [--row <text>]… [--contender <name>]…`: measures
// everything, the tables of latency as often as is asked for and of the rows that contain a text, prints tables, writes JSON to benches/results/
// and, with --write, the ratios into the README and docs/speed.svg.

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { cases, crossoverCases, encryptedCases, firstSeen } from "./cases.mjs";
import { measured, quantile } from "./measure.js";
import { picture } from "./picture.mjs";
import { compared, medians, plain, ratios, saved, throughput } from "./tables.mjs";

const { values } = parseArgs({ options: { quick: { type: "boolean" }, times: { type: "string", default: "1" }, write: { type: "boolean" }, only: { type: "string", multiple: true }, row: { type: "string", multiple: true }, contender: { type: "string", multiple: true } } });
const quick = values.quick ?? false;
const wanted = (part) => !values.only || values.only.includes(part);

const algs = quick ? ["HS256", "ES256", "RS256"] : ["HS256", "HS512", "ES256", "ES384", "RS256", "PS256", "EdDSA"];
const plan = quick ? { rounds: 7, ms: 3, warm: 120 } : { rounds: 42, ms: 3, warm: 600 };
Object.assign(plan, { contenders: values.contender });
const all = [...(await cases(algs)), ...(quick ? [] : await encryptedCases()), await firstSeen("ES256")];
const rows = all.filter(({ name }) => !values.row || values.row.some((text) => name.includes(text)));

/** @type {Record<string, any>} */
const results = {
  at: new Date().toISOString(),
  machine: { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version },
  plan,
  /** One a time: by runtime, case and contender. @type {Record<string, any>[]} */
  latency: Array.from({ length: Number(values.times) }, () => ({})),
};

const runtimes = {
  node: async () => ({ measure: (await import("./node.mjs")).measure, close: () => {} }),
  chromium: async () => (await import("./chromium.mjs")).open(),
  workerd: async () => (await import("./workerd.mjs")).open(),
};
for (const latency of results.latency) {
  for (const [name, open] of Object.entries(runtimes)) {
    if (!wanted(name)) continue;
    const runtime = await open();
    latency[name] = {};
    try {
      for (const given of rows) {
        const found = await runtime.measure(given, plan);
        latency[name][given.name] = Object.fromEntries(Object.entries(found).map(([contender, list]) => [contender, measured(list)]));
      }
    } finally {
      await runtime.close();
    }
    console.log(compared(name, latency[name]));
  }
}
if (values.only?.includes("crossovers")) {
  const given = await crossoverCases();
  for (const [name, open] of Object.entries(runtimes)) {
    const runtime = await open();
    const found = {};
    for (const one of given) {
      const lists = await runtime.measure(one, plan);
      found[one.name] = Object.fromEntries(Object.entries(lists).map(([way, list]) => [way, quantile(list, 0.1)]));
    }
    await runtime.close();
    console.log(saved(name, found));
  }
}
const first = ["HS256 small", "ES256 small"].map((name) => all.find((given) => given.name === name));
if (wanted("cold")) {
  const cold = await import("./cold.mjs");
  results.cold = { node: cold.inNode(first, quick ? 3 : 21), workerd: await cold.inWorkerd(first, quick ? 2 : 11) };
  console.log(plain("Cold start in Node, ms to the first verified token (median)", results.cold.node));
  console.log(plain("First request to a new worker, ms of its processor time (median)", results.cold.workerd));
}
if (wanted("memory")) {
  const { measure } = await import("./memory.mjs");
  const [hs, es, rs] = ["HS256 small", "ES256 first-seen key", "RS256 small"].map((name) => all.find((given) => given.name === name));
  results.memory = measure({ HS256: hs, ES256: es, RS256: rs });
  console.log(plain("Memory of the module, bytes", { "": results.memory }));
}
if (wanted("admit")) {
  const { measure } = await import("./admit.mjs");
  results.admit = await measure(quick ? { rounds: 2, seconds: 1 } : { rounds: 6, seconds: 4 });
  console.log(throughput(results.admit));
}
const folder = new URL("../results/", import.meta.url);
await mkdir(folder, { recursive: true });
await writeFile(new URL(quick ? "quick.json" : "latest.json", folder), `${JSON.stringify(results, null, 1)}\n`);
if (values.write) {
  const readme = new URL("../../README.md", import.meta.url);
  const text = await readFile(readme, "utf8");
  const { cpu, cores, node } = results.machine;
  const said = `Measured on ${results.at.slice(0, 10)}: ${cores} × ${cpu}, Node ${node.slice(1)}.`;
  const block = `<!-- bench -->\n${said}\n\n${ratios(results.latency)}\n<!-- /bench -->`;
  await writeFile(readme, text.replace(/<!-- bench -->[^]*<!-- \/bench -->/, () => block));
  await writeFile(new URL("../../docs/speed.svg", import.meta.url), picture(medians(results.latency)));
}
process.exit(0); // Connections that clients keep open would hold us.
