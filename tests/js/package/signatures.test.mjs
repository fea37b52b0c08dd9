// The short way of a signature through the host: the same verdicts as the long one and as the module's own, answers that
// cannot be mixed up, and nothing lost where the host, the keys or the module change meanwhile.

import assert from "node:assert/strict";
import nodeCrypto from "node:crypto";
import { readFileSync } from "node:fs";
import { afterEach, test } from "node:test";
import { createVerifier, encryptCompact } from "../../../pkg/dist/node.js";
import { compute } from "../../../pkg/dist/oauth.node.js";
import { testing } from "../../../pkg/dist/webcrypto.js";
import { CAMPAIGN, SECRET, claims, pair, sign, outcome } from "../support/mint.mjs";
import { pause } from "../support/patience.mjs";

const any = (/** @type {unknown} */ value) => /** @type {any} */ (value);
const ALGS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"];
const NOW = 1_800_000_000;
const real = { verify: crypto.subtle.verify, importKey: crypto.subtle.importKey, decrypt: crypto.subtle.decrypt };

afterEach(() => {
  testing.way = "table";
  Object.assign(crypto.subtle, real);
});

/** Counts calls of the host, and lets a test stand in between. @param {(own: () => Promise<boolean>, count: number) => Promise<boolean>} [between] */
function watched(between = (own) => own()) {
  const calls = { verify: 0 };
  any(crypto.subtle).verify = (/** @type {any[]} */ ...all) => {
    calls.verify += 1;
    return between(() => any(real.verify).apply(crypto.subtle, all), calls.verify);
  };
  return calls;
}

/** @param {string} alg @param {object} [more] */
async function signer(alg, more = {}) {
  const { privateKey, jwk } = await pair(alg);
  const verifier = await createVerifier(any({ verify: { method: "publicKey", key: jwk, alg }, ...more }));
  return { verifier, jwk, make: (/** @type {object} */ changed = {}) => sign(claims(changed), alg, privateKey) };
}

test("every vector, whole and broken, has one verdict by the module, by the host and by the table", async () => {
  const { tokens } = JSON.parse(readFileSync(new URL("../../vectors/python/signed.json", import.meta.url), "utf8"));
  const calls = watched();
  let rows = 0;
  for (const { key, token, alg } of tokens) {
    const verifier = await createVerifier({ verify: key });
    const at = token.lastIndexOf(".") + 1;
    const bytes = Buffer.from(token.slice(at), "base64url");
    const ends = [bytes.map((byte, index) => (index === 5 ? byte ^ 1 : byte)), bytes.subarray(1), Buffer.alloc(bytes.length), Buffer.alloc(bytes.length, 255)];
    const changed = `${token.slice(0, at - 3)}${token[at - 3] === "A" ? "B" : "A"}${token.slice(at - 2)}`;
    for (const given of [token, changed, ...ends.map((end) => token.slice(0, at) + Buffer.from(end).toString("base64url"))]) {
      for (const now of [NOW, 4_200_000_000]) {
        const results = [];
        for (const way of /** @type {const} */ (["module", "host", "table"])) {
          testing.way = way;
          results.push([await outcome(() => verifier.verify(given, { now })), await outcome(() => verifier.admit(given, { campaignId: CAMPAIGN, now }))]);
        }
        assert.deepEqual(results[1], results[0], `${alg} host`);
        assert.deepEqual(results[2], results[0], `${alg} table`);
        rows += 1;
      }
    }
    verifier.close();
  }
  assert.ok(rows > 200 && calls.verify > 200, `${rows} rows, ${calls.verify} calls`);
});

test("one call of the host for one token, whatever was imported before", async () => {
  testing.way = "host";
  for (const alg of ALGS) {
    const { verifier, make } = await signer(alg);
    const calls = watched();
    for (let turn = 1; turn <= 3; turn += 1) {
      const { header, claims: found } = await verifier.verify(await make({ turn }));
      assert.deepEqual([header.alg, found.turn, calls.verify], [alg, turn, turn]);
    }
    assert.equal((await verifier.admit(await make(), { campaignId: CAMPAIGN })).decision, "allowed");
    assert.equal(calls.verify, 4);
  }
});

test("an algorithm that nobody knows is not lacking of all others", async () => {
  testing.way = "host";
  const { verifier, make } = await signer("ES256");
  const calls = watched();
  const unknown = { kind: /** @type {const} */ ("verify"), name: "Rot13", id: "1", algorithm: { name: "Rot13" }, key: { kty: "oct" }, data: "", signature: "" };
  assert.deepEqual(await compute(unknown), { id: "1" });
  await verifier.verify(await make());
  assert.equal(calls.verify, 1);
});

test("headers belong to their callers", async () => {
  const { verifier, make } = await signer("ES256");
  const token = await make();
  const first = await verifier.verify(token);
  any(first.header).alg = "changed";
  assert.equal((await verifier.verify(token)).header.alg, "ES256");
  assert.equal(verifier.verifySync(token).header.alg, "ES256");
});

test("a long message of a prepared key is hashed by the host, and has the module's verdict whatever the host says", async () => {
  const { verifier, make } = await signer("ES256");
  const token = await make({ custom: { text: "x".repeat(6000) } });
  const broken = `${token.slice(0, -8)}${token.at(-8) === "A" ? "B" : "A"}${token.slice(-7)}`;
  const verdicts = async () => [(await outcome(() => verifier.verify(token))).code, (await outcome(() => verifier.verify(broken))).code];
  for (let turn = 0; turn < 10; turn++) verifier.verifySync(token);
  const { createHash } = nodeCrypto;
  let hashed = 0;
  try {
    for (const answer of [undefined, () => { throw new Error("none"); }, () => ({ update: () => ({ digest: () => Buffer.alloc(20) }) })]) {
      any(nodeCrypto).createHash = (/** @type {string} */ name) => {
        hashed += 1;
        return answer ? answer() : createHash(name);
      };
      assert.deepEqual(await verdicts(), [undefined, "signature_invalid"]);
    }
  } finally {
    any(nodeCrypto).createHash = createHash;
  }
  assert.equal(hashed, 6);
});

test("answers that come in any order are for their own tokens", async () => {
  testing.way = "host";
  const { verifier, make } = await signer("ES256");
  const good = await Promise.all(Array.from({ length: 40 }, (_, turn) => make({ turn })));
  const tokens = good.map((token, turn) => (turn % 3 ? token : `${token.slice(0, -8)}${token.at(-8) === "A" ? "B" : "A"}${token.slice(-7)}`));
  await verifier.verify(good[1]);
  watched(async (own) => {
    const answer = await own();
    await pause(Math.random() * 30);
    return answer;
  });
  const found = await Promise.all(tokens.map((token) => outcome(() => verifier.verify(token))));
  found.forEach((result, turn) => assert.equal(any(turn % 3 ? result.found.turn : result.code), turn % 3 ? turn : "signature_invalid"));
});

test("of more tokens than can wait, each has its verdict", async () => {
  testing.way = "host";
  const { verifier, make } = await signer("ES256");
  const tokens = await Promise.all(Array.from({ length: 30 }, (_, turn) => make({ turn, custom: { text: "x".repeat(7000) } })));
  await verifier.verify(tokens[0]);
  /** @type {((value: unknown) => void)[]} */
  const held = [];
  const calls = watched((own, count) => (count <= 600 ? new Promise((resolve) => held.push(resolve)).then(own) : own()));
  const all = Array.from({ length: 600 }, (_, turn) => verifier.verify(tokens[turn % 30]).then(({ claims: { turn: found } }) => found));
  for (const resolve of held) resolve(undefined);
  (await Promise.all(all)).forEach((found, turn) => assert.equal(found, turn % 30));
  assert.ok(calls.verify > 600, "some began anew");
});

test("a host that cannot is no verdict", async () => {
  testing.way = "host";
  for (const [alg, code] of /** @type {const} */ ([["RS256", undefined], ["EdDSA", undefined], ["ES384", "needs_webcrypto"]])) {
    const { verifier, make } = await signer(alg);
    const [token, other] = [await make(), `${(await make()).slice(0, -8)}AAAAAAAA`];
    const good = (await verifier.verify(token)).claims.sub;
    for (const method of /** @type {const} */ (["verify", "importKey"])) {
      any(crypto.subtle)[method] = () => Promise.reject(new DOMException("no", "OperationError"));
      const fresh = await createVerifier(any({ verify: { method: "publicKey", key: (await signer(alg)).jwk, alg } }));
      for (const subject of method === "verify" ? [verifier] : []) {
        assert.equal(any(await outcome(() => subject.verify(token))).code, code);
        if (!code) assert.equal((await subject.verify(token)).claims.sub, good);
      }
      assert.equal(any(await outcome(() => fresh.verify(token))).code, code ?? "signature_invalid");
      Object.assign(crypto.subtle, real);
    }
    assert.equal(any(await outcome(() => verifier.verify(other))).code, "signature_invalid");
  }
});

test("a closed verifier, new keys and a trap meet tokens that wait", async () => {
  testing.way = "host";
  const { verifier, make } = await signer("ES256");
  const token = await make();
  await verifier.verify(token);
  watched(async (own, count) => {
    const answer = await own();
    if (count === 1) verifier.close();
    return answer;
  });
  assert.equal(any(await outcome(() => verifier.verify(token))).code, "settings_invalid");

  const [old, next] = [await pair("ES256"), await pair("ES256")];
  const set = (/** @type {any} */ { jwk }) => JSON.stringify({ keys: [{ ...jwk, kid: "k1", alg: "ES256" }] });
  const rotating = await createVerifier({ verify: { method: "jwks", url: "https://keys.example/jwks" } }, { fetch: false });
  rotating.installKeySet(0, set(old));
  const [before, after] = await Promise.all([old, next].map(({ privateKey }) => sign(claims(), "ES256", privateKey, { kid: "k1" })));
  Object.assign(crypto.subtle, real);
  assert.equal((await rotating.verify(before)).source, 0);
  watched(async (own, count) => {
    const answer = await own();
    if (count === 1) rotating.installKeySet(0, set(next));
    return answer;
  });
  assert.equal((await rotating.verify(before)).source, 0, "verified by the key that stood there");
  assert.equal((await rotating.verify(after)).source, 0, "the new key is imported");
  assert.equal(any(await outcome(() => rotating.verify(before))).code, "signature_invalid", "the old one is forgotten");

  const { verifier: trapped, make: another } = await signer("ES256");
  const waiting = await another();
  watched(async (own, count) => {
    const answer = await own();
    if (count === 1) {
      const key = { key: SECRET.slice(0, 32), encoding: "utf8" };
      await assert.rejects(encryptCompact(new Uint8Array(4_200_000_000), any(key), { alg: "dir", enc: "A256GCM" }), { code: "internal" });
    }
    return answer;
  });
  assert.equal((await trapped.verify(waiting)).claims.sub, "participant-7f3a");
});

test("a key that was replaced while its call was waiting is not known in the new one's place", async () => {
  testing.way = "host";
  const [old, next] = [await pair("ES256"), await pair("ES256")];
  const set = (/** @type {any} */ { jwk }) => JSON.stringify({ keys: [{ ...jwk, kid: "k1", alg: "ES256" }] });
  const decrypt = { key: SECRET.slice(0, 32), encoding: /** @type {const} */ ("utf8"), alg: "dir", enc: "A256GCM" };
  const settings = { verify: { method: /** @type {const} */ ("jwks"), url: "https://keys.example/jwks" }, decrypt };
  const rotating = await createVerifier(any({ ...settings, encryption: "accept" }), { fetch: false });
  rotating.installKeySet(0, set(old));
  const [before, after] = await Promise.all([old, next].map(({ privateKey }) => sign(claims(), "ES256", privateKey, { kid: "k1" })));
  const sealed = await encryptCompact(/** @type {string} */ (before), any({ key: decrypt.key, encoding: "utf8" }), { alg: "dir", enc: "A256GCM", cty: "JWT" });
  any(crypto.subtle).decrypt = async (/** @type {any[]} */ ...all) => {
    const plaintext = await any(real.decrypt).apply(crypto.subtle, all);
    rotating.installKeySet(0, set(next));
    return plaintext;
  };
  assert.equal((await rotating.verify(sealed)).source, 0, "verified by the key that stood there when the call began");
  assert.equal((await rotating.verify(/** @type {string} */ (after))).source, 0, "the new key is imported");
  assert.equal(any(await outcome(() => rotating.verify(/** @type {string} */ (before)))).code, "signature_invalid", "the old one is forgotten");
});

test("the refusal of the signature comes before that of the claims", async () => {
  testing.way = "host";
  const { verifier, make } = await signer("ES256");
  const expired = await make({ exp: 1_700_000_000, iat: 1_600_000_000 });
  assert.equal(any(await outcome(() => verifier.verify(expired))).code, "token_expired");
  const broken = `${expired.slice(0, -8)}${expired.at(-8) === "A" ? "B" : "A"}${expired.slice(-7)}`;
  assert.equal(any(await outcome(() => verifier.verify(broken))).code, "signature_invalid");
});
