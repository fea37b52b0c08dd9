// One face: every page has the same bar with the same links, and looks right on a desk and a telephone, light and dark.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { empty, open } from "../support/browser/chromium.mjs";
import { lookAt, walkByKeyboard, window } from "../support/browser/looked_at.mjs";
import { REPEATS } from "../support/repeats.mjs";
import { Deployment } from "../support/worker/deployment.mjs";
import "../support/patience.mjs";

const SHORT = { home: "/", design: "/design/" };
const LONG = { guides: "/guides/", "secure-token": "/guides/secure-token", encryption: "/guides/encryption", receipts: "/guides/receipts", login: "/guides/login", embedding: "/guides/embedding", events: "/guides/events", local: "/guides/local", migration: "/guides/migration", "coming-from": "/guides/coming-from", claims: "/guides/claims", settings: "/guides/settings", api: "/api/", codes: "/codes/", privacy: "/privacy/", operations: "/operations/", statistics: "/stats/acme", connection: "/connect/acme", diagnosis: "/diagnosis" };
const LINKS = ["/", "/guides/", "/diagnosis", "/codes/", "/api/", "/console/"];

/** @type {Deployment} */ let worker;
/** @type {import("playwright-core").Browser} */ let browser;
before(async () => void ([worker, browser] = await Promise.all([Deployment.start(), open()])));
after(async () => {
  await empty();
  await worker.stop();
});

test("every page has the bar and a policy without exceptions, and nothing of a template is left in it", async () => {
  for (const [name, path] of Object.entries({ ...SHORT, ...LONG, console: "/console/acme", which: "/console/" })) {
    const { headers, status, text } = await worker.get(path, { headers: { accept: "text/html" }, redirect: "follow" });
    const policy = headers.get("content-security-policy") ?? "";
    assert.match(policy, /default-src 'none'/, name);
    assert.doesNotMatch(policy, /'unsafe-/, name);
    const bar = /<nav class="topbar".*?<\/nav>/s.exec(text)?.[0] ?? "";
    assert.deepEqual([name, status, [...bar.matchAll(/ href="([^"]+)"/g)].map(([, href]) => href)], [name, 200, LINKS]);
    assert.doesNotMatch(text, /\{\{\w+\}\}/, name);
  }
});

for (const [pages, options] of /** @type {const} */ ([[SHORT, {}], [LONG, REPEATS]])) {
  test(`pages that are looked at: ${Object.keys(pages).join(", ")}`, options, async () => {
    const { page, faults } = await window(browser);
    for (const [name, path] of Object.entries(pages)) {
      faults.length = 0;
      await page.goto(worker.url + path);
      await page.waitForLoadState("networkidle");
      await lookAt(page, name);
      await walkByKeyboard(page, name);
      assert.deepEqual([name, faults], [name, []]);
    }
  });
}

test("a page that is not there, and the way to the console of an account, are looked at", async () => {
  const { page } = await window(browser);
  for (const [name, path] of [["missing", "/nothing-here"], ["which", "/console/"]]) {
    await page.goto(worker.url + path);
    await page.locator("h1").waitFor();
    await lookAt(page, name, { brief: true });
    await walkByKeyboard(page, name);
  }
});

test("/design/ shows every component of the pages", async () => {
  const [{ text: page }, { text: style }] = await Promise.all(["/design/", "/design/components.css"].map((path) => worker.get(path)));
  const classes = new Set([...style.replaceAll(/\/\*.*?\*\//gs, "").matchAll(/\.([a-z][\w-]*)/g)].map(([, name]) => name));
  // The colours of code are as many as its languages have words; a narrow page and what is only heard are no components.
  const shown = (/** @type {string} */ name) => new RegExp(`class="[^"]*\\b${name}\\b`).test(page);
  assert.deepEqual([...classes].filter((name) => !/^(hljs-\w+|narrow|unseen)$/.test(name) && !shown(name)), []);
});

test("codes are found by words and by who fixes them, and a link shows its code whatever was searched for", async () => {
  const { page } = await window(browser);
  await page.goto(`${worker.url}/codes/`);
  await page.getByLabel("Search").fill("passkey once more");
  await page.getByText(/^1 of \d+ codes$/).waitFor();
  await page.locator("#passkey_again").waitFor();
  await page.getByLabel("Search").fill("");
  await page.getByLabel("Who fixes it").selectOption("the participant");
  await page.locator("#passkey_again").waitFor({ state: "hidden" });
  await page.evaluate(() => (location.hash = "#passkey_again"));
  await page.locator("#passkey_again").waitFor();
});
