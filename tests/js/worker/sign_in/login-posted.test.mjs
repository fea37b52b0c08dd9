// An identity provider that posts its answer (OAuth 2.0 Form Post Response Mode): the form comes from another site, so only a
// cookie with SameSite=None comes with it, and only the account's own callback takes it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { PATIENCE_MS } from "../../support/patience.mjs";
import { Browser } from "../../support/worker/browser.mjs";
import { call } from "../../support/worker/deployment.mjs";
import { LoginWorld } from "../../support/worker/login_world.mjs";

/** @type {LoginWorld} */ let world;

before(async () => {
  world = await LoginWorld.start();
  await world.account("posted", { responseMode: "form_post" });
});
after(() => world.stop());

/** A sign-in as far as the form: where it goes, what it holds, and the cookies that go along. */
async function form() {
  const browser = new Browser(world.worker.url);
  const start = await browser.go("/oauth/start?account=posted&campaignId=100001");
  const asked = new URL(start.location).searchParams;
  const url = new URL((await browser.go(start.location)).location);
  const fields = new URLSearchParams(url.search);
  url.search = "";
  const none = start.headers.getSetCookie().filter((cookie) => cookie.includes("SameSite=None; ") && !cookie.includes("Max-Age=0"));
  return { browser, asked, url: url.href, fields, cookie: none.map((cookie) => cookie.split(";")[0]).join("; ") };
}
/** @param {string} url @param {URLSearchParams | string} body @param {Record<string, string>} headers */
const send = (url, body, headers) =>
  call(url, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded", origin: world.provider.issuer, "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document", ...headers },
    body: String(body),
  });

test("a posted answer signs the person in", { timeout: PATIENCE_MS }, async () => {
  const { browser, asked, url, fields, cookie } = await form();
  assert.deepEqual([asked.get("response_mode"), url], ["form_post", `${world.worker.url}/oauth/callback/posted`]);
  assert.match(cookie, /^__Host-hs_flow_/, "the flow cookie travels with the form of another site");
  const back = await send(url, fields, { cookie });
  assert.equal(back.status, 303, back.text);
  const [place, ticket] = (back.headers.get("location") ?? "").split("#handstamp=");
  assert.equal(place, `${world.worker.url}/campaign/posted/100001`);
  const { body } = await browser.post("/v1/oauth/redeem", { ticket });
  assert.equal(body.admission?.decision, "allowed", JSON.stringify(body));
});

test("a posted answer without the cookie, of another account, or that cannot be read signs nobody in", { timeout: PATIENCE_MS }, async () => {
  const { url, fields, cookie } = await form();
  const html = { accept: "text/html", cookie };
  const refusals = [
    await send(url.replace("/posted", "/acme"), fields, html),
    await send(url, "state=x&code=y", html),
    await send(url, "", html),
    await send(url, "%FF", html),
    await send(url, fields, { ...html, "content-type": "text/plain" }),
    await send(url, `${fields}&pad=${"x".repeat(20_000)}`, html),
  ];
  for (const { status, headers, text } of refusals) {
    assert.ok(status >= 400 && status < 500, String(status));
    assert.match(headers.get("content-type") ?? "", /^text\/html/, "a person gets a page");
    assert.equal(headers.get("location"), null);
    assert.ok(!text.includes(String(fields.get("code"))), "the code is not repeated");
  }
  const stranger = await send(url, fields, {});
  const ticket = stranger.headers.get("location")?.split("#handstamp=")[1];
  const redeemed = ticket && (await new Browser(world.worker.url).post("/v1/oauth/redeem", { ticket }));
  assert.ok(!redeemed || redeemed.body.admission === undefined, "another browser has nothing of it");
  assert.equal((await send(`${world.worker.url}/oauth/callback`, fields, html)).status, 405, "the shared callback takes no form");
});

test("a document cannot have a posted answer on the shared callback", async () => {
  const fault = { responseMode: "form_post", redirectUri: "shared" };
  await assert.rejects(world.account("shared-post", fault), /responseMode/);
});
