// What a document must stand up to beyond its own text: the secrets it names are there, its keys can be used, and
// no other account's tokens could be taken for its own. A change that fails here leaves everything as it was.

import { OPERATORS } from "./access.js";
import { accountObject } from "./held.js";
import { createVerifier, tokenSettings } from "../platform/handstamp.js";
import { Refusal, asRefusal, entry } from "../http/problem.js";
import { secretReferences } from "./secrets.js";

/** @import { MarkedKey } from "./key_marks.js" */
/** @import { AccountDocument, Context } from "../types.d.ts" */

/** @typedef {{ path: string, code: string, message: string }} Fault */

/** @param {Fault[]} faults */
export function invalid(faults) {
  return new Refusal("account_invalid", {}, { members: { faults } });
}

/**
 * Passes a document whose keys are then noted as this account's, or refuses it with the place of each fault.
 * @param {Context} context
 * @param {AccountDocument} document in normal form
 * @param {Record<string, string>} secrets in clear
 * @param {MarkedKey[]} keys of the document
 */
export async function checkAccount(context, document, secrets, keys) {
  const faults = missingSecrets(document, secrets);
  if (faults.length === 0) faults.push(...(await keyFaults(document, secrets)));
  if (faults.length === 0) faults.push(...(await claimFaults(context, document, keys)));
  if (faults.length > 0) throw invalid(faults);
}

/**
 * @param {AccountDocument} document
 * @param {Record<string, string>} secrets
 * @returns {Fault[]}
 */
function missingSecrets(document, secrets) {
  const { secureToken, oauth, challenge } = document;
  return secretReferences({ secureToken, oauth, challenge })
    .filter(({ name }) => !Object.hasOwn(secrets, name))
    .map(({ path, name }) => ({
      path,
      code: "secret_unknown",
      message: `The account has no secret named ${name}. ${entry("secret_unknown").how}`,
    }));
}

/**
 * Prepares the keys as an admission would, so that an unusable one is refused here and not at the first
 * participant.
 * @param {AccountDocument} document
 * @param {Record<string, string>} secrets
 * @returns {Promise<Fault[]>}
 */
async function keyFaults(document, secrets) {
  if (!document.secureToken) return [];
  try {
    (await createVerifier(tokenSettings(document, secrets))).close();
    return [];
  } catch (fault) {
    const { code, detail } = asRefusal(fault);
    const { says, how } = entry(code);
    const found = [detail.expected && `Expected ${detail.expected}.`, detail.got && `Got ${detail.got}.`]
      .filter(Boolean)
      .join(" ");
    return [{ path: `/secureToken${detail.at ?? ""}`, code, message: [says, found, how].filter(Boolean).join(" ") }];
  }
}

/**
 * @param {Context} context
 * @param {AccountDocument} document
 * @param {MarkedKey[]} keys
 * @returns {Promise<Fault[]>}
 */
async function claimFaults({ env, config }, { account, secureToken }, keys) {
  const used = keys.filter(({ list, revoked }) => list === "verify" && !revoked);
  const text = (/** @type {unknown} */ value) => (typeof value === "string" ? value : null);
  const operators = await accountObject(env, config, OPERATORS);
  const taken = await operators.claimKeys({
    account,
    marks: used.flatMap(({ marks }) => marks),
    issuer: text(secureToken?.issuer),
    audience: text(secureToken?.audience),
  });
  const { says, how } = entry("key_elsewhere");
  return used
    .filter(({ marks }) => marks.some((mark) => taken.includes(mark)))
    .map(({ index }) => ({ path: `/secureToken/verify/${index}`, code: "key_elsewhere", message: `${says} ${how}` }));
}
