// What the tag promises to the host page: which policy it needs, whose messages count, and where a token is never found.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { CONTAINER, container, event, openHostPages } from "../support/browser/host_page.mjs";
import { answerQuestions, signInAtProvider } from "../support/browser/visit.mjs";

/** @type {Awaited<ReturnType<typeof openHostPages>>} */
let pages;
before(async () => {
  pages = await openHostPages();
});
after(() => pages?.close());

const NONCE = "r4nd0m";

/** What a host page must allow at most. A further need of the tag, of the trail or of a login fails these tests. */
const POLICIES = /** @type {Record<string, (worker: string) => { policy: string, nonce?: string }>} */ ({
  "script-src and frame-src": (worker) => ({
    policy: `default-src 'none'; script-src ${worker} 'nonce-${NONCE}'; frame-src ${worker}; base-uri 'none'; form-action 'none'`,
    nonce: NONCE,
  }),
  "Trusted Types 'none'": (worker) => ({
    policy: `default-src 'none'; script-src ${worker} 'nonce-${NONCE}'; frame-src ${worker}; require-trusted-types-for 'script'; trusted-types 'none'`,
    nonce: NONCE,
  }),
  "a nonce with strict-dynamic": (worker) => ({
    policy: `default-src 'none'; script-src 'nonce-${NONCE}' 'strict-dynamic'; frame-src ${worker}; require-trusted-types-for 'script'; trusted-types 'none'`,
    nonce: NONCE,
  }),
});

for (const [name, policyOf] of Object.entries(POLICIES)) {
  test(`under ${name}, token, login, trail and destroy all work`, async () => {
    const { hostPage, mint, worker } = pages;
    const body = container({ token: await mint() }) + CONTAINER.replace("box", "login").replace("100001", "100002");
    const { context, page, screen, faults } = await hostPage({ ...policyOf(worker), body, path: "/host?handstamp-debug#here" });
    await screen.getByText("Hello Lea").waitFor();
    await page.getByRole("log").getByText("admitted").waitFor();
    const login = page.frameLocator("#login iframe");
    await answerQuestions(login);
    await login.getByRole("button", { name: "Continue with your account" }).press("Enter");
    await signInAtProvider(page);
    await login.getByRole("heading", { name: "Almost there, Lea" }).waitFor();
    assert.equal(new URL(page.url()).hash, "#here", "the page's own fragment is back");
    await page.evaluate(() => window.handstamp("destroy", "#box"));
    assert.equal(await page.locator("#box iframe").count(), 0);
    assert.deepEqual(await page.evaluate(() => /** @type {any} */ (window).violations), []);
    assert.deepEqual(faults, []);
    await context.close();
  });
}

test("the shim and a tag with a digest need no more than the tag", async () => {
  const { hostPage, worker } = pages;
  const { policy } = POLICIES["a nonce with strict-dynamic"](worker);
  const { body: digests } = { body: await (await fetch(`${worker}/integrity.json`)).json() };
  const { version } = JSON.parse(await readFile(new URL("../../../pkg/package.json", import.meta.url), "utf8"));
  const tagWith = (/** @type {string} */ digest) => `<script nonce="${NONCE}" async crossorigin integrity="${digest}" src="${worker}/tag@${version}.js"></script>`;
  const exact = await hostPage({ policy, nonce: NONCE, tag: tagWith(digests[`/tag@${version}.js`]) });
  await event(exact.page, "ready");
  assert.deepEqual(exact.faults, []);
  await exact.context.close();
  const wrong = await hostPage({ policy, nonce: NONCE, tag: tagWith(digests["/tag-shim.js"]) });
  await wrong.page.waitForTimeout(500);
  assert.equal(await wrong.page.locator("iframe").count(), 0, "with another digest it does not run");
  await wrong.context.close();

  const response = await fetch(`${worker}/tag@${version}.js`);
  assert.match(response.headers.get("cache-control") ?? "", /immutable/);
  assert.equal(response.headers.get("access-control-allow-origin"), "*");
  for (const path of ["/tag.js", "/tag@1.js", "/tag-trail.js", "/kit/qualp.2.min.js", "/integrity.json"]) {
    const { headers, status } = await fetch(worker + path);
    assert.deepEqual([path, status, headers.get("cache-control"), headers.get("access-control-allow-origin")], [path, 200, "public, max-age=300", "*"]);
  }
});

test("10,000 forged messages change nothing, on the page or in the frame", async () => {
  const { hostPage, mint, worker } = pages;
  const forger = `<iframe id="other" srcdoc="<script>
    const random = (list) => list[Math.floor(Math.random() * list.length)];
    const bits = [null, undefined, 0, 1, 2, '', 'hello', 'connect', 'token', 'event', [], {}, NaN, true, 'x'];
    const make = () => Object.fromEntries(['handstamp', 'type', 'id', 'layout', 'visit', 'ticket', 'tokens', 'query', 'name', 'detail']
      .filter(() => Math.random() < 0.8).map((key) => [key, random(bits)]));
    let answered = 0, sent = 0;
    addEventListener('message', () => { document.title = String(++answered); });
    parent.go = (frames) => { for (let i = 0; i < 500; i += 1) { sent += 1;
      const whole = { handstamp: 1, type: random(['hello', 'connect']), id: 'x', layout: '', visit: 'navigate' };
      const message = Math.random() < 0.3 ? whole : Math.random() < 0.9 ? make() : random(bits);
      parent.postMessage(message, '*');
      const frame = random([...Array(parent.frames.length).keys()]);
      if (parent.frames[frame] !== window) parent.frames[frame].postMessage(message, '*', [new MessageChannel().port2]);
    } return sent; };
  </script>"></iframe>`;
  const { context, page, screen, faults } = await hostPage({ body: forger + container({ token: await mint() }) });
  const other = page.frameLocator("#other");
  const flood = () => page.evaluate(() => /** @type {any} */ (window).go());
  // From the first moment, while the two are finding each other.
  await flood();
  await screen.getByText("Hello Lea").waitFor();
  // The last that the page hears until somebody does something.
  await event(page, "admitted");
  const before = await page.evaluate(() => JSON.stringify(/** @type {any} */ (window).seen));
  const html = await screen.locator("main").innerHTML();
  let sent = 0;
  while (sent < 10_000) sent = await flood();
  // From the page itself to the frame, and as the frame's origin would, from a wrong window.
  await page.evaluate((origin) => {
    const frame = /** @type {HTMLIFrameElement} */ (document.querySelector("#box iframe"));
    for (const message of [{ handstamp: 1, type: "connect", id: "x" }, { handstamp: 2, type: "connect" }, { type: "token", tokens: ["x"] }]) {
      frame.contentWindow?.postMessage(message, "*", [new MessageChannel().port2]);
    }
    for (const data of [{ handstamp: 1, type: "hello", id: "x" }, { handstamp: 2, type: "hello", id: "x" }, "hello"]) {
      dispatchEvent(new MessageEvent("message", { data, origin, source: window }));
      dispatchEvent(new MessageEvent("message", { data, origin: "https://evil.example", source: frame.contentWindow }));
    }
  }, worker);
  await page.waitForTimeout(300);
  assert.equal(await page.evaluate(() => JSON.stringify(/** @type {any} */ (window).seen)), before);
  assert.equal(await screen.locator("main").innerHTML(), html);
  assert.equal(await other.locator("html").evaluate(() => document.title), "", "nothing was answered");
  await answerQuestions(screen);
  await screen.getByRole("button", { name: "Take part" }).waitFor();
  assert.deepEqual(faults, []);
  await context.close();
});

test("a token is in no address, referrer, log, performance entry or storage", async () => {
  const { hostPage, mint, worker, all } = pages;
  const canary = await mint({ sub: "canary" });
  const parts = canary.split(".");
  const holds = (/** @type {string} */ text) => parts.some((part) => part.length > 30 && text.includes(part));
  const { context, page, screen } = await hostPage({ script: `window.handstampToken = () => Promise.resolve("${canary}");` });
  /** @type {string[]} */
  const said = [];
  context.on("request", (request) => {
    said.push(request.url(), JSON.stringify(request.headers()));
    if (!request.url().endsWith("/v1/token/admit")) said.push(request.postData() ?? "");
  });
  await page.reload();
  await answerQuestions(screen);
  await screen.getByRole("button", { name: "Take part" }).press("Enter");
  await screen.getByRole("heading", { name: "Thank you, Lea!" }).waitFor();
  assert.ok(said.some((text) => text.startsWith(worker)), "requests were seen");
  const kept = () => {
    const stores = [];
    try {
      stores.push(JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage }), document.cookie);
    } catch {
      stores.push("denied");
    }
    return [location.href, document.referrer, JSON.stringify(history.state), ...stores, JSON.stringify(performance.getEntries())];
  };
  const frame = page.frames().find((one) => one.url().startsWith(worker));
  assert.ok(frame);
  said.push(...(await page.evaluate(kept)), ...(await frame.evaluate(kept)), JSON.stringify(await context.cookies()), JSON.stringify(await context.storageState()));
  said.push(JSON.stringify(await page.evaluate(() => /** @type {any} */ (window).seen)), await readFile(join(all.stateDir, "worker.log"), "utf8"));
  assert.deepEqual(said.filter(holds), []);
  await context.close();
});
