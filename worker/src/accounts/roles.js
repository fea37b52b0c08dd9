// The roles of people at the console: the scopes of each, and the places of the account document that it may change. This is
// the only place that says so; which scope a route asks for stands in its row.

import { Refusal } from "../http/problem.js";
import { below } from "../platform/pointer.js";
import { beyond } from "./scopes.js";

/** @import { Grant } from "../types.d.ts" */
/** @import { Difference } from "./differences.js" */

/** @typedef {{ scope: string[], places: RegExp }} Role places: JSON Pointers */

/** @type {Record<"owner" | "setup" | "manager" | "support", Role>} */
export const ROLES = {
  owner: { scope: ["people", "accounts", "crypto", "explain", "refusals", "participants", "statistics"], places: /^/ },
  // Sign-on, keys and tests: where participants come from and how they are admitted, and nothing of what becomes of their data.
  setup: {
    scope: ["accounts:read", "accounts:write", "secrets:write", "explain", "refusals"],
    places: /^\/(?:secureToken|oauth|mapping|profileApi|origins|testOrigins|returnPaths)(?:\/|$)|^\/campaigns\/[^/]+\/(?:signIn|login|form|oauth|mapping|profileApi)(?:\/|$)/,
  },
  // Of a campaign all but where its people and their data come from.
  manager: { scope: ["accounts:read", "accounts:write", "statistics"], places: /^\/campaigns(?:$|\/(?![^/]+\/(?:oauth|mapping|profileApi)(?:\/|$)))/ },
  support: { scope: ["refusals"], places: /^(?!)/ },
};

/** Scopes for which a person uses their passkey again, unless they only look. */
const STEP_UP = ["secrets:write", "people", "clients"];

/** @param {string} role @returns {Role} */
export const roleOf = (role) => ROLES[/** @type {keyof typeof ROLES} */ (role)] ?? ROLES.support;

/**
 * Refuses a person what their role does not have, or what takes their passkey first.
 * @param {NonNullable<Grant["person"]>} person
 * @param {string[]} scopes
 * @param {{ looks?: boolean }} [options]
 */
export function holdPersonTo({ role, recent }, scopes, { looks = false } = {}) {
  const missing = beyond(roleOf(role).scope, scopes).join(" ");
  if (missing) throw new Refusal("role_missing", { expected: missing, got: role });
  if (!looks && !recent && scopes.some((scope) => STEP_UP.includes(scope))) throw new Refusal("passkey_again");
}

/**
 * The roles with no scope beyond those that are held: nobody gives another role, and nobody takes one away.
 * @param {string[]} held
 */
export const rolesWithin = (held) => Object.keys(ROLES).filter((role) => beyond(held, roleOf(role).scope).length === 0);

/**
 * Refuses a change of the document in a place that is not the role's; a removal changes all that is removed.
 * @param {NonNullable<Grant["person"]>} person
 * @param {Difference[]} changes
 */
export function holdToPlaces({ role }, changes) {
  const paths = changes.flatMap(({ path, before, after }) => [...pathsOf(path, before), ...pathsOf(path, after)]);
  const beyondRole = paths.find((path) => !roleOf(role).places.test(path));
  if (beyondRole !== undefined) throw new Refusal("role_missing", { at: beyondRole, got: role });
}

/**
 * A place and all below it: what is added or taken away as a whole may hold what is not the role's.
 * @param {string} path
 * @param {unknown} value
 * @returns {string[]}
 */
function pathsOf(path, value) {
  const inner = typeof value === "object" && value !== null ? Object.entries(value) : [];
  return [path, ...inner.flatMap(([name, member]) => pathsOf(below(path, name), member))];
}
