// JOSE alone: what the package signs and encrypts, npm jose reads; what it must not sign with, it refuses.

import assert from "node:assert/strict";
import { test } from "node:test";
import { compactDecrypt, compactVerify, importSPKI } from "jose";
import { decryptCompact, encryptCompact, signCompact, verifyCompact } from "../../../pkg/dist/node.js";
import { SECRET, pair, refusal } from "../support/mint.mjs";

for (const alg of /** @type {const} */ (["HS256", "HS384", "HS512", "RS256", "PS384", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"])) {
  test(`what signCompact makes with ${alg}, npm jose accepts`, async () => {
    const symmetric = alg.startsWith("HS");
    const key = symmetric ? null : await pair(alg);
    const payload = { canary: "é" };
    for (const given of key ? [key.privateJwk, key.pkcs8] : [{ key: SECRET, encoding: /** @type {const} */ ("utf8") }]) {
      const token = await signCompact(payload, given, { alg, kid: "k1", typ: "JWT" });
      const trusted = key ? await importSPKI(key.pem, alg) : new TextEncoder().encode(SECRET);
      const read = await compactVerify(token, trusted);
      assert.deepEqual(read.protectedHeader, { alg, typ: "JWT", kid: "k1" });
      assert.deepEqual(JSON.parse(new TextDecoder().decode(read.payload)), payload);
    }
  });
}

test("signCompact refuses keys that are not private, not of the algorithm, or no keys", async () => {
  const key = await pair("ES256");
  const any = /** @type {any} */ (signCompact);
  for (const [code, given, alg] of [
    ["key_wrong_type", key.jwk, "ES256"],
    ["key_invalid", key.privateJwk, "ES384"],
    ["key_invalid", key.pem, "ES256"],
    ["alg_not_allowed", { ...key.privateJwk, alg: "ES384" }, "ES256"],
    ["alg_not_allowed", { ...key.privateJwk, alg: "Ed25519" }, "ES256"],
    ["key_use", { ...key.privateJwk, use: "enc" }, "ES256"],
    ["alg_none", key.privateJwk, "none"],
    ["alg_unknown", key.privateJwk, "es256"],
    ["key_too_short", { key: "short", encoding: "utf8" }, "HS256"],
    ["key_encoding_missing", { key: SECRET }, "HS256"],
  ]) {
    assert.equal((await refusal(() => any("x", given, { alg }))).code, code);
  }
});

test("Ed25519 and EdDSA are one algorithm of two names (RFC 9864)", async () => {
  const key = await pair("EdDSA");
  for (const signing of /** @type {const} */ (["EdDSA", "Ed25519"])) {
    for (const named of [undefined, "EdDSA", "Ed25519"]) {
      const token = await signCompact("x", { ...key.privateJwk, ...(named && { alg: named }) }, { alg: signing, kid: "k1" });
      for (const alg of /** @type {const} */ (["EdDSA", "Ed25519"])) {
        const jwk = { ...key.jwk, ...(named && { alg: named }), kid: "k1" };
        /** @type {import("../../../pkg/dist/index.js").KeySource[]} */
        const sources = [{ method: "publicKey", key: jwk, alg }, { method: "jwks", keys: { keys: [jwk] }, algs: [alg] }];
        for (const source of sources) {
          assert.equal((await verifyCompact(token, source)).header.alg, signing);
        }
      }
    }
  }
  const token = await signCompact("x", key.privateJwk, { alg: "Ed25519" });
  const other = await pair("ES256");
  assert.equal((await refusal(() => verifyCompact(token, { method: "publicKey", key: other.jwk, alg: "ES256" }))).code, "alg_not_allowed");
  const foreign = { ...other.jwk, alg: "Ed25519", kid: "k1" };
  assert.equal((await refusal(() => verifyCompact(token, { method: "jwks", keys: { keys: [foreign] } }))).code, "key_wrong_type");
});

test("verifyCompact returns any payload as bytes", async () => {
  const key = await pair("ES256");
  const bytes = crypto.getRandomValues(new Uint8Array(300));
  const token = await signCompact(bytes, key.privateJwk, { alg: "ES256" });
  const found = await verifyCompact(token, { method: "publicKey", key: key.jwk, alg: "ES256" });
  assert.deepEqual(found, { header: { alg: "ES256" }, payload: bytes });
  const other = { method: /** @type {const} */ ("publicKey"), key: (await pair("ES256")).jwk, alg: /** @type {const} */ ("ES256") };
  assert.equal((await refusal(() => verifyCompact(token, other))).code, "signature_invalid");
});

test("what encryptCompact makes, npm jose reads, and decryptCompact too", async () => {
  const key = crypto.getRandomValues(new Uint8Array(32));
  const secret = { key: Buffer.from(key).toString("base64url"), encoding: /** @type {const} */ ("base64url") };
  const options = { alg: /** @type {const} */ ("dir"), enc: /** @type {const} */ ("A256GCM"), kid: "e1", cty: "JWT" };
  const token = await encryptCompact("plain é", secret, options);
  assert.notEqual(token, await encryptCompact("plain é", secret, options), "a fresh IV for each");
  const read = await compactDecrypt(token, key);
  assert.equal(new TextDecoder().decode(read.plaintext), "plain é");
  assert.deepEqual(read.protectedHeader, { alg: "dir", enc: "A256GCM", kid: "e1", cty: "JWT" });
  const own = await decryptCompact(token, { ...secret, alg: "dir", enc: "A256GCM" });
  assert.equal(new TextDecoder().decode(own.plaintext), "plain é");
  const other = { ...secret, key: Buffer.alloc(32).toString("base64url"), alg: options.alg, enc: options.enc };
  assert.equal((await refusal(() => decryptCompact(token, other))).code, "decryption_failed");
});
