// Conditional changes (RFC 9110 section 13): a caller says which version the change was made from, and whoever came in between is
// not overwritten. A version is a number, 0 where there is nothing yet; its entity tag is the number in quotes, and strong.

/**
 * What must hold of the version that is there.
 * @typedef {{ match?: string[], noneMatch?: string[] }} Precondition entity tags, or `*` alone
 */

/** @param {number} version */
export const tagOf = (version) => `"${version}"`;

/** @param {string | null} header @returns {string[] | undefined} */
const tagsOf = (header) => header?.split(",").map((tag) => tag.trim());

/** @param {Request} request @returns {Precondition} */
export function preconditionOf({ headers }) {
  const [match, noneMatch] = [tagsOf(headers.get("if-match")), tagsOf(headers.get("if-none-match"))];
  return { ...(match && { match }), ...(noneMatch && { noneMatch }) };
}

/**
 * Says whether a version is one that a change may be made over. A weak tag is nobody's version: it matches nothing.
 * @param {Precondition} precondition
 * @param {number} version 0 where there is nothing
 */
export function meets({ match, noneMatch }, version) {
  const isNamed = (/** @type {string[]} */ tags) => version > 0 && (tags.includes("*") || tags.includes(tagOf(version)));
  return (match === undefined || isNamed(match)) && (noneMatch === undefined || !isNamed(noneMatch));
}
