// Every route has a limit in its row, or a reason to have none: each is driven over it, by one address and by many.

import assert from "node:assert/strict";
import { test } from "node:test";
import { networkOf } from "../../../../worker/src/platform/network.js";
import { routeTable } from "../../../../xtask/js/routes.mjs";
import { Browser } from "../../support/worker/browser.mjs";
import { acme, secrets } from "../../support/worker/customer.mjs";
import { Deployment } from "../../support/worker/deployment.mjs";
import { LoginWorld, wayOn } from "../../support/worker/login_world.mjs";
import { Provider } from "../../support/worker/provider.mjs";
import { asked, send } from "../../support/worker/route_requests.mjs";

const { routes } = await routeTable();
const limitOf = (/** @type {import("../../../../xtask/js/routes.mjs").Row} */ { limit }) => (typeof limit === "string" ? limit : undefined);
const limited = routes.filter(limitOf);
/** Sends a request of a row as the page does that may: the console's from the console's origin. @type {typeof send} */
const sendFrom = (url, route, request, headers) => {
  const own = url.replace("127.0.0.1", "localhost");
  return route.console ? send(own, route, request, { origin: own, "sec-fetch-site": "same-origin", ...headers }) : send(url, route, request, headers);
};
/** More than enough: the minute of a limit may end while a test drives. */
const enough = (/** @type {number} */ limit) => 2 * limit + 2;

/** @param {{ caller: number, account: number }} limits @param {(worker: Deployment) => Promise<void>} drive */
async function driven(limits, drive) {
  const worker = await Deployment.start({}, { limits });
  try {
    const { authorization } = await worker.bearer();
    await worker.account(acme(), secrets);
    assert.ok(authorization);
    await drive(worker);
  } finally {
    await worker.stop();
  }
}

test("a route has a limit or says why it needs none, and those are few", () => {
  for (const { path, limit } of routes) {
    if (typeof limit === "string") assert.match(limit, /^[a-z_]+$/, path);
    else assert.ok(limit.none.length > 10, path);
  }
  const without = routes.filter((route) => !limitOf(route)).map(({ path }) => path);
  assert.deepEqual(without.sort(), ["/", "/.well-known/jwks.json", "/connect/{account}", "/console/", "/console/{account}", "/healthz", "/openapi.json", "/stats/{account}", "/version", "static"]);
});

test("one address that asks too often of any route is told so, and when to come back; another is not", async () => {
  const caller = 4;
  await driven({ caller, account: 1_000_000 }, async (worker) => {
    const table = [];
    for (const [index, route] of limited.entries()) {
      const from = { "cf-connecting-ip": `192.0.2.${index}` };
      // Without an access token too: whoever may not ask may not ask without end either.
      const ask = () => sendFrom(worker.url, route, asked(route), from);
      let [sent, answer] = [1, await ask()];
      while (answer.status !== 429 && sent < enough(caller)) [sent, answer] = [sent + 1, await ask()];
      assert.deepEqual([answer.status, answer.body?.code, answer.headers.get("retry-after")], [429, "rate_limited", "60"], `${route.method} ${route.path}: ${answer.text}`);
      assert.notEqual((await sendFrom(worker.url, route, asked(route), { "cf-connecting-ip": `198.51.100.${index}` })).status, 429, `${route.path}: another address`);
      table.push(`${route.method.padEnd(6)} ${route.path.padEnd(44)} ${limitOf(route)?.padEnd(12)} ${sent}`);
    }
    console.log(`429 for one address, at a limit of ${caller}:\n${table.join("\n")}`);
  });
});

test("a caller with an IPv6 network counts once for all of its addresses, and does not use up the limit of the account", async () => {
  const [caller, account] = [4, 12];
  await driven({ caller, account }, async (worker) => {
    const ask = async (/** @type {string} */ address) => (await worker.get("/campaign/acme/100001", { headers: { "cf-connecting-ip": address } })).status;
    const network = (/** @type {number} */ turn) => ["2001:db8:1:2::", "2001:DB8:1:2:0:0:0:"][turn % 2] + (turn + 1).toString(16);
    /** @type {number[]} */
    const statuses = [];
    for (let turn = 0; turn < enough(caller) && !statuses.includes(429); turn += 1) statuses.push(await ask(network(turn)));
    assert.ok(statuses.includes(429), statuses.join());
    for (let turn = 0; turn < 2 * account; turn += 1) await ask(network(turn));
    for (const other of ["2001:db8:1:3::1", "2001:db8::1", "192.0.2.7", "::ffff:192.0.2.8"]) assert.equal(await ask(other), 200, other);
  });
});

test("an IPv4 address counts the same in any spelling, and what is not an address as it is", () => {
  const spellings = { "192.0.2.1": "192.0.2.1", "::ffff:192.0.2.1": "192.0.2.1", "::ffff:c000:201": "192.0.2.1", "2001:db8::1": "2001:db8:0:0", "::1": "0:0:0:0", "2001:db8:1:2:3:4:5:6": "2001:db8:1:2", "": "", "not:one": "not:one" };
  for (const [address, network] of Object.entries(spellings)) assert.equal(networkOf(address), network, address);
});

test("what cannot be read counts as well", async () => {
  const caller = 4;
  await driven({ caller, account: 1_000_000 }, async (worker) => {
    for (const [index, route] of limited.filter(({ body }) => body).entries()) {
      const headers = { "cf-connecting-ip": `203.0.113.${index}` };
      const ask = () => sendFrom(worker.url, route, { ...asked(route), body: "{" }, headers);
      let [sent, answer] = [1, await ask()];
      assert.notEqual(answer.status, 429, route.path);
      while (answer.status !== 429 && sent < enough(caller)) [sent, answer] = [sent + 1, await ask()];
      assert.equal(answer.status, 429, `${route.path}: ${answer.text}`);
    }
  });
});

test("all addresses of an account together have a limit of each route, and the next account has its own", async () => {
  const account = 12;
  await driven({ caller: 1_000_000, account }, async (worker) => {
    const provider = await Provider.start();
    const world = new LoginWorld(worker, provider);
    await world.account("signs");
    const { location } = await new Browser(worker.url).go("/oauth/start?account=signs&campaignId=100001");
    provider.stop();
    const state = new URL(location).searchParams.get("state") ?? "";
    const bearer = await worker.bearer();
    const { clientId, secret } = worker.secrets.operator;
    const basic = { authorization: `Basic ${btoa(`${clientId}:${secret}`)}` };
    const nobodys = [];
    const names = new Set(limited.map(limitOf));
    for (const name of names) {
      const route = limited.find((each) => limitOf(each) === name);
      assert.ok(route);
      const request = name === "callback" ? { ...asked(route), query: { state, code: "x" } } : asked(route);
      const headers = name === "token" ? basic : bearer;
      let [sent, answer] = [0, await sendFrom(worker.url, route, request, headers)];
      while (answer.status !== 429 && sent < enough(account)) {
        const from = { "cf-connecting-ip": `192.0.2.${sent}` };
        [sent, answer] = [sent + 1, await sendFrom(worker.url, route, request, { ...headers, ...from })];
      }
      if (answer.status !== 429) nobodys.push(name);
    }
    // Not for an account: what the deployment says of itself.
    assert.deepEqual(nobodys.sort(), ["metrics", "ready"]);
  });
});

test("an account's programs are not sent away because strangers ask without an access token", async () => {
  await driven({ caller: 1_000_000, account: 12 }, async (worker) => {
    const route = routes.find(({ id }) => id === "listVersions");
    assert.ok(route);
    for (let i = 0; i < 40; i += 1) assert.equal((await sendFrom(worker.url, route, asked(route), { "cf-connecting-ip": `192.0.2.${i}` })).status, 401);
    assert.equal((await sendFrom(worker.url, route, asked(route), await worker.bearer())).status, 200);
  });
});

test("a person who is sent away gets a page in their language, with a way on", async () => {
  await driven({ caller: 5, account: 1_000_000 }, async (worker) => {
    const pages = limited.filter(({ page }) => page);
    assert.ok(pages.length >= 4);
    for (const [index, route] of pages.entries()) {
      const headers = { "cf-connecting-ip": `192.0.2.${index}`, accept: "text/html,*/*;q=0.8", "accept-language": "fr" };
      let answer = await sendFrom(worker.url, route, asked(route), headers);
      for (let sent = 1; answer.status !== 429 && sent < enough(5); sent += 1) answer = await sendFrom(worker.url, route, asked(route), headers);
      assert.deepEqual([answer.status, answer.headers.get("retry-after")], [429, "60"], route.path);
      assert.match(answer.headers.get("content-type") ?? "", /^text\/html/);
      assert.match(answer.text, /Patientez une minute, puis réessayez\./);
      assert.match(answer.text, /<a href="">Réessayer<\/a>/, "to where they wanted to go");
    }
  });
});

test("pages that do not exist look nothing up for an address that asks too often, nor for more sign-ins than a browser has", async () => {
  await driven({ caller: 5, account: 1_000_000 }, async (worker) => {
    /** @param {string} path @param {string} from @param {string} [cookie] */
    const page = async (path, from, cookie = "") => {
      const { status, text } = await worker.get(path, { headers: { "cf-connecting-ip": from, accept: "text/html", cookie } });
      assert.equal(status, 404);
      return wayOn(text);
    };
    const seen = new Set([await page("/nothing?account=acme", "192.0.2.1")]);
    for (let sent = 1; !seen.has("/") && sent < enough(5); sent += 1) seen.add(await page("/nothing?account=acme", "192.0.2.1"));
    assert.deepEqual([...seen], ["http://localhost:8788", "/"]);
    const flow = (/** @type {string} */ account, /** @type {number} */ n) => `__Host-hs_flow_${n}=x.-${Buffer.from(`${account}/100001`).toString("base64url")}`;
    const others = (/** @type {number} */ count) => Array.from({ length: count }, (_, n) => flow(`nobody${n}`, n + 1));
    const cookies = (/** @type {number} */ newer) => [flow("acme", 0), ...others(newer)].join("; ");
    assert.match(String(await page("/nothing", "192.0.2.2", cookies(3))), /\/campaign\/acme\/100001$/);
    assert.equal(await page("/nothing", "192.0.2.2", cookies(4)), "/");
  });
});
