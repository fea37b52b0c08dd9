// Secrets that an account's document names, each for its purposes. A value that was written is never read back.

import { checkAccount, invalid, secretFaults } from "../../accounts/account_check.js";
import { OPERATORS, changeOf } from "../../accounts/access.js";
import { newKeyPair } from "../../accounts/encryption.js";
import { accountObject, forgetAccount } from "../../accounts/held.js";
import { json, noContent, timeOf } from "../../http/answers.js";
import { markedKeys } from "../../accounts/key_marks.js";
import { secretPlaces } from "../../platform/handstamp.js";
import { under } from "../../platform/under.js";
import { Refusal } from "../../http/problem.js";
import { wrapSecret } from "../../accounts/seals.js";
import { SECRET_CHARACTERS, SECRET_NAME, unwrapAll } from "../../accounts/secrets.js";
import { accountOfPath } from "./accounts.js";

/** @import { SecretRequest } from "../../schemas/account.js" */
/** @import { AccountDocument, Asked, Handler, Secret } from "../../types.d.ts" */

/** A value that the document in force could not work with is refused, like a document that could not work. @param {Asked<typeof SecretRequest>} context */
export async function putSecret(context) {
  const { account, object } = await accountOfPath(context);
  const { config, env, now, params } = context;
  const { name } = params;
  if (!SECRET_NAME.test(name))
    throw new Refusal("query_invalid", { at: "name", expected: `text like ${SECRET_NAME.source}` });
  const { keyPair, purpose, value: given } = context.body;
  if ((given === undefined) === (keyPair === undefined)) throw new Refusal("body_invalid", { at: "/value", expected: "either `value` or `keyPair`" });
  if (keyPair && purpose !== "decrypt") throw new Refusal("body_invalid", { at: "/purpose", expected: "decrypt, beside `keyPair`" });
  const value = keyPair ? JSON.stringify((await newKeyPair(keyPair, name.toLowerCase())).private) : String(given);
  if (value.length > SECRET_CHARACTERS)
    throw new Refusal("body_too_large", { at: "/value", expected: `at most ${SECRET_CHARACTERS} characters` });
  if (purpose === "profile" && !/^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(value))
    throw new Refusal("body_invalid", { at: "/value", expected: "printable ASCII characters without spaces at the ends, as it is sent in a header" });
  const document = /** @type {AccountDocument | null} */ (await object.inForce());
  const before = unwrapAll(config, account, await object.wrappedSecrets());
  const kept = under(before, name)?.purposes ?? [];
  /** @type {Secret} a purpose that is not said is the one of before, else the one whose secrets are sent nowhere */
  const secret = { value, purposes: purpose ? [purpose] : kept.length > 0 ? kept : ["verify"] };
  const places = document ? secretPlaces(document).filter((place) => place.name === name) : [];
  if (document && places.length > 0) {
    const faults = secretFaults(document, { [name]: secret }).filter(({ code }) => code === "secret_purpose");
    if (faults.length > 0) throw invalid(faults);
    if (places.some(({ path }) => path.startsWith("/secureToken/"))) {
      const secrets = { ...before, [name]: secret };
      await checkAccount(context, document, secrets, await markedKeys(config, document, secrets));
    }
  }
  // Noted first: a secret that nobody knows of would be lost with the key that sealed it.
  await (await accountObject(env, config, OPERATORS)).noteSecretHolder(account);
  if (!(await object.putSecret(name, wrapSecret(config, account, secret), now, changeOf(context, { about: name })))) {
    const message = "The account has as many secrets as it may have: delete one that is not used.";
    throw invalid([{ path: "/secrets", code: "settings_invalid", message }]);
  }
  forgetAccount(account);
  return noContent();
}

/** One that the document in force names stays, as nothing could be verified or sent without it. @type {Handler} */
export async function deleteSecret(context) {
  const { account, object } = await accountOfPath(context);
  const { now, params: { name } } = context;
  const document = /** @type {AccountDocument | null} */ (await object.inForce());
  const place = document && secretPlaces(document).find((place) => place.name === name);
  if (place) throw new Refusal("secret_in_use", { at: place.path });
  if (!(await object.dropSecret(name, now, changeOf(context, { about: name })))) throw new Refusal("secret_unknown", {}, { status: 404, open: true });
  forgetAccount(account);
  return noContent();
}

/** Names, purposes and dates. @type {Handler} */
export async function listSecrets(context) {
  const { account, object } = await accountOfPath(context);
  const [names, opened] = [await object.secretNames(), unwrapAll(context.config, account, await object.wrappedSecrets())];
  const secrets = names.map(({ name, at }) => ({ name, purposes: under(opened, name)?.purposes ?? [], at: timeOf(at) }));
  return json({ account, secrets });
}
