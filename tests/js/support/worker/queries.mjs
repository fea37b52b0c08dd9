// The statements that the worker puts to the statistics, as its sources have them.

import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../../../../worker/src/", import.meta.url));
const sources = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".js"))
  .map((file) => readFileSync(folder + file, "utf8"))
  .filter((source) => source.includes("env.STATISTICS"));

/** What stands in the holes of templates, where that is neither a number nor a choice of strings. @type {Record<string, string[]>} */
const HOLES = {
  condition: sources.flatMap((source) => [...source.matchAll(/sweep\(env, "([^"]*)"/g)].map(([, text = ""]) => text)),
  list: ["?, ?"],
};

/** A statement with each of what may stand in its holes. @param {string} text @returns {string[]} */
function spelled(text) {
  const [hole, inside = ""] = /\$\{((?:[^{}"]|"[^"]*")*)\}/.exec(text) ?? [];
  if (hole === undefined) return [text];
  const number = sources.map((source) => new RegExp(`const ${inside.replaceAll(/\W/g, "")} = (\\d+);`).exec(source)?.[1]).find(Boolean);
  const choices = HOLES[inside] ?? (number ? [number] : undefined) ?? [...inside.matchAll(/"([^"]*)"/g)].map(([, choice = ""]) => choice);
  if (choices.length === 0) throw new Error(`nothing is known to stand in ${hole}`);
  return choices.flatMap((choice) => spelled(text.replace(hole, () => choice)));
}

/** Every statement about the tables of the statistics, in every spelling. */
export const queries = sources.flatMap((source) =>
  [...source.matchAll(/(["`])((?:SELECT|INSERT|UPDATE|DELETE)\b(?:(?!\1).|(?<=\$\{[^}]*)")*?)\1/gs)]
    .flatMap(([, , text = ""]) => spelled(text))
    .filter((query) => /\b(?:participation|erased|campaign_count)\b/.test(query)),
);

/** How many values a statement takes. @param {string} query */
export const valuesOf = (query) => Math.max(query.match(/\?(?!\d)/g)?.length ?? 0, ...[...query.matchAll(/\?(\d+)/g)].map(([, place]) => Number(place)));
