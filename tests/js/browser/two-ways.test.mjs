// One verdict in Node and in Chromium, by the module and by the WebCrypto of each.

import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { test } from "node:test";
import * as entry from "../../../pkg/dist/node.js";
import { empty, open } from "../support/browser/chromium.mjs";
import { judge } from "../support/entries/two-ways-judge.js";
import { rows } from "../support/two-ways.mjs";

const root = new URL("../../../", import.meta.url);

const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url ?? "/", "http://127.0.0.1");
  if (pathname === "/") return response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>two ways</title>");
  const content = await readFile(new URL(`.${pathname}`, root)).catch(() => null);
  return response.writeHead(content ? 200 : 404, { "content-type": "text/javascript" }).end(content);
});

test("Chromium and Node come to one verdict and one code, by either way", async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const browser = await open();
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}/`);
    const all = rows();
    for (const way of /** @type {const} */ (["module", "host"])) {
      const found = await page.evaluate(async ({ way, all }) => {
        const load = (/** @type {string} */ path) => import(path);
        const [entry, { judge }] = await Promise.all([load("/pkg/dist/inline.js"), load("/tests/js/support/entries/two-ways-judge.js")]);
        return judge(entry, way, all);
      }, { way, all });
      const here = await judge(entry, way, all);
      all.forEach(({ key }, index) => assert.equal(found[index], here[index], `${key.alg} ${key.enc ?? ""} row ${index} by the ${way}`));
      assert.ok(all.length > 300, `${all.length} rows`);
    }
    console.log(`  Node and Chromium, either way: ${all.length} tokens, one verdict and one code each`);
  } finally {
    await empty();
    server.close();
  }
});
