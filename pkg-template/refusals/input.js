// What callers pass, checked before the module sees it: a wrong argument is a refusal that names its place,
// never a TypeError from inside.

import { MILLISECONDS_ABOVE } from "../bounds.js";
import { HandstampError } from "./refusal.js";

const encoder = new TextEncoder();

/**
 * @param {string} at
 * @param {string} expected
 * @param {unknown} found
 */
export function invalid(at, expected, found) {
  return new HandstampError("settings_invalid", { at, expected, got: kind(found) });
}

/** What something is, without showing it. @param {unknown} value */
function kind(value) {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "number") return Number.isFinite(value) ? "a number" : "a number that is not finite";
  if (value instanceof Date) return "an invalid Date";
  return /^[aeiou]/.test(typeof value) ? `an ${typeof value}` : `a ${typeof value}`;
}

/**
 * An object, or nothing where it may be left out.
 * @param {unknown} value
 * @param {string} at
 * @returns {Record<string, unknown>}
 */
export function object(value, at) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw invalid(at, "an object", value);
  return /** @type {Record<string, unknown>} */ (value);
}

/**
 * Options, of which none is needed.
 * @param {unknown} value
 * @returns {Record<string, unknown>}
 */
export function options(value) {
  return value === undefined ? {} : object(value, "options");
}

/**
 * @param {unknown} value
 * @param {string} at
 * @returns {string}
 */
export function text(value, at) {
  if (typeof value !== "string") throw invalid(at, "a string", value);
  return value;
}

/**
 * @param {unknown} value
 * @param {string} at
 * @returns {string | undefined}
 */
export function optionalText(value, at) {
  return value === undefined || value === null ? undefined : text(value, at);
}

/**
 * A token. The module judges it; here it is only there.
 * @param {unknown} value
 * @returns {string}
 */
export function token(value) {
  if (value === undefined || value === null || value === "") throw new HandstampError("token_missing");
  if (typeof value !== "string") throw new HandstampError("token_not_string", { expected: "a string", got: kind(value) });
  return value;
}

/**
 * Bytes, or text as UTF-8, or an object as JSON.
 * @param {unknown} value
 * @param {string} at
 * @returns {Uint8Array}
 */
export function bytes(value, at) {
  if (typeof value === "string") return encoder.encode(value);
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  if (typeof value === "object" && value !== null) return encoder.encode(json(value, at));
  throw invalid(at, "bytes, a string or an object", value);
}

/**
 * The moment that counts, in seconds since 1970.
 * @param {unknown} value a Date, seconds or milliseconds; now when it is left out
 * @returns {number}
 */
export function seconds(value) {
  const time = value === undefined ? Date.now() : value instanceof Date ? value.getTime() : value;
  if (typeof time !== "number" || !(time >= 0) || time > 8.64e15) {
    throw invalid("now", "a Date, or a number of seconds or milliseconds since 1970", value);
  }
  const late = value === undefined || value instanceof Date || time > MILLISECONDS_ABOVE;
  return Math.floor(late ? time / 1000 : time);
}

/**
 * How often somebody took part.
 * @param {unknown} value
 * @param {string} at
 * @returns {number | undefined}
 */
export function count(value, at) {
  if (value === undefined) return undefined;
  if (!Number.isSafeInteger(value) || /** @type {number} */ (value) < 0) throw invalid(at, "a whole number of 0 or more", value);
  return /** @type {number} */ (value);
}

/** Deeper data is looked at by JSON itself, which knows a circle when it sees one. */
const PLAIN_DEPTH = 16;

/**
 * Whether JSON can hold all of it as it is: nothing to refuse, nothing to leave out, nothing with a form of its own.
 * @param {any} value
 * @param {number} [depth]
 * @returns {boolean}
 */
function isPlain(value, depth = PLAIN_DEPTH) {
  if (typeof value === "string" || typeof value === "boolean" || value === null) return true;
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object" || depth === 0 || typeof value.toJSON === "function") return false;
  if (Array.isArray(value)) return value.every((inner) => isPlain(inner, depth - 1));
  const above = Object.getPrototypeOf(value);
  // Nothing stands above the prototype of a plain object, whatever realm it comes from.
  return (above === null || Object.getPrototypeOf(above) === null) && Object.values(value).every((inner) => isPlain(inner, depth - 1));
}

/** Texts of what is frozen through and through, which stays so: settings that a host passes with every call. @type {WeakMap<object, string>} */
const texts = new WeakMap();

/** A getter may say something else each time, frozen or not. @param {unknown} value @returns {boolean} */
function isFrozen(value) {
  if (typeof value !== "object" || value === null) return true;
  if (!Object.isFrozen(value)) return false;
  return Object.values(Object.getOwnPropertyDescriptors(value)).every((member) => "value" in member && isFrozen(member.value));
}

/** Members of settings and keys without which less is checked. */
export const CHECKS = ["issuer", "audience", "typ", "maxLifetimeSeconds", "decrypt", "encryption", "algs", "alg", "use", "key_ops"];

/** What JSON writes and the module would write otherwise: half a character, which has no form in UTF-8, and an exponent. */
const OTHERWISE = /\\ud|\de[+-]/;

/**
 * Settings as JSON text, where they are plain data, as most are: nothing in them is to be judged.
 * @param {Record<string, unknown>} value
 * @returns {string | undefined}
 */
export function plainSettings(value) {
  const text = isPlain(value) ? JSON.stringify(value) : undefined;
  return text === undefined || OTHERWISE.test(text) ? undefined : text;
}

/**
 * Settings as JSON text. Where a check would vanish with a member that is `undefined`, the module gets to see it.
 * @param {Record<string, unknown>} value
 */
export const settings = (value) =>
  plainSettings(value) ?? json(value, "settings", (name, inner) => (inner === undefined && CHECKS.includes(name) ? null : inner));

/**
 * Plain data as JSON text. What JSON would drop without a word is refused instead.
 * @param {unknown} value
 * @param {string} at
 * @param {(name: string, inner: unknown) => unknown} [change]
 * @returns {string}
 */
export function json(value, at, change) {
  if (!change && typeof value === "object" && value !== null) {
    const known = texts.get(value);
    if (known !== undefined) return known;
    // A function that looks at each member makes JSON several times as slow, so it is for what has to be refused.
    if (isPlain(value)) {
      const text = JSON.stringify(value);
      if (isFrozen(value)) texts.set(value, text);
      return text;
    }
  }
  /** @param {string} name @param {unknown} given */
  const replacer = (name, given) => {
    const inner = change ? change(name, given) : given;
    if (typeof inner === "function" || typeof inner === "symbol" || typeof inner === "bigint") {
      throw invalid(name === "" ? at : `${at}/…/${name}`, "plain data", inner);
    }
    if (typeof inner === "number" && !Number.isFinite(inner)) throw invalid(`${at}/…/${name}`, "a finite number", inner);
    return inner;
  };
  try {
    const out = JSON.stringify(value, replacer);
    if (out === undefined) throw invalid(at, "plain data", value);
    return out;
  } catch (fault) {
    if (fault instanceof HandstampError) throw fault;
    throw new HandstampError("settings_invalid", { at, expected: "plain data", got: "a structure that JSON cannot hold" });
  }
}
