// Writes a file deflated (RFC 1951) and as base64 to standard output: `node deflated.mjs <file>`.
import { readFileSync } from "node:fs";
import { deflateRawSync } from "node:zlib";

process.stdout.write(deflateRawSync(readFileSync(process.argv[2] ?? ""), { level: 9 }).toString("base64"));
