// The platform's own tool, as the project of a configuration has installed it.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

/** The version that this release was tested with: the manifest of the package names it. */
const { wrangler } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")).devDependencies;

/** Keeps the tool from asking anybody anything. */
export const QUIET = {
  WRANGLER_SEND_METRICS: "false",
  WRANGLER_SEND_ERROR_REPORTS: "false",
  WRANGLER_HIDE_BANNER: "true",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
};

/**
 * Finds the tool.
 * @param {string} config a file of the project
 * @returns {{ module: string, program: string }} a module to import, and a script for Node
 */
export function wranglerOf(config) {
  const { resolve } = createRequire(config);
  try {
    const folder = dirname(resolve("wrangler/package.json"));
    return { module: pathToFileURL(resolve("wrangler")).href, program: join(folder, "bin/wrangler.js") };
  } catch {
    throw new Error(`wrangler is not installed where ${config} is: npm install --save-dev --save-exact wrangler@${wrangler}`);
  }
}
