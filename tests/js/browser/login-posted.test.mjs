// An identity provider that posts its answer, in a real Chromium: its form comes from another site, so the flow cookie arrives
// only as it is SameSite=None. Cookies that are Secure reach a loopback address over http, as browsers trust it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { PATIENCE_MS } from "../support/patience.mjs";
import { empty, open } from "../support/browser/chromium.mjs";
import { secrets } from "../support/worker/customer.mjs";
import { Deployment } from "../support/worker/deployment.mjs";
import { LoginWorld } from "../support/worker/login_world.mjs";
import { Provider } from "../support/worker/provider.mjs";

/** @type {LoginWorld} */ let world;
/** @type {import("playwright-core").Browser} */ let browser;

before(async () => {
  const [worker, provider] = await Promise.all([Deployment.start(), Provider.start()]);
  world = new LoginWorld(worker, provider);
  browser = await open();
  // Another site than the worker's, which is on 127.0.0.1.
  provider.issuer = provider.issuer.replace("127.0.0.1", "localhost");
  provider.posts = true;
  for (const [name, oauth] of Object.entries({ posted: { responseMode: "form_post" }, queried: {} })) {
    const document = world.document(name, oauth);
    const campaign = document.campaigns["100001"];
    await worker.account(/** @type {any} */ ({ ...document, campaigns: { 100001: { ...campaign, questions: [], form: "show" } } }), secrets);
  }
});
after(async () => {
  await empty();
  await world?.stop();
});

/** A sign-in up to where it ends, and the request that came back from the identity provider. @param {string} account */
async function signIn(account) {
  const context = await browser.newContext();
  context.setDefaultTimeout(PATIENCE_MS);
  const { url } = world.worker;
  await context.addCookies([{ name: "lax", value: "stays", url, sameSite: "Lax" }]);
  const page = await context.newPage();
  const posted = page.waitForRequest((request) => request.method() === "POST" && request.url().startsWith(`${url}/oauth/callback`));
  await page.goto(`${url}/oauth/start?account=${account}&campaignId=100001`);
  const headers = await (await posted).allHeaders();
  return { context, page, headers };
}

test("form_post: the SameSite=None flow cookie arrives with the form of another site, and the person is signed in", async () => {
  const { context, page, headers } = await signIn("posted");
  assert.equal(headers.origin, world.provider.issuer);
  assert.equal(headers["sec-fetch-site"], "cross-site");
  assert.match(headers.cookie, /(^|; )__Host-hs_flow_[\w-]+=/);
  assert.doesNotMatch(headers.cookie, /(^|; )lax=/, "a Lax cookie does not come with such a form");
  await page.waitForURL(`${world.worker.url}/campaign/posted/100001**`);
  await page.getByRole("heading", { name: "Almost there, Canary" }).waitFor();
  assert.equal(await page.getByLabel("E-mail").inputValue(), "canary@example.org");
  const flow = (await context.cookies(world.worker.url)).filter(({ name }) => name.startsWith("__Host-hs_flow_"));
  assert.deepEqual(flow.map(({ secure, httpOnly, sameSite, path }) => [secure, httpOnly, sameSite, path]), [[true, true, "None", "/"]]);
  await context.close();
});

test("form_post that nobody asked for: the Lax flow cookie stays at home, nobody is signed in, and the page leads on", async () => {
  const { context, page, headers } = await signIn("queried");
  assert.doesNotMatch(headers.cookie ?? "", /__Host-hs_flow_/);
  await page.getByRole("link").first().waitFor();
  assert.equal(await page.getByRole("link").first().getAttribute("href"), `${world.worker.url}/campaign/queried/100001`);
  await context.close();
});
