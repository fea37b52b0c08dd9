// The schema of a campaign, as the account document has it: the editor's forms are made from it.

import document from "../../../worker/account.schema.json" with { type: "json" };
import { sayOf } from "../words/speech.js";

/** @typedef {Record<string, any>} Node */

const definitions = /** @type {Record<string, Node>} */ (document.$defs);
export const CAMPAIGN = definitions.campaign;

/** A node with what it refers to written out; its own words stand above those. @param {Node} node @returns {Node & { kind?: string }} */
export function resolved(node) {
  const target = /^#\/\$defs\/(\w+)$/.exec(node.$ref ?? node.allOf?.[0]?.$ref ?? "")?.[1];
  if (!target) return node;
  const { $ref: _ref, ...own } = node;
  return { ...resolved(definitions[target]), kind: target, ...own };
}

/** What a place of a campaign is in the schema; entries of lists and maps are `*`. @param {string[]} path @returns {Node | undefined} */
export function nodeAt(path) {
  /** @type {Node | undefined} */
  let node = CAMPAIGN;
  for (const name of path) {
    const at = resolved(node ?? {});
    node = at.items && !at.properties ? at.items : (at.properties?.[name] ?? (typeof at.additionalProperties === "object" ? at.additionalProperties : undefined));
    if (!node) return undefined;
  }
  return resolved(node);
}

/** The path with what has a name of its own as `*`, such as `fields.*.label`. @param {string[]} path */
export function general(path) {
  /** @type {string[]} */
  const out = [];
  path.forEach((name, place) => {
    const above = resolved(nodeAt(path.slice(0, place)) ?? {});
    out.push(above.properties && name in above.properties ? name : "*");
  });
  return out.join(".");
}

/** @param {string[]} path */
export const labelOf = (path) => sayOf("set", general(path), nodeAt(path)?.title ?? path.at(-1) ?? "");
/** The words of help under a control; the schema's own are for those who write the document. @param {string[]} path */
export const noteOf = (path) => sayOf("help", general(path), "");
/** One of the words that a setting may be. @param {string[]} path @param {string} word */
export const wordOf = (path, word) => sayOf("choice", `${general(path)}.${word}`, word);
