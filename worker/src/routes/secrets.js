// Secrets that an account's document names. A value that was written is never read back.

import { checkAccount, invalid } from "../accounts/account_check.js";
import { OPERATORS } from "../accounts/access.js";
import { accountObject, forgetAccount } from "../accounts/held.js";
import { json } from "../http/answers.js";
import { markedKeys } from "../accounts/key_marks.js";
import { Refusal } from "../http/problem.js";
import { wrapSecret } from "../accounts/seals.js";
import { SECRET_CHARACTERS, SECRET_NAME, secretReferences, unwrapAll } from "../accounts/secrets.js";
import { accountOfPath } from "./accounts.js";

/** @import { SecretRequest } from "../schemas/account.js" */
/** @import { AccountRecord, Asked, Handler } from "../types.d.ts" */

/** A value that the document in force could not work with is refused, like a document that could not work. @param {Asked<typeof SecretRequest>} context */
export async function putSecret(context) {
  const { account, object } = await accountOfPath(context);
  const { config, env, now, params } = context;
  const { name } = params;
  if (!SECRET_NAME.test(name))
    throw new Refusal("query_invalid", { at: "name", expected: `text like ${SECRET_NAME.source}` });
  const { value } = context.body;
  if (value.length > SECRET_CHARACTERS)
    throw new Refusal("body_too_large", { at: "/value", expected: `at most ${SECRET_CHARACTERS} characters` });
  const current = /** @type {AccountRecord | null} */ (await object.read());
  if (current && secretReferences(current.document.secureToken).some((row) => row.name === name)) {
    const secrets = { ...unwrapAll(config, account, current.secrets), [name]: value };
    await checkAccount(context, current.document, secrets, await markedKeys(config, current.document, secrets));
  }
  // Noted first: a secret that nobody knows of would be lost with the key that sealed it.
  await (await accountObject(env, config, OPERATORS)).noteSecretHolder(account);
  const kept = await object.putSecret(name, wrapSecret(config, account, value), now);
  if (!kept) {
    const message = "The account has as many secrets as it may have.";
    throw invalid([{ path: "/secrets", code: "settings_invalid", message }]);
  }
  forgetAccount(account);
  return new Response(null, { status: 204, headers: { "cache-control": "no-store" } });
}

/** Names and dates. @type {Handler} */
export async function listSecrets(context) {
  const { account, object } = await accountOfPath(context);
  const secrets = await object.secretNames();
  return json({ account, secrets: secrets.map(({ name, at }) => ({ name, at: new Date(at).toISOString() })) });
}
