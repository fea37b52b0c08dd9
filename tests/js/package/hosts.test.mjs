// What a host brings along: key sets by URL in both modules, its cache, its signal, its listener; and what it may lack.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { mock, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import * as whole from "../../../pkg/dist/node.js";
import { createRing, perform } from "../../../pkg/dist/oauth.node.js";
import * as small from "../../../pkg/dist/verify.js";
import { pause } from "../support/patience.mjs";
import { claims, pair, sign } from "../support/mint.mjs";

const dist = fileURLToPath(new URL("../../../pkg/dist/", import.meta.url));
const url = "https://keys.example/jwks";
const [first, second] = [await pair("ES256"), await pair("ES256")];
const token = (kid = "k1", key = first) => sign(claims(), "ES256", key.privateKey, { kid });
/** @param {Record<string, any>} keys */
const set = (keys) => JSON.stringify({ keys: Object.entries(keys).map(([kid, key]) => ({ ...key, kid })) });

/** A server of key sets: what it answers now, and how often it was asked. */
function server(body = set({ k1: first.jwk }), headers = {}) {
  const state = { body, headers, status: 200, asked: 0, hangs: false };
  const fetch = async (/** @type {string} */ _url, /** @type {RequestInit} */ { signal }) => {
    state.asked += 1;
    if (state.hangs) await new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
    return new Response(state.body, { status: state.status, headers: { "content-type": "application/json", ...state.headers } });
  };
  return { state, fetch: /** @type {any} */ (fetch) };
}

for (const [name, entry] of /** @type {[string, Pick<typeof whole, "createVerifier">][]} */ ([["handstamp", whole], ["handstamp/verify", small]])) {
  /** @param {object} options */
  const verifierOf = (options) => entry.createVerifier({ verify: { method: "jwks", url, algs: ["ES256"] } }, options);
  const code = async (/** @type {Promise<unknown>} */ work) => work.then(() => "good", (error) => (error instanceof whole.HandstampError ? error.code : error.name));

  test(`${name}: fifty tokens, at once or in a row, ask once; unknown keys and bad signatures are bounded`, async () => {
    const { state, fetch } = server();
    const verifier = await verifierOf({ fetch });
    const made = await token();
    const found = await Promise.all(Array.from({ length: 50 }, () => verifier.verify(made)));
    assert.equal(found.at(-1)?.claims.sub, claims().sub);
    assert.equal(state.asked, 1);
    for (let turn = 0; turn < 50; turn += 1) assert.equal(await code(verifier.verify(await token(`unknown-${turn}`))), "kid_unknown");
    assert.equal(state.asked, 2, "at most every 30 seconds");
    const forged = await token("k1", second);
    for (let turn = 0; turn < 50; turn += 1) assert.equal(await code(verifier.verify(forged)), "signature_invalid");
    assert.equal(state.asked, 2, "a copy of a moment ago is not doubted");
  });

  test(`${name}: a new key is found, a broken server is asked again later, and the last good copy serves`, async (t) => {
    mock.timers.enable({ apis: ["Date"], now: Date.now() });
    t.after(() => mock.timers.reset());
    const { state, fetch } = server(set({ k1: first.jwk }), { "cache-control": "max-age=60" });
    const verifier = await verifierOf({ fetch });
    assert.equal(await code(verifier.verify(await token())), "good");
    state.body = set({ k1: first.jwk, k2: second.jwk });
    assert.equal(await code(verifier.verify(await token("k2", second))), "good");
    assert.equal(state.asked, 2);
    state.status = 503;
    mock.timers.tick(61_000);
    for (let turn = 0; turn < 20; turn += 1) assert.equal(await code(verifier.verify(await token())), "good");
    assert.equal(state.asked, 3, "not asked again for ten seconds");
    assert.equal(verifier.verifySync(await token()).claims.sub, claims().sub);
    mock.timers.tick(25 * 3600_000);
    const later = await token();
    assert.throws(() => verifier.verifySync(later), { code: "key_set_not_loaded" }, "nor without fetching");
    assert.equal(await code(verifier.verify(await token())), "key_set_unavailable", "a day later the copy is too old");
    Object.assign(state, { status: 200, body: set({ k1: second.jwk }) });
    mock.timers.tick(61_000);
    assert.equal(await code(verifier.verify(await token())), "signature_invalid", "the key was replaced under its name");
    state.status = 503;
    const byHand = await verifierOf({ fetch });
    byHand.installKeySet(0, set({ k1: first.jwk }));
    for (const [kid, said] of [["k1", "good"], ["unknown", "kid_unknown"], ["k1", "good"]]) assert.equal(await code(byHand.verify(await token(kid))), said, "what the host has installed serves");
    byHand.forgetKeySet(0);
    assert.equal(await code(byHand.verify(await token())), "key_set_unavailable");
    for (const index of [1, -1, "0", undefined]) assert.throws(() => byHand.forgetKeySet(/** @type {any} */ (index)), { code: "settings_invalid" });
    // Also beside a copy that the verifier has fetched, which grows too old.
    const both = await verifierOf({ fetch });
    state.status = 200;
    assert.equal(await code(both.verify(await token())), "signature_invalid");
    both.installKeySet(0, set({ k1: first.jwk }));
    state.status = 503;
    mock.timers.tick(26 * 3600_000);
    for (const asked of [both.verifySync(await token()), await both.verify(await token())]) assert.equal(asked.claims.sub, claims().sub);
  });

  test(`${name}: the host's cache spares other instances the fetch, ages from the fetch, and may fail`, async (t) => {
    mock.timers.enable({ apis: ["Date"], now: Date.now() });
    t.after(() => mock.timers.reset());
    const { state, fetch } = server(set({ k1: first.jwk }), { "cache-control": "max-age=600" });
    /** @type {Map<string, string>} */
    const entries = new Map();
    /** @type {Promise<unknown>[]} */
    const waited = [];
    const cache = { get: async (/** @type {string} */ key) => entries.get(key), put: async (/** @type {string} */ key, /** @type {string} */ value) => void entries.set(key, value) };
    const waitUntil = (/** @type {Promise<unknown>} */ work) => void waited.push(work);
    const made = await token();
    for (let instance = 0; instance < 3; instance += 1) assert.equal(await code((await verifierOf({ fetch, cache, waitUntil })).verify(made)), "good");
    await Promise.all(waited);
    assert.deepEqual([state.asked, [...entries.keys()], waited.length], [1, [url], 1]);
    mock.timers.tick(601_000);
    assert.equal(await code((await verifierOf({ fetch, cache })).verify(await token())), "good");
    assert.equal(state.asked, 2, "an entry that has grown old is fetched again");
    for (const broken of [{ ...cache, get: async () => "no JSON" }, { ...cache, get: async () => '{"form":1,"at":1e15,"body":"{}"}' }, { get: async () => { throw new Error("down"); }, put: async () => { throw new Error("down"); } }]) {
      assert.equal(await code((await verifierOf({ fetch, cache: broken })).verify(await token())), "good");
    }
    assert.equal(state.asked, 5);
    for (const wrong of [{ cache: {} }, { cache: { get: () => null } }, { waitUntil: true }, { onEvent: "log" }]) assert.equal(await code(verifierOf(wrong)), "settings_invalid");
  });

  test(`${name}: a signal ends the wait of its caller alone`, async () => {
    const { state, fetch } = server();
    state.hangs = true;
    const verifier = await verifierOf({ fetch });
    const made = await token();
    const stop = new AbortController();
    const [stopped, waiting] = [code(verifier.verify(made, { signal: stop.signal })), code(verifier.verify(made))];
    await pause(10);
    stop.abort();
    assert.equal(await stopped, "AbortError");
    state.hangs = false;
    assert.equal(await waiting, "key_set_unavailable", "the fetch went on until its own end");
    assert.equal(await code(verifier.verify(made, { signal: AbortSignal.abort() })), "AbortError");
    assert.equal(await code(verifier.verify(made, /** @type {any} */ ({ signal: {} }))), "settings_invalid");
  });

  test(`${name}: a listener hears of fetches and refusals, and changes nothing`, async () => {
    const { state, fetch } = server();
    /** @type {any[]} */
    const heard = [];
    const onEvent = (/** @type {any} */ event) => {
      heard.push(event);
      throw new Error("a listener's own fault");
    };
    const verifier = await verifierOf({ fetch, onEvent });
    assert.equal(await code(verifier.verify(await token())), "good");
    assert.equal(await code(verifier.verify("a.b")), "token_segments");
    assert.throws(() => verifier.verifySync("a.b"), { code: "token_segments" });
    state.status = 500;
    assert.equal(await code(verifier.verify(await token("k9"))), "kid_unknown");
    assert.deepEqual(heard, [
      { type: "fetch", asks: "need", index: 0, url },
      { type: "fetched", index: 0, url },
      { type: "refused", code: "token_segments" },
      { type: "refused", code: "token_segments" },
      { type: "fetch", asks: "refresh", index: 0, url },
      { type: "fetch_failed", index: 0, url, code: "key_set_unavailable" },
      { type: "refused", code: "kid_unknown", at: "header/kid" },
    ]);
  });
}

test("a host without WebAssembly imports every entry, and is told what it lacks", async () => {
  const script = `const outcomes = [];
    for (const name of ["node", "inline", "web", "slim", "accounts", "accounts.slim", "oauth", "oauth.node", "oauth.slim", "verify", "verify.node", "verify.slim", "errors", "words"]) {
      const { createVerifier, init } = await import("${dist}" + name + ".js");
      const settings = { verify: { method: "jwks", url: "https://keys.example/jwks" } };
      const code = (work) => work().then(() => "good", (error) => error.code ?? String(error));
      outcomes.push([name, createVerifier ? await code(() => createVerifier(settings)) : init ? await code(() => init(new Uint8Array(8))) : "good"]);
    }
    console.log(JSON.stringify(outcomes));`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--jitless", "--input-type=module", "--eval", script]);
  const lacking = ["node", "inline", "web", "accounts", "oauth", "oauth.node", "oauth.slim", "verify", "verify.node"].map((name) => [name, "needs_webassembly"]);
  /** @type {[string, string][]} */
  const found = JSON.parse(stdout);
  assert.deepEqual(found.filter(([, code]) => code === "needs_webassembly"), lacking);
  assert.deepEqual(found.filter(([, code]) => code !== "needs_webassembly"), [["slim", "not_initialised"], ["accounts.slim", "not_initialised"], ["verify.slim", "not_initialised"], ["errors", "good"], ["words", "good"]]);
});

test("a window that a test made up is no visitor's", async () => {
  for (const [agent, expected] of [["Mozilla/5.0 (linux) AppleWebKit/537.36 (KHTML, like Gecko) jsdom/27.0.0", "good"], ["Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) HappyDOM/20.0.0", "good"], ["Mozilla/5.0 (X11; Linux x86_64) Chrome/150.0.0.0", "secret_in_browser"]]) {
    const script = `Object.assign(globalThis, { window: globalThis, document: {} });
      Object.defineProperty(globalThis, "navigator", { value: { userAgent: ${JSON.stringify(agent)} } });
      const { createVerifier } = await import("${dist}verify.js");
      const verify = { method: "symmetricKey", key: "x".repeat(32), encoding: "utf8", alg: "HS256" };
      console.log(await createVerifier({ verify }).then(() => "good", (error) => error.code));`;
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script]);
    assert.equal(stdout.trim(), expected, agent);
  }
});

test("a bundle holds what it imports: refusals alone are under 3 KB, and nothing stands in it twice", async () => {
  /** @param {string} contents */
  const bundled = async (contents) => {
    const { metafile, outputFiles } = await build({ stdin: { contents, resolveDir: dist }, bundle: true, minify: true, write: false, format: "esm", metafile: true, logLevel: "silent" });
    return { gzip: gzipSync(outputFiles[0]?.contents ?? "").length, text: outputFiles[0]?.text ?? "", files: Object.keys(metafile.inputs).map((file) => file.split("/").at(-1)) };
  };
  const errors = await bundled('import { HandstampError } from "./errors.js"; console.log(HandstampError);');
  assert.ok(errors.gzip < 3000, `${errors.gzip} bytes`);
  const verify = await bundled('import { createVerifier } from "./verify.slim.js"; console.log(createVerifier);');
  assert.ok(verify.gzip < 9000 && !verify.files.includes("catalogue.js"), `${verify.gzip} bytes`);
  const both = await bundled('import * as a from "./slim.js"; import * as b from "./verify.slim.js"; console.log(a, b);');
  assert.deepEqual([both.text.split("handstamp.refusal").length - 1, both.text.split("The token has expired.").length - 1], [1, 1]);
});

test("perform asks no private URL, follows no redirect, and ends at its time and its bytes", async (t) => {
  let asked = 0;
  const server = createServer((request, response) => {
    asked += 1;
    const { pathname } = new URL(request.url ?? "/", "http://127.0.0.1");
    if (pathname === "/redirect") response.writeHead(302, { location: "/good" }).end();
    else if (pathname === "/large") response.end("x".repeat(2000));
    else if (pathname === "/slow") response.write("x");
    else if (pathname === "/encoding") response.setHeader("content-type", "text/plain; charset=utf-8").end(Buffer.of(0xff));
    else if (pathname === "/latin") response.setHeader("content-type", "text/plain; charset=iso-8859-1").end(Buffer.of(0xe9));
    else response.writeHead(pathname === "/denied" ? 401 : 200, { "www-authenticate": "DPoP", "cache-control": "no-store" }).end(`${request.method} ${request.headers["x-mine"]}`);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  t.after(() => (server.closeAllConnections(), server.close()));
  const base = `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}`;
  const get = async (/** @type {string} */ url, more = {}) => perform({ method: "GET", url, headers: {}, timeout: 1, bytes: 1000, ...more }, { development: true, headers: { "x-mine": "yes" } });
  assert.deepEqual(await get(`${base}/good`), { status: 200, contentType: "", body: "GET yes", cacheControl: "no-store" });
  assert.deepEqual(await get(`${base}/denied`), { status: 401, contentType: "", body: "GET yes", cacheControl: "no-store", authenticate: "DPoP" });
  assert.equal(/** @type {any} */ (await get(`${base}/latin`)).body, "é");
  for (const [path, failed] of [["redirect", "redirected"], ["large", "too_large"], ["slow", "timeout"], ["encoding", "encoding"]]) assert.deepEqual(await get(`${base}/${path}`), { failed }, path);
  assert.deepEqual(await get("http://127.0.0.1:9/"), { failed: "network" });
  const before = asked;
  for (const url of [`${base}/good`, "https://10.0.0.1/", "https://user@id.example.com/", "http://id.example.com/", "https://metadata.internal/", "file:///etc/passwd", "https://id.example.com:22/", ""]) {
    assert.deepEqual(await perform({ method: "GET", url, headers: {} }), { failed: "refused" }, url);
  }
  assert.equal(asked, before, "nothing was sent");
});

test("a ring that was made seals and opens, and each one has a key of its own", () => {
  const [one, other] = [createRing("test", { now: 1_900_000_000 }), createRing("test", { kid: "k" })];
  assert.deepEqual([one.keys[0]?.kid, one.keys[0]?.since, other.keys[0]?.kid], ["2030-03-17", 1_900_000_000, "k"]);
  assert.notEqual(one.keys[0]?.key, other.keys[0]?.key);
});
