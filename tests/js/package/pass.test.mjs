// The pass: issued by the module for an admission, and by nobody else.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createVerifier } from "../../../pkg/dist/node.js";
import { issuePass, openPass } from "../../../pkg/dist/oauth.node.js";
import { pair, refusal, sign } from "../support/mint.mjs";
import { sources } from "../support/sources.mjs";

const key = Buffer.alloc(32, 1).toString("base64url");
/** @type {import("../../../pkg/dist/oauth.js").Ring} */
const ring = { environment: "test", keys: [{ kid: "k1", key, status: "active" }] };
const now = 1_800_000_000;
/** @type {import("../../../pkg/dist/oauth.js").PassTerms} */
const terms = { account: "acme", technique: "token", now };

async function admitted(/** @type {Record<string, unknown>} */ claims = {}) {
  const [first, second] = [await pair("ES256"), await pair("ES256")];
  const keys = { keys: [{ ...first.jwk, kid: "a" }, { ...second.jwk, kid: "b" }] };
  const mapping = { email: { from: "/form/email", lock: true }, news: { from: "/optin/news", lock: true }, city: { from: "/form/city", lock: true } };
  const verifier = await createVerifier({ verify: { method: "jwks", keys }, mapping });
  const token = await sign({ sub: "u", campaignId: "1", exp: now + 60, form: { email: "an@example.org" }, optin: { news: true }, ...claims }, "ES256", second.privateKey, { kid: "b" });
  return { admission: await verifier.admit(token, { campaignId: "1", now, fields: { fields: [{ name: "email" }, { name: "city" }], optins: [{ name: "news" }] } }), thumbprint: await thumbprintOf(second.jwk) };
}

/** RFC 7638 section 3. @param {any} jwk */
async function thumbprintOf({ crv, kty, x, y }) {
  const text = JSON.stringify({ crv, kty, x, y });
  return Buffer.from(await crypto.subtle.digest("SHA-256", Buffer.from(text))).toString("base64url");
}

test("a pass holds what the admission said, the key that verified, and two hours whatever the token's expiry", async () => {
  const { admission, thumbprint } = await admitted({ limit: { nb: 2 }, jti: "t", iss: "com.customer" });
  const { pid } = /** @type {import("../../../pkg/dist/index.js").Provenance} */ (admission.provenance);
  const pass = {
    account: "acme", campaignId: "1", subject: "u", technique: "token", limit: { nb: 2 }, locked: { email: "an@example.org", news: true },
    namespace: "com.customer", pid, jti: "t", source: 0, keyNames: [`key:${thumbprint}`], issuedAt: now, expiresAt: now + 7200,
  };
  assert.deepEqual(openPass(ring, "acme", issuePass(ring, admission, terms), { now }), pass);
  const { limit: _, ...without } = pass;
  assert.deepEqual(openPass(ring, "acme", issuePass(ring, admission, { ...terms, limits: "off" }), { now }), without);
  assert.notEqual(issuePass(ring, admission, terms), issuePass(ring, admission, terms), "a fresh salt for each");
});

test("nobody who may not play gets one, nor one that rests on nothing", async () => {
  const { admission } = await admitted();
  for (const [reason, code] of /** @type {const} */ ([["not_allowed", "not_allowed"], ["quota_reached", "quota_reached"]]))
    assert.equal((await refusal(() => issuePass(ring, { ...admission, decision: "refused", reason, provenance: admission.provenance }, terms))).code, code);
  assert.equal((await refusal(() => issuePass(ring, { ...admission }, terms))).details.at, "/provenance/pid");
  assert.equal((await refusal(() => issuePass(ring, admission, /** @type {any} */ ({ ...terms, technique: "password" })))).code, "settings_invalid");
});

test("the worker issues, seals and times no pass of its own", () => {
  const found = sources("worker/src").filter(([, source]) => /sealPass|seal\("pass"|(?<!bounds\.)PASS_SECONDS|\blocked\.map/.test(source));
  assert.deepEqual(found.map(([file]) => file), []);
});
