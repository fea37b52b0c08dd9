// Holds bodies and queries to the schema of their route. A member that the schema does not know is refused with the name
// that was probably meant, any other fault with its place and what is expected there. No value is ever repeated.

import { nearestName } from "../platform/handstamp.js";
import * as v from "../platform/valibot.js";
import { Refusal } from "./problem.js";

/** @typedef {v.BaseIssue<unknown> & { path?: { origin: string, key: unknown }[] }} Issue */

/**
 * Reads a value by its schema.
 * @template {v.GenericSchema} T
 * @param {T} schema
 * @param {unknown} value
 * @param {"body_invalid" | "query_invalid"} code
 * @returns {v.InferOutput<T>}
 */
export function fitting(schema, value, code) {
  const { success, output, issues } = v.safeParse(schema, value, { abortPipeEarly: true });
  if (success) return output;
  const all = /** @type {Issue[]} */ (/** @type {unknown} */ (issues));
  const issue = all.find(isUnknownName) ?? all[0];
  const path = (issue.path ?? []).map(({ key }) => String(key));
  const at = code === "query_invalid" ? path.join("/") : `/${path.join("/")}`;
  throw new Refusal(code, { ...(path.every(isShown) && { at }), ...wordsFor(schema, issue, path) });
}

/** @param {Issue} issue */
const isUnknownName = ({ expected }) => expected === "never";

/** Tells a name that a program would have from anything else, which may be a value in the wrong place. @param {string} name */
const isShown = (name) => /^[\w-]{1,32}$/.test(name);

/**
 * Says what is expected, and of what kind the value was.
 * @param {v.GenericSchema} schema
 * @param {Issue} issue
 * @param {string[]} path
 */
function wordsFor(schema, issue, path) {
  const entries = entriesAt(schema, path.slice(0, -1));
  const name = path.at(-1) ?? "";
  if (isUnknownName(issue)) {
    const known = Object.keys(entries);
    const near = nearestName(name, known);
    if (known.length === 0) return { expected: "nothing here" };
    return { expected: near ? `a known name, probably "${near}"` : `one of ${known.join(", ")}` };
  }
  const isMissing = issue.path?.at(-1)?.origin === "key";
  return { expected: isMissing ? (entries[name]?.message ?? "an object") : issue.message, got: kindOf(issue.input) };
}

/**
 * Finds the members of an object inside a schema.
 * @param {any} schema
 * @param {string[]} path
 * @returns {Record<string, any>}
 */
function entriesAt(schema, path) {
  const inner = path.reduce((outer, name) => unwrapped(outer).entries?.[name] ?? {}, schema);
  return unwrapped(inner).entries ?? {};
}

/** @param {any} schema @returns {any} */
const unwrapped = (schema) => (schema.wrapped ? unwrapped(schema.wrapped) : schema);

/** Names the kind of a value. @param {unknown} value */
function kindOf(value) {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

/**
 * Reads a query by its schema, each parameter once; one without a value counts as left out.
 * @template {v.ObjectSchema<any, any> | v.StrictObjectSchema<any, any>} T
 * @param {URL} url
 * @param {T} schema
 * @param {{ foreign: boolean }} options foreign: whether other parameters are ignored, as pages must
 * @returns {v.InferOutput<T>}
 */
export function fittingQuery({ searchParams }, schema, { foreign }) {
  /** @type {Record<string, unknown>} */
  const query = {};
  for (const name of new Set(searchParams.keys())) {
    const isKnown = Object.hasOwn(schema.entries, name);
    if (!isKnown && foreign) continue;
    const values = searchParams.getAll(name);
    // A schema that reads nothing itself minds nothing.
    if (isKnown && values.length > 1 && unwrapped(schema.entries[name]).type !== "unknown")
      throw new Refusal("query_invalid", { at: name, expected: "the parameter once" });
    if (values[0] !== "" || !isKnown) Object.defineProperty(query, name, { value: values[0], enumerable: true });
  }
  return fitting(schema, query, "query_invalid");
}

/**
 * Names the campaign that a query asks for, also one that does not fit: good for a link and nothing more.
 * @param {URL} url
 */
export function campaignAsked({ searchParams }) {
  return { account: searchParams.get("account"), campaignId: searchParams.get("campaignId") };
}
