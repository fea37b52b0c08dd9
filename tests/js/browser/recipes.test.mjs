// The recipes of docs/embedding.md, docs/events.md and docs/migration.md, as they stand there: copied out of the page, and played in Chromium.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { after, before, test } from "node:test";
import { appAround } from "../../../www/campaign/in_app.js";
import { filledIn, snippetsOf } from "../../../xtask/js/snippets.mjs";
import { root } from "../support/worker/deployment.mjs";
import { container, event, openHostPages } from "../support/browser/host_page.mjs";
import { answerQuestions } from "../support/browser/visit.mjs";
import { until } from "../support/patience.mjs";

/** @type {Awaited<ReturnType<typeof openHostPages>>} */
let pages;
let text = "";
before(async () => {
  const read = (/** @type {string} */ page) => readFile(new URL(`../../../docs/${page}.md`, import.meta.url), "utf8");
  [pages, text] = await Promise.all([openHostPages(), Promise.all(["embedding", "events", "migration"].map(read)).then((all) => all.join("\n"))]);
});
after(() => pages?.close());

/** The code of a section, with our addresses. @param {string} title @param {number} [index] @param {string} [campaign] */
function recipe(title, index = 0, campaign = "100001") {
  const section = text.split(/^## /m).find((part) => part.startsWith(`${title}\n`)) ?? assert.fail(`no section ${title}`);
  const code = [...section.matchAll(/```(?:html|js)\n([\s\S]*?)```/g)][index]?.[1] ?? assert.fail(`no code in ${title}`);
  return code.replaceAll("https://campaigns.example", pages.worker).replaceAll("acme", "demo").replaceAll("123456", campaign);
}

/** With the box's name, by which these tests find the frame. @param {string} html */
const named = (html) => html.replace("<div ", '<div id="box" ');

test("the script, with a token that the app or the page gives", async () => {
  const visit = await pages.hostPage({ body: named(recipe("With a script")), script: `window.handstampToken = async () => "${await pages.mint()}";`, tag: "" });
  await visit.screen.getByText("Hello Lea").waitFor();
  assert.deepEqual(visit.faults, []);
  await visit.context.close();
});

test("the stub of the page is the stub of the package, and works", async () => {
  const stub = await readFile(new URL("../../../pkg/dist/stub.js", import.meta.url), "utf8");
  assert.ok(text.includes(stub.trim()), "docs/embedding.md shows another stub than cargo xtask pkg makes");
  const visit = await pages.hostPage({ body: named(recipe("With the stub")).replace("<div ", `<div data-handstamp-token="${await pages.mint()}" `), tag: "" });
  await visit.screen.getByText("Hello Lea").waitFor();
  await visit.context.close();
});

test("a function that fetches the token from the site's own server", async () => {
  const visit = await pages.hostPage({ body: "", tag: "" });
  const token = await pages.mint();
  await visit.context.route("**/campaign-token", (route) => route.fulfill({ body: token }));
  await visit.page.evaluate(recipe("The token"));
  await visit.page.evaluate((html) => document.body.insertAdjacentHTML("beforeend", html), container({}));
  await visit.page.addScriptTag({ url: `${pages.worker}/tag.js` });
  await visit.screen.getByText("Hello Lea").waitFor();
  await visit.context.close();
});

for (const [name, index, platform] of /** @type {const} */ ([
  ["IAB TCF", 0, "window.__tcfapi = (command, version, callback) => { window.decide = (yes) => callback({ purpose: { consents: { 1: yes } } }, true); };"],
  ["Google Consent Mode", 1, "window.decide = (yes) => onConsentUpdate({ functionality_storage: yes ? 'granted' : 'denied' });"],
])) {
  test(`consent by ${name}: refused, nothing happens; granted, the campaign is there`, async () => {
    const script = `${platform.startsWith("window.__") ? platform : ""}\n${recipe("Consent", index)}\n${platform.startsWith("window.__") ? "" : platform}`;
    const visit = await pages.hostPage({ body: container({ consent: "required", token: await pages.mint() }), script });
    await visit.page.waitForFunction(() => "campaigns" in (window.handstamp ?? {}));
    await visit.page.evaluate(() => /** @type {any} */ (window).decide(false));
    await visit.page.waitForTimeout(300);
    assert.equal(await visit.page.locator("iframe").count(), 0);
    await visit.page.evaluate(() => /** @type {any} */ (window).decide(true));
    await visit.screen.getByText("Hello Lea").waitFor();
    await visit.context.close();
  });
}

test("a mini-site fills the window, on a telephone too", async () => {
  for (const size of [{ width: 1280, height: 720 }, { width: 390, height: 844 }]) {
    const head = '<meta name="viewport" content="width=device-width"><style>body { margin: 0 }</style>';
    const visit = await pages.hostPage({ body: named(recipe("A mini-site")), head, path: `/win#token=${await pages.mint()}`, tag: "" });
    await visit.page.setViewportSize(size);
    await visit.screen.getByText("Hello Lea").waitFor();
    const box = await visit.page.locator("iframe").boundingBox();
    assert.deepEqual([box?.x, box?.y, box?.width, box?.height], [0, 0, size.width, size.height]);
    assert.equal(visit.page.url(), `${pages.site}/win`);
    await visit.context.close();
  }
});

for (const mark of ["#", "?"]) {
  test(`a link in an e-mail, ${mark}token=, straight to the campaign: used once and out of the address`, async () => {
    const { context, page } = await pages.all.visitor();
    /** @type {string[]} */
    const said = [];
    page.on("console", (message) => said.push(message.text()));
    const address = `${pages.worker}/campaign/demo/100001`;
    await page.goto(`${address}${mark}token=${await pages.mint({ sub: `mail${mark.charCodeAt(0)}` })}`);
    await page.getByText("Hello Lea").waitFor();
    assert.equal(page.url(), address);
    assert.deepEqual(said.filter((line) => line.includes("link_long")), []);
    // Longer than some mail programs allow: it works, and whoever makes the link can see it.
    await page.goto("about:blank");
    await page.goto(`${address}${mark}token=${await pages.mint({ sub: "long", custom: { filler: "x".repeat(1400) } })}`);
    await page.getByText("Hello Lea").waitFor();
    assert.equal(said.filter((line) => line.includes("link_long")).length, 1);
    await context.close();
  });
}

test("the trail says that a link is long", async () => {
  const token = await pages.mint({ custom: { filler: "x".repeat(1400) } });
  const visit = await pages.hostPage({ path: `/host?handstamp-debug#token=${token}` });
  await visit.page.getByRole("log").getByText("link_long").waitFor();
  assert.ok(!(await visit.page.getByRole("log").innerText()).includes(token.slice(0, 40)));
  await visit.context.close();
});

test("an app's web view defines the token before the page's scripts run", async () => {
  const visit = await pages.hostPage({});
  assert.equal((await event(visit.page, "refused")).reason, "token_missing");
  await visit.context.addInitScript(recipe("In an app").replace("eyJ…", await pages.mint()));
  await visit.page.reload();
  await visit.screen.getByText("Hello Lea").waitFor();
  await visit.context.close();
});

const AGENTS = /** @type {[string, string | null][]} */ ([
  ["Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/21F90 Instagram 334.0.0.0 (iPhone15,2; iOS 17_5)", "Instagram"],
  ["Mozilla/5.0 (Linux; Android 14; SM-S911B; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/470.0;]", "Facebook"],
  ["Mozilla/5.0 (iPhone; CPU iPhone OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 musical_ly_33.0 BytedanceWebview/d8a21c6", "TikTok"],
  ["Mozilla/5.0 (Linux; Android 14; Pixel 8; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0 Mobile Safari/537.36", ""],
  ["Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148", ""],
  ["Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1", null],
  ["Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/126.0 Mobile/15E148 Safari/604.1", null],
  ["Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36", null],
  ["Mozilla/5.0 (X11; Linux x64; rv:127.0) Gecko/20100101 Firefox/127.0", null],
]);

test("the browsers of other apps are recognised, and browsers of their own are not taken for them", () => {
  for (const [agent, app] of AGENTS) assert.equal(appAround(agent), app, agent);
});

test("in the browser of an app the login step says what to do, and no login starts by itself", async () => {
  const { document, all, worker } = pages;
  document.campaigns["100006"] = { ...document.campaigns["100002"], login: "redirect" };
  assert.equal((await all.demo.operator.call("PUT", "/v1/accounts/demo", document)).status, 200);
  const { context, page } = await all.visitor({ userAgent: AGENTS[0]?.[0], viewport: { width: 390, height: 844 } });
  await page.goto(`${worker}/campaign/demo/100006`);
  await answerQuestions(page);
  await page.getByText("You are in the browser of Instagram").waitFor();
  assert.ok(page.url().startsWith(worker), "the visitor reads first");
  await page.getByRole("button", { name: "Continue with your account" }).waitFor();
  await context.close();
});

test("a listener hears why somebody is refused", async () => {
  /** @type {string[]} */
  const said = [];
  const visit = await pages.hostPage({
    body: container({ token: await pages.mint({ exp: 1_700_000_000, iat: 1_699_999_000 }) }),
    script: recipe("Listening"),
    prepare: ({ page }) => page.on("console", (message) => message.text().startsWith("100001") && said.push(message.text())),
  });
  await until(() => said.length > 0, "the listener has heard it");
  assert.match(said[0], /^100001 token token_expired [0-9A-HJKMNP-TV-Z]{8}$/);
  await visit.context.close();
});

test("a page with the published snippet needs the two attributes alone", async () => {
  const older = recipe("Keep the snippet").replace("qualifio_insert_place_1265524", "box");
  const queued = recipe("Keep the snippet", 1).replace("qualifio_insert_place_1265524", "box").replace("eyJ…", await pages.mint());
  assert.match(queued, /"createIframe", "box", "demo\.campaigns\.example", "20", "0A0A0A0A-0000-4000-8000-000000000000", "100%", "700"/);
  const script = `window._qual_async = []; ${queued}`;
  const visit = await pages.hostPage({ body: older, script, tag: `<script async src="${pages.worker}/tag-shim.js"></script>` });
  await event(visit.page, "admitted");
  await visit.context.close();
});

/** A snippet of a guide, with our names. @param {string} name @param {string} [campaign] */
async function snippet(name, campaign = "100001") {
  const [{ code }] = (await snippetsOf(root)).get(name) ?? assert.fail(`no snippet ${name}`);
  return named(filledIn(code, { url: pages.worker, account: "demo", campaign }));
}

test("the pages of the guides: the tag, the site's own pop-in, the receipt, a page for one's own machine", async () => {
  const body = (await snippet("embed")).replace("eyJhbGciOi…", await pages.mint({ sub: "of-the-guide" }));
  const visit = await pages.hostPage({ body: `${body}${await snippet("receipt")}`, tag: "" });
  /** @type {(string | null)[]} */
  const sent = [];
  await visit.context.route("**/reward", (route) => (sent.push(route.request().postData()), route.fulfill({ status: 204 })));
  await answerQuestions(visit.screen);
  await visit.screen.getByRole("button", { name: "Take part" }).press("Enter");
  const { receipt } = await event(visit.page, "submitted");
  assert.ok(receipt);
  await visit.page.waitForFunction(() => performance.getEntriesByName(`${location.origin}/reward`).length > 0);
  assert.deepEqual(sent, [receipt]);
  await visit.context.close();

  const { document, all } = pages;
  document.campaigns["100003"] = { title: { en: "Swift" }, signIn: ["token", "oauth"], login: "redirect", limit: {}, fields: document.campaigns["100001"].fields };
  assert.equal((await all.demo.operator.call("PUT", "/v1/accounts/demo", document)).status, 200);
  const own = await pages.hostPage({ body: await snippet("pop-in", "100003"), script: `window.openSignIn = async () => "${await pages.mint({ sub: "own-pop-in" }, "100003")}";`, tag: "" });
  await own.screen.getByRole("button", { name: "Start" }).press("Enter");
  await event(own.page, "admitted");
  await own.context.close();

  assert.equal((await all.demo.operator.call("PUT", "/v1/accounts/demo", { ...document, origins: document.origins.filter((/** @type {string} */ origin) => origin !== pages.site), testOrigins: [pages.site] })).status, 200);
  const tested = await pages.hostPage({ body: await snippet("test-page"), path: `/#token=${await pages.mint({ sub: "on-my-machine" })}`, tag: "" });
  await tested.screen.getByText("Preview: not counted").waitFor();
  await tested.screen.getByText("Hello Lea").waitFor();
  await tested.context.close();
  assert.equal((await all.demo.operator.call("PUT", "/v1/accounts/demo", document)).status, 200);
});

test("the demo: a token of one's own is played and explained, and each command on the page works as it stands", async () => {
  const { context, page, faults } = await pages.all.visitor();
  const { worker, site } = pages.all.demo.addresses;
  await page.goto(site);
  const [key, program, store] = await Promise.all(["key", "program", "store"].map((id) => page.locator(`#${id}`).innerText()));
  assert.equal(key, pages.all.demo.secrets.tokenKey);
  const folder = await mkdtemp(join(tmpdir(), "handstamp-demo-"));
  try {
    await mkdir(join(folder, ".handstamp"));
    await cp(join(pages.all.stateDir, "secrets.json"), join(folder, ".handstamp/secrets.json"));
    await writeFile(join(folder, "token.mjs"), program);
    const run = promisify(execFile);
    const { stdout: link } = await run("node", ["token.mjs"], { cwd: folder });
    await page.locator("#token").fill(link.trim());
    await page.getByRole("button", { name: "Play with it" }).press("Enter");
    await page.frameLocator("#played iframe").getByText("Hello Me").waitFor();
    await page.locator("#token").fill(link.trim().slice(0, -3));
    await page.getByRole("button", { name: "Play with it" }).press("Enter");
    await page.getByText("Refused: token_invalid. Here is why:").waitFor();
    const code = page.locator("#explained .code a");
    assert.equal(await code.getAttribute("href"), `${worker}/codes/#${await code.innerText()}`);
    await run("bash", ["-euo", "pipefail", "-c", store.replace("$MY_CLIENT", "a secret of the identity provider")], { cwd: folder });
    const { body } = await pages.all.demo.operator.call("GET", "/v1/accounts/demo/secrets");
    assert.deepEqual(body.secrets.find((/** @type {any} */ { name }) => name === "MY_CLIENT").purposes, ["client"]);
    const changed = structuredClone(pages.document);
    changed.oauth.clientAuth.secret = { secret: "MY_CLIENT" };
    assert.equal((await pages.all.demo.operator.call("PUT", "/v1/accounts/demo", changed)).status, 200);
    assert.equal((await pages.all.demo.operator.call("PUT", "/v1/accounts/demo", pages.document)).status, 200);
    assert.deepEqual(faults, []);
  } finally {
    await rm(folder, { recursive: true, force: true });
    await context.close();
  }
});
