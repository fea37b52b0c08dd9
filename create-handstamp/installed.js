// The package that comes with this one: its version, and its folder, whose configuration and rules a project is made with.

import { readFileSync } from "node:fs";

const manifest = new URL(import.meta.resolve("handstamp/package.json"));

export const installed = {
  folder: new URL("./", manifest),
  /** @type {string} */
  version: JSON.parse(readFileSync(manifest, "utf8")).version,
};
