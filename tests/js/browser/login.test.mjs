// The login's whole way in a real Chromium, from the customer's site: third-party cookies are blocked, the login page
// refuses to be framed and cuts the ties to whoever opened it. What a thief can do with a ticket, and two tabs.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { signIn } from "../../../demo/check/login.mjs";
import { Participant } from "../../../demo/site/participant.mjs";
import { CONTAINER, openHostPages } from "../support/browser/host_page.mjs";
import { answerQuestions, signInAtProvider } from "../support/browser/visit.mjs";
import { until } from "../support/patience.mjs";

/** @type {Awaited<ReturnType<typeof openHostPages>>} */
let pages;
/** @type {import("../../../demo/addresses.mjs").Addresses} */
let addresses;
before(async () => {
  pages = await openHostPages();
  addresses = pages.all.demo.addresses;
  const { document } = pages;
  document.campaigns["100003"] = document.campaigns["100002"];
  assert.equal((await pages.all.demo.operator.call("PUT", "/v1/accounts/demo", document)).status, 200);
});
after(() => pages?.close());

/** A visitor on a page of the customer's, whose campaign signs people in. @param {string} [path] */
const visit = (path = "/host") => pages.hostPage({ body: CONTAINER.replace("100001", "100002"), path });

/** As far as the login page. @param {Awaited<ReturnType<typeof visit>>} visitor */
async function leave({ page, screen }) {
  await answerQuestions(screen);
  await screen.getByRole("button", { name: "Continue with your account" }).press("Enter");
  await page.getByRole("button", { name: /Lea Example/ }).waitFor();
}

/** @param {import("playwright-core").BrowserContext} context */
const flowCookies = async (context) => (await context.cookies(addresses.worker)).filter(({ name }) => name.startsWith("__Host-hs_flow_"));

test("T68: the whole way with third-party cookies blocked, past a login page that sends X-Frame-Options: DENY and COOP", async () => {
  const visitor = await visit();
  const { context, page, screen, faults } = visitor;
  await withoutThirdPartyCookies(page);
  await page.goto(`${pages.site}/host`);
  /** @type {Record<string, string>[]} */
  const sent = [];
  page.on("response", async (response) => {
    if (response.url().startsWith(`${addresses.provider}/interaction/`)) sent.push(await response.allHeaders());
  });
  await leave(visitor);
  await until(() => sent.length > 0, "the login page's headers are known");
  for (const headers of sent) assert.deepEqual([headers["x-frame-options"], headers["cross-origin-opener-policy"]], ["DENY", "same-origin"]);

  const [flow, ...others] = await flowCookies(context);
  assert.equal(others.length, 0);
  assert.deepEqual([flow.secure, flow.httpOnly, flow.sameSite, flow.path], [true, true, "Lax", "/"]);
  assert.ok(flow.expires > 0 && flow.expires - Date.now() / 1000 <= 1800, "as long as the state");
  await signInAtProvider(page);
  await screen.getByRole("heading", { name: "Almost there, Lea" }).waitFor();
  const [kept] = await flowCookies(context);
  assert.ok(kept.expires - Date.now() / 1000 <= 120, "it has nearly served");
  await screen.getByRole("button", { name: "Back" }).press("Enter");
  assert.equal(await screen.locator(".choice").first().getByRole("radio").isChecked(), true, "the answer from before");
  assert.deepEqual(faults, []);
  await context.close();
});

test("T68: five logins in one browser leave four flow cookies", async () => {
  const { context, page } = await pages.all.visitor();
  for (let login = 0; login < 5; login += 1) {
    await page.goto(`${addresses.worker}/oauth/start?account=demo&campaignId=100002`);
    await page.getByRole("button", { name: /Lea Example/ }).waitFor();
  }
  assert.equal((await flowCookies(context)).length, 4);
  await context.close();
});

test("T56: a ticket that a script of the host page steals is worth nothing elsewhere, and is not used up", async () => {
  const visitor = await visit();
  const { context, page, screen } = visitor;
  // Runs in the host page before anything else there, as a script of a third party may.
  await page.addInitScript(() => {
    const stolen = location.hash;
    if (stolen) sessionStorage.setItem("stolen", stolen);
  });
  /** @type {() => void} */
  let release = () => {};
  const held = new Promise((resolve) => (release = () => resolve(undefined)));
  let redemptions = 0;
  await page.route("**/v1/oauth/redeem", async (route) => {
    redemptions += 1;
    await held;
    await route.continue();
  });
  await leave(visitor);
  await signInAtProvider(page);
  await page.waitForURL(`${pages.site}/host`);
  const stolen = String(await page.evaluate(() => sessionStorage.getItem("stolen")));
  assert.match(stolen, /^#handstamp=[\w-]{16}\.[\w-]{43}$/);

  // The thief opens it in a browser of his own; and the script itself asks, from the host page.
  const thief = await visit(`/host${stolen}`);
  await thief.screen.getByRole("heading", { name: "You signed in somewhere else" }).waitFor();
  assert.ok(!thief.page.url().includes("handstamp="), "it has left the address");
  const asked = await page.evaluate(async ([worker, ticket]) => {
    const body = JSON.stringify({ ticket });
    return fetch(`${worker}/v1/oauth/redeem?again`, { method: "POST", credentials: "include", headers: { "content-type": "application/json" }, body }).then((answer) => answer.status, () => "blocked");
  }, [addresses.worker, stolen.split("=")[1]]);
  assert.ok(asked === "blocked" || asked === 403, String(asked));

  release();
  await screen.getByRole("heading", { name: "Almost there, Lea" }).waitFor();
  assert.equal(redemptions, 1);
  await thief.context.close();
  await context.close();
});

test("T56: an attacker's callback or ticket in a link signs a victim in as nobody, before and after", async () => {
  const attacker = new Participant(addresses.worker);
  const start = await attacker.request(`${addresses.worker}/oauth/start?account=demo&campaignId=100002&return=1:/host`, { headers: { referer: `${pages.site}/host` } });
  const callback = await signIn(attacker, start.headers.get("location") ?? "");

  const victim = await visit();
  const { screen } = victim;
  await screen.getByRole("button", { name: "Start" }).waitFor();
  const { page } = victim;
  await page.goto(callback);
  await page.getByText("This sign-in was started in another browser").waitFor();
  assert.match(await page.locator("code").innerText(), /^[0-9A-HJKMNP-TV-Z]{8}$/);
  // His own login works from there, and later on no link takes its place.
  await page.getByRole("link", { name: "Back to the campaign" }).click();
  await leave(victim);
  await victim.page.getByRole("button", { name: /Noor Example/ }).click();
  await victim.page.getByRole("button", { name: "Allow" }).click();
  await screen.getByRole("heading", { name: "Almost there, Noor" }).waitFor();
  await page.goto(callback);
  await page.getByRole("link", { name: "Back to the campaign" }).click();
  await screen.getByRole("heading", { name: "Almost there, Noor" }).waitFor();
  await victim.context.close();
});

test("two campaigns on a page that remembers nothing: the login goes on in its own one, whichever comes first", async () => {
  const both = CONTAINER.replace('id="box"', 'id="other"').replace("100001", "100003") + CONTAINER.replace("100001", "100002");
  const visitor = await pages.hostPage({ body: both, path: "/both" });
  const { context, page, screen } = visitor;
  // As a browser does that keeps no sessionStorage for the site: the tag does not know who was left for the sign-in.
  await page.addInitScript((host) => {
    if (location.origin === host) Object.defineProperty(window, "sessionStorage", { get: () => { throw new DOMException("denied", "SecurityError"); } });
  }, pages.site);
  await page.reload();
  const other = page.frameLocator("#other iframe");
  await other.getByRole("button", { name: "Start" }).waitFor();
  /** @type {number[]} */
  const answers = [];
  page.on("response", (response) => response.url().endsWith("/v1/oauth/redeem") && answers.push(response.status()));
  await leave(visitor);
  await signInAtProvider(page);
  await screen.getByRole("heading", { name: "Almost there, Lea" }).waitFor();
  await other.getByRole("button", { name: "Start" }).waitFor();
  await until(() => answers.length > 1, "each has asked");
  assert.deepEqual(answers.sort(), [200, 401], "each has asked, and the other one is as it was");
  await context.close();
});

test("T58: two tabs sign in at once, and both succeed", async () => {
  const visitor = await visit();
  const { context, page, screen } = visitor;
  const other = await context.newPage();
  await other.goto(`${pages.site}/host`);
  const second = other.frameLocator("#box iframe");
  await leave(visitor);
  await leave({ ...visitor, page: other, screen: second });
  await signInAtProvider(page);
  await screen.getByRole("heading", { name: "Almost there, Lea" }).waitFor();
  // The login page knows by now what she has allowed.
  await other.getByRole("button", { name: /Lea Example/ }).click();
  await second.getByRole("heading", { name: "Almost there, Lea" }).waitFor();
  await context.close();
});

/**
 * Blocks third-party cookies, and proves it: a cookie that is there at the top is not sent from a frame of another site.
 * @param {import("playwright-core").Page} page
 */
async function withoutThirdPartyCookies(page) {
  /** @type {(string | undefined)[]} */
  const heard = [];
  const server = createServer((request, response) => {
    if (request.url === "/frame") heard.push(request.headers.cookie);
    const own = `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}`;
    response.writeHead(200, { "content-type": "text/html", "set-cookie": "plain=1; Path=/; Secure; SameSite=None" });
    response.end(request.url === "/host" ? `<iframe src="${own}/frame"></iframe>` : "<p>here");
  });
  await new Promise((resolve) => server.listen(0, "localhost", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const client = await page.context().newCDPSession(page);
  await client.send("Network.enable");
  const controls = { enableThirdPartyCookieRestriction: true, disableThirdPartyCookieMetadata: true, disableThirdPartyCookieHeuristics: true };
  await client.send("Network.setCookieControls", controls);
  try {
    for (let visit = 1; visit <= 2; visit += 1) await page.goto(`http://127.0.0.1:${port}/frame`);
    await page.goto(`http://localhost:${port}/host`);
    await page.frameLocator("iframe").getByText("here").waitFor();
  } finally {
    server.closeAllConnections();
    server.close();
  }
  // The frame's own partition may hold the campaign's cookie: cookies know no ports.
  const [first, atTheTop, inAFrame = ""] = heard;
  assert.deepEqual([heard.length, first, atTheTop, inAFrame.includes("plain")], [3, undefined, "plain=1", false]);
}
