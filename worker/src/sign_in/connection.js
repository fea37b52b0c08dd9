// What an IT administrator registers at the identity provider, and the trial of the connection: each step with its outcome,
// in the order in which a login takes them.

import { campaignOf } from "../accounts/held.js";
import { fromBase64url } from "../platform/bytes.js";
import { oauth } from "../platform/handstamp.js";
import { asRefusal, entry } from "../http/problem.js";
import { redacted } from "./redaction.js";
import { follow, readKept } from "./follow.js";

/** @import { Held } from "../accounts/held.js" */
/** @import { Fetched, Observer } from "./follow.js" */
/** @import { Context, LoginRecord } from "../types.d.ts" */

/** The step that a login of the trial comes back to: the administrator's page. */
export const CONNECT = "connect";

/** @typedef {{ step: string, status: "pass" | "warn" | "fail" | "skip", code?: string, says?: string, how?: string, at?: string, expected?: string, got?: string, found?: Record<string, unknown> }} Outcome */

const PARAMETERS = {
  client_id: "Our client ID at the identity provider.",
  redirect_uri: "The URL to which it sends the browser back; exactly this string must be registered.",
  response_type: "The authorization code flow (RFC 6749 section 4.1).",
  scope: "The parts of the profile that we request.",
  state: "Account, campaign, place and time, sealed; it must come back unchanged.",
  nonce: "Binds the ID token to this sign-in (OpenID Connect Core section 3.1.2.1).",
  code_challenge: "The hash of a secret that only this sign-in has (RFC 7636).",
  code_challenge_method: "S256: the challenge is a SHA-256 hash.",
};

/** @param {Held} held */
const settingsOf = (held) => /** @type {Record<string, any>} */ (held.document.oauth ?? {});

/** @param {Context["config"]} config @param {Held} held */
export function registration({ publicUrl }, held) {
  const { issuer, preset, clientId, clientAuth, scope, redirectUri } = settingsOf(held);
  const shared = `${publicUrl}/oauth/callback`;
  return {
    preset,
    issuer,
    redirectUri: redirectUri === "account" ? `${shared}/${held.name}` : shared,
    grantTypes: ["authorization_code"],
    responseTypes: ["code"],
    scope: String(scope).split(" "),
    clientId,
    clientAuth: clientAuth?.method,
    pkce: "S256",
  };
}

/** @param {string} step @param {unknown} fault @returns {Outcome} */
export function failed(step, fault) {
  const { code, detail } = asRefusal(fault);
  const { says, how } = entry(code);
  return { step, status: "fail", code, says, how, ...detail };
}

/** A test asks the servers themselves, so that a repair is seen at once, and so is a server that broke since. @param {Fetched[]} seen @returns {Observer} */
const looking = (seen) => ({ seen: (one) => seen.push(one), test: true });

/** The campaign that the trial signs in to: any that offers it. @param {Held} held */
function campaignOfTrial(held) {
  const found = Object.entries(held.document.campaigns).find(([, campaign]) => campaign.signIn.includes("oauth"));
  return found?.[0] ?? "";
}

/**
 * Everything up to the login page.
 * @param {Context} context
 * @param {Held} held
 * @param {string} bind hash of the session, which alone may take what comes back
 */
export async function tryOut({ config, env, now }, held, bind) {
  /** @type {Fetched[]} */
  const seen = [];
  /** @type {Outcome[]} */
  const steps = [];
  const campaignId = campaignOfTrial(held);
  let begun;
  try {
    campaignOf(held, campaignId, "oauth");
    const redirectUri = `${config.publicUrl}/oauth/callback`;
    const input = { account: held.document, secrets: held.secrets, campaignId, step: CONNECT, ring: config.ring, now, redirectUri, session: bind };
    begun = await follow(env, config, oauth.start(input), oauth.start, undefined, looking(seen));
  } catch (fault) {
    steps.push(failed(seen.length > 0 ? "discovery" : "settings", fault));
  }
  const metadata = memberOf(seen.find(({ request }) => request.purpose === "discovery"));
  if (metadata && steps.length === 0) steps.push({ step: "discovery", status: "pass", found: endpoints(metadata) });
  steps.push(await keysStep(env, config, String(settingsOf(held).endpoints?.jwks ?? metadata?.jwks_uri ?? "")));
  const url = begun && new URL(begun.location);
  steps.push(url ? { step: "authorize", status: "pass" } : { step: "authorize", status: "skip" });
  const authorize = url && {
    endpoint: url.origin + url.pathname,
    parameters: [...url.searchParams].map(([name, value]) => ({
      name,
      value: name === "state" ? `${value.length} characters` : value,
      says: /** @type {Record<string, string>} */ (PARAMETERS)[name] ?? "Set in the account document.",
    })),
  };
  return { steps, ...(authorize && { authorize }), verdict: verdict(held, metadata ?? {}), begun };
}

/** @param {Pick<Fetched, "answer"> | undefined} seen @returns {Record<string, any> | undefined} */
function memberOf(seen) {
  if (!seen || "failed" in seen.answer) return undefined;
  try {
    return JSON.parse(/** @type {{ body: string }} */ (seen.answer).body);
  } catch {
    return undefined;
  }
}

/** @param {Record<string, any>} metadata */
function endpoints({ issuer, authorization_endpoint, token_endpoint, userinfo_endpoint, jwks_uri }) {
  return { issuer, authorization_endpoint, token_endpoint, userinfo_endpoint, jwks_uri };
}

/**
 * @param {Context["env"]} env @param {Context["config"]} config @param {string} url
 * @returns {Promise<Outcome>}
 */
async function keysStep(env, config, url) {
  if (url === "") return { step: "keys", status: "skip" };
  const headers = { accept: "application/jwk-set+json, application/json" };
  const { answer } = await readKept(env, config, { purpose: "keySet", method: "GET", url, headers, refresh: false, test: true });
  const keys = memberOf({ answer })?.keys;
  const { says, how } = entry("key_set_unavailable");
  if (!Array.isArray(keys)) return { step: "keys", status: "fail", code: "key_set_unavailable", says, how };
  const found = keys.slice(0, 20).map(({ kid, kty, alg, use }) => ({ kid, kty, alg, use }));
  return { step: "keys", status: keys.length > 0 ? "pass" : "fail", found: { keys: found } };
}

/**
 * Whether another identity provider's answer can be told from this one's, and whether a stolen code is worth anything.
 * @param {Held} held
 * @param {Record<string, any>} metadata
 */
function verdict(held, metadata) {
  const { sendsIss, redirectUri, clientAuth } = settingsOf(held);
  const sends = sendsIss ?? metadata.authorization_response_iss_parameter_supported === true;
  const methods = metadata.code_challenge_methods_supported;
  const s256 = Array.isArray(methods) && methods.includes("S256");
  const secret = clientAuth?.method !== "none";
  return {
    iss: {
      status: sends || redirectUri === "account" ? "pass" : secret ? "warn" : "fail",
      says: sends
        ? "The identity provider sends iss with its answer (RFC 9207)."
        : redirectUri === "account"
          ? "The redirect URI belongs to this account only, so an answer from a different identity provider is refused."
          : "The identity provider does not send iss with its answer; the client's secret and PKCE protect the sign-in.",
    },
    pkce: {
      status: s256 ? "pass" : "warn",
      says: s256
        ? "The identity provider's metadata lists PKCE with S256 (RFC 7636); we always send it."
        : "The identity provider's metadata does not list PKCE with S256; we send it anyway.",
    },
  };
}

/**
 * From the code to the form, with everything on the way to be looked at; nobody is admitted and nothing is kept.
 * @param {Context} context
 * @param {Held} held
 * @param {LoginRecord} record
 */
export async function finish({ config, env, now }, held, { outcome, cause, exchange, campaignId, sid }) {
  if (outcome !== "code" || !exchange) {
    const code = cause?.code ?? "login_again";
    const { says, how } = entry(code);
    return { steps: [{ step: "login", status: /** @type {const} */ ("fail"), says, how, ...cause, code }] };
  }
  /** @type {Outcome[]} */
  const steps = [{ step: "login", status: "pass" }];
  /** @type {Fetched[]} */
  const seen = [];
  const host = { now, webCrypto: /** @type {const} */ (true) };
  const input = { account: held.document, secrets: held.secrets, campaignId, sid, ...host, ...exchange };
  let done;
  try {
    done = await follow(env, config, oauth.redeem(input), oauth.redeem, undefined, looking(seen));
    steps.push({ step: "exchange", status: "pass" }, { step: "profile", status: "pass" });
  } catch (fault) {
    const exchanged = seen.some(({ request, answer }) => request.purpose === "token" && "status" in answer && answer.status === 200);
    if (exchanged) steps.push({ step: "exchange", status: "pass" });
    steps.push(failed(exchanged ? "profile" : "exchange", fault));
  }
  const { form = {}, optin = {}, locked = [], ignored = [] } = done?.admission.prefill ?? {};
  const mapped = Object.entries({ ...form, ...optin }).map(([name, value]) => ({
    ...redacted(value)[0],
    path: name,
    locked: locked.includes(name),
  }));
  return { steps, claims: claimsOf(seen), mapped, ignored };
}

/** What came of the person, by where it came from. @param {Fetched[]} seen */
function claimsOf(seen) {
  const token = memberOf(seen.find(({ request }) => request.purpose === "token"));
  const profile = memberOf(seen.find(({ request }) => request.purpose === "userinfo" || request.purpose === "profile"));
  const own = typeof token?.id_token === "string" ? payload(token.id_token) : undefined;
  return [
    ...(own ? [{ from: "id_token", rows: redacted(own) }] : []),
    ...(profile ? [{ from: "userinfo", rows: redacted(profile) }] : []),
  ];
}

/** Verified by the core before; here it is only read. @param {string} compact */
function payload(compact) {
  try {
    return JSON.parse(new TextDecoder().decode(fromBase64url(compact.split(".")[1])));
  } catch {
    return undefined;
  }
}
