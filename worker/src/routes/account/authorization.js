// POST /v1/auth/token: the Authorization API. A client trades its secret for an access token of one hour, or a
// program trades a token that it has just signed for one that may encrypt. Clients of account `*` are operators;
// an account's own clients are made under /v1/accounts/{account}.

import { LIFE_SECONDS, OPERATORS, changeOf, grantOf, holdTo, issueAccessToken } from "../../accounts/access.js";
import { accountObject, loadAccount, requireBound } from "../../accounts/held.js";
import { json, noContent, timeOf } from "../../http/answers.js";
import { fromBase64, random, sameText, sha256, toBase64url, toHex } from "../../platform/bytes.js";
import { ACCOUNT } from "../../platform/names.js";
import { Refusal } from "../../http/problem.js";
import { SCOPES, beyond } from "../../accounts/scopes.js";
import { verifySigned } from "../../sign_in/token_admission.js";
import { accountOfPath } from "./accounts.js";

/** @import { ClientRequest, TokenRequest } from "../../schemas/account.js" */
/** @import { Asked, Context, Handler } from "../../types.d.ts" */

/** RFC 7523 section 2.1. */
const ASSERTION = "urn:ietf:params:oauth:grant-type:jwt-bearer";
/** All that a token which a browser might hold can be traded for: to encrypt more of its kind. */
const ASSERTION_SCOPE = ["crypto"];
const CLIENT = /^([a-z0-9][a-z0-9_-]{0,31})\.([A-Za-z0-9_-]{16})$/;

/** @typedef {import("../../platform/valibot.js").InferOutput<typeof TokenRequest>} Form */

/**
 * Finds whose limit a call takes, before anything is believed: the account that it names, or whose client it names.
 * @param {Context} context
 * @param {Partial<Form>} form
 */
export function accountOfClient({ config, request }, { account, client_id: named }) {
  const header = request.headers.get("authorization");
  const id = (header === null ? undefined : readBasic(header)?.id) ?? named ?? account ?? "";
  if (id === config.operator?.clientId) return OPERATORS;
  const name = CLIENT.exec(id)?.[1] ?? id;
  return ACCOUNT.test(name) ? name : undefined;
}

/** @param {Asked<typeof TokenRequest>} context */
export async function issueToken(context) {
  const form = context.body;
  const grant = form.grant_type;
  if (grant !== "client_credentials" && grant !== ASSERTION)
    throw refusal("grant_unsupported", "unsupported_grant_type");
  const client = grant === ASSERTION ? await assertion(context, form) : await authenticate(context, form);
  const asked = form.scope?.split(" ").filter(Boolean);
  if (asked && beyond(client.scope, asked).length > 0)
    throw refusal("scope_invalid", "invalid_scope", { expected: client.scope.join(" ") });
  const scope = asked?.length ? [...new Set(asked)] : client.scope;
  context.facts.client = client.clientId;
  const token = await issueAccessToken(context.config, { ...client, scope }, context.now);
  return json(
    { access_token: token, token_type: "Bearer", expires_in: LIFE_SECONDS, scope: scope.join(" ") },
    { headers: { pragma: "no-cache" } },
  );
}

/**
 * RFC 6749 section 5.2 names the error in `error`; the problem document carries it too.
 * @param {string} code
 * @param {string} error
 * @param {Record<string, string>} [detail]
 * @param {Record<string, string>} [headers]
 */
function refusal(code, error, detail = {}, headers = {}) {
  return new Refusal(code, detail, { headers, members: { error } });
}

/**
 * The signed token itself as a grant (RFC 7523): whoever can sign for the account may have its tokens encrypted.
 * @param {Context} context
 * @param {Form} form
 * @returns {Promise<{ clientId: string, account: string, scope: string[] }>}
 */
async function assertion(context, form) {
  const { config, env, now } = context;
  const token = form.assertion;
  if (!token) throw refusal("body_invalid", "invalid_request", { at: "assertion", expected: "a signed token" });
  // A client that also shows its secret is asked for it; else the account is named.
  const authenticated = context.request.headers.has("authorization") || form.client_secret !== undefined;
  const client = authenticated ? await authenticate(context, form) : undefined;
  const named = form.account ?? form.client_id ?? "";
  const account = client && client.account !== OPERATORS ? client.account : (CLIENT.exec(named)?.[1] ?? named);
  if (!ACCOUNT.test(account))
    throw refusal("body_invalid", "invalid_request", { at: "account", expected: "the name of the account" });
  context.facts.account = account;
  const wrong = refusal("assertion_invalid", "invalid_grant");
  try {
    const held = await loadAccount(env, config, account, { now, fresh: true });
    const { claims } = await verifySigned(context, held, token);
    if (claims.exp === undefined) throw wrong;
    requireBound(held, claims);
  } catch {
    // To whom anybody may say anything, nothing is told of the account: not even whether there is one.
    throw wrong;
  }
  return { clientId: client?.clientId ?? account, account, scope: ASSERTION_SCOPE };
}

/**
 * @param {Context} context
 * @param {Form} form
 * @returns {Promise<{ clientId: string, account: string, scope: string[] }>}
 */
async function authenticate(context, form) {
  const { config, env, request } = context;
  const header = request.headers.get("authorization");
  const wrong = refusal("client_invalid", "invalid_client", {}, { "www-authenticate": 'Basic realm="handstamp"' });
  const basic = header === null ? undefined : readBasic(header);
  if (header !== null && (!basic || form.client_secret !== undefined)) throw wrong;
  const id = basic?.id ?? form.client_id ?? "";
  const hash = toHex(await sha256(basic?.secret ?? form.client_secret ?? ""));

  if (config.operator && id === config.operator.clientId) {
    if (!sameText(hash, config.operator.secretHash)) throw wrong;
    return { clientId: id, account: OPERATORS, scope: SCOPES };
  }
  const account = CLIENT.exec(id)?.[1];
  const client = account && (await (await accountObject(env, config, account)).client(id));
  if (!account || !client || !sameText(hash, client.hash)) throw wrong;
  return { clientId: id, account, scope: client.scope.split(" ") };
}

/**
 * RFC 6749 section 2.3.1: both parts are form-encoded before they are joined.
 * @param {string} header
 */
function readBasic(header) {
  const encoded = /^Basic +([A-Za-z0-9+/]+=*)$/i.exec(header)?.[1];
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(fromBase64(encoded ?? ""));
    const at = text.indexOf(":");
    const decode = (/** @type {string} */ part) => decodeURIComponent(part.replaceAll("+", "%20"));
    return at > 0 ? { id: decode(text.slice(0, at)), secret: decode(text.slice(at + 1)) } : undefined;
  } catch {
    return undefined;
  }
}

/** POST /v1/accounts/{account}/clients: the secret is shown this once. Nobody gives a scope that they do not have. @param {Asked<typeof ClientRequest>} context */
export async function createClient(context) {
  const { account, object } = await accountOfPath(context);
  const { scope: asked } = context.body;
  const scope = typeof asked === "string" ? [...new Set(asked.split(" ").filter(Boolean))] : [];
  if (scope.length === 0 || scope.some((name) => !SCOPES.includes(name))) {
    throw new Refusal("scope_invalid", { at: "/scope", expected: SCOPES.join(" ") });
  }
  holdTo(grantOf(context), scope);
  const clientId = `${account}.${toBase64url(random(12))}`;
  const clientSecret = toBase64url(random(32));
  const kept = await object.putClient(
    { id: clientId, hash: toHex(await sha256(clientSecret)), scope: scope.join(" ") },
    context.now,
    changeOf(context, { about: `${clientId} for ${scope.join(" ")}` }),
  );
  if (!kept) {
    const fault = {
      path: "/clients",
      code: "settings_invalid",
      message: "The account has as many clients as it may have: delete one that is not used.",
    };
    throw new Refusal("account_invalid", {}, { members: { faults: [fault] } });
  }
  return json({ clientId, clientSecret, scope: scope.join(" ") }, { status: 201 });
}

/** DELETE /v1/accounts/{account}/clients/{client}: nobody takes a scope that they do not have. @type {Handler} */
export async function deleteClient(context) {
  const { object } = await accountOfPath(context);
  const { now, params: { client } } = context;
  const found = /** @type {{ scope: string } | null} */ (await object.client(client));
  if (found) holdTo(grantOf(context), found.scope.split(" "));
  if (!(await object.dropClient(client, now, changeOf(context, { about: client })))) throw new Refusal("not_found");
  return noContent();
}

/** Ids, scopes and dates; a secret is shown when it is made, and never again. @type {Handler} */
export async function listClients(context) {
  const { account, object } = await accountOfPath(context);
  const clients = /** @type {{ clientId: string, scope: string, at: number }[]} */ (await object.clients());
  return json({ account, clients: clients.map(({ at, ...client }) => ({ ...client, at: timeOf(at) })) });
}
