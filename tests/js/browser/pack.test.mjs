// The conformance pack in Chromium: what the native command line expects, whoever computes.

import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { test } from "node:test";
import { empty, open } from "../support/browser/chromium.mjs";
import { compare, pack, table } from "../support/pack.mjs";

const root = new URL("../../../", import.meta.url);

const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url ?? "/", "http://127.0.0.1");
  if (pathname === "/") return response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>pack</title>");
  const content = await readFile(new URL(`.${pathname}`, root)).catch(() => null);
  return response.writeHead(content ? 200 : 404, { "content-type": "text/javascript" }).end(content);
});

test("the conformance pack has one outcome in Chromium and native", async (t) => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const browser = await open();
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}/`);
    /** @type {Record<string, any[]>} */
    const hosts = {};
    for (const way of /** @type {const} */ (["table", "module", "host"])) {
      hosts[`Chromium by ${way}`] = await page.evaluate(async ({ way, pack }) => {
        const load = (/** @type {string} */ path) => import(path);
        const [entry, { judge }] = await Promise.all([load("/pkg/dist/inline.js"), load("/tests/js/support/entries/pack-judge.js")]);
        return judge(entry, way, pack);
      }, { way, pack });
    }
    for (const line of table(hosts)) t.diagnostic(line);
    for (const [host, judged] of Object.entries(hosts)) compare(host, judged);
  } finally {
    await empty();
    server.close();
  }
});
