// The Crypto API: a signed token of the account in, the same token encrypted out. Nothing of it is stored.

import { grantOf } from "../../accounts/access.js";
import { loadAccount, requireBound } from "../../accounts/held.js";
import { json, publicJson } from "../../http/answers.js";
import { encryptionKey, publicEncryptionKeys } from "../../accounts/encryption.js";
import { encryptCompact } from "../../platform/handstamp.js";
import { ACCOUNT } from "../../platform/names.js";
import { Refusal, asRefusal } from "../../http/problem.js";
import { verifySigned } from "../../sign_in/token_admission.js";

/** @import { EncryptRequest } from "../../schemas/account.js" */
/** @import { Asked, Handler } from "../../types.d.ts" */

/** POST /v1/crypto/encrypt @param {Asked<typeof EncryptRequest>} context */
export async function encrypt(context) {
  const { body, config, env, now } = context;
  const account = grantOf(context).account;
  if (!ACCOUNT.test(account)) throw new Refusal("body_invalid", { at: "/account", expected: "the name of an account" });
  const { token } = body;
  const held = await loadAccount(env, config, account, { now, fresh: true });
  context.facts.version = held.version;
  const { key, alg, enc, ...label } = await encryptionKey(held);
  let claims;
  try {
    ({ claims } = await verifySigned(context, held, token));
  } catch (fault) {
    // It is the account's own token, so its program may know what is wrong with it.
    const { code, detail } = asRefusal(fault);
    throw new Refusal(code, detail, { status: 422, open: true });
  }
  requireBound(held, claims);
  const encrypted = await encryptCompact(token, key, { alg, enc, cty: "JWT", ...label });
  return json({ token: encrypted, alg, enc });
}

/** GET /v1/crypto/{account}/jwks.json: for customers who encrypt themselves. @type {Handler} */
export async function encryptionKeys(context) {
  const { config, env, now, params } = context;
  const held = await loadAccount(env, config, params.account, { now });
  context.facts.account = held.name;
  const keys = held.document.secureToken ? await publicEncryptionKeys(held) : [];
  return publicJson({ keys }, 300, "application/jwk-set+json");
}
