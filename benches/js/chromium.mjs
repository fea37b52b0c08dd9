// Chromium: one page for all cases.

import { createServer } from "node:http";
import { once } from "node:events";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { fileURLToPath } from "node:url";

// An isolated page has a clock of 5 µs instead of 100.
const ISOLATED = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };

/** @returns {Promise<{ measure: (given: object, plan: object) => Promise<Record<string, number[]>>, close: () => Promise<void> }>} */
export async function open() {
  const executablePath = process.env.CHROME_PATH;
  if (!executablePath) throw new Error("CHROME_PATH names no browser");
  const entry = fileURLToPath(new URL("page.js", import.meta.url));
  const bundle = await build({ entryPoints: [entry], bundle: true, write: false, format: "esm", target: "es2022", logLevel: "warning" });
  const script = bundle.outputFiles[0].text;
  const server = createServer(({ url }, response) => {
    if (url === "/page.js") response.writeHead(200, { "content-type": "text/javascript", ...ISOLATED }).end(script);
    else response.writeHead(200, { "content-type": "text/html", ...ISOLATED }).end('<!doctype html><title>bench</title><script type="module" src="page.js"></script>');
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"] });
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  await page.waitForFunction(() => "run" in globalThis);
  return {
    measure: (given, plan) => page.evaluate(({ given, plan }) => globalThis.run(given, plan), { given, plan }),
    async close() {
      await browser.close();
      server.close();
    },
  };
}
