// Where a person goes on who met a refusal on a page: the campaign that it was about, else the account's own site, else the
// site that they came from. Where none of them is known, the page says it in words.

import { loadAccount } from "../accounts/held.js";

/** @import { Context, WayOn } from "../types.d.ts" */

/**
 * @param {Context} context
 * @returns {Promise<WayOn | undefined>}
 */
export async function wayOn({ config, env, facts, now, params, query, request }) {
  const { account, campaignId } = /** @type {Record<string, unknown>} */ ({ ...params, ...facts, .../** @type {object} */ (query) });
  try {
    const { document, name } = await loadAccount(env, config, String(account), { now });
    if (Object.hasOwn(document.campaigns, String(campaignId))) return { url: `${config.publicUrl}/campaign/${name}/${campaignId}`, to: "campaign" };
    return { url: document.origins[0], to: "site" };
  } catch {
    // Nobody's: or the account cannot be had just now.
  }
  const referer = request.headers.get("referer") ?? "";
  const { origin, protocol } = URL.canParse(referer) ? new URL(referer) : { origin: "", protocol: "" };
  return /^https?:$/.test(protocol) && origin !== config.publicUrl ? { url: origin, to: "site" } : undefined;
}
