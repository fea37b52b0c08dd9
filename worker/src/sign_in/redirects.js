// The redirect URIs that identity providers know, from our own settings and never from a request's host. A sign-in gets its own from
// the core (`src/account/redirect.rs`); here it is written for those who register it.

/** @import { Configuration } from "../platform/configuration.js" */

/** That of all accounts; the core puts the account's or the campaign's own name behind it. @param {Configuration} config */
export const sharedRedirectUri = ({ publicUrl }) => `${publicUrl}/oauth/callback`;

/**
 * The one that settings choose.
 * @param {Configuration} config
 * @param {string | undefined} chosen `redirectUri` of the settings
 * @param {string} account
 * @param {string} campaignId
 */
export function redirectUriOf(config, chosen, account, campaignId) {
  const shared = sharedRedirectUri(config);
  if (chosen === "campaign") return `${shared}/${account}/${campaignId}`;
  return chosen === "account" ? `${shared}/${account}` : shared;
}
