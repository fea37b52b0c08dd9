// Two accounts side by side on one worker: what belongs to one is out of the other's reach, row by row of the table
// that this prints. And a third account, added while the worker runs, with one PUT.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Browser } from "../../support/worker/browser.mjs";
import { customer, form } from "../../support/worker/customer.mjs";
import { call, Deployment, random } from "../../support/worker/deployment.mjs";
import { Provider } from "../../support/worker/provider.mjs";

const CAMPAIGN = "100001";
/** @type {Deployment} */ let worker;
/** @type {Provider} */ let provider;
/** @type {Record<string, ReturnType<typeof customer> & { bearer: Record<string, string> }>} */
const accounts = {};
/** @type {{ what: string, tried: string, answer: string }[]} */
const table = [];

before(async () => {
  [worker, provider] = await Promise.all([Deployment.start(), Provider.start()]);
  for (const name of ["one", "two"]) {
    const made = customer(name, { oauth: provider.settings(), mapping: { email: "email", firstname: "given_name" } });
    made.document.campaigns[CAMPAIGN] = { ...made.document.campaigns[CAMPAIGN], signIn: ["token", "oauth"] };
    await worker.account(made.document, made.secrets);
    const headers = { "content-type": "application/json", ...(await worker.bearer()) };
    const scope = "crypto explain refusals participants statistics accounts";
    const { body: client } = await call(`${worker.url}/v1/accounts/${name}/clients`, { method: "POST", headers, body: JSON.stringify({ scope }) });
    const { body: granted } = await worker.accessToken({ clientId: client.clientId, secret: client.clientSecret });
    accounts[name] = { ...made, bearer: { authorization: `Bearer ${granted.access_token}` } };
  }
});
after(async () => {
  provider.stop();
  await worker.stop();
  console.log("what belongs to one account | how another tries | what it gets");
  for (const { what, tried, answer } of table) console.log([what, tried, answer].join(" | "));
});

/** @param {string} what @param {string} tried @param {string | number} answer */
const note = (what, tried, answer) => table.push({ what, tried, answer: String(answer) });
/** @param {string} account @param {string} token */
const admit = (account, token) => worker.post("/v1/token/admit", { account, campaignId: CAMPAIGN, token });
/** @param {string} pass */
const submit = (pass) => worker.post("/v1/participations", { pass, form }, { "idempotency-key": random(12) });
/** @param {string} path @param {string} [account] whose client */
const as = (path, account = "two") => worker.get(path, { headers: accounts[account].bearer });
/** @param {string} account */
async function signIn(account) {
  const browser = new Browser(worker.url);
  await browser.go(`/campaign/${account}/${CAMPAIGN}`);
  const { body } = await browser.post("/v1/drafts", { account, campaignId: CAMPAIGN, step: "identityset", answers: { colour: "red" } });
  const login = await browser.login({ account, campaignId: CAMPAIGN, bind: body.bind });
  return { browser, bind: body.bind, ...login };
}

test("keys: a token of one account opens nothing of another", async () => {
  const token = await accounts.one.sign();
  assert.equal((await admit("one", token)).status, 200);
  const { status, body } = await admit("two", token);
  assert.deepEqual([status, body.reason], [401, "token_invalid"]);
  note("keys", "its token at the other's campaign", `${status} ${body.reason}`);
});

test("secrets: a document names those of its own account only", async () => {
  await worker.put("/v1/accounts/one/secrets/ONLY_ONE", { value: random() });
  const key = { method: "symmetricKey", key: { secret: "ONLY_ONE" }, encoding: "base64url", alg: "HS256" };
  const { status, body } = await worker.put("/v1/accounts/two", { ...accounts.two.document, secureToken: { verify: key } });
  assert.deepEqual([status, body.faults[0].code], [422, "secret_unknown"]);
  note("secrets", "their names in the other's document", `${status} ${body.faults[0].code}`);
});

test("state: one made for an account is good for that account alone", async () => {
  const browser = new Browser(worker.url);
  const start = await browser.go(`/oauth/start?account=one&campaignId=${CAMPAIGN}`);
  const { location } = await browser.go(start.location);
  const state = new URL(location).searchParams.get("state") ?? "";
  assert.ok(!state.includes("one"), "whose it is, is sealed");
  const forged = await browser.go(location.replace(state, `${state.slice(0, -1)}${state.endsWith("A") ? "B" : "A"}`));
  assert.ok([400, 401].includes(forged.status), String(forged.status));
  const elsewhere = await browser.go(location.replace("/oauth/callback/one", "/oauth/callback/two"));
  assert.equal(elsewhere.status, 400);
  note("state", "changed; at the other's redirect address", `${forged.status}; ${elsewhere.status}`);
  assert.equal((await browser.go(location)).status, 303, "and nothing of it was used up");
});

test("tickets: a ticket leads to the account that it was made for, whoever's page redeems it", async () => {
  const { browser, ticket } = await signIn("one");
  const stranger = new Browser(worker.url);
  await stranger.go(`/campaign/two/${CAMPAIGN}`);
  const refused = await stranger.post("/v1/oauth/redeem", { ticket });
  assert.deepEqual([refused.status, refused.body.reason], [403, "wrong_browser"]);
  const { body } = await browser.post("/v1/oauth/redeem", { ticket, account: "two" });
  assert.deepEqual([body.account, body.pass.split(":")[0]], ["one", "one"]);
  note("tickets", "redeemed from the other's frame", `${refused.status} ${refused.body.reason}`);
});

test("passes: under another account's name a pass is none", async () => {
  const { body } = await admit("one", await accounts.one.sign({ sub: "pass" }));
  const { status, body: problem } = await submit(body.pass.replace(/^one:/, "two:"));
  assert.deepEqual([status, problem.code], [401, "pass_invalid"]);
  assert.equal((await submit(body.pass)).status, 201);
  note("passes", "with the other's name before it", `${status} ${problem.code}`);
});

test("drafts: what was filled in for one account is not shown by another's page, in the same browser", async () => {
  const { browser } = await signIn("one");
  const read = async (/** @type {string} */ account) =>
    (await worker.get(`/v1/drafts?account=${account}&campaignId=${CAMPAIGN}`, { headers: { cookie: browser.cookieHeader } })).body.draft;
  assert.equal((await read("one"))?.answers.colour, "red");
  assert.equal(await read("two"), null);
  note("drafts", "asked for by the other's frame in the same browser", "null");
});

test("refusals: the number on a screen tells another account nothing", async () => {
  const { body } = await admit("one", "x.y.z");
  assert.equal((await as(`/v1/refusals/${body.ref}`, "one")).status, 200);
  const [own, named] = [await as(`/v1/refusals/${body.ref}`), await as(`/v1/refusals/${body.ref}?account=one`)];
  assert.deepEqual([own.status, named.status], [404, 403]);
  const { body: list } = await as("/v1/refusals");
  assert.ok(!list.refusals.some((/** @type {any} */ { ref }) => ref === body.ref));
  note("refusals", "its ref, with and without its name", `${own.status}, ${named.status}`);
});

test("statistics: neither read nor mixed", async () => {
  for (const path of [`/v1/statistics/one/${CAMPAIGN}`, "/v1/statistics/one", `/v1/statistics/one/${CAMPAIGN}?format=csv`])
    assert.equal((await as(path)).status, 403, path);
  const { body } = await as(`/v1/statistics/two/${CAMPAIGN}`);
  assert.deepEqual([body.participations, body.participants], [0, 0], "though people took part in a campaign of the same id");
  note("statistics", "by the other's client", 403);
});

test("participants: the same subject is another person in another account", async () => {
  for (const name of ["one", "two"]) {
    const { body } = await admit(name, await accounts[name].sign({ sub: "same-name", limit: { nb: 1 } }));
    assert.equal((await submit(body.pass)).status, 201, "the other's participation does not count here");
  }
  const path = "/v1/participants/one/same-name";
  const [read, dropped] = [await as(path), await call(worker.url + path, { method: "DELETE", headers: accounts.two.bearer })];
  assert.deepEqual([read.status, dropped.status], [403, 403]);
  await call(worker.url + path, { method: "DELETE", headers: accounts.one.bearer });
  const { body } = await as("/v1/participants/two/same-name");
  assert.equal(body.participants[0].participations.length, 1, "erased there, kept here");
  note("participants", "export and erasure by the other's client", `${read.status}, ${dropped.status}`);
});

test("documents, versions, clients, encryption: each asks for a token of its own account", async () => {
  const paths = ["", "/versions", "/differences?from=1", "/secrets"].map((path) => `/v1/accounts/one${path}`);
  for (const path of paths) assert.equal((await as(path)).status, 403, path);
  const headers = { "content-type": "application/json", ...accounts.two.bearer };
  const write = (/** @type {string} */ method, /** @type {string} */ path, /** @type {object} */ body) =>
    call(worker.url + path, { method, headers, body: JSON.stringify(body) });
  const token = await accounts.one.sign();
  /** @type {[string, string, object][]} */
  const tries = [
    ["PUT", "/v1/accounts/one", { account: "one" }],
    ["PUT", "/v1/accounts/one/secrets/X", { value: "x" }],
    ["POST", "/v1/accounts/one/clients", { scope: "statistics" }],
    ["POST", "/v1/accounts/one/rollback", { version: 1 }],
    ["POST", "/v1/crypto/encrypt", { account: "one", token }],
    ["POST", "/v1/explain", { account: "one", token }],
  ];
  for (const [method, path, body] of tries) assert.equal((await write(method, path, body)).status, 403, path);
  note("documents, secrets, clients, encryption, reports", "by the other's client", 403);
});

test("one person by both techniques: apart by issuer, together where the account says that subjects are the same", async () => {
  for (const [name, places] of /** @type {const} */ ([["apart", 2], ["together", 1]])) {
    const made = customer(name, { oauth: provider.settings(), sameSubjects: name === "together", mapping: { email: "email", firstname: "given_name" } });
    made.document.campaigns[CAMPAIGN] = { ...made.document.campaigns[CAMPAIGN], signIn: ["token", "oauth"], limit: {} };
    await worker.account(made.document, made.secrets);
    const { body } = await admit(name, await made.sign({ sub: provider.person.sub }));
    assert.equal((await submit(body.pass)).status, 201);
    const { browser, ticket } = await signIn(name);
    const { body: redeemed } = await browser.post("/v1/oauth/redeem", { ticket });
    assert.equal((await submit(redeemed.pass)).status, 201);
    const { body: person } = await worker.read(`/v1/participants/${name}/${provider.person.sub}`);
    assert.equal(person.participants.length, places);
    const counts = person.participants.map((/** @type {any} */ { count }) => count);
    assert.deepEqual(counts, places === 1 ? [2] : [1, 1]);
    const limited = await admit(name, await made.sign({ sub: provider.person.sub, limit: { nb: 2 } }));
    assert.equal(limited.body.admission.decision, places === 1 ? "refused" : "allowed");
  }
});

test("a further account, with another technique, language and mapping, is added by one PUT and plays at once", async () => {
  const login = await Provider.start();
  login.clientSecret = "";
  try {
    const document = {
      account: "troisieme",
      origins: ["http://localhost:8788"],
      oauth: { issuer: login.issuer, clientId: login.clientId, clientAuth: { method: "none" }, sendsIss: true },
      mapping: { courriel: { from: "email", lock: true }, prenom: "given_name" },
      campaigns: {
        jeu: {
          title: { fr: "Gagnez un vélo" },
          signIn: ["oauth"],
          fields: [
            { name: "courriel", type: "email", required: true, label: { fr: "Votre e-mail" } },
            { name: "prenom", type: "text", label: { fr: "Prénom" } },
          ],
          optins: [{ name: "reglement", required: true, wording: { fr: "J’accepte le règlement" } }],
          texts: { fr: { "sorry.quota_reached": "Vous avez déjà joué." } },
        },
      },
    };
    assert.equal((await worker.get("/campaign/troisieme/jeu")).status, 404);
    assert.equal((await worker.put("/v1/accounts/troisieme", document)).status, 200);

    const browser = new Browser(worker.url);
    const page = await browser.go("/campaign/troisieme/jeu?lang=en");
    assert.equal(page.status, 200);
    assert.equal(page.headers.get("content-language"), "fr");
    const { body: draft } = await browser.post("/v1/drafts", { account: "troisieme", campaignId: "jeu", step: "identityset" });
    const { ticket } = await browser.login({ account: "troisieme", campaignId: "jeu", bind: draft.bind });
    const { status, body } = await browser.post("/v1/oauth/redeem", { ticket });
    assert.equal(status, 200);
    assert.deepEqual(body.admission.prefill.form, { courriel: login.person.email, prenom: login.person.given_name });
    assert.equal(body.texts["sorry.quota_reached"], "Vous avez déjà joué.");
    const submission = { pass: body.pass, form: { courriel: "thief@example.org", prenom: "Zoé" }, optin: { reglement: true }, lang: "fr" };
    const recorded = await browser.post("/v1/participations", submission, { "idempotency-key": random(12) });
    assert.equal(recorded.status, 201, recorded.text);
    const { rows } = await worker.statistics("troisieme", "jeu", 1);
    assert.deepEqual(rows[0].form, { courriel: login.person.email, prenom: "Zoé" }, "the locked value stands");
    assert.equal(rows[0].optin.reglement.wording, "J’accepte le règlement");
    assert.equal(rows[0].technique, "oauth");
  } finally {
    login.stop();
  }
});
