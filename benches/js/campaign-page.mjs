// What a visitor waits for on a slow network with a slow processor: Chromium behind a line of 1.6 Mbit/s and 150 ms, its processor
// four times as slow, opens a campaign's page until the first step stands there. Cold, and with what the browser has kept:
//
//   CHROME_PATH=/usr/bin/chromium node benches/js/campaign-page.mjs [runs]

import { loadavg } from "node:os";
import { open } from "../../tests/js/support/browser/chromium.mjs";
import { openHostPages } from "../../tests/js/support/browser/host_page.mjs";
import { slowLine } from "./slow-line.mjs";

const SLOWER = 4;
const runs = Number(process.argv[2] ?? 7);
const median = (/** @type {number[]} */ numbers) => Math.round(numbers.sort((a, b) => a - b)[numbers.length >> 1] ?? 0);

const [pages, line, browser] = [await openHostPages(), await slowLine(), await open()];
const address = `${pages.worker}/campaign/demo/100001`;

/** @type {Record<string, { ms: number, blocking: number, files: [string, number][] }[]>} */
const found = { cold: [], kept: [] };
for (let run = 0; run < runs; run += 1) {
  const context = await browser.newContext({ proxy: { server: line.url } });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
  await page.addInitScript(() => {
    const seen = () => {
      if (!document.querySelector("section[data-step]")) return;
      Object.assign(window, { first: performance.now() });
      watch.disconnect();
    };
    const watch = new MutationObserver(seen);
    watch.observe(document, { childList: true, subtree: true });
    Object.assign(window, { blocking: 0 });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) Object.assign(window, { blocking: /** @type {any} */ (window).blocking + duration });
    }).observe({ type: "longtask", buffered: true });
  });
  for (const state of Object.keys(found)) {
    await page.goto(`${address}?${state}`);
    await page.waitForFunction(() => /** @type {any} */ (window).first);
    found[state]?.push(await page.evaluate(() => {
      const { first, blocking } = /** @type {any} */ (window);
      const all = /** @type {PerformanceResourceTiming[]} */ ([...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]);
      const before = all.filter(({ responseEnd }) => responseEnd > 0 && responseEnd <= first);
      return { ms: first, blocking, files: before.map(({ name, transferSize }) => [new URL(name).pathname, transferSize]) };
    }));
  }
  await context.close();
}
console.log(`medians of ${runs} runs, load ${loadavg()[0]?.toFixed(1)}`);
for (const [state, list] of Object.entries(found)) {
  const bytes = median(list.map(({ files }) => files.reduce((sum, [, size]) => sum + size, 0)));
  console.log(`${state}: first step after ${median(list.map(({ ms }) => ms))} ms, ${bytes} bytes before it, long tasks ${median(list.map(({ blocking }) => blocking))} ms`);
}
for (const [name, size] of found.cold?.[0]?.files ?? []) console.log(`  ${name} ${size}`);
line.close();
await pages.close();
process.exit(0);
