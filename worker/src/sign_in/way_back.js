// The way back from a login, whatever came of it: the outcome goes into an object under a fresh ticket, and the
// browser goes to the campaign with that ticket in the fragment. Nothing else travels.

import { redirect } from "../http/answers.js";
import { random, toBase64url } from "../platform/bytes.js";
import { CONNECT } from "./connection.js";
import { objectName } from "../platform/names.js";
import { objectNamed } from "../platform/objects.js";

/** @import { AccountDocument, Context, LoginRecord } from "../types.d.ts" */

/**
 * @param {Context} context
 * @param {AccountDocument} document
 * @param {LoginRecord} record
 * @param {{ index: number, path: string } | null | undefined} place an origin of the account and a path there;
 *   else the campaign on our own origin
 * @param {string[]} cookies
 */
export async function leadBack({ config, env, now }, document, record, place, cookies) {
  const ticket = toBase64url(random(32));
  const name = await objectName(config, "login", ticket);
  await objectNamed(config, env.LOGIN, name).open(record, now);
  const origin = place && document.origins[place.index];
  const lang = record.lang ? `?lang=${encodeURIComponent(record.lang)}` : "";
  // A trial of the connection goes back to the administrator, whatever campaign it was made with.
  if (record.step === CONNECT) return redirect(303, `${config.publicUrl}/connect/${record.account}#handstamp=${ticket}`, cookies);
  const campaign = `${config.publicUrl}/campaign/${record.account}/${record.campaignId}${lang}`;
  return redirect(303, `${place && origin ? origin + place.path : campaign}#handstamp=${ticket}`, cookies);
}
