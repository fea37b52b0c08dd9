// Three states of a campaign: the one that two people began from, and what each made of it. Entries of a list that have a name
// are told apart by it, and words by themselves, so that one who adds a field and one who changes another do not meet.

import { under } from "../../shared/under.js";

/** @typedef {string[]} Path names of members, and of entries by their own name or id */
/** @typedef {{ path: Path, base: any, mine: any, theirs: any }} Conflict */
/** @typedef {{ path: Path, before: any, after: any }} Change before or after undefined: added or removed; the same list in another order: `moved` */

/** @param {any} value */
export const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
/** @param {any} one @param {any} other */
export const isSame = (one, other) => JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));

/** A value with its members in one order. @param {any} value @returns {any} */
function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  return isObject(value) ? Object.fromEntries(Object.keys(value).sort().map((name) => [name, sorted(value[name])])) : value;
}

/** The name of an entry of a list: its own, or the word that it is. @param {any} entry @returns {string | undefined} */
export const keyOf = (entry) => (isObject(entry) ? (entry.name ?? entry.id) : typeof entry === "string" ? entry : undefined);

/** The entries of a list by their names; nothing where they have none. @param {any} value @returns {Map<string, any> | undefined} */
function keyed(value) {
  if (!Array.isArray(value)) return undefined;
  const keys = value.map(keyOf);
  return keys.every((key) => typeof key === "string") && new Set(keys).size === keys.length ? new Map(value.map((entry) => [/** @type {string} */ (keyOf(entry)), entry])) : undefined;
}

/** Members of an object, or entries of a list. @param {any} value @returns {Map<string, any> | undefined} */
const members = (value) => (isObject(value) ? new Map(Object.entries(value)) : keyed(value));

/**
 * Joins what two people made of the same thing. Where both changed one place, mine stays and the place is told.
 * @param {any} base
 * @param {any} mine
 * @param {any} theirs
 * @param {Path} [path]
 * @returns {{ value: any, conflicts: Conflict[] }} value undefined: both, or the only one who changed it, took it out
 */
export function merge(base, mine, theirs, path = []) {
  if (isSame(mine, theirs) || isSame(base, theirs)) return { value: mine, conflicts: [] };
  if (isSame(base, mine)) return { value: theirs, conflicts: [] };
  const [ours, others] = [members(mine), members(theirs)];
  if (!ours || !others || Array.isArray(mine) !== Array.isArray(theirs)) return { value: mine, conflicts: [{ path, base, mine, theirs }] };
  const before = members(base) ?? new Map();
  const names = orderOf(before, ours, others);
  const parts = names.map((name) => ({ name, ...merge(before.get(name), ours.get(name), others.get(name), [...path, name]) }));
  const kept = parts.filter(({ value }) => value !== undefined);
  return {
    value: Array.isArray(mine) ? kept.map(({ value }) => value) : Object.fromEntries(kept.map(({ name, value }) => [name, value])),
    conflicts: parts.flatMap(({ conflicts }) => conflicts),
  };
}

/** The order of whoever changed it, with what the other added at its end. @param {Map<string, any>} base @param {Map<string, any>} ours @param {Map<string, any>} others */
function orderOf(base, ours, others) {
  const among = (/** @type {Map<string, any>} */ of) => [...of.keys()].filter((name) => base.has(name) && ours.has(name) && others.has(name));
  const [first, second] = isSame(among(ours), among(base)) ? [others, ours] : [ours, others];
  return [...new Set([...first.keys(), ...second.keys()])];
}

/**
 * What changed between two states, each change as far down as it can be told.
 * @param {any} before
 * @param {any} after
 * @param {Path} [path]
 * @returns {(Change & { moved?: true })[]}
 */
export function changesOf(before, after, path = []) {
  if (isSame(before, after)) return [];
  const [left, right] = [members(before), members(after)];
  if (!left || !right || Array.isArray(before) !== Array.isArray(after)) return [{ path, before, after }];
  const inner = [...new Set([...left.keys(), ...right.keys()])].flatMap((name) => changesOf(left.get(name), right.get(name), [...path, name]));
  const both = (/** @type {Map<string, any>} */ of) => [...of.keys()].filter((name) => left.has(name) && right.has(name));
  const isMoved = Array.isArray(after) && !isSame(both(left), both(right));
  return isMoved ? [...inner, { path, before, after, moved: true }] : inner;
}

/**
 * A value with another one at a place.
 * @param {any} value
 * @param {Path} path
 * @param {any} what undefined takes the place out
 * @returns {any}
 */
export function withAt(value, [name, ...rest], what) {
  if (name === undefined) return what;
  if (Array.isArray(value)) {
    const at = value.findIndex((entry) => keyOf(entry) === name);
    const inner = withAt(value[at], rest, what);
    const others = at < 0 ? [...value, inner] : value.with(at, inner);
    return others.filter((entry) => entry !== undefined);
  }
  const { [name]: _before, ...others } = value ?? {};
  const inner = withAt(under(value, name), rest, what);
  return inner === undefined ? others : { ...value, [name]: inner };
}
