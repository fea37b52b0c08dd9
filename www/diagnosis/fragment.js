// A link may bring a token with its settings and the moment to judge it by, in its fragment only, which no browser
// sends to a server. It is read once and taken out of the address, so that it stays in no history.

/** @import { TokenSettings } from "../../pkg/dist/index.js" */

const NAMES = ["token", "campaignId", "settings", "now"];

/** @returns {{ token?: string, campaignId?: string, settings?: TokenSettings, now?: number } | undefined} `now` in seconds */
export function takeFragment() {
  const given = new URLSearchParams(location.hash.slice(1));
  if (!NAMES.some((name) => given.has(name))) return undefined;
  history.replaceState(null, "", location.href.split("#")[0]);
  const text = (/** @type {string} */ name) => given.get(name) ?? undefined;
  const now = Number(text("now") ?? Number.NaN);
  return { token: text("token"), campaignId: text("campaignId"), settings: object(text("settings")), ...(now > 0 && now < 1e11 && { now }) };
}

/** @param {string | undefined} text */
function object(text) {
  try {
    const value = JSON.parse(text ?? "");
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
