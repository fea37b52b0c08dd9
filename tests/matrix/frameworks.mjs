// On demand: server builds of frameworks. Each has a page with the tag, whose wrapper of examples/ runs on the server first, and
// a route on the server that verifies a token. They want other versions of one bundler, so they are installed apart.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cp, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Miniflare } from "miniflare";
import { until } from "../js/support/patience.mjs";
import { freePort } from "../js/support/worker/deployment.mjs";
import { here, judge, root, run, work } from "./consumer.mjs";
import { node } from "./runtimes.mjs";

/** @typedef {import("./runtimes.mjs").Row} Row */
/** @typedef {Record<string, string>} Sources the project's files, by path */

const own = join(here, "frameworks");
const tool = (/** @type {string} */ path) => join(own, "node_modules", path);
/** The frameworks need a newer Node than the package. */
const node24 = node("node24");
const example = (/** @type {string} */ path) => readFile(join(root, "examples", path), "utf8");
const version = (/** @type {string} */ name) => String(createRequire(join(own, "package.json"))(join(own, "node_modules", name, "package.json")).version);
const QUIET = { ASTRO_TELEMETRY_DISABLED: "1", NUXT_TELEMETRY_DISABLED: "1", CI: "1", NODE_ENV: "production" };

const CAMPAIGN = 'account="demo" campaign="100001" base="http://127.0.0.1:9"';

/** A project that has installed the package. @param {string} name @param {Sources} sources */
async function project(name, sources) {
  const folder = join(own, ".work", name);
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, "node_modules"), { recursive: true });
  await cp(join(work, "node_modules/handstamp"), join(folder, "node_modules/handstamp"), { recursive: true });
  const shared = Object.fromEntries(await Promise.all(["program.js", "data.js"].map(async (file) => [file, await readFile(join(work, file), "utf8")])));
  const manifest = JSON.stringify({ name, private: true, type: "module", dependencies: { handstamp: "*" } });
  for (const [path, text] of Object.entries({ "package.json": manifest, ...shared, ...sources })) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}

/** Starts what a build made, and looks at its page and its route. @param {string} cwd @param {string[]} command */
async function served(cwd, command, route = "/verify") {
  const port = await freePort();
  const where = { PORT: String(port), HOST: "127.0.0.1", NITRO_PORT: String(port), NITRO_HOST: "127.0.0.1" };
  const server = spawn(node24, command, { cwd, env: { ...process.env, ...QUIET, ...where } });
  let said = "";
  for (const stream of [server.stdout, server.stderr]) stream.setEncoding("utf8").on("data", (text) => (said += text));
  try {
    await until(() => {
      if (server.exitCode !== null) throw new Error(said);
      return fetch(`http://127.0.0.1:${port}/`).then(() => true, () => false);
    }, "the server answers");
    await answers((path) => fetch(`http://127.0.0.1:${port}${path}`), route).catch((fault) => { throw new Error(`${fault.message}\n${said}`); });
  } finally {
    server.kill();
  }
}

/** @param {(path: string) => Promise<{ status: number, text: () => Promise<string> }>} ask */
async function answers(ask, route = "/verify") {
  const page = await ask("/");
  const text = await page.text();
  assert.deepEqual([page.status, text.includes("A page of the customer")], [200, true], text.slice(0, 300));
  judge(await (await ask(route)).text());
}

async function svelteKit() {
  const folder = await project("sveltekit", {
    "vite.config.js": 'import adapter from "@sveltejs/adapter-node";\nimport { sveltekit } from "@sveltejs/kit/vite";\nexport default { plugins: [sveltekit({ adapter: adapter() })] };\n',
    "src/app.html": '<!doctype html><html lang="en"><head>%sveltekit.head%</head><body>%sveltekit.body%</body></html>\n',
    "src/Campaign.svelte": await example("svelte/Campaign.svelte"),
    "src/routes/+page.svelte": `<script>\n  import Campaign from "../Campaign.svelte";\n</script>\n<h1>A page of the customer</h1>\n<Campaign ${CAMPAIGN} />\n`,
    "src/routes/verify/+server.js": 'import { verify } from "../../../program.js";\nimport { data } from "../../../data.js";\nexport const GET = async () => new Response(await verify(data));\n',
  });
  await run(node24, [tool("vite/bin/vite.js"), "build"], { cwd: folder, env: QUIET });
  await served(folder, ["build/index.js"]);
}

/** @param {string} [more] of the configuration */
const nuxtSources = async (more = "") => ({
  "nuxt.config.mjs": `export default defineNuxtConfig({ compatibilityDate: "2026-04-01", telemetry: false, devtools: { enabled: false }${more} });\n`,
  "app/components/Campaign.vue": await example("vue/Campaign.vue"),
  "app/app.vue": `<template><h1>A page of the customer</h1><Campaign ${CAMPAIGN} /></template>\n`,
  "server/routes/verify.js": 'import { verify } from "../../program.js";\nimport { data } from "../../data.js";\nexport default defineEventHandler(() => verify(data));\n',
});

async function nuxt() {
  const folder = await project("nuxt", await nuxtSources());
  await run(node24, [tool("@nuxt/cli/bin/nuxi.mjs"), "build"], { cwd: folder, env: QUIET });
  await served(folder, [".output/server/index.mjs"]);
}

/** Nitro's own way to load a module, unwasm, reads the condition of that name; then workerd runs what it made. */
async function nuxtOnWorkers() {
  const folder = await project("nuxt-workers", await nuxtSources(", nitro: { experimental: { wasm: true } }"));
  await run(node24, [tool("@nuxt/cli/bin/nuxi.mjs"), "build"], { cwd: folder, env: { ...QUIET, NITRO_PRESET: "cloudflare_module" } });
  const output = join(folder, ".output/server");
  const files = (await readdir(output, { recursive: true })).filter((file) => /\.(m?js|wasm)$/.test(file) && file !== "index.mjs");
  const worker = new Miniflare({
    host: "127.0.0.1", port: 0, cf: false, telemetry: { enabled: false }, modulesRoot: output,
    modules: ["index.mjs", ...files].map((file) => ({ type: file.endsWith(".wasm") ? "CompiledWasm" : "ESModule", path: join(output, file) })),
    compatibilityDate: "2026-04-01", compatibilityFlags: ["nodejs_compat"],
  });
  try {
    await answers(async (path) => worker.dispatchFetch(`http://127.0.0.1${path}`));
  } finally {
    await worker.dispose();
  }
}

async function astro() {
  const folder = await project("astro", {
    "astro.config.mjs": 'import node from "@astrojs/node";\nexport default { output: "server", adapter: node({ mode: "standalone" }) };\n',
    "src/pages/index.astro": `---\nimport { create } from "handstamp/tag";\nconst known = typeof create;\n---\n<html lang="en"><body><h1>A page of the customer</h1><div id="box">{known}</div><script>import { create } from "handstamp/tag"; create("#box", { account: "demo", campaign: "100001", base: "http://127.0.0.1:9" });</script></body></html>\n`,
    "src/pages/verify.js": 'import { verify } from "../../program.js";\nimport { data } from "../../data.js";\nexport const GET = async () => new Response(await verify(data));\n',
  });
  await run(node24, [tool("astro/bin/astro.mjs"), "build"], { cwd: folder, env: QUIET });
  await served(folder, ["dist/server/entry.mjs"]);
}

async function reactRouter() {
  const folder = await project("react-router", {
    // Its build installs what the manifest does not name.
    "package.json": JSON.stringify({ name: "react-router-project", private: true, type: "module", dependencies: { handstamp: "*", isbot: version("isbot") } }),
    "react-router.config.js": "export default { ssr: true };\n",
    "vite.config.js": 'import { reactRouter } from "@react-router/dev/vite";\nexport default { plugins: [reactRouter()] };\n',
    "app/routes.js": 'import { index, route } from "@react-router/dev/routes";\nexport default [index("home.jsx"), route("verify", "verify.js")];\n',
    "app/root.jsx": 'import { Outlet, Scripts } from "react-router";\nexport default function Root() { return <html lang="en"><body><Outlet /><Scripts /></body></html>; }\n',
    "app/Campaign.jsx": await example("react/Campaign.jsx"),
    "app/home.jsx": `import { Campaign } from "./Campaign.jsx";\nexport default function Home() { return <><h1>A page of the customer</h1><Campaign ${CAMPAIGN} /></>; }\n`,
    "app/verify.js": 'import { verify } from "../program.js";\nimport { data } from "../data.js";\nexport const loader = async () => new Response(await verify(data));\n',
    "start.js": `import { createServer } from "node:http";
import { createRequestListener } from "@react-router/node";
import * as build from "./build/server/index.js";
createServer(createRequestListener({ build, mode: "production" })).listen(Number(process.env.PORT), "127.0.0.1");\n`,
  });
  await run(node24, [tool("@react-router/dev/bin.cjs"), "build"], { cwd: folder, env: QUIET });
  await served(folder, ["start.js"]);
}

/** Next's other bundler; the rows of its default are in more.mjs. */
async function nextByWebpack() {
  const folder = join(work, "next-webpack");
  const files = /** @type {Sources} */ ({
    "package.json": JSON.stringify({ private: true, type: "module" }),
    "app/layout.js": 'export default function Layout({ children }) { return <html lang="en"><body>{children}</body></html>; }\n',
    "app/Campaign.jsx": `"use client";\n${await example("react/Campaign.jsx")}`,
    "app/page.js": `import { Campaign } from "./Campaign.jsx";\nexport default function Page() { return <><h1>A page of the customer</h1><Campaign ${CAMPAIGN} /></>; }\n`,
    "app/verify/route.js": 'import { verify } from "../../program.js";\nimport { data } from "../../data.js";\nexport const dynamic = "force-dynamic";\nexport const GET = async () => new Response(await verify(data));\n',
  });
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  for (const name of ["program.js", "data.js"]) await cp(join(work, name), join(folder, name));
  const next = join(here, "node_modules/next/dist/bin/next");
  const env = { ...QUIET, NEXT_TELEMETRY_DISABLED: "1" };
  for (const [bundler, options] of /** @type {const} */ ([["webpack", ["--webpack"]], ["turbopack", ["--turbopack"]]])) {
    if (bundler === "turbopack") await writeFile(join(folder, "next.config.mjs"), `export default { turbopack: { root: ${JSON.stringify(here)} } };\n`);
    await run(process.execPath, [next, "build", ...options], { cwd: folder, env });
    await served(folder, [next, "start", "--hostname", "127.0.0.1"]);
  }
}

/** @type {Row[]} */
export const frameworks = [
  { what: "SvelteKit", where: `${version("@sveltejs/kit")}, server`, check: svelteKit },
  { what: "Nuxt", where: `${version("nuxt")}, Node`, check: nuxt },
  { what: "Nuxt", where: `${version("nuxt")}, Nitro for workers`, check: nuxtOnWorkers },
  { what: "Astro", where: `${version("astro")}, server`, check: astro },
  { what: "React Router", where: `${version("react-router")}, server`, check: reactRouter },
  { what: "Next", where: "tag, webpack and Turbopack", check: nextByWebpack },
];
