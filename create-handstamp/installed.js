// The package that comes with this one: its version, that of the platform's tool, and its folder, whose configuration and rules
// a project is made with.

import { readFileSync } from "node:fs";

const manifest = new URL(import.meta.resolve("handstamp/package.json"));
const { version, devDependencies } = JSON.parse(readFileSync(manifest, "utf8"));

export const installed = {
  folder: new URL("./", manifest),
  /** @type {string} */
  version,
  /** @type {string} */
  wrangler: devDependencies.wrangler,
};
