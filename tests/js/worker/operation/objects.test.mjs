// The objects by themselves, called as the worker calls them, with the time as an argument.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { PATIENCE_MS, until } from "../../support/patience.mjs";
import { random, Deployment } from "../../support/worker/deployment.mjs";

/** @type {Deployment} */
let worker;

before(async () => {
  worker = await Deployment.start();
});
after(() => worker.stop());

/** A fresh object of a binding. @param {string} binding @returns {Promise<any>} */
async function object(binding) {
  const namespace = await worker.miniflare.getDurableObjectNamespace(binding);
  return namespace.get(namespace.idFromName(random()));
}

/** An answer without the marks of the way it came. @param {unknown} value */
const plain = (value) => JSON.parse(JSON.stringify(value));

const bind = random();
const cancelled = {
  outcome: "cancelled",
  cause: { code: "login_cancelled" },
  account: "acme",
  campaignId: "1",
  sid: "s",
  step: "identityset",
  bind,
};

test("a ticket is good for sixty seconds", async () => {
  const now = Date.now();
  const [early, late] = [await object("LOGIN"), await object("LOGIN")];
  await early.deliver(cancelled, now);
  await late.deliver(cancelled, now);
  const mine = { binds: [bind], flows: [] };
  assert.equal((await early.redeem({ ...mine, now: now + 59_999 })).answer.refused.code, "login_cancelled");
  assert.equal((await late.redeem({ ...mine, now: now + 60_000 })).answer.refused.code, "ticket_unknown");
  assert.equal((await (await object("LOGIN")).redeem({ ...mine, now })).answer.refused.code, "ticket_unknown");
});

test("a ticket that nobody redeems deletes itself, and is then as unknown as any", async () => {
  const login = await object("LOGIN");
  const now = Date.now();
  await login.deliver(cancelled, now - 60_000);
  const strangerAsks = { binds: [], flows: [], now: now - 30_000 };
  await until(async () => !(await login.redeem(strangerAsks)).stranger, "the alarm has come");
  const { answer } = await login.redeem({ binds: [bind], flows: [], now: now - 30_000 });
  assert.equal(answer.refused.code, "ticket_unknown", "it is gone, even for a time at which it was good");
});

test("a question about what does not exist is answered, and leaves nothing behind", async () => {
  const [account, participant, draft] = [await object("ACCOUNT"), await object("PARTICIPANT"), await object("DRAFT")];
  assert.equal(await account.read(), null);
  assert.equal(await account.source(), null);
  assert.equal(await account.client("nobody"), null);
  assert.equal(await account.dropClient("nobody"), false);
  assert.equal(await account.refusal("AAAAAAAA", Date.now()), null);
  assert.deepEqual(
    [plain(await account.versions()), plain(await account.refusalList(Date.now(), 10)), plain(await account.refusalCounts("1"))],
    [[], [], {}],
  );
  assert.equal(await participant.count(), 0);
  assert.equal(await participant.confirm(["x"]), true);
  assert.equal(await draft.read("acme", "1", Date.now()), null);
});

test("an answer is kept a hundred and twenty seconds for the same proof, and for no other", async () => {
  const now = Date.now();
  const login = await object("LOGIN");
  await login.deliver(cancelled, now);
  const mine = { binds: [random(), bind], flows: [] };
  const first = await login.redeem({ ...mine, now: now + 30_000 });
  assert.equal(first.answer.refused.code, "login_cancelled");
  assert.deepEqual(plain(await login.redeem({ ...mine, now: now + 149_999 })), plain(first));
  const other = await login.redeem({ binds: [random()], flows: [bind], now: now + 40_000 });
  assert.deepEqual([other.answer.refused.code, other.flow], ["wrong_browser", undefined]);
  assert.equal((await login.redeem({ ...mine, now: now + 150_000 })).answer.refused.code, "ticket_unknown");
});

test("a login without a bind belongs to its flow cookie", async () => {
  const now = Date.now();
  const login = await object("LOGIN");
  const { bind: _bind, ...record } = cancelled;
  await login.deliver({ ...record, flow: "hash-of-the-cookie" }, now);
  assert.equal((await login.redeem({ binds: ["hash-of-the-cookie"], flows: [], now })).answer.refused.code, "wrong_browser");
  assert.equal((await login.redeem({ binds: [], flows: ["hash-of-the-cookie"], now })).answer.refused.code, "login_cancelled");
});

/** @param {Record<string, unknown>} [change] */
const submission = (change = {}) => ({
  key: random(8),
  hash: "h",
  pass: { ids: [random(8)], expiresAt: 2_000_000_000 },
  revoked: null,
  faults: [],
  retainMs: 90 * 86_400_000,
  person: null,
  now: 1_800_000_000_000,
  submission: { account: "acme", campaignId: "1", technique: "token", form: {}, optin: {}, answers: {} },
  ...change,
});

test("a submission is judged in the order: answer, expiry, revocation, pass, quota, form", async () => {
  const participant = await object("PARTICIPANT");
  const first = submission({ pass: { ids: ["p1"], expiresAt: 1_800_000_100 } });
  const { answer } = await participant.submit(first);
  assert.equal(answer.count, 1);
  const everything = {
    ...first,
    now: 1_900_000_000_000,
    revoked: { code: "key_revoked" },
    faults: [{ name: "email", path: "/form/email", reason: "email", detail: "" }],
    pass: { ids: ["p1"], expiresAt: 1_800_000_100 },
  };
  assert.deepEqual(plain(await participant.submit(everything)), { answer: plain(answer), again: true });
  assert.equal((await participant.submit({ ...everything, hash: "other" })).refused.code, "idempotency_conflict");
  const next = { ...everything, key: random(8) };
  assert.equal((await participant.submit(next)).refused.code, "pass_expired");
  const valid = { ...next, pass: { ...next.pass, expiresAt: 2_000_000_000 } };
  assert.equal((await participant.submit(valid)).refused.code, "key_revoked");
  assert.equal((await participant.submit({ ...valid, revoked: null })).refused.code, "already_recorded");
  const stating = (/** @type {number} */ nb) => ({ seen: { limit: { nb }, seenAt: 1_800_000_000 } });
  const limited = { ...valid, revoked: null, limits: stating(1) };
  assert.equal((await participant.submit(limited)).refused.code, "quota_reached");
  const invalid = await participant.submit({ ...limited, limits: stating(2) });
  assert.deepEqual([invalid.refused.code, invalid.faults.length], ["form_invalid", 1]);
  assert.equal(await participant.count(), 1, "a refusal uses up nothing");
  assert.equal((await participant.submit({ ...limited, faults: [], limits: stating(2) })).answer.count, 2);
});

test("of two submissions of one pass that ask the person's object at the same time one is recorded", async () => {
  for (let i = 0; i < 10; i += 1) {
    const participant = await object("PARTICIPANT");
    const pass = { ids: [random(8)], expiresAt: 2_000_000_000 };
    const both = [1, 2].map(() => participant.submit(submission({ pass, person: { name: random(8), namespace: "" } })));
    const outcomes = (await Promise.all(both)).map(({ refused }) => refused?.code ?? "recorded");
    assert.deepEqual(outcomes.sort(), ["already_recorded", "recorded"]);
    assert.equal(await participant.count(), 1);
  }
});

test("a pass is good in its last second and not after it", async () => {
  const participant = await object("PARTICIPANT");
  const pass = { ids: ["p"], expiresAt: 1_800_000_000 };
  assert.equal((await participant.submit(submission({ pass, now: 1_800_000_001_000 }))).refused.code, "pass_expired");
  assert.equal((await participant.submit(submission({ pass, now: 1_800_000_000_999 }))).answer.count, 1);
});

test("a draft is kept for an hour, the latest of each campaign", async () => {
  const draft = await object("DRAFT");
  const now = Date.now();
  const record = (/** @type {string} */ campaignId, step = "intro") => ({ account: "acme", campaignId, step, answers: {} });
  await draft.write(record("1"), now);
  await draft.write(record("1", "identityset"), now + 1000);
  assert.equal((await draft.read("acme", "1", now + 3_600_000)).step, "identityset");
  assert.equal(await draft.read("acme", "1", now + 3_601_000), null);
  assert.equal(await draft.read("acme", "2", now), null);
  for (let i = 2; i < 30; i += 1) await draft.write(record(String(i)), now + 2000 + i);
  assert.equal(await draft.read("acme", "1", now), null, "a proof does not fill a disk");
  assert.ok(await draft.read("acme", "29", now));
});

test("a refusal is kept for seventy-two hours; its number is unique and its count stays", async () => {
  const account = await object("ACCOUNT");
  const at = Date.now();
  const report = {
    ref: "AAAAAAAA",
    at,
    code: "token_expired",
    reason: "token_expired",
    campaignId: "1",
    stage: "admit",
    detail: { alg: "HS256" },
  };
  assert.equal(await account.refuse(report), "AAAAAAAA");
  const second = await account.refuse(report);
  assert.match(second, /^[0-9A-HJKMNP-TV-Z]{8}$/);
  assert.notEqual(second, "AAAAAAAA");
  assert.equal((await account.refusal("AAAAAAAA", at + 71 * 3_600_000)).code, "token_expired");
  assert.equal(await account.refusal("AAAAAAAA", at + 72 * 3_600_000), null);
  assert.deepEqual(plain(await account.refusalCounts("1")), { token_expired: 2 });
});

test("an account keeps a thousand refusals and counts every one", async () => {
  const account = await object("ACCOUNT");
  const start = Date.now();
  // Sixty a minute are written, over as many minutes as it takes.
  for (let minute = 0; minute < 18; minute += 1) {
    const reports = Array.from({ length: 70 }, (_, i) => ({
      ref: `${String(minute).padStart(3, "0")}${String(i).padStart(5, "0")}`,
      at: start + minute * 60_000,
      code: "token_expired",
      reason: "token_expired",
      campaignId: "1",
      stage: "admit",
      detail: {},
    }));
    await Promise.all(reports.map((report) => account.refuse(report)));
  }
  assert.deepEqual(plain(await account.refusalCounts("1")), { token_expired: 18 * 70 });
  assert.equal((await account.refusalList(start + 18 * 60_000, 5000)).length, 1000);
});

/** What an object of a key set answers, without when it was fetched. @param {any} set @param {object} request @param {number} now */
const answerOf = async (set, request, now) => (await set.read(request, now)).answer;

test("a key set is fetched once for fifty callers, and a server that fails is left alone; the last copy serves", async () => {
  let [requests, healthy] = [0, true];
  const keys = JSON.stringify({
    keys: [
      {
        kty: "EC",
        crv: "P-256",
        kid: "a",
        x: "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        y: "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
      },
    ],
  });
  const server = createServer((_request, response) => {
    requests += 1;
    response.writeHead(healthy ? 200 : 500, { "content-type": "application/json" }).end(healthy ? keys : "<html>");
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  try {
    const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
    const request = { purpose: "keySet", method: "GET", url: `http://127.0.0.1:${port}/`, headers: {}, refresh: false };
    const set = await object("KEY_SET");
    const now = Date.now();
    const burst = await Promise.all(Array.from({ length: 50 }, () => answerOf(set, request, now)));
    assert.ok(burst.every(({ status, body }) => status === 200 && body === keys));
    assert.equal(requests, 1);
    healthy = false;
    const later = await Promise.all(Array.from({ length: 50 }, () => answerOf(set, request, now + 3_700_000)));
    assert.ok(
      later.every(({ body }) => body === keys),
      "stale, but good",
    );
    assert.ok(requests <= 2, String(requests));

    const never = await object("KEY_SET");
    const failed = await Promise.all(Array.from({ length: 50 }, () => answerOf(never, request, Date.now())));
    assert.ok(failed.every(({ status }) => status === 500));
    const refused = await Promise.all(Array.from({ length: 50 }, () => answerOf(never, { ...request, refresh: true }, Date.now())));
    assert.ok(refused.every(({ status, body }) => status === 500 && body === ""));
    assert.ok(requests <= 3, String(requests));
  } finally {
    server.close();
  }
});

test("a server that redirects, drips, answers too much or not at all is refused by name", async () => {
  const server = createServer((request, response) => {
    if (request.url === "/redirect") response.writeHead(302, { location: "/" }).end();
    if (request.url === "/large") response.writeHead(200).end("x".repeat(64 * 1024 + 1));
    if (request.url === "/drip") {
      response.writeHead(200).write("{");
      const timer = setInterval(() => response.write(" "), 200);
      response.on("close", () => clearInterval(timer));
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  try {
    const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
    const read = async (/** @type {string} */ url, timeout = PATIENCE_MS / 1000) =>
      answerOf(await object("KEY_SET"), { purpose: "keySet", method: "GET", url, headers: {}, refresh: false, timeout }, Date.now());
    const base = `http://127.0.0.1:${port}`;
    const began = Date.now();
    const slow = [`${base}/drip`, `${base}/silent`].map((url) => read(url, 1));
    const others = [`${base}/redirect`, `${base}/large`, "http://127.0.0.1:1/", "https://10.0.0.1/"].map((url) => read(url));
    const answers = await Promise.all([...others, ...slow]);
    assert.deepEqual(
      answers.map(({ failed }) => failed),
      ["redirected", "too_large", "network", "refused", "timeout", "timeout"],
    );
    // One that starts its time anew with each byte that drips would never end.
    assert.ok(Date.now() - began < PATIENCE_MS);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

test("a server that hangs up at once is asked once more when it is only read, and never when a code is sent", async () => {
  /** @type {Record<string, number>} */
  const asked = {};
  const server = createServer((request, response) => {
    const { method = "" } = request;
    asked[method] = (asked[method] ?? 0) + 1;
    if (asked[method] === 1) request.socket.destroy();
    else response.writeHead(200, { "content-type": "application/json" }).end('{"keys":[]}');
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  try {
    const url = `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}/`;
    const read = async (/** @type {string} */ method) =>
      answerOf(await object("KEY_SET"), { purpose: "discovery", method, url, headers: {}, refresh: false }, Date.now());
    const [kept, sent] = [await read("GET"), await read("POST")];
    assert.deepEqual([kept.status, sent.failed, asked], [200, "network", { GET: 2, POST: 1 }]);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
