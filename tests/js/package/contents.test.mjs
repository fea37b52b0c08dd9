// The short way of a content, and of long messages under a shared secret, through the host: the same verdicts as the
// module's own, whatever the host answers. Secrets leave the module as bytes for one import alone: the key cannot be
// exported, the bytes are wiped, and no operation, report or text holds them.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { afterEach, test } from "node:test";
import { CompactEncrypt } from "jose";
import { createVerifier, encryptCompact } from "../../../pkg/dist/node.js";
import { testing } from "../../../pkg/dist/webcrypto.js";
import { CAMPAIGN, claims, pair, refusal, sign, outcome } from "../support/mint.mjs";
import { pause } from "../support/patience.mjs";

const any = (/** @type {unknown} */ value) => /** @type {any} */ (value);
const vectors = (/** @type {string} */ name) => JSON.parse(readFileSync(new URL(`../../vectors/python/${name}.json`, import.meta.url), "utf8")).tokens;
const NOW = 1_800_000_000;
const { importKey, decrypt, verify } = crypto.subtle;
const real = { importKey, decrypt, verify };
const text = new TextEncoder();
const HMAC = { method: /** @type {const} */ ("symmetricKey"), key: "an HMAC secret of sixty-four bytes, as many as HS512 wants of it", encoding: /** @type {const} */ ("utf8") };
const KEYS = /** @type {Record<string, string>} */ ({ 16: "sixteen bytes ok", 24: "twenty-four bytes long ok", 32: "a decryption key of 32 bytes, ok" });
KEYS[24] = /** @type {string} */ (KEYS[24]).slice(0, 24);

afterEach(() => {
  Object.assign(testing, { way: "table", openSsl: false });
  Object.assign(crypto.subtle, real);
});

/**
 * Counts what the host is asked, keeps what it was given, and lets a test stand in between.
 * @param {(own: () => Promise<any>, name: string, count: number) => Promise<any>} [between]
 */
function watched(between = (own) => own()) {
  const seen = { importKey: 0, decrypt: 0, verify: 0, keys: /** @type {CryptoKey[]} */ ([]), materials: /** @type {any[]} */ ([]) };
  for (const name of /** @type {const} */ (["importKey", "decrypt", "verify"])) {
    any(crypto.subtle)[name] = async (/** @type {any[]} */ ...all) => {
      seen[name] += 1;
      const found = await between(() => any(real)[name].apply(crypto.subtle, all), name, seen[name]);
      if (name === "importKey") {
        seen.keys.push(found);
        seen.materials.push(all[1]);
      }
      return found;
    };
  }
  return seen;
}

/**
 * A verifier, and a maker of its tokens.
 * @param {{ signs: string, alg?: string, enc?: string }} what
 */
async function maker({ signs, alg = "dir", enc = "A256GCM" }) {
  const key = signs.startsWith("HS") ? null : await pair(signs);
  const bytes = alg === "dir" ? { A128GCM: 16, A192GCM: 24 }[enc] ?? 32 : Number(alg.slice(1, 4)) / 8;
  const secret = /** @type {string} */ (KEYS[bytes]);
  const settings = {
    verify: key ? { method: "publicKey", key: key.jwk, alg: signs } : { ...HMAC, alg: signs },
    decrypt: { key: secret, encoding: "utf8", alg, enc },
  };
  const make = async (/** @type {object} */ changed = {}) => {
    const inner = await sign(claims(changed), signs, key?.privateKey ?? text.encode(HMAC.key));
    return new CompactEncrypt(text.encode(inner)).setProtectedHeader({ alg, enc, cty: "JWT" }).encrypt(text.encode(secret));
  };
  return { settings, make, secret, verifier: await createVerifier(any(settings)) };
}

/** Claims of so many bytes. @param {number} bytes */
const long = (bytes) => ({ custom: { text: "x".repeat(bytes) } });

const WAYS = /** @type {const} */ ([["module", false], ["host", false], ["host", true], ["table", false]]);

/** Every call by every way: one outcome. @param {any} verifier @param {string} token @param {string} name @param {number} [now] */
async function judged(verifier, token, name, now) {
  /** @type {any[]} */
  const all = [];
  for (const [way, openSsl] of WAYS) {
    Object.assign(testing, { way, openSsl });
    all.push([await outcome(() => verifier.verify(token, { now })), await outcome(() => verifier.admit(token, { campaignId: CAMPAIGN, now }))]);
  }
  all.forEach((found, index) => assert.deepEqual(found, all[0], `${name} by ${WAYS[index]}`));
  return all[0]?.[0]?.code ?? "accepted";
}

/** The token, and the same with a letter, the tag, the IV and each length changed. @param {string} token */
function* broken(token) {
  for (let at = 3; at < token.length; at += Math.ceil(token.length / 9)) {
    if (token[at] !== ".") yield token.slice(0, at) + (token[at] === "A" ? "B" : "A") + token.slice(at + 1);
  }
  const parts = token.split(".");
  for (const index of parts.keys()) {
    const bytes = Buffer.from(parts[index] ?? "", "base64url");
    const others = [Buffer.alloc(bytes.length), bytes.subarray(1), Buffer.concat([bytes, Buffer.of(0)]), Buffer.alloc(0)];
    if (bytes.length > 0) others.push(Buffer.from(bytes.map((byte, at) => (at === bytes.length - 1 ? byte ^ 1 : byte))));
    for (const other of others) yield parts.with(index, Buffer.from(other).toString("base64url")).join(".");
  }
}

test("encrypted tokens of other libraries, whole and broken, have one verdict by the module, by either host and by the table", async () => {
  const seen = watched();
  /** @type {Record<string, number>} */
  const codes = {};
  const nested = vectors("encrypted").map((/** @type {any} */ { verify: key, decrypt, token }) => [{ verify: key, decrypt }, token]);
  const publicKey = vectors("signed").find((/** @type {any} */ { key }) => key.alg === "ES256").key;
  const bare = vectors("management").map((/** @type {any} */ { decrypt, token }) => [{ verify: publicKey, decrypt }, token]);
  for (const [settings, token] of [...nested, ...bare]) {
    const verifier = await createVerifier(settings);
    const name = `${settings.decrypt.alg} ${settings.decrypt.enc}`;
    const code = await judged(verifier, token, name, NOW);
    assert.equal(code, settings.verify === publicKey ? "jwe_without_jws" : "accepted", name);
    if (settings.decrypt.key.kty === "oct" || typeof settings.decrypt.key === "string") {
      for (const changed of broken(token)) {
        if (changed === token) continue;
        const found = await judged(verifier, changed, name, NOW);
        assert.notEqual(found, "accepted", name);
        codes[found] = (codes[found] ?? 0) + 1;
      }
    }
    verifier.close();
  }
  assert.ok((codes.decryption_failed ?? 0) > 500 && seen.decrypt > 200, `${JSON.stringify(codes)}, ${seen.decrypt} decrypted by the host`);
});

test("tokens of npm jose of every size, key and signature inside, by every way", async () => {
  for (const alg of ["dir", "A128KW", "A256KW", "A256GCMKW"]) {
    for (const [signs, enc] of [["HS256", "A128GCM"], ["HS512", "A256GCM"], ["RS256", "A256GCM"], ["ES256", "A192GCM"], ["ES384", "A128GCM"]]) {
      const { verifier, make } = await maker({ signs: String(signs), alg, enc: String(enc) });
      for (const bytes of [10, 800, 7000]) {
        const token = await make(long(bytes));
        const name = `${alg} ${enc} ${signs} ${bytes}`;
        assert.equal(await judged(verifier, token, name), "accepted", name);
        for (const at of [token.length - 9, token.length >> 1]) {
          const changed = token.slice(0, at) + (token[at] === "A" ? "B" : "A") + token.slice(at + 1);
          assert.equal(await judged(verifier, changed, name), "decryption_failed", name);
        }
      }
      assert.equal(await judged(verifier, await make({ exp: 1_700_000_000, iat: 1_600_000_000 }), alg), "token_expired");
      verifier.close();
    }
  }
});

test("a long message under a shared secret, by every way", async () => {
  const seen = watched();
  for (const alg of ["HS256", "HS384", "HS512"]) {
    const verifier = await createVerifier(any({ verify: { ...HMAC, alg } }));
    for (const bytes of [10, 7000]) {
      const token = await sign(claims(long(bytes)), alg, text.encode(HMAC.key));
      assert.equal(await judged(verifier, token, alg), "accepted");
      assert.equal(await judged(verifier, `${token.slice(0, -9)}${token.at(-9) === "A" ? "B" : "A"}${token.slice(-8)}`, alg), "signature_invalid");
      const at = token.lastIndexOf(".") + 1;
      const cut = token.slice(0, at) + Buffer.from(token.slice(at), "base64url").subarray(1).toString("base64url");
      assert.equal(await judged(verifier, cut, alg), "signature_invalid");
      const expired = await sign(claims({ ...long(bytes), exp: 1_700_000_000, iat: 1_600_000_000 }), alg, text.encode(HMAC.key));
      assert.equal(await judged(verifier, expired, alg), "token_expired");
    }
  }
  assert.ok(seen.verify > 20, `${seen.verify}`);
});

test("a secret is imported once, cannot be exported, and its bytes are wiped", async () => {
  testing.way = "host";
  const { verifier, make } = await maker({ signs: "HS256" });
  const tokens = await Promise.all([1, 2, 3].map((turn) => make({ turn })));
  const { verifier: wrapped, make: wrap } = await maker({ signs: "HS256", alg: "A256KW" });
  const others = await Promise.all([1, 2].map((turn) => wrap({ turn })));
  const seen = watched();
  for (const [index, token] of tokens.entries()) {
    const turn = index + 1;
    assert.equal((await verifier.verify(token)).claims.turn, turn);
    assert.deepEqual([seen.importKey, seen.decrypt, seen.verify], [2, turn, turn]);
  }
  assert.deepEqual(seen.keys.map(({ extractable, usages, algorithm: { name } }) => [name, extractable, usages]), [["AES-GCM", false, ["decrypt"]], ["HMAC", false, ["verify"]]]);
  for (const key of seen.keys) await assert.rejects(crypto.subtle.exportKey("raw", key), { name: /^InvalidAccess/ });
  for (const bytes of seen.materials) assert.ok(bytes.length >= 32 && bytes.every((/** @type {number} */ byte) => byte === 0), "wiped");

  // A key for one token alone is not kept.
  for (const [index, token] of others.entries()) assert.equal((await wrapped.verify(token)).claims.turn, index + 1);
  assert.deepEqual([seen.importKey, seen.decrypt], [5, 5]);
  assert.ok(seen.materials.every((bytes) => bytes.every((/** @type {number} */ byte) => byte === 0)));
});

test("no text that the module or the verifier gives holds a secret", async () => {
  testing.way = "host";
  const shown = /** @type {string[]} */ ([]);
  const { stringify, parse } = JSON;
  // What goes in and out of the module as text goes through JSON here, the settings of a verifier aside.
  const { verifier, make, secret } = await maker({ signs: "RS256" });
  const signed = await createVerifier(any({ verify: { ...HMAC, alg: "HS256" } }));
  JSON.parse = (/** @type {string} */ given, /** @type {any} */ reviver) => (shown.push(given), parse(given, reviver));
  JSON.stringify = any((/** @type {any[]} */ ...all) => {
    const made = any(stringify)(...all);
    shown.push(String(made));
    return made;
  });
  try {
    const [token, other] = [await make(long(5000)), await sign(claims(long(5000)), "HS256", text.encode(HMAC.key))];
    for (const [subject, given] of /** @type {const} */ ([[verifier, token], [signed, other]])) {
      await subject.verify(given);
      await subject.admit(given, { campaignId: CAMPAIGN });
      shown.push(stringify(await subject.explain(given)), stringify(subject), String(subject));
      const fault = await refusal(() => subject.verify(`${given.slice(0, -9)}AAAAAAAAA`));
      shown.push(stringify(fault), String(fault.stack));
    }
  } finally {
    Object.assign(JSON, { stringify, parse });
  }
  assert.ok(shown.length > 20 && shown.some((one) => one.includes("signature_invalid")), `${shown.length} texts`);
  for (const one of [secret, HMAC.key]) {
    for (const spelling of ["utf8", "base64", "base64url", "hex"]) {
      const spelled = Buffer.from(one).toString(any(spelling)).replaceAll("=", "");
      assert.ok(!shown.some((found) => found.includes(spelled)), spelling);
    }
  }
});

test("a host that cannot is no verdict, and neither is one that fails", async () => {
  testing.way = "host";
  for (const name of ["NotAllowedError", "OperationError", "DataError"]) {
    for (const method of ["importKey", "decrypt", "verify"]) {
      for (const alg of ["dir", "A256KW"]) {
        const { verifier, make } = await maker({ signs: "HS256", alg });
        const good = await make(long(3000));
        const bad = `${good.slice(0, -9)}${good.at(-9) === "A" ? "B" : "A"}${good.slice(-8)}`;
        watched((own, called) => (called === method ? Promise.reject(new DOMException("no", name)) : own()));
        assert.equal((await verifier.verify(good)).claims.sub, "participant-7f3a", `${name} ${method} ${alg}`);
        assert.equal((await verifier.admit(good, { campaignId: CAMPAIGN })).decision, "allowed");
        assert.equal((await refusal(() => verifier.verify(bad))).code, "decryption_failed", `${name} ${method} ${alg}`);
        Object.assign(crypto.subtle, real);
        assert.equal((await verifier.verify(good)).claims.sub, "participant-7f3a", "and well again");
      }
    }
  }
  // Something else than the plaintext is no answer either.
  const { verifier, make } = await maker({ signs: "HS256" });
  const good = await make(long(3000));
  watched((own, called) => (called === "decrypt" ? Promise.resolve(new ArrayBuffer(7)) : own()));
  assert.equal((await verifier.verify(good)).claims.sub, "participant-7f3a");
});

test("keys of a rotation are tried in turn, by every way", async () => {
  const { settings, make } = await maker({ signs: "ES256" });
  const keys = ["another key of exactly 32 bytes!", KEYS[32], "a third key of exactly 32 bytes!"].map((key) => ({ ...settings.decrypt, key }));
  const [verifier, others] = [await createVerifier(any({ ...settings, decrypt: keys })), await createVerifier(any({ ...settings, decrypt: [keys[0], keys[2]] }))];
  for (const bytes of [10, 5000]) {
    const token = await make(long(bytes));
    assert.equal(await judged(verifier, token, "rotation"), "accepted");
    assert.equal(await judged(others, token, "rotation"), "decryption_failed");
  }
});

test("answers that come in any order are for their own tokens", async () => {
  testing.way = "host";
  for (const signs of ["HS256", "RS256"]) {
    const { verifier, make } = await maker({ signs });
    const good = await Promise.all(Array.from({ length: 30 }, (_, turn) => make({ turn })));
    const tokens = good.map((token, turn) => (turn % 3 ? token : `${token.slice(0, -9)}${token.at(-9) === "A" ? "B" : "A"}${token.slice(-8)}`));
    watched(async (own, name) => {
      await pause(name === "importKey" ? 0 : Math.random() * 20);
      return own();
    });
    const found = await Promise.all(tokens.map((token) => outcome(() => verifier.verify(token))));
    found.forEach((result, turn) => assert.equal(any(turn % 3 ? result.found.turn : result.code), turn % 3 ? turn : "decryption_failed"));
  }
});

test("a closed verifier and a trap meet contents that wait", async () => {
  testing.way = "host";
  const { verifier, make } = await maker({ signs: "ES256" });
  const token = await make();
  watched(async (own, name) => {
    const answer = await own();
    if (name === "decrypt") verifier.close();
    return answer;
  });
  assert.equal((await refusal(() => verifier.verify(token))).code, "settings_invalid");
  const { verifier: trapped, make: another } = await maker({ signs: "ES256" });
  const waiting = await another();
  watched(async (own, name, count) => {
    const answer = await own();
    if (name === "decrypt" && count === 1) {
      const key = { key: KEYS[32], encoding: "utf8" };
      await assert.rejects(encryptCompact(new Uint8Array(4_200_000_000), any(key), { alg: "dir", enc: "A256GCM" }), { code: "internal" });
    }
    return answer;
  });
  assert.equal((await trapped.verify(waiting)).claims.sub, "participant-7f3a");
});

// The last one: what a host has not once, it never has.
test("a host without AES-GCM or HMAC is asked once", async () => {
  testing.way = "host";
  const { verifier, make } = await maker({ signs: "HS256" });
  const tokens = await Promise.all([1, 2, 3, 4].map((turn) => make({ turn })));
  const seen = watched((own, name) => (name === "importKey" ? Promise.reject(new DOMException("no", "NotSupportedError")) : own()));
  const asked = [];
  for (const [index, token] of tokens.entries()) {
    assert.equal((await verifier.verify(token)).claims.turn, index + 1);
    asked.push(seen.importKey);
  }
  assert.deepEqual([asked, seen.verify + seen.decrypt], [[1, 2, 2, 2], 0], "for the content, then for the signature inside");
});
