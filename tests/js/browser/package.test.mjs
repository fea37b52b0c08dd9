// The package's browser entries in a real browser, under the strictest policy that each of them needs.

import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { empty, open } from "../support/browser/chromium.mjs";
import { CAMPAIGN, claims, pair, sign } from "../support/mint.mjs";

const dist = new URL("../../../pkg/dist/", import.meta.url);
const TYPES = /** @type {Record<string, string>} */ ({ js: "text/javascript", wasm: "application/wasm" });

/** What each entry needs of the page's policy, beside its own scripts. */
const POLICIES = /** @type {Record<string, string>} */ ({
  inline: "connect-src 'none'",
  web: "connect-src 'self'",
  slim: "connect-src 'self'",
});

const server = createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://127.0.0.1");
  if (pathname === "/") {
    const rest = POLICIES[searchParams.get("entry") ?? ""];
    const policy = `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; ${rest}; require-trusted-types-for 'script'; trusted-types 'none'`;
    response.writeHead(200, { "content-type": "text/html", "content-security-policy": policy }).end("<!doctype html><title>entry</title>");
    return;
  }
  try {
    const content = await readFile(new URL(`.${pathname}`, dist));
    response.writeHead(200, { "content-type": TYPES[pathname.split(".").at(-1) ?? ""] ?? "text/plain" }).end(content);
  } catch {
    response.writeHead(404).end();
  }
});
let base = "";
/** @type {import("playwright-core").Browser} */
let browser;

before(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  base = `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}`;
  browser = await open();
});
after(async () => {
  await empty();
  server.close();
});

for (const entry of ["inline", "web", "slim"]) {
  test(`handstamp's ${entry} entry admits and refuses in a page with a strict policy`, async () => {
    const key = await pair("ES256");
    const good = await sign(claims(), "ES256", key.privateKey);
    const page = await browser.newPage();
    /** @type {string[]} */
    const faults = [];
    page.on("console", (message) => message.type() === "error" && !message.text().includes("favicon") && faults.push(message.text()));
    await page.goto(`${base}/?entry=${entry}`);
    const found = await page.evaluate(async ({ entry, good, jwk, campaignId }) => {
      const { createVerifier, decide, init } = await import(/** @type {any} */ (`/${entry}.js`));
      const code = (/** @type {() => unknown} */ call) => Promise.resolve().then(call).then(() => "ok", (error) => error.code);
      const before = await code(() => decide({ nb: 1 }, 0));
      if (entry === "slim") await init("/handstamp_bg.wasm");
      const verifier = await createVerifier({ verify: { method: "publicKey", key: jwk, alg: "ES256" } });
      const secret = { verify: { method: "symmetricKey", key: "s".repeat(32), encoding: "utf8", alg: "HS256" } };
      return [
        before,
        (await verifier.admit(good, { campaignId })).prefill.form.city,
        await code(() => verifier.admit(`${good.slice(0, -4)}AAAA`, { campaignId })),
        await code(() => createVerifier(secret)),
        decide({ nb: 1 }, 1).reason,
      ];
    }, { entry, good, jwk: key.jwk, campaignId: CAMPAIGN });
    assert.deepEqual(found, ["not_initialised", "Liège", "signature_invalid", "secret_in_browser", "quota_reached"]);
    assert.deepEqual(faults, []);
    await page.close();
  });
}

test("nothing is compiled synchronously in a window, and after a trap the window goes on", async () => {
  const key = await pair("ES256");
  const good = await sign(claims(), "ES256", key.privateKey);
  const page = await browser.newPage();
  await page.addInitScript(() => {
    const counted = /** @type {any} */ (window);
    counted.compiled = 0;
    WebAssembly.Module = new Proxy(WebAssembly.Module, {
      construct(target, given) {
        counted.compiled += 1;
        return Reflect.construct(target, given);
      },
    });
  });
  await page.goto(`${base}/?entry=inline`);
  const found = await page.evaluate(async ({ good, jwk, campaignId }) => {
    const { createVerifier, encryptCompact, init } = await import(/** @type {any} */ ("/inline.js"));
    await init();
    const verifier = await createVerifier({ verify: { method: "publicKey", key: jwk, alg: "ES256" } });
    const admit = async () => (await verifier.admit(good, { campaignId })).decision;
    const before = await admit();
    // More than a 32-bit memory has left; the bytes are never touched.
    const tooMuch = new Uint8Array(4_200_000_000);
    const trap = await encryptCompact(tooMuch, { key: jwk }, { alg: "ECDH-ES", enc: "A256GCM", allowSecretsInBrowser: true }).then(() => "ok", (/** @type {any} */ error) => error.code);
    return [before, trap, await admit(), verifier.admitSync(good, { campaignId }).decision, /** @type {any} */ (window).compiled];
  }, { good, jwk: key.jwk, campaignId: CAMPAIGN });
  assert.deepEqual(found, ["allowed", "internal", "allowed", "allowed", 0]);
  await page.close();
});
