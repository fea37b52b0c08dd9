// How often: the platform's own rate limits, for an account and a route. One number is for each address that calls, so
// that one machine cannot take a campaign's place from everybody; one is for all of an account's callers together, so
// that one account cannot take the place of the others. Addresses are keys in the platform's memory for a minute and
// are neither kept nor logged here. Without the bindings, on plain workerd, a proxy in front has to do it.

import { Refusal } from "./problem.js";

/** @import { Context } from "../types.d.ts" */

/**
 * Refuses what is too much.
 * @param {Context} context
 * @param {"admit" | "redeem" | "start" | "submit" | "draft" | "explain" | "crypto" | "token"} route
 * @param {string} account
 */
export async function within({ env, request }, route, account) {
  const address = request.headers.get("cf-connecting-ip") ?? "";
  const verdicts = await Promise.all([
    env.LIMIT_CALLER?.limit({ key: `${route}|${account}|${address}` }),
    env.LIMIT_ACCOUNT?.limit({ key: `${route}|${account}` }),
  ]);
  if (verdicts.some((verdict) => verdict?.success === false))
    throw new Refusal("rate_limited", {}, { headers: { "retry-after": "60" } });
}
