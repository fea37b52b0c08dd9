// The package as it is, in every runtime: Node, Deno, Bun, workerd, and Chromium's own modules.

import { access } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { visit } from "./chromium.mjs";
import { here, judge, run, work } from "./consumer.mjs";

/** @typedef {{ what: string, where: string, check: () => Promise<void> }} Row */

const { resolve } = createRequire(import.meta.url);
const arch = process.arch === "arm64" ? "-arm64" : "";
/** @param {string} name */
export const node = (name) => join(here, "node_modules", name + arch, "bin/node");

/** The program of a package for this machine, whichever of its platform packages was installed. @param {string[]} candidates */
async function first(candidates) {
  for (const candidate of candidates) {
    const path = join(here, "node_modules", candidate);
    if (await access(path).then(() => true, () => false)) return path;
  }
  throw new Error(`none of ${candidates.join(", ")} is installed`);
}

const deno = () => first(["@deno/linux-x64-glibc/deno", "@deno/linux-arm64-glibc/deno", "@deno/darwin-arm64/deno", "@deno/darwin-x64/deno"]);
// bun moves its platform's program into its own package, where it may.
const bun = () => first(["bun/bin/bun.exe", "@oven/bun-linux-x64/bin/bun", "@oven/bun-linux-aarch64/bin/bun", "@oven/bun-darwin-aarch64/bin/bun", "@oven/bun-darwin-x64/bin/bun"]);

/** workerd gets the worker as its own tool makes it: one script, the module beside it. */
async function inWorkerd() {
  const outdir = join(work, "workerd");
  await build({
    entryPoints: [join(work, "worker.js")], outdir, bundle: true, format: "esm", target: "es2022",
    conditions: ["workerd", "worker", "import"], loader: { ".wasm": "copy" }, assetNames: "[name]", logLevel: "silent",
  });
  const worker = new Miniflare({
    host: "127.0.0.1", port: 0, cf: false, telemetry: { enabled: false }, modules: true, rootPath: outdir, scriptPath: "worker.js",
    modulesRules: [{ type: "ESModule", include: ["**/*.js"] }, { type: "CompiledWasm", include: ["**/*.wasm"] }], compatibilityDate: "2026-04-01",
  });
  try {
    judge(await (await worker.dispatchFetch("http://127.0.0.1/")).text());
  } finally {
    await worker.dispose();
  }
}

/** The package's own worker, in a project that only deploys it. */
async function workerEntry() {
  const outdir = join(work, "handler");
  await build({
    stdin: { contents: 'export * from "handstamp/worker";\nexport { default } from "handstamp/worker";\n', resolveDir: work, sourcefile: "main.js" },
    outfile: join(outdir, "main.js"), bundle: true, format: "esm", target: "es2022", external: ["cloudflare:workers"],
    conditions: ["workerd", "worker", "import"], loader: { ".wasm": "copy" }, assetNames: "[name]", logLevel: "silent",
  });
  const [{ applyMigrations, workerOptions }, { freePort, newSecrets }] = await Promise.all([import("../../worker/dev.js"), import("../js/support/worker/deployment.mjs")]);
  const [installed, port] = [join(work, "node_modules/handstamp"), await freePort()];
  const url = `http://127.0.0.1:${port}`;
  const worker = new Miniflare(workerOptions({
    root: outdir, entry: "main.js", ports: { worker: port }, stateDir: join(work, "state"), assets: join(installed, "public"),
    vars: { ENVIRONMENT: "development", PUBLIC_URL: url, ...newSecrets().vars },
    handleRuntimeStdio: (/** @type {import("node:stream").Readable[]} */ ...streams) => streams.forEach((stream) => stream.resume()),
  }));
  try {
    await worker.ready;
    await applyMigrations(worker, installed);
    for (const path of ["/healthz", "/readyz", "/openapi.json", "/tag.js", "/campaign/app.js"]) {
      const answer = await fetch(url + path);
      if (answer.status !== 200) throw new Error(`${path} answers ${answer.status}: ${await answer.text()}`);
    }
  } finally {
    await worker.dispose();
  }
}

/** Chromium with an import map, and nothing between it and the package's files. @param {"inline" | "web"} entry */
const inChromium = (entry) => async () => {
  const files = "/node_modules/handstamp/dist";
  const imports = { handstamp: `${files}/${entry}.js`, "handstamp/oauth": `${files}/oauth.js`, "handstamp/verify": `${files}/verify.js` };
  const page = `<!doctype html><html lang="en"><title>waiting</title><link rel="icon" href="data:,">
    <script type="importmap">${JSON.stringify({ imports })}</script><script type="module" src="/window.js"></script></html>`;
  judge(await visit({ folder: work, page }));
};

/** @type {Row[]} */
export const runtimes = [
  ...["20", "22", "24"].map((major) => ({
    what: "Node", where: major,
    check: async () => judge(await run(node(`node${major}`), ["terminal.js"])),
  })),
  {
    what: "Deno", where: version("deno"),
    check: async () => judge(await run(await deno(), ["run", "--quiet", "--no-remote", "--node-modules-dir=manual", "--allow-read", "terminal.js"], { env: { DENO_NO_UPDATE_CHECK: "1" } })),
  },
  { what: "Bun", where: version("bun"), check: async () => judge(await run(await bun(), ["--bun", "run", "terminal.js"])) },
  { what: "workerd", where: version("workerd", resolve("miniflare")), check: inWorkerd },
  { what: "workerd", where: "`handstamp/worker`", check: workerEntry },
  { what: "Chromium", where: "modules", check: inChromium("inline") },
  { what: "Chromium", where: "modules, `handstamp/web`", check: inChromium("web") },
];

/** @param {string} name @param {string} [from] */
export function version(name, from = import.meta.url) {
  const require = createRequire(from);
  try {
    return String(require(`${name}/package.json`).version);
  } catch {
    // A package that does not export its manifest.
    const path = require.resolve.paths(name)?.map((folder) => join(folder, name, "package.json")) ?? [];
    for (const file of path) {
      try {
        return String(require(file).version);
      } catch {}
    }
    return dirname(name);
  }
}
