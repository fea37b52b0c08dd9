// Accounts as data: documents, their versions, and the secrets that they name.

import { json } from "../answers.js";
import { accountObject, forgetAccount, tokenSettings } from "../accounts.js";
import { requireScope } from "../access.js";
import { queryMember, readJson, readJsonText, textMember } from "../body.js";
import { createVerifier, parseAccount } from "../handstamp.js";
import { ACCOUNT } from "../names.js";
import { Refusal, asRefusal, entry } from "../problem.js";
import { wrapSecret } from "../seals.js";
import { SECRET_CHARACTERS, SECRET_NAME, secretReferences, unwrapAll } from "../secrets.js";

/** @import { AccountDocument, Context, Handler } from "../types.d.ts" */

/** @typedef {{ path: string, code: string, message: string }} Fault */

/**
 * The account of the path, once the caller may touch it.
 * @param {Context} context
 */
async function authorized(context) {
  const { account } = context.params;
  if (!ACCOUNT.test(account)) throw new Refusal("account_unknown");
  context.facts.account = account;
  await requireScope(context, "accounts", account);
  return { account, object: await accountObject(context.env, context.config, account) };
}

/** @type {Handler} */
export async function putAccount(context) {
  const { account, object } = await authorized(context);
  return put(context, account, object, await readJsonText(context.request));
}

/**
 * @param {Context} context
 * @param {string} account
 * @param {Awaited<ReturnType<typeof accountObject>>} object
 * @param {string} source
 */
async function put(context, account, object, source) {
  const { config, now } = context;
  const parsed = parseAccount(source, { development: config.development });
  if (!parsed.account) throw invalid(parsed.faults);
  const document = /** @type {AccountDocument} */ (parsed.account);
  if (document.account !== account) {
    throw invalid([
      {
        path: "/account",
        code: "settings_invalid",
        message: `The document is for another account than the address: expected "${account}".`,
      },
    ]);
  }
  const secrets = unwrapAll(config, account, await object.wrappedSecrets());
  const faults = missingSecrets(document, secrets);
  if (faults.length === 0) faults.push(...(await keyFaults(document, secrets)));
  if (faults.length > 0) throw invalid(faults);
  const { version, changed } = await object.write(source, document, now);
  forgetAccount(account);
  context.facts.version = version;
  return json({ account, version, changed, warnings: parsed.warnings }, { headers: { etag: `"${version}"` } });
}

/** @param {Fault[]} faults */
function invalid(faults) {
  return new Refusal("account_invalid", {}, { members: { faults } });
}

/**
 * @param {AccountDocument} document
 * @param {Record<string, string>} secrets
 * @returns {Fault[]}
 */
function missingSecrets(document, secrets) {
  const { secureToken, oauth } = document;
  return secretReferences({ secureToken, oauth })
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

/** @type {Handler} */
export async function getAccount(context) {
  const { account, object } = await authorized(context);
  const version = queryMember(context.url, "version", /^\d{1,9}$/);
  const found = await object.source(version === undefined ? undefined : Number(version));
  if (!found) throw new Refusal(version === undefined ? "account_unknown" : "version_unknown");
  const at = new Date(found.at).toISOString();
  return json(
    { account, version: found.version, at, document: JSON.parse(found.source) },
    { headers: { etag: `"${found.version}"` } },
  );
}

/** @type {Handler} */
export async function listVersions(context) {
  const { account, object } = await authorized(context);
  const versions = await object.versions();
  if (versions.length === 0) throw new Refusal("account_unknown");
  return json({ account, versions: versions.map(({ version, at }) => ({ version, at: new Date(at).toISOString() })) });
}

/** An earlier document becomes the newest version; it is checked like any other. @type {Handler} */
export async function rollBack(context) {
  const { account, object } = await authorized(context);
  const { version } = await readJson(context.request, 1024);
  if (typeof version !== "number" || !Number.isSafeInteger(version))
    throw new Refusal("body_invalid", { at: "/version", expected: "a whole number" });
  const found = await object.source(version);
  if (!found) throw new Refusal("version_unknown");
  return put(context, account, object, found.source);
}

/** @type {Handler} */
export async function putSecret(context) {
  const { account, object } = await authorized(context);
  const { name } = context.params;
  if (!SECRET_NAME.test(name))
    throw new Refusal("query_invalid", { at: "name", expected: `text like ${SECRET_NAME.source}` });
  const body = await readJson(context.request);
  const value = textMember(body, "value", /^[^]+$/);
  if (value.length > SECRET_CHARACTERS)
    throw new Refusal("body_too_large", { at: "/value", expected: `at most ${SECRET_CHARACTERS} characters` });
  const kept = await object.putSecret(name, wrapSecret(context.config, account, value), context.now);
  if (!kept)
    throw invalid([
      { path: "/secrets", code: "settings_invalid", message: "The account has as many secrets as it may have." },
    ]);
  forgetAccount(account);
  return new Response(null, { status: 204, headers: { "cache-control": "no-store" } });
}

/** Names and dates: a value that was written is never read back. @type {Handler} */
export async function listSecrets(context) {
  const { account, object } = await authorized(context);
  const secrets = await object.secretNames();
  return json({ account, secrets: secrets.map(({ name, at }) => ({ name, at: new Date(at).toISOString() })) });
}
