// The package as its users call it: tokens of npm jose, jsonwebtoken, PyJWT and jwcrypto go in; admissions and
// refusals with their codes come out.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { inspect } from "node:util";
import jsonwebtoken from "jsonwebtoken";
import {
  HandstampError, catalogue, createVerifier, decide, encryptCompact, init, judgeLimit, judgePeriod, mapProfile, parseAccount, rotateKeys, signCompact, watchKeys,
  verifyCompact, version,
} from "../../../pkg/dist/node.js";
import { CAMPAIGN, SECRET, claims, encrypted, pair, refusal, settings, sign, signed } from "../support/mint.mjs";

const campaign = { campaignId: CAMPAIGN };
/** @param {string} file */
const vectors = async (file) => JSON.parse(await readFile(new URL(`../../vectors/python/${file}.json`, import.meta.url), "utf8"));

test("a token of npm jose is admitted with its form, opt-ins and expiry", async () => {
  const verifier = await createVerifier(settings);
  const payload = claims();
  const admission = await verifier.admit(await signed(payload), campaign);
  assert.deepEqual(admission, {
    subject: "participant-7f3a",
    campaignId: CAMPAIGN,
    expiresAt: payload.exp,
    decision: "allowed",
    prefill: { form: { email: "participant@example.com", city: "Liège" }, optin: { news: false }, locked: [], ignored: [] },
    warnings: [],
  });
});

for (const alg of ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "EdDSA"]) {
  test(`${alg} by npm jose is admitted with the key as PEM, as JWK and in a key set`, async () => {
    const key = await pair(alg);
    const token = await sign(claims(), alg, key.privateKey, { kid: "k1" });
    const known = /** @type {import("../../../pkg/dist/index.js").Alg} */ (alg);
    for (const verify of /** @type {import("../../../pkg/dist/index.js").KeySource[]} */ ([
      { method: "publicKey", key: key.pem, alg: known },
      { method: "publicKey", key: key.jwk, alg: known },
      { method: "jwks", keys: { keys: [{ ...key.jwk, kid: "k1", use: "sig" }] }, algs: [known] },
    ])) {
      const verifier = await createVerifier({ verify });
      assert.equal((await verifier.admit(token, campaign)).subject, "participant-7f3a");
      const other = await sign(claims(), alg, (await pair(alg)).privateKey, { kid: "k1" });
      assert.equal((await refusal(() => verifier.admit(other, campaign))).code, "signature_invalid");
    }
  });
}

for (const alg of /** @type {const} */ (["HS256", "HS384", "HS512", "RS256", "PS256", "ES256"])) {
  test(`${alg} by jsonwebtoken is admitted`, async () => {
    const symmetric = alg.startsWith("HS");
    const key = symmetric ? null : await pair(alg);
    const token = jsonwebtoken.sign(claims(), key ? key.pkcs8 : SECRET, { algorithm: alg });
    const verifier = await createVerifier({
      verify: key
        ? { method: "publicKey", key: key.pem, alg }
        : { method: "symmetricKey", key: SECRET, encoding: "utf8", alg: /** @type {"HS256"} */ (alg) },
    });
    assert.equal(verifier.admitSync(token, campaign).decision, "allowed");
  });
}

for (const enc of /** @type {const} */ (["A128GCM", "A192GCM", "A256GCM"])) {
  test(`a token encrypted with dir and ${enc} is admitted, and a readable one refused`, async () => {
    const key = crypto.getRandomValues(new Uint8Array(Number(enc.slice(1, 4)) / 8));
    const text = Buffer.from(key).toString("base64url");
    const verifier = await createVerifier({ ...settings, decrypt: { key: text, encoding: "base64url", alg: "dir", enc } });
    const inner = await signed();
    assert.equal((await verifier.admit(await encrypted(inner, key, enc), campaign)).decision, "allowed");
    assert.equal((await refusal(() => verifier.admit(inner, campaign))).code, "encryption_required");
    const other = await encrypted(inner, crypto.getRandomValues(new Uint8Array(key.length)), enc);
    assert.equal((await refusal(() => verifier.admit(other, campaign))).code, "decryption_failed");
  });
}

test("every signed and encrypted token of the Python vectors is admitted", async () => {
  let admitted = 0;
  for (const { key, alg, token } of (await vectors("signed")).tokens) {
    const verifier = await createVerifier({ verify: key });
    assert.equal((await verifier.admit(token, campaign)).subject, "participant-7f3a", alg);
    admitted += 1;
  }
  for (const { verify, decrypt, alg, enc, token } of (await vectors("encrypted")).tokens) {
    const verifier = await createVerifier({ verify, decrypt });
    assert.equal((await verifier.admit(token, campaign)).prefill.form.city, "Liège", `${alg} ${enc}`);
    admitted += 1;
  }
  assert.ok(admitted >= 10, `only ${admitted} vectors`);
});

test("every token of the Python vectors that must be refused is refused", async () => {
  const { tokens } = await vectors("refused");
  assert.ok(tokens.length > 0);
  for (const vector of tokens) {
    const verifier = await createVerifier({ verify: vector.key });
    const error = await refusal(() => verifier.admit(vector.token, campaign));
    assert.equal(error.code, vector.code ?? "signature_invalid", vector.case);
  }
});

test("each mistake has its own code and a public reason", async () => {
  const verifier = await createVerifier({ ...settings, issuer: "https://www.acme.example", audience: "campaigns" });
  const right = { iss: "https://www.acme.example", aud: ["campaigns"] };
  const now = Math.floor(Date.now() / 1000);
  /** @type {[string, string, Promise<string>][]} */
  const mistakes = [
    ["token_expired", "token_expired", signed({ ...right, iat: now - 900, exp: now - 600 })],
    ["token_not_yet_valid", "token_invalid", signed({ ...right, nbf: now + 600 })],
    ["exp_looks_like_milliseconds", "token_invalid", signed({ ...right, exp: (now + 300) * 1000 })],
    ["expiry_missing", "token_invalid", signed({ ...right, exp: undefined })],
    ["campaign_mismatch", "token_invalid", signed({ ...right, campaignId: "654321" })],
    ["campaign_missing", "token_invalid", signed({ ...right, campaignId: undefined })],
    ["subject_missing", "token_invalid", signed({ ...right, sub: undefined })],
    ["issuer_mismatch", "token_invalid", signed({ ...right, iss: "https://other.example" })],
    ["audience_missing", "token_invalid", signed({ ...right, aud: undefined })],
    ["alg_not_allowed", "token_invalid", sign(claims(right), "HS512", new TextEncoder().encode(SECRET))],
    ["signature_invalid", "token_invalid", sign(claims(right), "HS256", new TextEncoder().encode(`${SECRET}x`))],
    ["access_token_in_clear", "token_invalid", signed({ ...right, access_token: "at" })],
    ["token_whitespace", "token_invalid", signed(right).then((token) => `${token}\n`)],
    ["token_segments", "token_invalid", signed(right).then((token) => token.slice(0, token.lastIndexOf(".")))],
    ["token_too_large", "token_invalid", Promise.resolve("a".repeat(17 * 1024))],
    ["token_missing", "token_missing", Promise.resolve("")],
  ];
  for (const [code, reason, made] of mistakes) {
    const token = await made;
    const error = await refusal(() => verifier.admit(token, campaign));
    assert.ok(error instanceof HandstampError, code);
    assert.deepEqual([error.code, error.public], [code, reason]);
    assert.equal(error.details.says, catalogue.codes[error.code].says);
    assert.equal(error.details.how, catalogue.codes[error.code].how);
    const sync = await refusal(() => verifier.admitSync(token, campaign));
    assert.deepEqual([sync.code, sync.message], [error.code, error.message], "sync and async agree");
  }
});

test("no error text shows a token, a secret or a claim's value", async () => {
  const token = await signed({ sub: "canary-subject", campaignId: "canary-campaign" });
  const verifier = await createVerifier(settings);
  const errors = [
    await refusal(() => verifier.admit(token, campaign)),
    await refusal(() => verifier.admit(`${token}x`, campaign)),
    await refusal(() => createVerifier({ verify: { method: "symmetricKey", key: "canary-secret", encoding: "utf8", alg: "HS256" } })),
    await refusal(() => createVerifier({ verify: { method: "publicKey", key: "-----BEGIN PUBLIC KEY-----\ncanary\n-----END PUBLIC KEY-----", alg: "ES256" } })),
  ];
  for (const error of errors) assert.doesNotMatch(inspect(error, { depth: 9 }).replace(/\bat .*/g, ""), /canary/);
});

test("a limit is judged by a count, by a function only where it is needed, and unchecked without one", async () => {
  const verifier = await createVerifier(settings);
  const limited = await signed({ limit: { nb: 2 } });
  const unchecked = await verifier.admit(limited, campaign);
  assert.deepEqual([unchecked.decision, unchecked.warnings.map(({ code }) => code)], ["limit_unchecked", ["limit_unchecked"]]);
  assert.equal((await verifier.admit(limited, { ...campaign, participations: 1 })).decision, "allowed");
  const full = await verifier.admit(limited, { ...campaign, participations: 2 });
  assert.deepEqual([full.decision, full.reason, full.prefill.form.city], ["refused", "quota_reached", "Liège"]);

  /** @type {object[]} */
  const asked = [];
  const participations = async (/** @type {object} */ who) => asked.push(who);
  const counted = await verifier.admit(limited, { ...campaign, participations });
  assert.deepEqual([counted.decision, counted.warnings], ["allowed", []]);
  assert.deepEqual(asked, [{ subject: "participant-7f3a", campaignId: CAMPAIGN }]);
  await verifier.admit(await signed(), { ...campaign, participations });
  const banned = await verifier.admit(await signed({ limit: { nb: 9, canPlay: false } }), { ...campaign, participations });
  assert.deepEqual([banned.decision, banned.reason], ["refused", "not_allowed"]);
  assert.equal(asked.length, 1, "no other token needed a count");

  assert.deepEqual(decide({ nb: 1 }, 1), { decision: "refused", reason: "quota_reached" });
  assert.deepEqual(decide({ nb: 1 }), { decision: "limit_unchecked" });
  assert.deepEqual(decide(undefined), { decision: "allowed" });
});

test("the limit that was stated last governs, and a campaign's own is the stricter one or the one for sign-ins", async () => {
  const [kept, older] = [{ limit: { nb: 1 }, at: 200 }, { limit: { nb: 5 }, signedAt: 100, seenAt: 300 }];
  assert.deepEqual(judgeLimit({ kept, seen: older, participations: 1 }), { decision: "refused", reason: "quota_reached", limit: { nb: 1 }, stated: kept });
  assert.deepEqual(judgeLimit({ kept, seen: { ...older, signedAt: 201 }, participations: 1 }), { decision: "allowed", limit: { nb: 5 }, stated: { limit: { nb: 5 }, at: 201 } });
  assert.deepEqual(judgeLimit({ campaign: { unstated: 1 }, signedIn: true, participations: 1 }), { decision: "refused", reason: "quota_reached", limit: { nb: 1 } });
  assert.deepEqual(judgeLimit({ campaign: { unstated: 1 }, participations: 1 }), { decision: "allowed" });
  const { code, details } = await refusal(() => judgeLimit(/** @type {any} */ ({ campaing: {} })));
  assert.deepEqual([code, details.at, details.expected], ["settings_unknown", "/campaing", 'a known name, probably "campaign"']);
});

test("a campaign's period is judged to the second, and a play that was begun may be finished", async () => {
  const period = { starts: 100, ends: 200 };
  assert.deepEqual([99, 100, 199, 200].map((now) => judgePeriod({ ...period, now })), [{ phase: "not_yet", code: "campaign_not_yet" }, { phase: "open" }, { phase: "open" }, { phase: "closing", code: "campaign_over" }]);
  assert.deepEqual([1099, 1100].map((now) => judgePeriod({ ...period, now, begun: true })), [{ phase: "closing" }, { phase: "over", code: "campaign_over" }]);
  const played = { day: 1, week: 3 };
  assert.deepEqual(judgeLimit({ campaign: { day: 1 }, played, participations: 3 }), { decision: "refused", reason: "day_reached" });
  assert.deepEqual(judgeLimit({ campaign: { day: 1, week: 3 }, played, participations: 3 }).reason, "week_reached");
  const { code, details } = await refusal(() => judgePeriod(/** @type {any} */ ({ now: "today" })));
  assert.deepEqual([code, details.at], ["settings_invalid", "/now"]);
});

test("an access token for the profile never shows, and the profile completes the admission", async () => {
  const mapping = { email: { from: "email", lock: true }, city: "/address/locality" };
  const verifier = await createVerifier({ ...settings, accessTokenInClear: true, mapping });
  const token = await signed({ form: undefined, optin: undefined, access_token: "canary-access-token" });
  const admission = await verifier.admit(token, campaign);
  assert.deepEqual(admission.needsProfile, { accessToken: "canary-access-token" });
  assert.doesNotMatch(JSON.stringify(admission) + inspect(admission), /canary|provenance/);
  assert.equal(admission.provenance?.pid.length, 43);

  const complete = verifier.complete(admission, { email: "a@b.example", address: { locality: "Namur" } });
  assert.deepEqual(complete.prefill.form, { email: "a@b.example", city: "Namur" });
  assert.deepEqual(complete.prefill.locked, ["email"]);
  assert.equal(complete.needsProfile, undefined);
  assert.deepEqual(complete.provenance, admission.provenance);
});

test("what is passed again and again is read again wherever it may have changed", () => {
  const profile = { given_name: "Ada", family_name: "Lovelace" };
  const twice = (/** @type {any} */ mapping, /** @type {() => void} */ change) => {
    const first = mapProfile(profile, mapping).form.name;
    change();
    return [first, mapProfile(profile, mapping).form.name];
  };
  const plain = { name: "given_name" };
  assert.deepEqual(twice(plain, () => (plain.name = "family_name")), ["Ada", "Lovelace"]);
  const inner = { from: "given_name" };
  assert.deepEqual(twice(Object.freeze({ name: inner }), () => (inner.from = "family_name")), ["Ada", "Lovelace"]);
  let from = "given_name";
  assert.deepEqual(twice(Object.freeze({ get name() { return from; } }), () => (from = "family_name")), ["Ada", "Lovelace"]);
  assert.deepEqual(twice(Object.freeze({ name: Object.freeze({ from: "given_name" }) }), () => {}), ["Ada", "Ada"]);
});

test("values that do not fit the campaign's form are listed, not lost and not an error", async () => {
  const verifier = await createVerifier(settings);
  const fields = { fields: [{ name: "email", type: /** @type {const} */ ("email") }], optins: [] };
  const { prefill } = await verifier.admit(await signed(), { ...campaign, fields });
  assert.deepEqual(prefill.form, { email: "participant@example.com" });
  assert.deepEqual(prefill.ignored.map(({ name }) => name).sort(), ["city", "news"]);
  assert.deepEqual(mapProfile({ given_name: "Ada" }, { firstname: "given_name" }).form, { firstname: "Ada" });
});

test("explain lists every check, passes what is good, and says who can put right what is not", async () => {
  const verifier = await createVerifier(settings);
  const good = await verifier.explain(await signed(), campaign);
  assert.equal(good.verdict, "accepted");
  assert.ok(good.checks.length > 5 && good.checks.every(({ status }) => status === "pass" || status === "skip"));
  const now = Math.floor(Date.now() / 1000);
  const bad = await verifier.explain(await signed({ iat: now - 900, exp: now - 600, campaignId: "9" }), campaign);
  assert.equal(bad.verdict, "rejected");
  const failed = bad.checks.filter(({ status }) => status === "fail");
  assert.deepEqual(failed.map(({ code, fix }) => [code, fix]), [["token_expired", "issuer"], ["campaign_mismatch", "issuer"]]);
  assert.ok(failed.every(({ hint, path }) => hint && path));
  for (const nothing of ["", undefined]) {
    const { verdict, checks } = await verifier.explain(/** @type {any} */ (nothing));
    assert.deepEqual([verdict, checks.find(({ status }) => status === "fail")?.code], ["rejected", "token_missing"]);
  }
});

test("several keys are for rotation: each of them admits", async () => {
  const [old, next] = [await pair("ES256"), await pair("ES256")];
  const verifier = await createVerifier({
    verify: [{ method: "publicKey", key: old.pem, alg: "ES256" }, { method: "publicKey", key: next.pem, alg: "ES256" }],
  });
  for (const [source, key] of [old, next].entries()) {
    const found = await verifier.verify(await sign(claims(), "ES256", key.privateKey));
    assert.equal(found.source, source);
    assert.equal(found.claims.sub, "participant-7f3a");
    assert.equal(found.header.alg, "ES256");
  }
});

test("now may be a Date, seconds or milliseconds", async () => {
  const verifier = await createVerifier(settings);
  const token = await signed({ iat: 1_800_000_000, exp: 1_800_000_300 });
  for (const now of [new Date(1_800_000_100_000), 1_800_000_100, 1_800_000_100_000]) {
    assert.equal(verifier.admitSync(token, { ...campaign, now }).decision, "allowed");
    assert.equal(verifier.verifySync(token, { now }).claims.sub, "participant-7f3a");
  }
});

test("arguments that are not what the types say are refused with their place", async () => {
  const verifier = await createVerifier(settings);
  const token = await signed();
  const any = /** @type {any} */ ({ verifier, createVerifier, decide, judgeLimit, judgePeriod, mapProfile, verifyCompact, signCompact, encryptCompact, parseAccount, rotateKeys, watchKeys });
  /** @type {[string, () => unknown][]} */
  const calls = [
    ["options", () => any.verifier.admit(token)],
    ["options.campaignId", () => any.verifier.admit(token, { campaignId: 123456 })],
    ["now", () => any.verifier.admit(token, { ...campaign, now: "today" })],
    ["now", () => any.verifier.admit(token, { ...campaign, now: new Date("never") })],
    ["now", () => any.verifier.verifySync(token, { now: -1 })],
    ["options.participations", () => any.verifier.admit(token, { ...campaign, participations: 1.5 })],
    ["options.participations", () => any.verifier.admitSync(token, { ...campaign, participations: () => 1 })],
    ["options.fields", () => any.verifier.admit(token, { ...campaign, fields: [] })],
    ["settings", () => any.createVerifier()],
    ["settings", () => any.createVerifier("{}")],
    ["/verify", () => any.createVerifier({ verify: () => {} })],
    ["options.fetch", () => any.createVerifier(settings, { fetch: "fetch" })],
    ["limit", () => any.decide(3)],
    ["facts", () => any.judgeLimit(3)],
    ["facts", () => any.judgePeriod(3)],
    ["document", () => any.rotateKeys(3)],
    ["turn", () => any.rotateKeys({}, 3)],
    ["facts", () => any.watchKeys(3)],
    ["profile", () => any.mapProfile(null, {})],
    ["key", () => any.verifyCompact(token, "secret")],
    ["options", () => any.signCompact({}, {})],
    ["options.enc", () => any.encryptCompact("x", { key: SECRET }, { alg: "dir" })],
    ["document", () => any.parseAccount(7)],
    ["index", () => any.verifier.installKeySet("0", "{}")],
  ];
  for (const [place, call] of calls) {
    const error = await refusal(call);
    assert.ok(error instanceof HandstampError, `${place}: ${error}`);
    assert.deepEqual([error.code, error.details.at], ["settings_invalid", place]);
  }
  for (const wrong of [42, {}, ["a.b.c"], new Uint8Array(3)]) {
    for (const call of [() => any.verifier.admit(wrong, campaign), () => any.verifier.verifySync(wrong)]) {
      const { code, public: reason } = await refusal(call);
      assert.deepEqual([code, reason], ["token_not_string", "token_invalid"]);
    }
  }
  const circle = /** @type {any} */ ({ verify: {} });
  circle.verify.self = circle;
  assert.equal((await refusal(() => createVerifier(circle))).code, "settings_invalid");
});

test("wrong settings are refused with their JSON Pointer", async () => {
  /** @type {[string, string, object][]} */
  const wrong = [
    ["keys_missing", "/verify", {}],
    ["settings_unknown", "/leeway", { ...settings, leeway: 5 }],
    ["settings_invalid", "/leewaySeconds", { ...settings, leewaySeconds: 301 }],
    ["key_encoding_missing", "/verify/encoding", { verify: { method: "symmetricKey", key: SECRET, alg: "HS256" } }],
    ["key_too_short", "/verify/key", { verify: { method: "symmetricKey", key: "short", encoding: "utf8", alg: "HS256" } }],
    ["settings_invalid", "/verify/1/method", { verify: [settings.verify, { method: "psychic" }] }],
  ];
  for (const [code, at, given] of wrong) {
    const error = await refusal(() => createVerifier(/** @type {any} */ (given)));
    assert.deepEqual([error.code, error.details.at], [code, at]);
  }
});

test("a closed verifier says so, and using closes it", async () => {
  const verifier = await createVerifier(settings);
  const token = await signed();
  assert.equal(verifier.admitSync(token, campaign).decision, "allowed");
  verifier[Symbol.dispose]();
  verifier.close();
  assert.deepEqual((await refusal(() => verifier.admit(token, campaign))).details.at, "verifier");
});

test("account documents are checked: a normal form, or every fault at once", async () => {
  const development = { development: true };
  for (const name of ["acme", "demo"]) {
    const text = await readFile(new URL(`../../../worker/accounts/${name}.json`, import.meta.url), "utf8");
    const { account, faults } = parseAccount(text, development);
    assert.equal(faults, undefined);
    assert.equal(account?.account, name);
    assert.deepEqual(parseAccount(account ?? {}, development).account, account, "the normal form is normal");
    const wrong = parseAccount({ ...JSON.parse(text), orgins: [], origins: "everywhere" }, development).faults ?? [];
    assert.ok(wrong.some(({ path, message }) => path === "/orgins" && message.includes("origins")));
    assert.ok(wrong.some(({ path }) => path === "/origins"));
    assert.ok((parseAccount(text).faults ?? []).some(({ path }) => path === "/origins/0"), "loopback is for development");
  }
});

test("the catalogue is errors.json, and every error takes its words from it", async () => {
  assert.deepEqual(catalogue, JSON.parse(await readFile(new URL("../../../errors.json", import.meta.url), "utf8")));
  assert.match(version, /^\d+\.\d+\.\d+$/);
  for (const code of /** @type {(keyof typeof catalogue.codes)[]} */ (Object.keys(catalogue.codes))) {
    const error = new HandstampError(code);
    assert.deepEqual([error.public, error.message], [catalogue.codes[code].public, catalogue.codes[code].says]);
  }
  await init();
  await init();
});
