// The schema of a campaign, as the account document has it: the editor's forms are made from it.

import document from "../../../worker/account.schema.json" with { type: "json" };
import { under } from "../../shared/under.js";
import { sayOr } from "../words/speech.js";

/** @typedef {Record<string, any>} Node */

const definitions = /** @type {Record<string, Node>} */ (document.$defs);
export const CAMPAIGN = definitions.campaign;
/** The whole account document. */
export const DOCUMENT = /** @type {Node} */ (document);

/** A node with what it refers to written out; its own words stand above those. @param {Node} node @returns {Node & { kind?: string }} */
export function resolved(node) {
  const target = /^#\/\$defs\/(\w+)$/.exec(node.$ref ?? node.allOf?.[0]?.$ref ?? "")?.[1];
  if (!target) return node;
  const { $ref: _ref, ...own } = node;
  return { ...resolved(definitions[target]), kind: target, ...own };
}

/** What a place is in the schema. @param {string[]} path @param {Node} [root] a campaign without @returns {Node | undefined} */
export function nodeAt(path, root = CAMPAIGN) {
  /** @type {Node | undefined} */
  let node = root;
  for (const name of path) {
    const at = resolved(node ?? {});
    node = at.items && !at.properties ? at.items : (under(at.properties, name) ?? (typeof at.additionalProperties === "object" ? at.additionalProperties : undefined));
    if (!node) return undefined;
  }
  return resolved(node);
}

/** The path with what has a name of its own as `*`, such as `fields.*.label`. @param {string[]} path @param {Node} [root] */
export const general = (path, root) => path.map((name, place) => (under(nodeAt(path.slice(0, place), root)?.properties, name) ? name : "*")).join(".");

/** @param {string[]} path @param {Node} [root] */
export const labelOf = (path, root) => sayOr("set", general(path, root), nodeAt(path, root)?.title ?? path.at(-1) ?? "");
/** The words of help under a control; the schema's own are for those who write the document. @param {string[]} path */
export const noteOf = (path) => sayOr("help", general(path), "");
/** One of the words that a setting may be. @param {string[]} path @param {string} word */
export const wordOf = (path, word) => sayOr("choice", `${general(path)}.${word}`, word);
