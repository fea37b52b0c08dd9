// A page in Chromium, from a folder that a server of one visit gives away.

import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { chromium } from "playwright-core";

const TYPES = /** @type {Record<string, string>} */ ({ ".js": "text/javascript", ".mjs": "text/javascript", ".html": "text/html", ".wasm": "application/wasm", ".css": "text/css" });

/** @type {Promise<import("playwright-core").Browser> | undefined} */
let launched;
export const browser = () => (launched ??= chromium.launch({ executablePath: process.env.CHROME_PATH, args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"] }));

export async function closeBrowser() {
  await (await launched)?.close();
}

/**
 * Opens a page and waits for what its program says in the title.
 * @param {{ folder: string, page?: string } | { url: string }} from a folder to serve, or what serves already
 * @returns {Promise<string>}
 */
export async function visit(from) {
  const server = "folder" in from ? await serve(from.folder, from.page) : null;
  const page = await (await browser()).newPage();
  /** @type {string[]} */
  const faults = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  try {
    await page.goto(server?.url ?? /** @type {{ url: string }} */ (from).url);
    await page.waitForFunction(() => document.title !== "waiting", null, { timeout: 30_000 });
    return await page.title();
  } catch (fault) {
    throw new Error([/** @type {Error} */ (fault).message.split("\n")[0], ...faults].join("; "));
  } finally {
    await page.close();
    server?.close();
  }
}

/** @param {string} folder @param {string} [page] in the place of index.html */
async function serve(folder, page) {
  const server = createServer(async (request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url ?? "/", "http://127.0.0.1").pathname));
    const name = path === "/" ? "/index.html" : path;
    try {
      const content = path === "/" && page ? page : await readFile(join(folder, name));
      response.writeHead(200, { "content-type": TYPES[extname(name)] ?? "application/octet-stream" }).end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return { url: `http://127.0.0.1:${port}/`, close: () => server.close() };
}
