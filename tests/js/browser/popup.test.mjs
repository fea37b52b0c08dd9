// Signing in in a window of its own, in a real Chromium: the ticket comes back to the frame that opened the window and to nobody else;
// where a sign-in page cuts the tie to it, or no window opens, the page itself goes on.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { listen } from "../../../demo/addresses.mjs";
import { Participant } from "../../../demo/site/participant.mjs";
import { container, event, openHostPages } from "../support/browser/host_page.mjs";
import { until } from "../support/patience.mjs";
import { Provider } from "../support/worker/provider.mjs";
import { answerQuestions, signInAtProvider } from "../support/browser/visit.mjs";

/** @typedef {import("playwright-core").Page} Page */
/** @type {Awaited<ReturnType<typeof openHostPages>>} */ let pages;
/** A login page that does not cut the tie to whoever opened it. @type {Provider} */ let provider;
/** @type {Awaited<ReturnType<typeof listen>>} */ let evil;

before(async () => {
  [pages, evil, provider] = await Promise.all([openHostPages(), listen(0), Provider.start()]);
  provider.asks = true;
  const { document, all, site } = pages;
  const campaign = { ...document.campaigns["100002"], login: "popup" };
  document.campaigns["700001"] = campaign;
  evil.answerWith((_request, response) => void response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>Evil</title>"));
  const put = await all.demo.operator.call("PUT", "/v1/accounts/demo", document);
  assert.equal(put.status, 200, JSON.stringify(put.body));
  await all.demo.operator.call("PUT", "/v1/accounts/pop/secrets/OIDC_CLIENT", { value: provider.clientSecret, purpose: "client" });
  const other = { account: "pop", origins: [site], oauth: { ...provider.settings(), register: "prompt" }, campaigns: { 700001: campaign } };
  const made = await all.demo.operator.call("PUT", "/v1/accounts/pop", other);
  assert.equal(made.status, 200, JSON.stringify(made.body));
});
after(async () => {
  provider?.stop();
  await evil?.close();
  await pages?.close();
});

/** At the sign-in of a campaign that opens a window for it. @param {{ severs: boolean }} login whether the login page cuts the tie to its opener */
async function visit({ severs }) {
  const body = container({}).replace("100001", "700001").replace('"demo"', severs ? '"demo"' : '"pop"');
  const visited = await pages.hostPage({ body });
  await answerQuestions(visited.screen);
  return visited;
}

/** @param {Awaited<ReturnType<typeof visit>>} visited @param {string} [button] */
async function openWindow({ context, screen }, button = "Continue with your account") {
  const opening = context.waitForEvent("page");
  await screen.getByRole("button", { name: button }).press("Enter");
  return opening;
}

/** Signs in at the page that keeps the tie; the window may be gone before the click has ended. @param {Page} popup */
const allow = (popup) => popup.getByRole("link", { name: "Allow" }).click().catch((fault) => assert.ok(popup.isClosed(), fault));

test("the window signs in and closes; the frame goes on where it was, and the page never left", async () => {
  const visited = await visit({ severs: false });
  const { context, page, screen, faults } = visited;
  /** @type {string[]} */
  const left = [];
  page.on("framenavigated", (frame) => frame === page.mainFrame() && left.push(frame.url()));
  const popup = await openWindow(visited);
  await screen.getByText("Sign in in the window that has opened.").waitFor();
  const closed = popup.waitForEvent("close");
  await allow(popup);
  await closed;
  await screen.getByRole("heading", { name: "Almost there, Canary" }).waitFor();
  assert.equal((await event(page, "admitted")).technique, "oauth");
  assert.equal((await event(page, "login")).campaignId, "700001");
  await screen.getByRole("button", { name: "Back" }).press("Enter");
  assert.equal(await screen.getByRole("radio").first().isChecked(), true, "the answers are there");
  assert.deepEqual([left, faults], [[], []]);
  await context.close();
});

test("a sign-in that is cancelled in the window is told in the frame", async () => {
  const visited = await visit({ severs: false });
  const popup = await openWindow(visited);
  await popup.getByRole("link", { name: "Cancel" }).click();
  await visited.screen.getByRole("heading", { name: "The sign-in was stopped" }).waitFor();
  await visited.context.close();
});

test("a login page that cuts the tie (COOP): the window says what to do, and the page itself goes on", async () => {
  const visited = await visit({ severs: true });
  const { context, page, screen } = visited;
  const popup = await openWindow(visited);
  await screen.getByText("If you have signed in, or if no window has opened, continue on this page.").waitFor();
  await signInAtProvider(popup);
  await popup.getByRole("heading", { name: "You are signed in" }).waitFor();
  assert.ok(!popup.url().includes("handstamp="), "the ticket has left the address");
  await popup.getByRole("button", { name: "Close this window" }).waitFor();
  await screen.getByRole("button", { name: "Continue with your account" }).press("Enter");
  // The login page knows who it is by now.
  const form = screen.getByRole("heading", { name: "Almost there, Lea" });
  await Promise.any([form.waitFor(), signInAtProvider(page).then(() => form.waitFor())]);
  assert.equal(new URL(page.url()).origin, pages.site);
  await popup.getByRole("button", { name: "Take part in this window" }).press("Enter");
  await popup.getByRole("button", { name: "Start" }).waitFor();
  await context.close();
});

test("where no window opens, the page itself leaves and comes back", async () => {
  const visited = await visit({ severs: true });
  const { context, page, screen } = visited;
  const frame = page.frames().find((one) => one.url().startsWith(`${pages.worker}/campaign/`));
  await frame?.evaluate(() => (window.open = () => null));
  await screen.getByRole("button", { name: "Continue with your account" }).press("Enter");
  await signInAtProvider(page);
  await screen.getByRole("heading", { name: "Almost there, Lea" }).waitFor();
  await context.close();
});

test("an account can be made beside the sign-in", async () => {
  const visited = await visit({ severs: false });
  const { context, screen } = visited;
  /** @type {string[]} */
  const starts = [];
  context.on("request", (request) => request.url().includes("/oauth/start?") && starts.push(request.url()));
  const popup = await openWindow(visited, "Create an account");
  await popup.getByRole("link", { name: "Allow" }).waitFor();
  assert.deepEqual(starts.map((url) => new URL(url).searchParams.get("prompt")), ["create"]);
  await screen.getByText("Sign in in the window that has opened.").waitFor();
  await context.close();
});

test("attack: a window that another site opens tells it nothing, takes no orders from it, and never carries its bind", async () => {
  const attacker = new Participant(pages.worker);
  const { bind } = (await attacker.post("/v1/drafts", { account: "demo", campaignId: "700001", step: "identityset" })).body;
  const { context, page } = await pages.all.visitor();
  await context.clock.install();
  /** @type {string[]} */
  const starts = [];
  context.on("request", (request) => request.url().includes("/oauth/start?") && starts.push(request.url()));
  await page.goto(`http://127.0.0.1:${evil.port}/`);
  const opening = context.waitForEvent("page");
  await page.evaluate(([url, hash]) => {
    const heard = /** @type {any[]} */ ((/** @type {any} */ (window).heard = []));
    addEventListener("message", ({ data }) => heard.push(data));
    Object.assign(window, { said: 0 });
    const popup = window.open(url, "_blank");
    // Whatever the attacker's page says, and however often.
    setInterval(() => {
      popup?.postMessage({ handstamp: 1, type: "start", query: { bind: hash, step: "identityset" } }, "*");
      popup?.postMessage({ handstamp: 1, type: "taken" }, "*");
      /** @type {any} */ (window).said += 1;
    }, 50);
  }, [`${pages.worker}/campaign/demo/700001?popup=1&bind=${bind}#bind=${bind}`, bind]);
  const popup = await opening;
  await popup.getByText("One moment").waitFor({ state: "attached" });
  const said = await page.evaluate(() => /** @type {any} */ (window).said);
  await until(() => page.evaluate((before) => /** @type {any} */ (window).said > before + 20, said), "the window is told often");
  // It waits 20 s for a frame of ours, and then is a campaign like any other.
  const begins = popup.getByRole("button", { name: "Start" });
  assert.equal(await begins.count(), 0);
  await until(async () => {
    await context.clock.fastForward(20_000);
    return begins.count();
  }, "the campaign begins");
  assert.deepEqual([starts, await page.evaluate(() => /** @type {any} */ (window).heard)], [[], []]);
  await context.close();
});

test("attack: a ticket of somebody else, brought by a window that was led astray, is worth nothing in the frame", async () => {
  const visited = await visit({ severs: false });
  const { context, page, screen } = visited;
  const popup = await openWindow(visited);
  await popup.getByRole("link", { name: "Allow" }).waitFor();
  // The login page, in the attacker's hands, leads the window to the attacker's ticket.
  const thief = new Participant(pages.worker);
  const start = await thief.request(`${pages.worker}/oauth/start?account=pop&campaignId=700001`);
  const returned = await thief.request(`${start.headers.get("location")}&wish=Allow`);
  const home = (await thief.request(returned.headers.get("location") ?? "")).headers.get("location") ?? "";
  await popup.goto(home).catch(() => {});
  const refused = await until(() => page.evaluate(() => /** @type {any} */ (window).seen.find((/** @type {any} */ one) => one.name === "refused")), "the frame refuses it");
  assert.deepEqual([refused.kind, refused.reason], ["login", "wrong_browser"]);
  await screen.getByRole("heading", { name: "You signed in somewhere else" }).waitFor();
  assert.equal(await screen.getByText("Canary").count(), 0);
  await context.close();
});

test("attack: another window of our own origin cannot hand a ticket to the frame", async () => {
  const visited = await visit({ severs: false });
  const { context, page, screen } = visited;
  const popup = await openWindow(visited);
  await popup.getByRole("link", { name: "Allow" }).waitFor();
  /** @type {string[]} */
  const redeemed = [];
  context.on("request", (request) => request.url().endsWith("/v1/oauth/redeem") && redeemed.push(request.url()));
  const other = await context.newPage();
  await other.goto(`${pages.worker}/campaign/pop/700001`);
  const frame = page.frames().find((one) => one.url().startsWith(`${pages.worker}/campaign/`));
  await frame?.evaluate(() => postMessage({ handstamp: 1, type: "ticket", ticket: "x".repeat(43) }, location.origin));
  await page.evaluate(() => document.querySelector("iframe")?.contentWindow?.postMessage({ handstamp: 1, type: "ticket", ticket: "x".repeat(43) }, "*"));
  await screen.getByText("Sign in in the window that has opened.").waitFor();
  assert.deepEqual(redeemed, []);
  await allow(popup);
  await screen.getByRole("heading", { name: "Almost there, Canary" }).waitFor();
  assert.equal(redeemed.length, 1);
  await context.close();
});
