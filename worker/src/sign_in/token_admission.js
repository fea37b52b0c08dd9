// A secure token's way to an admission: key sets put in place, the core's verdict, and the customer's
// profile API where the token carries an access token instead of data, and only then.

import { formOf, lenientVerifierOf, signatureVerifierOf, verifierOf } from "../accounts/held.js";
import { HandstampError } from "../platform/handstamp.js";
import { installKeySets } from "./key_sets.js";
import { Refusal } from "../http/problem.js";
import { owe } from "./profile.js";

/** @import { Held } from "../accounts/held.js" */
/** @import { Provenance, Verifier } from "../platform/handstamp.js" */
/** @import { Admission, Campaign, Context } from "../types.d.ts" */

/**
 * @param {Context} context
 * @param {Held} held
 * @param {Campaign} campaign
 * @param {string} campaignId
 * @param {string} token
 * @returns {Promise<{ admission: Admission, provenance: Provenance, owed?: import("./profile.js").Owed }>} owed: what the form step is
 *   still to bring
 */
export async function admitToken(context, held, campaign, campaignId, token) {
  const strict = await verifierOf(held, campaignId);
  const lenient = await lenientVerifierOf(held, campaignId);
  const verifier = lenient ?? strict;
  await installKeySets(context, held.name, verifier, "need");
  const fields = formOf(campaign);
  const wanted = { campaignId, now: context.now };
  const admit = () => verifier.admit(token, { ...wanted, fields });
  const judged = await withNewKeys(context, held.name, verifier, token, admit, campaignId);
  const provenance = judged.provenance ?? { namespace: "", pid: "" };
  const { signedAt } = provenance;
  if (signedAt !== undefined) context.facts.skew = signedAt - Math.floor(context.now / 1000);
  if (lenient) await reportStrict(context, held.name, strict, token);
  return { admission: judged, provenance, owed: await owe(context, held, campaign, judged, "token") };
}

/**
 * Notes what a token that is let in would be refused for once every check is enforced.
 * @param {Context} context
 * @param {string} account
 * @param {Verifier} strict
 * @param {string} token
 */
async function reportStrict(context, account, strict, token) {
  try {
    await installKeySets(context, account, strict, "need");
    await strict.verify(token, { now: context.now });
  } catch (fault) {
    if (!(fault instanceof HandstampError)) throw fault;
    context.facts.would = fault.code;
  }
}

/**
 * Once more with freshly fetched key sets, where a new key could change the verdict. How often a set is
 * really fetched is the business of its object.
 * @template T
 * @param {Context} context
 * @param {string} account
 * @param {Verifier} verifier
 * @param {string} token
 * @param {() => Promise<T>} verification
 * @param {string} [campaignId] that the token must be for
 * @returns {Promise<T>}
 */
async function withNewKeys(context, account, verifier, token, verification, campaignId) {
  try {
    return await verification();
  } catch (fault) {
    if (!(fault instanceof HandstampError) || verifier.keySetUrls().length === 0) throw fault;
    const event = await verifier.newerKeys(token, fault.code, { now: context.now, ...(campaignId && { campaignId }) });
    if (!event) throw fault;
    if (!(await installKeySets(context, account, verifier, event))) throw asFaultOfServer(fault);
    return verification();
  }
}

/**
 * Verifies a token that the account has signed and not encrypted yet: signature and standard claims.
 * @param {Context} context
 * @param {Held} held
 * @param {string} token
 */
export async function verifySigned(context, held, token) {
  const verifier = await signatureVerifierOf(held);
  await installKeySets(context, held.name, verifier, "need");
  const moment = { now: context.now };
  return withNewKeys(context, held.name, verifier, token, () => verifier.verify(token, moment));
}

/**
 * A set that is not there could not be had: that is the customer's server's doing, not the caller's or ours.
 * @param {unknown} fault
 */
function asFaultOfServer(fault) {
  const missing = fault instanceof HandstampError && fault.code === "key_set_not_loaded";
  return missing ? new Refusal("key_set_unavailable", { expected: "an answer of the key set's address" }) : fault;
}
