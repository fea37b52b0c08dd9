// The webhook: signed as Standard Webhooks has it, sent again until it is taken, given up aloud, replayed on demand,
// and silent about who has been erased.

import assert from "node:assert/strict";
import { createHmac, randomBytes, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { after, before, describe, test } from "node:test";
import { acme, customer, form, secrets, sign } from "../../support/worker/customer.mjs";
import { pause, until } from "../../support/patience.mjs";
import { Deployment } from "../../support/worker/deployment.mjs";

/** @typedef {{ headers: import("node:http").IncomingHttpHeaders, body: string, at: number }} Message */

/** Where a redirect leads. */
const ELSEWHERE = "/elsewhere";
/** @type {Deployment} */
let worker;
const key = randomBytes(32);
const receiver = {
  /** @type {Message[]} */
  messages: [],
  /** What the messages about a subject are answered; 204 without. @type {Record<string, () => number>} */
  answers: {},
  url: "",
  /** Whether a redirect was followed. */
  isFollowed: false,
};
const server = createServer(async (request, response) => {
  let body = "";
  for await (const chunk of request) body += chunk;
  if (request.url === ELSEWHERE) return void (receiver.isFollowed = true);
  receiver.messages.push({ headers: request.headers, body, at: Date.now() });
  response.writeHead(receiver.answers[JSON.parse(body).data.subject]?.() ?? 204, { location: ELSEWHERE }).end();
});

before(async () => {
  worker = await Deployment.start();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  receiver.url = `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}/in`;
  const webhook = { url: receiver.url, secret: { secret: "HOOK" }, authorization: { secret: "HOOK_AUTH" } };
  await worker.account(acme({ webhook }), { ...secrets, HOOK: `whsec_${key.toString("base64")}`, HOOK_AUTH: "Bearer for-the-receiver" });
});
after(async () => {
  server.closeAllConnections();
  server.close();
  await worker.stop();
});

/** @param {string} sub @param {Record<string, unknown>} [more] */
async function takePart(sub, more = {}) {
  const { body } = await worker.post("/v1/token/admit", { account: "acme", campaignId: "100001", token: await sign({ sub }) });
  const answer = await worker.post("/v1/participations", { pass: body.pass, form, ...more }, { "idempotency-key": randomUUID() });
  assert.equal(answer.status, 201, answer.text);
  return answer.body.participationId;
}

/** The messages of a participation so far. @param {string} id */
const messages = (id) => receiver.messages.filter(({ body }) => body.includes(id));
/** The same, once there are so many. @param {string} id @param {number} [count] */
async function messagesOf(id, count = 1) {
  await until(() => messages(id).length >= count, () => `${count} messages have come; there are ${messages(id).length}`);
  return messages(id);
}

// At the same time, as most of it is waiting.
describe("the messages of one account", { concurrency: true }, () => {
  test("a participation is sent once, signed over id, time and body", async () => {
    const id = await takePart("w1", { optin: { news: true }, answers: { colour: "red" }, lang: "en" });
    const [message] = await messagesOf(id);
    const { type, timestamp, data } = JSON.parse(message.body);
    assert.deepEqual([type, data.participationId, data.account, data.campaignId, data.technique], ["participation.recorded", id, "acme", "100001", "token"]);
    assert.deepEqual([data.form, data.optin.news.given, data.answers], [form, true, { colour: "red" }]);
    assert.ok(Math.abs(Date.parse(timestamp) - Date.now()) < 60_000);
    assert.deepEqual([data.subject, data.namespace], ["w1", ""], "the customer's own id of the person comes back");
    const { "webhook-id": named, "webhook-timestamp": at, "webhook-signature": signature, authorization } = message.headers;
    assert.deepEqual([named, authorization], [id, "Bearer for-the-receiver"]);
    assert.ok(Math.abs(Number(at) - Date.now() / 1000) < 60);
    assert.equal(signature, `v1,${createHmac("sha256", key).update(`${named}.${at}.${message.body}`).digest("base64")}`);
    await pause(300);
    assert.equal(messages(id).length, 1);
  });

  test("what is not taken is sent again after five seconds, under the same id; the answer did not wait for it", async () => {
    let failures = 1;
    receiver.answers.w2 = () => (failures-- > 0 ? 503 : 204);
    const id = await takePart("w2");
    assert.ok(messages(id).length < 2, "the answer came before the second sending");
    const [first, second] = await messagesOf(id, 2);
    assert.ok(second.at - first.at >= 4500, `after ${second?.at - first?.at} ms`);
    assert.equal(first.headers["webhook-id"], second.headers["webhook-id"]);
    assert.equal(first.body, second.body);
  });

  test("what the receiver wants no more of is a dead letter, and a replay sends it again", async () => {
    receiver.answers.w3 = receiver.answers.w4 = () => 410;
    const ids = [await takePart("w3"), await takePart("w4")];
    const dead = async () => (await worker.read("/v1/accounts/acme/webhook")).body.dead;
    const letters = await until(async () => {
      const found = await dead();
      return found.length === 2 && found;
    }, "there are two dead letters");
    assert.deepEqual(letters.map((/** @type {any} */ { participationId }) => participationId).sort(), [...ids].sort());
    assert.deepEqual([letters[0].attempts, letters[0].got], [1, "status 410"]);
    receiver.answers = { ...receiver.answers, w3: () => 204, w4: () => 204 };
    const erased = await worker.miniflare.dispatchFetch(`${worker.url}/v1/participants/acme/w4`, { method: "DELETE", headers: await worker.bearer() });
    assert.equal(erased.status, 200);
    const { body } = await worker.post("/v1/accounts/acme/webhook/replay", {}, await worker.bearer());
    assert.deepEqual([body.replayed, body.more], [1, false], "who has been erased is not sent");
    assert.equal((await messagesOf(ids[0], 2)).length, 2);
    assert.equal((await messagesOf(ids[1])).length, 1);
    assert.deepEqual(await dead(), []);
  });

  test("an erasure ends what was still to be sent; a preview is never sent", async () => {
    receiver.answers.w5 = receiver.answers.later = () => 503;
    const id = await takePart("w5");
    await messagesOf(id);
    await worker.miniflare.dispatchFetch(`${worker.url}/v1/participants/acme/w5`, { method: "DELETE", headers: await worker.bearer() });
    // A busy machine may have sent it once more by then.
    const sent = messages(id).length;
    const preview = await takePart("w6", { preview: true });
    // Nobody knows how long nothing takes: so long as one that came later takes until it is sent again.
    await messagesOf(await takePart("later"), 2);
    assert.equal(messages(id).length, sent);
    assert.equal(messages(preview).length, 0);
  });
});

test("a secret of another purpose is neither sent nor signs, whatever stored document names it", async () => {
  const own = customer("stored");
  await worker.account({ ...own.document, webhook: { url: receiver.url, secret: { secret: "HOOK" } } }, { ...own.secrets, HOOK: "the secret of this webhook" });
  const { document: normal } = await (await worker.accountObject("stored")).read();
  const play = async (/** @type {object} */ webhook) => {
    // As a release without purposes, or somebody at the store, could have written it.
    await (await worker.accountObject("stored")).write(JSON.stringify(webhook), { ...normal, webhook: { url: receiver.url, ...webhook } }, { revoked: [], used: [] }, Date.now());
    await worker.deploy({});
    const { body } = await worker.post("/v1/token/admit", { account: "stored", campaignId: "100001", token: await own.sign({ sub: randomUUID() }) });
    const answer = await worker.post("/v1/participations", { pass: body.pass, form }, { "idempotency-key": randomUUID() });
    return answer.body.participationId;
  };
  const [message] = await messagesOf(await play({ secret: { secret: "HOOK" }, authorization: { secret: "TOKEN_KEY" } }));
  assert.equal(message.headers.authorization, undefined);
  const { "webhook-id": id, "webhook-timestamp": at, "webhook-signature": signature } = message.headers;
  const expected = createHmac("sha256", "the secret of this webhook").update(`${id}.${at}.${message.body}`).digest("base64");
  assert.equal(signature, `v1,${expected}`, "a secret that is not base64 signs as it is written");
  const unsigned = await play({ secret: { secret: "TOKEN_KEY" } });
  // So long as another account's takes that came later.
  await messagesOf(await takePart("w8"));
  assert.deepEqual(messages(unsigned), []);
});

test("no redirect is followed, and the secrets are in no log", async () => {
  let asked = 0;
  receiver.answers.w7 = () => (asked++ === 0 ? 302 : 204);
  const id = await takePart("w7");
  assert.equal((await messagesOf(id)).length, 1);
  // By the time that another's has come, a redirect would have been followed.
  await messagesOf(await takePart("w9"));
  assert.equal(receiver.isFollowed, false);
  const log = worker.log.join("");
  for (const secret of [key.toString("base64"), "for-the-receiver", "@example.org"]) assert.ok(!log.includes(secret), secret);
});
