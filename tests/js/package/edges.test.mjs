// Tokens and keys on the edges of the standards, through the public calls for JOSE alone: what is valid there is
// accepted, what is not is refused, each with its code. The table is the test.

import assert from "node:assert/strict";
import { createHmac, createPrivateKey, createPublicKey, generateKeyPairSync, sign as rawSign } from "node:crypto";
import { test } from "node:test";
import { CompactEncrypt, CompactSign, FlattenedEncrypt, FlattenedSign, GeneralSign, exportJWK, generateKeyPair } from "jose";
import { decryptCompact, encryptCompact, signCompact, verifyCompact } from "../../../pkg/dist/node.js";
import { refusal } from "../support/mint.mjs";

const any = (/** @type {unknown} */ value) => /** @type {any} */ (value);
const bytes = (/** @type {string} */ text) => new TextEncoder().encode(text);
const part = (/** @type {unknown} */ value) => Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
const SECRET = "an HMAC secret that has 64 bytes, as HS512 wants that many bytes";
const oct = { kty: "oct", k: part(SECRET) };

/** A token under the secret, of any header (an object, or the text itself) and payload. @param {unknown} header @param {string} [payload] */
function hmac(header, payload = "payload") {
  const input = `${part(header)}.${part(payload)}`;
  return `${input}.${createHmac("sha256", SECRET).update(input).digest("base64url")}`;
}

/** @param {unknown} key @param {string} [alg] */
const shared = (key, alg = "HS256") => any({ method: "symmetricKey", key, alg });
/** @param {unknown} key @param {string} [alg] */
const open = (key, alg = "ES256") => any({ method: "publicKey", key, alg });

const ec = await generateKeyPair("ES256", { extractable: true });
const [ecJwk, ecPrivate] = [await exportJWK(ec.publicKey), await exportJWK(ec.privateKey)];
const ecToken = await new CompactSign(bytes("payload")).setProtectedHeader({ alg: "ES256" }).sign(ec.privateKey);
const rsa = await generateKeyPair("RS256", { extractable: true });
const rsaJwk = await exportJWK(rsa.publicKey);
const rsaToken = await new CompactSign(bytes("payload")).setProtectedHeader({ alg: "RS256" }).sign(rsa.privateKey);
const good = hmac({ alg: "HS256" });
const zeroed = (/** @type {string} */ number) => Buffer.concat([Buffer.alloc(1), Buffer.from(number, "base64url")]).toString("base64url");

/** RSA keys that jose does not make. @param {number} modulusLength @param {number} publicExponent */
function unusual(modulusLength, publicExponent) {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength, publicExponent });
  const input = `${part({ alg: "RS256" })}.${part("payload")}`;
  return { key: publicKey.export({ format: "jwk" }), token: `${input}.${rawSign("sha256", Buffer.from(input), privateKey).toString("base64url")}` };
}
const [three, small] = [unusual(2048, 3), unusual(1024, 65537)];

/** A signature whose first half begins with a zero byte: one in 256 does. */
async function leadingZero() {
  for (let count = 0; ; count += 1) {
    const token = await new CompactSign(bytes(`${count}`)).setProtectedHeader({ alg: "ES256" }).sign(ec.privateKey);
    if (Buffer.from(token.split(".")[2] ?? "", "base64url")[0] === 0) return token;
  }
}
const der = () => {
  const input = ecToken.slice(0, ecToken.lastIndexOf("."));
  const key = createPrivateKey({ key: any(ecPrivate), format: "jwk" });
  return `${input}.${rawSign("sha256", Buffer.from(input), key).toString("base64url")}`;
};

/** Name, token, key, and the code of the refusal; without a code it is accepted. @type {[string, string, any, string?][]} */
const SIGNED = [
  ["plain", good, shared(oct)],
  ["an empty payload", hmac({ alg: "HS256" }, ""), shared(oct)],
  ["a header with line breaks and blanks (RFC 7515 A.1)", hmac('{"typ":"JWT",\r\n "alg":"HS256"}'), shared(oct)],
  ["members that nobody knows", hmac({ alg: "HS256", "https://example.org/x": { a: [1, null] }, x5t: "AAAA", jku: "https://evil.example" }), shared(oct)],
  ["typ and cty of any kind", hmac({ typ: "JOSE", cty: "text/plain", alg: "HS256" }), shared(oct)],
  ["a kid that is not the key's: there is one key only", hmac({ alg: "HS256", kid: "other" }), shared({ ...oct, kid: "one" })],
  ["use sig", good, shared({ ...oct, use: "sig" })],
  ["key_ops sign and verify", good, shared({ ...oct, key_ops: ["sign", "verify"] })],
  ["use and key_ops that agree", good, shared({ ...oct, use: "sig", key_ops: ["verify"] })],
  ["alg of the key", good, shared({ ...oct, alg: "HS256", ext: true })],
  ["use enc", good, shared({ ...oct, use: "enc" }), "key_use"],
  ["use of another kind", good, shared({ ...oct, use: "SIG" }), "key_use"],
  ["key_ops to sign only", good, shared({ ...oct, key_ops: ["sign"] }), "key_use"],
  ["key_ops of nothing", good, shared({ ...oct, key_ops: [] }), "key_use"],
  ["key_ops as text", good, shared({ ...oct, key_ops: "verify" }), "key_use"],
  ["key_ops twice (RFC 7517 4.3)", good, shared({ ...oct, key_ops: ["verify", "verify"] }), "key_use"],
  ["key_ops with what is no text", good, shared({ ...oct, key_ops: ["verify", 1] }), "key_use"],
  ["use and key_ops that disagree", good, shared({ ...oct, use: "sig", key_ops: ["verify", "decrypt"] }), "key_use"],
  ["alg of another row", good, shared({ ...oct, alg: "HS384" }), "key_use"],
  ["alg of an encryption", good, shared({ ...oct, alg: "A256KW" }), "key_use"],
  ["alg none of the key", good, shared({ ...oct, alg: "none" }), "key_use"],
  ["a secret shorter than the hash", good, shared({ kty: "oct", k: part(SECRET.slice(0, 31)) }), "key_too_short"],
  ["an empty secret", good, shared({ kty: "oct", k: "" }), "key_invalid"],
  ["a secret with padding", good, shared({ kty: "oct", k: `${part("an odd secret, 33 bytes with pad..")}=` }), "key_invalid"],
  ["the public key as secret", hmac({ alg: "HS256" }), shared(createPublicKey({ key: any(ecJwk), format: "jwk" }).export({ type: "spki", format: "pem" })), "key_is_pem"],
  ["an EC key for HMAC", good, shared(ecJwk), "key_wrong_type"],
  ["a secret for ES256", ecToken, open(oct), "key_wrong_type"],
  ["ES256", ecToken, open(ecJwk)],
  ["ES256 with leading zeros", await leadingZero(), open(ecJwk)],
  ["ES256 as DER", der(), open(ecJwk), "signature_invalid"],
  ["ES256 by HS256 with the key's text", hmac({ alg: "HS256" }), open(ecJwk), "alg_not_allowed"],
  ["a private key for a public one", ecToken, open(ecPrivate), "key_is_private"],
  ["a curve that is not the point's", ecToken, open({ ...ecJwk, crv: "P-384" }), "key_invalid"],
  ["a coordinate with a zero in front", ecToken, open({ ...ecJwk, x: zeroed(ecJwk.x ?? "") }), "key_invalid"],
  ["a point off the curve", ecToken, open({ ...ecJwk, x: ecJwk.y }), "key_off_curve"],
  ["without y", ecToken, open({ ...ecJwk, y: undefined }), "key_invalid"],
  ["kty in small letters", ecToken, open({ ...ecJwk, kty: "ec" }), "key_wrong_type"],
  ["secp256k1", ecToken, open({ ...ecJwk, crv: "secp256k1" }), "key_wrong_type"],
  ["RS256", rsaToken, open(rsaJwk, "RS256")],
  ["RS256 with x5c and unknown members", rsaToken, open({ ...rsaJwk, x5c: ["AAAA"], x5t: "AA", "": 1 }, "RS256")],
  ["a modulus with a zero in front", rsaToken, open({ ...rsaJwk, n: zeroed(rsaJwk.n ?? "") }, "RS256")],
  ["an exponent of 3", three.token, open(three.key, "RS256")],
  ["RSA of 1024 bits", small.token, open(small.key, "RS256"), "key_rsa_size"],
  ["an exponent of 1", rsaToken, open({ ...rsaJwk, e: "AQ" }, "RS256"), "key_rsa_exponent"],
  ["an even exponent", rsaToken, open({ ...rsaJwk, e: "AAEAAg" }, "RS256"), "key_rsa_exponent"],
  ["RS256 for a key of PS256", rsaToken, open(rsaJwk, "PS256"), "alg_not_allowed"],
  ["crit empty", hmac({ alg: "HS256", crit: [] }), shared(oct), "crit_unsupported"],
  ["crit unknown", hmac({ alg: "HS256", crit: ["exp"], exp: 1 }), shared(oct), "crit_unsupported"],
  ["crit of b64", hmac({ alg: "HS256", crit: ["b64"], b64: false }), shared(oct), "crit_unsupported"],
  ["b64 without crit", hmac({ alg: "HS256", b64: false }), shared(oct), "b64_unsupported"],
  ["alg none", `${part({ alg: "none" })}.${part("payload")}.`, shared(oct), "alg_none"],
  ["alg in other letters", hmac({ alg: "hs256" }), shared(oct), "alg_unknown"],
  ["alg as a list", hmac({ alg: ["HS256"] }), shared(oct), "header_invalid"],
  ["alg twice", hmac('{"alg":"HS256","alg":"none"}'), shared(oct), "json_duplicate_member"],
  ["a header that is a list", hmac("[]"), shared(oct), "json_not_object"],
  ["a comma too many", hmac('{"alg":"HS256",}'), shared(oct), "json_syntax"],
  ["text behind the header", hmac('{"alg":"HS256"}x'), shared(oct), "json_syntax"],
  ["without a signature", good.slice(0, good.lastIndexOf(".") + 1), shared(oct), "signature_invalid"],
  ["without its point too", good.slice(0, good.lastIndexOf(".")), shared(oct), "token_segments"],
  ["a payload taken out", good.replace(/\.[^.]*\./, ".."), shared(oct), "signature_invalid"],
  ["a part more", `${good}.`, shared(oct), "token_segments"],
  ["nothing", "", shared(oct), "token_missing"],
  ["padding", `${good}=`, shared(oct), "token_padding"],
  ["a line break at the end", `${good}\n`, shared(oct), "token_whitespace"],
  ["flattened JSON", JSON.stringify(await new FlattenedSign(bytes("payload")).setProtectedHeader({ alg: "HS256" }).sign(bytes(SECRET))), shared(oct), "token_is_json"],
  ["general JSON", JSON.stringify(await new GeneralSign(bytes("payload")).addSignature(bytes(SECRET)).setProtectedHeader({ alg: "HS256" }).sign()), shared(oct), "token_is_json"],
  ["a set", hmac({ alg: "HS256", kid: "b" }), { method: "jwks", keys: { keys: [{ ...oct, k: part(`${SECRET}.`), kid: "a" }, { ...oct, kid: "b" }] } }],
  ["a set without kid in the token", good, { method: "jwks", keys: { keys: [{ ...oct, kid: "b" }] } }, "kid_missing"],
  ["a set that does not know the kid", hmac({ alg: "HS256", kid: "c" }), { method: "jwks", keys: { keys: [{ ...oct, kid: "b" }] } }, "kid_unknown"],
  ["a set with two of a name", hmac({ alg: "HS256", kid: "b" }), { method: "jwks", keys: { keys: [{ ...oct, k: part(`${SECRET}.`), kid: "b" }, { ...oct, kid: "b" }] } }, "kid_ambiguous"],
  ["a set with one key twice", hmac({ alg: "HS256", kid: "b" }), { method: "jwks", keys: { keys: [{ ...oct, kid: "b" }, { ...oct, kid: "b" }] } }],
  ["a set of secrets and public keys", hmac({ alg: "HS256", kid: "b" }), { method: "jwks", keys: { keys: [{ ...oct, kid: "b" }, { ...ecJwk, kid: "a" }] } }, "key_set_mixed"],
  ["an empty set", good, { method: "jwks", keys: { keys: [] } }, "key_set_empty"],
];

/** @param {unknown} key @param {string} alg @param {string} [enc] */
const private_ = (key, alg, enc = "A128GCM") => any({ key, alg, enc });
const wrapping = { kty: "oct", k: part("sixteen bytes ok") };
/** @param {object} header @param {unknown} key @param {string} [text] @param {Record<string, Uint8Array>} [party] */
const encrypt = (header, key, text = "plaintext", party) => {
  const make = new CompactEncrypt(bytes(text)).setProtectedHeader(any(header));
  return (party ? make.setKeyManagementParameters(party) : make).encrypt(any(key));
};
const agreeing = await generateKeyPair("ECDH-ES", { crv: "P-256", extractable: true });
const agreeingJwk = await exportJWK(agreeing.privateKey);
const oaep = await generateKeyPair("RSA-OAEP-256", { extractable: true });
const oaepJwk = await exportJWK(oaep.privateKey);
const kw = await encrypt({ alg: "A128KW", enc: "A128GCM" }, bytes("sixteen bytes ok"));
const direct = await encrypt({ alg: "dir", enc: "A128GCM" }, bytes("sixteen bytes ok"));
const agreed = await encrypt({ alg: "ECDH-ES", enc: "A128GCM" }, agreeing.publicKey);
const x25519 = await generateKeyPair("ECDH-ES", { crv: "X25519", extractable: true });
/** A token with other parts. @param {string} token @param {Record<number, string>} others */
const parts = (token, others) => token.split(".").map((text, index) => others[index] ?? text).join(".");
/** @param {string} token @param {(header: any) => unknown} change */
const header = (token, change) => parts(token, { 0: part(change(JSON.parse(Buffer.from(token.split(".")[0] ?? "", "base64url").toString()))) });

/** @type {[string, string, any, string?][]} */
const ENCRYPTED = [
  ["A128KW", kw, private_(wrapping, "A128KW")],
  ["A128KW with all that a key may say", kw, private_({ ...wrapping, use: "enc", alg: "A128KW", key_ops: ["wrapKey", "unwrapKey"], kid: "k" }, "A128KW")],
  ["dir", direct, private_(wrapping, "dir")],
  ["dir, the key for its content encryption (RFC 7520 5.6)", direct, private_({ ...wrapping, use: "enc", alg: "A128GCM" }, "dir")],
  ["dir, key_ops of a content key", direct, private_({ ...wrapping, key_ops: ["encrypt", "decrypt"] }, "dir")],
  ["an empty plaintext", await encrypt({ alg: "dir", enc: "A128GCM" }, bytes("sixteen bytes ok"), ""), private_(wrapping, "dir")],
  ["typ, cty, kid and members that nobody knows", await encrypt({ alg: "dir", enc: "A128GCM", typ: "x", cty: "y", kid: "z", more: [1] }, bytes("sixteen bytes ok")), private_(wrapping, "dir")],
  ["ECDH-ES", agreed, private_(agreeingJwk, "ECDH-ES")],
  ["ECDH-ES with parties", await encrypt({ alg: "ECDH-ES", enc: "A128GCM" }, agreeing.publicKey, "plaintext", { apu: bytes("Alice"), apv: bytes("Bob") }), private_(agreeingJwk, "ECDH-ES")],
  ["ECDH-ES, key_ops to derive", agreed, private_({ ...agreeingJwk, use: "enc", key_ops: ["deriveBits"] }, "ECDH-ES")],
  ["RSA-OAEP-256", await encrypt({ alg: "RSA-OAEP-256", enc: "A128GCM" }, oaep.publicKey), private_({ ...oaepJwk, use: "enc", key_ops: ["decrypt", "unwrapKey"] }, "RSA-OAEP-256")],
  ["use sig", kw, private_({ ...wrapping, use: "sig" }, "A128KW"), "key_use"],
  ["key_ops to wrap only", kw, private_({ ...wrapping, key_ops: ["wrapKey"] }, "A128KW"), "key_use"],
  ["key_ops twice", kw, private_({ ...wrapping, key_ops: ["unwrapKey", "unwrapKey"] }, "A128KW"), "key_use"],
  ["use and key_ops that disagree", kw, private_({ ...wrapping, use: "enc", key_ops: ["unwrapKey", "verify"] }, "A128KW"), "key_use"],
  ["alg of another row", kw, private_({ ...wrapping, alg: "A256KW" }, "A128KW"), "key_use"],
  ["a key of another length", kw, private_({ kty: "oct", k: part("a key of 32 bytes, which is more") }, "A128KW"), "key_size"],
  ["a public key to decrypt with", agreed, private_(await exportJWK(agreeing.publicKey), "ECDH-ES"), "key_wrong_type"],
  ["the private half of another key", agreed, private_({ ...agreeingJwk, d: ecPrivate.d }, "ECDH-ES"), "key_invalid"],
  ["an RSA key for an agreement", agreed, private_(oaepJwk, "ECDH-ES"), "key_wrong_type"],
  ["X25519", await encrypt({ alg: "ECDH-ES", enc: "A128GCM" }, x25519.publicKey), private_(agreeingJwk, "ECDH-ES"), "header_invalid"],
  ["another algorithm than the key's", direct, private_(wrapping, "A128KW"), "alg_not_allowed"],
  ["another content encryption than the key's", kw, private_(wrapping, "A128KW", "A256GCM"), "enc_not_allowed"],
  ["RSA1_5", header(kw, (members) => ({ ...members, alg: "RSA1_5" })), private_(wrapping, "A128KW"), "alg_refused"],
  ["PBES2", header(kw, (members) => ({ ...members, alg: "PBES2-HS256+A128KW", p2c: 1, p2s: "AAAA" })), private_(wrapping, "A128KW"), "alg_refused"],
  ["zip", header(kw, (members) => ({ ...members, zip: "DEF" })), private_(wrapping, "A128KW"), "zip_refused"],
  ["crit", header(kw, (members) => ({ ...members, crit: ["exp"], exp: 1 })), private_(wrapping, "A128KW"), "crit_unsupported"],
  ["without enc", header(kw, ({ alg }) => ({ alg })), private_(wrapping, "A128KW"), "enc_missing"],
  ["enc unknown", header(kw, (members) => ({ ...members, enc: "A128CTR" })), private_(wrapping, "A128KW"), "enc_unknown"],
  ["dir with a wrapped key", parts(direct, { 1: "AAAA" }), private_(wrapping, "dir"), "decryption_failed"],
  ["ECDH-ES with a wrapped key", parts(agreed, { 1: "AAAA" }), private_(agreeingJwk, "ECDH-ES"), "decryption_failed"],
  ["A128KW without a wrapped key", parts(kw, { 1: "" }), private_(wrapping, "A128KW"), "decryption_failed"],
  ["without an IV", parts(direct, { 2: "" }), private_(wrapping, "dir"), "decryption_failed"],
  ["an IV of 16 bytes", parts(direct, { 2: part("sixteen bytes ok") }), private_(wrapping, "dir"), "decryption_failed"],
  ["without ciphertext", parts(direct, { 3: "" }), private_(wrapping, "dir"), "decryption_failed"],
  ["without a tag", parts(direct, { 4: "" }), private_(wrapping, "dir"), "decryption_failed"],
  ["a tag of 12 bytes", parts(direct, { 4: (direct.split(".")[4] ?? "").slice(0, 16) }), private_(wrapping, "dir"), "decryption_failed"],
  ["an ephemeral key with its private half", header(agreed, (members) => ({ ...members, epk: { ...members.epk, d: agreeingJwk.d } })), private_(agreeingJwk, "ECDH-ES"), "header_invalid"],
  ["an ephemeral key off the curve", header(agreed, (members) => ({ ...members, epk: { ...members.epk, y: members.epk.x } })), private_(agreeingJwk, "ECDH-ES"), "header_invalid"],
  ["a signed token", good, private_(wrapping, "A128KW"), "token_segments"],
  ["flattened JSON", JSON.stringify(await new FlattenedEncrypt(bytes("plaintext")).setProtectedHeader({ alg: "dir", enc: "A128GCM" }).encrypt(bytes("sixteen bytes ok"))), private_(wrapping, "dir"), "token_is_json"],
];

/** @param {[string, string, any, string?][]} rows @param {(token: string, key: any) => Promise<any>} call */
async function judge(rows, call) {
  const wrong = [];
  let accepted = 0;
  for (const [name, token, key, code] of rows) {
    const found = await call(token, key).then(() => undefined, (error) => error.code);
    if (found !== code) wrong.push(`${name}: ${found ?? "accepted"}, not ${code ?? "accepted"}`);
    if (code === undefined) accepted += 1;
  }
  assert.deepEqual(wrong, []);
  return `${accepted} accepted, ${rows.length - accepted} refused, each with its code`;
}

test("signed tokens and keys on the edges of the standards", async () => {
  console.log(`  signed: ${await judge(SIGNED, verifyCompact)}`);
});

test("encrypted tokens and keys on the edges of the standards", async () => {
  console.log(`  encrypted: ${await judge(ENCRYPTED, decryptCompact)}`);
});

test("any bytes are a payload and a plaintext, and come out as they went in", async () => {
  for (const content of [new Uint8Array(), Uint8Array.of(0), Uint8Array.from({ length: 256 }, (_, index) => index), bytes("é\u0000\ud83d\ude00")]) {
    const signed = await signCompact(content, any(oct), any({ alg: "HS256" }));
    assert.deepEqual((await verifyCompact(signed, shared(oct))).payload, content);
    const sealed = await encryptCompact(content, any({ key: wrapping }), any({ alg: "A128KW", enc: "A128CBC-HS256" })).catch(() =>
      encryptCompact(content, any(wrapping), any({ alg: "A128KW", enc: "A128CBC-HS256" })));
    assert.deepEqual((await decryptCompact(sealed, private_(wrapping, "A128KW", "A128CBC-HS256"))).plaintext, content);
  }
  assert.equal((await refusal(() => signCompact(bytes("x"), any(ecPrivate), any({ alg: "none" })))).code, "alg_none");
});
