// The redirect URIs that identity providers know, from our own settings and never from a request's host. Which one an account or a
// campaign has is the core's to say.

import { oauth } from "../platform/handstamp.js";

/** @import { Configuration } from "../platform/configuration.js" */
/** @import { AccountDocument } from "../types.d.ts" */

/** That of all accounts; the core puts the account's or the campaign's own name behind it. @param {Configuration} config */
export const sharedRedirectUri = ({ publicUrl }) => `${publicUrl}/oauth/callback`;

/**
 * The one to register at the identity provider of the account, or of a campaign with one of its own.
 * @param {Configuration} config
 * @param {AccountDocument} account
 * @param {string} [campaignId]
 */
export const redirectUriOf = (config, account, campaignId) => oauth.redirectUri({ account, redirectUri: sharedRedirectUri(config), ...(campaignId && { campaignId }) });
