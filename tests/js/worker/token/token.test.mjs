// The token's way: admitted, submitted, recorded once, counted.

import assert from "node:assert/strict";
import { randomBytes, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { oauth } from "../../support/worker/package.mjs";
import { acme, customer, form, secrets, sign } from "../../support/worker/customer.mjs";
import { Deployment } from "../../support/worker/deployment.mjs";

/** @type {Deployment} */
let worker;

before(async () => {
  worker = await Deployment.start();
  await worker.account(acme(), secrets);
});
after(() => worker.stop());

/** @param {string} token @param {string} [campaignId] */
const admit = (token, campaignId = "100001") => worker.post("/v1/token/admit", { account: "acme", campaignId, token });

/** @param {unknown} pass @param {Record<string, unknown>} [body] @param {string} [key] */
const submit = (pass, body = { form }, key = randomUUID()) =>
  worker.post("/v1/participations", { pass, ...body }, { "idempotency-key": key });

/** @param {Record<string, unknown>} [claims] */
const passFor = async (claims) => (await admit(await sign(claims))).body.pass;

test("a token is admitted, its form recorded and counted, and a retry counts nothing", async () => {
  const token = await sign({ sub: "counted", iss: "com.example" });
  const admitted = await admit(token);
  assert.equal(admitted.status, 200);
  assert.equal(admitted.body.admission.decision, "allowed");
  assert.deepEqual(admitted.body.admission.prefill.form, form);

  const body = { form, optin: { news: true }, answers: { colour: "red" }, lang: "fr" };
  const key = randomUUID();
  const first = await submit(admitted.body.pass, body, key);
  assert.equal(first.status, 201);
  assert.equal(first.body.count, 1);
  const counted = await worker.statistics("acme", "100001", 1);
  assert.equal(counted.participations, 1);

  const again = await submit(admitted.body.pass, body, key);
  assert.equal(again.status, 201);
  assert.deepEqual(again.body, first.body);
  // The same token opened once more, in another tab: the same participation to the same key.
  const reopened = await admit(token);
  assert.deepEqual((await submit(reopened.body.pass, body, key)).body, first.body);

  const { participations, participants, rows, asOf } = await worker.statistics("acme", "100001", 1);
  assert.deepEqual([participations, participants], [1, 1]);
  const [row] = rows;
  assert.equal(row.id, first.body.participationId);
  assert.equal(row.at, first.body.recordedAt);
  assert.equal(row.technique, "token");
  assert.deepEqual(row.form, form);
  assert.deepEqual(row.answers, { colour: "red" });
  assert.deepEqual(row.optin.news, { given: true, at: Date.parse(row.at), wording: "Envoyez-moi des nouvelles" });
  assert.ok(Math.abs(Date.parse(asOf) - Date.now()) < 60_000);
  assert.equal(row.subject, "counted", "the customer's own id comes back");
});

test("who may not play is refused without a pass, and nothing is recorded", async () => {
  const { status, body } = await admit(await sign({ sub: "banned", campaignId: "100002", limit: { canPlay: false } }), "100002");
  assert.equal(status, 200);
  assert.equal(body.admission.decision, "refused");
  assert.equal(body.admission.reason, "not_allowed");
  assert.equal(body.pass, null);
  assert.match(body.ref, /^[0-9A-HJKMNP-TV-Z]{8}$/);
  const report = await worker.read(`/v1/refusals/${body.ref}?account=acme`);
  assert.equal(report.body.code, "not_allowed");
  assert.equal((await worker.statistics("acme", "100002", 0)).participations, 0);
  assert.deepEqual((await worker.statistics("acme", "100002", 0)).refusals, { not_allowed: 1 });
});

test("of thirty parallel submissions a quota of three lets through three", async () => {
  const passes = await Promise.all(Array.from({ length: 30 }, (_, i) => passFor({ sub: "eager", limit: { nb: 3 }, jti: `t${i}` })));
  const answers = await Promise.all(passes.map((pass) => submit(pass)));
  const recorded = answers.filter(({ status }) => status === 201);
  assert.deepEqual(recorded.map(({ body }) => body.count).sort(), [1, 2, 3]);
  const refused = answers.filter(({ status }) => status === 409);
  assert.equal(refused.length, 27);
  for (const { body } of refused) assert.deepEqual([body.reason, body.code], ["quota_reached", "quota_reached"]);

  const late = await admit(await sign({ sub: "eager", limit: { nb: 3 }, custom: { played: 3 } }));
  assert.equal(late.body.admission.reason, "quota_reached");
  assert.equal(late.body.pass, null);
  assert.equal(late.body.texts["sorry.quota_reached"], "You have played 3 times.");
});

test("without a quota one token records once, by whatever key", async () => {
  const token = await sign({ sub: "once" });
  const { pass } = (await admit(token)).body;
  const answers = await Promise.all(Array.from({ length: 10 }, () => submit(pass)));
  assert.equal(answers.filter(({ status }) => status === 201).length, 1);
  const others = answers.filter(({ status }) => status !== 201);
  for (const { status, body } of others) assert.deepEqual([status, body.code, body.reason], [409, "already_recorded", "quota_reached"]);
  assert.equal((await submit(await passFor({ sub: "once", jti: "second" }))).body.count, 2, "another token is another participation");
});

test("a key with another body is a conflict, and a key of another person is not", async () => {
  const key = randomUUID();
  const pass = await passFor({ sub: "conflict" });
  assert.equal((await submit(pass, { form }, key)).status, 201);
  const others = [{ form: { ...form, firstname: "Bo" } }, { form, optin: { news: true } }, { form, answers: { colour: "red" } }];
  for (const body of others) {
    const other = await submit(pass, body, key);
    assert.deepEqual([other.status, other.body.code], [422, "idempotency_conflict"], JSON.stringify(body));
  }
  const samePerson = await submit(await passFor({ sub: "conflict", jti: "another" }), { form }, key);
  assert.equal(samePerson.body.code, "idempotency_conflict", "another token is another participation");
  const elsewise = { answers: {}, optin: {}, form: Object.fromEntries(Object.entries(form).reverse()) };
  assert.equal((await submit(pass, elsewise, key)).status, 201, "the same in another order");
  assert.equal((await submit(await passFor({ sub: "another" }), { form }, key)).status, 201);
  for (const bad of ["", "short", "x".repeat(129)]) {
    const { status, body } = await submit(pass, { form }, bad);
    assert.deepEqual([status, body.code], [400, "idempotency_key_missing"]);
  }
});

test("a pass opens nothing but its own account's submission, and not after two hours", async () => {
  const pass = await passFor({ sub: "late" });
  const [account, sealed] = pass.split(":");
  assert.equal(account, "acme");
  const { ring } = worker.secrets;
  const opened = oauth.openPass(ring, "acme", sealed);
  assert.equal(opened.expiresAt - opened.issuedAt, 7200);

  const key = randomUUID();
  const old = `acme:${oauth.sealPass(ring, { ...opened, issuedAt: opened.issuedAt - 7300, expiresAt: opened.expiresAt - 7300 })}`;
  const expired = await submit(old, { form }, key);
  assert.deepEqual([expired.status, expired.body.code], [401, "pass_expired"]);
  assert.equal((await submit(pass, { form }, key)).status, 201);
  assert.equal((await submit(old, { form }, key)).status, 201, "a repeated submission is answered whatever has expired since");

  const foreign = [`other:${sealed}`, sealed, `acme:${oauth.seal("secret", ring, "acme", opened)}`, `acme:${sealed.slice(0, -2)}AA`, 7, {}];
  for (const bad of foreign) {
    const { status, body } = await submit(bad);
    assert.equal(status, 401, JSON.stringify(bad));
    assert.ok(["pass_invalid", "seal_key_unknown"].includes(body.code), body.code);
  }
  assert.equal((await submit(undefined)).body.code, "pass_missing");
});

test("a form that does not fit is refused field by field, and the next try is recorded", async () => {
  const pass = await passFor({ sub: "clumsy" });
  const bad = {
    form: { email: "nobody", birthdate: "2026-02-30", firstname: "A\u0007n", adult: "maybe", city: "Ghent" },
    optin: { news: "yes", spam: true },
    answers: { colour: "green", shape: "round" },
  };
  const key = randomUUID();
  const { status, body } = await submit(pass, bad, key);
  assert.deepEqual([status, body.code], [422, "form_invalid"]);
  const found = Object.fromEntries(body.fields.map((/** @type {any} */ { path, reason }) => [path, reason]));
  assert.deepEqual(found, {
    "/form/city": "unknown",
    "/form/email": "email",
    "/form/firstname": "characters",
    "/form/birthdate": "date",
    "/form/adult": "checkbox",
    "/optin/spam": "unknown",
    "/optin/news": "boolean",
    "/answers/colour": "choice",
    "/answers/shape": "unknown",
  });
  assert.ok(!JSON.stringify(body).includes("nobody"), "values are not repeated");
  const missing = await submit(pass, { form: { email: "  " } }, key);
  assert.deepEqual(
    missing.body.fields.map((/** @type {any} */ { name, reason }) => [name, reason]),
    [
      ["email", "required"],
      ["firstname", "required"],
    ],
  );
  for (const colour of ["green", ["red", "red"], ["red", "red", "red"], ["red", 7], 7, { red: true }]) {
    const { body: odd } = await submit(pass, { form, answers: { colour } }, key);
    assert.deepEqual(odd.fields, [{ name: "colour", path: "/answers/colour", reason: "choice", detail: "This is none of the choices." }]);
  }
  assert.equal((await submit(pass, { form, answers: { colour: ["red", "blue"] } }, key)).status, 201);
});

test("a body that is nested, or full of names, is refused like any other", async () => {
  const pass = await passFor({ sub: "nested" });
  const deep = JSON.parse(`${"[".repeat(4000)}${"]".repeat(4000)}`);
  const nested = await submit(pass, { form, answers: { colour: deep } });
  assert.deepEqual([nested.status, nested.body.code], [400, "body_invalid"]);
  const full = await submit(pass, { form: Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`f${i}`, "x"])) });
  assert.deepEqual([full.status, full.body.fields.length], [422, 100]);
  const draft = await worker.post("/v1/drafts", { account: "acme", campaignId: "100001", step: "intro", answers: { colour: deep } });
  assert.deepEqual([draft.status, draft.body.code], [400, "body_invalid"]);
  const brackets = await worker.post("/v1/drafts", { account: "acme", campaignId: "100001", step: "intro", answers: { colour: '\\"[[[['.repeat(9) } });
  assert.equal(brackets.status, 200, "brackets in a text are no levels");
  assert.equal((await submit(pass)).status, 201);
});

test("a locked value stands whatever is submitted", async () => {
  const mapping = { email: { from: "email", lock: true }, firstname: "given_name" };
  const { document, secrets, sign } = customer("locked", { mapping });
  await worker.account(document, secrets);
  const token = await sign({ sub: "locked", email: "own@example.org", given_name: "An", form: undefined });
  const { body } = await worker.post("/v1/token/admit", { account: "locked", campaignId: "100001", token });
  assert.deepEqual(body.admission.prefill.locked, ["email"]);
  assert.equal((await submit(body.pass, { form: { email: "thief@example.org", firstname: "An" } })).status, 201);
  const { rows } = await worker.statistics("locked", "100001", 1);
  assert.equal(rows[0].form.email, "own@example.org");
});

test("a token that is wrong is refused with a public reason; the cause stays behind the ref", async () => {
  const wrong = await admit(await sign({ sub: "mallory" }, { key: randomBytes(32) }));
  assert.equal(wrong.status, 401);
  assert.equal(wrong.headers.get("content-type"), "application/problem+json");
  assert.equal(wrong.body.reason, "token_invalid");
  assert.ok(!("code" in wrong.body) && !wrong.text.includes("signature"), wrong.text);
  const { body } = await worker.read(`/v1/refusals/${wrong.body.ref.toLowerCase()}?account=acme`);
  assert.deepEqual([body.code, body.stage, body.detail.alg, body.fix], ["signature_invalid", "admit", "HS256", "issuer"]);
  assert.ok(!JSON.stringify(body).includes("mallory"));

  const past = await new SignJWT({ sub: "1", campaignId: "100001" })
    .setProtectedHeader({ alg: "HS256" })
    .setExpirationTime(1_000_000_000)
    .sign(Buffer.from(secrets.TOKEN_KEY, "base64url"));
  assert.equal((await admit(past)).body.reason, "token_expired");
  assert.equal((await admit("")).body.reason, "token_missing");
  assert.equal((await admit(await sign(), "100002")).body.reason, "token_invalid");
  assert.equal((await admit(await sign(), "999999")).body.reason, "campaign_unknown");
  const unknown = await worker.post("/v1/token/admit", { account: "nobody", campaignId: "1", token: "x" });
  assert.deepEqual([unknown.status, unknown.body.reason], [404, "campaign_unknown"]);
});

test("a campaign that is open to everybody admits without a token, once for each pass", async () => {
  const { document, secrets } = customer("open");
  document.campaigns["100003"] = { ...document.campaigns["100002"], signIn: ["token", "anonymous"] };
  await worker.account(document, secrets);
  const open = () => worker.post("/v1/token/admit", { account: "open", campaignId: "100003", token: "" });
  const [one, two] = [await open(), await open()];
  assert.deepEqual([one.status, one.body.admission.decision], [200, "allowed"]);
  assert.notEqual(one.body.admission.subject, two.body.admission.subject);
  assert.equal((await submit(one.body.pass)).status, 201);
  assert.equal((await submit(one.body.pass)).body.code, "already_recorded");
  assert.equal((await submit(two.body.pass)).status, 201);
  const { rows, participants } = await worker.statistics("open", "100003", 2);
  assert.deepEqual([participants, rows[0].technique], [2, "anonymous"]);
  const bad = await worker.post("/v1/token/admit", { account: "open", campaignId: "100003", token: "x.y.z" });
  assert.equal(bad.status, 401, "a token that is there must be good");
});

test("a revoked key is refused at once on submission, and on admission when the copy has gone", async () => {
  const account = "rotating";
  const keys = { OLD: randomBytes(32).toString("base64url"), NEW: randomBytes(32).toString("base64url") };
  const source = (/** @type {string} */ secret, /** @type {string} */ status) => ({
    id: secret,
    status,
    method: "symmetricKey",
    key: { secret },
    encoding: "base64url",
    alg: "HS256",
  });
  const document = (/** @type {string} */ old) => ({
    ...acme(),
    account,
    secureToken: { verify: [source("OLD", old), source("NEW", "active")] },
  });
  await worker.account(document("retiring"), keys);
  const open = async (/** @type {"OLD" | "NEW"} */ name, sub = name) => {
    const token = await sign({ sub }, { key: Buffer.from(keys[name], "base64url") });
    return worker.post("/v1/token/admit", { account, campaignId: "100001", token });
  };
  const [old, fresh] = [await open("OLD"), await open("NEW")];
  assert.deepEqual([old.status, fresh.status], [200, 200]);
  await worker.account(document("revoked"));
  const refused = await submit(old.body.pass);
  assert.deepEqual([refused.status, refused.body.reason], [401, "token_invalid"]);
  assert.equal((await worker.read(`/v1/refusals/${refused.body.ref}?account=${account}`)).body.code, "key_revoked");
  assert.equal((await submit(fresh.body.pass)).status, 201, "the other key's people play on");
  assert.equal((await open("OLD")).status, 401);
});

test("a key set by address is fetched once for a burst, and unknown keys cannot make us fetch it over and over", async () => {
  const pairs = await Promise.all(["a", "b"].map(async (kid) => ({ kid, ...(await generateKeyPair("ES256")) })));
  let requests = 0;
  const server = createServer(async (_request, response) => {
    requests += 1;
    const [{ kid, publicKey }] = pairs;
    response
      .setHeader("content-type", "application/jwk-set+json")
      .end(JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid }] }));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  try {
    const account = "keyset";
    await worker.account({ ...acme(), account, secureToken: { verify: [{ method: "jwks", url: `http://127.0.0.1:${port}/keys` }] } });
    const open = async (/** @type {typeof pairs[number]} */ { kid, privateKey }) => {
      const token = await new SignJWT({ sub: "1", campaignId: "100001" })
        .setProtectedHeader({ alg: "ES256", kid })
        .setExpirationTime("5m")
        .sign(privateKey);
      return worker.post("/v1/token/admit", { account, campaignId: "100001", token });
    };
    const burst = await Promise.all(Array.from({ length: 20 }, () => open(pairs[0])));
    assert.ok(
      burst.every(({ status }) => status === 200),
      JSON.stringify(burst[0].body),
    );
    assert.equal(requests, 1);
    const unknown = await Promise.all(Array.from({ length: 10 }, () => open(pairs[1])));
    assert.ok(unknown.every(({ status, body }) => status === 401 && body.reason === "token_invalid"));
    assert.ok(requests <= 2, `${requests} requests`);
    assert.equal((await open(pairs[0])).status, 200);
  } finally {
    server.close();
  }
});

test("a token without data has its profile fetched once, with its access token, from the customer's API", async () => {
  /** @type {(string | undefined)[]} */
  const seen = [];
  let body = JSON.stringify({ data: { id: "77", profile: { mail: "an@example.org", given_name: "An" } } });
  const server = createServer((request, response) => {
    seen.push(request.headers.authorization);
    response.setHeader("content-type", "application/json").end(body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  try {
    const account = "profiled";
    const profileApi = { url: `http://127.0.0.1:${port}/me`, object: "/data/profile", subject: "/data/id" };
    const { document, secrets, sign } = customer(account, { profileApi, mapping: { email: "mail", firstname: "given_name" } });
    await worker.account({ ...document, secureToken: { ...document.secureToken, accessTokenInClear: true } }, secrets);
    // At the form step: at load nothing is asked.
    const open = async (/** @type {Record<string, unknown>} */ claims) => {
      const token = await sign({ form: undefined, access_token: "canary-access-token", ...claims });
      const { body: admitted } = await worker.post("/v1/token/admit", { account, campaignId: "100001", token });
      return admitted.profile ? worker.post("/v1/profile", { pass: admitted.pass }) : undefined;
    };
    const filled = /** @type {any} */ (await open({ sub: "77" }));
    assert.deepEqual(filled.body.prefill.form, { email: "an@example.org", firstname: "An" });
    assert.deepEqual(seen, ["Bearer canary-access-token"]);
    assert.ok(!filled.text.includes("canary-access-token"));
    assert.equal((await open({ sub: "78" }))?.body.reason, "try_again", "another person's profile");
    assert.equal(await open({ sub: "77", form: { firstname: "An" } }), undefined);
    assert.equal(seen.length, 2, "data in the token: no call");
    body = "<html>";
    const failed = /** @type {any} */ (await open({ sub: "77", jti: "another-token" }));
    assert.deepEqual([failed.status, failed.body.reason], [502, "try_again"]);
    assert.equal((await worker.read(`/v1/refusals/${failed.body.ref}?account=${account}`)).body.code, "profile_not_object");
  } finally {
    server.close();
  }
  assert.ok(!worker.log.join("").includes("canary-access-token"));
});
