// The receipt of a participation: a JWT by the key of this deployment, with which the account's own site can reward at once.
// It is signed once, before the record is written, and kept with the answer: whoever asks again gets the same bytes.

import { signed } from "../accounts/access.js";

/** @import { Configuration } from "../platform/configuration.js" */
/** @import { Submission } from "../types.d.ts" */

const LIFE_SECONDS = 3600;
/** No token of anybody's: where we verify one, this type is refused. */
const TYP = "participation+jwt";

/**
 * @param {Configuration} config
 * @param {Submission} submission with the facts that the campaign has recorded, and no others
 */
export function issueReceipt(config, { id, at, account, campaignId, subject, gift }) {
  const issuedAt = Math.floor(at / 1000);
  const claims = { iss: config.publicUrl, aud: account, ...(subject !== undefined && { sub: subject }), campaignId, participationId: id, ...(gift && { gift }) };
  return signed(config, { ...claims, iat: issuedAt, exp: issuedAt + LIFE_SECONDS, jti: id }, TYP);
}
