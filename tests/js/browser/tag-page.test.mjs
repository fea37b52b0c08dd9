// How the tag behaves on the host page: lazy without a shift, silent before consent, gone without a trace, and never blank.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { CONTAINER, container, event, openHostPages } from "../support/browser/host_page.mjs";
import { signInAtProvider } from "../support/browser/visit.mjs";
import { pause, until } from "../support/patience.mjs";

/** @type {Awaited<ReturnType<typeof openHostPages>>} */
let pages;
let stub = "";
before(async () => {
  pages = await openHostPages();
  stub = (await readFile(new URL("../../../pkg/dist/stub.js", import.meta.url), "utf8")).replace("https://campaigns.example", pages.worker);
});
after(() => pages?.close());

/** Counts layout shifts from the first moment. */
const SHIFTS = `window.shifts = []; new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) shifts.push(entry.value);
}).observe({ type: "layout-shift", buffered: true });`;
const MOVED = /** @type {const} */ ({ reducedMotion: "no-preference" });
const BELOW = '<p style="height:60px">Below the campaign</p>';
const FAR = '<div style="height:6000px"></div>';

test("a campaign far down loads when it comes near the view, and nothing moves", async () => {
  const { hostPage, mint, worker } = pages;
  const body = FAR + container({ lazy: "true", height: "700", token: await mint() }) + BELOW;
  /** @type {string[]} */
  const asked = [];
  const { context, page, screen, faults } = await hostPage({ body, script: SHIFTS, visitor: MOVED, prepare: ({ page }) => page.on("request", (request) => asked.push(request.url())) });
  await page.waitForTimeout(700);
  assert.equal(asked.filter((url) => url.includes("/campaign/")).length, 0, "not before");
  assert.equal(Math.round(Number((await page.locator("#box").boundingBox())?.height)), 700, "its place is kept");
  await page.evaluate(() => scrollTo(0, 5400));
  await screen.getByText("Hello Lea").waitFor();
  await page.waitForTimeout(300);
  assert.deepEqual(await page.evaluate(() => /** @type {any} */ (window).shifts), []);
  assert.ok(asked.some((url) => url.startsWith(`${worker}/campaign/demo/100001`)));
  assert.deepEqual(faults, []);
  await context.close();
});

test("with the stub in the page nothing moves either, though the tag comes late", async () => {
  const { hostPage, mint, worker } = pages;
  const visit = await hostPage({ body: container({ height: "700", token: await mint() }) + BELOW, script: SHIFTS + stub, tag: "", visitor: MOVED });
  await visit.screen.getByText("Hello Lea").waitFor();
  await visit.context.route(`${worker}/tag.js`, async (route) => {
    await pause(600);
    await route.continue();
  });
  await visit.page.reload();
  await visit.screen.getByText("Hello Lea").waitFor();
  await visit.page.waitForTimeout(300);
  assert.deepEqual(await visit.page.evaluate(() => /** @type {any} */ (window).shifts), []);
  await visit.context.close();
});

test("who is back from a login sees the campaign at once, lazy or not", async () => {
  const { hostPage } = pages;
  const body = `${FAR}${CONTAINER.replace("100001", "100002").replace("></div>", ' data-handstamp-lazy="true"></div>')}`;
  const { context, page, screen } = await hostPage({ body });
  await page.evaluate(() => scrollTo(0, 6000));
  await screen.getByRole("button", { name: "Start" }).press("Enter");
  for (let number = 1; number <= 3; number += 1) {
    await screen.getByText(`Question ${number} of 3`).waitFor();
    await screen.getByRole("radio").first().press("Space");
    await screen.getByRole("button", { name: "Next" }).press("Enter");
  }
  await screen.getByRole("button", { name: "Continue with your account" }).press("Enter");
  await signInAtProvider(page);
  await screen.getByRole("heading", { name: "Almost there, Lea" }).waitFor();
  await until(() => page.evaluate(() => scrollY > 3000), "the page is where it was");
  await page.waitForFunction(() => document.activeElement?.tagName === "IFRAME");
  await context.close();
});

for (const [spelling, options] of /** @type {const} */ ([["the tag", {}], ["the stub", { stub: true }]])) {
  test(`before consent ${spelling} requests and keeps nothing; after it the campaign plays`, async () => {
    const { hostPage, mint, worker } = pages;
    const withStub = "stub" in options;
    const visit = await hostPage({ body: container({ consent: "required", token: await mint() }), script: withStub ? stub : "", ...(withStub && { tag: "" }) });
    /** @type {string[]} */
    const asked = [];
    visit.page.on("request", (request) => asked.push(request.url()));
    await visit.page.reload();
    await visit.page.waitForTimeout(700);
    const own = asked.filter((url) => url.startsWith(worker));
    assert.deepEqual(own, withStub ? [] : [`${worker}/tag.js`]);
    assert.deepEqual(await visit.page.evaluate(() => [document.cookie, localStorage.length, sessionStorage.length]), ["", 0, 0]);
    assert.deepEqual(await visit.context.cookies(), []);
    // As a consent platform's callback would, more than once.
    await visit.page.evaluate(() => {
      window.handstamp("consent");
      window.handstamp("consent");
    });
    await visit.screen.getByText("Hello Lea").waitFor();
    assert.equal(await visit.page.locator("iframe").count(), 1);
    // One that comes later needs not ask again.
    await visit.page.evaluate(() => window.handstamp("create", "#box"));
    await visit.screen.getByText("Hello Lea").waitFor();
    await visit.context.close();
  });
}

test("mounted and taken away 20 times, as a framework does, nothing is left over", async () => {
  const { hostPage, mint, worker } = pages;
  const options = JSON.stringify({ account: "demo", campaign: "100001", base: worker, token: await mint() });
  const { context, page, faults } = await hostPage({ body: '<div id="box"></div>' });
  await page.waitForFunction(() => "campaigns" in (window.handstamp ?? {}));
  await page.clock.install();
  const session = await context.newCDPSession(page);
  const counters = async () => {
    await session.send("HeapProfiler.collectGarbage");
    await session.send("HeapProfiler.collectGarbage");
    return session.send("Memory.getDOMCounters");
  };
  /** StrictMode: mounted, taken away and mounted again at once. @param {number} times */
  async function cycle(times) {
    for (let time = 0; time < times; time += 1) {
      await page.evaluate((given) => {
        window.handstamp("create", "#box", JSON.parse(given))?.destroy();
        window.handstamp("create", "#box", JSON.parse(given));
      }, options);
      await page.waitForTimeout(15);
      await page.evaluate(() => window.handstamp("destroy", "#box"));
    }
    // The longest timer of a campaign that is gone may still hold it.
    await page.clock.runFor(10_000);
  }
  await cycle(5);
  const before = await counters();
  await cycle(20);
  let later = before;
  // What a busy browser has not taken away yet is no leak.
  await until(async () => {
    later = await counters();
    return later.documents <= before.documents + 1 && later.jsEventListeners <= before.jsEventListeners + 5 && later.nodes <= before.nodes + 50;
  }, () => `${JSON.stringify(later)} is what it was before: ${JSON.stringify(before)}`);
  // Only now: to ask by a locator leaves listeners of its own.
  assert.equal(await page.locator("iframe").count(), 0);
  assert.deepEqual(faults, []);
  await context.close();
});

test("a container that a tag manager adds late is found; one that never comes is E_TARGET", async () => {
  const { hostPage, mint } = pages;
  const late = `setTimeout(() => document.body.insertAdjacentHTML("beforeend", '${container({ token: await mint() })}'), 1500);`;
  const visit = await hostPage({ body: "", script: stub + late, tag: "" });
  await visit.screen.getByText("Hello Lea").waitFor();
  await visit.context.close();

  const never = await hostPage({ body: "", tag: "" });
  await never.page.clock.install();
  await never.page.evaluate(stub);
  await never.page.clock.runFor(11_000);
  assert.deepEqual(await never.page.evaluate(() => /** @type {any} */ (window).seen), [{ name: "error", code: "E_TARGET" }]);
  await never.context.close();

  const wrong = await hostPage({ body: "" });
  await wrong.page.waitForFunction(() => "campaigns" in (window.handstamp ?? {}));
  await wrong.page.evaluate(() => {
    try {
      window.handstamp("create", "#nowhere");
    } catch {}
  });
  assert.equal((await event(wrong.page, "error")).code, "E_TARGET");
  await wrong.context.close();
});

for (const [how, block] of /** @type {[string, (route: import("playwright-core").Route) => Promise<void>][]} */ ([
  ["blocked", (route) => route.abort("blockedbyclient")],
  ["replaced by nothing", (route) => route.fulfill({ contentType: "text/javascript", body: "" })],
])) {
  test(`a tag that is ${how} leaves a link, from the stub`, async () => {
    const { hostPage, worker } = pages;
    const visit = await hostPage({ script: "", tag: "" });
    await visit.context.route(`${worker}/tag.js`, block);
    await visit.page.clock.install();
    await visit.page.evaluate(stub);
    await visit.page.clock.runFor(10_000);
    assert.equal((await event(visit.page, "error")).code, "E_BLOCKED");
    assert.equal(await visit.page.getByRole("link", { name: "Campaign" }).getAttribute("href"), `${worker}/campaign/demo/100001`);
    assert.equal(await visit.page.locator("#box a").count(), 1);
    await visit.context.close();
  });
}

test("a frame that is blocked leaves a button within seconds, and no empty room", async () => {
  const { hostPage, worker } = pages;
  const visit = await hostPage({ tag: "" });
  await visit.context.route(`${worker}/campaign/demo/**`, (route) => route.abort("blockedbyclient"));
  await visit.page.addScriptTag({ url: `${worker}/tag.js` });
  assert.equal((await event(visit.page, "error")).code, "E_BLOCKED");
  assert.equal(await visit.page.locator("#box a").getAttribute("href"), `${worker}/campaign/demo/100001`);
  assert.equal(await visit.page.locator("#box iframe").isVisible(), false);
  assert.ok(((await visit.page.locator("#box").boundingBox())?.height ?? 640) < 80, "a button, not a grey area");
  await visit.context.close();
});

/** @type {[string, string, (site: string) => { body: string, at?: string }, RegExp][]} */
const SETUPS = [
  ["E_ORIGIN", "a page of an origin that the account does not list", (site) => ({ body: CONTAINER, at: site.replace("localhost", "127.0.0.1") }), /^Add http:\/\/127\.0\.0\.1:\d+ to the origins of account demo\.$/],
  ["E_CAMPAIGN", "a campaign that does not exist", () => ({ body: CONTAINER.replace("100001", "nothing") }), /^The account demo has no campaign nothing\.$/],
  ["E_ACCOUNT", "an account that does not exist", () => ({ body: CONTAINER.replace('"demo"', '"nobody"') }), /^There is no account nobody\.$/],
  ["E_ATTRIBUTE", "a container without an account", () => ({ body: CONTAINER.replace('data-handstamp-account="demo"', "") }), /^Set data-handstamp-account and data-handstamp-campaign\.$/],
];
for (const [code, what, setup, sentence] of SETUPS) {
  test(`${what} is ${code}, with the sentence to act on in the event, the console and the trail`, async () => {
    const { hostPage, site } = pages;
    const { body, at = site } = setup(site);
    const visit = await hostPage({ body });
    /** @type {string[]} */
    const console = [];
    visit.page.on("console", (message) => console.push(message.text()));
    await visit.page.goto(`${at}/host?handstamp-debug`);
    const told = await event(visit.page, "error");
    assert.equal(told.code, code);
    assert.match(told.says, sentence);
    await visit.page.getByRole("log").getByText(told.says).waitFor();
    if (code !== "E_ATTRIBUTE") {
      await visit.page.getByRole("link", { name: "Campaign" }).waitFor();
      await until(() => console.includes(`handstamp: ${code}: ${told.says}`), () => `the console says so; it says ${console.join("\n")}`);
    }
    assert.equal(await visit.page.evaluate(() => /** @type {any} */ (window).seen.filter((/** @type {any} */ one) => one.name === "error").length), 1, "told once");
    await visit.context.close();
  });
}

test("words of the page where there was no link, and Reload where the page can make a new token", async () => {
  const { hostPage, mint } = pages;
  const spoilt = (await mint()).slice(0, -8) + "AAAAAAAA";
  const fixed = await hostPage({ body: container({ token: spoilt }) });
  await fixed.screen.getByRole("heading", { name: "We could not check who you are" }).waitFor();
  assert.equal(await fixed.screen.getByRole("button", { name: "Reload" }).count(), 0);
  await fixed.context.close();

  const renews = await hostPage({ script: `window.handstampToken = () => (window.good ? "${await mint()}" : "${spoilt}");` });
  const reload = renews.screen.getByRole("button", { name: "Reload" });
  await reload.waitFor();
  await renews.page.evaluate(() => (/** @type {any} */ (window).good = true));
  await reload.press("Enter");
  await renews.screen.getByRole("button", { name: "Start" }).waitFor();
  await renews.context.close();
});

test("a campaign that never answers is E_TIMEOUT", async () => {
  const { hostPage, worker } = pages;
  const visit = await hostPage({ tag: "" });
  await visit.context.route(`${worker}/campaign/demo/**`, () => {});
  await visit.page.clock.install();
  await visit.page.addScriptTag({ url: `${worker}/tag.js` });
  await visit.page.clock.runFor(10_000);
  assert.equal((await event(visit.page, "error")).code, "E_TIMEOUT");
  await visit.context.close();
});

/** The call shape of the published snippet: names and positions. @param {string} address @param {string} guid @param {string} more */
const snippet = (address, guid, more = "") => `
  (function (place, global, name, kind, source) {
    var added = place.createElement(kind), first = place.getElementsByTagName(kind)[0];
    added.async = 1; added.src = source; first.parentNode.insertBefore(added, first);
    global[name] = global[name] || [];
  })(document, window, "_qual_async", "script", "${address}");
  ${more}
  _qual_async.push(["createIframe", "box", "demo.campaigns.example", "20", "${guid}", "100%", "700", "", "", "", "max-width:500px;margin:0 auto;"]);`;

test("the published snippet of an older tag works as it is, with its script's address alone changed", async () => {
  const { all, document, hostPage, mint, worker } = pages;
  document.campaigns.AAAAAAAABBBB4CCC8DDDEEEEEEEEEEEE = { ...document.campaigns["100001"], signIn: ["anonymous"] };
  assert.equal((await all.demo.operator.call("PUT", "/v1/accounts/demo", document)).status, 200);
  // The channel's id names the campaign, the host's name the account.
  const plain = await hostPage({ body: '<div id="box" class="qualifio_iframe_wrapper"></div>', script: snippet(`${worker}/kit/qualp.2.min.js`, "AAAAAAAA-BBBB-4CCC-8DDD-EEEEEEEEEEEE"), tag: "" });
  await plain.screen.getByRole("button", { name: "Start" }).waitFor();
  assert.equal((await plain.page.locator("#box").boundingBox())?.width, 500);
  assert.equal(await plain.page.locator("iframe").count(), 1);
  await plain.context.close();
  // Two attributes name the campaign, and the token comes by setMetaData, before or after.
  for (const early of [true, false]) {
    const token = await mint({ sub: `shim-${early}` });
    const meta = `_qual_async.push(["setMetaData", "token", "${token}"]);`;
    const more = early ? meta : "";
    const visit = await hostPage({ script: snippet(`${worker}/tag-shim.js`, "0A0A0A0A-0000-4000-8000-000000000000", more), tag: "" });
    await event(visit.page, "ready");
    if (!early) await visit.page.evaluate(meta);
    await visit.screen.getByText("Hello Lea").waitFor();
    await visit.context.close();
  }
});
