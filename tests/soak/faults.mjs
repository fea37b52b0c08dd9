// node tests/soak/faults.mjs [requests]: one fault after the other, each with what came of it: the database away, the queue
// refusing, silent and losing what it took, the login server slow, down and back, a key set down beyond its life and
// poisoned, clocks ten minutes off, and so many malformed requests over every route.

import assert from "node:assert/strict";
import { randomBytes, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { SignJWT, exportJWK, generateKeyPair } from "jose";
import { acme, form, secrets, sign, tokenKey } from "../js/support/worker/customer.mjs";
import { Browser } from "../js/support/worker/browser.mjs";
import { Deployment } from "../js/support/worker/deployment.mjs";
import { FailingQueue } from "../js/support/worker/failing_queue.mjs";
import { Provider } from "../js/support/worker/provider.mjs";
import { pause, until } from "../js/support/patience.mjs";
import { asProgram, many, patiently, randomFrom, workerdMegabytes } from "./measure.mjs";

/** @param {number} requests */
export async function faults(requests) {
  const [worker, provider] = await Promise.all([Deployment.start(), Provider.start()]);
  try {
    const document = acme({ oauth: provider.settings(), mapping: { email: "email", firstname: "given_name" } });
    document.campaigns["100001"] = { ...document.campaigns["100001"], signIn: ["token", "oauth"] };
    await worker.account(document, secrets);
    const few = Math.max(3, Math.min(20, Math.ceil(requests / 100)));
    await Promise.all([database(worker, few), queue(few)]);
    await loginServer(worker, provider, few);
    await keySet(worker, few);
    await clocks(worker, few);
    await malformed(worker, requests);
  } finally {
    provider.stop();
    await worker.stop();
  }
}

/** @param {Deployment} worker @param {string} token */
const admit = (worker, token, account = "acme") => patiently(() => worker.post("/v1/token/admit", { account, campaignId: "100001", token }));

/** The statistics are away while people submit. @param {Deployment} worker @param {number} times */
async function database(worker, times) {
  const database = await worker.miniflare.getD1Database("STATISTICS");
  await database.exec("ALTER TABLE participation RENAME TO away");
  let recorded = 0;
  await many(times, 4, async (index) => {
    const { body } = await admit(worker, await sign({ sub: `d${index}` }));
    const { status } = await worker.post("/v1/participations", { pass: body.pass, form }, { "idempotency-key": randomUUID() });
    recorded += Number(status === 201);
  });
  const { status: ready } = await worker.get("/readyz");
  // Until the queue has given up on what it could not deliver: from then on only the outbox knows of it.
  const failed = () => worker.log.join("").split('"where":"statistics"').length - 1;
  await until(() => failed() >= 4, "the queue has given up");
  const attempts = failed();
  await database.exec("ALTER TABLE away RENAME TO participation");
  const began = Date.now();
  const { participations: counted } = await worker.statistics("acme", "100001", times);
  console.log(`faults: database away: ${recorded} of ${times} recorded, /readyz ${ready}, the queue gave up after ${attempts} attempts; back: ${counted} in the statistics after ${Date.now() - began} ms`);
  assert.deepEqual([recorded, ready, counted], [times, 503, times]);
}

/** The queue fails in each of its ways, and well again; whatever it did, each row arrives once. @param {number} times */
async function queue(times) {
  const queue = new FailingQueue();
  const worker = await Deployment.start({}, { queue });
  try {
    await worker.account(acme(), secrets);
    const modes = /** @type {const} */ (["refuse", "unanswered", "lose"]);
    /** @type {string[]} */
    const answered = [];
    for (const mode of modes) {
      queue.mode = mode;
      const before = queue.came[mode];
      await many(times, 4, async (index) => {
        const { body } = await admit(worker, await sign({ sub: `${mode}${index}` }));
        const submitted = await worker.post("/v1/participations", { pass: body.pass, form }, { "idempotency-key": randomUUID() });
        if (submitted.status === 201) answered.push(submitted.body.participationId);
      });
      await until(() => queue.came[mode] >= before + times, `the queue was given ${times} rows to ${mode}`);
    }
    queue.mode = "well";
    const early = (await worker.read("/v1/statistics/acme/100001")).body.participations;
    const gone = queue.came.unanswered + queue.came.well;
    const began = Date.now();
    const { rows: all } = await worker.statisticsOnce("acme", "100001", ({ rows }) => rows.length >= answered.length, "?limit=1000");
    const rows = all.map((/** @type {{ id: string }} */ { id }) => id);
    const missing = answered.filter((id) => !rows.includes(id)).length;
    const { refuse, unanswered, lose, well } = queue.came;
    console.log(
      `faults: queue refusing (${refuse} rows), taking without a word (${unanswered}), losing (${lose}): ${answered.length} of ${3 * times} recorded, ` +
        `${early} counted meanwhile; well again: ${well} rows sent again, ${rows.length} in the statistics after ${Date.now() - began} ms, ` +
        `${missing} missing, ${rows.length - new Set(rows).size} twice`,
    );
    assert.deepEqual([answered.length, rows.length, missing, new Set(rows).size], [3 * times, 3 * times, 0, 3 * times]);
    assert.ok(early <= gone, "only what the queue was really given can have arrived");
    // What was confirmed is not sent any more.
    const sent = queue.came.well;
    await pause(200);
    assert.equal(queue.came.well, sent);
  } finally {
    await worker.stop();
  }
}

/** @param {Deployment} worker */
async function login(worker) {
  const browser = new Browser(worker.url);
  const draft = { account: "acme", campaignId: "100001", step: "identityset", answers: { colour: "red" } };
  const { body } = await browser.post("/v1/drafts", draft);
  const { ticket } = await browser.login({ account: "acme", campaignId: "100001", bind: body.bind, return: "0:/" });
  const began = Date.now();
  const redeemed = await browser.post("/v1/oauth/redeem", { ticket });
  assert.equal(redeemed.body.draft?.answers.colour, "red", "every answer is kept");
  return { status: redeemed.status, reason: redeemed.body.reason ?? "-", ms: Date.now() - began };
}

/** @param {Deployment} worker @param {Provider} provider @param {number} times */
async function loginServer(worker, provider, times) {
  const play = async (/** @type {string} */ name) => {
    /** @type {Record<string, number>} */
    const seen = {};
    let longest = 0;
    await many(Math.min(times, 6), 3, async () => {
      const { status, reason, ms } = await login(worker);
      seen[`${status} ${reason}`] = (seen[`${status} ${reason}`] ?? 0) + 1;
      longest = Math.max(longest, ms);
    });
    console.log(`faults: login server ${name}: ${JSON.stringify(seen)}, at most ${longest} ms, every draft kept`);
    return seen;
  };
  assert.deepEqual(Object.keys(await play("well")), ["200 -"]);
  provider.delay = 1000;
  assert.deepEqual(Object.keys(await play("slow (1 s)")), ["200 -"]);
  provider.delay = 3600_000;
  const down = await play("silent");
  assert.ok(Object.keys(down).every((key) => /^(401|502) (login_failed|try_again)$/.test(key)), JSON.stringify(down));
  provider.delay = 0;
  assert.deepEqual(Object.keys(await play("back")), ["200 -"]);
}

/** @param {Deployment} worker @param {number} times */
async function keySet(worker, times) {
  const { publicKey, privateKey } = await generateKeyPair("ES256");
  const stranger = await generateKeyPair("ES256");
  const published = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: "k", alg: "ES256" }] });
  let [answer, asked] = [{ status: 200, body: published }, 0];
  const server = createServer((_request, response) => {
    asked += 1;
    response.writeHead(answer.status, { "content-type": "application/json" }).end(answer.body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const url = `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}/keys`;
  try {
    await worker.account({ account: "keyed", origins: [], secureToken: { verify: { method: "jwks", url, algs: ["ES256"] } }, campaigns: { 100001: {} } });
    const token = (/** @type {import("jose").CryptoKey} */ key, kid = "k") =>
      new SignJWT({ sub: "1", campaignId: "100001" }).setProtectedHeader({ alg: "ES256", kid }).setExpirationTime("5m").sign(key);
    assert.equal((await admit(worker, await token(privateKey), "keyed")).status, 200);
    /** Poisons: what the server may answer once it is in other hands. */
    const poisons = ["<html>", '{"keys":[]}', "[]", '{"keys":[{"kty":"oct","k":"AAAA","kid":"k"}]}', "x".repeat(70_000)];
    let [good, forged] = [0, 0];
    for (let i = 0; i < times; i += 1) {
      answer = i % 6 === 5 ? { status: 500, body: "" } : { status: 200, body: poisons[i % 6] };
      // A token of an unknown key asks for the set again; the poison must not take the good copy's place.
      await admit(worker, await token(stranger.privateKey, `other${i}`), "keyed");
      good += Number((await admit(worker, await token(privateKey), "keyed")).status === 200);
      forged += Number((await admit(worker, await token(stranger.privateKey), "keyed")).status === 200);
    }
    console.log(`faults: key set poisoned ${times} times, asked ${asked} times: ${good} good tokens admitted, ${forged} forged ones`);
    assert.deepEqual([good, forged], [times, 0]);

    answer = { status: 500, body: "" };
    const namespace = await worker.miniflare.getDurableObjectNamespace("KEY_SET");
    const set = /** @type {any} */ (namespace.get(namespace.idFromName(randomBytes(8).toString("hex"))));
    const read = async (/** @type {number} */ hours) => {
      const request = { purpose: "keySet", method: "GET", url, headers: {}, refresh: false };
      return (await set.read(request, Date.now() + hours * 3_600_000)).answer.status;
    };
    answer = { status: 200, body: published };
    const fresh = await read(0);
    answer = { status: 500, body: "" };
    const [stale, over] = [await read(23), await read(25)];
    console.log(`faults: key set down: ${fresh} at first, ${stale} after 23 hours, ${over} after 25`);
    assert.deepEqual([fresh, stale, over], [200, 200, 500]);
  } finally {
    server.close();
  }
}

/** The signer's clock is ten minutes off. @param {Deployment} worker @param {number} times */
async function clocks(worker, times) {
  /** @type {Record<string, number>} */
  const seen = {};
  for (let i = 0; i < times; i += 1) {
    for (const [name, offset] of /** @type {[string, number][]} */ ([["fast", 600], ["slow", -600], ["nearly right", 50]])) {
      const now = Math.floor(Date.now() / 1000) + offset;
      const token = await new SignJWT({ sub: `c${i}`, campaignId: "100001", form })
        .setProtectedHeader({ alg: "HS256" })
        .setIssuedAt(now)
        .setNotBefore(now)
        .setExpirationTime(now + 300)
        .sign(tokenKey);
      const { status, body } = await admit(worker, token);
      const key = `${name}: ${status} ${body.reason ?? body.admission.decision}`;
      seen[key] = (seen[key] ?? 0) + 1;
    }
  }
  console.log(`faults: clocks of the signer: ${JSON.stringify(seen)}`);
  assert.deepEqual(seen, { "fast: 401 token_invalid": times, "slow: 401 token_expired": times, "nearly right: 200 allowed": times });
}

/** Random requests over every route that the worker describes. @param {Deployment} worker @param {number} times */
async function malformed(worker, times) {
  const { body: description } = await worker.get("/openapi.json");
  const routes = Object.entries(description.paths).flatMap(([path, item]) => Object.keys(item).map((method) => ({ path, method: method.toUpperCase() })));
  const random = randomFrom(2026);
  /** @template T @param {T[]} list */
  const one = (list) => list[Math.floor(random() * list.length)];
  const noise = () => randomBytes(1 + Math.floor(random() * 200));
  const words = ["acme", "100001", "..", "%00", "%ff", "a".repeat(300), "__proto__", "' OR 1=1", "é", "null", "-1"];
  const bodies = [
    () => noise(),
    () => "{",
    () => "[".repeat(5000),
    () => `{"a":`.repeat(3000),
    () => JSON.stringify({ account: one(words), campaignId: one(words), token: noise().toString("base64url"), pass: `acme:1.${noise().toString("base64url")}`, ticket: noise().toString("base64url"), form: { email: one(words), __proto__: { x: 1 } } }),
    () => '{"account":{"toString":1},"campaignId":[],"token":{},"pass":[],"form":1,"ticket":null}',
    () => '{"__proto__":{"admin":true},"constructor":{"prototype":{}}}',
    () => "x".repeat(70_000),
    () => "",
    () => new URLSearchParams({ grant_type: one(words), client_id: one(words), client_secret: noise().toString("hex"), assertion: "e30.e30." }).toString(),
  ];
  const types = ["application/json", "application/json; charset=utf-16", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""];
  /** @type {Record<string, number>} */
  const statuses = {};
  /** @type {Set<string>} */
  const wrong = new Set();
  /** @type {number[]} */
  const memory = [];
  await many(times, 16, async (index) => {
    const { path, method } = routes[index % routes.length];
    const asked = random() < 0.1 ? one(["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"]) : method;
    const named = path.replace(/\{\w+\}/g, () => encodeURIComponent(one(words)));
    const query = random() < 0.4 ? `?${one(words)}=${encodeURIComponent(noise().toString("latin1"))}&state=${one(words)}&account=acme&account=x` : "";
    const headers = {
      "content-type": one(types),
      ...(random() < 0.3 && { authorization: one(["Bearer x", "Bearer e30.e30.AA", "Basic ===", "Basic OnM6", `Bearer ${"a".repeat(5000)}`]) }),
      ...(random() < 0.3 && { cookie: one([`__Host-hs_proof=${"A".repeat(43)}`, "__Host-hs_flow_x=y", "a=b; ;;=;", "x".repeat(3000)]) }),
      ...(random() < 0.5 && { "idempotency-key": one(["short", "12345678", "k".repeat(200)]) }),
      ...(random() < 0.2 && { traceparent: one(["x", `00-${"0".repeat(32)}-${"0".repeat(16)}-00`, "ff-1-2-3"]) }),
    };
    const body = ["POST", "PUT", "PATCH", "DELETE"].includes(asked) ? one(bodies)() : undefined;
    const ask = () => patiently(() => fetch(worker.url + named + query, { method: asked, headers, body, redirect: "manual" }));
    const answer = await patiently(ask).catch(() => undefined);
    // Who is refused before the body is read may find the connection closed while still sending it.
    if (!answer) {
      statuses.closed = (statuses.closed ?? 0) + 1;
      return;
    }
    await answer.arrayBuffer();
    statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
    if (answer.status >= 500) wrong.add(`${answer.status} ${asked} ${path}`);
    if (index % Math.ceil(times / 20) === 0) {
      memory.push(workerdMegabytes());
      worker.log.length = 0;
    }
  });
  const [early, late] = [memory[Math.floor(memory.length / 3)] ?? 0, memory.at(-1) ?? 0];
  console.log(
    `faults: ${times} malformed requests over ${routes.length} routes: ${JSON.stringify(statuses)}, ${wrong.size} kinds of 5xx, ` +
      `workerd ${memory[0]?.toFixed(0)} MB at first, ${early.toFixed(0)} MB after a third, ${late.toFixed(0)} MB at the end`,
  );
  assert.deepEqual([...wrong], []);
  if (times >= 5000) assert.ok(late < early * 1.3 + 30, "memory is flat");
  assert.equal((await worker.get("/readyz")).status, 200);
}

await asProgram(import.meta.url, faults, 10_000);
