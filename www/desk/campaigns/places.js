// Places of a campaign: reading one, and a copy of the campaign with another value there.

import { under } from "../../shared/under.js";

/** @typedef {(string | number)[]} At where a value stands in a campaign */

/** @param {{ campaign: Record<string, any> }} form @param {At} at @returns {any} */
export const valueAt = ({ campaign }, at) => at.reduce((value, name) => under(value, name), /** @type {any} */ (campaign));

/** @param {any} value @param {At} at @param {any} what undefined takes the place out @returns {any} a copy with it in its place */
export function setAt(value, [name, ...rest], what) {
  if (name === undefined) return what;
  const inner = setAt(under(value, name), rest, what);
  if (Array.isArray(value)) return inner === undefined ? value.toSpliced(Number(name), 1) : value.with(Number(name), inner);
  const { [name]: _before, ...others } = value ?? {};
  return inner === undefined ? others : { ...value, [name]: inner };
}
