// What an IT administrator registers at the identity provider, and the trial of the connection: each step with its outcome,
// in the order in which a login takes them.

import { campaignOf } from "../accounts/held.js";
import { fromBase64url } from "../platform/bytes.js";
import { perform } from "../outgoing/fetcher.js";
import { Share } from "../outgoing/share.js";
import { oauth } from "../platform/handstamp.js";
import { under } from "../platform/under.js";
import { Refusal } from "../http/problem.js";
import { redacted } from "./redaction.js";
import { failed, judgeKeys, looked, memberOf, nearLimit, stageOf } from "./connection_rows.js";
import { follow, readKept } from "./follow.js";
import { keySetRequest } from "./key_sets.js";
import { redirectUriOf, sharedRedirectUri } from "./redirects.js";

/** @import { Held } from "../accounts/held.js" */
/** @import { Outcome } from "./connection_rows.js" */
/** @import { Fetched, Observer } from "./follow.js" */
/** @import { Context, LoginRecord } from "../types.d.ts" */

/** The step that a login of the trial comes back to: the administrator's page. */
export const CONNECT = "connect";

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

const NO_KEYS = '{"keys":[]}';

/** The identity provider that a campaign signs people in at. @param {Held} held @param {string} [campaignId] */
export const settingsOf = ({ document }, campaignId = "") => /** @type {Record<string, any>} */ (document.campaigns[campaignId]?.oauth ?? document.oauth ?? {});

/**
 * What is to be registered: at the account's identity provider, then at those of single campaigns.
 * @param {Context["config"]} config
 * @param {Held} held
 */
export function registrations(config, held) {
  const own = Object.keys(held.document.campaigns).filter((id) => held.document.campaigns[id].oauth);
  return [...(held.document.oauth ? [registration(config, held)] : []), ...own.map((campaignId) => ({ campaignId, ...registration(config, held, campaignId) }))];
}

/** @param {Context["config"]} config @param {Held} held @param {string} [campaignId] */
function registration(config, held, campaignId = "") {
  const { issuer, preset, clientId, clientAuth, scope } = settingsOf(held, campaignId);
  return {
    preset,
    issuer,
    redirectUri: redirectUriOf(config, held.document, campaignId),
    grantTypes: ["authorization_code"],
    responseTypes: ["code"],
    scope: String(scope).split(" "),
    clientId,
    clientAuth: clientAuth?.method,
    pkce: "S256",
  };
}

/** A test asks the servers themselves, so that a repair is seen at once, and so is a server that broke since. @param {Fetched[]} seen @returns {Observer} */
const looking = (seen) => ({ seen: (one) => seen.push(one), test: true });

/** The campaign that the trial of the account's identity provider signs in to: any that offers it. @param {Held} held */
function campaignOfTrial(held) {
  const found = Object.entries(held.document.campaigns).find(([, campaign]) => campaign.signIn.includes("oauth") && !campaign.oauth);
  return found?.[0] ?? "";
}

/**
 * Everything up to the login page.
 * @param {Context} context
 * @param {Held} held
 * @param {string} bind hash of the session, which alone may take what comes back
 * @param {string} [chosen] a campaign with an identity provider of its own; else the account's is tried
 */
export async function tryOut({ config, env, now }, held, bind, chosen) {
  /** @type {Fetched[]} */
  const seen = [];
  /** @type {Outcome | undefined} */
  let fault;
  const campaignId = chosen ?? campaignOfTrial(held);
  let begun;
  try {
    campaignOf(held, campaignId, "oauth");
    const input = { account: held.document, secrets: held.secrets, campaignId, step: CONNECT, ring: config.ring, now, webCrypto: /** @type {const} */ (true), redirectUri: sharedRedirectUri(config), session: bind };
    begun = await follow(env, config, oauth.start(input), oauth.start, undefined, looking(seen));
    foresee(held, campaignId, now, seen);
  } catch (error) {
    fault = failed(stageOf(error, seen.length > 0 ? "discovery" : "settings"), error);
  }
  const discovered = seen.filter(({ request }) => request.purpose === "discovery");
  const metadata = memberOf(discovered.at(-1));
  const early = fault && fault.step !== "authorize";
  const url = begun && !early ? new URL(begun.location) : undefined;
  const discovery = metadata && !early ? { step: "discovery", status: /** @type {const} */ ("pass"), found: endpoints(metadata) } : undefined;
  /** @type {Outcome} */
  const authorize = url
    ? { step: "authorize", status: "pass", how: `Before you continue, ${redirectHint(config, held, campaignId)}` }
    : { step: "authorize", status: "skip" };
  const steps = [
    ...(early && fault ? [looked(fault, seen)] : []),
    ...(discovery ? [looked(discovery, seen)] : []),
    await keysStep(env, config, held, campaignId, metadata),
    looked(fault && !early ? fault : authorize, seen),
  ];
  const shown = url && {
    endpoint: url.origin + url.pathname,
    parameters: [...url.searchParams].map(([name, value]) => ({
      name,
      value: name === "state" ? `${value.length} characters` : value,
      says: under(/** @type {Record<string, string>} */ (PARAMETERS), name) ?? "Set in the account document.",
    })),
  };
  return { steps, ...(shown && { authorize: shown }), verdict: verdict(settingsOf(held, campaignId), metadata ?? {}), begun: url && begun };
}

/** What has to be registered, as the identity provider tells nobody but the person who is sent there. @param {Context["config"]} config @param {Held} held @param {string} campaignId */
function redirectHint(config, held, campaignId) {
  const { redirectUri } = registration(config, held, campaignId);
  return `check that exactly ${redirectUri} is registered as redirect URI: https, no pattern, no slash at the end, no other path. Otherwise the identity provider shows an error page of its own, and nothing comes back here.`;
}

/**
 * Goes through the rest of a sign-in as far as the core can say without a code whether the metadata serve it.
 * @param {Held} held @param {string} campaignId @param {number} now @param {Fetched[]} seen
 */
function foresee(held, campaignId, now, seen) {
  // It may ask twice, like the start.
  const answers = seen.filter(({ request }) => request.purpose === "discovery").map(({ answer }) => answer);
  const unused = "not sent";
  /** @type {import("../../../pkg/dist/oauth.js").ComputingStep<unknown, any>} */
  let step = oauth.redeem({ account: held.document, secrets: held.secrets, campaignId, now, code: unused, verifier: unused, nonce: unused, redirectUri: unused });
  for (const answer of [...answers, ...answers]) if (step.request?.purpose === "discovery") step = oauth.redeem(/** @type {any} */ (step.resume), /** @type {any} */ (answer));
}

/** @param {Record<string, any>} metadata */
function endpoints({ issuer, authorization_endpoint, token_endpoint, userinfo_endpoint, jwks_uri }) {
  return { issuer, authorization_endpoint, token_endpoint, userinfo_endpoint, jwks_uri };
}

/**
 * The algorithms of the ID tokens, and how the key set that verifies them is fetched; nothing where no URL of one is known.
 * @param {Record<string, any>} settings @param {Record<string, any> | undefined} metadata
 */
export function keySetOf({ endpoints: own, idTokenAlg, timeoutSeconds }, metadata) {
  const url = String(own?.jwks ?? metadata?.jwks_uri ?? "");
  const listed = metadata?.id_token_signing_alg_values_supported;
  const algs = idTokenAlg ? [String(idTokenAlg)] : Array.isArray(listed) ? listed.map(String) : null;
  const request = url === "" ? undefined : { ...keySetRequest(url), timeout: timeoutSeconds };
  return { algs, isNeeded: oauth.keySet.judge(NO_KEYS, algs).needed, request };
}

/**
 * The keys, each judged as it would be at a sign-in.
 * @param {Context["env"]} env @param {Context["config"]} config @param {Held} held @param {string} campaignId @param {Record<string, any> | undefined} metadata
 * @returns {Promise<Outcome>}
 */
async function keysStep(env, config, held, campaignId, metadata) {
  const { algs, isNeeded, request: asked } = keySetOf(settingsOf(held, campaignId), metadata);
  if (!isNeeded)
    return { step: "keys", status: "skip", says: `ID tokens are signed with the client secret (${algs?.join(", ")}), so no key set is needed.` };
  if (!asked) return { step: "keys", status: "skip" };
  const request = { ...asked, test: true };
  const fetched = { request, ...(await readKept(env, config, held.name, request)) };
  return looked(judgeKeys(fetched.answer, algs), [fetched]);
}

/**
 * Fetches a key set for an account and judges each key; nothing of it is kept.
 * @param {Context["config"]} config @param {string} account @param {string} url
 * @returns {Promise<Outcome>}
 */
export async function judgeUrl(config, account, url) {
  const share = new Share("look", account);
  const began = Date.now();
  const request = keySetRequest(url);
  const answer = await perform(request, config, { share }).finally(() => share.close());
  return looked(judgeKeys(answer, null), [{ request, answer, fetchedAt: 0, ms: Date.now() - began }]);
}

/**
 * Reads an identity provider's metadata as a sign-in would. Nothing of it is kept, and nothing else is asked of the provider.
 * @param {Context} context @param {string} account @param {{ preset: string, issuer: string }} named
 * @returns {Promise<Outcome>}
 */
export async function judgeIssuer({ config, now }, account, named) {
  const document = { account, oauth: { ...named, clientId: CONNECT, clientAuth: { method: "none" } }, campaigns: { [CONNECT]: { signIn: ["oauth"] } } };
  const input = { account: document, secrets: {}, campaignId: CONNECT, ring: config.ring, now, redirectUri: sharedRedirectUri(config) };
  /** @type {Fetched[]} */
  const seen = [];
  /** @type {Outcome | undefined} */
  let fault;
  const share = new Share("look", account);
  try {
    let step = oauth.start(/** @type {any} */ (input));
    while (step.request?.purpose === "discovery") {
      const [{ request, resume }, began] = [step, Date.now()];
      const answer = await perform(/** @type {any} */ (request), config, { share });
      seen.push({ request: /** @type {any} */ (request), answer, fetchedAt: 0, ms: Date.now() - began });
      step = oauth.start(/** @type {any} */ (resume), answer);
    }
  } catch (error) {
    fault = failed(stageOf(error, seen.length > 0 ? "discovery" : "settings"), error);
  } finally {
    share.close();
  }
  const metadata = memberOf(seen.at(-1));
  // There is no client yet that the provider could accept.
  if (fault && !(fault.step === "settings" && metadata)) return looked(fault, seen);
  return looked({ step: "discovery", status: metadata ? "pass" : "skip", ...(metadata && { found: endpoints(metadata) }) }, seen);
}

/**
 * Whether another identity provider's answer can be told from this one's, and whether a stolen code is worth anything.
 * @param {Record<string, any>} settings
 * @param {Record<string, any>} metadata
 */
function verdict({ sendsIss, redirectUri, clientAuth }, metadata) {
  const sends = sendsIss ?? metadata.authorization_response_iss_parameter_supported === true;
  const methods = metadata.code_challenge_methods_supported;
  const s256 = Array.isArray(methods) && methods.includes("S256");
  const secret = clientAuth?.method !== "none";
  return {
    iss: {
      status: sends || redirectUri !== "shared" ? "pass" : secret ? "warn" : "fail",
      says: sends
        ? "The identity provider sends iss with its answer (RFC 9207)."
        : redirectUri !== "shared"
          ? "The redirect URI belongs to this account or campaign only, so an answer from a different identity provider is refused."
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
    const { code = "login_again", ...detail } = cause ?? {};
    return { steps: [failed("login", new Refusal(code, detail))] };
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
    steps.push(looked({ step: "exchange", status: "pass" }, seen), nearLimit(looked({ step: "profile", status: "pass" }, seen)));
  } catch (fault) {
    const step = stageOf(fault, "profile");
    if (step === "profile") steps.push(looked({ step: "exchange", status: "pass" }, seen));
    steps.push(looked(failed(step, fault), seen));
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
