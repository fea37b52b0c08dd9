// Login servers as customers have them: every way to prove who we are, every place for metadata, every source of a
// profile. All of it by configuration.

import { exportJWK, generateKeyPair, jwtVerify } from "jose";
import * as fault from "./faults.mjs";
import { keys, sign } from "./keys.mjs";
import { CLIENT_ID, CLIENT_SECRET, PERSON } from "./server.mjs";

/** @import { Situation } from "./situation.d.ts" */

const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
const OUR_KEY = JSON.stringify({ ...(await exportJWK(privateKey)), kid: "ours", alg: "ES256", use: "sig" });
const rsa = await generateKeyPair("RS256", { extractable: true });
const rsaPublic = await exportJWK(rsa.publicKey);
const OUR_RSA_KEY = JSON.stringify({ ...(await exportJWK(rsa.privateKey)), kid: "ours", alg: "RS256", use: "sig" });
const withKey = { clientAuth: { method: "private_key_jwt", secret: { secret: "OIDC_KEY" } } };
const ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/** @type {Set<string>} */
const usedIds = new Set();

/** What RFC 7523 asks of an assertion, as strict as a server can be. @type {NonNullable<Situation["isClient"]>} */
const isSigningClient = (form, authorization, issuer) => hasSigned(form, authorization, { audience: issuer, algorithms: ["ES256"] }, publicKey);

/** @param {URLSearchParams} form @param {string | undefined} authorization @param {{ audience: string, algorithms: string[] }} rules @param {import("jose").CryptoKey} key */
async function hasSigned(form, authorization, rules, key) {
  if (authorization || form.has("client_secret") || form.get("client_assertion_type") !== ASSERTION) return false;
  const options = { issuer: CLIENT_ID, subject: CLIENT_ID, clockTolerance: 2, ...rules };
  const { payload, protectedHeader } = await jwtVerify(form.get("client_assertion") ?? "", key, options);
  const { jti = "", iat = 0, exp = 0 } = payload;
  const isNew = jti.length >= 32 && !usedIds.has(jti);
  usedIds.add(jti);
  return isNew && exp - iat <= 60 && typeof payload.aud === "string" && protectedHeader.kid === "ours";
}

const prefill = { email: PERSON.email, firstname: PERSON.given_name };
const names = (/** @type {Record<string, string>} */ patch = {}) => ({ mapping: { email: "email", firstname: "given_name", ...patch } });
const seconds = () => Math.floor(Date.now() / 1000);
const member = (/** @type {string} */ issuer) => ({ iss: issuer, sub: PERSON.sub, exp: seconds() + 300, email: PERSON.email, given_name: PERSON.given_name });

/** A profile API at the login server. @param {Record<string, string>} [settings] @returns {NonNullable<Situation["document"]>} */
const api = (settings) => (issuer) => ({ profileApi: { url: `${issuer}/api`, ...settings }, ...names() });
const apiPaths = { "/api": "userinfo" };
const from = "by configuration";

/** @type {Situation[]} */
export const configurations = [
  {
    name: "client-post",
    from,
    expected: "allowed",
    oauth: { clientAuth: { method: "client_secret_post", secret: { secret: "OIDC_CLIENT" } } },
    isClient: (form, authorization) => !authorization && form.get("client_id") === CLIENT_ID && form.get("client_secret") === CLIENT_SECRET,
  },
  {
    name: "client-public",
    from,
    expected: "allowed",
    oauth: { clientAuth: { method: "none" }, sendsIss: true },
    isClient: (form, authorization) => !authorization && form.get("client_id") === CLIENT_ID && !form.has("client_secret"),
  },
  { name: "client-key", from, expected: "allowed", visits: 2, oauth: withKey, secrets: { OIDC_KEY: OUR_KEY }, isClient: isSigningClient },
  {
    name: "client-key-rsa",
    from,
    expected: "allowed",
    visits: 2,
    oauth: { ...withKey, par: true },
    metadata: (issuer) => ({ pushed_authorization_request_endpoint: `${issuer}/par` }),
    secrets: { OIDC_KEY: OUR_RSA_KEY },
    isClient: (form, authorization, issuer) => hasSigned(form, authorization, { audience: issuer, algorithms: ["RS256"] }, rsa.publicKey),
    requests: { pushed: 2 },
  },
  {
    name: "client-key-endpoint",
    from,
    expected: "allowed",
    oauth: { ...withKey, assertionAudience: "endpoint" },
    secrets: { OIDC_KEY: OUR_KEY },
    isClient: (form, authorization, issuer) => hasSigned(form, authorization, { audience: `${issuer}/token`, algorithms: ["ES256"] }, publicKey),
  },
  // Whatever is wrong with our key, a pushed request leads back to the campaign.
  ...Object.entries({ key_wrong_type: rsaPublic, key_use: { ...JSON.parse(OUR_RSA_KEY), alg: "PS256" } }).map(([expected, key]) => ({
    name: `client-${expected.replaceAll("_", "-")}`,
    from,
    expected,
    oauth: { ...withKey, par: true },
    metadata: (/** @type {string} */ issuer) => ({ pushed_authorization_request_endpoint: `${issuer}/par` }),
    secrets: { OIDC_KEY: JSON.stringify(key) },
    requests: { pushed: 0, token: 0 },
  })),
  { name: "client-key-broken", from, expected: "key_invalid", oauth: withKey, secrets: { OIDC_KEY: "canary-key" }, requests: { token: 0 } },
  {
    name: "client-key-refused",
    from,
    expected: "exchange_refused",
    got: /^invalid_client$/,
    oauth: withKey,
    secrets: { OIDC_KEY: OUR_KEY },
    isClient: () => false,
  },
  {
    name: "explicit-endpoints",
    from,
    expected: "allowed",
    oauth: (issuer) => ({
      sendsIss: true,
      endpoints: { authorization: `${issuer}/authorize`, token: `${issuer}/token`, userinfo: `${issuer}/userinfo`, jwks: `${issuer}/jwks` },
    }),
    requests: { discovery: 0 },
  },
  {
    name: "discovery-elsewhere",
    from,
    expected: "allowed",
    oauth: (issuer) => ({ discovery: `${issuer}/v2/metadata` }),
    paths: { "/v2/metadata": "discovery", "/.well-known/openid-configuration": "nothing" },
    requests: { nothing: 0, discovery: 1 },
  },
  {
    name: "discovery-elsewhere-other",
    from,
    expected: "discovery_issuer_mismatch",
    oauth: (issuer) => ({ discovery: `${issuer}/v2/metadata` }),
    paths: { "/v2/metadata": "discovery" },
    metadata: () => ({ issuer: "https://evil.example" }),
  },
  {
    name: "rfc-8414",
    from,
    expected: "allowed",
    paths: { "/.well-known/openid-configuration": "nothing", "/.well-known/oauth-authorization-server": "discovery" },
    requests: { nothing: 1, discovery: 1 },
  },
  {
    name: "extra-parameters",
    from,
    expected: "allowed",
    oauth: { extra: { audience: "https://api.example", prompt: "select_account" }, scope: "openid email" },
    authorized: { audience: "https://api.example", prompt: "select_account", scope: "openid email" },
  },
  {
    name: "access-token-jwt",
    from,
    expected: "allowed",
    prefill,
    oauth: { profileFrom: "access_token", audience: "campaigns-api" },
    document: () => names(),
    accessToken: (issuer, key) => sign({ ...member(issuer), aud: "campaigns-api" }, { typ: "at+jwt" }, key),
    requests: { userinfo: 0 },
  },
  {
    name: "access-token-other-aud",
    from: "T71",
    expected: "access_token_invalid",
    oauth: { profileFrom: "access_token", audience: "campaigns-api" },
    accessToken: (issuer, key) => sign({ ...member(issuer), aud: "another-api" }, { typ: "at+jwt" }, key),
  },
  {
    name: "access-token-forged",
    from: "T71",
    expected: "access_token_invalid",
    oauth: { profileFrom: "access_token" },
    accessToken: (issuer) => sign(member(issuer), { kid: "rsa-1" }, keys.rotated),
  },
  {
    name: "access-token-of-other",
    from: "T71",
    expected: "access_token_invalid",
    oauth: { profileFrom: "access_token" },
    accessToken: (issuer, key) => sign({ ...member(issuer), sub: "somebody-else" }, {}, key),
  },
  {
    name: "access-token-opaque",
    from: "T71",
    expected: "access_token_opaque",
    got: /^an opaque token$/,
    oauth: { profileFrom: "access_token" },
  },
  {
    name: "access-token-encrypted",
    from: "T71",
    expected: "access_token_opaque",
    got: /^an encrypted token$/,
    oauth: { profileFrom: "access_token", preset: "generic" },
    accessToken: () => "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA",
  },
  {
    name: "id-token-profile",
    from,
    expected: "allowed",
    prefill,
    oauth: { profileFrom: "id_token" },
    document: () => names(),
    idToken: () => ({ email: PERSON.email, given_name: PERSON.given_name }),
    requests: { userinfo: 0 },
  },
  {
    name: "api-object",
    from,
    expected: "allowed",
    prefill,
    oauth: { profileFrom: "api" },
    document: api({ object: "/data/profile", subject: "/data/id" }),
    paths: apiPaths,
    userinfo: { data: { id: PERSON.sub, profile: PERSON } },
  },
  {
    name: "api-without-openid",
    from,
    expected: "allowed",
    prefill,
    oauth: { profileFrom: "api", scope: "profile" },
    document: api({ subject: "/sub" }),
    paths: apiPaths,
    requests: { jwks: 0 },
  },
  {
    name: "api-other-person",
    from,
    expected: "profile_subject_mismatch",
    oauth: { profileFrom: "api" },
    document: api({ subject: "/sub" }),
    paths: apiPaths,
    userinfo: { sub: "somebody-else" },
  },
  {
    name: "api-html",
    from,
    expected: "profile_unavailable",
    oauth: { profileFrom: "api" },
    document: api(),
    paths: apiPaths,
    faults: { userinfo: fault.html },
  },
  {
    name: "api-down",
    from,
    expected: "profile_unavailable",
    got: /^status 503$/,
    oauth: { profileFrom: "api" },
    document: api(),
    paths: apiPaths,
    faults: { userinfo: fault.unavailable },
  },
  {
    name: "api-alone-down",
    from,
    expected: "profile_unavailable",
    detail: /only this API says who signed in/,
    oauth: { profileFrom: "api", scope: "profile" },
    document: api({ subject: "/sub" }),
    paths: apiPaths,
    faults: { userinfo: fault.unavailable },
  },
  {
    name: "api-signed",
    from,
    expected: "allowed",
    prefill,
    oauth: { profileFrom: "api" },
    document: api({ answer: "jwt", subject: "/sub" }),
    paths: apiPaths,
    signUserinfo: (profile, issuer) => sign({ ...profile, iss: issuer }, {}, keys.rsa),
  },
  {
    name: "api-signed-by-other",
    from,
    expected: "profile_invalid",
    got: /signature_invalid/,
    oauth: { profileFrom: "api" },
    document: api({ answer: "jwt" }),
    paths: apiPaths,
    signUserinfo: (profile) => sign(profile, { kid: "rsa-1" }, keys.rotated),
  },
  {
    name: "api-token",
    from,
    expected: "allowed",
    prefill,
    oauth: { profileFrom: "api" },
    document: api({ answer: "access_token" }),
    paths: { "/api": "swap" },
    swap: async (issuer) => sign(member(issuer), { typ: "at+jwt" }, keys.rsa),
    requests: { userinfo: 0, swap: 1 },
  },
  {
    name: "api-token-opaque",
    from,
    expected: "allowed",
    prefill,
    oauth: { profileFrom: "api" },
    document: api({ answer: "access_token" }),
    paths: { "/api": "swap" },
    swap: async () => "canary-swapped",
    requests: { userinfo: 1, swap: 1 },
  },
];
