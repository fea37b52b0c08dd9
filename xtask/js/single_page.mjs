// A page as one file that needs nothing else: `node single_page.mjs <page.html> <design> <version>` writes
// { page, policy } as JSON. Script, style, icon and top bar are in the file, and its policy allows just these, by their digests.

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

const STYLE = '<link rel="stylesheet" href="./style.css">';
const SCRIPT = '<script src="./app.js"></script>';
const CHARSET = '<meta charset="utf-8">';

/** @param {string} text */
const digest = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** Nothing may be loaded, nothing sent, nothing framed. @param {string} script @param {string} style */
const policyOf = (script, style) =>
  [
    "default-src 'none'",
    // The module is compiled from bytes in the script: there is nothing that could be fetched.
    `script-src ${digest(script)} 'wasm-unsafe-eval'`,
    `style-src ${digest(style)}`,
    "img-src data:",
    "connect-src 'none'",
    "worker-src 'none'",
    "form-action 'none'",
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");

/**
 * @param {string} source the page, with style.css and app.js beside it
 * @param {string} design the folder with the icon and the top bar
 * @param {string} version
 * @returns {Promise<{ page: string, policy: string }>}
 */
export async function singlePage(source, design, version) {
  const folder = dirname(source);
  const script = await scriptOf(join(folder, "app.js"), version);
  const styles = await build({ entryPoints: [join(folder, "style.css")], bundle: true, minify: true, write: false, logLevel: "warning" });
  const style = styles.outputFiles[0].text.trim();
  const policy = policyOf(script, style);
  const picture = `data:image/svg+xml;base64,${(await readFile(join(design, "icon.svg"))).toString("base64")}`;
  const bar = (await readFile(join(design, "bar.html"), "utf8")).replace("/design/icon.svg", "{{icon}}");
  let page = (await readFile(source, "utf8")).replace("{{bar}}\n", () => bar).replaceAll("{{icon}}", picture);
  // Functions, as texts may hold what `replace` takes for a pattern.
  for (const [place, content] of [
    [CHARSET, `${CHARSET}\n<meta http-equiv="content-security-policy" content="${policy}">`],
    [STYLE, `<style>${style}</style>`],
    [SCRIPT, `<script>${script}</script>`],
  ]) {
    if (page.split(place).length !== 2) throw new Error(`${source} does not have exactly one ${place}`);
    page = page.replace(place, () => content);
  }
  return { page, policy };
}

/** @param {string} entry @param {string} version */
async function scriptOf(entry, version) {
  const result = await build({
    entryPoints: [entry],
    bundle: true,
    // Modules do not load from a disk in every browser; a plain script does.
    format: "iife",
    target: "es2022",
    charset: "utf8",
    minify: true,
    write: false,
    define: { __VERSION__: JSON.stringify(version) },
    legalComments: "none",
    logLevel: "warning",
  });
  const script = (result.outputFiles[0]?.text ?? "").trim();
  if (script === "" || /<\/script|<!--/i.test(script)) throw new Error(`${entry} cannot stand in a page`);
  return script;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [source = "", design = "", version = ""] = process.argv.slice(2);
  process.stdout.write(JSON.stringify(await singlePage(source, design, version)));
}
