// The program built by every bundler with its own defaults, then run in Chromium.

import { writeFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { build as esbuild } from "esbuild";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import { rollup } from "rollup";
import { build as viteBuild, createServer } from "vite";
import webpack from "webpack";
import { visit } from "./chromium.mjs";
import { judge, work } from "./consumer.mjs";
import { version } from "./runtimes.mjs";

/** @typedef {import("./runtimes.mjs").Row} Row */

const entry = join(work, "window.js");
const PAGE = '<!doctype html><html lang="en"><title>waiting</title><link rel="icon" href="data:,"><script type="module" src="/main.js"></script></html>';

/** Builds into a folder of its own, and runs what came out. @param {string} name @param {(folder: string) => Promise<void>} build */
export const built = (name, build) => async () => {
  const folder = join(work, "built", name);
  await mkdir(folder, { recursive: true });
  await build(folder);
  await writeFile(join(folder, "index.html"), PAGE);
  judge(await visit({ folder }));
};

async function viteDev() {
  const server = await createServer({ root: work, configFile: false, logLevel: "silent", cacheDir: join(work, ".vite"), server: { host: "127.0.0.1", port: 0, strictPort: false } });
  try {
    await server.listen();
    judge(await visit({ url: String(server.resolvedUrls?.local[0]) }));
  } finally {
    await server.close();
  }
}

/** webpack and what speaks its language. @param {any} pack @param {string} folder */
export async function packed(pack, folder) {
  const compiler = pack({ mode: "production", context: work, entry, output: { path: folder, filename: "main.js" }, performance: { hints: false } });
  const stats = await promisify(compiler.run.bind(compiler))();
  await promisify(compiler.close.bind(compiler))();
  if (stats.hasErrors() || stats.hasWarnings()) throw new Error(stats.toString({ all: false, errors: true, warnings: true }));
}

/** @type {Row[]} */
export const bundlers = [
  { what: "Vite", where: `${version("vite")}, dev`, check: viteDev },
  {
    what: "Vite", where: `${version("vite")}, build`,
    check: built("vite", async (outDir) => {
      await viteBuild({ root: work, configFile: false, logLevel: "error", build: { outDir, rollupOptions: { input: entry, output: { entryFileNames: "main.js" } } } });
    }),
  },
  { what: "webpack", where: version("webpack"), check: built("webpack", (folder) => packed(webpack, folder)) },
  {
    what: "esbuild", where: version("esbuild"),
    check: built("esbuild", async (folder) => {
      await esbuild({ entryPoints: [entry], bundle: true, minify: true, format: "esm", outfile: join(folder, "main.js"), logLevel: "silent" });
    }),
  },
  {
    what: "Rollup", where: version("rollup"),
    check: built("rollup", async (folder) => {
      const bundle = await rollup({ input: entry, plugins: [nodeResolve({ browser: true })], onwarn: ({ message }) => { throw new Error(message); } });
      await bundle.write({ file: join(folder, "main.js"), format: "es" });
      await bundle.close();
    }),
  },
];
