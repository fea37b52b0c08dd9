// node tests/soak/rotation.mjs [rotations]: every two seconds, or when a busy machine has got round, every key is rotated,
// under traffic, and news takes time to spread: workers run on the ring of before for a while, isolates hold copies of the
// document, signers still use the key of before. Nobody may be refused wrongly; and as a control, what was sealed too long
// ago must be.
//
// One worker holds the objects, four more take the requests, each with the ring of another moment. A ring has the key
// that seals, the one that comes next and the one that goes; the fourth is not there.

import assert from "node:assert/strict";
import { randomBytes, randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { Miniflare } from "miniflare";
import { CompactEncrypt, SignJWT } from "jose";
import { applyMigrations, workerOptions } from "../../worker/dev.js";
import { form } from "../js/support/worker/customer.mjs";
import { Browser } from "../js/support/worker/browser.mjs";
import { Deployment, freePort, newSecrets, random, root } from "../js/support/worker/deployment.mjs";
import { Turning } from "../js/support/worker/rotation.mjs";
import { newStateFolder } from "../js/support/worker/state.mjs";
import { CLIENT_SECRET, Logins } from "../js/provider/server.mjs";
import { pause, until } from "../js/support/patience.mjs";
import { asProgram } from "./measure.mjs";

const STEP_MS = 2000;
/** So long after a rotation a worker may still run on the ring of before, and a signer use the key of before. */
const SPREAD_MS = 1000;
const RINGS = 4;
const LANES = 4;
const limits = { caller: 1_000_000, account: 1_000_000 };

/** @param {number} rotations */
export async function rotate(rotations) {
  const stateDir = await newStateFolder();
  const { vars, operator } = newSecrets();
  const keys = Array.from({ length: RINGS }, (_, index) => ({ kid: `r${index}`, key: random() }));
  const rings = await turned(keys);
  // The worker that holds the objects takes no part in the rotation: it opens what any of the others has sealed.
  const own = { kid: "objects", key: random(), status: "active" };
  const all = JSON.stringify({ environment: "test-run", keys: [own, ...keys.map((key) => ({ ...key, status: "next" }))] });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const common = { ENVIRONMENT: "development", PUBLIC_URL: url, ...vars };
  const streams = (/** @type {import("node:stream").Readable[]} */ ...list) => list.forEach((stream) => stream.resume());
  const host = workerOptions({ root, ports: { worker: port }, stateDir, limits, vars: { ...common, RING: all }, handleRuntimeStdio: streams });
  const { host: _host, port: _port, routes: _routes, cf: _cf, telemetry: _telemetry, defaultPersistRoot: _root, handleRuntimeStdio: _stdio, ...worker } = /** @type {any} */ (host);
  const objects = Object.fromEntries(Object.entries(worker.durableObjects).map(([name, { className }]) => [name, { className, scriptName: "handstamp", useSQLite: true }]));
  const others = Array.from({ length: RINGS }, (_, step) => {
    const { queueConsumers: _consumers, ...rest } = worker;
    return { ...rest, name: `ring${step}`, durableObjects: objects, bindings: { ...common, RING: rings[step] }, unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }] };
  });
  const miniflare = new Miniflare({ host: "127.0.0.1", port, cf: false, telemetry: { enabled: false }, defaultPersistRoot: stateDir, handleRuntimeStdio: streams, workers: [worker, ...others] });
  /** The client secrets that the login server knows at the moment. */
  const clientSecrets = [""];
  const known = (/** @type {string | undefined} */ authorization) => {
    const [, password = ""] = Buffer.from((authorization ?? "").slice(6), "base64").toString().split(":");
    return clientSecrets.includes(decodeURIComponent(password.replaceAll("+", "%20")));
  };
  const logins = await Logins.start([{ name: "turning", from: "soak", expected: "allowed", isClient: async (_form, authorization) => known(authorization) }]);
  try {
    await miniflare.ready;
    await applyMigrations(miniflare, root);
    const addresses = await Promise.all(others.map(async ({ name }) => (await miniflare.unsafeGetDirectURL(name)).origin));
    await play({ addresses, operator, rotations, clientSecrets, logins, url });
  } finally {
    logins.stop();
    await miniflare.dispose();
    await rm(stateDir, { recursive: true, force: true });
  }
}

/**
 * The rings of one round, as `handstamp keys rotate` makes them; the ring that comes after the last is the first again.
 * @param {{ kid: string, key: string }[]} keys
 */
async function turned(keys) {
  const turning = await Turning.start({ environment: "test-run", keys: [{ ...keys[0], status: "active" }] });
  try {
    await turning.step("add", keys[1]);
    const rings = [];
    for (let step = 1; step <= RINGS; step += 1) {
      await turning.step("activate");
      await turning.step("add", keys[(step + 1) % RINGS]);
      rings[step % RINGS] = JSON.stringify(turning.ring);
      await turning.step("drop");
    }
    return rings;
  } finally {
    await turning.stop();
  }
}

/** @param {{ addresses: string[], operator: { clientId: string, secret: string }, rotations: number, clientSecrets: string[], logins: Logins, url: string }} world */
async function play({ addresses, operator, rotations, clientSecrets, logins, url }) {
  const parts = (/** @type {string} */ at) => ({ miniflare: /** @type {any} */ (undefined), url: at, secrets: { operator, ring: /** @type {any} */ ({}), vars: /** @type {any} */ ({}) }, stateDir: "" });
  /** Keys of the customer by the rotation that makes them active. @type {Map<number, { sign: Uint8Array, seal: Uint8Array }>} */
  const made = new Map();
  const own = (/** @type {number} */ step) => {
    const pair = made.get(step) ?? { sign: randomBytes(32), seal: randomBytes(32) };
    made.set(step, pair);
    return pair;
  };
  const account = "turning";
  /** Eight keys at a time: two that go, one in use, five that come, as copies are nine seconds old at most. @param {number} step */
  const document = (step) => {
    const steps = Array.from({ length: 8 }, (_, index) => step - 2 + index).filter((each) => each >= 0);
    const status = (/** @type {number} */ each) => (each < step ? "retiring" : each === step ? "active" : "next");
    const text = (/** @type {Uint8Array} */ key) => ({ key: Buffer.from(key).toString("base64url"), encoding: "base64url" });
    return {
      account,
      origins: ["http://localhost:8788"],
      oauth: logins.login(account).settings(),
      secureToken: {
        verify: steps.map((each) => ({ id: `v${each}`, status: status(each), method: "symmetricKey", ...text(own(each).sign), alg: "HS256" })),
        decrypt: steps.map((each) => ({ id: `d${each}`, status: status(each), ...text(own(each).seal), alg: "dir", enc: "A256GCM" })),
        encryption: "accept",
      },
      campaigns: { 100001: { signIn: ["token", "oauth"], fields: [{ name: "email", type: "email" }, { name: "firstname", type: "text" }] } },
    };
  };
  let step = 0;
  let since = Date.now();
  const spreading = () => Date.now() - since < SPREAD_MS && step > 0;
  /** A worker that runs on the ring of now, or of before where the news has not come. */
  const worker = () => new Deployment(parts(addresses[(step - Number(spreading() && Math.random() < 0.5) + RINGS) % RINGS]));
  const turn = async () => {
    const at = new Deployment(parts(addresses[step % RINGS]));
    const secret = `${CLIENT_SECRET}-${step}`;
    // The login server knows the new secret before we use it, and the old one until nobody does.
    clientSecrets.unshift(secret);
    clientSecrets.length = Math.min(clientSecrets.length, 2);
    await at.account(document(step), { OIDC_CLIENT: secret });
  };
  await turn();
  // Beside the rotations, as a copy of the account lives for seconds.
  const revoking = revoke({ current: new Deployment(parts(addresses[0])), elsewhere: new Deployment(parts(addresses[1])), campaigns: document(0).campaigns });
  /** @type {Record<string, number>} */
  const counts = { admitted: 0, recorded: 0, "signed in": 0, rotations: 0 };
  /** @type {Record<string, number>} */
  const refused = {};
  /** @param {{ status: number, body?: any }} answer @param {string} what @param {number} expected */
  const expect = (answer, what, expected) => {
    if (answer.status === expected) counts[what] += 1;
    else refused[`${what}: ${answer.status} ${answer.body?.code ?? answer.body?.reason}`] = (refused[`${what}: ${answer.status} ${answer.body?.code ?? answer.body?.reason}`] ?? 0) + 1;
    return answer;
  };
  const token = async (/** @type {number} */ n) => {
    const { sign, seal } = own(Math.max(0, step - Number(spreading() && Math.random() < 0.5)));
    const signed = await new SignJWT({ sub: `t${n}`, campaignId: "100001", form }).setProtectedHeader({ alg: "HS256" }).setIssuedAt().setExpirationTime("1m").sign(sign);
    return n % 2 === 0 ? signed : new CompactEncrypt(new TextEncoder().encode(signed)).setProtectedHeader({ alg: "dir", enc: "A256GCM", cty: "JWT" }).encrypt(seal);
  };
  /** Passes of long ago, for the control. @type {{ pass: string, step: number }[]} */
  const old = [];
  let [n, done] = [0, false];
  /** What each lane is at began when the news of this rotation had spread. @type {(number | false)[]} */
  const settledAt = [];
  const lane = async (/** @type {number} */ index) => {
    while (!done) {
      n += 1;
      const settled = !spreading() && step;
      settledAt[index] = settled;
      const { body } = expect(await worker().post("/v1/token/admit", { account, campaignId: "100001", token: await token(n) }), "admitted", 200);
      if (!body?.pass) continue;
      if (n % 3 === 0 && settled === step && !spreading()) old.push({ pass: body.pass, step });
      expect(await worker().post("/v1/participations", { pass: body.pass, form }, { "idempotency-key": randomUUID() }), "recorded", 201);
      if (n % 5 === 0) expect(await login(worker, url, account), "signed in", 200);
      await pause(50);
    }
  };
  const clock = (async () => {
    for (const before = { ...counts }; counts.rotations < rotations; Object.assign(before, counts)) {
      await pause(STEP_MS);
      // A worker on the ring of before must not outlive the next rotation, however slow the machine is: everybody has begun
      // anew since the news spread, somebody has signed in, and a pass is kept for the control.
      const ready = () => settledAt.every((at) => at === step) && counts["signed in"] > before["signed in"] && old.some((each) => each.step === step);
      await until(() => ready() || Object.keys(refused).length > 0, () => `all are ready for rotation ${step + 1}: ${JSON.stringify({ settledAt, counts })}`);
      step += 1;
      since = Date.now();
      counts.rotations += 1;
      await turn();
    }
  })().finally(() => (done = true));
  const [revoked] = await Promise.all([revoking, clock, ...Array.from({ length: LANES }, (_, index) => lane(index))]);
  // Two rotations later the key of a pass is not in the ring any more: the soak would see a refusal.
  const stale = old.filter((each) => step - each.step >= 2 && (step - each.step) % RINGS === 2);
  const current = new Deployment(parts(addresses[step % RINGS]));
  const control = await Promise.all(stale.slice(0, 20).map(({ pass }) => current.post("/v1/participations", { pass, form }, { "idempotency-key": randomUUID() })));
  const seen = control.filter(({ body }) => body.code === "seal_key_unknown").length;
  console.log(`rotation: ${JSON.stringify(counts)}; wrongly refused: ${JSON.stringify(refused)}; control: ${seen} of ${control.length} passes sealed two rotations ago refused; ${revoked.text}`);
  assert.deepEqual(refused, {});
  assert.ok(counts.recorded > 0 && counts["signed in"] >= rotations && counts.rotations === rotations);
  assert.equal(seen, control.length);
  assert.ok(seen > 0 || rotations < 3);
  assert.ok(revoked.atOnce && revoked.ms < 10_000, revoked.text);
}

/**
 * A revoked key: refused at once at submit, within ten seconds at admit.
 * @param {{ current: Deployment, elsewhere: Deployment, campaigns: object }} moment elsewhere: with a copy of before
 */
async function revoke({ current, elsewhere, campaigns }) {
  const account = "revoking";
  const [own, next] = [randomBytes(32), randomBytes(32)];
  const write = (/** @type {string} */ status) => {
    const keys = [{ key: own, status }, { key: next, status: "next" }];
    const verify = keys.map(({ key, ...rest }, n) => ({ id: `v${n}`, ...rest, method: "symmetricKey", key: key.toString("base64url"), encoding: "base64url", alg: "HS256" }));
    return current.account({ account, origins: ["http://localhost:8788"], secureToken: { verify }, campaigns: { 100001: { .../** @type {any} */ (campaigns)[100001], signIn: ["token"] } } });
  };
  await write("active");
  const token = await new SignJWT({ sub: "revoked", campaignId: "100001", form }).setProtectedHeader({ alg: "HS256" }).setIssuedAt().setExpirationTime("5m").sign(own);
  const ask = () => elsewhere.post("/v1/token/admit", { account, campaignId: "100001", token });
  const { body } = await ask();
  await write("revoked");
  const began = Date.now();
  const submitted = await current.post("/v1/participations", { pass: body.pass, form }, { "idempotency-key": randomUUID() });
  // What counts is when a token was sent: a busy machine may answer later.
  let ms = 0;
  while ((await ask()).status === 200 && ms < 10_000) {
    await pause(100);
    ms = Date.now() - began;
  }
  const atOnce = submitted.status === 401 && submitted.body.reason === "token_invalid";
  return { atOnce, ms, text: `revoked key: submit ${submitted.status} ${submitted.body.reason} at once, admit refused after ${ms} ms` };
}

/** Start at one worker, callback and redemption at others. @param {() => Deployment} worker @param {string} url @param {string} account */
async function login(worker, url, account) {
  const browser = new Browser(worker().url);
  const { body } = await browser.post("/v1/drafts", { account, campaignId: "100001", step: "identityset", answers: {} }, { origin: url });
  const start = await browser.go(`/oauth/start?${new URLSearchParams({ account, campaignId: "100001", bind: body.bind, return: "0:/" })}`);
  const page = await browser.go(start.location);
  const back = new URL(page.location);
  browser.url = worker().url;
  const returned = await browser.go(`${back.pathname}${back.search}`);
  browser.url = worker().url;
  return browser.post("/v1/oauth/redeem", { ticket: returned.location.split("#handstamp=")[1] ?? "" }, { origin: url });
}

await asProgram(import.meta.url, rotate, 30);
