// Two ways to compute, one verdict: everything that the module and the host's WebCrypto can both do is done by
// both, and what the host alone can do is done by it. A host that cannot is never a verdict.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { CompactEncrypt, compactDecrypt, exportJWK, exportPKCS8, exportSPKI, generateKeyPair } from "jose";
import { initSync } from "../../../pkg/dist/handstamp_accounts.js";
import { createVerifier, decryptCompact, encryptCompact, verifyCompact } from "../../../pkg/dist/node.js";
import { testing } from "../../../pkg/dist/webcrypto.js";
import { CAMPAIGN, SECRET, claims, pair, refusal, settings, sign } from "../support/mint.mjs";

const any = (/** @type {unknown} */ value) => /** @type {any} */ (value);
const vectors = (/** @type {string} */ name) =>
  JSON.parse(readFileSync(new URL(`../../vectors/${name}.json`, import.meta.url), "utf8"));
const PUBLIC = /** @type {const} */ (["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]);
const HOST_ONLY = ["ES384", "ES512"];
const CONTENT = ["A128GCM", "A192GCM", "A256GCM", "A128CBC-HS256", "A192CBC-HS384", "A256CBC-HS512"];

/** How often the host computed. */
const asked = { verify: 0, decrypt: 0, deriveBits: 0 };
for (const name of /** @type {const} */ (["verify", "decrypt", "deriveBits"])) {
  const own = any(crypto.subtle)[name];
  any(crypto.subtle)[name] = (/** @type {unknown[]} */ ...all) => {
    asked[name] += 1;
    return own.apply(crypto.subtle, all);
  };
}
after(() => {
  testing.way = "table";
});

/** What came of a call: the content, or the code of the refusal. @param {() => Promise<any>} call */
async function outcome(call) {
  try {
    const { payload, plaintext } = await call();
    return Buffer.from(payload ?? plaintext).toString("base64url");
  } catch (error) {
    return any(error).code;
  }
}

/** The same call by either way. @param {() => Promise<any>} call @param {string} name */
async function both(call, name) {
  testing.way = "module";
  const here = await outcome(call);
  testing.way = "host";
  const there = await outcome(call);
  testing.way = "table";
  assert.equal(there, here, name);
  assert.notEqual(here, "internal", name);
  return here;
}

/** A token, and the same with something changed here and there. @param {string} token */
function* mutations(token) {
  yield token;
  for (let at = 3; at < token.length; at += Math.ceil(token.length / 14)) {
    const other = token[at] === "A" ? "B" : "A";
    if (token[at] !== ".") yield token.slice(0, at) + other + token.slice(at + 1);
  }
  // The signature or tag: its first and last bytes, zeros, another length.
  const [head, last] = [token.slice(0, token.lastIndexOf(".") + 1), token.slice(token.lastIndexOf(".") + 1)];
  const bytes = Buffer.from(last, "base64url");
  for (const at of [0, bytes.length >> 1, bytes.length - 1]) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 0x80;
    yield head + changed.toString("base64url");
  }
  yield head + Buffer.alloc(bytes.length).toString("base64url");
  yield head + Buffer.alloc(bytes.length, 0xff).toString("base64url");
  yield head + bytes.subarray(1).toString("base64url");
  yield head + Buffer.concat([bytes, Buffer.of(0)]).toString("base64url");
  yield head;
}

test("the signed vectors have one verdict and one code, whoever computes", async () => {
  const rows = [
    ...vectors("python/signed").tokens.map((/** @type {any} */ row) => ({ key: row.key, token: row.token })),
    ...["rfc7515", "rfc7520", "rfc8037"].flatMap((name) => vectors(`rfc/${name}`).signed ?? []).map(({ key, alg, token }) => ({
      key: { method: key.kty === "oct" ? "symmetricKey" : "publicKey", alg, key }, token,
    })),
  ];
  assert.ok(rows.length >= 15, `${rows.length} rows`);
  let [good, bad] = [0, 0];
  for (const { key, token } of rows) {
    const given = key.method === "jwks" ? key : { ...key, status: undefined };
    for (const changed of mutations(token)) {
      const found = await both(() => verifyCompact(changed, given), `${given.alg} ${changed.slice(-20)}`);
      if (changed === token) assert.match(found, /^[\w-]*$/, given.alg);
      if (changed === token) good += 1;
      else bad += 1;
    }
  }
  assert.ok(good === rows.length && bad > 15 * rows.length, `${good} good, ${bad} bad`);
  console.log(`  two ways, signed: ${good} good and ${bad} bad tokens, one verdict and one code each`);
  assert.ok(asked.verify > 50, `the host verified ${asked.verify} times`);
});

test("the encrypted vectors have one verdict and one code, whoever computes", async () => {
  const { tokens, plaintext } = vectors("python/management");
  const expected = Buffer.from(plaintext).toString("base64url");
  let judged = 0;
  for (const { decrypt, token, curve, pem } of tokens) {
    const name = `${decrypt.alg} ${decrypt.enc} ${curve}`;
    assert.equal(await both(() => decryptCompact(token, decrypt), name), expected, name);
    if (pem) assert.equal(await both(() => decryptCompact(token, { ...decrypt, key: pem }), name), expected, `${name} by PEM`);
    if (decrypt.enc !== "A128GCM") continue;
    for (const changed of mutations(token)) {
      const found = await both(() => decryptCompact(changed, decrypt), name);
      if (changed !== token) assert.match(found, /^(decryption_failed|header_invalid|json_|token_|alg_|enc_|header_|zip_)/, name);
      judged += 1;
    }
  }
  assert.ok(judged > 300, `${judged} judged`);
  console.log(`  two ways, encrypted: ${tokens.length} good and ${judged} changed tokens, one verdict and one code each`);
  assert.ok(asked.decrypt > 10 && asked.deriveBits > 30, JSON.stringify(asked));
});

test("T33 wrapped keys that RSA cannot open fail like everything else", async () => {
  const row = vectors("python/management").tokens.find((/** @type {any} */ row) => row.alg === "RSA-OAEP-256");
  const [header, wrapped, ...rest] = row.token.split(".");
  const bytes = Buffer.from(wrapped, "base64url");
  for (const other of [Buffer.alloc(256), Buffer.alloc(256, 0xff), Buffer.alloc(256, 1), bytes.subarray(1), Buffer.alloc(0), Buffer.concat([bytes, bytes])]) {
    const token = [header, other.toString("base64url"), ...rest].join(".");
    const error = await refusal(() => decryptCompact(token, row.decrypt));
    assert.deepEqual([error.code, error.details.got], ["decryption_failed", undefined]);
  }
  // A content key of another length, well encrypted.
  const key = await crypto.subtle.importKey("jwk", { ...row.decrypt.key, d: undefined, p: undefined, q: undefined, dp: undefined, dq: undefined, qi: undefined }, { name: "RSA-OAEP", hash: "SHA-256" }, false, ["encrypt"]);
  for (const length of [0, 15, 17, 32]) {
    const short = Buffer.from(await crypto.subtle.encrypt({ name: "RSA-OAEP" }, key, new Uint8Array(length)));
    const token = [header, short.toString("base64url"), ...rest].join(".");
    assert.equal((await refusal(() => decryptCompact(token, row.decrypt))).code, "decryption_failed", `${length} bytes`);
  }
});

test("a token of npm jose is admitted for every documented signature algorithm, and refused when changed", async () => {
  for (const alg of PUBLIC) {
    const key = await pair(alg);
    const token = await sign(claims(), alg, key.privateKey, { kid: "k1" });
    for (const verify of [
      { method: "publicKey", key: key.pem, alg },
      { method: "jwks", keys: { keys: [{ ...key.jwk, kid: "k1" }] } },
    ]) {
      const verifier = await createVerifier(any({ verify }));
      assert.equal((await verifier.admit(token, { campaignId: CAMPAIGN })).subject, "participant-7f3a", alg);
      const report = await verifier.explain(token, { campaignId: CAMPAIGN });
      assert.equal(report.verdict, "accepted", `${alg}: ${JSON.stringify(report.checks.filter(({ status }) => status === "fail"))}`);
      if (HOST_ONLY.includes(alg)) {
        assert.equal((await refusal(() => verifier.admitSync(token, { campaignId: CAMPAIGN }))).code, "sync_unsupported", alg);
      } else {
        assert.equal(verifier.admitSync(token, { campaignId: CAMPAIGN }).subject, "participant-7f3a", alg);
      }
      const other = await sign(claims(), alg, (await pair(alg)).privateKey, { kid: "k1" });
      assert.equal((await refusal(() => verifier.admit(other, { campaignId: CAMPAIGN }))).code, "signature_invalid", alg);
      const rejected = await verifier.explain(other, { campaignId: CAMPAIGN });
      assert.ok(rejected.checks.some(({ code, status }) => code === "signature_invalid" && status === "fail"), alg);
      verifier.close();
    }
  }
});

test("a nested token of npm jose is admitted for every key management and content encryption", async () => {
  const key = await pair("ES384");
  const inner = new TextEncoder().encode(await sign(claims(), "ES384", key.privateKey));
  const verify = { method: "publicKey", key: key.pem, alg: "ES384" };
  /** @type {[string, string, unknown, unknown][]} */
  const rows = [];
  const secret = (/** @type {number} */ bytes) => crypto.getRandomValues(new Uint8Array(bytes));
  const text = (/** @type {Uint8Array} */ bytes) => ({ key: Buffer.from(bytes).toString("base64url"), encoding: "base64url" });
  for (const enc of CONTENT) {
    const direct = secret({ A128GCM: 16, A192GCM: 24, "A192CBC-HS384": 48, "A256CBC-HS512": 64 }[enc] ?? 32);
    rows.push(["dir", enc, direct, text(direct)]);
  }
  for (const [bits, bytes] of [[128, 16], [192, 24], [256, 32]]) {
    for (const alg of [`A${bits}KW`, `A${bits}GCMKW`]) {
      const wrapping = secret(any(bytes));
      rows.push([alg, "A256GCM", wrapping, text(wrapping)]);
    }
  }
  for (const crv of ["P-256", "P-384", "P-521"]) {
    for (const alg of ["ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A192KW", "ECDH-ES+A256KW"]) {
      const { publicKey, privateKey } = await generateKeyPair(alg, { crv, extractable: true });
      rows.push([alg, "A256CBC-HS512", publicKey, { key: await exportJWK(privateKey) }]);
      rows.push([alg, "A128GCM", publicKey, { key: await exportPKCS8(privateKey) }]);
    }
  }
  for (const alg of ["RSA-OAEP", "RSA-OAEP-256"]) {
    const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
    rows.push([alg, "A256GCM", publicKey, { key: await exportPKCS8(privateKey) }]);
  }
  for (const [alg, enc, to, decrypt] of rows) {
    const token = await new CompactEncrypt(inner).setProtectedHeader({ alg, enc, cty: "JWT" }).encrypt(any(to));
    const verifier = await createVerifier(any({ verify, decrypt: { ...any(decrypt), alg, enc } }));
    assert.equal((await verifier.admit(token, { campaignId: CAMPAIGN })).subject, "participant-7f3a", `${alg} ${enc}`);
    const code = (await refusal(() => verifier.admitSync(token, { campaignId: CAMPAIGN }))).code;
    assert.equal(code, "sync_unsupported", `${alg} ${enc}: the inner token is ES384`);
    const at = token.lastIndexOf(".") - 9;
    const changed = token.slice(0, at) + (token[at] === "A" ? "B" : "A") + token.slice(at + 1);
    assert.equal((await refusal(() => verifier.admit(changed, { campaignId: CAMPAIGN }))).code, "decryption_failed", `${alg} ${enc}`);
    verifier.close();
  }
});

test("what encryptCompact makes for a public key, its holder decrypts", async () => {
  const content = "plain é";
  const agreements = ["P-256", "P-384", "P-521"].flatMap((crv) => [["ECDH-ES", "A128GCM", crv], ["ECDH-ES", "A256CBC-HS512", crv],
    ["ECDH-ES+A128KW", "A192GCM", crv], ["ECDH-ES+A192KW", "A128GCM", crv], ["ECDH-ES+A256KW", "A256CBC-HS512", crv]]);
  for (const [alg, enc, crv] of [...agreements, ["RSA-OAEP", "A128CBC-HS256"], ["RSA-OAEP-256", "A256GCM"]]) {
    const { publicKey, privateKey } = await generateKeyPair(any(alg), { extractable: true, ...(crv && { crv }) });
    for (const key of [await exportSPKI(publicKey), await exportJWK(publicKey)]) {
      const token = await encryptCompact(content, any({ key }), any({ alg, enc, kid: "e1", cty: "text/plain" }));
      const read = await decryptCompact(token, any({ key: await exportPKCS8(privateKey), alg, enc }));
      assert.equal(new TextDecoder().decode(read.plaintext), content, `${alg} ${enc} ${crv}`);
      assert.equal(new TextDecoder().decode((await compactDecrypt(token, privateKey)).plaintext), content, `${alg} ${enc} ${crv}`);
      if (crv) assert.deepEqual(Object.keys(any(read.header.epk)).sort(), ["crv", "kty", "x", "y"]);
      assert.deepEqual([read.header.alg, read.header.enc, read.header.kid, read.header.cty], [alg, enc, "e1", "text/plain"]);
    }
    const error = await refusal(async () => encryptCompact(content, any({ key: await exportJWK(privateKey) }), any({ alg, enc })));
    assert.equal(error.code, "key_is_private", alg);
  }
});

test("200 admissions at once on one verifier all end, each with its own answer", async () => {
  const algs = ["ES256", "RS256", "ES384"];
  const [keys, others] = await Promise.all([Promise.all(algs.map(pair)), Promise.all(algs.map(pair))]);
  const verifier = await createVerifier(any({ verify: keys.map(({ pem, alg }) => ({ method: "publicKey", key: pem, alg })) }));
  const jobs = Array.from({ length: 200 }, async (_, index) => {
    const good = index % 5 !== 0;
    const { alg, privateKey } = any((good ? keys : others)[index % 3]);
    const token = await sign(claims({ sub: `p${index}` }), alg, privateKey);
    const found = verifier.admit(token, { campaignId: CAMPAIGN });
    return found.then(({ subject }) => [good, subject === `p${index}`], ({ code }) => [good, code]);
  });
  const ends = await Promise.all(jobs);
  for (const [good, found] of ends) assert.equal(found, good ? true : "signature_invalid");
  const admitted = ends.filter(([good]) => good).length;
  console.log(`  ${ends.length} at once on one verifier: ${admitted} admitted, ${ends.length - admitted} refused`);
  verifier.close();
});

test("100,000 verifiers that are made and dropped leave the memory flat", async () => {
  const key = await pair("ES256");
  const token = await sign(claims(), "ES256", key.privateKey);
  let admitted = 0;
  const memory = () => any(initSync)().memory.buffer.byteLength;
  const round = async (/** @type {number} */ count) => {
    for (let index = 0; index < count; index += 1) {
      const verifier = await createVerifier({ verify: { method: "publicKey", key: key.jwk, alg: "ES256" }, ...(index % 2 ? {} : { issuer: "x".repeat(index % 50) + "y" }) });
      // Those of an even index ask for another issuer.
      if (index % 101 === 0 && index % 2) {
        await verifier.admit(token, { campaignId: CAMPAIGN });
        admitted += 1;
      }
      verifier.close();
    }
  };
  // A key that is used often gets its tables, once.
  const often = await createVerifier({ verify: { method: "publicKey", key: key.jwk, alg: "ES256" } });
  for (let use = 0; use < 600; use += 1) often.verifySync(token);
  often.close();
  await round(300);
  const before = memory();
  await round(100_000);
  assert.equal(memory(), before);
  assert.ok(admitted > 400, `${admitted} tokens admitted on the way`);
  console.log(`  100,000 verifiers made and dropped, ${admitted} tokens admitted on the way: ${before} bytes before and after`);
});

test("a host that cannot is never a verdict", async () => {
  const rsa = await pair("RS256");
  const larger = await pair("ES384");
  const row = vectors("python/management").tokens.find((/** @type {any} */ row) => row.alg === "RSA-OAEP");
  const tokens = [await sign(claims(), "RS256", rsa.privateKey), await sign(claims(), "ES384", larger.privateKey)];
  const real = globalThis.crypto;
  const pretend = (/** @type {unknown} */ value) => Object.defineProperty(globalThis, "crypto", { value, configurable: true });
  const admit = async (/** @type {string | undefined} */ token, /** @type {any} */ key) => {
    const verifier = await createVerifier(any({ verify: { method: "publicKey", key: key.pem, alg: key.alg } }));
    return verifier.admit(any(token), { campaignId: CAMPAIGN });
  };
  const fails = (/** @type {string} */ name) => () => Promise.reject(new DOMException("no", name));
  testing.way = "host";
  try {
    for (const [case_, subtle] of /** @type {[string, any][]} */ ([
      ["without WebCrypto", undefined],
      ["where no key can be imported", { importKey: fails("DataError") }],
      ["where the operation fails", { importKey: async () => ({}), verify: fails("OperationError"), decrypt: fails("InvalidAccessError") }],
    ])) {
      pretend({ subtle });
      assert.equal((await admit(tokens[0], rsa)).subject, "participant-7f3a", case_);
      assert.equal((await refusal(() => admit(tokens[1], larger))).code, "needs_webcrypto", case_);
      assert.equal((await refusal(() => decryptCompact(row.token, row.decrypt))).code, "needs_webcrypto", case_);
    }
    pretend({ getRandomValues: (/** @type {any} */ bytes) => real.getRandomValues(bytes) });
    const { alg, enc, key: { n, e, kty } } = row.decrypt;
    assert.equal((await refusal(() => encryptCompact("x", { key: { kty, n, e } }, { alg, enc }))).code, "needs_webcrypto");
    // What a host does not have is asked for once only.
    let times = 0;
    testing.way = "host";
    pretend({ subtle: { importKey: () => { times += 1; return fails("NotSupportedError")(); } } });
    for (let index = 0; index < 3; index += 1) assert.equal((await admit(tokens[0], rsa)).subject, "participant-7f3a");
    assert.equal(times, 1);
  } finally {
    testing.way = "table";
    pretend(real);
  }
});

test("a secret never reaches an operation: it leaves the module as bytes for one import, as a key that cannot be exported", async () => {
  const before = { ...asked };
  testing.way = "host";
  const token = await sign(claims(), "HS256", new TextEncoder().encode(SECRET));
  const verifier = await createVerifier(settings);
  const { importKey } = crypto.subtle;
  /** @type {any[][]} */
  const imported = [];
  any(crypto.subtle).importKey = (/** @type {any[]} */ ...all) => {
    imported.push(all);
    return any(importKey).apply(crypto.subtle, all);
  };
  try {
    // Operations are asked and asked again, as text: there the module computes.
    await verifyCompact(token, settings.verify);
    assert.equal((await verifier.explain(token)).verdict, "accepted");
    assert.deepEqual([asked.verify - before.verify, imported.length], [1, 1], "the report's first look alone is the short way");
    for (const turn of [2, 3]) {
      assert.equal((await verifier.admit(token, { campaignId: CAMPAIGN })).subject, "participant-7f3a");
      assert.equal(asked.verify - before.verify, turn);
    }
    const [[format, bytes, , extractable, usages] = []] = imported;
    assert.deepEqual([imported.length, format, extractable, usages], [1, "raw", false, ["verify"]]);
    assert.deepEqual(bytes, new Uint8Array(SECRET.length), "wiped");
  } finally {
    crypto.subtle.importKey = importKey;
    testing.way = "table";
  }
});
