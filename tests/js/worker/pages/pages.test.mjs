// Every page that a person can reach and that is not what they came for: each has a way on, and its number can be looked up, by the
// account, or by the operators where no account is known.

import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { after, before, test } from "node:test";
import { routeTable } from "../../../../xtask/js/routes.mjs";
import { Browser } from "../../support/worker/browser.mjs";
import { call } from "../../support/worker/deployment.mjs";
import { secrets } from "../../support/worker/customer.mjs";
import { catalogue } from "../../support/worker/package.mjs";
import { comeBack, HOME, LoginWorld, signedIn, wayOn } from "../../support/worker/login_world.mjs";

/** @type {LoginWorld} */ let world;
const [SITE, CAMPAIGN] = ["http://localhost:8788", "/campaign/acme/100001"];
const routes = (await routeTable()).routes.filter(({ page }) => page).map(({ path }) => path);
/** The pages of this file, by the rows of the route table. @type {Set<string>} */
const visited = new Set();
/** Situation, page, way on, code and owner, printed at the end. @type {string[][]} */
const seen = [["situation", "page", "way on", "code", "who fixes it"]];

before(async () => {
  world = await LoginWorld.start();
  await world.account("shared", { redirectUri: "shared" });
});
after(async () => {
  await world?.stop();
  const widths = seen[0].map((_, column) => Math.max(...seen.map((row) => row[column].length)));
  console.log(seen.map((row) => row.map((cell, column) => cell.padEnd(widths[column])).join("  ").trimEnd()).join("\n"));
});

/** @typedef {{ path: string, query?: string, on?: string, of?: string, code: string, status?: number, cookies?: string, init?: RequestInit }} Page on: the way on; of: whose refusal it is; without, nobody's */

/** @param {string} route @param {string} situation @param {Page} page */
async function meet(route, situation, { path, query = "", on, of, code, status = 400, cookies = "", init = {} }) {
  visited.add(route);
  const { url } = world.worker;
  const headers = { accept: "text/html,application/xhtml+xml,*/*;q=0.8", "sec-fetch-dest": "document", cookie: cookies, .../** @type {any} */ (init.headers) };
  const answer = await call(`${url}${path}${query}`, { ...init, headers });
  const where = `${situation}: ${path}${query.slice(0, 60)}`;
  assert.deepEqual([answer.status, answer.headers.get("location"), answer.headers.getSetCookie()], [status, null, []], `${where} ${answer.text}`);
  assert.match(answer.headers.get("content-type") ?? "", /^text\/html/, where);
  const there = on?.startsWith("/") && on !== "/" ? url + on : on;
  assert.equal(wayOn(answer.text), there, where);
  seen.push([situation, `${status} ${route}`, String(on), code, /** @type {any} */ (catalogue.codes)[code].fix]);
  const ref = /<code>([0-9A-HJKMNP-TV-Z]{8})<\/code>/.exec(answer.text)?.[1];
  if (!of) return assert.equal(ref, undefined, `${where}: no number that leads nowhere`);
  const own = await world.worker.read(`/v1/refusals/${ref}${of === "*" ? "" : `?account=${of}`}`);
  assert.deepEqual([own.status, own.body.code, own.body.account], [200, code, of], where);
  const operators = await world.worker.read(`/v1/refusals/${ref}`);
  assert.deepEqual([operators.status, operators.body.code, operators.body.account], [200, code, of], `${where}: and the operators`);
}

/** A sign-in that has come back, not yet delivered. @param {string} account */
async function underWay(account) {
  const browser = new Browser(world.worker.url);
  browser.page = `${SITE}/play`;
  const { bind } = (await browser.post("/v1/drafts", { account, campaignId: "100001", step: "identityset" })).body;
  const address = new URL(await signedIn(browser, { account, campaignId: "100001", bind, return: "0:/play" }));
  return { browser, address, state: address.searchParams.get("state") ?? "" };
}

test("answers of a login page that nobody can use: the account's own callback", async () => {
  const { browser, address, state } = await underWay("acme");
  const [own, route] = ["/oauth/callback/acme", "/oauth/callback/{account}"];
  const site = { path: own, on: SITE, of: "acme" };
  await meet(route, "an answer in the fragment", { ...site, code: "state_missing" });
  await meet(route, "a state that was cut", { ...site, query: `?code=x&state=${state.slice(0, 255)}`, code: "state_invalid" });
  await meet(route, "an unknown state", { ...site, query: "?code=x&state=nobodys", code: "state_invalid" });
  await meet(route, "a state that is not UTF-8", { ...site, query: "?code=x&state=%E9%", code: "state_invalid" });
  await meet(route, "a state twice", { ...site, query: `?state=${state}&code=x&state=${state}`, code: "state_duplicate" });
  await meet(route, "ampersands that were escaped for HTML", { ...site, query: `?code=x&amp;state=${state}`, code: "state_missing" });
  await meet(route, "the name of nothing for a state", { ...site, query: "?code=x&state=undefined", code: "state_invalid" });
  await meet(route, "an empty state", { ...site, query: "?code=x&state=", code: "state_missing" });
  await meet(route, "a signed answer (JARM)", { ...site, query: "?response=e30.e30.e30", code: "state_missing" });
  await meet(route, "a cancel without its state", { ...site, query: "?error=access_denied", code: "state_missing" });
  await meet(route, "too long a query", { ...site, query: `?code=x&x=${"x".repeat(15_000)}${"y".repeat(2_000)}`, code: "query_invalid" });
  const form = { method: "POST", headers: { "content-type": "application/x-www-form-urlencoded" }, body: new URLSearchParams({ code: "x", state }).toString() };
  await meet(route, "form_post without the cookie", { path: own, init: form, status: 403, on: HOME, of: "acme", code: "flow_cookie_missing" });
  await meet(route, "form_post without a state", { ...site, init: { ...form, body: "code=x" }, code: "state_missing" });
  await meet(route, "another browser", { path: own, query: address.search, status: 403, on: HOME, of: "acme", code: "flow_cookie_missing" });
  await meet(route, "the callback of another account", { path: "/oauth/callback/shared", query: address.search, on: HOME, of: "acme", code: "state_invalid" });
  await meet(route, "the shared callback", { path: "/oauth/callback", query: address.search, on: HOME, of: "acme", code: "state_invalid" });
  const ofCampaign = { path: `${own}/100001`, on: "/campaign/acme/100001", of: "acme" };
  for (const [situation, more] of /** @type {[string, object][]} */ ([["an answer in the fragment", { code: "state_missing" }], ["an unknown state", { query: "?code=x&state=nobodys", code: "state_invalid" }], ["form_post without a state", { init: { ...form, body: "code=x" }, code: "state_missing" }]]))
    await meet(`${route}/{campaignId}`, `${situation}, at a campaign's own`, { ...ofCampaign, .../** @type {any} */ (more) });
  await meet(`${route}/{campaignId}`, "the callback of a campaign", { path: ofCampaign.path, query: address.search, status: 401, on: HOME, of: "acme", code: "issuer_param_mismatch" });
  await meet(route, "a slash too many", { path: `${own}/`, query: address.search, status: 404, on: HOME, code: "not_found" });
  await meet(route, "a slash doubled", { path: `/${own}`, query: address.search, status: 404, on: HOME, code: "not_found" });
  await meet(route, "in capitals", { path: "/OAuth/Callback/acme", query: address.search, status: 404, on: HOME, code: "not_found" });
  await meet(route, "a file of a framework", { path: `${own}/index.php`, query: address.search, status: 404, on: HOME, code: "not_found" });
  await meet(route, "an account that is nobody's", { path: "/oauth/callback/nobody", query: "?code=x", on: "/", of: "*", code: "state_missing" });
  await meet(route, "a prefetch", { path: own, query: address.search, status: 403, cookies: browser.cookieHeader, init: { headers: { "sec-purpose": "prefetch" } }, on: "/", code: "query_invalid" });
  assert.equal((await comeBack(browser, address.href)).status, 200, "and after all of this the person signs in");
});

test("answers of a login page that nobody can use: the shared callback, where the browser says what it left", async () => {
  const { browser, address, state } = await underWay("shared");
  const [path, route, campaign] = ["/oauth/callback", "/oauth/callback", "/campaign/shared/100001"];
  const known = { path, on: campaign, of: "shared", cookies: browser.cookieHeader };
  await meet(route, "an answer in the fragment", { ...known, code: "state_missing" });
  await meet(route, "a state that was cut", { ...known, query: `?code=x&state=${state.slice(0, 255)}`, code: "state_invalid" });
  await meet(route, "an unknown state", { path, query: "?code=x&state=nobodys", on: "/", of: "*", code: "state_invalid" });
  await meet(route, "an unknown state, from a page", { path, query: "?code=x&state=nobodys", init: { headers: { referer: "https://id.acme.example/consent" } }, on: "https://id.acme.example", of: "*", code: "state_invalid" });
  await meet(route, "form_post", { path, init: { method: "POST", headers: { "content-type": "application/x-www-form-urlencoded" }, body: `state=${state}&code=x` }, status: 405, on: HOME, of: "shared", code: "method_not_allowed" });
  await meet(route, "a slash at the end", { path: "/oauth/callback/", query: address.search, status: 404, on: HOME, code: "not_found" });
  await meet(route, "a slash at the end and nothing else", { path: "/oauth/callback/", status: 404, on: campaign, cookies: browser.cookieHeader, code: "not_found" });
  assert.equal((await comeBack(browser, address.href)).status, 200);
});

test("parameters that nobody knows, or that nobody can read, lead back to the campaign", async () => {
  for (const more of ["&display_name=Jos%E9", "&x=%", "&error_description=annul%E9", "&session_state=a&session_state=b", "&%E9=1", `&picture=${"A".repeat(9_000)}`, "&error=", "&iss_hint=%zz"]) {
    const { browser, address } = await underWay("acme");
    assert.equal((await comeBack(browser, address.href + more)).status, 200, more);
  }
  for (const [change, code] of [["code=%E9", "code_missing"], ["code=%00", "code_missing"], ["error=%E9%E8&error_description=annul%E9", "provider_error"], ["code=x&code=y", "state_duplicate"], ["error=access_denied&code=", "login_cancelled"]]) {
    const { browser, address } = await underWay("acme");
    const { state, iss } = Object.fromEntries(address.searchParams);
    const { status, body } = await comeBack(browser, `${address.origin}${address.pathname}?${new URLSearchParams({ state, iss })}&${change}`);
    const { body: report } = await world.worker.read(`/v1/refusals/${body.ref}?account=acme`);
    assert.deepEqual([status, report.code], [code === "state_duplicate" ? 400 : 401, code], change);
  }
});

test("starts and campaigns that nobody can use", async () => {
  const [start, campaign] = ["/oauth/start", "/campaign/{account}/{campaignId}"];
  const known = "?account=acme&campaignId=100001";
  await meet(start, "a bind that is none", { path: start, query: `${known}&bind=x`, on: CAMPAIGN, of: "acme", code: "query_invalid" });
  await meet(start, "a campaign that is over", { path: start, query: "?account=acme&campaignId=9", status: 404, on: SITE, of: "acme", code: "campaign_unknown" });
  await meet(start, "a campaign without sign-ins", { path: start, query: "?account=acme&campaignId=100002", status: 404, on: "/campaign/acme/100002", of: "acme", code: "technique_off" });
  await meet(start, "an account that is nobody's", { path: start, query: "?account=nobody&campaignId=1", status: 404, on: "/", of: "*", code: "account_unknown" });
  await meet(start, "nothing asked", { path: start, on: "/", of: "*", code: "query_invalid" });
  await meet(start, "a frame", { path: start, query: known, init: { headers: { "sec-fetch-dest": "iframe" } }, status: 403, on: CAMPAIGN, of: "acme", code: "query_invalid" });
  await meet(campaign, "a campaign that is over", { path: "/campaign/acme/9", status: 404, on: SITE, of: "acme", code: "campaign_unknown" });
  await meet(campaign, "a campaign of nobody, linked from a site", { path: "/campaign/nobody/9", init: { headers: { referer: "https://www.acme.example/" } }, status: 404, on: "https://www.acme.example", of: "*", code: "account_unknown" });
});

test("addresses that lead nowhere, and pages without refusals", async () => {
  await meet("static", "no such file", { path: "/nothing-here", status: 404, on: "/", code: "not_found" });
  await meet("static", "no such page of ours", { path: "/connect", status: 404, on: "/", code: "not_found" });
  await meet("static", "no such route", { path: "/v1/nothing", status: 404, on: "/", code: "not_found" });
  const home = await world.worker.get("/", { headers: { accept: "text/html", "accept-language": "nl" } });
  assert.deepEqual([home.status, home.text.includes("Sluit dit venster"), home.text.includes("Sign in to the console")], [200, true, true]);
  assert.deepEqual((await world.worker.get("/")).body.name, "handstamp", "a program reads what runs");
  const missing = await world.worker.get("/campain/<b>acme", { headers: { accept: "text/html" } });
  assert.ok(missing.text.includes("There is no page at /campain/%3Cb%3Eacme.") && !missing.text.includes("on our side"), missing.text);
  // The bar of the other pages; and where only the last slash is wrong, the page that was meant.
  const bar = await readFile(new URL("../../../../www/design/bar.html", import.meta.url), "utf8");
  const places = (/** @type {string} */ html) => [...html.matchAll(/<a (?:class="brand" )?href="([^"]*)"/g)].map(([, place]) => place);
  assert.deepEqual(places(missing.text.split("</nav>")[0]), places(bar));
  for (const [path, meant] of [["/console", "/console/"], ["/console/acme/", "/console/acme"], ["/stats/acme/?lang=fr", "/stats/acme?lang=fr"], ["/campaign/acme/100001/", "/campaign/acme/100001"]]) {
    const { status, headers } = await world.worker.get(path, { headers: { accept: "text/html" } });
    assert.deepEqual([path, status, headers.get("location")], [path, 302, meant]);
  }
  assert.equal((await world.worker.get("/oauth/callback/?state=x", { headers: { accept: "text/html" } })).headers.get("location"), null, "a sign-in goes by the exact URL");
  for (const template of ["/demo/", "/demo/index.html", "/demo", "/design/bar.html", "/design/head.html", "/guides/layout", "/guides/snippets/access.sh"]) assert.ok(!(await world.worker.get(template)).text.includes("{{"), template);
  assert.equal((await world.worker.get("/demo/")).status, 404);
  // Static files, whatever comes behind their first part.
  for (const path of ["/stats/nobody", "/connect/nobody", "/console/nobody", "/console/"]) assert.equal((await world.worker.get(path, { headers: { accept: "text/html" }, redirect: "follow" })).status, 200);
  assert.deepEqual(routes.filter((path) => !visited.has(path)).sort(), ["/", "/connect/{account}", "/console/", "/console/{account}", "/stats/{account}"]);
});

test("every page that is served as a file has the bar, and with it a way on", async () => {
  const files = (await readdir(new URL("../../../../pkg/public/", import.meta.url), { recursive: true })).filter((file) => file.endsWith(".html"));
  /** Files that stand at a path of the route table. @type {Record<string, string>} */
  const places = { "home/": "", "desk/": "console/", "connection/": "connect/acme" };
  const paths = files.map((file) => file.replace(/(index)?\.html$/, "")).map((path) => `/${places[path] ?? path}`);
  assert.ok(paths.length > 20, "the guides, the API, the codes, the console and the others");
  for (const path of [...paths, "/stats/acme", "/console/acme"]) {
    const { status, text } = await world.worker.get(path, { headers: { accept: "text/html" }, redirect: "follow" });
    const [bar = ""] = /<nav class="topbar".*?<\/nav>/s.exec(text) ?? [];
    assert.deepEqual([path, status, ["/", "/guides/", "/console/"].filter((on) => !bar.includes(`href="${on}"`))], [path, 200, []]);
    seen.push(["", `200 ${path}`, "the bar", "", ""]);
  }
});

test("the way on is to our own origin or to the account's, and stands in HTML as text", async () => {
  for (const referer of ["javascript:alert(1)", "data:text/html,x", `https://a.example/"><script>`, "https://user:pw@evil.example/x", "nonsense"]) {
    const headers = { accept: "text/html", referer };
    const { text } = await world.worker.get("/oauth/callback?state=x", { headers });
    const on = String(wayOn(text));
    assert.ok(on === "/" || /^https:\/\/(a|evil)\.example$/.test(on), `${referer} ${on}`);
    assert.ok(!text.includes("<script"));
  }
});

test("an account without a site has pages with a way on, too", async () => {
  await world.worker.account({ ...world.document("siteless", {}), origins: [] }, secrets);
  const headers = { accept: "text/html", "sec-fetch-dest": "document" };
  for (const [path, status] of [["/nothing-here?account=siteless", 404], ["/oauth/start?account=siteless&campaignId=9", 404], ["/campaign/siteless/9", 404]]) {
    const alone = await call(`${world.worker.url}${path}`, { headers });
    assert.deepEqual([alone.status, wayOn(alone.text)], [status, "/"], String(path));
    const linked = await call(`${world.worker.url}${path}`, { headers: { ...headers, referer: "https://www.acme.example/play" } });
    assert.deepEqual([linked.status, wayOn(linked.text)], [status, "https://www.acme.example"], String(path));
  }
});
