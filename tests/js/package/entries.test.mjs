// Every entry of the package where it is meant to run: Node, browsers' entries, workerd, and the packed tarball
// as npm installs it.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, posix } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { CAMPAIGN, SECRET, signed } from "../support/mint.mjs";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../../../", import.meta.url));
const dist = new URL("../../../pkg/dist/", import.meta.url);

/**
 * Runs a module in a process of its own, as entries share one instance of the module.
 * @param {string} code
 * @param {{ cwd?: string, args?: string[] }} [options]
 */
async function inNode(code, { cwd = root, args = [] } = {}) {
  const { stdout } = await run(process.execPath, [...args, "--input-type=module", "--eval", code], { cwd });
  return JSON.parse(stdout);
}

const admitting = `
  const settings = { verify: { method: "symmetricKey", key: ${JSON.stringify(SECRET)}, encoding: "utf8", alg: "HS256" } };
  const admit = async (entry, token) =>
    (await (await entry.createVerifier(settings)).admit(token, { campaignId: ${JSON.stringify(CAMPAIGN)} })).decision;`;

/** @param {string} entry @returns {Promise<Map<string, string>>} the entry's own modules, by name */
async function closure(entry) {
  /** @type {Map<string, string>} */
  const found = new Map();
  const waiting = [entry];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (found.has(name)) continue;
    const text = await readFile(new URL(name, dist), "utf8");
    found.set(name, text);
    for (const [, next] of text.matchAll(/^(?:import|export) [^;]*?"\.\/([^"]+\.js)";/gm)) if (next) waiting.push(next);
  }
  return found;
}

test("Node's entry works without init, and importing it starts nothing", async () => {
  const found = await inNode(`
    const compile = WebAssembly.Module;
    let compiled = 0;
    WebAssembly.Module = class extends compile { constructor(...bytes) { super(...bytes); compiled += 1; } };
    const entry = await import("./pkg/dist/node.js");
    const before = compiled;
    const { decision } = entry.decide({ nb: 1 }, 0);
    await entry.init();
    console.log(JSON.stringify({ before, decision, compiled }));`);
  assert.deepEqual(found, { before: 0, decision: "allowed", compiled: 1 });
});

test("the browser's entries start in createVerifier, and say so before", async () => {
  const token = JSON.stringify(await signed());
  for (const [entry, init] of [["inline", ""], ["web", "await entry.init(readFileSync('./pkg/dist/handstamp_bg.wasm'));"], ["slim", "await entry.init(readFileSync('./pkg/dist/handstamp_bg.wasm'));"]]) {
    const found = await inNode(`
      import { readFileSync } from "node:fs";
      import * as entry from "./pkg/dist/${entry}.js";
      ${admitting}
      let before;
      try { entry.decide({ nb: 1 }, 0); } catch (error) { before = error.code; }
      ${init}
      console.log(JSON.stringify([before, await admit(entry, ${token}), entry.decide({ nb: 1 }, 1).reason]));`);
    assert.deepEqual(found, ["not_initialised", "allowed", "quota_reached"], entry);
  }
});

test("init takes a module, bytes, a response, an address or a promise; waits for others; and can be tried again", async () => {
  const found = await inNode(`
    import { createServer } from "node:http";
    import { readFileSync } from "node:fs";
    const bytes = readFileSync("./pkg/dist/handstamp_bg.wasm");
    const server = createServer((request, response) => {
      response.writeHead(request.url === "/gone" ? 404 : 200, { "content-type": request.url === "/typed" ? "application/wasm" : "text/plain" });
      response.end(bytes);
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const base = "http://127.0.0.1:" + server.address().port;
    const outcomes = [];
    const sources = {
      module: () => new WebAssembly.Module(bytes), bytes: () => bytes, buffer: () => new Uint8Array(bytes).buffer,
      promise: async () => bytes, response: () => fetch(base + "/typed"), url: () => new URL(base + "/typed"), address: () => base + "/plain",
    };
    for (const [name, source] of Object.entries(sources)) {
      // A query makes a loader of its own; the instance is shared, so it is taken away before each.
      const { loader } = await import("./pkg/dist/load.js?" + name);
      const { instance } = await import("./pkg/dist/instance.js");
      instance.module = null;
      const init = loader(() => { throw new Error("unused"); });
      await init(source());
      outcomes.push([name, instance.module !== null]);
    }
    const { instance } = await import("./pkg/dist/instance.js");
    instance.module = null;
    const { init, decide } = await import("./pkg/dist/slim.js");
    const code = (promise) => promise.then(() => "ok", (error) => error.code ?? error.name);
    outcomes.push(["nothing", await code(init())], ["gone", await code(init(base + "/gone"))], ["junk", await code(init(new Uint8Array(8)))], ["else", await code(init({}))]);
    outcomes.push(["at once", await Promise.all([code(init(base + "/gone")), code(init(bytes)), code(init(bytes))])]);
    outcomes.push(["again", await code(init()), decide({ nb: 1 }, 1).reason]);
    server.close();
    server.closeAllConnections();
    console.log(JSON.stringify(outcomes));`);
  assert.deepEqual(found, [
    ...["module", "bytes", "buffer", "promise", "response", "url", "address"].map((name) => [name, true]),
    ["nothing", "not_initialised"], ["gone", "not_initialised"], ["junk", "not_initialised"], ["else", "not_initialised"],
    ["at once", ["not_initialised", "ok", "ok"]],
    ["again", "ok", "quota_reached"],
  ]);
});

test("the browser's entries compile nothing synchronously, fetch nothing unasked, and have no top-level await", async () => {
  for (const entry of ["inline.js", "web.js", "slim.js", "accounts.js", "accounts.slim.js", "oauth.js"]) {
    for (const [name, text] of await closure(entry)) {
      if (/^handstamp(_accounts)?\.js$/.test(name)) continue;
      assert.doesNotMatch(text, /initSync|new WebAssembly\.(Module|Instance)/, `${entry}: ${name}`);
      assert.doesNotMatch(text, /^await /m, `${entry}: ${name}`);
      assert.equal(/_bg\.wasm/.test(text), name === "host-web.js", `${entry}: ${name}`);
    }
  }
  assert.ok((await closure("node.js")).has("accounts-load-now.js"), "the closure is followed");
  for (const [entry, lacks] of [["slim.js", "inlined.js"], ["accounts.slim.js", "accounts-inlined.js"]]) assert.ok(!(await closure(entry)).has(lacks), `${entry} carries no module`);
  for (const entry of ["inline.js", "workerd.js", "web.js"]) assert.deepEqual([...(await closure(entry)).keys()].filter((name) => name.includes("accounts")), [], `${entry} loads the module of tokens alone`);
  for (const entry of ["accounts.js", "accounts.workerd.js", "oauth.js", "oauth.workerd.js", "node.js", "oauth.node.js"]) assert.ok(!(await closure(entry)).has("handstamp.js"), `${entry} loads the one with accounts`);
});

test("secrets and private keys are refused in a browser's window, unless the page insists", async () => {
  const found = await inNode(`
    globalThis.window = globalThis;
    globalThis.document = {};
    const entry = await import("./pkg/dist/inline.js");
    ${admitting}
    const outcome = (promise) => promise.then(() => "ok", (error) => error.code + " " + error.details.at);
    const allowSecretsInBrowser = true;
    const secret = settings.verify;
    const set = { method: "jwks", keys: { keys: [{ kty: "oct", kid: "a", k: "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA" }] } };
    const open = { method: "jwks", url: "https://keys.example/jwks" };
    console.log(JSON.stringify([
      await outcome(entry.createVerifier(settings)),
      await outcome(entry.createVerifier(settings, { allowSecretsInBrowser })),
      await outcome(entry.createVerifier({ verify: [open, set] })),
      await outcome(entry.createVerifier({ verify: open, decrypt: { ...secret, alg: "dir", enc: "A256GCM" } })),
      await outcome(entry.createVerifier({ verify: open })),
      await outcome(entry.signCompact("x", secret, { alg: "HS256" })),
      await outcome(entry.signCompact("x", secret, { alg: "HS256", allowSecretsInBrowser })),
      await outcome(entry.decryptCompact("x", { ...secret, alg: "dir", enc: "A256GCM" })),
    ]));`);
  const refused = (/** @type {string} */ at) => `secret_in_browser ${at}`;
  assert.deepEqual(found, [refused("/verify/0"), "ok", refused("/verify/1"), refused("/decrypt"), "ok", refused("key"), "ok", refused("key")]);
});

test("workerd's entry works inside workerd, with the verifier at module scope", async () => {
  const worker = new Miniflare({
    host: "127.0.0.1", port: 0, cf: false, telemetry: { enabled: false }, modules: true,
    rootPath: root, scriptPath: "tests/js/support/entries/workerd.js", compatibilityDate: "2026-04-01",
    modulesRules: [{ type: "ESModule", include: ["**/*.js"] }, { type: "CompiledWasm", include: ["**/*.wasm"] }],
  });
  try {
    const ask = async (/** @type {string} */ body) => (await worker.dispatchFetch("http://127.0.0.1/", { method: "POST", body })).json();
    const good = /** @type {any} */ (await ask(await signed()));
    assert.deepEqual([good.admission?.decision, good.opened, good.decision], ["allowed", "participant-7f3a", "fetch"], JSON.stringify(good));
    const late = /** @type {any} */ (await ask(await signed({ iat: 1_700_000_000, exp: 1_700_000_300 })));
    assert.equal(late.code, "token_expired");
  } finally {
    await worker.dispose();
  }
});

test("the packed tarball installs, runs, bundles, and compiles in a consumer's project", async () => {
  const folder = await mkdtemp(join(tmpdir(), "handstamp-consumer-"));
  try {
    const npm = (/** @type {string[]} */ ...args) => run("npm", [...args, "--loglevel=error"], { cwd: folder, shell: process.platform === "win32" });
    const { stdout } = await npm("pack", join(root, "pkg"), "--json");
    const packed = JSON.parse(stdout);
    const [{ filename, files, size }] = Array.isArray(packed) ? packed : Object.values(packed);
    const names = files.map((/** @type {{ path: string }} */ { path }) => path);
    for (const name of ["package.json", "README.md", "LICENSE-MIT", "errors.json", "dist/handstamp_bg.wasm", "dist/index.d.ts", "dist/tag.js", "worker/src/index.js", "public/tag.js", "public/campaign/app.js"]) {
      assert.ok(names.includes(name), `${name} is packed`);
    }
    assert.ok(!names.some((/** @type {string} */ name) => name.startsWith("public/demo/") || name.includes("/.") || name.startsWith(".")), names.join(" "));
    // Each module is a file and stands once in a script; the page of the diagnosis has it too, as it is one file.
    const carriers = [];
    for (const name of names) {
      const content = await readFile(join(root, "pkg", name));
      const isText = /\.(js|mjs|html|json|md)$/.test(name) && /[\w+/]{40000}/.test(content.toString("latin1"));
      if (isText || content.subarray(0, 4).toString("latin1") === "\0asm") carriers.push(name.replace(/@\w+/, ""));
    }
    assert.deepEqual(carriers.sort(), [
      "dist/accounts-inlined.js", "dist/handstamp_accounts_bg.wasm", "dist/handstamp_bg.wasm", "dist/handstamp_verify.wasm", "dist/inlined.js",
      "dist/verify-inlined.js", "public/diagnosis/index.html", "public/pkg/handstamp_look.wasm",
    ]);
    assert.ok(size < 2_650_000, `${size} bytes are packed`);
    for (const name of names.filter((/** @type {string} */ name) => name.endsWith(".md"))) {
      for (const [, link = ""] of (await readFile(join(root, "pkg", name), "utf8")).matchAll(/\]\((?!https?:)([^)#]+)/g)) {
        const target = posix.join(posix.dirname(name), link);
        assert.ok(names.some((/** @type {string} */ file) => file === target || file.startsWith(`${target}/`)), `${name} links to ${link}`);
      }
    }
    for (const [, page = ""] of (await readFile(join(root, "pkg/errors.json"), "utf8")).matchAll(/\b(docs\/\w+\.md)/g)) assert.ok(names.includes(page), `errors.json names ${page}`);

    await writeFile(join(folder, "package.json"), JSON.stringify({ name: "consumer", private: true, type: "module" }));
    await npm("install", "--offline", "--no-audit", "--no-fund", `./${filename}`);
    const token = JSON.stringify(await signed());
    const code = `
      import * as entry from "handstamp";
      import * as oauth from "handstamp/oauth";
      import errors from "handstamp/errors.json" with { type: "json" };
      ${admitting}
      console.log(JSON.stringify([await admit(entry, ${token}), typeof oauth.redeem, errors.codes.token_expired.public, entry.version]));`;
    const expected = ["allowed", "function", "token_expired"];
    assert.deepEqual((await inNode(code, { cwd: folder, args: ["--no-warnings"] })).slice(0, 3), expected);
    const browsers = code.replace('"handstamp"', '"handstamp/slim"').replace(admitting, `${admitting}
      import { readFileSync } from "node:fs";
      await entry.init(readFileSync(new URL(import.meta.resolve("handstamp/handstamp_bg.wasm"))));`);
    assert.deepEqual((await inNode(browsers, { cwd: folder, args: ["--no-warnings"] })).slice(0, 3), expected);

    for (const [platform, format] of /** @type {const} */ ([["browser", "iife"], ["node", "esm"], ["neutral", "esm"]])) {
      const stdin = { resolveDir: folder, contents: `import * as entry from "handstamp"; ${admitting} admit(entry, ${token}).then((decision) => console.log(JSON.stringify([decision])));` };
      const bundled = await build({ stdin, bundle: true, minify: true, write: false, platform, format, target: "es2022" });
      // A file, as a bundle is too long for a command line.
      await writeFile(join(folder, `${platform}.mjs`), bundled.outputFiles[0]?.text ?? "");
      const { stdout } = await run(process.execPath, [join(folder, `${platform}.mjs`)]);
      assert.deepEqual(JSON.parse(stdout), ["allowed"], `bundled for ${platform}`);
    }

    await cp(join(root, "tests/js/support/entries/consumer.ts"), join(folder, "consumer.ts"));
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    const strict = ["--noEmit", "--strict", "--target", "es2022", "--lib", "es2023,dom,dom.iterable", "--types", ""];
    for (const resolution of [["--module", "nodenext"], ["--module", "esnext", "--moduleResolution", "bundler"]]) {
      const compiled = run(process.execPath, [tsc, ...strict, ...resolution, "consumer.ts"], { cwd: folder });
      await assert.doesNotReject(compiled.catch((error) => Promise.reject(new Error(error.stdout))), resolution.join(" "));
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test("the worker of the README admits a good token, and tells a visitor of a bad one the reason alone", async () => {
  const [, program = ""] = /^## In a worker\n.*?^```js\n(.*?)^```/ms.exec(await readFile(join(root, "README.md"), "utf8")) ?? [];
  const found = await inNode(`
    import { createIssuer } from "handstamp/testing";
    ${program.replace("export default", "const worker =")}
    const issuer = await createIssuer({ claims: { iss: "com.customer" } });
    globalThis.fetch = issuer.fetch;
    const ask = async (token) => {
      const response = await worker.fetch(new Request("https://game.example/", { method: "POST", body: JSON.stringify({ token, campaignId: "123456" }) }));
      return [response.status, await response.json()];
    };
    console.log(JSON.stringify([await ask(await issuer.token()), await ask(await issuer.forged())]));`, { cwd: join(root, "pkg") });
  assert.deepEqual(found, [
    [200, { subject: "1234", decision: "allowed", prefill: { form: {}, optin: {}, locked: [], ignored: [] } }],
    [401, { reason: "token_invalid" }],
  ]);
});

test("every file of the package that is exported exists, with types", async () => {
  const manifest = JSON.parse(await readFile(new URL("../package.json", dist), "utf8"));
  const there = new Set((await readdir(dist)).map((name) => `./dist/${name}`));
  /** @type {(part: unknown) => string[]} */
  const targets = (part) => (typeof part === "string" ? [part] : Object.values(/** @type {object} */ (part)).flatMap(targets));
  const exported = targets(manifest.exports).filter((target) => target.startsWith("./dist/"));
  assert.ok(exported.length > 12);
  for (const target of exported) {
    assert.ok(there.has(target), target);
    if (target.endsWith(".js")) assert.ok(there.has(target.replace(/\.js$/, ".d.ts")), `types of ${target}`);
  }
});

test("the worker's types name every class that the worker exports", async () => {
  const [program, types] = await Promise.all(["../worker/src/index.js", "worker.d.ts"].map((file) => readFile(new URL(file, dist), "utf8")));
  const exported = [...program.matchAll(/^export \{ (\w+) \}/gm)].map(([, name]) => name).sort();
  assert.ok(exported.length > 5);
  assert.deepEqual([...types.matchAll(/^export declare class (\w+) extends \w+ \{/gm)].map(([, name]) => name).sort(), exported);
});

test("the tag is imported where pages are rendered without an effect, and says where it works", async () => {
  const code = `
    import { create } from "handstamp/tag";
    let said;
    try { create("#box"); } catch (fault) { said = fault.message; }
    console.log(JSON.stringify([typeof document, said]));`;
  const [kind, said] = await inNode(code, { cwd: join(root, "pkg") });
  assert.equal(kind, "undefined");
  assert.match(said, /call create\(\) there/);
});

test("every bundler leaves the import of the trail alone", async () => {
  const text = await readFile(new URL("tag.mjs", dist), "utf8");
  for (const word of ["webpackIgnore: true", "turbopackIgnore: true", "@vite-ignore"]) assert.match(text, new RegExp(`import\\([^)]*/\\* ${word} \\*/`));
});
