// What an operator sees: one line for each decision, counts that are equal to the lines, a trace that goes on at the
// customer's servers, an overview, and in none of them anything about a person.

import assert from "node:assert/strict";
import { randomBytes, randomUUID } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { CompactEncrypt, SignJWT, exportJWK, generateKeyPair } from "jose";
import { until } from "../../support/patience.mjs";
import { Browser } from "../../support/worker/browser.mjs";
import { acme, form, secrets, sign, tokenKey } from "../../support/worker/customer.mjs";
import { Deployment } from "../../support/worker/deployment.mjs";
import { Provider } from "../../support/worker/provider.mjs";

const MEMBERS = ["ts", "account", "campaign", "flow", "step", "outcome", "code", "ref", "kid", "alg", "jwks_age", "ms", "config_version"];

/** @type {Deployment} */
let worker;
/** @type {Provider} */
let provider;
/** The customer's servers: key set and profile API, with what came to them. */
const customer = {
  /** @type {{ path: string, headers: import("node:http").IncomingHttpHeaders }[]} */
  requests: [],
  keys: /** @type {unknown[]} */ ([]),
  profile: /** @type {object} */ ({}),
  broken: false,
  url: "",
};
const server = createServer((request, response) => {
  customer.requests.push({ path: String(request.url), headers: request.headers });
  if (request.url === "/hook") return response.writeHead(410).end();
  if (customer.broken) return response.writeHead(500).end("broken");
  const body = request.url?.startsWith("/keys") ? { keys: customer.keys } : customer.profile;
  return response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
});
const pair = await generateKeyPair("ES256");

before(async () => {
  worker = await Deployment.start();
  provider = await Provider.start();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  customer.url = `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}`;
  customer.keys = [{ ...(await exportJWK(pair.publicKey)), kid: "es-1", alg: "ES256" }];
});
after(async () => {
  server.close();
  provider.stop();
  await worker.stop();
});

/** Every decision so far. @returns {Record<string, any>[]} */
const lines = () =>
  worker.log
    .join("")
    .split("\n")
    .filter((line) => line.startsWith('{"ts"') && line.includes('"step"'))
    .map((line) => JSON.parse(line));

/** The decision that belongs to an answer, by the trace that was sent. @param {string} trace */
const lineOf = (trace) => until(() => lines().find((line) => line.trace === trace), `there is a line of ${trace}`);

const newTrace = () => {
  const id = randomBytes(16).toString("hex");
  return { id, headers: { traceparent: `00-${id}-${randomBytes(8).toString("hex")}-01` } };
};

/** @param {string} account @param {string} token @param {Record<string, string>} [headers] */
const admit = (account, token, headers) => worker.post("/v1/token/admit", { account, campaignId: "100001", token }, headers);

/** @param {string} account @param {Record<string, unknown>} [more] */
const ofKeySet = (account, more = {}) =>
  acme({ account, secureToken: { verify: { method: "jwks", url: `${customer.url}/keys/${account}`, algs: ["ES256"] } }, ...more });

/** @param {Record<string, unknown>} claims @param {string} [kid] */
const signES = (claims, kid = "es-1") =>
  new SignJWT({ campaignId: "100001", form, ...claims }).setProtectedHeader({ alg: "ES256", kid }).setIssuedAt().setExpirationTime("5m").sign(pair.privateKey);

describe("the line of a decision", () => {
  test("says what was decided, by which key and under which document", async () => {
    const { version } = await worker.account(ofKeySet("seen"));
    const trace = newTrace();
    await admit("seen", await signES({ sub: "1" }), trace.headers);
    const line = await lineOf(trace.id);
    for (const member of MEMBERS) assert.ok(member in line, member);
    const { ts, ms, ref, code, ...rest } = line;
    assert.deepEqual(
      [rest.account, rest.campaign, rest.flow, rest.step, rest.outcome, rest.kid, rest.alg, rest.config_version, ref, code],
      ["seen", "100001", "token", "admit", "allowed", "es-1", "ES256", version, null, null],
    );
    assert.ok(Math.abs(Date.parse(ts) - Date.now()) < 60_000 && ms >= 0);
    assert.ok(rest.jwks_age >= 0 && rest.jwks_age < 60, String(rest.jwks_age));
    assert.ok(rest.skew <= 0 && rest.skew > -60, "the token was signed just now");
  });

  test("of a refusal has the code and the ref that the visitor saw, and no name of a key that nobody vouched for", async () => {
    const trace = newTrace();
    const { body } = await admit("seen", await signES({ sub: "1" }, "an.visitor-at-example.org"), trace.headers);
    const line = await lineOf(trace.id);
    assert.deepEqual([line.outcome, line.code, line.ref, line.kid, line.alg], ["refused", "kid_unknown", body.ref, null, "ES256"]);
  });

  test("of a login says how its ID token was signed, at every step who it is for, and why one ended without a code", async () => {
    const document = acme({ account: "logins", oauth: provider.settings(), secureToken: undefined });
    const { version } = await worker.account({ ...document, campaigns: { 100001: { ...document.campaigns[100001], signIn: ["oauth"] } } }, secrets);
    const visit = async (/** @type {Record<string, string> | undefined} */ answer) => {
      const browser = new Browser(worker.url);
      const from = lines().length;
      const { body } = await browser.post("/v1/drafts", { account: "logins", campaignId: "100001", step: "identityset", answers: {} });
      await browser.post("/v1/steps", { account: "logins", campaignId: "100001", step: "identityset" });
      provider.answer = answer;
      const { ticket } = await browser.login({ account: "logins", campaignId: "100001", bind: body.bind, return: "0:/" });
      provider.answer = undefined;
      const redeemed = await browser.post("/v1/oauth/redeem", { ticket });
      await until(() => lines().length >= from + 5, "five lines are there");
      const own = lines().slice(from);
      for (const line of own) assert.deepEqual([line.account, line.campaign, line.config_version], ["logins", "100001", version], line.step);
      return { redeemed, own: own.map(({ flow, step, outcome, code, ref, kid, alg }) => [flow, step, outcome, code, ref, kid, alg]), last: own.at(-1) };
    };
    const good = await visit(undefined);
    assert.deepEqual(good.own, [
      ["campaign", "draft", "ok", null, null, null, null],
      ["campaign", "arrive", "ok", null, null, null, null],
      ["oauth", "start", "ok", null, null, null, null],
      ["oauth", "callback", "code", null, null, null, null],
      ["oauth", "redeem", "allowed", null, null, "p1", "RS256"],
    ]);
    assert.ok(good.last?.jwks_age >= 0 && good.last?.jwks_age < 60 && Math.abs(good.last?.skew) < 60, JSON.stringify(good.last));
    const { redeemed, own } = await visit({ error: "access_denied" });
    assert.deepEqual(own.slice(3), [
      ["oauth", "callback", "cancelled", "login_cancelled", null, null, null],
      ["oauth", "redeem", "refused", "login_cancelled", redeemed.body.ref, null, null],
    ]);
  });

  test("of somebody who may not play has the code and the ref as well, though the answer is 200", async () => {
    const trace = newTrace();
    const { status, body } = await admit("seen", await signES({ sub: "1", limit: { canPlay: false } }), trace.headers);
    const { outcome, code, ref, kid } = await lineOf(trace.id);
    assert.deepEqual([status, outcome, code, ref, kid], [200, "refused", "not_allowed", body.ref, "es-1"]);
  });

  test("is written for every kind of request, the unknown ones too", async () => {
    /** @type {[string, RequestInit, [string, string, string, string | null]][]} */
    const requests = [
      ["/healthz", {}, ["operations", "healthz", "ok", null]],
      ["/nowhere/at/all", {}, ["static", "file", "refused", "not_found"]],
      ["/v1/nowhere", {}, ["static", "none", "refused", "not_found"]],
      ["/v1/accounts/seen", {}, ["api", "accounts", "refused", "unauthorized"]],
      ["/v1/participations", { method: "POST", headers: { "content-type": "application/json" }, body: "{}" }, ["token", "submit", "refused", "idempotency_key_missing"]],
      ["/campaign/seen/100001", {}, ["campaign", "open", "ok", null]],
      ["/oauth/callback?state=x", {}, ["oauth", "callback", "refused", "state_invalid"]],
    ];
    for (const [path, init, expected] of requests) {
      const trace = newTrace();
      await worker.get(path, { ...init, headers: { .../** @type {object} */ (init.headers), ...trace.headers } });
      const { flow, step, outcome, code } = await lineOf(trace.id);
      assert.deepEqual([flow, step, outcome, code], expected, path);
    }
  });
});

test("the trace goes on at the customer's key set, profile API and login server; nothing else of the caller does", async () => {
  const profileApi = { url: `${customer.url}/me`, subject: "/id" };
  const encryption = randomBytes(32);
  const decrypt = { key: { secret: "JWE" }, encoding: "base64url", alg: "dir", enc: "A256GCM" };
  const document = ofKeySet("traced", { profileApi, mapping: { email: "mail", firstname: "name" } });
  document.secureToken.decrypt = decrypt;
  document.oauth = provider.settings();
  document.campaigns["100001"] = { ...document.campaigns["100001"], signIn: ["token", "oauth"] };
  await worker.account(document, { ...secrets, JWE: encryption.toString("base64url") });
  customer.profile = { id: "7", mail: "an@example.org", name: "An" };
  const signed = await new SignJWT({ campaignId: "100001", sub: "7", access_token: "opaque" })
    .setProtectedHeader({ alg: "ES256", kid: "es-1" })
    .setExpirationTime("5m")
    .sign(pair.privateKey);
  const token = await new CompactEncrypt(new TextEncoder().encode(signed)).setProtectedHeader({ alg: "dir", enc: "A256GCM", cty: "JWT" }).encrypt(encryption);
  const trace = newTrace();
  const { body } = await admit("traced", token, { ...trace.headers, tracestate: "vendor=canary" });
  const told = await worker.post("/v1/profile", { pass: body.pass }, { ...trace.headers, tracestate: "vendor=canary" });
  assert.equal(told.body.prefill?.form.email, "an@example.org", told.text);
  const asked = customer.requests.findLast(({ path }) => path === "/me");
  assert.match(String(asked?.headers.traceparent), new RegExp(`^00-${trace.id}-[0-9a-f]{16}-01$`));
  assert.equal(asked?.headers.tracestate, undefined);
  for (const { headers } of customer.requests) assert.match(String(headers.traceparent), /^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/);
  const forged = await admit("traced", token, { traceparent: `00-${"0".repeat(32)}-${"1".repeat(16)}-01` });
  assert.equal(forged.status, 200, "what is no trace is no reason to refuse");
  assert.doesNotMatch(String(customer.requests.findLast(({ path }) => path === "/me")?.headers.traceparent), /-0{32}-/);
});

test("after a flush the metrics are equal to the lines, decision by decision", async () => {
  for (let i = 0; i < 20; i += 1) await admit("seen", await signES({ sub: `m${i}`, ...(i % 4 === 0 && { campaignId: "100002" }) }));
  await worker.get("/metrics");
  /** @param {Record<string, any>[]} rows */
  const counted = (rows) => {
    /** @type {Record<string, number>} */
    const sums = {};
    for (const row of rows.filter(({ step }) => step !== "metrics")) {
      const account = row.config_version === null ? "" : (row.account ?? "");
      const key = JSON.stringify([account, row.flow, row.step, row.outcome, row.code ?? ""]);
      sums[key] = (sums[key] ?? 0) + 1;
    }
    return sums;
  };
  /** @type {{ text: string, samples: Record<string, number> }} */
  let read = { text: "", samples: {} };
  const expected = () => counted(lines());
  const same = async () => {
    read = await samples();
    return isDeepStrictEqual(read.samples, expected());
  };
  await until(same, () => `all is counted: ${JSON.stringify([sorted(read.samples), sorted(expected())])}`);
  assert.ok(Object.values(read.samples).reduce((one, other) => one + other, 0) > 20);
  assert.match(read.text, /# TYPE handstamp_request_duration_seconds histogram\n# UNIT handstamp_request_duration_seconds seconds\n/);
  const admits = lines().filter(({ step }) => step === "admit").length;
  assert.ok(read.text.includes(`handstamp_request_duration_seconds_count{step="admit"} ${admits}\n`));
  assert.ok(read.text.includes(`handstamp_request_duration_seconds_bucket{step="admit",le="+Inf"} ${admits}\n`));
  assert.match(read.text, /\nhandstamp_jwks_age_seconds\{account="seen"\} \d+\n/);
  assert.ok(read.text.endsWith("# EOF\n"));
});

async function samples() {
  const { text, headers } = await worker.get("/metrics");
  assert.match(String(headers.get("content-type")), /^application\/openmetrics-text; version=1\.0\.0/);
  const rows = text.matchAll(/^handstamp_decisions_total\{account="(.*?)",flow="(.*?)",step="(.*?)",outcome="(.*?)",code="(.*?)"\} (\d+)$/gm);
  const kept = [...rows].filter(([, , , step]) => step !== "metrics");
  return { text, samples: Object.fromEntries(kept.map(([, account, flow, step, outcome, code, n]) => [JSON.stringify([account, flow, step, outcome, code]), Number(n)])) };
}

/** @param {Record<string, number>} table */
const sorted = (table) => Object.fromEntries(Object.entries(table).sort());

test("the overview is for operators, and tells funnel, durations, ages and keys", async () => {
  assert.equal((await worker.get("/v1/overview")).status, 401);
  const client = await worker.post("/v1/accounts/seen/clients", { scope: "statistics" }, await worker.bearer());
  const { clientId, clientSecret } = client.body;
  const token = (await worker.accessToken({ clientId, secret: clientSecret })).body.access_token;
  assert.equal((await worker.get("/v1/overview", { headers: { authorization: `Bearer ${token}` } })).status, 403, "no account sees the others");
  const { status, body } = await worker.read("/v1/overview");
  assert.equal(status, 200);
  const admits = body.decisions.filter((/** @type {any} */ row) => row.account === "seen" && row.step === "admit");
  assert.ok(admits.reduce((/** @type {number} */ sum, /** @type {any} */ { n }) => sum + n, 0) >= 20);
  const traced = body.accounts.find((/** @type {any} */ { account }) => account === "traced");
  const [verify, decrypt] = traced.keys;
  assert.deepEqual([verify.use, verify.status, decrypt.use, decrypt.name, decrypt.status], ["verify", "active", "decrypt", "JWE", "active"]);
  assert.ok(Date.now() - Date.parse(decrypt.since) < 60_000);
  assert.ok(body.levels.some((/** @type {any} */ { name, account }) => name === "skew" && account === "seen"));
});

test("the overview tells when a certificate that is a key ends", async () => {
  const { good } = JSON.parse(await readFile(new URL("../../../vectors/python/keys.json", import.meta.url), "utf8"));
  const pem = good.find((/** @type {{ case: string }} */ row) => row.case === "P-256, certificate").pem;
  await worker.account(ofKeySet("certified", { secureToken: { verify: { method: "publicKey", key: pem, alg: "ES256" } } }));
  assert.equal((await admit("certified", await signES({ sub: "1" }))).status, 401, "seen, by a token of another key");
  // The metrics, which say who was seen, follow within moments.
  const keys = await until(async () => {
    const { body } = await worker.read("/v1/overview");
    return body.accounts.find((/** @type {any} */ { account }) => account === "certified")?.keys;
  }, "the account is seen");
  assert.deepEqual([keys.length, keys[0].until], [1, "2035-12-30T00:00:00.000Z"]);
});

test("a customer's server that is down is no fault of this deployment", async () => {
  customer.broken = true;
  await worker.account(ofKeySet("down", { secureToken: { verify: { method: "jwks", url: `${customer.url}/keys/down`, algs: ["ES256"] } } }));
  const { status, body } = await admit("down", await signES({ sub: "1" }));
  assert.deepEqual([status, body.reason], [502, "try_again"], JSON.stringify(body));
  assert.equal((await worker.get("/readyz")).status, 200);
  customer.broken = false;
});

test("nothing about a person is in a log, in the metrics, or on disk where it does not belong", async () => {
  const canary = (/** @type {string} */ name) => `canary${name}${randomBytes(6).toString("hex")}`;
  const [subject, custom, unmapped, typed, refused, profile, code] = ["Subject", "Custom", "Unmapped", "Typed", "Refused", "Profile", "Code"].map(canary);
  // A token that is admitted and used, one that is refused, and a login to its end.
  const token = await sign({ sub: subject, custom: { note: custom }, profile: { hobby: unmapped } });
  const webhook = { url: `${customer.url}/hook`, secret: { secret: "HOOK" } };
  await worker.account(acme({ account: "acme", webhook }), { ...secrets, HOOK: `whsec_${randomBytes(32).toString("base64")}` });
  const { body } = await admit("acme", token);
  await worker.post("/v1/participations", { pass: body.pass, form: { ...form, firstname: typed } }, { "idempotency-key": randomUUID() });
  const wrong = await new SignJWT({ sub: refused, campaignId: "100001", form: { email: `${refused}@example.org` } })
    .setProtectedHeader({ alg: "HS256", kid: "another" })
    .setExpirationTime("5m")
    .sign(randomBytes(32));
  await admit("acme", wrong);
  await worker.get(`/${refused}?token=${wrong}`);
  await worker.get(`/campaign/acme/100001?token=${token}#${refused}`);
  const browser = new Browser(worker.url);
  const draft = { account: "traced", campaignId: "100001", step: "identityset", answers: {} };
  const { body: kept } = await browser.post("/v1/drafts", draft);
  const { ticket } = await browser.login({ account: "traced", campaignId: "100001", bind: kept.bind, return: "0:/" });
  const redeemed = await browser.post("/v1/oauth/redeem", { ticket });
  assert.equal(redeemed.status, 200, redeemed.text);
  await browser.go(`/oauth/callback?state=${code}&code=${code}`);

  const statistics = await worker.statistics("acme", "100001", 1);
  assert.equal(statistics.rows[0].form.firstname, typed, "what a person has sent in is in the record, and there alone");
  assert.equal(statistics.rows[0].subject, subject, "and so is the customer's own id of the person");
  const recorded = [typed, subject];
  const nowhere = [custom, unmapped, refused, profile, code, token, wrong, ticket, tokenKey.toString("base64url"), secrets.OIDC_CLIENT, worker.secrets.operator.secret];
  const log = worker.log.join("");
  const { text: metrics } = await worker.get("/metrics");
  const { text: overview } = await worker.read("/v1/overview");
  const { text: refusals } = await worker.read("/v1/refusals?account=acme");
  const letters = await until(async () => {
    const found = await worker.read("/v1/accounts/acme/webhook");
    return found.body.dead.length > 0 && found;
  }, "the webhook is a dead letter");
  assert.equal(letters.body.dead.length, 1, "the webhook was not taken");
  assert.ok(refusals.includes("signature_invalid"), "the refused token is reported");
  const places = { log, metrics, overview, refusals, "dead letters": letters.text };
  for (const [place, content] of Object.entries(places)) {
    for (const each of [...nowhere, ...recorded, "@example.org"]) assert.ok(!content.includes(each), `${each} in ${place}`);
  }
  const files = (await readdir(worker.stateDir, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  let searched = 0;
  for (const entry of files) {
    const path = join(entry.parentPath, entry.name);
    const content = await readFile(path, "latin1");
    searched += 1;
    for (const each of nowhere) assert.ok(!content.includes(each), `${each} in ${path}`);
    const record = path.includes("Participant") || path.includes("d1");
    if (!record) for (const each of recorded) assert.ok(!content.includes(each), `${each} in ${path}`);
  }
  assert.ok(searched > 10);
  console.log(`searched for ${nowhere.length + recorded.length} values in ${Object.keys(places).join(", ")} and ${searched} files`);
});
