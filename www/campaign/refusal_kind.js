// What a public reason is about: it decides which ways on a refusal offers.

/** Reasons about whether and how often somebody takes part. */
const OF_LIMIT = ["not_allowed", "quota_reached", "week_reached", "day_reached"];

/** @param {string} [reason] @returns {import("./steps/sorry.js").Refusal["kind"]} */
export function kindOf(reason = "") {
  if (OF_LIMIT.includes(reason)) return "limit";
  if (/^login_|^wrong_browser$/.test(reason)) return "login";
  // One that is not there is told from a link that is wrong.
  if (/^campaign_(?!unknown$)/.test(reason)) return "campaign";
  return reason === "try_again" ? "error" : "token";
}
