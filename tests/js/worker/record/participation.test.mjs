// How often a person takes part: the limit that the customer stated last, the campaign's own, and what a pass is good for.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { SignJWT } from "jose";
import { Browser } from "../../support/worker/browser.mjs";
import { customer, form } from "../../support/worker/customer.mjs";
import { Deployment, random } from "../../support/worker/deployment.mjs";
import { oauth } from "../../support/worker/package.mjs";
import { Provider } from "../../support/worker/provider.mjs";
import { until } from "../../support/patience.mjs";

const CAMPAIGN = "100001";
/** @type {Deployment} */
let worker;
/** @type {Provider} */
let provider;

before(async () => {
  [worker, provider] = await Promise.all([Deployment.start(), Provider.start()]);
});
after(async () => {
  provider.stop();
  await worker.stop();
});

const seconds = () => Math.floor(Date.now() / 1000);

/**
 * An account whose tokens and sign-ins mean the same people.
 * @param {string} name
 * @param {Record<string, unknown>} [campaign] settings of its campaign
 */
async function account(name, campaign = {}) {
  const made = customer(name, { oauth: provider.settings(), sameSubjects: true, mapping: { email: "email", firstname: "given_name" } });
  made.document.campaigns[CAMPAIGN] = { ...made.document.campaigns[CAMPAIGN], signIn: ["token", "oauth"], ...campaign };
  await worker.account(made.document, made.secrets);
  const admit = async (/** @type {object} */ claims) => {
    const whole = { sub: provider.person.sub, campaignId: CAMPAIGN, form, jti: random(8), iat: seconds(), exp: seconds() + 300, ...claims };
    const token = await new SignJWT(whole).setProtectedHeader({ alg: "HS256" }).sign(Buffer.from(made.secrets.TOKEN_KEY, "base64url"));
    return (await worker.post("/v1/token/admit", { account: name, campaignId: CAMPAIGN, token })).body;
  };
  const signIn = async () => {
    const browser = new Browser(worker.url);
    const { ticket } = await browser.login({ account: name, campaignId: CAMPAIGN });
    return (await browser.post("/v1/oauth/redeem", { ticket })).body;
  };
  return { made, admit, signIn };
}

const submit = (/** @type {string} */ pass, key = random(12)) => worker.post("/v1/participations", { pass, form }, { "idempotency-key": key });
/** What became of an admission that is let in, and is used at once. @param {any} admitted */
async function played({ admission, pass }) {
  if (!pass) return admission.reason;
  const { status, body } = await submit(pass);
  return status === 201 ? body.count : body.code;
}

test("a limit that a token has used up stays used up when the same person signs in, however often", async () => {
  const { admit, signIn } = await account("used-up", { limit: {} });
  assert.equal(await played(await admit({ limit: { nb: 1 } })), 1);
  for (let i = 0; i < 3; i += 1) assert.equal(await played(await signIn()), "quota_reached");
  assert.equal(await played(await admit({})), "quota_reached", "nor does a token without a limit loosen it");
});

test("a limit counts for passes that were given before it was stated", async () => {
  const { admit, signIn } = await account("given-before", { limit: {} });
  const [one, two] = [await signIn(), await signIn()];
  assert.equal(await played(await admit({ limit: { nb: 2 } })), 1);
  assert.deepEqual([await played(one), await played(two)], [2, "quota_reached"]);
});

test("raising the limit works, and an older token does not loosen it", async () => {
  const { admit, signIn } = await account("raised", { limit: {} });
  const at = seconds() - 60;
  const older = await admit({ limit: { nb: 9 }, iat: at - 1 });
  assert.equal(await played(await admit({ limit: { nb: 1 }, iat: at })), 1);
  assert.equal(await played(older), "quota_reached", "its pass was good until then");
  assert.equal(await played(await admit({ limit: { nb: 9 }, iat: at - 1 })), "quota_reached");
  assert.equal(await played(await admit({ limit: { nb: 3 }, iat: at + 1 })), 2);
  assert.equal(await played(await signIn()), 3, "a sign-in inherits the newer one as well");
  assert.equal(await played(await signIn()), "quota_reached");
});

test("a lower limit counts from the moment at which it refuses somebody", async () => {
  const { admit } = await account("lowered", { limit: {} });
  const at = seconds() - 60;
  assert.equal(await played(await admit({ limit: { nb: 5 }, iat: at })), 1);
  assert.equal(await played(await admit({ limit: { nb: 1 }, iat: at + 1 })), "quota_reached");
  assert.equal(await played(await admit({ limit: { nb: 5 }, iat: at })), "quota_reached", "the older one is not asked again");
  assert.equal(await played(await admit({ limit: { canPlay: false }, iat: at + 2 })), "not_allowed");
  assert.equal(await played(await admit({ limit: { nb: 5 }, iat: at })), "not_allowed");
  assert.equal(await played(await admit({ limit: { nb: 5, canPlay: true }, iat: at + 3 })), 2);
  assert.equal(await played(await admit({ limit: { canPlay: false }, iat: at + 2 })), "not_allowed", "a token that refuses does so by itself");
});

test("a pass with a limit of its own is good as often as that says", async () => {
  const { admit } = await account("often");
  const { pass } = await admit({ limit: { nb: 2 } });
  assert.deepEqual([(await submit(pass)).body.count, (await submit(pass)).body.count, (await submit(pass)).body.code], [1, 2, "quota_reached"]);
});

test("of limits without a time of signing the last one seen counts", async () => {
  const { admit } = await account("untimed", { limit: {} });
  assert.equal(await played(await admit({ limit: { nb: 1 }, iat: undefined })), 1);
  assert.equal(await played(await admit({ limit: { nb: 1 }, iat: undefined })), "quota_reached");
  assert.equal(await played(await admit({ limit: { nb: 2 }, iat: undefined })), 2);
});

test("a sign-in for which no limit is stated is good for one participation of a person, unless the campaign says otherwise", async () => {
  const { admit, signIn } = await account("once");
  const [first, second] = [await signIn(), await signIn()];
  assert.equal(await played(first), 1);
  assert.equal(await played(second), "quota_reached", "a pass that was given before");
  const third = await signIn();
  assert.deepEqual([third.admission.reason, third.admission.limit, third.pass], ["quota_reached", { nb: 1 }, null]);
  assert.equal(await played(await admit({})), 2, "each token is a participation, as it always was");
  assert.equal(await played(await admit({ limit: { nb: 3 } })), 3, "and a stated limit counts as it says");

  const twice = await account("twice", { limit: { unstated: 2 } });
  for (const expected of [1, 2, "quota_reached"]) assert.equal(await played(await twice.signIn()), expected);
  const open = await account("open", { limit: {} });
  for (const expected of [1, 2, 3]) assert.equal(await played(await open.signIn()), expected);
  const off = await account("off", { limits: "off", limit: { total: 1 } });
  for (const expected of [1, 2]) assert.equal(await played(await off.signIn()), expected);
});

test("of the customer's limit and the campaign's total the stricter one counts", async () => {
  const { admit } = await account("total", { limit: { total: 2 } });
  for (const expected of [1, 2, "quota_reached"]) assert.equal(await played(await admit({ limit: { nb: 5 } })), expected);
  const strict = await account("strict", { limit: { total: 5 } });
  for (const expected of [1, "quota_reached"]) assert.equal(await played(await strict.admit({ limit: { nb: 1 } })), expected);
});

test("a document that was stored before there were limits keeps its behaviour, also when it is written again", async () => {
  const { made, signIn } = await account("stored");
  // The document as the previous release has stored it.
  const stored = await worker.accountObject("stored");
  const { document } = await stored.read();
  for (const campaign of Object.values(document.campaigns)) delete campaign.limit;
  const source = JSON.stringify(made.document);
  await stored.write(`${source} `, document, { revoked: [], used: [] }, Date.now());
  for (let i = 0; i < 2; i += 1) {
    const { body } = await worker.put("/v1/accounts/stored", source);
    assert.equal(body.account, "stored");
    assert.deepEqual((await worker.read("/v1/accounts/stored")).body.document.campaigns[CAMPAIGN].limit, {}, "it says so now");
  }
  for (const expected of [1, 2, 3]) assert.equal(await played(await signIn()), expected);
  made.document.campaigns[CAMPAIGN].limit = { unstated: 3 };
  made.document.campaigns.new = { fields: [] };
  await worker.account(made.document);
  assert.equal(await played(await signIn()), "quota_reached");
  const { document: now } = await stored.read();
  assert.deepEqual([now.campaigns[CAMPAIGN].limit, now.campaigns["100002"].limit, now.campaigns.new.limit], [{ unstated: 3 }, {}, { unstated: 1 }]);
});

test("a pass of the previous release, which does not say when its token was signed, records as before", async () => {
  const { admit } = await account("before", { limit: {} });
  const { pass } = await admit({ limit: { nb: 1 }, sub: "an earlier one" });
  const [name, sealed] = pass.split(":");
  const { ring } = worker.secrets;
  const { signedAt: _unknown, ...earlier } = oauth.openPass(ring, name, sealed);
  const resealed = `${name}:${oauth.sealPass(ring, earlier)}`;
  assert.deepEqual([(await submit(resealed)).body.count, (await submit(resealed)).body.code], [1, "quota_reached"]);
});

test("a token's own id is kept as a mark alone, and one that the previous release kept as it was still counts", async () => {
  const { admit } = await account("marked");
  const { pass } = await admit({ sub: "marks", jti: "canary-jti" });
  assert.equal((await submit(pass)).status, 201);
  const participant = await worker.object("PARTICIPANT", "marked", CAMPAIGN, "same", "marks");
  const kept = (await participant.held()).used;
  assert.equal(kept.length, 2);
  assert.ok(!JSON.stringify(kept).includes("canary-jti"), kept.join());
  const { pid } = oauth.openPass(worker.secrets.ring, "marked", pass.split(":")[1]);
  assert.ok(!kept.includes(pid), "nor is the hash of the token, which whoever knows its claims can make");
  assert.equal(await played(await admit({ sub: "marks", jti: "canary-jti" })), "already_recorded", "the mark counts");

  // A participation as the previous release recorded it, of a token that is shown again today; its alarm comes later.
  const submission = { account: "marked", campaignId: CAMPAIGN, technique: "token", form, optin: {}, answers: {} };
  const input = { key: random(8), hash: "h", revoked: null, faults: [], person: null, submission, retainMs: 86_400_000, now: Date.now() };
  const earlier = await worker.object("PARTICIPANT", "marked", CAMPAIGN, "same", "earlier");
  const asBefore = { ...input, pass: { ids: ["the pid", "jti:canary-jti"], expiresAt: 4_000_000_000 } };
  await earlier.submit({ ...asBefore, now: Date.now() + 3_600_000 });
  assert.equal(await played(await admit({ sub: "earlier", jti: "canary-jti" })), "already_recorded");
  assert.ok((await earlier.held()).used.includes("jti:canary-jti"), "as it was kept");
  const known = await admit({ sub: "known by its hash" });
  const { pid: hash } = oauth.openPass(worker.secrets.ring, "marked", known.pass.split(":")[1]);
  const byHash = await worker.object("PARTICIPANT", "marked", CAMPAIGN, "same", "known by its hash");
  await byHash.submit({ ...asBefore, pass: { ...asBefore.pass, ids: [hash] }, now: Date.now() + 3_600_000 });
  assert.equal(await played(known), "already_recorded");
  await earlier.submit({ ...asBefore, key: random(8), pass: { ...asBefore.pass, ids: ["another pid"] } });
  const isMark = (/** @type {string} */ id) => /^(?:pid|jti)#[\w-]{43}$/.test(id);
  await until(async () => (await earlier.held()).used.every(isMark), "its alarm has put a mark in the place of each");
  assert.equal((await earlier.held()).used.length, 3);
  assert.equal(await played(await admit({ sub: "earlier", jti: "canary-jti" })), "already_recorded");
});
