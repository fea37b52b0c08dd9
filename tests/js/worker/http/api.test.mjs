// What every route has in common: problem documents, headers, methods, caps; the pages; the operations.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { isAllowedAddress } from "../../../../worker/src/platform/addresses.js";
import { acme, secrets, sign } from "../../support/worker/customer.mjs";
import { call, Deployment, root } from "../../support/worker/deployment.mjs";
import { catalogue } from "../../support/worker/package.mjs";
import { counted } from "../../support/worker/description.mjs";

/** @type {Deployment} */
let worker;

before(async () => {
  worker = await Deployment.start({ DEMO_URL: "http://localhost:8788/" });
  const document = acme();
  const {
    questions: [question],
    ...rest
  } = document.campaigns["100001"];
  document.campaigns["100001"] = { ...rest, questions: [{ ...question, text: { en: "</script><script>alert(1)</script><!--" } }] };
  await worker.account(document, secrets);
});
after(() => worker.stop());

test("the status and the openness of a code stand in the catalogue alone", async () => {
  const folder = join(root, "worker/src");
  const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".js"));
  const sources = await Promise.all(files.map(async (name) => /** @type {const} */ ([name, await readFile(join(folder, name), "utf8")])));
  for (const [name, source] of sources)
    for (const [text, code] of source.matchAll(/["']?(\w+)["']?: [45]\d\d\b/g)) assert.ok(!(code in catalogue.codes), `${name}: ${text}`);
  const lists = sources.flatMap(([name, source]) => [...source.matchAll(/new Set\(\[([^\]]+)\]\)/g)].map(([, list]) => /** @type {const} */ ([name, list])));
  const named = (/** @type {string} */ list) => [...list.matchAll(/"(\w+)"/g)].map(([, code]) => code).filter((code) => code in catalogue.codes);
  // Which codes lead a person back from the start is the start's own affair.
  assert.deepEqual(lists.filter(([, list]) => named(list).length > 4).map(([name]) => name), ["routes/participant/start.js"]);
  const { status, body } = await worker.get("/oauth/callback");
  assert.deepEqual([status, body.code], [catalogue.codes.state_missing.status, "state_missing"]);
});

test("a refusal is a problem document with a reason, a sentence and a number that can be said", async () => {
  const { status, body, headers } = await worker.get("/v1/nothing");
  assert.equal(status, 404);
  assert.equal(headers.get("content-type"), "application/problem+json");
  assert.equal(headers.get("cache-control"), "no-store");
  assert.deepEqual([body.status, body.code, body.reason], [404, "not_found", "try_again"]);
  assert.match(body.ref, /^[0-9A-HJKMNP-TV-Z]{8}$/);
  const unknown = await worker.read("/v1/accounts/nobody");
  assert.deepEqual([unknown.status, unknown.body.code, unknown.body.detail], [404, "account_unknown", "The account does not exist. Check the account's name."], "a program is told of the account, not of a campaign");
  const codes = await readFile(new URL("../../../../www/codes/index.html", import.meta.url), "utf8");
  assert.ok(codes.includes(`id="${body.type.split("/codes/#")[1]}"`), `${body.type} leads to an entry of the page of codes`);
});

test("every answer carries the headers that keep it to itself", async () => {
  const paths = [
    "/",
    "/healthz",
    "/openapi.json",
    "/campaign/acme/100001",
    "/v1/nothing",
    "/v1/token/admit",
    "/oauth/start",
    "/campaign/app.js",
    "/tag.js",
  ];
  for (const path of paths) {
    const { headers } = await worker.get(path);
    assert.equal(headers.get("x-content-type-options"), "nosniff", path);
    // A campaign tells its own origin where a sign-in is begun; every other page tells nobody anything.
    assert.equal(headers.get("referrer-policy"), path.startsWith("/campaign/acme/") ? "same-origin" : "no-referrer", path);
    assert.match(headers.get("content-security-policy") ?? "", /default-src 'none'/, path);
  }
  for (const path of ["/v1/token/admit", "/v1/participations", "/v1/oauth/redeem", "/v1/drafts", "/campaign/acme/100001"]) {
    const { headers } = await worker.get(path, { headers: { origin: "https://evil.example" } });
    assert.equal(headers.get("access-control-allow-origin"), null, path);
  }
});

test("methods: HEAD is GET without a body, OPTIONS says what there is, others are refused by name", async () => {
  const head = await worker.get("/campaign/acme/100001", { method: "HEAD" });
  assert.deepEqual([head.status, head.text], [200, ""]);
  assert.match(head.headers.get("content-type") ?? "", /^text\/html/);
  const options = await worker.get("/v1/accounts/acme", { method: "OPTIONS" });
  assert.deepEqual([options.status, options.headers.get("allow")], [204, "GET, PUT, DELETE, HEAD, OPTIONS"]);
  for (const [method, path, allow] of [
    ["DELETE", "/v1/participations", "POST, OPTIONS"],
    ["POST", "/healthz", "GET, HEAD, OPTIONS"],
    ["POST", "/campaign/app.js", "GET, HEAD, OPTIONS"],
  ]) {
    const { status, body, headers } = await worker.get(path, { method });
    assert.deepEqual([status, body.code, headers.get("allow")], [405, "method_not_allowed", allow], path);
  }
});

test("a body is capped, typed and read strictly", async () => {
  const send = (/** @type {BodyInit} */ body, type = "application/json", path = "/v1/token/admit") =>
    call(worker.url + path, { method: "POST", headers: { "content-type": type }, body });
  assert.deepEqual(
    [(await send("{}", "text/plain")).status, (await send("{}", "application/json; charset=utf-8")).body.code],
    [415, "body_invalid"],
  );
  for (const text of ["", "{", "[]", "null", '"x"', "\ufeff{}"]) assert.deepEqual([(await send(text)).status], [400], text);
  assert.equal((await send(new Uint8Array([0x7b, 0xff, 0x7d]))).body.code, "body_invalid");
  const token = "x".repeat(16 * 1024);
  const large = await send(JSON.stringify({ account: "acme", campaignId: "100001", token: `${token}x` }));
  assert.equal(large.body.reason, "token_invalid", "one byte too many is still told as what it is");
  assert.equal((await send("{}", "text/plain")).body.code, "media_type_unsupported");
  const twice = await send(JSON.stringify({ token: token.repeat(2) }));
  assert.deepEqual([twice.status, twice.body.code], [413, "body_too_large"]);
  assert.equal((await send("{}", "application/json", "/v1/oauth/redeem")).body.code, "ticket_missing");
  assert.equal((await send(JSON.stringify({ pass: "x".repeat(70_000) }), "application/json", "/v1/oauth/redeem")).status, 413);
  const draft = { account: "acme", campaignId: "100001", step: "intro" };
  assert.equal((await worker.post("/v1/drafts", { ...draft, answers: { colour: "x".repeat(8000) } })).status, 200);
  const full = await worker.post("/v1/drafts", { ...draft, answers: { colour: "x".repeat(8200) } });
  assert.deepEqual([full.status, full.body.code], [413, "draft_too_large"]);
  assert.equal((await worker.post("/v1/drafts", { ...draft, step: "elsewhere" })).body.at, "/step");
});

test("a body without a length is capped while it comes", async () => {
  const status = await new Promise((resolve, reject) => {
    const request = httpRequest(
      `${worker.url}/v1/token/admit`,
      { method: "POST", headers: { "content-type": "application/json" } },
      (response) => {
        resolve(response.statusCode);
        response.resume();
      },
    );
    request.on("error", reject);
    for (let i = 0; i < 40; i += 1) request.write("x".repeat(1024));
    request.end();
  });
  assert.equal(status, 413);
});

test("a frame on a page whose origin is not listed says so to the tag, and shows no campaign", async () => {
  const framed = (/** @type {string} */ referer, path = "/campaign/acme/100001") => worker.get(path, { headers: { accept: "text/html", "sec-fetch-dest": "iframe", referer } });
  const { status, text, headers } = await framed("https://elsewhere.example/");
  assert.equal(status, 403);
  assert.match(text, /data-code="E_ORIGIN" data-says="Add https:\/\/elsewhere\.example to the origins of account acme\."/);
  assert.ok(!text.includes('id="campaign"') && headers.getSetCookie().length === 0);
  const [, hash] = /script-src '(sha256-[^']+)'/.exec(headers.get("content-security-policy") ?? "") ?? [];
  const [, script = ""] = /<script>(.*)<\/script>/.exec(text) ?? [];
  assert.equal(hash, `sha256-${createHash("sha256").update(script).digest("base64")}`);
  const { body } = await worker.get("/campaign/acme/100001", { headers: { "sec-fetch-dest": "iframe", referer: "https://elsewhere.example/" } });
  assert.deepEqual([body.code, body.got], ["origin_unlisted", "https://elsewhere.example"]);
  for (const listed of ["http://localhost:8788/page", `${worker.url}/`, "", "no URL"]) assert.equal((await framed(listed)).status, 200, listed);
  assert.ok(!(await framed('https://elsewhere.example/"><b>')).text.includes("<b>"));
  assert.match((await framed("http://localhost:8788/", "/campaign/acme/nothing")).text, /data-code="E_CAMPAIGN"/);
  assert.match((await framed("http://localhost:8788/", "/campaign/nobody/1")).text, /data-code="E_ACCOUNT"/);
});

test("the campaign page may be framed by the account's origins alone, and its data cannot break out", async () => {
  const { status, text, headers } = await worker.get("/campaign/acme/100001?lang=fr");
  assert.equal(status, 200);
  assert.equal(
    headers.get("content-security-policy"),
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'self' http://localhost:8788",
  );
  assert.match(
    headers.getSetCookie()[0],
    /^__Host-hs_proof=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=None; Partitioned; Max-Age=\d+$/,
  );
  const block = /<script type="application\/json" id="campaign">([^<]*)<\/script>/.exec(text)?.[1];
  const data = JSON.parse(block ?? "");
  assert.deepEqual([data.account, data.campaignId, data.title, data.lang], ["acme", "100001", "Win a bike", "en"]);
  assert.equal(data.questions[0].text, "</script><script>alert(1)</script><!--");
  assert.ok(!text.includes("alert(1)</script>"));
  for (const secret of ["secureToken", "TOKEN_KEY", "mapping", "HS256"]) assert.ok(!text.includes(secret), secret);
  assert.match(text, /<script type="module" src="\/campaign\/app\.js"><\/script>/);

  const again = await worker.get("/campaign/acme/100001", { headers: { cookie: `__Host-hs_proof=${"A".repeat(43)}` } });
  assert.equal(again.headers.getSetCookie().length, 0, "a proof that is there stays");
  const missing = await worker.get("/campaign/acme/999999", { headers: { accept: "text/html" } });
  assert.equal(missing.status, 404);
  assert.match(missing.text, /This campaign does not exist or has ended\./);
  assert.match(
    missing.headers.get("content-security-policy") ?? "",
    /frame-ancestors \*/,
    "a host page shows the sentence, not a blank frame",
  );
});

test("static files of the campaign and the tag are served, the tag to every origin", async () => {
  const script = await worker.get("/campaign/app.js");
  assert.deepEqual([script.status, /javascript/.test(script.headers.get("content-type") ?? "")], [200, true]);
  const tag = await worker.get("/tag.js");
  assert.deepEqual([tag.status, tag.headers.get("access-control-allow-origin")], [200, "*"]);
  assert.equal(tag.headers.get("cache-control"), "public, max-age=300");
  const { version } = (await worker.get("/version")).body;
  assert.match((await worker.get(`/tag@${version}.js`)).headers.get("cache-control") ?? "", /immutable/);
  assert.equal((await worker.get("/campaign/nothing.js")).status, 404);
  assert.equal((await worker.get("/../package.json")).status, 404);
});

test("operations: health, readiness, version, description, and the way to the demo", async () => {
  assert.deepEqual((await worker.get("/healthz")).body, { status: "ok" });
  assert.deepEqual((await worker.get("/readyz")).body, { status: "ready" });
  assert.match((await worker.get("/version")).body.version, /^\d+\.\d+\.\d+/);
  const home = await worker.get("/");
  assert.deepEqual([home.status, home.headers.get("location")], [302, "http://localhost:8788/"]);
  const { body } = await worker.get("/openapi.json");
  assert.equal(body.openapi, "3.1.0");
  assert.equal(body.servers[0].url, worker.url);
});

test("explain tells every check of a token, for the account's programs only", async () => {
  const body = { account: "acme", campaignId: "100001", token: await sign({ campaignId: "100002" }) };
  assert.equal((await worker.post("/v1/explain", body)).status, 401);
  const { status, body: report, text } = await worker.post("/v1/explain", body, await worker.bearer());
  assert.equal(status, 200, text);
  assert.equal(report.verdict, "rejected");
  assert.ok(
    report.checks.some((/** @type {any} */ check) => check.status === "fail" && check.code === "campaign_mismatch"),
    text,
  );
});

test("a deployment that is not fit for production says why and does nothing else", async () => {
  const ring = JSON.stringify({ environment: "dev", keys: [{ kid: "k1", key: "A".repeat(43), status: "active" }] });
  const broken = await Deployment.start({ ENVIRONMENT: "production", RING: ring, NAME_KEY: "short", DEMO_URL: "http://localhost/" });
  try {
    const ready = await broken.get("/readyz");
    assert.equal(ready.status, 503);
    const named = ready.body.faults.map((/** @type {string} */ fault) => fault.split(" ")[0]);
    assert.deepEqual(named, ["PUBLIC_URL", "RING", "NAME_KEY", "DEMO_URL"]);
    assert.equal((await broken.get("/healthz")).status, 200);
    for (const path of ["/campaign/acme/100001", "/v1/token/admit", "/oauth/callback?state=x", "/openapi.json"]) {
      const { status, body } = await broken.get(path);
      assert.deepEqual([status, body.code], [503, "misconfigured"], path);
    }
  } finally {
    await broken.stop();
  }
});

test("addresses: https to public names, and loopback in development", () => {
  const good = ["https://id.acme.example/realms/acme", "https://login.acme.example:8443/x", "https://xn--bcher-kva.example/"];
  const loopback = ["http://127.0.0.1:8789/token", "http://localhost:8788/keys.json", "https://localhost/", "http://[::1]:80/"];
  const bad = [
    "http://id.acme.example/",
    "ftp://id.acme.example/",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "data:text/plain,x",
    "",
    "//x",
    "https://",
    "https://127.1.example@evil",
    "https://user:pass@id.acme.example/",
    "https://10.0.0.1/",
    "https://192.168.1.1/",
    "https://169.254.169.254/latest",
    "https://0x7f.1/",
    "https://2130706433/",
    "https://017700000001/",
    "https://0/",
    "https://[fd00::1]/",
    "https://[::ffff:10.0.0.1]/",
    "https://1.1.1.1/",
    "https://metadata/",
    "https://db.internal/",
    "https://printer.local/",
    "https://x.localhost/",
    "https://id.acme.example./",
    "https://id.acme.example:22/",
    "http://169.254.169.254/",
    "http://10.0.0.1/",
    "https://router.lan/",
    "https://host.home.arpa/",
  ];
  for (const address of good) assert.equal(isAllowedAddress(address, false), true, address);
  for (const address of loopback)
    assert.deepEqual([isAllowedAddress(address, false), isAllowedAddress(address, true)], [false, true], address);
  for (const address of bad) {
    assert.equal(isAllowedAddress(address, false), false, address);
    if (!/127\.1|0x7f|2130706433|017700000001/.test(address)) assert.equal(isAllowedAddress(address, true), false, address);
  }
});

test("answers of this file were held against the description", () => assert.ok(counted.answers >= 15, String(counted.answers)));
