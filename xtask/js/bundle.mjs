// One script and what it imports as one small file; a style sheet made small.

import { build } from "esbuild";

/** @type {Record<"iife" | "esm" | "es5" | "css", import("esbuild").BuildOptions>} */
const FORMATS = {
  iife: { bundle: true, format: "iife", target: "es2022" },
  // A module is UTF-8 wherever it comes from.
  esm: { bundle: true, format: "esm", target: "es2022", charset: "utf8" },
  css: { charset: "utf8" },
  // Imports nothing, and stays a plain function: esbuild only makes it shorter.
  es5: { target: "es5", tsconfigRaw: {} },
};

/** Says to each bundler that an import is not its own. */
const IGNORED = ["webpackIgnore: true", "turbopackIgnore: true", "@vite-ignore"];

/**
 * @param {string} entry
 * @param {keyof typeof FORMATS} format a script for pages, a module, a script for pages in ES5, or a style sheet
 * @param {string} version
 * @returns {Promise<string>}
 */
export async function bundle(entry, format, version) {
  const result = await build({
    ...FORMATS[format],
    entryPoints: [entry],
    minify: true,
    write: false,
    define: { __VERSION__: JSON.stringify(version) },
    legalComments: "none",
    logLevel: "warning",
  });
  const text = result.outputFiles?.[0]?.text ?? "";
  // Of a module that is imported by a URL, a bundler knows nothing. The comments that tell it so are lost in minifying.
  return format === "esm" ? text.replace(/\bimport\((?!["'])/g, `import(${IGNORED.map((word) => `/* ${word} */`).join("")}`) : text;
}
