// What a key that is taken away takes with it, and when: at once at submit and redeem. And what a rotation of the sealing
// keys leaves standing: everything. The counts are printed.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { Browser } from "../../support/worker/browser.mjs";
import { acme, customer, form, secrets, sign } from "../../support/worker/customer.mjs";
import { Deployment, random } from "../../support/worker/deployment.mjs";
import { oauth } from "../../support/worker/package.mjs";
import { Provider } from "../../support/worker/provider.mjs";

/** @type {Deployment} */
let worker;
/** @type {Provider} */
let provider;
const [account, campaignId] = ["acme", "100001"];
const quiet = customer("quiet");
/** @type {any} */
let document;

before(async () => {
  [worker, provider] = await Promise.all([Deployment.start(), Provider.start()]);
  document = acme({ oauth: provider.settings(), mapping: { email: "email", firstname: "given_name" } });
  document.campaigns[campaignId] = { ...document.campaigns[campaignId], signIn: ["token", "oauth"] };
  await worker.account(document, secrets);
  await worker.account(quiet.document, quiet.secrets);
});
after(async () => {
  provider.stop();
  await worker.stop();
});

const admit = async (/** @type {string} */ sub) => worker.post("/v1/token/admit", { account, campaignId, token: await sign({ sub }) });
const pass = async (/** @type {string} */ sub) => (await admit(sub)).body.pass;
const submit = (/** @type {string} */ sealed) => worker.post("/v1/participations", { pass: sealed, form }, { "idempotency-key": randomUUID() });

/** A visitor who has come as far as is said. @param {"login page" | "campaign"} place */
async function visitor(place) {
  const browser = new Browser(worker.url);
  const { body } = await browser.post("/v1/drafts", { account, campaignId, step: "identityset", answers: {} });
  const start = await browser.go(`/oauth/start?${new URLSearchParams({ account, campaignId, bind: body.bind, return: "0:/" })}`);
  const callback = (await browser.go(start.location)).location;
  const come = async () => {
    const { status, location } = await browser.go(callback);
    return { status, ticket: location.split("#handstamp=")[1] ?? "" };
  };
  const ticket = place === "campaign" ? (await come()).ticket : "";
  return { come, redeem: (/** @type {string} */ other = ticket) => browser.post("/v1/oauth/redeem", { ticket: other }) };
}

/** Somebody at each place where something is sealed. */
async function everywhere() {
  const [sealed, away, back] = [await pass(randomUUID()), await visitor("login page"), await visitor("campaign")];
  return async () => {
    const [submitted, returned, redeemed] = [await submit(sealed), await away.come(), await back.redeem()];
    const after = returned.ticket ? await away.redeem(returned.ticket) : { status: returned.status };
    return [submitted.status, returned.status, after.status, redeemed.status];
  };
}

test("a login is not redeemed any more the moment the campaign offers none, and is again when it does", async () => {
  const statuses = [];
  for (const signIn of [["token"], ["token", "oauth"]]) {
    const visitors = await Promise.all(Array.from({ length: 5 }, () => visitor("campaign")));
    await worker.account({ ...document, campaigns: { ...document.campaigns, [campaignId]: { ...document.campaigns[campaignId], signIn } } });
    const answers = await Promise.all(visitors.map(({ redeem }) => redeem()));
    statuses.push(answers.map(({ status, body }) => `${status} ${body.reason ?? body.admission.decision}`));
    await worker.account(document);
  }
  const [closed, open] = statuses;
  assert.deepEqual([new Set(closed), new Set(open)], [new Set(["404 campaign_unknown"]), new Set(["200 allowed"])]);
  console.log(`login taken back: ${closed.length} of ${closed.length} tickets refused at once; given again: ${open.length} of ${open.length} redeemed`);
});

test("a client secret that was replaced is not sent once more", async () => {
  const visitors = await Promise.all(Array.from({ length: 5 }, () => visitor("campaign")));
  provider.clientSecret = "the second secret";
  await worker.account(document, { OIDC_CLIENT: provider.clientSecret });
  const statuses = await Promise.all(visitors.map(async ({ redeem }) => (await redeem()).status));
  assert.deepEqual(new Set(statuses), new Set([200]), "the exchange after the change has the new secret already");
  console.log(`client secret replaced: ${statuses.length} of ${statuses.length} exchanges with the new one at once`);
});

test("a verification key that was revoked: its passes end at once, a token of it is admitted for ten seconds at most", async () => {
  const sealed = await Promise.all(Array.from({ length: 10 }, (_, i) => pass(`r${i}`)));
  const revoked = structuredClone(document);
  revoked.secureToken.verify[0].status = "revoked";
  revoked.secureToken.verify.push({ method: "symmetricKey", key: { secret: "OTHER" }, encoding: "base64url", alg: "HS256" });
  await worker.account(revoked, { OTHER: random() });
  const codes = (await Promise.all(sealed.map(submit))).map(({ status, body }) => `${status} ${body.reason}`);
  assert.deepEqual(new Set(codes), new Set(["401 token_invalid"]));
  const began = Date.now();
  // What counts is when a token was sent: a busy machine may answer later.
  let sent = began;
  while ((await admit("late")).status === 200) {
    assert.ok(sent - began < 10_000, "still admitted after ten seconds");
    sent = Date.now();
  }
  console.log(`revoked key: ${codes.length} of ${sealed.length} passes refused at once, admit after ${sent - began} ms`);
  await worker.account(document);
});

test("a pass of the previous release, which knows its whole key source, ends with that source and not before", async () => {
  const { ring } = worker.secrets;
  /** Sealed as the previous release did: marks of the source's keys, and no name of the one that verified. */
  const old = async (/** @type {string} */ sub, /** @type {string[]} */ keys) => {
    const { keyNames: _, source: __, ...opened } = oauth.openPass(ring, account, (await pass(sub)).split(":")[1]);
    return `${account}:${oauth.sealPass(ring, { ...opened, keys })}`;
  };
  const object = await worker.accountObject(account);
  const revoked = structuredClone(document);
  revoked.secureToken.verify[0].status = "revoked";
  revoked.secureToken.verify.push({ method: "symmetricKey", key: { secret: "OTHER" }, encoding: "base64url", alg: "HS256" });
  await worker.account(revoked, { OTHER: random() });
  const [mark] = (await object.read()).revoked;
  await worker.account(document);
  const passes = [await old("o1", [mark]), await old("o2", [mark]), await old("o3", [mark, "another"]), await old("o4", [])];
  assert.equal((await submit(passes[0])).status, 201, "while its key is good");
  await worker.account(revoked);
  const statuses = [];
  for (const each of passes.slice(1)) statuses.push((await submit(each)).status);
  assert.deepEqual(statuses, [401, 201, 201]);
  await worker.account(document);
});

test("a rotation of the sealing keys refuses nobody and seals secrets anew; a key that is taken out takes all it sealed", async () => {
  const [first] = worker.secrets.ring.keys;
  const second = { kid: "k2", key: random(), status: "active" };
  const ring = (/** @type {object[]} */ ...keys) => ({ RING: JSON.stringify({ environment: "test-run", keys }) });
  const rotated = [await everywhere(), await everywhere()];
  const late = await everywhere();
  await worker.deploy(ring({ ...first, status: "retiring" }, second));
  const kept = [];
  for (const each of rotated) kept.push(...(await each()));
  assert.deepEqual(new Set(kept), new Set([201, 303, 200]), "what the key of before has sealed is good");

  // The account that somebody used is sealed anew already, the quiet one by the hourly job.
  const from = worker.log.length;
  const job = await worker.miniflare.getWorker();
  await job.scheduled({ cron: "23 * * * *" });
  const line = JSON.parse(worker.log.slice(from).join("").split("\n").find((text) => text.includes('"reseal"')) ?? "{}");
  assert.deepEqual([line.accounts, line.resealed, line.failed], [2, 2, 0], JSON.stringify(line));

  await worker.deploy(ring(second));
  const lost = await late();
  assert.deepEqual(lost, [401, 400, 400, 401], "what a key that is gone has sealed is not ours");
  assert.equal((await admit("after")).status, 200, "the account's secrets are open to the new key");
  const token = await quiet.sign();
  assert.equal((await worker.post("/v1/token/admit", { account: "quiet", campaignId, token })).status, 200);
  console.log(`sealing key rotated: ${kept.length} of ${kept.length} steps went on; taken out: ${lost.length} of ${lost.length} refused`);
});

test("an account whose sealing key is gone is written again, and keeps its place in the versions", async () => {
  const lost = customer("lost");
  const [k3, k4, k5] = ["k3", "k4", "k5"].map((kid) => ({ kid, key: random(), status: "active" }));
  const ring = (/** @type {object[]} */ ...keys) => ({ RING: JSON.stringify({ environment: "test-run", keys }) });
  await worker.deploy(ring(k3));
  await worker.account(lost.document, lost.secrets);
  await worker.deploy(ring(k4));
  const play = async () => (await worker.post("/v1/token/admit", { account: "lost", campaignId, token: await lost.sign() })).status;
  assert.ok((await play()) >= 400);
  const { body } = await worker.read("/v1/accounts/lost/secrets");
  assert.deepEqual(body.secrets.map((/** @type {any} */ { name, purposes }) => [name, purposes]), [["OIDC_CLIENT", []], ["TOKEN_KEY", []]]);
  assert.deepEqual(await worker.account(lost.document, lost.secrets), { account: "lost", version: 2, changed: true, warnings: [] });
  assert.equal(await play(), 200);
  await worker.account(document, { ...secrets, OIDC_CLIENT: provider.clientSecret });

  // Three versions, and a secret that waits for its document.
  const history = customer("history");
  for (const path of ["/1", "/2", "/3"]) await worker.account({ ...history.document, returnPaths: [path] }, history.secrets);
  const later = customer("later");
  assert.equal((await worker.put("/v1/accounts/later/secrets/TOKEN_KEY", { value: later.secrets.TOKEN_KEY })).status, 204);
  // What nothing opens stops the job for its own account alone.
  await (await worker.accountObject("broken")).putSecret("S", `1.k4.${random(16)}.${random()}`, Date.now());
  const operators = await worker.accountObject("*");
  for (const name of ["broken", ...Array.from({ length: 120 }, (_, i) => `empty-${i}`)]) await operators.noteSecretHolder(name);
  await worker.deploy(ring({ ...k4, status: "retiring" }, k5));
  const from = worker.log.length;
  await (await worker.miniflare.getWorker()).scheduled({ cron: "23 * * * *" });
  const line = JSON.parse(worker.log.slice(from).join("").split("\n").find((text) => text.includes('"job":"reseal"')) ?? "{}");
  assert.ok(line.failed === 1 && line.accounts > 121, JSON.stringify(line));
  await worker.deploy(ring(k5));
  assert.equal(await play(), 200, "the accounts after it are sealed anew");
  for (const version of [1, 2, 3]) assert.deepEqual((await worker.read(`/v1/accounts/history?version=${version}`)).body.document.returnPaths, [`/${version}`]);
  await worker.account(later.document);
  assert.equal((await worker.post("/v1/token/admit", { account: "later", campaignId, token: await later.sign() })).status, 200);
});

test("what another machine has written counts at once where it must: submit, assertion, encryption, report, connection", async () => {
  const own = customer("elsewhere");
  const shared = { method: "symmetricKey", encoding: "base64url", alg: "HS256" };
  const decrypt = { key: { secret: "JWE" }, encoding: "base64url", alg: "A256KW", enc: "A256GCM" };
  const played = { ...own.document.campaigns[campaignId], signIn: ["token", "oauth"] };
  const good = { ...own.document, campaigns: { [campaignId]: played }, oauth: provider.settings(), secureToken: { verify: [{ ...shared, key: { secret: "TOKEN_KEY" } }, { ...shared, key: { secret: "OTHER" } }], decrypt, encryption: "accept" } };
  const gone = { ...good, campaigns: own.document.campaigns, oauth: undefined, secureToken: { ...good.secureToken, verify: [{ ...good.secureToken.verify[0], status: "revoked" }, good.secureToken.verify[1]] } };
  await worker.account(good, { ...own.secrets, OTHER: random(), JWE: random() });
  const object = await worker.accountObject("elsewhere");
  await worker.account(gone);
  const { document: normal, revoked } = await object.read();
  await worker.account(good);
  const bearer = await worker.bearer();
  const signed = () => own.sign({ sub: randomUUID() });
  const admitted = async () => worker.post("/v1/token/admit", { account: "elsewhere", campaignId, token: await signed() });
  const linked = await worker.post("/v1/accounts/elsewhere/connection-links", {}, bearer);
  const { body: opened } = await worker.post("/v1/connections", { account: "elsewhere", link: linked.body.link.split("#")[1] });
  const trade = async () =>
    worker.get("/v1/auth/token", {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: String(new URLSearchParams({ grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", account: "elsewhere", assertion: await signed() })),
    });
  /** What each answers while the key is good, and at once after. @type {Record<string, [(pass: string) => Promise<any>, unknown, unknown]>} */
  const asked = {
    submit: [async (sealed) => (await submit(sealed)).status, 201, 401],
    assertion: [async () => (await trade()).status, 200, 400],
    encryption: [async () => (await worker.post("/v1/crypto/encrypt", { account: "elsewhere", token: await signed() }, bearer)).status, 200, 422],
    report: [async () => (await worker.post("/v1/explain", { account: "elsewhere", token: await signed() }, bearer)).body.verdict, "accepted", "rejected"],
    link: [async () => (await worker.post("/v1/accounts/elsewhere/connection-links", {}, bearer)).status, 201, 404],
    connection: [async () => (await worker.post("/v1/connections/test", { account: "elsewhere" }, { authorization: `Bearer ${opened.session}` })).body.steps.find((/** @type {any} */ { step }) => step === "authorize").status, "pass", "skip"],
  };
  for (const [name, [ask, before, after]] of Object.entries(asked)) {
    await worker.account({ ...good, returnPaths: [`/${name}`] });
    const { body } = await admitted();
    assert.equal(await ask(body.pass), before, name);
    const { body: second } = await admitted();
    // Past this machine's copy, as another one would.
    await object.write(JSON.stringify({ ...gone, returnPaths: [`/${name}/gone`] }), normal, { revoked, used: [] }, Date.now());
    assert.equal((await admitted()).status, 200, "the copy of this machine is a moment old");
    assert.equal(await ask(second.pass), after, name);
  }
});
