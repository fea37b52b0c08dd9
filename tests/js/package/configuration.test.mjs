// What is refused when a verifier is made, before any token: each mistake with its own code and its place.

import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { test } from "node:test";
import { createVerifier } from "../../../pkg/dist/node.js";
import { pair, refusal } from "../support/mint.mjs";

const any = (/** @type {unknown} */ value) => /** @type {any} */ (value);
const text = (/** @type {number} */ bytes) => Buffer.alloc(bytes, "a secret of so many bytes ").toString("base64url");
const [ec, larger, rsa] = await Promise.all([pair("ES256"), pair("ES384"), pair("RS256")]);
const ecJwk = any(ec.jwk);
const rsaJwk = any(rsa.jwk);

/** @param {string} modulus base64url @param {(bytes: Buffer) => void} change */
function changed(modulus, change) {
  const bytes = Buffer.from(modulus, "base64url");
  change(bytes);
  return bytes.toString("base64url");
}
/** @param {number} modulusLength */
const rsaOf = (modulusLength) => generateKeyPairSync("rsa", { modulusLength }).publicKey.export({ format: "jwk" });
/** As of the devices of CVE-2017-15361: a power of 65537 is one modulo every prime. */
const roca = Buffer.from((65537n ** 128n).toString(16).padStart(514, "0"), "hex");

const publicKey = (/** @type {unknown} */ key, alg = "ES256") => ({ verify: { method: "publicKey", key, alg } });
const secret = (/** @type {unknown} */ key, more = {}) => ({ verify: { method: "symmetricKey", key, encoding: "base64url", alg: "HS256", ...more } });
const oct = (/** @type {number} */ bytes, kid = "k") => ({ kty: "oct", k: text(bytes), kid });

/** Name, settings, code (none: taken), and the place. @type {[string, any, string?, string?][]} */
const ROWS = [
  ["a private JWK in a public one's place", publicKey(ec.privateJwk), "key_is_private", "/verify/key/d"],
  ["a private PEM in a public one's place", publicKey(ec.pkcs8), "key_is_private", "/verify/key"],
  ["a public PEM as secret", secret(ec.pem, { encoding: "utf8" }), "key_is_pem", "/verify/key"],
  ["a private PEM as secret", secret(ec.pkcs8, { encoding: "utf8" }), "key_is_pem", "/verify/key"],
  ["a public JWK as secret", secret(JSON.stringify(ecJwk), { encoding: "utf8" }), "key_is_public", "/verify/key"],
  ["a public JWK in base64 as secret", secret(Buffer.from(JSON.stringify(ecJwk)).toString("base64"), { encoding: "utf8" }), "key_is_public", "/verify/key"],
  ["a secret without its encoding", secret(text(32), { encoding: undefined }), "key_encoding_missing", "/verify/encoding"],
  ["a secret in another encoding", secret("not base64url!", {}), "key_encoding_invalid", "/verify/key"],
  ["a secret of 31 bytes", secret(text(31)), "key_too_short", "/verify/key"],
  ["a secret of 32 bytes", secret(text(32))],
  ["a secret of 63 bytes for HS512", secret(text(63), { alg: "HS512" }), "key_too_short", "/verify/key"],
  ["a secret of 16 bytes, allowed", { ...secret(text(16)), allowShortSecret: true }],
  ["a secret of 15 bytes, allowed", { ...secret(text(15)), allowShortSecret: true }, "key_too_short", "/verify/key"],
  ["RSA of 2048 bits", publicKey(rsa.pem, "RS256")],
  ["RSA of 2040 bits", publicKey(rsaOf(2040), "RS256"), "key_rsa_size", "/verify/key"],
  ["RSA of 4104 bits", publicKey({ ...rsaJwk, n: Buffer.alloc(513, 0xff).toString("base64url") }, "RS256"), "key_rsa_size", "/verify/key"],
  ["an exponent of 1", publicKey({ ...rsaJwk, e: "AQ" }, "RS256"), "key_rsa_exponent", "/verify/key"],
  ["an even exponent", publicKey({ ...rsaJwk, e: "AAEAAg" }, "RS256"), "key_rsa_exponent", "/verify/key"],
  ["an even modulus", publicKey({ ...rsaJwk, n: changed(rsaJwk.n, (n) => { n[255] = 0; }) }, "RS256"), "key_rsa_exponent", "/verify/key"],
  ["a modulus of weak devices (ROCA)", publicKey({ ...rsaJwk, n: roca.toString("base64url") }, "RS256"), "key_rsa_weak", "/verify/key"],
  ["a point off its curve", publicKey({ ...ecJwk, y: ecJwk.x }), "key_off_curve", "/verify/key"],
  ["a curve that the algorithm has not", publicKey(larger.jwk), "key_wrong_type", "/verify/key"],
  ["a PEM of another curve", publicKey(larger.pem), "key_wrong_type", "/verify/key"],
  ["crv of another curve", publicKey({ ...ecJwk, crv: "P-521" }), "key_invalid"],
  ["alg of another row", publicKey({ ...ecJwk, alg: "ES384" }), "key_wrong_type", "/verify/key/alg"],
  ["use enc", publicKey({ ...ecJwk, use: "enc" }), "key_use", "/verify/key/use"],
  ["key_ops to sign", publicKey({ ...ecJwk, key_ops: ["sign"] }), "key_use", "/verify/key/key_ops"],
  ["the same secret to verify and to decrypt", { ...secret(text(32)), decrypt: { key: text(32), encoding: "base64url", alg: "dir", enc: "A256GCM" } }, "key_shared", "/decrypt/key"],
  ["the same pair to verify and to decrypt", { ...publicKey(ecJwk), decrypt: { key: ec.privateJwk, alg: "ECDH-ES", enc: "A256GCM" } }, "key_shared", "/decrypt/key"],
  ["secrets and public keys in one set", { verify: { method: "jwks", keys: { keys: [oct(32), { ...ecJwk, kid: "e" }] } } }, "key_set_mixed"],
  ["secrets alone in a set", { verify: { method: "jwks", keys: { keys: [oct(32, "a"), oct(33, "b")] } } }],
  ["an empty set", { verify: { method: "jwks", keys: { keys: [] } } }, "key_set_empty"],
  ["eight sources", { verify: Array.from({ length: 8 }, () => publicKey(ecJwk).verify) }],
  ["nine sources", { verify: Array.from({ length: 9 }, () => publicKey(ecJwk).verify) }, "settings_invalid", "/verify"],
  ["line breaks as \\n, CRLF and odd wrapping", { verify: [ec.pem.replaceAll("\n", "\\n"), ec.pem.replaceAll("\n", "\r\n"), ec.pem.replace(/([A-Za-z0-9+/]{7})/g, "$1\n").replace(/-----[^]*?-----/g, (line) => line.replaceAll("\n", ""))].map((key) => publicKey(key).verify) }],
];

test("each mistake with a key has its own code and place, before any token", async () => {
  const [wrong, table] = [/** @type {string[]} */ ([]), /** @type {string[]} */ ([])];
  for (const [name, settings, code, at] of ROWS) {
    const error = await createVerifier(settings).then((verifier) => verifier.close(), (fault) => fault);
    if (error?.code !== code || (at !== undefined && error.details.at !== at)) wrong.push(`${name}: ${error?.code} ${error?.details?.at}, not ${code} ${at}`);
    table.push(`  ${name.padEnd(48)} ${code ?? "taken"}`);
  }
  assert.deepEqual(wrong, []);
  console.log(table.join("\n"));
});

test("no refusal of a key shows any of it", async () => {
  for (const [name, settings, code] of ROWS) {
    if (code === undefined) continue;
    const { message, details } = await refusal(() => createVerifier(settings));
    const shown = `${message}${JSON.stringify(details)}`;
    for (const part of [ec.privateJwk.d, ec.jwk.x, rsaJwk.n, text(31)]) assert.ok(!shown.includes(String(part).slice(0, 12)), name);
  }
});
