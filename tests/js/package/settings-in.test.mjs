// Settings as a program has them: what is not plain data is named at its place, and bytes are a shared secret.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createVerifier, HandstampError, signCompact } from "../../../pkg/dist/node.js";
import { rehearseFirstCalls } from "../../../pkg/dist/rehearsal.js";
import "../support/patience.mjs";

const SECRET = "an example secret of 32 bytes or more";
const source = { method: /** @type {const} */ ("symmetricKey"), key: SECRET, encoding: /** @type {const} */ ("utf8"), alg: /** @type {const} */ ("HS256") };

/** @param {any} settings @returns {Promise<[string, string | undefined, string | undefined]>} */
async function refused(settings) {
  const fault = await createVerifier(settings).then(() => assert.fail("accepted"), (/** @type {any} */ thrown) => thrown);
  assert.ok(fault instanceof HandstampError, String(fault));
  const { at, got } = /** @type {any} */ (fault.details);
  return [fault.code, at, got];
}

test("what is not plain data is refused at its place", async () => {
  class Money {
    toJSON() {
      return 30;
    }
  }
  const circle = /** @type {any} */ ({ verify: source, mapping: {} });
  circle.mapping.city = circle;
  for (const [settings, at, got] of /** @type {[any, string, string][]} */ ([
    [{ verify: source, leewaySeconds: new Date() }, "/leewaySeconds", "an object of the class Date"],
    [{ verify: source, leewaySeconds: 30n }, "/leewaySeconds", "a bigint"],
    [{ verify: source, leewaySeconds: new Money() }, "/leewaySeconds", "an object of the class Money"],
    [{ verify: source, leewaySeconds: { toJSON: () => 30 } }, "/leewaySeconds", "an object with toJSON"],
    [{ verify: source, leewaySeconds: Number.NaN }, "/leewaySeconds", "a number that is not finite"],
    [{ verify: source, mapping: { city: () => "/city" } }, "/mapping/city", "a function"],
    [{ verify: source, mapping: { "a/b": Symbol("c") } }, "/mapping/a~1b", "a symbol"],
    [{ verify: source, mapping: new Map([["city", "/city"]]) }, "/mapping", "an object of the class Map"],
    [{ verify: new Set([source]) }, "/verify", "an object of the class Set"],
    [{ verify: [source, { method: "jwks", url: new URL("https://www.customer.example/keys") }] }, "/verify/1/url", "an object of the class URL"],
  ])) {
    assert.deepEqual(await refused(settings), ["settings_invalid", at, got]);
  }
  const [code, at, got] = await refused(circle);
  assert.deepEqual([code, got], ["settings_invalid", "more, or a structure that contains itself"]);
  assert.match(String(at), /^\/mapping\/city\/mapping\/city/);
});

test("bytes are a shared secret, in an array or a buffer of their own", async () => {
  const bytes = new TextEncoder().encode(SECRET);
  const token = await signCompact({ sub: "1", exp: Math.floor(Date.now() / 1000) + 60 }, { key: SECRET, encoding: "utf8" }, { alg: "HS256" });
  for (const key of [bytes, Buffer.from(bytes), bytes.buffer.slice(0)]) {
    const verifier = await createVerifier({ verify: { method: "symmetricKey", key: /** @type {any} */ (key), alg: "HS256" } });
    assert.equal((await verifier.verify(token)).claims.sub, "1");
  }
  assert.deepEqual(await refused({ verify: { method: "symmetricKey", key: bytes.slice(0, 8), alg: "HS256" } }), ["key_too_short", "/verify/key/k", "8 bytes"]);
  assert.deepEqual((await refused({ verify: { method: "publicKey", key: bytes, alg: "ES256" } })).slice(0, 2), ["key_invalid", "/verify/key"]);
  assert.deepEqual((await refused({ verify: source, issuer: bytes })).slice(0, 2), ["settings_invalid", "/issuer"]);
});

test("settings without a prototype, of another realm and of a class are data like any other; undefined is absent", async () => {
  const bare = Object.assign(Object.create(null), { verify: Object.assign(Object.create(null), source), leewaySeconds: undefined });
  class Settings {
    verify = source;
  }
  const { runInNewContext } = await import("node:vm");
  const foreign = runInNewContext("(" + JSON.stringify({ verify: source }) + ")");
  for (const settings of [bare, new Settings(), foreign, { verify: { ...source, id: undefined } }]) {
    const verifier = await createVerifier(settings);
    assert.deepEqual(verifier.keySetUrls(), []);
  }
});

test("settings come to the same whether they are plain data or the module has to look at each value", async () => {
  const outcome = async (/** @type {any} */ settings) => createVerifier(settings).then(() => "accepted", (fault) => [fault.code, fault.details.at, fault.details.expected, fault.details.got]);
  const deep = JSON.parse("[".repeat(40) + "]".repeat(40));
  for (const settings of /** @type {any[]} */ ([
    { verify: source }, { verify: [source], leewaySeconds: 30, maxLifetimeSeconds: null }, { verfy: source }, { verify: [] }, { verify: { ...source, key: "short" } },
    { verify: source, leewaySeconds: 30.5 }, { verify: source, leewaySeconds: -1 }, { verify: source, leewaySeconds: 1e21 }, { verify: source, issuer: "" },
    { verify: source, issuer: "a\u0000\"\\é" }, { verify: source, typ: 1e-7 }, { verify: { ...source, key: `\ud800${SECRET}` } }, { verify: source, mapping: { city: deep } },
  ])) {
    // A member that is `undefined` is for the module to leave out.
    assert.deepEqual(await outcome(settings), await outcome({ ...settings, accessToken: undefined }), JSON.stringify(settings));
  }
});

test("the calls that a worker makes as it is imported verify one token here and one by the host", async () => {
  /** @type {unknown[]} */
  const issuers = [];
  await rehearseFirstCalls(async (settings) => {
    const verifier = await createVerifier(settings);
    const verify = verifier.verify.bind(verifier);
    const noted = async (/** @type {string} */ compact, /** @type {any} */ options) => {
      const verified = await verify(compact, options);
      assert.deepEqual(verified.warnings, [], "the way of most tokens is rehearsed, not that of a warning");
      issuers.push(verified.claims.iss);
      return verified;
    };
    return Object.assign(verifier, { verify: /** @type {any} */ (noted) });
  });
  assert.deepEqual(issuers, ["a", "joe"]);
});
