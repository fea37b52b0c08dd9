// The part of an npm package that the worker uses, as one file, written to standard output: `node door.mjs <door> <package>`.
// The worker runs without a bundler and without packages. Which part it is says the worker's own door to it.
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { build } from "esbuild";

const [door = "", name = ""] = process.argv.slice(2);
const text = await readFile(door, "utf8");
const { version, license, homepage } = JSON.parse(await readFile(`node_modules/${name}/package.json`, "utf8"));
const result = await build({
  stdin: { contents: text.replace(new RegExp(`"[^"]+/${basename(door)}"`), JSON.stringify(name)), resolveDir: "." },
  bundle: true,
  format: "esm",
  platform: "neutral",
  mainFields: ["module", "main"],
  target: "es2022",
  minify: true,
  write: false,
  logLevel: "warning",
});
process.stdout.write(`/* ${name} ${version}, ${license}: ${homepage}. Made by xtask/js/door.mjs. */\n${result.outputFiles[0].text}`);
