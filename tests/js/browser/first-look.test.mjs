// The first look at a token in the frame: another token is asked for before the service has answered; the service decides; and
// where the module cannot run, everything is as without it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { container, event, openHostPages } from "../support/browser/host_page.mjs";
import { until } from "../support/patience.mjs";

/** @type {Awaited<ReturnType<typeof openHostPages>>} */
let pages;
before(async () => {
  pages = await openHostPages();
});
after(() => pages?.close());

/** A token function that gives these one after the other. @param {...string} tokens */
const giving = (...tokens) => `let asked = 0; const tokens = ${JSON.stringify(tokens)}; window.handstampToken = async () => tokens[Math.min(asked++, tokens.length - 1)];`;

const expired = () => {
  const now = Math.floor(Date.now() / 1000);
  return pages.mint({ iat: now - 900, exp: now - 600 });
};

/** @param {import("playwright-core").BrowserContext} context @param {string[]} order */
async function holdFirstAdmission(context, order) {
  let release = () => {};
  const renewed = new Promise((resolve) => (release = () => resolve(undefined)));
  await context.route("**/v1/token/admit", async (route) => {
    order.push("asked");
    // The answer about the first token comes only after the second was sent.
    if (order.length === 1) await renewed;
    else release();
    await route.continue();
  });
}

for (const [name, first] of /** @type {[string, () => Promise<string>][]} */ ([["an expired token", expired], ["a string that is not a token", async () => "abc.def"]])) {
  test(`${name} is renewed while the service has not answered yet`, async () => {
    const { context, page, screen } = await pages.hostPage({ script: giving(await first(), await pages.mint()), tag: "" });
    /** @type {string[]} */
    const order = [];
    await holdFirstAdmission(context, order);
    await page.addScriptTag({ url: `${pages.worker}/tag.js` });
    await screen.getByText("Hello Lea").waitFor();
    assert.deepEqual(order, ["asked", "asked"]);
    assert.ok(await event(page, "expired"));
    assert.equal((await event(page, "admitted")).technique, "token");
    await context.close();
  });
}

test("the two looks are told with their times, and a token that is good is not asked for again", async () => {
  const { context, page, screen } = await pages.hostPage({ script: giving(await pages.mint(), "never") });
  await screen.getByText("Hello Lea").waitFor();
  const { seen, here, there } = await event(page, "looked");
  assert.equal(seen, "good");
  assert.ok(here >= 0 && there > 0, `${here} ${there}`);
  assert.equal(await page.evaluate("asked"), 1);
  await context.close();
});

test("the service admits with the token of before where the renewed one is refused", async () => {
  // A page whose rules are older than the service's: the look finds the token expired, the service does not.
  const { context, page, screen } = await pages.hostPage({ script: giving(await pages.mint(), "abc.def"), tag: "" });
  await context.route(/\/campaign\/demo\/100001/, async (route) => {
    const response = await route.fetch();
    const text = (await response.text()).replace(/"now":\d+/, '"now":4000000000');
    await route.fulfill({ response, body: text });
  });
  /** @type {string[]} */
  const order = [];
  await holdFirstAdmission(context, order);
  await page.addScriptTag({ url: `${pages.worker}/tag.js` });
  await screen.getByText("Hello Lea").waitFor();
  assert.deepEqual(order, ["asked", "asked"]);
  await context.close();
});

for (const [name, prepare] of /** @type {[string, (context: import("playwright-core").BrowserContext) => Promise<unknown>][]} */ ([
  ["without WebAssembly", (context) => context.addInitScript("delete globalThis.WebAssembly")],
  ["without the module", (context) => context.route("**/*.wasm", (route) => route.abort())],
])) {
  test(`${name}, an expired token is renewed once the service says so`, async () => {
    const { context, page, screen } = await pages.hostPage({ script: giving(await expired(), await pages.mint()), tag: "" });
    await prepare(context);
    await page.reload();
    await page.addScriptTag({ url: `${pages.worker}/tag.js` });
    await screen.getByText("Hello Lea").waitFor();
    assert.ok((await event(page, "expired")).ref, "the service's answer, with its number");
    await context.close();
  });
}

test("the module is loaded for a page that can renew alone, and is kept for ever", async () => {
  /** @type {string[]} */
  const modules = [];
  /** @param {import("playwright-core").Response} response */
  const note = (response) => void (response.url().endsWith(".wasm") && modules.push(response.url(), response.headers()["cache-control"] ?? ""));
  const fixed = await pages.hostPage({ body: container({ token: await pages.mint() }), tag: "" });
  fixed.context.on("response", note);
  await fixed.page.addScriptTag({ url: `${pages.worker}/tag.js` });
  await fixed.screen.getByText("Hello Lea").waitFor();
  assert.deepEqual(modules, []);
  await fixed.context.close();
  const renewing = await pages.hostPage({ script: giving(await pages.mint()), tag: "" });
  renewing.context.on("response", note);
  await renewing.page.addScriptTag({ url: `${pages.worker}/tag.js` });
  await event(renewing.page, "looked");
  await until(() => modules.length > 0, "the module was fetched");
  const [url, kept] = [String(modules[0]), modules[1]];
  assert.equal(modules.length, 2);
  assert.match(url, /\/pkg\/handstamp_look@[\da-f]{12}\.wasm$/);
  assert.equal(kept, "public, max-age=31536000, immutable");
  await renewing.context.close();
});
