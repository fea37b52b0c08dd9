// handstamp/verify: the small module says what the whole one says, of settings and of tokens, and refuses what it
// leaves out.

import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { SignJWT } from "jose";
import { Miniflare } from "miniflare";
import * as whole from "../../../pkg/dist/node.js";
import * as small from "../../../pkg/dist/verify.js";
import { ask } from "../../../pkg/dist/verify-module.js";
import { pack } from "../support/pack.mjs";

const dist = new URL("../../../pkg/dist/", import.meta.url);
const NOW = 1_900_000_000;

/**
 * What comes of settings and a token: header, claims, source and warnings, or the code of the refusal and its place.
 * @param {{ createVerifier: (settings: any) => Promise<{ verifySync: import("../../../pkg/dist/verify.js").Verifier["verifySync"], close(): void }> }} entry
 * @param {any} settings
 * @param {string[]} tokens
 * @returns {Promise<any[]>}
 */
async function outcomes(entry, settings, tokens, now = NOW) {
  const refusal = (/** @type {any} */ { code, details }) => ({ code, at: details?.at });
  try {
    const verifier = await entry.createVerifier(settings);
    const found = tokens.map((token) => {
      try {
        const { header, claims, source, warnings } = verifier.verifySync(token, { now });
        return { header, claims, source, warnings };
      } catch (error) {
        return refusal(error);
      }
    });
    verifier.close();
    return found;
  } catch (error) {
    return tokens.map(() => refusal(error));
  }
}

/** One key of each algorithm that both know. @returns {Map<string, { setting: any, key: any }>} */
function keys() {
  const found = new Map();
  for (const bits of [256, 384, 512]) {
    const secret = "s".repeat(bits / 8);
    const alg = `HS${bits}`;
    found.set(alg, { setting: { method: "symmetricKey", alg, key: secret, encoding: "utf8" }, key: Buffer.from(secret) });
  }
  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
  for (const alg of ["RS256", "RS384", "RS512"]) {
    const pem = rsa.publicKey.export({ format: "pem", type: alg === "RS256" ? "spki" : "pkcs1" });
    found.set(alg, { setting: { method: "publicKey", alg, key: pem }, key: rsa.privateKey });
  }
  const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
  found.set("ES256", { setting: { method: "publicKey", alg: "ES256", key: ec.publicKey.export({ format: "jwk" }) }, key: ec.privateKey });
  return found;
}

test("every row of the conformance pack has the outcome that it has by the whole module", async (t) => {
  let [same, encrypted, left] = [0, 0, 0];
  for (const { name, settings: named, token } of pack.rows) {
    const settings = pack.settings[named];
    const [by] = await outcomes(whole, settings, [token ?? ""], pack.now);
    const [here] = await outcomes(small, settings, [token ?? ""], pack.now);
    if (settings.decrypt !== undefined) {
      assert.deepEqual(here, { code: "settings_invalid", at: "/decrypt" }, name);
      encrypted += 1;
    } else if (/^(PS|EdDSA|ES384|ES512)/.test(settings.verify.alg ?? "")) {
      assert.deepEqual(here, { code: "settings_invalid", at: "/verify/alg" }, name);
      left += 1;
    } else if (by.code === "alg_not_allowed" && token?.split(".").length === 5) {
      // Five parts are a JWE (RFC 7516 section 3.1), whose header the small module does not read.
      assert.deepEqual(here, { code: "encryption_unexpected", at: undefined }, name);
      encrypted += 1;
    } else {
      assert.deepEqual(here, by, name);
      same += 1;
    }
  }
  t.diagnostic(`${same} rows with one outcome, ${encrypted} with decrypt, ${left} of algorithms that are left out`);
  assert.ok(same > 30, `${same} rows were compared`);
});

test("good tokens are verified, and each changed one is refused as by the whole module", async () => {
  for (const [alg, { setting, key }] of keys()) {
    const claims = { sub: "ä1", exp: NOW + 60, iat: NOW - 60, form: { city: "Liège" }, list: [1.5, -2e-3, null, "\u{1f600}"] };
    const good = await new SignJWT(claims).setProtectedHeader({ alg, typ: "JWT", kid: "k" }).sign(key);
    const changed = [good];
    // One bit of every few characters, cuts, and what is no token at all.
    for (let place = 0; place < good.length; place += alg.startsWith("HS") ? 1 : 7) {
      const letter = String.fromCharCode(good.charCodeAt(place) ^ 1);
      changed.push(good.slice(0, place) + letter + good.slice(place + 1), good.slice(0, place));
    }
    changed.push("", "{}", "a.b", "a.b.c.d", "é", ` ${good}`, `Bearer ${good}`, `${good}.`, `${good}=`, "x".repeat(16 * 1024 + 1), "..");
    const settings = { verify: setting };
    const [by, here] = [await outcomes(whole, settings, changed), await outcomes(small, settings, changed)];
    assert.deepEqual(here[0], { header: { alg, typ: "JWT", kid: "k" }, claims, source: 0, warnings: here[0].warnings }, alg);
    assert.deepEqual(here.map((outcome) => outcome.claims !== undefined), [true, ...here.slice(1).map(() => false)], alg);
    assert.deepEqual(here, by, alg);
  }
});

test("standard claims are held to the same policy", async () => {
  const secret = "0123456789abcdef0123456789abcdef";
  const setting = /** @type {const} */ ({ method: "symmetricKey", alg: "HS256", key: secret, encoding: "utf8" });
  const sign = (/** @type {string} */ text) => whole.signCompact(text, setting, { alg: "HS256", typ: "JWT" });
  const payloads = [
    `{"exp":${NOW}}`, `{"exp":${NOW - 61}}`, `{"exp":${NOW - 60}}`, `{"exp":${NOW * 1000}}`, `{"exp":"${NOW}"}`, `{"exp":1e400}`,
    `{"exp":${NOW}.999999999999999999}`, `{"exp":1.9e9,"iat":1.9e9}`, `{"exp":19000000000e-1}`, `{}`, `[]`, `{"exp":${NOW},"exp":1}`,
    `{"exp":${NOW},"nbf":${NOW + 61}}`, `{"exp":${NOW + 900},"iat":${NOW + 120}}`, `{"exp":${NOW + 900},"iat":${NOW + 301}}`,
    `{"exp":${NOW},"iss":"a"}`, `{"exp":${NOW},"iss":"A","aud":["x","b"]}`, `{"exp":${NOW},"iss":"a","aud":"b"}`,
    `{"exp":${NOW},"iss":"a","aud":["b",1]}`, `{"exp":${NOW + 9e6},"iss":"a","aud":"b"}`, `{"exp":`, `\u{feff}{}`,
    `${"[".repeat(17)}${"]".repeat(17)}`, `{"exp":${NOW},"a":${"9".repeat(65)}}`, `{"exp":${NOW},"a":"\\ud800"}`,
  ];
  const tokens = await Promise.all(payloads.map(sign));
  for (const policy of [{}, { expiry: "optional" }, { issuer: "a", audience: "b" }, { typ: "at+jwt" }, { maxLifetimeSeconds: 900, leewaySeconds: 0 }]) {
    const settings = { verify: setting, ...policy };
    assert.deepEqual(await outcomes(small, settings, tokens), await outcomes(whole, settings, tokens), JSON.stringify(policy));
  }
});

test("settings are refused with the same codes at the same places", async () => {
  const key = "0123456789abcdef0123456789abcdef";
  const good = { method: "symmetricKey", alg: "HS256", key, encoding: "utf8" };
  const oct = (/** @type {object} */ more) => ({ kty: "oct", k: Buffer.from(key).toString("base64url"), kid: "a", ...more });
  const p256 = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ format: "jwk" });
  for (const settings of [
    {}, { verify: [] }, { verfy: good }, { verify: good, issuer: 1 }, { verify: { ...good, key: "short" } }, { verify: { ...good, encoding: "utf-8" } },
    { verify: { ...good, encoding: undefined } }, { verify: { ...good, encoding: "hex", key: "zz" } }, { verify: { ...good, status: "revoked" } },
    { verify: [good, { ...good, method: "?" }] }, { verify: Array(9).fill(good) }, { verify: { ...good, extra: 1 } }, { verify: good, leewaySeconds: 301 },
    { verify: good, allowShortSecret: true, mapping: {} }, { verify: good, encryption: "off" }, { verify: { method: "publicKey", alg: "ES256", key: "?" } },
    { verify: { method: "publicKey", alg: "ES256", key: { ...p256, x: p256.y } } }, { verify: { method: "publicKey", alg: "RS256", key: p256 } },
    { verify: { method: "publicKey", alg: "ES256", key: { ...p256, d: "AQ" } } }, { verify: { method: "jwks", keys: { keys: [oct({}), { ...p256, kid: "b" }] } } },
    { verify: { method: "jwks", keys: { keys: [oct({ use: "enc" })] } } }, { verify: { method: "jwks", keys: { keys: [] } } }, { verify: { method: "jwks", url: "ftp://a" } },
  ]) {
    assert.deepEqual(await outcomes(small, settings, ["a.b.c"]), await outcomes(whole, settings, ["a.b.c"]), JSON.stringify(settings));
  }
});

test("what is left out is refused by a code", async () => {
  const ed = generateKeyPairSync("ed25519").publicKey;
  const p384 = generateKeyPairSync("ec", { namedCurve: "P-384" }).publicKey;
  const jwk = (/** @type {import("node:crypto").KeyObject} */ key, /** @type {string} */ kid) => ({ ...key.export({ format: "jwk" }), kid });
  const refused = async (/** @type {any} */ settings, token = "") => (await outcomes(small, settings, [token]))[0];
  const secret = { method: "symmetricKey", alg: "HS256", key: "0123456789abcdef0123456789abcdef", encoding: "utf8" };
  assert.deepEqual(await refused({ verify: secret, encryption: "accept" }), { code: "settings_invalid", at: "/encryption" });
  assert.deepEqual(await refused({ verify: secret }, "a.b.c.d.e"), { code: "encryption_unexpected", at: undefined });
  assert.deepEqual(await refused({ verify: { method: "publicKey", alg: "EdDSA", key: jwk(ed, "a") } }), { code: "settings_invalid", at: "/verify/alg" });
  assert.deepEqual(await refused({ verify: { method: "jwks", keys: { keys: [jwk(ed, "a")] } } }), { code: "key_wrong_type", at: "/verify/keys/keys/0/kty" });
  assert.deepEqual(await refused({ verify: { method: "jwks", keys: { keys: [jwk(p384, "a")] } } }), { code: "key_wrong_type", at: "/verify/keys/keys/0/crv" });
});

test("the fault of a published key is the issuer's here too", async () => {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const jwks = (/** @type {object[]} */ ...keys) => JSON.stringify({ keys });
  const subject = await small.createVerifier({ verify: { method: "jwks", url: "https://id.acme.example/keys" } });
  const disclosed = { ...privateKey.export({ format: "jwk" }), kid: "k1" };
  const refused = (/** @type {() => unknown} */ run) => {
    try {
      run();
    } catch (error) {
      return /** @type {whole.HandstampError} */ (error);
    }
    throw new Error("it is not refused");
  };
  const alone = refused(() => subject.installKeySet(0, jwks(disclosed)));
  assert.deepEqual([alone.code, alone.details.at, alone.details.fix], ["key_set_empty", "/keys/0/d", "issuer"]);
  const other = { ...publicKey.export({ format: "jwk" }), kid: "k2" };
  subject.installKeySet(0, jwks(other, disclosed));
  const named = refused(() => subject.verifySync(`${Buffer.from('{"alg":"ES256","kid":"k1"}').toString("base64url")}.e30.${"A".repeat(86)}`));
  assert.deepEqual([named.code, named.details.at, named.details.fix], ["key_is_private", "/keys/1/d", "issuer"]);
});

test("a key set by address is the host's to fetch, and odd keys in it are skipped", async () => {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const set = JSON.stringify({ keys: [{ kty: "RSA", kid: "odd" }, { ...publicKey.export({ format: "jwk" }), kid: "one" }] });
  const settings = { verify: { method: /** @type {const} */ ("jwks"), url: "https://login.example/jwks" } };
  const token = await new SignJWT({ exp: NOW }).setProtectedHeader({ alg: "RS256", kid: "one" }).sign(privateKey);
  const pss = await new SignJWT({ exp: NOW }).setProtectedHeader({ alg: "PS256", kid: "one" }).sign(privateKey);
  const [here, by] = [await small.createVerifier(settings), await whole.createVerifier(settings, { fetch: false })];
  assert.throws(() => here.verifySync(token, { now: NOW }), { code: "key_set_not_loaded" });
  assert.deepEqual(here.keySetUrls(), by.keySetUrls());
  assert.deepEqual(here.installKeySet(0, set), by.installKeySet(0, set));
  assert.deepEqual((await here.verify(token, { now: NOW })).claims, { exp: NOW });
  assert.throws(() => here.verifySync(pss, { now: NOW }), { code: "alg_not_allowed" });
  assert.throws(() => here.installKeySet(7, set), { code: "settings_invalid" });
  here.close();
  by.close();
  assert.throws(() => here.verifySync(token), { code: "settings_invalid" });
});

test("many verifiers live side by side, and those that are closed make room", async () => {
  const settings = (/** @type {number} */ number) => ({ verify: { method: "symmetricKey", alg: "HS256", key: String(number).repeat(32), encoding: "utf8" } });
  const all = await Promise.all([1, 2, 3].map((number) => small.createVerifier(/** @type {any} */ (settings(number)))));
  all[1]?.close();
  all[1] = await small.createVerifier(/** @type {any} */ (settings(4)));
  for (const [index, number] of [1, 4, 3].entries()) {
    const token = await new SignJWT({ exp: NOW }).setProtectedHeader({ alg: "HS256" }).sign(Buffer.from(String(number).repeat(32)));
    for (const [other, verifier] of all.entries()) {
      if (other === index) assert.deepEqual(verifier.verifySync(token, { now: NOW }).claims, { exp: NOW });
      else assert.throws(() => verifier.verifySync(token, { now: NOW }), { code: "signature_invalid" });
    }
  }
});

test("after a trap a verifier and its key sets are made again in a new instance", async () => {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const set = JSON.stringify({ keys: [{ ...publicKey.export({ format: "jwk" }), kid: "one" }] });
  const token = await new SignJWT({ exp: NOW }).setProtectedHeader({ alg: "ES256", kid: "one" }).sign(privateKey);
  const verifier = await small.createVerifier({ verify: { method: "jwks", url: "https://login.example/jwks" } });
  verifier.installKeySet(0, set);
  const trap = () => ask("", (module) => module.verify(0, 0, 0) && module.room(2 ** 31));
  assert.throws(trap, { code: "internal" });
  for (let turn = 0; turn < 2; turn++) assert.deepEqual(verifier.verifySync(token, { now: NOW }).claims, { exp: NOW });
  const closed = await small.createVerifier({ verify: { method: "jwks", url: "https://login.example/jwks" } });
  closed.close();
  assert.throws(trap, { code: "internal" });
  assert.throws(() => closed.verifySync(token), { code: "settings_invalid" });
});

test("the entries bring nothing of the whole module, and workerd's verifies", async () => {
  const found = new Set();
  const waiting = ["verify.js", "verify.workerd.js", "verify.edge.js"];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    const text = await readFile(new URL(name, dist), "utf8");
    for (const [, next] of text.matchAll(/^(?:import|export) [^;]*?"\.\/([^"]+\.js)";/gm)) if (next) waiting.push(next);
  }
  assert.deepEqual([...found].filter((name) => ["handstamp.js", "inlined.js", "revival.js", "catalogue.js", "words.js"].includes(name)), []);

  const script = `import { createVerifier } from "./verify.workerd.js";
    export default { async fetch(request) {
      const { settings, token, now } = await request.json();
      const { claims, header } = (await createVerifier(settings)).verifySync(token, { now });
      return Response.json({ claims, header });
    } };`;
  const worker = new Miniflare({
    host: "127.0.0.1", port: 0, cf: false, telemetry: { enabled: false }, compatibilityDate: "2026-04-01", modules: true, script,
    modulesRoot: fileURLToPath(dist), scriptPath: fileURLToPath(new URL("entry.js", dist)),
    modulesRules: [{ type: "ESModule", include: ["**/*.js"] }, { type: "CompiledWasm", include: ["**/*.wasm"] }],
  });
  try {
    const { setting, key } = /** @type {any} */ (keys().get("ES256"));
    const token = await new SignJWT({ exp: NOW }).setProtectedHeader({ alg: "ES256" }).sign(key);
    const answer = await worker.dispatchFetch("http://127.0.0.1/", { method: "POST", body: JSON.stringify({ settings: { verify: setting }, token, now: NOW }) });
    assert.deepEqual(await answer.json(), { claims: { exp: NOW }, header: { alg: "ES256" } });
  } finally {
    await worker.dispose();
  }
});
