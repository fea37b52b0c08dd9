// What the first look in the campaign frame brings on a slow network: Chromium behind a proxy of 1.6 Mbit/s and 150 ms, a page
// whose first token has expired. With and without the look, in turns; cold, and with the module kept by the browser:
//
//   CHROME_PATH=/usr/bin/chromium node benches/js/first-look.mjs [runs]

import { readFile, readdir } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { openHostPages } from "../../tests/js/support/browser/host_page.mjs";
import { open } from "../../tests/js/support/browser/chromium.mjs";
import { pause, slowLine } from "./slow-line.mjs";

const runs = Number(process.argv[2] ?? 7);

const median = (/** @type {number[]} */ numbers) => Math.round(numbers.sort((a, b) => a - b)[numbers.length >> 1] ?? 0);

const [pages, line, browser] = [await openHostPages(), await slowLine(), await open()];
const now = Math.floor(Date.now() / 1000);
const tokens = [await pages.mint({ iat: now - 900, exp: now - 600 }), await pages.mint()];
const script = `let asked = 0; window.times = {};
  window.handstampToken = async () => { if (asked === 1) times.renew = performance.now(); return ${JSON.stringify(tokens)}[Math.min(asked++, 1)]; };
  for (const name of ["ready", "looked", "admitted"]) document.addEventListener("handstamp:" + name, () => (times[name] ??= performance.now()));`;
// Served by the harness; its own visit is not measured.
const first = await pages.hostPage({ script });
const { origin } = new URL(first.page.url());
await first.context.close();

/** @typedef {{ ready: number, renew: number, admitted: number }} Times */
/** @type {Record<string, Times[]>} */
const found = {};
for (let run = 0; run < runs; run += 1) {
  for (const look of run % 2 ? [true, false] : [false, true]) {
    const context = await browser.newContext({ proxy: { server: line.url } });
    if (!look) await context.addInitScript("delete globalThis.WebAssembly");
    const page = await context.newPage();
    for (const state of ["cold", "kept"]) {
      await page.goto(`${origin}/host?${state}`);
      await page.waitForFunction(() => /** @type {any} */ (window).times.admitted);
      await pause(500);
      (found[`${state}, ${look ? "with" : "without"} the look`] ??= []).push(await page.evaluate(() => /** @type {any} */ (window).times));
    }
    await context.close();
  }
}
console.log("medians in ms from the start of the host page, of", runs, "runs");
for (const [name, times] of Object.entries(found).sort()) {
  const of = (/** @type {keyof Times} */ what) => median(times.map((time) => time[what]));
  console.log(name.padEnd(24), `ready ${of("ready")}`, `another token asked for ${of("renew")}`, `admitted ${of("admitted")}`);
}

// What it takes of the main thread: compiling is done beside it.
const folder = new URL("../../pkg/public/pkg/", import.meta.url);
const module = await readFile(new URL((await readdir(folder)).find((name) => name.startsWith("handstamp_look@")) ?? "", folder));
const { page, context } = await pages.hostPage({ tag: "" });
const spent = await page.evaluate(async ([bytes, token]) => {
  const compiled = await WebAssembly.compile(Uint8Array.from(/** @type {number[]} */ (bytes)));
  const start = performance.now();
  const { exports } = new WebAssembly.Instance(compiled);
  const core = /** @type {any} */ (exports);
  const ask = (/** @type {string} */ text, /** @type {(bytes: number) => number} */ call) => {
    const encoded = new TextEncoder().encode(text);
    const at = core.room(encoded.length);
    new Uint8Array(core.memory.buffer, at, encoded.length).set(encoded);
    return call(encoded.length);
  };
  ask("{}", core.prepare_look);
  ask(`100001\n${token}`, (/** @type {number} */ length) => core.look(length, Date.now() / 1000));
  return performance.now() - start;
}, /** @type {const} */ ([[...module], tokens[0] ?? ""]));
console.log(`module ${gzipSync(module).length} bytes gzip; instance, rules and one look: ${spent.toFixed(1)} ms of the main thread`);
await context.close();
line.close();
await pages.close();
process.exit(0); // The browser is its tests' own, and would tell of its end.
