// The login stages as a host runs them: start, callback and redeem by replay against answers made here, and what
// only we can open.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createHash } from "node:crypto";
import { parseAccount } from "../../../pkg/dist/node.js";
import { callback, compute, keySet, open, openPass, peekState, redeem, seal, sealPass, sealState, openState, start } from "../../../pkg/dist/oauth.node.js";
import { testing } from "../../../pkg/dist/webcrypto.js";
import { pair, refusal, sign } from "../support/mint.mjs";

/** @typedef {import("../../../pkg/dist/oauth.js").Answer} Answer */
/** @typedef {import("../../../pkg/dist/oauth.js").Request} Request */

const key = (/** @type {number} */ byte) => Buffer.alloc(32, byte).toString("base64url");
/** @type {import("../../../pkg/dist/oauth.js").Ring} */
const ring = { environment: "test", keys: [{ kid: "k1", key: key(1), status: "active" }, { kid: "k0", key: key(2), status: "retiring" }] };
const issuer = "https://id.acme.example/realms/acme";
const redirectUri = "https://campaigns.example/oauth/callback";
const metadata = {
  issuer,
  authorization_endpoint: `${issuer}/auth`,
  token_endpoint: `${issuer}/token`,
  userinfo_endpoint: `${issuer}/userinfo`,
  jwks_uri: `${issuer}/certs`,
  authorization_response_iss_parameter_supported: true,
};
const { account, faults } = parseAccount({
  account: "acme",
  origins: ["https://www.acme.example"],
  oauth: {
    preset: "keycloak", issuer, clientId: "campaigns",
    clientAuth: { method: "client_secret_basic", secret: { secret: "OIDC_CLIENT" } }, profileFrom: "userinfo",
  },
  mapping: { email: { from: "email", lock: true }, firstname: "given_name" },
  campaigns: {
    123456: { signIn: ["oauth"], fields: [{ name: "email", type: "email", required: true }, { name: "firstname", type: "text" }] },
  },
});
assert.deepEqual(faults, undefined);
const document = /** @type {Record<string, any>} */ (account);
const json = (/** @type {unknown} */ value, status = 200) => ({ status, contentType: "application/json", body: JSON.stringify(value) });

/**
 * Follows a stage to its end with a host's answers.
 * @template Done, Input
 * @param {import("../../../pkg/dist/oauth.js").Step<Done, Input>} step
 * @param {(resume: any, answer: Answer) => import("../../../pkg/dist/oauth.js").Step<Done, Input>} resume
 * @param {(request: Request) => Answer | Promise<Answer>} perform
 */
async function follow(step, resume, perform) {
  const requests = [];
  while (step.request) {
    requests.push(step.request);
    // Plain data: it survives a journey as text.
    step = resume(JSON.parse(JSON.stringify(step.resume)), await perform(step.request));
  }
  return { done: /** @type {Done} */ (step.done), requests };
}

const begin = () => follow(
  start({ account: document, campaignId: "123456", step: "form", lang: "fr", referer: "https://www.acme.example/game?x=1", bind: key(9), ring, redirectUri }),
  start,
  () => json(metadata),
);

test("a login goes from start to admission, with each request made once", async () => {
  const { done: started, requests: before } = await begin();
  assert.deepEqual(before.map(({ purpose, url }) => [purpose, url]), [["discovery", `${issuer}/.well-known/openid-configuration`]]);
  const location = new URL(started.location);
  assert.equal(location.origin + location.pathname, `${issuer}/auth`);
  const sent = Object.fromEntries(location.searchParams);
  assert.deepEqual([sent.client_id, sent.redirect_uri, sent.response_type, sent.code_challenge_method], ["campaigns", `${redirectUri}/acme`, "code", "S256"]);
  assert.ok(!started.location.includes("+"), "spaces are %20");
  assert.ok((sent.state ?? "").length <= 512);
  assert.match(started.cookie.name, /^__Host-hs_flow_/);

  const query = `?${new URLSearchParams({ code: "the-code", state: sent.state ?? "", iss: issuer })}`;
  assert.deepEqual(peekState(ring, query), { account: "acme" });
  const cookies = `other=1; ${started.cookie.name}=${started.cookie.value}`;
  const { done: back } = callback({ query, cookies, ring, account: document, redirectUri, pathAccount: "acme" });
  assert.ok(back.outcome === "code");
  assert.equal(back.redirectUri, `${redirectUri}/acme`);
  assert.deepEqual([back.campaignId, back.step, back.lang, back.bind, back.return], ["123456", "form", "fr", key(9), { index: 0, path: "/game?x=1" }]);
  assert.equal(createHash("sha256").update(back.verifier).digest("base64url"), sent.code_challenge);

  const keys = await pair("RS256");
  const { code, verifier, nonce, sid } = back;
  const secrets = { OIDC_CLIENT: "the-client-secret" };
  const { done, requests } = await follow(
    redeem({ account: document, secrets, campaignId: "123456", code, verifier, nonce, redirectUri, sid }),
    redeem,
    async ({ purpose }) => {
      const now = Math.floor(Date.now() / 1000);
      const claims = { iss: issuer, sub: "user-1", aud: "campaigns", iat: now, exp: now + 300, nonce };
      if (purpose === "discovery") return json(metadata);
      if (purpose === "keySet") return json({ keys: [{ ...keys.jwk, kid: "r1", use: "sig", alg: "RS256" }] });
      if (purpose === "token") {
        return json({ access_token: "opaque", token_type: "Bearer", id_token: await sign(claims, "RS256", keys.privateKey, { kid: "r1" }) });
      }
      return json({ sub: "user-1", email: "ada@acme.example", given_name: "Ada" });
    },
  );
  assert.equal(requests.filter(({ purpose }) => purpose === "token").length, 1);
  assert.deepEqual(new Set(requests.map(({ purpose }) => purpose)), new Set(["discovery", "token", "keySet", "userinfo"]));
  const exchange = requests.find(({ purpose }) => purpose === "token");
  assert.equal(exchange?.headers.authorization, `Basic ${Buffer.from("campaigns:the-client-secret").toString("base64")}`);
  assert.deepEqual([done.subject, done.namespace, done.admission.decision], ["user-1", issuer, "allowed"]);
  assert.deepEqual(done.admission.prefill.form, { email: "ada@acme.example", firstname: "Ada" });
  assert.deepEqual(done.admission.prefill.locked, ["email"]);
});

test("a login server may sign with every documented algorithm, by either way to compute", async () => {
  const nonce = "a-nonce-of-this-login";
  const now = Math.floor(Date.now() / 1000);
  const input = { account: document, secrets: { OIDC_CLIENT: "the-client-secret" }, campaignId: "123456", code: "c", verifier: "v".repeat(43), nonce, redirectUri };
  const counts = { good: 0, bad: 0, operations: 0 };
  for (const alg of ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]) {
    const keys = await pair(alg);
    const claims = { iss: issuer, sub: "user-1", aud: "campaigns", iat: now, exp: now + 300, nonce };
    const good = await sign(claims, alg, keys.privateKey, { kid: "k" });
    const bad = good.slice(0, -9) + (good.at(-9) === "A" ? "B" : "A") + good.slice(-8);
    for (const [token, isGood] of /** @type {const} */ ([[good, true], [bad, false]])) {
      const perform = (/** @type {Request} */ { purpose }) => {
        if (purpose === "discovery") return json(metadata);
        if (purpose === "keySet") return json({ keys: [{ ...keys.jwk, kid: "k" }] });
        if (purpose === "token") return json({ access_token: "opaque", token_type: "Bearer", id_token: token });
        return json({ sub: "user-1", email: "ada@acme.example" });
      };
      for (const way of /** @type {const} */ (["table", "module", "host"])) {
        testing.way = way;
        let operations = 0;
        const run = async () => {
          let step = redeem({ ...input, webCrypto: true });
          while (!step.done) {
            if (step.operation) operations += 1;
            const answer = step.request ? perform(step.request) : await compute(step.operation);
            step = redeem(JSON.parse(JSON.stringify(step.resume)), answer);
          }
          return step.done.subject;
        };
        if (isGood) assert.equal(await run(), "user-1", `${alg} ${way}`);
        else assert.equal((await refusal(run)).details.got, "signature_invalid", `${alg} ${way}`);
        if (way === "host" || /ES384|ES512/.test(alg)) assert.equal(operations, 1, `${alg} ${way}`);
        if (way === "module" && !/ES384|ES512/.test(alg)) assert.equal(operations, 0, `${alg} ${way}`);
        counts[isGood ? "good" : "bad"] += 1;
        counts.operations += operations;
      }
      testing.way = "table";
      // A host that does not offer to compute is not asked to.
      const alone = () => follow(redeem(input), redeem, perform);
      if (/ES384|ES512/.test(alg)) assert.equal((await refusal(alone)).code, "sync_unsupported", alg);
      else if (isGood) assert.equal((await alone()).done.subject, "user-1", alg);
    }
  }
  console.log(`  ID tokens by either way: ${counts.good} accepted, ${counts.bad} refused, ${counts.operations} operations of WebCrypto`);
});

test("what comes back wrongly still leads back, or is refused as not ours", async () => {
  const { done: started } = await begin();
  const state = new URL(started.location).searchParams.get("state") ?? "";
  const cookies = `${started.cookie.name}=${started.cookie.value}`;
  const back = (/** @type {object} */ query, /** @type {object} */ more = {}) =>
    callback({ query: `?${new URLSearchParams({ state, iss: issuer, ...query })}`, cookies, ring, account: document, pathAccount: "acme", ...more }).done;
  assert.equal(back({ error: "access_denied" }).outcome, "cancelled");
  assert.equal(back({ error: "server_error" }).outcome, "error");
  assert.deepEqual([back({ code: "c" }, { cookies: "" })].map(({ outcome, code }) => [outcome, code]), [["wrong_browser", "flow_cookie_missing"]]);
  assert.equal(back({ code: "c" }, { now: new Date(Date.now() + 3600_000) }).outcome, "expired");
  assert.equal(back({ code: "c", iss: "https://evil.example" }).code, "issuer_param_mismatch");
  assert.equal((await refusal(() => back({ code: "c", state: "" }))).code, "state_missing");
  assert.equal((await refusal(() => back({ code: "c", state: `${state.slice(0, -2)}AA` }))).code, "state_invalid");
  assert.equal((await refusal(() => callback(/** @type {any} */ (null)))).details.at, "input");
});

test("a failed request is an answer too, and the code is never sent twice", async () => {
  const input = { account: document, secrets: { OIDC_CLIENT: "s" }, campaignId: "123456", code: "c", verifier: "v".repeat(43), nonce: "n", redirectUri };
  /** @type {string[]} */
  const asked = [];
  const error = await refusal(() => follow(redeem(input), redeem, ({ purpose }) => {
    asked.push(purpose);
    return purpose === "discovery" ? json(metadata) : { failed: "timeout" };
  }));
  assert.deepEqual([error.code, error.public, asked], ["response_timeout", "try_again", ["discovery", "token"]]);
});

test("each kind of sealed text is refused in each other's place, for another account, and with another ring", async () => {
  const kinds = /** @type {const} */ (["state", "pass", "secret", "flow"]);
  for (const kind of kinds) {
    const sealed = seal(kind, ring, "acme", { canary: "é" });
    assert.deepEqual(open(kind, ring, "acme", sealed), { canary: "é" });
    assert.notEqual(sealed, seal(kind, ring, "acme", { canary: "é" }), "a fresh salt for each");
    assert.doesNotMatch(sealed, /canary/);
    for (const other of kinds.filter((name) => name !== kind)) {
      assert.equal((await refusal(() => open(other, ring, "acme", sealed))).code, "seal_invalid");
    }
    if (kind !== "state") assert.equal((await refusal(() => open(kind, ring, "other", sealed))).code, "seal_invalid");
    const elsewhere = { ...ring, environment: "production" };
    assert.equal((await refusal(() => open(kind, elsewhere, "acme", sealed))).code, "seal_invalid");
    const rotated = { ...ring, keys: [{ kid: "k2", key: key(3), status: /** @type {const} */ ("active") }] };
    assert.equal((await refusal(() => open(kind, rotated, "acme", sealed))).code, "seal_key_unknown");
  }
  assert.deepEqual(openState(ring, sealState(ring, [1, "x"])), [1, "x"]);
});

test("a pass opens for its account for two hours, keeps what the host added, and is read after that on request", async () => {
  const now = 1_800_000_000;
  const pass = {
    account: "acme", campaignId: "123456", subject: "user-1", namespace: issuer, technique: /** @type {const} */ ("token"),
    limit: { nb: 1 }, locked: { email: "ada@acme.example" }, pid: "p".repeat(43), issuedAt: now, expiresAt: now + 7200, key: "added",
  };
  const sealed = sealPass(ring, pass);
  assert.deepEqual(openPass(ring, "acme", sealed, { now: now + 7200 }), pass);
  assert.equal((await refusal(() => openPass(ring, "acme", sealed, { now: now + 7201 }))).code, "pass_expired");
  assert.deepEqual(openPass(ring, "acme", sealed, { expired: true }), pass);
  assert.equal((await refusal(() => openPass(ring, "other", sealed, { now }))).code, "pass_invalid");
  assert.equal((await refusal(() => openPass(ring, "acme", "", { now }))).code, "pass_missing");
  assert.equal((await refusal(() => sealPass(ring, /** @type {any} */ ({ ...pass, pid: undefined })))).details.at, "/pid");
});

test("the freshness machine is pure: same entry, event and time, same decision", async () => {
  const keys = { keys: [{ ...(await pair("ES256")).jwk, kid: "k1" }] };
  const now = 1_800_000_000;
  const first = keySet.next(null, { type: "need" }, now);
  assert.equal(first.decision, "fetch");
  const good = keySet.next(first.cache, { type: "fetched", purpose: "keySet", ...json(keys) }, now);
  assert.deepEqual([good.decision, JSON.parse(good.cache.text ?? "")], ["use", keys]);
  for (const [age, decision] of /** @type {const} */ ([[0, "use"], [599, "use"], [600, "fetch"]])) {
    assert.equal(keySet.next(good.cache, { type: "need" }, now + age).decision, decision, `after ${age} seconds`);
  }
  const failed = keySet.next(good.cache, { type: "failed" }, now + 600);
  assert.equal(failed.decision, "use", "stale, but good");
  assert.equal(keySet.next(failed.cache, { type: "need" }, now + 25 * 3600).decision, "fetch");
  assert.equal((await refusal(() => keySet.next(null, /** @type {any} */ ({ type: "guess" }), now))).code, "settings_invalid");
});

test("a published key set is judged for a test of the connection", async () => {
  const { jwk } = await pair("ES256");
  const set = (/** @type {object[]} */ ...keys) => JSON.stringify({ keys });
  assert.deepEqual(keySet.judge(set({ ...jwk, kid: "k1" })), { needed: true, usable: 1, faults: [] });
  const { usable, refusal, faults } = keySet.judge(set({ ...jwk, kid: "k1", use: "enc" }), ["ES256", "HS256"]);
  assert.deepEqual([usable, refusal?.code, refusal?.at, refusal?.fix], [0, "key_set_empty", "/keys/0/use", "issuer"]);
  assert.deepEqual(faults, [{ code: "key_use", at: "/keys/0/use", expected: "sig", got: 'the key "k1"', fix: "issuer" }]);
  assert.deepEqual(keySet.judge(set(), ["HS256"]), { needed: false, usable: 0, faults: [] });
  assert.equal(keySet.judge(set()).refusal?.code, "key_set_empty");
  assert.equal(keySet.judge("<html>").refusal?.code, "key_set_invalid");
});
