// Performs the requests that the core asks for, by the package's own rules: https only, no redirects, no private or literal
// address, the core's timeout unless the account says otherwise. The platform's `global_fetch_strictly_public` stands behind the
// address check: a public name that resolves to a private address does not get through either.

import { oauth, version } from "../platform/handstamp.js";
import { newTrace, traceparent } from "../platform/trace.js";

/** @import { Share } from "./share.js" */
/** @import { Trace } from "../platform/trace.js" */
/** @import { CoreAnswer, CoreRequest } from "../types.d.ts" */

/**
 * @param {Omit<CoreRequest, "purpose" | "refresh">} request
 * @param {{ development: boolean }} config
 * @param {{ share?: Share, trace?: Trace }} [of] share: what the answer counts to, unless it is bounded elsewhere; trace: of the
 *   request that needs it, a new one where several do
 * @returns {Promise<CoreAnswer>}
 */
export function perform(request, { development }, { share, trace = newTrace() } = {}) {
  const headers = { "user-agent": `handstamp/${version}`, traceparent: traceparent(trace) };
  return oauth.perform(request, { development, headers, ...(share && { holds: (bytes) => share.take(bytes) }) });
}
