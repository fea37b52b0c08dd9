// What the first look in the campaign frame brings on a slow network: Chromium behind a proxy of 1.6 Mbit/s and 150 ms, a page
// whose first token has expired. With and without the look, in turns; cold, and with the module kept by the browser:
//
//   CHROME_PATH=/usr/bin/chromium node benches/js/first-look.mjs [runs]

import { createServer, request as send } from "node:http";
import { readFile, readdir } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { openHostPages } from "../../tests/js/support/browser/host_page.mjs";
import { open } from "../../tests/js/support/browser/chromium.mjs";

const [BYTES_PER_MS, ONE_WAY_MS] = [200, 75];
const runs = Number(process.argv[2] ?? 7);
const pause = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** A proxy with one line for all, which compresses as an edge does. */
async function slowLine() {
  let free = 0;
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    await pause(ONE_WAY_MS);
    const { method, headers } = request;
    const onward = send(/** @type {string} */ (request.url), { method, headers: { ...headers, "accept-encoding": "identity" } }, async (answer) => {
      const parts = [];
      for await (const part of answer) parts.push(part);
      const plain = Buffer.concat(parts);
      const small = plain.length > 500 && /wasm|javascript|css|html|json/.test(answer.headers["content-type"] ?? "") ? gzipSync(plain) : plain;
      const { "content-length": _length, "transfer-encoding": _encoding, ...rest } = answer.headers;
      const now = performance.now();
      free = Math.max(free, now) + small.length / BYTES_PER_MS;
      await pause(free - now + ONE_WAY_MS);
      response.writeHead(answer.statusCode ?? 502, { ...rest, ...(small !== plain && { "content-encoding": "gzip" }), "content-length": small.length });
      response.end(small);
    });
    onward.on("error", () => response.destroy());
    onward.end(Buffer.concat(chunks));
  });
  // A new connection takes a round trip of its own.
  server.on("connection", (socket) => {
    socket.pause();
    setTimeout(() => socket.resume(), 2 * ONE_WAY_MS);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  return { url: `http://127.0.0.1:${/** @type {any} */ (server.address()).port}`, close: () => server.close() };
}

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
