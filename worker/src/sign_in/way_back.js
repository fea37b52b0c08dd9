// The way back from a login, whatever came of it: the browser goes to the campaign with the ticket of the sign-in in the
// fragment. Nothing else travels.

import { redirect } from "../http/answers.js";
import { oauth } from "../platform/handstamp.js";
import { CONNECT } from "./connection.js";

/** @import { Configuration } from "../platform/configuration.js" */
/** @import { AccountDocument, Context, LoginRecord } from "../types.d.ts" */

/** @typedef {Pick<LoginRecord, "account" | "campaignId" | "step"> & { lang?: string | null }} Where */
/** @typedef {{ index: number, path: string } | null | undefined} Place an origin of the account and a path there; else the campaign on our own origin */

/**
 * Returns the URL of the page that a sign-in returns to.
 * @param {Configuration} config
 * @param {AccountDocument} document
 * @param {Where} where
 * @param {Place} place
 */
export function pageOf({ publicUrl }, document, { account, campaignId, step, lang }, place) {
  // A trial of the connection goes back to the administrator, whatever campaign it was made with.
  if (step === CONNECT) return `${publicUrl}/connect/${account}`;
  const { origins, testOrigins = [] } = document;
  // Test origins count downwards from -1.
  const origin = place && (place.index < 0 ? testOrigins[-1 - place.index] : origins[place.index]);
  if (place && origin) return origin + place.path;
  return `${publicUrl}/campaign/${account}/${campaignId}${lang ? `?lang=${encodeURIComponent(lang)}` : ""}`;
}

/**
 * @param {Context} context
 * @param {AccountDocument} document
 * @param {LoginRecord} record
 * @param {Place} place
 * @param {string[]} cookies
 */
export function leadBack({ config }, document, record, place, cookies) {
  const ticket = oauth.issueTicket(config.ring, record.sid);
  return redirect(303, `${pageOf(config, document, record, place)}#handstamp=${ticket}`, cookies);
}
