// The rules of the core for what a field takes, as the campaign carries them: this file knows none itself.

import { under } from "../../shared/under.js";

/**
 * @typedef {object} FieldRules
 * @property {string} characters pattern that every value matches as a whole
 * @property {number} longest most characters of a value
 * @property {Record<string, string>} patterns by type; a type that is not here takes any text
 */

/**
 * Says whether a field takes a value: not empty, and without white space at its ends.
 * @param {FieldRules} rules @param {string} type @param {string} value
 */
export function takes({ characters, longest, patterns }, type, value) {
  const matches = (/** @type {string | undefined} */ pattern) => pattern === undefined || new RegExp(`^(?:${pattern})$`, "u").test(value);
  return [...value].length <= longest && matches(characters) && matches(under(patterns, type));
}
