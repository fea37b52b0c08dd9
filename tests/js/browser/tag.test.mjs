// The tag on host pages of all kinds, in a real Chromium.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { click } from "../support/browser/hands.mjs";
import { CONTAINER, event, openHostPages } from "../support/browser/host_page.mjs";
import { answerQuestions, signInAtProvider } from "../support/browser/visit.mjs";
import { until } from "../support/patience.mjs";

/** @type {Awaited<ReturnType<typeof openHostPages>>} */
let pages;
/** @type {typeof pages.all} */
let all;
/** @type {typeof pages.hostPage} */
let hostPage;
/** @type {typeof pages.mint} */
let mint;
let site = "";

before(async () => {
  pages = await openHostPages();
  ({ all, hostPage, mint, site } = pages);
  await extendAccount();
});
after(() => pages?.close());

/** Campaigns with every option turned the other way: login by redirect, form sent unseen. */
async function extendAccount() {
  const { document } = pages;
  const { fields, texts } = document.campaigns["100001"];
  document.campaigns["100003"] = { title: { en: "Swift" }, signIn: ["token", "oauth"], login: "redirect", form: "submit", limit: {}, fields: fields.slice(0, 3), texts };
  document.campaigns["100004"] = { title: { en: "Open" }, signIn: ["oauth", "anonymous"], fields: fields.slice(0, 3) };
  document.campaigns["100005"] = { title: { en: "Both" }, signIn: ["token", "oauth"], fields: fields.slice(0, 3) };
  assert.equal((await all.demo.operator.call("PUT", "/v1/accounts/demo", document)).status, 200);
}

for (const [file, most] of /** @type {const} */ ([["tag.js", 2560], ["stub.js", 450]])) {
  test(`${file} is at most ${most} bytes, compressed`, async () => {
    const { length } = gzipSync(await readFile(new URL(`../../../pkg/dist/${file}`, import.meta.url)), { level: 9 });
    assert.ok(length <= most, `${length} bytes`);
  });
}

for (const [source, where] of /** @type {const} */ ([["fragment", "#"], ["query", "?"]])) {
  test(`a token in the ${source} is used once and leaves the address bar, the rest of the address stays`, async () => {
    const { context, page, screen } = await hostPage({ path: `/host${where}a=1&token=${await mint()}&b=2` });
    await screen.getByText("Hello Lea").waitFor();
    assert.equal(page.url(), `${site}/host${where}a=1&b=2`);
    await context.close();
  });
}

test("a token function is asked, and asked again when its token has expired", async () => {
  const now = Math.floor(Date.now() / 1000);
  const [old, fresh] = [await mint({ iat: now - 900, exp: now - 600 }), await mint()];
  const script = `let asked = 0; window.handstampToken = async () => ["${old}", "${fresh}"][Math.min(asked++, 1)];`;
  const { context, page, screen } = await hostPage({ script });
  await screen.getByText("Hello Lea").waitFor();
  assert.ok(await event(page, "expired"));
  assert.equal((await event(page, "admitted")).technique, "token");
  await context.close();
});

test("a token function that fails is an error event, and the participant is told in plain words", async () => {
  const { context, page, screen } = await hostPage({ script: "window.handstampToken = () => { throw new Error('no session'); };" });
  assert.equal((await event(page, "error")).code, "E_TOKEN_CALLBACK");
  assert.equal((await event(page, "refused")).reason, "token_missing");
  await screen.getByRole("heading", { name: "We do not know you yet" }).waitFor();
  await context.close();
});

test("two sources that disagree are a warning, and the nearer one wins", async () => {
  const body = CONTAINER.replace("></div>", ` data-handstamp-token="${await mint()}"></div>`);
  const { context, page, screen } = await hostPage({ body, script: "window.handstampToken = 'other';" });
  await screen.getByText("Hello Lea").waitFor();
  assert.equal((await event(page, "warning")).code, "token_sources_differ");
  await context.close();
});

test("calls that were queued before the tag was there are done, and a second tag changes nothing", async () => {
  const script = `window.handstamp = window.handstamp || function () { (handstamp.q = handstamp.q || []).push(arguments); };
    handstamp("on", "admitted", (detail) => { window.heard = detail; });
    handstamp("create", "#nowhere", {});
    handstamp("create", "#box", { account: "demo", campaign: "100001", base: "${all.demo.addresses.worker}", token: "${await mint()}" });`;
  const tag = `<script async src="${all.demo.addresses.worker}/tag.js"></script><script async src="${all.demo.addresses.worker}/tag.js"></script>`;
  const { context, page, screen } = await hostPage({ body: '<div id="box"></div>', script, tag });
  await screen.getByText("Hello Lea").waitFor();
  assert.equal(await page.locator("iframe").count(), 1);
  const heard = await page.waitForFunction(() => /** @type {any} */ (window).heard);
  assert.deepEqual(await heard.jsonValue(), { campaignId: "100001", technique: "token", decision: "allowed" }, "codes and names, no values");
  await page.evaluate(() => /** @type {any} */ (window).handstamp("destroy", "#box"));
  assert.equal(await page.locator("iframe").count(), 0);
  await context.close();
});

test("the element brings its campaign and takes it away", async () => {
  const body = `<handstamp-campaign id="box" data-handstamp-account="demo" data-handstamp-campaign="100001" data-handstamp-token="${await mint()}"></handstamp-campaign>`;
  const { context, page, screen } = await hostPage({ body });
  await screen.getByText("Hello Lea").waitFor();
  assert.equal(await page.locator("iframe").count(), 1);
  await page.locator('iframe[title="The stamp quiz"]').waitFor();
  await page.evaluate(() => document.getElementById("box")?.remove());
  assert.equal(await page.locator("iframe").count(), 0);
  await context.close();
});

test("a page whose policy forbids the frame gets an error event and a link, not a blank", async () => {
  const { worker } = all.demo.addresses;
  const policy = `script-src 'unsafe-inline' ${worker}; frame-src 'none'`;
  const { context, page } = await hostPage({ policy });
  assert.equal((await event(page, "error")).code, "E_CSP_FRAME");
  assert.equal(await page.locator("#box a").getAttribute("href"), `${worker}/campaign/demo/100001`);
  await context.close();
});

test("a campaign that does not answer in time leaves a link, not a blank", async () => {
  const { worker } = all.demo.addresses;
  const visit = await all.visitor();
  await visit.context.route(`${worker}/campaign/app.js`, (route) => route.abort());
  await visit.page.clock.install();
  await visit.page.goto(all.demo.addresses.site);
  await visit.page.clock.fastForward(10_000);
  await visit.page.locator("#by-token a").waitFor();
  await visit.context.close();
});

test("T75: messages of other windows are ignored, by the page and by the frame", async () => {
  const forged = `<iframe id="other" srcdoc="<script>
    addEventListener('message', () => { document.title = 'answered'; });
    const forge = () => {
      parent.postMessage({ handstamp: 1, type: 'hello', id: 'x' }, '*');
      for (let i = 0; i < parent.frames.length; i += 1) {
        if (parent.frames[i] !== window) parent.frames[i].postMessage({ handstamp: 1, type: 'connect', id: 'x', layout: '' }, '*', [new MessageChannel().port2]);
      }
    };
    forge();
    setInterval(forge, 5);
  </script>"></iframe>`;
  const { context, page, screen } = await hostPage({ body: forged + CONTAINER.replace("></div>", ` data-handstamp-token="${await mint()}"></div>`) });
  await screen.getByText("Hello Lea").waitFor();
  assert.equal(await page.frameLocator("#other").locator("html").evaluate(() => document.title), "", "the token went to nobody else");
  await context.close();
});

test("the frame follows its content and never shrinks below the height that was kept for it", async () => {
  const { context, page, screen } = await hostPage({ body: CONTAINER.replace("></div>", ` data-handstamp-height="300" data-handstamp-token="${await mint()}"></div>`) });
  await screen.getByText("Hello Lea").waitFor();
  const height = async () => Number((await page.locator("#box iframe").boundingBox())?.height);
  assert.ok((await height()) >= 300);
  await answerQuestions(screen);
  await screen.getByRole("button", { name: "Take part" }).waitFor();
  await page.waitForFunction(() => (document.querySelector("iframe")?.offsetHeight ?? 0) > 500);
  const inner = () => screen.locator("main").evaluate((main) => main.getBoundingClientRect().height);
  await until(async () => Math.abs((await inner()) - (await height())) <= 1, "nothing scrolls inside");
  await context.close();
});

test("login by redirect and a form that is sent unseen: the participant only sees the thanks", async () => {
  const body = CONTAINER.replace("100001", "100003");
  const { context, page, screen } = await hostPage({ body, path: "/host?product=7#reviews" });
  await click(screen.getByRole("button", { name: "Start" }));
  await signInAtProvider(page);
  await screen.getByRole("heading", { name: "Thank you, Lea!" }).waitFor();
  assert.equal(page.url(), `${site}/host?product=7#reviews`);
  assert.equal((await event(page, "submitted")).campaignId, "100003");
  await context.close();
});

test("a refused token can be followed by a login where the campaign offers both", async () => {
  const now = Math.floor(Date.now() / 1000);
  const token = await mint({ iat: now - 900, exp: now - 600 }, "100003");
  const { context, page, screen } = await hostPage({ body: CONTAINER.replace("100001", "100003").replace("></div>", ` data-handstamp-token="${token}"></div>`) });
  await screen.getByRole("button", { name: "Sign in instead" }).press("Enter");
  await signInAtProvider(page);
  await screen.getByRole("heading", { name: "Thank you, Lea!" }).waitFor();
  await context.close();
});

test("who wants no account goes on as a guest, where the campaign allows it", async () => {
  const { context, page, screen } = await hostPage({ body: CONTAINER.replace("100001", "100004") });
  await screen.getByRole("button", { name: "Start" }).press("Enter");
  await screen.getByRole("button", { name: "Continue without an account" }).press("Enter");
  await screen.getByRole("textbox", { name: "E-mail" }).fill("guest@example.com");
  await screen.getByRole("textbox", { name: "First name" }).fill("Guest");
  await screen.getByRole("textbox", { name: "Last name" }).fill("Example");
  await screen.getByRole("button", { name: "Take part" }).press("Enter");
  await screen.getByRole("heading", { name: "Thank you, Guest!" }).waitFor();
  assert.equal((await event(page, "admitted")).technique, "anonymous");
  await context.close();
});

test("the site's own login may fail or bring nothing: the login is offered again", async () => {
  const token = await mint({ sub: "second-try" }, "100005");
  const script = `let tries = 0; window.handstamp = function () { (handstamp.q = handstamp.q || []).push(arguments); };
    handstamp("create", "#box", { account: "demo", campaign: "100005", base: "${all.demo.addresses.worker}", login: async () => {
      tries += 1;
      if (tries === 1) throw new Error("closed");
      return tries === 2 ? undefined : "${token}";
    } });`;
  const { context, page, screen } = await hostPage({ body: '<div id="box"></div>', script });
  await screen.getByRole("button", { name: "Start" }).press("Enter");
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    await screen.locator('.login .primary:not([aria-disabled="true"])').press("Enter");
    await page.waitForFunction((times) => /** @type {any} */ (window).seen.filter((/** @type {any} */ one) => one.name === "login").length === times, attempt);
  }
  await screen.getByRole("button", { name: "Take part" }).waitFor();
  await context.close();
});

test("a page that is busy for seconds still gets its campaign, with the token", async () => {
  // The frame has given up waiting for the tag by the time that the page reads its messages.
  const script = `new MutationObserver((_, observer) => {
    if (!document.querySelector("#box iframe")) return;
    observer.disconnect();
    setTimeout(() => { for (const end = Date.now() + 4000; Date.now() < end;); }, 50);
  }).observe(document, { childList: true, subtree: true });`;
  const body = CONTAINER.replace("></div>", ` data-handstamp-token="${await mint()}"></div>`);
  const { context, screen } = await hostPage({ body, script });
  await screen.getByText("Hello Lea").waitFor();
  await context.close();
});

test("the site's own login can bring a token instead of a page", async () => {
  const token = await mint({ sub: "pop-in" }, "100003");
  const script = `window.handstamp = function () { (handstamp.q = handstamp.q || []).push(arguments); };
    handstamp("create", "#box", { account: "demo", campaign: "100003", base: "${all.demo.addresses.worker}", login: async () => "${token}" });`;
  const { context, page, screen } = await hostPage({ body: '<div id="box"></div>', script });
  await screen.getByRole("button", { name: "Start" }).press("Enter");
  await screen.getByRole("heading", { name: "Thank you, Lea!" }).waitFor();
  assert.equal((await event(page, "admitted")).technique, "token");
  await context.close();
});

test("markup can ask for the site's own login: on a container, and on the element", async () => {
  const token = await mint({ sub: "own-way" }, "100003");
  for (const body of [CONTAINER.replace("100001", "100003").replace("></div>", ' data-handstamp-login="own"></div>'), '<handstamp-campaign id="box" data-handstamp-account="demo" data-handstamp-campaign="100003" data-handstamp-login="own"></handstamp-campaign>']) {
    const { context, page, screen } = await hostPage({ body, script: `window.handstampLogin = async () => { window.asked = true; return "${token}"; };` });
    await screen.getByRole("button", { name: "Start" }).press("Enter");
    await page.waitForFunction(() => /** @type {any} */ (window).asked === true);
    await event(page, "admitted");
    await context.close();
  }
});
