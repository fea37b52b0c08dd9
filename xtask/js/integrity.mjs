// Subresource integrity of files: `node integrity.mjs <name>=<file>…` writes { "<name>": "sha384-…" } as JSON.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

/** @type {Record<string, string>} */
const digests = {};
for (const argument of process.argv.slice(2)) {
  const [name = "", file = ""] = argument.split("=");
  digests[name] = `sha384-${createHash("sha384").update(readFileSync(file)).digest("base64")}`;
}
process.stdout.write(JSON.stringify(digests, null, 2) + "\n");
