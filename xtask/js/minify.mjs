// Bundles and minifies one script: `node minify.mjs <file> <iife|esm> <version>` writes it to standard output.
import { build } from "esbuild";

const [entry = "", format = "", version = ""] = process.argv.slice(2);
const result = await build({
  entryPoints: [entry],
  bundle: true,
  minify: true,
  write: false,
  target: "es2022",
  format: format === "esm" ? "esm" : "iife",
  define: { __VERSION__: JSON.stringify(version) },
  legalComments: "none",
  logLevel: "warning",
});
process.stdout.write(result.outputFiles[0]?.text ?? "");
