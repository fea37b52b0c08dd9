// Key sets by address, against a server that rotates, fails, hangs, redirects and floods. The numbers are
// requests for fifty verifications: where other libraries make up to 1,050, at most two are allowed.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, beforeEach, mock, test } from "node:test";
import { createVerifier } from "../../../pkg/dist/node.js";
import { CAMPAIGN, claims, encrypted, pair, refusal, sign } from "../support/mint.mjs";
import { sources } from "../support/sources.mjs";

/** @typedef {import("node:http").ServerResponse} Response */

const campaign = { campaignId: CAMPAIGN };
const HOUR = 3600_000;

/** @type {string[]} */
let asked = [];
/** @type {(response: Response) => void} */
let answer = () => {};
const server = createServer((request, response) => {
  asked.push(request.url ?? "");
  answer(response);
});
let url = "";
/** @type {Awaited<ReturnType<typeof pair>>} */
let first;
/** @type {Awaited<ReturnType<typeof pair>>} */
let second;

before(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}/jwks`;
  [first, second] = [await pair("ES256"), await pair("ES256")];
});
after(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  asked = [];
  mock.timers.reset();
});

/** @param {string} body @param {Record<string, string>} [headers] @param {number} [status] */
const send = (body, headers = {}, status = 200) => (/** @type {Response} */ response) => {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(body);
};
/** @param {Record<string, import("../../../pkg/dist/index.js").Jwk>} keys by kid */
const set = (keys) => JSON.stringify({ keys: Object.entries(keys).map(([kid, key]) => ({ ...key, kid, use: "sig" })) });
const verifier = () => createVerifier({ verify: { method: "jwks", url, algs: ["ES256"] } });
const token = (kid = "k1", key = first) => sign(claims(), "ES256", key.privateKey, { kid });

/** @param {import("../../../pkg/dist/index.js").Verifier} subject @param {(index: number) => Promise<string>} make */
async function fifty(subject, make) {
  /** @type {Record<string, number>} */
  const codes = {};
  for (let index = 0; index < 50; index += 1) {
    const code = await subject.admit(await make(index), campaign).then(({ decision }) => decision, (error) => error.code);
    codes[code] = (codes[code] ?? 0) + 1;
  }
  return codes;
}

test("a good set is fetched once for fifty tokens, and once for fifty at the same time", async () => {
  answer = send(set({ k1: first.jwk }));
  assert.deepEqual(await fifty(await verifier(), () => token()), { allowed: 50 });
  assert.equal(asked.length, 1);

  const fresh = await verifier();
  const made = await token();
  const found = await Promise.all(Array.from({ length: 50 }, () => fresh.admit(made, campaign)));
  assert.ok(found.every(({ decision }) => decision === "allowed"));
  assert.equal(asked.length, 2);
});

test("nothing is fetched before a token needs it, and never by the synchronous call", async () => {
  answer = send(set({ k1: first.jwk }));
  const subject = await verifier();
  assert.deepEqual(subject.keySetUrls(), [{ index: 0, url }]);
  const made = await token();
  assert.equal((await refusal(() => subject.admitSync(made, campaign))).code, "key_set_not_loaded");
  assert.equal((await refusal(() => subject.admit("not.a.token", campaign))).public, "token_invalid");
  assert.equal(asked.length, 0);
  await subject.admit(made, campaign);
  assert.equal(subject.admitSync(made, campaign).decision, "allowed");
  assert.equal(asked.length, 1);
});

test("a key that the set does not know yet is found by one more fetch", async () => {
  answer = send(set({ k1: first.jwk }));
  const subject = await verifier();
  await subject.admit(await token(), campaign);
  answer = send(set({ k1: first.jwk, k2: second.jwk }));
  assert.equal((await subject.admit(await token("k2", second), campaign)).decision, "allowed");
  assert.equal(asked.length, 2);
});

test("a new key under an old kid is found by one more fetch, once the copy is older than thirty seconds", async () => {
  answer = send(set({ k1: first.jwk }));
  const subject = await verifier();
  await subject.admit(await token(), campaign);
  answer = send(set({ k1: second.jwk }));
  mock.timers.enable({ apis: ["Date"], now: Date.now() });
  mock.timers.tick(29_000);
  assert.equal((await refusal(async () => subject.admit(await token("k1", second), campaign))).code, "signature_invalid");
  assert.equal(asked.length, 1);
  mock.timers.tick(3_000);
  assert.equal((await subject.admit(await token("k1", second), campaign)).decision, "allowed");
  assert.equal((await refusal(async () => subject.admit(await token(), campaign))).code, "signature_invalid");
  assert.equal(asked.length, 2);
});

test("fifty unknown kids make two requests", async () => {
  answer = send(set({ k1: first.jwk }));
  assert.deepEqual(await fifty(await verifier(), (index) => token(`unknown-${index}`)), { kid_unknown: 50 });
  assert.equal(asked.length, 2);
});

test("forged signatures make one request in five minutes, and none that could not pass anyway", async () => {
  answer = send(set({ k1: first.jwk }), { "cache-control": "max-age=3600" });
  const subject = await verifier();
  mock.timers.enable({ apis: ["Date"], now: Date.now() });
  const lasting = (/** @type {object} */ changed, key = second) =>
    sign(claims({ exp: Math.floor(Date.now() / 1000) + 3600, ...changed }), "ES256", key.privateKey, { kid: "k1" });
  const forged = async (/** @type {object} */ changed = {}) => {
    assert.deepEqual(await fifty(subject, () => lasting(changed)), { signature_invalid: 50 });
    return asked.length;
  };
  assert.equal(await forged(), 1, "the copy is young");
  mock.timers.tick(40_000);
  // Not good otherwise: expired, for another campaign, without a subject, no object.
  for (const changed of [{ exp: 1_000_000_000 }, { campaignId: "654321" }, { sub: undefined }, { exp: undefined }, { nbf: 9_000_000_000 }]) {
    assert.equal(await forged(changed), 1, JSON.stringify(changed));
  }
  assert.equal(await forged(), 2);
  mock.timers.tick(299_000);
  assert.equal(await forged(), 2, "within five minutes");
  mock.timers.tick(2_000);
  assert.equal(await forged(), 3);
  // Each of the questions as a host that fetches itself may ask them.
  const now = new Date();
  const doubt = (/** @type {string} */ token, /** @type {object} */ options) => subject.newerKeys(token, "signature_invalid", { ...options, now });
  assert.equal(await doubt(await lasting({}), campaign), "doubt");
  assert.equal(await doubt(await lasting({ campaignId: "654321" }), campaign), null);
  assert.equal(await doubt(await lasting({ campaignId: "654321" }), {}), "doubt");
  assert.equal(await doubt(await lasting({ exp: 1_000_000_000 }), campaign), null);
  assert.equal(await doubt("no.token.at-all", {}), null);
});

test("an encrypted token is looked into before a key set is doubted", async () => {
  answer = send(set({ k1: first.jwk }), { "cache-control": "max-age=3600" });
  const secret = new Uint8Array(32).fill(7);
  const decrypt = { key: Buffer.from(secret).toString("base64url"), encoding: /** @type {const} */ ("base64url"), alg: /** @type {const} */ ("dir"), enc: /** @type {const} */ ("A256GCM") };
  const subject = await createVerifier({ verify: { method: "jwks", url, algs: ["ES256"] }, decrypt });
  const inside = async (/** @type {object} */ changed, key = second) =>
    encrypted(await sign(claims({ exp: Math.floor(Date.now() / 1000) + 3600, ...changed }), "ES256", key.privateKey, { kid: "k1" }), secret, "A256GCM");
  mock.timers.enable({ apis: ["Date"], now: Date.now() });
  await subject.admit(await inside({}, first), campaign);
  mock.timers.tick(40_000);
  assert.equal((await refusal(async () => subject.admit(await inside({ exp: 1_000_000_000 }), campaign))).code, "signature_invalid");
  assert.equal(asked.length, 1);
  answer = send(set({ k1: second.jwk }));
  assert.equal((await subject.admit(await inside({}), campaign)).decision, "allowed");
  assert.equal(asked.length, 2);
});

test("a verifier that is told to fetch nothing fetches nothing", async () => {
  answer = send(set({ k1: first.jwk }));
  const subject = await createVerifier({ verify: { method: "jwks", url, algs: ["ES256"] } }, { fetch: false });
  assert.equal((await refusal(async () => subject.admit(await token(), campaign))).code, "key_set_not_loaded");
  assert.equal((await subject.explain(await token(), campaign)).verdict, "rejected");
  subject.installKeySet(0, set({ k1: first.jwk }));
  assert.equal((await subject.admit(await token(), campaign)).decision, "allowed");
  assert.equal((await refusal(async () => subject.admit(await token("k2"), campaign))).code, "kid_unknown");
  assert.equal(asked.length, 0);
});

/** @type {[string, string, (response: Response) => void][]} */
const failures = [
  ["status 500", "key_set_unavailable", send("down", {}, 500)],
  ["a redirect", "key_set_unavailable", (response) => response.writeHead(302, { location: "/elsewhere" }).end()],
  ["a page of HTML", "key_set_invalid", send("<!doctype html><title>Welcome</title>", { "content-type": "text/html" })],
  ["64 MiB", "key_set_unavailable", (response) => {
    response.writeHead(200, { "content-type": "application/json" });
    const piece = Buffer.alloc(64 * 1024, " ");
    const more = () => {
      while (!response.destroyed && response.write(piece)) { /* until it is full */ }
    };
    response.on("drain", more);
    more();
  }],
  ["an empty set", "key_set_empty", send(JSON.stringify({ keys: [] }))],
  ["a set of secrets", "key_set_empty", send(JSON.stringify({ keys: [{ kty: "oct", kid: "k1", k: "c2VjcmV0" }] }))],
  ["half an answer", "key_set_unavailable", (response) => {
    response.writeHead(200, { "content-length": "1000" }).write("{", () => response.destroy());
  }],
];
for (const [name, code, act] of failures) {
  test(`${name} makes at most two requests for fifty tokens, and says why`, async () => {
    answer = act;
    assert.deepEqual(await fifty(await verifier(), () => token()), { [code]: 50 });
    assert.ok(asked.length <= 2, `${asked.length} requests`);
    assert.ok(asked.every((path) => path === "/jwks"), "no redirect is followed");
  });
}

test("the cause of a failed fetch is kept, with the URL and the index of the source", async () => {
  const offline = new TypeError("offline");
  const other = { method: /** @type {const} */ ("publicKey"), key: second.jwk, alg: /** @type {const} */ ("ES256") };
  const verify = [other, { method: /** @type {const} */ ("jwks"), url, algs: [/** @type {const} */ ("ES256")] }];
  const of = async (/** @type {any} */ fetch) => refusal(async () => (await createVerifier({ verify }, { fetch })).admit(await token(), campaign));
  const thrown = await of(() => { throw offline; });
  assert.deepEqual([thrown.code, thrown.cause, thrown.details.url, thrown.details.index], ["key_set_unavailable", offline, url, 1]);
  const rejected = await of(async () => Promise.reject(offline));
  assert.equal(rejected.cause, offline);
  const halfway = await of(async () => new Response(new ReadableStream({ pull: (controller) => controller.error(offline) })));
  assert.deepEqual([halfway.code, halfway.cause, halfway.details.index], ["key_set_unavailable", offline, 1]);
  const refused = await of(async () => new Response("down", { status: 503 }));
  assert.deepEqual([refused.code, "cause" in refused, refused.details.url], ["key_set_unavailable", false, url]);
  const empty = await of(async () => new Response(JSON.stringify({ keys: [] })));
  assert.deepEqual([empty.code, empty.details.url, empty.details.index], ["key_set_empty", url, 1]);
  // The real connection: nobody listens there.
  const nobody = await createVerifier({ verify: { method: "jwks", url: "http://127.0.0.1:1/jwks" } });
  const real = await refusal(async () => nobody.admit(await token(), campaign));
  assert.ok(real.cause instanceof Error && /fetch failed|bad port/.test(String(real.cause)), String(real.cause));
  assert.equal(real.details.url, "http://127.0.0.1:1/jwks");
});

test("the fault of a published key is the issuer's, named in the refusal and first in a report", async () => {
  /** @type {[object, string, string, RegExp][]} */
  const rows = [
    [{ ...first.privateJwk }, "key_is_private", "/keys/0/d", /a private key \(the key "k1"\)/],
    [{ ...first.jwk, use: "enc" }, "key_use", "/keys/0/use", /the key "k1"/],
    [{ ...first.jwk, x: `${first.jwk.x}=` }, "key_invalid", "/keys/0/x", /'=' at position 43/],
    [{ ...first.jwk, kid: 7 }, "key_invalid", "/keys/0/kid", /a number \(the key "7"\)/],
    [{ ...first.jwk, key_ops: [] }, "key_use", "/keys/0/key_ops", /the key "k1"/],
  ];
  for (const [jwk, code, path, got] of rows) {
    answer = send(JSON.stringify({ keys: [{ kid: "k1", ...jwk }] }));
    const subject = await verifier();
    const error = await refusal(async () => subject.admit(await token(), campaign));
    assert.deepEqual([error.code, error.details.at, error.details.fix, error.details.index], ["key_set_empty", path, "issuer", 0]);
    assert.match(error.details.got ?? "", got);
    assert.match(error.details.got ?? "", new RegExp(code));
    const report = await subject.explain(await token(), campaign);
    const failed = report.checks.find(({ status }) => status === "fail");
    assert.deepEqual([report.code, failed?.code, failed?.path, failed?.fix], [code, code, path, "issuer"]);
    assert.match(failed?.got ?? "", got);
  }
  // Beside a good key, for a token that names the bad one.
  answer = send(JSON.stringify({ keys: [{ ...second.jwk, kid: "k2" }, { ...first.privateJwk, kid: "k1" }] }));
  const subject = await verifier();
  const error = await refusal(async () => subject.admit(await token(), campaign));
  assert.deepEqual([error.code, error.details.at, error.details.fix], ["key_is_private", "/keys/1/d", "issuer"]);
  const report = await subject.explain(await token(), campaign);
  assert.deepEqual([report.code, report.checks.find(({ status }) => status === "fail")?.fix], ["key_is_private", "issuer"]);
});

test("empty members of a published key, a key listed twice, and short coordinates refuse nobody", async () => {
  const { d, ...jwk } = first.privateJwk;
  for (const members of [{ d: null }, { d: "", p: "" }, { oth: [] }, { x5c: [] }, { use: null, alg: null, key_ops: null }]) {
    answer = send(JSON.stringify({ keys: [{ ...jwk, ...members, kid: "k1" }, { ...jwk, kid: "k1" }] }));
    assert.equal((await (await verifier()).admit(await token(), campaign)).decision, "allowed", JSON.stringify(members));
  }
});

test("a report says why the key set could not be had", async () => {
  answer = send("down", {}, 500);
  const { verdict, checks } = await (await verifier()).explain(await token(), campaign);
  const failed = checks.find(({ status }) => status === "fail");
  assert.deepEqual([verdict, failed?.code, failed?.got, failed?.fix], ["rejected", "key_set_unavailable", "status 500", "issuer"]);
  answer = send(set({ k1: first.jwk }));
  assert.equal((await (await verifier()).explain(await token(), campaign)).verdict, "accepted");
});

test("a server that never answers is given up after three seconds, for all who wait", async () => {
  answer = () => {};
  const subject = await verifier();
  const made = await token();
  const started = Date.now();
  const errors = await Promise.all(Array.from({ length: 10 }, () => refusal(() => subject.admit(made, campaign))));
  // One after the other they would wait for thirty.
  assert.ok(Date.now() - started < 15_000, `took ${Date.now() - started} ms`);
  assert.deepEqual([...new Set(errors.map(({ code }) => code))], ["key_set_unavailable"]);
  assert.match(errors[0]?.message ?? "", /3 seconds/);
  assert.equal(asked.length, 1);
});

test("the last good copy serves while the server fails, for a day and no longer", async () => {
  answer = send(set({ k1: first.jwk }), { "cache-control": "max-age=600" });
  const subject = await verifier();
  const lasting = await sign(claims({ exp: Math.floor(Date.now() / 1000) + 60 * 24 * 3600 }), "ES256", first.privateKey, { kid: "k1" });
  await subject.admit(lasting, campaign);
  answer = send("down", {}, 503);

  mock.timers.enable({ apis: ["Date"], now: Date.now() });
  mock.timers.tick(HOUR);
  assert.deepEqual(await fifty(subject, async () => lasting), { allowed: 50 });
  assert.equal(asked.length, 2, "one attempt, then a pause");
  mock.timers.tick(24 * HOUR);
  assert.equal((await refusal(() => subject.admit(lasting, campaign))).code, "key_set_unavailable");
  assert.equal((await refusal(() => subject.verify(lasting))).code, "key_set_unavailable");

  mock.timers.tick(HOUR);
  answer = send(set({ k1: first.jwk }));
  assert.equal((await subject.admit(lasting, campaign)).decision, "allowed", "and it comes back");
});

test("a removed key is refused once the copy is no longer fresh", async () => {
  answer = send(set({ k1: first.jwk, k2: second.jwk }), { "cache-control": "max-age=300" });
  const subject = await verifier();
  await subject.admit(await token(), campaign);
  answer = send(set({ k2: second.jwk }));
  mock.timers.enable({ apis: ["Date"], now: Date.now() });
  assert.equal((await subject.admit(await token(), campaign)).decision, "allowed");
  mock.timers.tick(301_000);
  assert.equal((await refusal(async () => subject.admit(await token(), campaign))).code, "kid_unknown");
});

test("the host's own fetch is used, and told not to follow redirects", async () => {
  /** @type {[string, RequestInit][]} */
  const calls = [];
  const fetch = async (/** @type {string} */ address, /** @type {RequestInit} */ init) => {
    calls.push([address, init]);
    return new Response(set({ k1: first.jwk }), { headers: { "content-type": "application/jwk-set+json" } });
  };
  const subject = await createVerifier({ verify: { method: "jwks", url: "https://keys.example/jwks", algs: ["ES256"] } }, { fetch });
  assert.equal((await subject.admit(await token(), campaign)).decision, "allowed");
  assert.equal(calls.length, 1);
  const [[address, init]] = /** @type {[[string, RequestInit]]} */ (calls);
  assert.deepEqual([address, init.redirect, init.signal instanceof AbortSignal], ["https://keys.example/jwks", "manual", true]);
  const broken = await createVerifier({ verify: { method: "jwks", url: "https://keys.example/jwks" } }, { fetch: () => { throw new Error("offline"); } });
  assert.equal((await refusal(async () => broken.admit(await token(), campaign))).code, "key_set_unavailable");
});

test("a set that the host fetched itself can be installed", async () => {
  const subject = await verifier();
  const warnings = subject.installKeySet(0, JSON.stringify({ keys: [{ ...first.jwk, kid: "k1" }, { kty: "unheard-of", kid: "x" }] }));
  assert.deepEqual(warnings.map(({ code }) => code), ["key_skipped"]);
  assert.equal(subject.admitSync(await token(), campaign).decision, "allowed");
  assert.equal((await refusal(() => subject.installKeySet(0, "{}"))).public, "try_again");
  assert.equal(subject.admitSync(await token(), campaign).decision, "allowed", "the good copy stays");
  assert.equal((await refusal(() => subject.installKeySet(1, "{}"))).code, "settings_invalid");
  assert.equal(asked.length, 0);
});

test("no script has a list of its own of the refusals that a newer set may lift", () => {
  const scripts = ["pkg-template", "worker/src", "www"].flatMap(sources);
  assert.ok(scripts.length > 100);
  // The campaign editor names one of them, as a refusal that a preview can show.
  const found = scripts.filter(([file, source]) => /kid_unknown/.test(source) || (!file.startsWith("www/desk/campaigns/") && /signature_invalid/.test(source)));
  assert.deepEqual(found.map(([file]) => file), []);
});

test("what only the asynchronous call computes is told before what other sources refuse", async () => {
  const made = await pair("ES384");
  const signed = await sign(claims(), "ES384", made.privateKey, { kid: "k1" });
  const computed = { method: /** @type {const} */ ("publicKey"), key: made.jwk, alg: /** @type {const} */ ("ES384") };
  const other = { method: /** @type {const} */ ("publicKey"), key: first.jwk, alg: /** @type {const} */ ("ES256") };
  const lacking = { method: /** @type {const} */ ("jwks"), keys: { keys: [{ ...first.jwk, kid: "k2" }] } };
  const missing = { method: /** @type {const} */ ("jwks"), url };
  for (const [beside, code] of /** @type {const} */ ([[other, "sync_unsupported"], [lacking, "kid_unknown"], [missing, "key_set_not_loaded"]])) {
    for (const verify of [[computed, beside], [beside, computed]]) {
      const subject = await createVerifier({ verify }, { fetch: false });
      assert.equal((await refusal(() => subject.verifySync(signed))).code, code);
      assert.equal((await subject.verify(signed)).source, verify.indexOf(computed));
    }
  }
});
