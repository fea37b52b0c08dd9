// Bundles and minifies one file: `node minify.mjs <file> <iife|esm|es5|css> <version>` writes it to standard output.
import { bundle } from "./bundle.mjs";

const [entry = "", format = "", version = ""] = process.argv.slice(2);
process.stdout.write(await bundle(entry, format === "esm" || format === "es5" || format === "css" ? format : "iife", version));
