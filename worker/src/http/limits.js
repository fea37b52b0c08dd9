// How often: the platform's own rate limits, for an account and a limit's name, which related routes share. One number is for each network that calls, so
// that one machine cannot take a campaign's place from everybody; one is for all of an account's callers together, so
// that one account cannot take the place of the others; one, larger, is for each network with all the names that it may invent.
// Addresses are keys in the platform's memory for a minute and
// are neither kept nor logged here. Without the bindings, on plain workerd, a proxy in front has to do it.

import { networkOf } from "../platform/network.js";
import { Refusal } from "./problem.js";

/** @import { Context } from "../types.d.ts" */

/**
 * Refuses what is too much of one address, for an account and a route.
 * @param {Context} context
 * @param {string} limit name of the route's limit
 * @param {string} [account] whose turn it takes; a request for no account in particular takes its address's own
 */
export async function ofCaller({ env, request }, limit, account = "") {
  const network = networkOf(request.headers.get("cf-connecting-ip") ?? "");
  refuse(await env.LIMIT_CALLER?.limit({ key: `${limit}|${account}|${network}` }));
}

/**
 * Refuses what is too much of one network for no account, or for accounts that are not known here: each invented name has a
 * count of its own by {@link ofCaller}.
 * @param {Context} context
 */
export async function ofStrangers({ env, request }) {
  refuse(await env.LIMIT_STRANGERS?.limit({ key: networkOf(request.headers.get("cf-connecting-ip") ?? "") }));
}

/**
 * Refuses what is too much of all callers of an account together.
 * @param {Context} context
 * @param {string} limit
 * @param {string} [account] without one there is nobody to share with
 */
export async function ofAccount({ env }, limit, account) {
  if (account !== undefined) refuse(await env.LIMIT_ACCOUNT?.limit({ key: `${limit}|${account}` }));
}

/** @param {{ success: boolean } | undefined} verdict */
function refuse(verdict) {
  if (verdict?.success === false) throw new Refusal("rate_limited", {}, { headers: { "retry-after": "60" } });
}
