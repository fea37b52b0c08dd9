// The part of Valibot that the worker uses, as one file, written to standard output: the worker runs without a bundler
// and without packages. Which part it is says the worker's own door to it.
import { readFile } from "node:fs/promises";
import { build } from "esbuild";

const door = await readFile("worker/src/platform/valibot.js", "utf8");
const { version, license } = JSON.parse(await readFile("node_modules/valibot/package.json", "utf8"));
const result = await build({
  stdin: { contents: door.replace(/"[^"]+\/valibot\.js"/, '"valibot"'), resolveDir: "." },
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  write: false,
  logLevel: "warning",
});
process.stdout.write(`/* Valibot ${version}, ${license}: https://valibot.dev. Made by xtask/js/valibot.mjs. */\n${result.outputFiles[0].text}`);
