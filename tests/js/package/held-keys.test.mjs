// Keys as hosts hold them, in both modules, and checks that must not vanish with a value that is missing by mistake.

import assert from "node:assert/strict";
import { KeyObject, createPrivateKey, createPublicKey, createSecretKey } from "node:crypto";
import { test } from "node:test";
import { HandstampError, createVerifier, decryptCompact, encryptCompact, inspect, signCompact, verifyCompact } from "../../../pkg/dist/node.js";
import { createIssuer } from "../../../pkg/dist/testing.js";
import * as small from "../../../pkg/dist/verify.js";
import { SECRET, claims, pair, refusal } from "../support/mint.mjs";

const any = (/** @type {unknown} */ value) => /** @type {any} */ (value);
const bytes = new TextEncoder().encode(SECRET);
const payload = claims();
const hmac = (extractable = true) => crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, extractable, ["sign", "verify"]);

test("a shared secret is taken as bytes, CryptoKey and KeyObject, to sign and to verify, by both modules", async () => {
  const keys = [bytes, bytes.buffer, new DataView(bytes.buffer), await hmac(), createSecretKey(bytes)];
  for (const key of keys) {
    const token = await signCompact(payload, { key: any(key) }, { alg: "HS256" });
    assert.equal(token, await signCompact(payload, any(key), { alg: "HS256" }), "by itself or as a member");
    const settings = { verify: { method: /** @type {const} */ ("symmetricKey"), key: any(key), alg: /** @type {const} */ ("HS256") } };
    for (const entry of [{ createVerifier }, small]) {
      const verifier = await entry.createVerifier(settings);
      assert.equal(verifier.verifySync(token).claims.sub, payload.sub);
      assert.throws(() => verifier.verifySync(`${token.slice(0, -3)}AAA`), { code: "signature_invalid" });
    }
    assert.equal(any((await verifyCompact(token, settings.verify)).header).alg, "HS256");
  }
});

test("key pairs are taken as CryptoKey, KeyObject, SPKI and PKCS#8", async () => {
  for (const alg of /** @type {const} */ (["ES256", "RS256", "PS512", "EdDSA"])) {
    const { pem, pkcs8, privateKey } = await pair(alg);
    const [publicObject, privateObject] = [createPublicKey(pem), createPrivateKey(pkcs8)];
    const publicKey = await crypto.subtle.importKey("spki", publicObject.export({ format: "der", type: "spki" }), any(privateKey).algorithm, true, ["verify"]);
    const signing = [privateKey, privateObject, privateObject.export({ format: "der", type: "pkcs8" })];
    const verifying = [publicKey, publicObject, KeyObject.from(any(publicKey)), publicObject.export({ format: "der", type: "spki" })];
    for (const key of signing) {
      const token = await signCompact(payload, any(key), { alg });
      for (const held of verifying) {
        const verifier = await createVerifier({ verify: [{ method: "publicKey", key: any(held), alg }] });
        assert.equal((await verifier.verify(token)).claims.sub, payload.sub, alg);
      }
    }
  }
});

test("a key that cannot be exported signs, and is refused by name where its numbers are needed", async () => {
  const { privateKey, publicKey } = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);
  const token = await signCompact(payload, any(privateKey), { alg: "ES256" });
  const verifier = await createVerifier({ verify: { method: "publicKey", key: any(publicKey), alg: "ES256" } });
  assert.equal((await verifier.verify(token)).claims.sub, payload.sub);

  const closed = await refusal(async () => createVerifier({ verify: [{ method: "symmetricKey", key: any(await hmac(false)), alg: "HS256" }] }));
  assert.deepEqual([closed.code, closed.details.at, closed.details.got], ["key_invalid", "/verify/0/key", "one that is not"]);
  for (const [alg, key] of [["ES384", privateKey], ["RS256", privateKey], ["ES256", publicKey], ["HS256", publicKey]]) {
    assert.match((await refusal(() => signCompact(payload, any(key), { alg: any(alg) }))).code, /^key_|^alg_/, String(alg));
  }
  const swapped = await refusal(() => createVerifier({ verify: { method: "publicKey", key: any(createPrivateKey(privatePem)), alg: "ES256" } }));
  assert.deepEqual([swapped.code, swapped.details.at], ["key_is_private", "/verify/key/d"]);
});
const { pkcs8: privatePem } = await pair("ES256");

test("encrypted tokens are made for and opened with held keys", async () => {
  const aes = crypto.getRandomValues(new Uint8Array(32));
  const wrapping = await crypto.subtle.importKey("raw", aes, "AES-KW", true, ["wrapKey", "unwrapKey"]);
  const rsa = await crypto.subtle.generateKey({ name: "RSA-OAEP", modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1), hash: "SHA-256" }, true, ["encrypt", "decrypt"]);
  /** @type {[string, unknown, unknown][]} */
  const rows = [["A256KW", aes, wrapping], ["dir", createSecretKey(aes), aes], ["RSA-OAEP-256", rsa.publicKey, rsa.privateKey]];
  for (const [alg, to, from] of rows) {
    const token = await encryptCompact("hello", { key: any(to) }, { alg: any(alg), enc: "A256GCM" });
    const { plaintext } = await decryptCompact(token, { key: any(from), alg: any(alg), enc: "A256GCM" });
    assert.equal(new TextDecoder().decode(plaintext), "hello", alg);
  }
});

test("a check does not vanish with a value that is undefined or null", async () => {
  const key = { method: "symmetricKey", key: SECRET, encoding: "utf8", alg: "HS256" };
  for (const value of [undefined, null]) {
    for (const name of ["issuer", "audience", "typ", "maxLifetimeSeconds", "decrypt", "encryption"]) {
      for (const entry of [{ createVerifier }, small]) {
        const error = await refusal(() => entry.createVerifier(any({ verify: key, [name]: value })));
        assert.deepEqual([error.code, error.details.at], ["settings_invalid", `/${name}`]);
      }
    }
    const set = await refusal(() => createVerifier(any({ verify: [{ method: "jwks", url: "https://a.example/keys", algs: value }] })));
    assert.deepEqual([set.code, set.details.at], ["settings_invalid", "/verify/0/algs"]);
    const jwk = { kty: "oct", k: Buffer.from(SECRET).toString("base64url"), alg: value };
    assert.match(String((await refusal(() => createVerifier(any({ verify: { ...key, key: jwk, encoding: undefined } })))).details.at), /^\/verify\/key/);
  }
  const lists = await createVerifier(any({ verify: key, issuer: ["a", "b"], audience: ["x", "y"] }));
  const by = async (/** @type {object} */ more) => lists.verifySync(await signCompact({ ...payload, ...more }, any({ key: SECRET, encoding: "utf8" }), { alg: "HS256" }));
  assert.equal((await by({ iss: "b", aud: ["z", "x"] })).claims.iss, "b");
  assert.equal((await refusal(() => by({ iss: "c", aud: "x" }))).code, "issuer_mismatch");
  assert.equal((await refusal(() => by({ iss: "a", aud: "z" }))).code, "audience_mismatch");
});

test("a result is plain data, and a refusal of another copy of the package is recognised", async () => {
  const verifier = await createVerifier({ verify: { method: "symmetricKey", key: bytes, alg: "HS256" } });
  const token = await signCompact(payload, { key: bytes }, { alg: "HS256" });
  for (const found of [verifier.verifySync(token), (await small.createVerifier({ verify: { method: "symmetricKey", key: bytes, alg: "HS256" } })).verifySync(token)]) {
    assert.deepEqual(structuredClone(found), found);
    assert.deepEqual({ ...found }.claims, payload);
    const { inspect: shown } = await import("node:util");
    assert.ok(shown(found).includes(payload.sub) && !shown(found).includes("Getter"), shown(found));
  }
  const copy = await import(`../../../pkg/dist/refusal.js?${"another copy"}`);
  const foreign = new copy.HandstampError("token_expired");
  assert.deepEqual([foreign instanceof HandstampError, HandstampError.is(foreign), copy.HandstampError.is(await refusal(() => inspect(any(7))))], [false, true, true]);
  for (const other of [new Error("token_expired"), { code: "token_expired" }, null, "token_expired", undefined]) assert.equal(HandstampError.is(other), false);
});

test("the issuer for people's own tests makes tokens that nothing is said against", async () => {
  for (const alg of /** @type {const} */ (["HS256", "ES256", "RS256", "EdDSA"])) {
    const issuer = await createIssuer({ alg });
    const verifier = await createVerifier({ verify: issuer.verify });
    assert.deepEqual((await verifier.verify(await issuer.token())).warnings, [], alg);
    assert.equal((await refusal(async () => verifier.verify(await issuer.forged()))).code, "signature_invalid", alg);
  }
});
