// The scripts of a tree, to look for what must not stand in them.

import { readFileSync, readdirSync } from "node:fs";

/** @param {string} folder from the repository's root @returns {[file: string, source: string][]} */
export function sources(folder) {
  const root = new URL(`../../../${folder}/`, import.meta.url);
  const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".js"));
  return files.map((file) => [`${folder}/${file}`, readFileSync(new URL(file, root), "utf8")]);
}
