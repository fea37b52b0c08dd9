// On demand, as they are large: Rspack, Rolldown, Parcel, Next in its three places, and Vercel's edge runtime.

import { spawn } from "node:child_process";
import { cp, mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { build as esbuild } from "esbuild";
import { built, packed } from "./bundlers.mjs";
import { visit } from "./chromium.mjs";
import { here, judge, run, work } from "./consumer.mjs";
import { judgeBearer, withProxy } from "./middleware.mjs";
import { version } from "./runtimes.mjs";

/** @typedef {import("./runtimes.mjs").Row} Row */

const entry = join(work, "window.js");
const bin = (/** @type {string} */ path) => join(here, "node_modules", path);

/** Parcel reads `exports` where its own setting says so; without it, `main`. @param {boolean} byExports */
const parcel = (byExports) => async () => {
  const folder = join(work, byExports ? "parcel-exports" : "parcel");
  await mkdir(folder, { recursive: true });
  // Parcel finds `handstamp/oauth` by `exports` only; without them the main entry is what there is.
  const main = byExports ? 'import { verify } from "./program.js";' : 'import { createVerifier } from "handstamp";\nconst verify = VERIFY;';
  const verify = `async ({ token, key, campaignId }) => {
    const verifier = await createVerifier({ verify: { method: "publicKey", key, alg: "ES256" } });
    const { decision, prefill } = await verifier.admit(token, { campaignId });
    const code = await verifier.admit(token.slice(0, -4) + "AAAA", { campaignId }).then(() => "accepted", (error) => error.code);
    return JSON.stringify([decision, prefill.form.city, code, "function", verifier.verifySync(token).claims.sub]);
  }`;
  const rest = 'verify(data).then((said) => { document.title = said; }, (error) => { document.title = "failed: " + error; });';
  for (const name of ["program.js", "data.js"]) await cp(join(work, name), join(folder, name));
  await writeFile(join(folder, "window.js"), `${main.replace("VERIFY", verify)}\nimport { data } from "./data.js";\n${rest}\n`);
  await writeFile(join(folder, "index.html"), '<!doctype html><html lang="en"><title>waiting</title><link rel="icon" href="data:,"><script type="module" src="./window.js"></script></html>');
  // A lock file makes this folder a project, whose setting counts.
  await writeFile(join(folder, "yarn.lock"), "");
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, type: "module", ...(byExports && { "@parcel/resolver-default": { packageExports: true } }) }));
  await run(process.execPath, [bin("parcel/lib/bin.js"), "build", "index.html", "--no-cache", "--no-source-maps", "--dist-dir", "dist"], { cwd: folder, env: { PARCEL_WORKERS: "0" } });
  judge(await visit({ folder: join(folder, "dist") }));
};

/** @type {Promise<{ url: string, stop: () => void }> | undefined} */
let served;

/** One Next project: a page that verifies in the window, a route in Node, a route at the edge. */
async function next() {
  const folder = join(work, "next");
  await mkdir(join(folder, "app/node"), { recursive: true });
  await mkdir(join(folder, "app/edge"), { recursive: true });
  for (const name of ["program.js", "data.js"]) await cp(join(work, name), join(folder, name));
  const route = (/** @type {string} */ runtime) => `import { verify } from "../../program.js";
import { data } from "../../data.js";
export const runtime = "${runtime}";
export const dynamic = "force-dynamic";
export const GET = async () => new Response(await verify(data));\n`;
  await writeFile(join(folder, "app/node/route.js"), route("nodejs"));
  await writeFile(join(folder, "app/edge/route.js"), route("edge"));
  await withProxy(folder);
  await mkdir(join(folder, "app/api"), { recursive: true });
  await writeFile(join(folder, "app/api/route.js"), 'export const dynamic = "force-dynamic";\nexport const GET = async () => new Response("participant-7f3a");\n');
  await writeFile(join(folder, "app/layout.js"), "export default function Layout({ children }) { return <html lang=\"en\"><body>{children}</body></html>; }\n");
  await writeFile(join(folder, "app/page.js"), `"use client";
import { useEffect } from "react";
import { verify } from "../program.js";
import { data } from "../data.js";
export default function Page() {
  useEffect(() => { verify(data).then((said) => { document.title = said; }, (error) => { document.title = "failed: " + error; }); }, []);
  return <title>waiting</title>;
}\n`);
  await writeFile(join(folder, "next.config.mjs"), `export default { turbopack: { root: ${JSON.stringify(here)} } };\n`);
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  const env = { NEXT_TELEMETRY_DISABLED: "1", NODE_ENV: "production" };
  await run(process.execPath, [bin("next/dist/bin/next"), "build"], { cwd: folder, env });
  const server = spawn(process.execPath, [bin("next/dist/bin/next"), "start", "--hostname", "127.0.0.1", "--port", "0"], { cwd: folder, env: { ...process.env, ...env } });
  const stop = () => void server.kill();
  process.once("exit", stop);
  const url = await new Promise((resolve, reject) => {
    let said = "";
    server.stdout.on("data", (chunk) => {
      said += chunk;
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0];
      if (found && /Ready/.test(said)) resolve(found);
    });
    server.once("exit", () => reject(new Error(`next start ended: ${said}`)));
  });
  return { url, stop };
}

/** @param {string} path */
const answered = (path) => async () => judge(await (await fetch((await (served ??= next())).url + path)).text());

/** The modules as Vercel's builds hand them over: compiled, under the names that the edge entries ask for. */
async function atTheEdge() {
  const { EdgeRuntime } = createRequire(import.meta.url)("edge-runtime");
  const { outputFiles } = await esbuild({
    entryPoints: [join(work, "worker.js")], bundle: true, write: false, format: "iife", globalName: "worker", target: "es2022", conditions: ["edge-light"],
    plugins: [{
      name: "compiled",
      setup(build) {
        build.onResolve({ filter: /\.wasm\?module$/ }, ({ path }) => ({ path, namespace: "compiled" }));
        build.onLoad({ filter: /.*/, namespace: "compiled" }, ({ path }) => ({ contents: `export default globalThis.compiled[${JSON.stringify(path)}];` }));
      },
    }],
  });
  const dist = join(work, "node_modules/handstamp/dist");
  const modules = (await readdir(dist)).filter((name) => name.endsWith(".wasm")).map(async (name) => [`./${name}?module`, await WebAssembly.compile(await readFile(join(dist, name)))]);
  const compiled = Object.fromEntries(await Promise.all(modules));
  const runtime = new EdgeRuntime({ extend: (/** @type {any} */ context) => Object.assign(context, { compiled }) });
  const response = await runtime.evaluate(`${outputFiles[0]?.text}; worker.default.fetch()`);
  judge(await response.text());
}

/** @type {Row[]} */
export const more = [
  {
    what: "Rspack", where: version("@rspack/core"),
    check: built("rspack", async (folder) => packed((await import("@rspack/core")).rspack, folder)),
  },
  {
    what: "Rolldown", where: version("rolldown"),
    check: built("rolldown", async (folder) => {
      const { build } = await import("rolldown");
      await build({ input: entry, platform: "browser", output: { file: join(folder, "main.js") }, logLevel: "silent" });
    }),
  },
  { what: "Parcel", where: `${version("parcel")}, by \`main\``, check: parcel(false) },
  { what: "Parcel", where: `${version("parcel")}, by \`exports\``, check: parcel(true) },
  { what: "Next", where: `${version("next")}, window`, check: async () => judge(await visit({ url: (await (served ??= next())).url })) },
  { what: "Next", where: `${version("next")}, Node route`, check: answered("/node") },
  { what: "Next", where: `${version("next")}, edge route`, check: answered("/edge") },
  { what: "Next", where: `${version("next")}, middleware`, check: async () => judgeBearer(async (init) => fetch(`${(await (served ??= next())).url}/api`, init)) },
  { what: "edge-runtime", where: version("edge-runtime"), check: atTheEdge },
];

/** Ends what these rows started. */
export async function closeMore() {
  (await served?.catch(() => null))?.stop();
}
