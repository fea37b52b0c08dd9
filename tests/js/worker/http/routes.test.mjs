// A route is one row: what it reads, what it answers, how it is described. Each request is held to the schemas of its row,
// and nothing about a route stands anywhere else.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { description } from "../../../../xtask/js/openapi.mjs";
import { readme, routeTable } from "../../../../xtask/js/routes.mjs";
import { acme, secrets } from "../../support/worker/customer.mjs";
import { call, Deployment, root } from "../../support/worker/deployment.mjs";
import { schemaReader } from "../../support/worker/description.mjs";
import { secretPurposes } from "../../support/worker/package.mjs";
import { asked, send } from "../../support/worker/route_requests.mjs";

/** @type {Deployment} */
let worker;
/** @type {any} */
let served;
const { routes } = await routeTable();

before(async () => {
  worker = await Deployment.start();
  const document = acme();
  document.campaigns["100002"] = { ...document.campaigns["100002"], signIn: ["anonymous"] };
  await worker.account(document, secrets);
  served = (await worker.get("/openapi.json")).body;
});
after(() => worker.stop());

/** @returns {[string, any][]} operation by its name */
const operations = () => Object.values(served.paths).flatMap((item) => Object.values(/** @type {any} */ (item)).map((operation) => /** @type {[string, any]} */ ([operation.operationId, operation])));

test("the description that is served is made of the rows", async () => {
  const { servers, ...rest } = served;
  const { servers: _, ...made } = await description(served.info.version);
  assert.deepEqual(rest, JSON.parse(JSON.stringify(made)), "`cargo xtask pkg` makes it");
  assert.deepEqual(servers, [{ url: worker.url }]);
  assert.deepEqual(operations().map(([id]) => id).sort(), routes.flatMap(({ id }) => id ?? []).sort());
});

test("the description passes the linter without an error or a warning", async () => {
  const folder = await mkdtemp(join(tmpdir(), "handstamp-openapi-"));
  try {
    const file = join(folder, "openapi.json");
    await writeFile(file, JSON.stringify(served));
    // Navigations only ever redirect, and some routes refuse nothing.
    const skip = ["operation-2xx-response", "operation-4xx-response"].flatMap((rule) => ["--skip-rule", rule]);
    const env = { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" };
    const { stdout } = await promisify(execFile)(join(root, "node_modules/.bin/redocly"), ["lint", "--format=json", ...skip, file], { env });
    const { totals } = JSON.parse(stdout);
    assert.deepEqual([totals.errors, totals.warnings, totals.ignored], [0, 0, 0], stdout);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test("every operation has an example, and the examples fit the schemas", () => {
  const { fits } = schemaReader(served, { isJudged: true });
  let held = 0;
  for (const [id, { parameters = [], requestBody, responses }] of operations()) {
    for (const { name, required, example, schema } of parameters) {
      assert.ok(!required || example !== undefined, `${id}: no example for ${name}`);
      if (example !== undefined) assert.equal(fits(schema, example), "", `${id} ${name}`);
    }
    const contents = [requestBody, ...Object.entries(responses).flatMap(([status, answer]) => (Number(status) < 300 ? answer : []))].flatMap(({ content = {} } = {}) => Object.entries(content));
    for (const [type, { schema, example }] of contents) {
      // Beside JSON, a table and a page.
      if (type === "text/csv" || (id === "home" && type === "text/html")) continue;
      assert.notEqual(example, undefined, `${id}: no example of ${type}`);
      if (!schema) continue;
      assert.equal(fits(schema, example), "", `${id}: ${JSON.stringify(example)}`);
      held += 1;
    }
  }
  assert.ok(held >= 45, `${held} examples were held against a schema`);
});

test("a member that is not described is refused with the name that was meant, in every body and query of the API", async () => {
  const headers = await worker.bearer();
  let tried = 0;
  for (const route of routes.filter(({ path, body }) => path.startsWith("/v1/") && !body?.unread && body?.type !== "application/x-www-form-urlencoded")) {
    const { id } = route;
    // The console's routes are for its own page at its own origin.
    const here = route.console ? worker.url.replace("127.0.0.1", "localhost") : worker.url;
    const own = { ...headers, ...(route.console && { origin: here, "sec-fetch-site": "same-origin" }) };
    const request = asked(route);
    const name = Object.keys((route.body?.schema ?? route.query)?.entries ?? {}).sort((one, other) => other.length - one.length)[0];
    if (name) {
      const place = route.body ? "body" : "query";
      const wrong = { ...request, [place]: { .../** @type {object} */ (request[place]), [`${name}x`]: "anything" } };
      const { status, body, text } = await send(here, route, wrong, own);
      assert.deepEqual([status, body.code, body.at], [400, `${place}_invalid`, route.body ? `/${name}x` : `${name}x`], `${id} ${text}`);
      assert.equal(body.expected, `a known name, probably "${name}"`, id);
      tried += 1;
    }
    const foreign = { ...request, query: { ...request.query, utm_source: "mail" } };
    const { status, body, text } = await send(here, route, foreign, own);
    assert.deepEqual([status, body?.code, body?.at], [400, "query_invalid", "utm_source"], `${id} ${text}`);
  }
  assert.ok(tried >= 15, String(tried));
});

test("what does not fit is told by its place, what is expected and the kind of what came, never by its value", async () => {
  const post = (/** @type {string} */ path, /** @type {unknown} */ body) => worker.post(path, body);
  const told = async (/** @type {string} */ path, /** @type {unknown} */ body) => {
    const { status, body: problem, text } = await post(path, body);
    assert.ok(!text.includes("canary"), text);
    return [status, problem.code, problem.at, problem.expected, problem.got];
  };
  const campaign = { account: "acme", campaignId: "100001" };
  assert.deepEqual(await told("/v1/token/admit", { ...campaign, tokn: "canary" }), [400, "body_invalid", "/tokn", 'a known name, probably "token"', undefined]);
  assert.deepEqual(await told("/v1/token/admit", { account: "acme" }), [400, "body_invalid", "/campaignId", "the id of a campaign", "nothing"]);
  assert.deepEqual(await told("/v1/token/admit", { ...campaign, account: "Canary!" }), [400, "body_invalid", "/account", "the name of an account", "a string"]);
  assert.deepEqual(await told("/v1/token/admit", { ...campaign, preview: "canary" }), [400, "body_invalid", "/preview", "true or false", "a string"]);
  assert.deepEqual(await told("/v1/steps", { ...campaign, step: ["canary"] }), [400, "body_invalid", "/step", "one of questions, identityset", "a list"]);
  const draft = { ...campaign, step: "intro" };
  assert.deepEqual(await told("/v1/drafts", { ...draft, host: { pth: "/canary" } }), [400, "body_invalid", "/host/pth", 'a known name, probably "path"', undefined]);
  assert.deepEqual(await told("/v1/drafts", { ...draft, answers: "canary" }), [400, "body_invalid", "/answers", "an object", "a string"]);
  assert.deepEqual(await told("/v1/drafts", { ...draft, elsewhere: "canary" }), [400, "body_invalid", "/elsewhere", `one of ${Object.keys(served.components.schemas.DraftRequest.properties).join(", ")}`, undefined]);
  // A token where a name belongs is not repeated either.
  assert.deepEqual((await told("/v1/token/admit", { ...campaign, "canary.canary.canary": 1 })).slice(0, 3), [400, "body_invalid", undefined]);
  const named = await worker.get("/v1/drafts?account=acme&campaignId=100001&canary.canary.canary=1");
  assert.deepEqual([named.status, named.body.at, named.text.includes("canary")], [400, undefined, false]);
  const twice = await worker.get("/v1/drafts?account=acme&campaignId=100001&account=acme");
  assert.deepEqual([twice.body.code, twice.body.at, twice.body.expected], ["query_invalid", "account", "the parameter once"]);
  const proto = await call(`${worker.url}/v1/steps`, { method: "POST", headers: { "content-type": "application/json" }, body: '{"account":"acme","campaignId":"100001","step":"questions","__proto__":{}}' });
  assert.deepEqual([proto.status, proto.body.at], [400, "/__proto__"]);
});

test("an anonymous campaign needs no token, and the description says so", async () => {
  const { status, body } = await worker.post("/v1/token/admit", { account: "acme", campaignId: "100002" });
  assert.deepEqual([status, body.admission.decision], [200, "allowed"]);
  assert.deepEqual(served.components.schemas.AdmitRequest.required, ["account", "campaignId"]);
});

test("pages, the callback, static files and operations mind no parameter of somebody else's", async () => {
  const strange = "utm_source=mail&fbclid=1&utm_source=two&token=x";
  for (const [path, status] of /** @type {const} */ ([["/campaign/acme/100001", 200], ["/campaign/acme/100001?lang=fr&lang=nl", 200], ["/tag.js", 200], ["/campaign/app.js", 200], ["/healthz", 200], ["/version", 200], ["/.well-known/jwks.json", 200], ["/stats/acme", 200]]))
    assert.equal((await worker.get(`${path}${path.includes("?") ? "&" : "?"}${strange}`)).status, status, path);
  const [plain, more] = [await worker.get("/oauth/callback?state=x&code=y"), await worker.get(`/oauth/callback?state=x&code=y&${strange}`)];
  assert.deepEqual([more.status, more.body.code], [plain.status, plain.body.code]);
  const start = "/oauth/start?account=acme&campaignId=100001";
  const [begun, foreign, twice] = [await worker.get(start), await worker.get(`${start}&${strange}`), await worker.get(`${start}&account=acme`)];
  assert.deepEqual([foreign.status, foreign.body.code], [begun.status, begun.body.code]);
  assert.deepEqual([twice.status, twice.body.code, twice.body.at], [400, "query_invalid", "account"]);
});

test("RFC 6749 section 3.2: the token endpoint ignores a parameter that it does not know, and one without a value", async () => {
  const { status } = await worker.accessToken(worker.secrets.operator, { resource: "https://elsewhere.example", scope: "" });
  assert.equal(status, 200);
});

test("nothing about a route stands outside its row", async () => {
  const folder = join(root, "worker/src");
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".js"));
  const code = await Promise.all(names.map(async (name) => /** @type {const} */ ([name, (await readFile(join(folder, name), "utf8")).replace(/\/\*[^]*?\*\/|\/\/.*/g, "")])));
  const having = (/** @type {RegExp} */ pattern) => code.filter(([, text]) => pattern.test(text)).map(([name]) => name).sort();
  assert.deepEqual(having(/["'`]\/(v1|oauth)\/\w/), ["routes/table.js"], "paths");
  assert.deepEqual(having(/request\.(json|text|formData|arrayBuffer)\(|request\.body\b/), ["http/body.js"], "reading of bodies");
  assert.deepEqual(having(/searchParams\.(get|getAll|has)\(/), ["http/asked.js", "routes/participant/campaign.js"], "reading of queries");
  assert.deepEqual(having(/\.limit\(/), ["http/limits.js"], "limits");
  assert.deepEqual(having(/requireScope\(/), ["accounts/access.js", "routes/entrance.js"], "scopes");
  assert.deepEqual(having(/requireOwnPage\(/), ["http/body.js", "routes/entrance.js"], "own pages");
  assert.equal(await readme(), await readFile(join(root, "worker/README.md"), "utf8"), "`node xtask/js/routes.mjs` writes the table of worker/README.md");
});

test("the purposes of secrets are the core's, in the types and in the description too", async () => {
  const types = await readFile(join(root, "pkg-template/accounts.d.ts"), "utf8");
  const declared = [...(/export type SecretPurpose = (.+);/.exec(types)?.[1] ?? "").matchAll(/"(\w+)"/g)].map(([, name]) => name);
  assert.deepEqual(secretPurposes(), declared);
  assert.deepEqual(served.components.schemas.SecretRequest.properties.purpose.enum, declared);
});
