// The scopes of access tokens. `accounts` is the older name of the four that concern an account itself.

const OF_ACCOUNTS = ["accounts:read", "accounts:write", "secrets:write", "clients"];
export const SCOPES = ["crypto", "explain", "refusals", "participants", "statistics", "people", ...OF_ACCOUNTS, "accounts"];

/** @param {string} scope */
const parts = (scope) => (scope === "accounts" ? OF_ACCOUNTS : [scope]);

/**
 * Says which of some scopes are more than those that are held.
 * @param {string[]} held
 * @param {string[]} wanted
 */
export function beyond(held, wanted) {
  const all = held.flatMap(parts);
  return wanted.filter((scope) => parts(scope).some((part) => !all.includes(part)));
}
