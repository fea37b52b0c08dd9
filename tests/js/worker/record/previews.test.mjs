// A preview is a pass: made by the account for a person of choice or for anybody, or asked for by the page. Whatever is done
// with it, nothing is recorded, counted, given or told.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { customer, form } from "../../support/worker/customer.mjs";
import { pause } from "../../support/patience.mjs";
import { Deployment, random } from "../../support/worker/deployment.mjs";

const CAMPAIGN = "100001";
const DAY = 86_400_000;
/** @type {Deployment} */
let worker;
let heard = 0;
const hook = createServer((_, response) => void (heard += 1, response.end()));
const own = customer("tried");

before(async () => {
  worker = await Deployment.start();
  await new Promise((resolve) => hook.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (hook.address());
  Object.assign(own.document, { webhook: { url: `http://127.0.0.1:${port}/in`, secret: { secret: "HOOK" } }, mapping: { firstname: { from: "given", lock: true } }, testOrigins: ["http://localhost:3000"] });
  own.document.campaigns[CAMPAIGN].limit = { total: 3 };
  await worker.account(own.document, { ...own.secrets, HOOK: `whsec_${Buffer.alloc(32, 7).toString("base64")}` });
});
after(async () => {
  hook.closeAllConnections();
  hook.close();
  await worker?.stop();
});

const make = async (/** @type {object} */ terms = {}) => worker.post("/v1/accounts/tried/previews", { campaignId: CAMPAIGN, ...terms }, await worker.bearer());
/** @param {string} pass @param {string} [campaignId] */
const open = (pass, campaignId = CAMPAIGN) => worker.post("/v1/token/admit", { account: "tried", campaignId, pass });
/** @param {string} pass @param {object} [body] */
const submit = (pass, body = {}) => worker.post("/v1/participations", { pass, form, ...body }, { "idempotency-key": random(12) });

/** Nothing of it is anywhere. @param {string} subject */
async function nothingIsKept(subject) {
  const { body } = await worker.post("/v1/participants/tried/export", { subject }, await worker.bearer());
  assert.deepEqual([body.participants, body.profiles], [[], []]);
  assert.equal(await (await worker.object("PARTICIPANT", "tried", CAMPAIGN, "", subject)).isThere(), false);
  const { body: counted } = await worker.read(`/v1/statistics/tried/${CAMPAIGN}`);
  assert.deepEqual([counted.participations, counted.rows, counted.funnel.submitted, counted.funnel.admitted, heard], [0, [], 0, 0, 0]);
}

test("a preview for a person of choice shows what a token would: form, locks, custom data, gift; for a day", async () => {
  const claims = { form: { email: "an@example.org" }, given: "An", custom: { club: "gold" }, gift: { label: "A bike" } };
  const { status, body } = await make({ subject: "chosen", claims });
  assert.equal(status, 201, JSON.stringify(body));
  assert.equal(body.link, `${worker.url}/campaign/tried/${CAMPAIGN}#handstamp=${body.pass}`);
  assert.ok(Math.abs(Date.parse(body.expiresAt) - Date.now() - DAY) < 60_000);
  const shown = await open(body.pass);
  assert.deepEqual([shown.status, shown.body.preview, shown.body.pass, shown.body.technique], [200, true, body.pass, "token"]);
  const { subject, decision, prefill, custom, gift } = shown.body.admission;
  assert.deepEqual({ subject, decision, custom, gift, form: prefill.form, locked: prefill.locked }, {
    subject: "chosen", decision: "allowed", custom: { club: "gold" }, gift: { label: "A bike" }, form: { email: "an@example.org", firstname: "An" }, locked: ["firstname"],
  });
  const { body: recorded, status: done } = await submit(body.pass, { form: { ...form, firstname: "Bo" } });
  assert.deepEqual([done, recorded.preview, recorded.count, recorded.receipt], [201, true, 0, undefined]);
  assert.equal((await submit(body.pass, { form: {} })).status, 422, "the form is judged");
  await pause(500);
  await nothingIsKept("chosen");
});

test("the state of a limit is shown: the last turn, none left, not allowed, and the campaign's own total", async () => {
  /** @type {[object, string, string | undefined][]} */
  const states = [
    [{ claims: { limit: { nb: 2 } }, participations: 1 }, "allowed", undefined],
    [{ claims: { limit: { nb: 2 } }, participations: 2 }, "refused", "quota_reached"],
    [{ claims: { limit: { canPlay: false } } }, "refused", "not_allowed"],
    [{ participations: 3 }, "refused", "quota_reached"],
  ];
  for (const [terms, decision, reason] of states) {
    const { body } = await make({ subject: "limited", ...terms });
    const { body: shown } = await open(body.pass);
    assert.deepEqual([shown.admission.decision, shown.admission.reason, shown.pass === null], [decision, reason, decision === "refused"]);
    const { body: refused } = await submit(body.pass);
    assert.equal(refused.reason, reason, "and by the form too");
    if (reason) assert.equal((await worker.read(`/v1/refusals/${refused.ref}?account=tried`)).body.code, reason, "it can be looked up");
  }
  const { body: counted } = await worker.read(`/v1/statistics/tried/${CAMPAIGN}`);
  assert.deepEqual([counted.refusals, counted.series], [{}, []], "and is not counted");
});

test("for anybody there is no name, and no claim without one", async () => {
  const { body } = await make();
  const { body: shown } = await open(body.pass);
  assert.deepEqual([shown.technique, shown.admission.prefill.form], ["anonymous", {}]);
  assert.equal((await submit(body.pass)).status, 201);
  const refused = await make({ claims: { form } });
  assert.deepEqual([refused.status, refused.body.code, refused.body.at], [400, "body_invalid", "/subject"]);
});

test("what cannot be a preview is refused with its place", async () => {
  /** @type {[object, string][]} */
  const faults = [
    [{ subject: "" }, "/subject"], [{ subject: "s", claims: { limit: { nb: -1 } } }, "/claims/limit/nb"], [{ subject: "s", claims: { form: 1 } }, "/claims/form"],
    [{ subject: "s", claims: { custom: { x: "x".repeat(2048) } } }, "/claims"], [{ expiresIn: 59 }, "/expiresIn"], [{ expiresIn: 2_592_001 }, "/expiresIn"],
    [{ page: "https://evil.example/" }, "/page"], [{ page: "javascript:alert(1)" }, "/page"], [{ page: "/play" }, "/page"], [{ participations: -1 }, "/participations"], [{ subjct: "s" }, "/subjct"],
  ];
  for (const [terms, at] of faults) {
    const { status, body } = await make(terms);
    assert.deepEqual([status, body.code, body.at], [400, "body_invalid", at], JSON.stringify(terms).slice(0, 80));
  }
  assert.equal((await make({ campaignId: "999" })).status, 404);
  for (const expiresIn of [60, 2_592_000]) assert.equal((await make({ expiresIn })).status, 201);
});

test("a link may lead to a page of the account, also of a test origin; its own fragment falls away", async () => {
  for (const [page, expected] of [["http://localhost:8788/win?a=1#x", "http://localhost:8788/win?a=1"], ["http://localhost:3000/", "http://localhost:3000/"]]) {
    const { body } = await make({ page });
    assert.equal(body.link, `${expected}#handstamp=${body.pass}`);
  }
});

test("a page asks for a preview of a token or sign-in, and the record of the person is not touched, nor asked", async () => {
  const token = await own.sign({ sub: "asked", limit: { nb: 0 } });
  const { body } = await worker.post("/v1/token/admit", { account: "tried", campaignId: CAMPAIGN, token, preview: true });
  assert.deepEqual([body.admission.decision, body.pass, body.preview], ["refused", null, true], "the token's own word stands");
  const good = await worker.post("/v1/token/admit", { account: "tried", campaignId: CAMPAIGN, token: await own.sign({ sub: "asked", jti: "j1" }), preview: true });
  for (let i = 0; i < 4; i += 1) assert.equal((await submit(good.body.pass)).status, 201, "no total counts, no token is used up");
  await nothingIsKept("asked");
});

test("a bare ?preview means nothing: what follows is a participation", async () => {
  const { document, secrets, sign } = customer("bare");
  await worker.account(document, secrets);
  const { text } = await worker.get(`/campaign/bare/${CAMPAIGN}?preview`);
  assert.equal(JSON.parse(/<script type="application\/json" id="campaign">(.*?)<\/script>/s.exec(text)?.[1] ?? "").preview, false);
  const { body } = await worker.post("/v1/token/admit", { account: "bare", campaignId: CAMPAIGN, token: await sign({ sub: "real" }) });
  assert.equal((await submit(body.pass)).body.count, 1);
  const { funnel } = await worker.statisticsOnce("bare", CAMPAIGN, ({ funnel: { opened, submitted } }) => opened + submitted === 2);
  assert.equal(funnel.opened, 1);
});

test("a preview ends: by its time, and by the revocation of the key that vouched for the person", async () => {
  const { document, secrets, sign } = customer("ended");
  await worker.account(document, secrets);
  const { body } = await worker.post("/v1/token/admit", { account: "ended", campaignId: CAMPAIGN, token: await sign({ sub: "revoked" }), preview: true });
  Object.assign(document.secureToken.verify[0], { status: "revoked" });
  document.secureToken.verify.push({ id: "second", method: "symmetricKey", key: { secret: "OTHER" }, encoding: "base64url", alg: "HS256" });
  await worker.account(document, { OTHER: random() });
  assert.equal((await submit(body.pass)).status, 401);
});
