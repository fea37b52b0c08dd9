// What the diagnosis page promises: its policy closes every way out but those that the page itself names. Each way is
// first shown to work on a page without a policy.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { LEAVING, QUIET, STUN, openCollector } from "../support/browser/channels.mjs";
import { openDiagnosis } from "../support/browser/diagnosis.mjs";
import { until } from "../support/patience.mjs";

const WAYS = [...Object.keys(QUIET), ...Object.keys(LEAVING), ...Object.keys(STUN)];
/** What no policy prevents, as the page says under "What no policy prevents". */
const LEFT = ["navigation", "link click", "meta refresh", "WebRTC of a new frame"];
/** A saved page has no headers, so nothing forbids it to open a window. */
const LEFT_TO_A_FILE = ["window.open", "link to a new window", ...LEFT];

/** @type {Awaited<ReturnType<typeof openDiagnosis>>} */
let diagnosis;
/** @type {Awaited<ReturnType<typeof openCollector>>} */
let collector;
const bare = createServer((_, response) => void response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>Bare</title><body>"));
before(async () => {
  [diagnosis, collector] = await Promise.all([openDiagnosis({ worker: true }), openCollector()]);
  await new Promise((resolve) => bare.listen(0, "127.0.0.1", () => resolve(undefined)));
});
after(async () => {
  bare.close();
  await collector?.close();
  await diagnosis?.close();
});

/**
 * Takes a way out of the page, by the debugger, as its policy runs no other script. Whatever it throws, and whether it
 * ever ends, does not matter: who listens knows.
 * @param {import("playwright-core").Page} page @param {Function} way @param {string} url
 */
const take = (page, way, url) =>
  page.evaluate(`(async () => { try { await Promise.race([(${way})(${JSON.stringify(url)}), new Promise((done) => setTimeout(done, 200))]); } catch {} })()`).catch(() => {});

/**
 * The ways that led out of one page. Those that are expected to are waited for; the others get a moment.
 * @param {string} scenario @param {string} address @param {string[]} expected
 */
async function waysOut(scenario, address, expected) {
  const seen = (/** @type {string} */ name) => collector.seen.has(`${scenario}/${name}`);
  const led = (/** @type {string} */ name) => until(() => seen(name), `${name} leads out of the ${scenario} page`);
  const context = await diagnosis.browser.newContext();
  const open = async () => {
    const page = await context.newPage();
    await page.goto(address);
    return page;
  };
  const quiet = await open();
  await Promise.all([
    ...Object.entries(QUIET).map(([name, way]) => take(quiet, way, collector.url(scenario, name))),
    ...Object.entries(STUN).map(async ([name, way]) => take(quiet, way, await collector.stun(scenario, name))),
  ]);
  let page = await open();
  for (const [name, way] of Object.entries(LEAVING)) {
    await take(page, way, collector.url(scenario, name));
    if (expected.includes(name)) await led(name);
    else await page.waitForTimeout(150);
    // Where it led away or was going to, the next one begins at the page again.
    if (page.url() !== address || expected.includes(name)) page = await open();
  }
  await Promise.all(expected.map(led));
  await quiet.waitForTimeout(500);
  await context.close();
  return WAYS.filter(seen);
}

test("of all the ways out, the policy leaves those that the page names", async (t) => {
  const { port } = /** @type {import("node:net").AddressInfo} */ (bare.address());
  const control = await waysOut("bare", `http://127.0.0.1:${port}/`, WAYS);
  const [saved, served] = [await waysOut("saved", diagnosis.file, LEFT_TO_A_FILE), await waysOut("served", `${diagnosis.worker}/diagnosis`, LEFT)];
  const sign = (/** @type {string[]} */ found, /** @type {string} */ name) => (found.includes(name) ? "out" : "closed").padEnd(8);
  for (const name of WAYS) t.diagnostic(`${name.padEnd(22)} no policy: ${sign(control, name)} saved: ${sign(saved, name)} served: ${sign(served, name)}`);
  assert.deepEqual(WAYS.filter((name) => !control.includes(name)), [], "ways that are none");
  assert.deepEqual(new Set(saved), new Set(LEFT_TO_A_FILE));
  assert.deepEqual(new Set(served), new Set(LEFT));
});
