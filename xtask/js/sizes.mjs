// Measures files: `node sizes.mjs <folder>` writes { "<file>": { raw, gzip, brotli } } as JSON.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const folder = process.argv[2] ?? ".";
/** @type {Record<string, { raw: number, gzip: number, brotli: number }>} */
const sizes = {};
for (const name of readdirSync(folder).sort()) {
  if (name.endsWith(".d.ts")) continue;
  const content = readFileSync(join(folder, name));
  sizes[name] = {
    raw: content.length,
    gzip: gzipSync(content, { level: 9 }).length,
    brotli: brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length,
  };
}
process.stdout.write(JSON.stringify(sizes));
