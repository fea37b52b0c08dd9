// Identity providers that do something their own way, as real ones were seen to: what is accepted as it comes, what a
// setting of the account allows, and what the account is told without it.

import { createHash } from "node:crypto";
import { CompactEncrypt, exportJWK, generateKeyPair } from "jose";
import * as fault from "./faults.mjs";
import { keys, sign } from "./keys.mjs";
import { CLIENT_ID, CLIENT_SECRET, PERSON } from "./server.mjs";

/** @import { Situation } from "./situation.d.ts" */

const seconds = () => Math.floor(Date.now() / 1000);
/** @param {string} name @param {string} expected @param {Partial<Situation>} more @returns {Situation} */
const seen = (name, expected, more) => ({ name, from: "seen at real identity providers", expected, ...more });
/** An answer of the login page. @param {string} name @param {string} expected @param {Record<string, string | null>} parameters @param {Partial<Situation>} [more] */
const back = (name, expected, parameters, more) => seen(name, expected, { authorization: () => parameters, requests: { token: 0 }, ...more });

/** Credentials of Basic authentication, not decoded. @param {URLSearchParams} _form @param {string | undefined} header */
const isRawClient = (_form, header) => header === `Basic ${Buffer.from(`${CLIENT_ID}:${CLIENT_SECRET}`).toString("base64")}`;
const post = { clientAuth: { method: "client_secret_post", secret: { secret: "OIDC_CLIENT" } } };
const isPostClient = (/** @type {URLSearchParams} */ form) => form.get("client_secret") === CLIENT_SECRET;
const byHs256 = (/** @type {Record<string, unknown>} */ claims) => sign(claims, { typ: "JWT" }, { alg: "HS256", secret: CLIENT_SECRET });
const signedProfile = (/** @type {Record<string, unknown>} */ profile, /** @type {string} */ issuer) => byHs256({ ...profile, iss: issuer, aud: CLIENT_ID });
const lists = (/** @type {string[]} */ ...algs) => ({ id_token_signing_alg_values_supported: algs });
const [text, short] = ["a".repeat(64), "b".repeat(31)];

/** A key of ours for what the identity provider encrypts. @param {string} alg @param {string} enc */
async function encryption(alg, enc) {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  return {
    settings: { decrypt: { key: { secret: "DECRYPT" }, alg, enc } },
    secrets: { DECRYPT: JSON.stringify(await exportJWK(privateKey)) },
    encrypt: (/** @type {string} */ content, /** @type {object} */ header = { cty: "JWT" }) =>
      new CompactEncrypt(new TextEncoder().encode(content)).setProtectedHeader({ alg, enc, ...header }).encrypt(publicKey),
  };
}
const [curve, rsa] = await Promise.all([encryption("ECDH-ES+A256KW", "A256GCM"), encryption("RSA-OAEP-256", "A128CBC-HS256")]);
/** @param {typeof curve} key @returns {Partial<Situation>} */
const encrypted = ({ settings, secrets, encrypt }) => ({
  oauth: settings,
  secrets,
  makeIdToken: async (claims) => encrypt(await sign(claims, {}, keys.rsa)),
  signUserinfo: async (profile, issuer) => encrypt(await sign({ ...profile, iss: issuer }, {}, keys.rsa)),
  prefill: { email: PERSON.email },
});
const groups = (/** @type {number} */ count) => Array.from({ length: count }, (_, index) => `CN=group-${index},OU=staff`);
const manyMembers = Object.fromEntries(groups(300).map((name) => [name, true]));
const deep = (/** @type {number} */ levels) => JSON.parse(`${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`);

/** @type {Situation[]} */
export const deviations = [
  // Metadata: one bad answer, then good ones.
  seen("metadata-bad-once", "allowed", { metadata: (_issuer, request) => (request === 1 ? { issuer: "https://evil.example" } : {}), requests: { discovery: 2 } }),
  seen("metadata-cut-once", "allowed", { metadata: (_issuer, request) => (request === 1 ? { token_endpoint: undefined } : {}), requests: { discovery: 2 } }),
  seen("metadata-bad-always", "discovery_issuer_mismatch", { visits: 3, metadata: () => ({ issuer: "https://evil.example" }), requests: { discovery: 2, token: 0 } }),
  seen("metadata-empty-endpoints", "allowed", { metadata: () => ({ pushed_authorization_request_endpoint: "", end_session_endpoint: "", registration_endpoint: null }) }),
  seen("metadata-empty-userinfo", "discovery_invalid", { metadata: () => ({ userinfo_endpoint: "" }), requests: { token: 0 } }),
  seen("metadata-empty-userinfo-unused", "allowed", { oauth: { profileFrom: "id_token" }, metadata: () => ({ userinfo_endpoint: "" }) }),

  // Client authentication.
  seen("basic-not-decoded", "exchange_refused", { isClient: isRawClient, got: /^invalid_client$/, detail: /client_secret_post.*basicEncoding/ }),
  seen("basic-raw", "allowed", { isClient: isRawClient, oauth: { basicEncoding: "raw" } }),
  seen("token-403", "exchange_refused", { faults: { token: fault.answer(403, "text/html", "<h1>Forbidden</h1>") }, got: /^status 403$/ }),
  seen("par-403", "par_refused", {
    oauth: { par: true },
    metadata: (issuer) => ({ pushed_authorization_request_endpoint: `${issuer}/par` }),
    faults: { pushed: fault.answer(403, "text/plain", "no") },
    got: /^status 403$/,
    requests: { authorization: 0, token: 0 },
  }),
  seen("public-by-metadata", "allowed", {
    oauth: { clientAuth: { method: "none" } },
    isClient: (form, authorization) => !authorization && !form.has("client_secret"),
  }),

  // The person stopped at a page that had to be shown.
  ...["consent_required", "interaction_required", "login_required", "account_selection_required"].map((error) =>
    back(`stopped-${error.replace(/_(selection_)?required/, "")}`, "login_cancelled", { code: null, error, error_description: "User refused consent" }),
  ),
  back("silent-login-required", "provider_error", { code: null, error: "login_required" }, { oauth: { extra: { prompt: "none" } }, got: /^login_required$/ }),
  back("twice-unknown", "allowed", {}, { authorizeTwice: { session_state: ["a", "b"] }, requests: { token: 1 } }),

  // ID tokens.
  seen("auth-time-unset", "allowed", { start: { prompt: "login" }, idToken: () => ({ auth_time: 0 }) }),
  seen("auth-time-unset-max-age", "id_token_invalid", { oauth: { maxAge: 3600 }, idToken: () => ({ auth_time: 0 }), got: /^nothing$/ }),
  seen("eddsa-sha-256", "allowed", { signWith: () => "edwards", atHash: "SHA-256" }),
  seen("eddsa-sha-512", "allowed", { signWith: () => "edwards", atHash: "SHA-512" }),
  seen("eddsa-other-hash", "id_token_invalid", { signWith: () => "edwards", idToken: () => ({ at_hash: createHash("sha1").digest("base64url") }) }),
  seen("nonce-lost", "nonce_mismatch", { idToken: () => ({ nonce: undefined }), got: /^no nonce$/ }),
  seen("nonce-off", "allowed", { oauth: { nonce: false }, idToken: () => ({ nonce: undefined }) }),
  seen("pkce-off", "allowed", { oauth: { pkce: false }, withoutPkce: true }),
  seen("pkce-not-known", "exchange_refused", { withoutPkce: true, got: /^invalid_grant$/, detail: /PKCE/ }),
  seen("ahead-of-us", "allowed", { idToken: () => ({ nbf: seconds() + 200, iat: seconds() + 200, exp: seconds() + 900 }) }),
  seen("ahead-of-us-strict", "id_token_invalid", { oauth: { leewaySeconds: 60 }, idToken: () => ({ nbf: seconds() + 200, exp: seconds() + 900 }), got: /token_not_yet_valid/ }),
  seen("new-algorithm", "allowed", {
    visits: 2,
    signWith: (visit) => (visit === 1 ? "rsa" : "ec"),
    metadata: (_issuer, request) => lists(request === 1 ? "RS256" : "ES256"),
    keySet: () => [keys.rsa.jwk, keys.ec.jwk],
    requests: { discovery: 2 },
  }),
  seen("listed-twice", "allowed", { keySet: () => [keys.rsa.jwk, { ...keys.rsa.jwk }] }),

  // Signed with the client secret.
  seen("line", "allowed", { oauth: { preset: "line", ...post }, isClient: isPostClient, metadata: () => lists("ES256"), keySet: () => [keys.ec.jwk], makeIdToken: byHs256 }),
  seen("line-unset", "id_token_invalid", { metadata: () => lists("ES256"), makeIdToken: byHs256, got: /alg_not_allowed \(HS256\)/, detail: /idTokenAlg/ }),
  seen("secret-short", "client_secret_short", {
    oauth: { idTokenAlg: "HS256", clientAuth: { method: "client_secret_post", secret: { secret: "SHORT" } } },
    secrets: { SHORT: short },
    isClient: (form) => form.get("client_secret") === short,
    makeIdToken: (claims) => sign(claims, {}, { alg: "HS256", secret: short }),
  }),
  seen("userinfo-hs256", "allowed", { oauth: { userinfoAlg: "HS256" }, signUserinfo: signedProfile, prefill: { email: PERSON.email } }),
  seen("userinfo-hs256-unset", "userinfo_failed", { signUserinfo: signedProfile, got: /alg_not_allowed/, detail: /userinfoAlg/ }),
  seen("userinfo-rs256-set", "allowed", { oauth: { userinfoAlg: "RS256" }, signUserinfo: (profile, issuer) => sign({ ...profile, iss: issuer }, {}, keys.rsa) }),

  // Encrypted for us.
  seen("encrypted-ec", "allowed", encrypted(curve)),
  seen("encrypted-rsa", "allowed", encrypted(rsa)),
  seen("encrypted-userinfo-only", "allowed", { ...encrypted(rsa), makeIdToken: undefined, signUserinfo: (profile) => rsa.encrypt(JSON.stringify(profile), {}) }),
  seen("encrypted-api-only", "profile_invalid", {
    oauth: { ...rsa.settings, profileFrom: "api" },
    secrets: rsa.secrets,
    document: (issuer) => ({ profileApi: { url: `${issuer}/api`, answer: "jwt" } }),
    paths: { "/api": "userinfo" },
    signUserinfo: (profile) => rsa.encrypt(JSON.stringify(profile), {}),
    got: /token_is_json/,
  }),
  seen("encrypted-no-key", "id_token_invalid", { ...encrypted(curve), oauth: {}, prefill: {}, got: /^an encrypted token$/, detail: /`decrypt`/ }),
  seen("encrypted-other-key", "id_token_invalid", { ...encrypted(curve), oauth: rsa.settings, secrets: rsa.secrets, got: /alg_not_allowed/ }),
  seen("encrypted-not-signed", "id_token_invalid", { ...encrypted(curve), makeIdToken: (claims) => curve.encrypt(JSON.stringify(claims)), got: /token_is_json/ }),
  seen("encrypted-forged", "id_token_invalid", { ...encrypted(curve), makeIdToken: async (claims) => curve.encrypt(await sign(claims, { kid: "rsa-1" }, keys.rotated)), got: /signature_invalid/ }),
  seen("encrypted-twice", "id_token_invalid", { ...encrypted(curve), makeIdToken: async (claims) => curve.encrypt(await curve.encrypt(await sign(claims, {}, keys.rsa))), got: /jwe_without_jws/ }),

  // A few people have much in their profile.
  seen("large-id-token", "allowed", { oauth: { profileFrom: "id_token" }, idToken: () => ({ groups: groups(1000), picture: "p".repeat(40_000), email: PERSON.email }), prefill: { email: PERSON.email } }),
  seen("large-userinfo", "allowed", { userinfo: { picture: "p".repeat(300_000), groups: groups(3000), ...manyMembers }, prefill: { email: PERSON.email } }),
  seen("large-signed-userinfo", "allowed", { signUserinfo: (profile, issuer) => sign({ ...profile, iss: issuer, picture: "p".repeat(200_000), groups: groups(3000) }, {}, keys.rsa), prefill: { email: PERSON.email } }),
  seen("large-access-token", "allowed", { oauth: { profileFrom: "access_token" }, accessToken: (issuer, key) => sign({ iss: issuer, sub: PERSON.sub, exp: seconds() + 300, groups: groups(300) }, {}, key) }),
  seen("too-large-userinfo", "response_too_large", { userinfo: { picture: "p".repeat(600_000) }, detail: /512 KiB/ }),
  seen("too-deep-userinfo", "userinfo_failed", { userinfo: { org: deep(16) }, got: /json_too_deep.*position/, detail: /16 levels/ }),
  seen("deep-userinfo", "allowed", { userinfo: { org: deep(15) } }),
  seen("slow-within-setting", "allowed", { oauth: { timeoutSeconds: 10 }, slow: { userinfo: 4000 } }),
  seen("slow", "response_timeout", { slow: { userinfo: 4000 } }),

  // What userinfo is, if not a profile.
  seen("userinfo-error-in-200", "userinfo_failed", { faults: { userinfo: fault.json({ error: "invalid_token", error_description: "canary" }) }, got: /^invalid_token$/ }),
  seen("userinfo-nested", "userinfo_subject_mismatch", { faults: { userinfo: fault.json({ data: { sub: PERSON.sub } }) }, got: /^a profile at \/data$/, detail: /profileApi\.object/ }),
  seen("userinfo-member-error", "allowed", { userinfo: { error: "none" } }),
  back("iss-of-another", "issuer_param_mismatch", { iss: "https://evil.example/x y" }, { got: /^https:\/\/evil\.example\/xy$/, detail: /iss-of-another$/ }),

  // Presets.
  seen("preset-linkedin", "allowed", {
    oauth: (issuer) => ({ preset: "linkedin", issuer: `${issuer}/oauth`, ...post }),
    isClient: isPostClient,
    paths: { "/oauth/.well-known/openid-configuration": "discovery" },
    metadata: (issuer) => ({ issuer: `${issuer}/oauth`, code_challenge_methods_supported: undefined, authorization_response_iss_parameter_supported: undefined }),
    authorization: () => ({ iss: null }),
    idToken: (_claims, issuer) => ({ iss: `${issuer}/oauth`, nonce: undefined, at_hash: undefined }),
  }),
  seen("preset-azure-b2c", "allowed", {
    oauth: (issuer) => ({ preset: "azure-b2c", issuer: `${issuer}/${text}/v2.0/`, discovery: `${issuer}/policy`, ...post }),
    isClient: isPostClient,
    paths: { "/policy": "discovery" },
    metadata: (issuer) => ({ issuer: `${issuer}/${text}/v2.0/`, userinfo_endpoint: undefined, authorization_response_iss_parameter_supported: undefined }),
    authorization: () => ({ iss: null }),
    idToken: (_claims, issuer) => ({ iss: `${issuer}/${text}/v2.0/`, email: PERSON.email }),
    prefill: { email: PERSON.email },
    requests: { userinfo: 0 },
  }),
  seen("b2c-without-preset", "discovery_invalid", { metadata: () => ({ userinfo_endpoint: undefined }), detail: /profileFrom/, requests: { token: 0 } }),
  seen("preset-entra", "allowed", {
    oauth: (issuer) => ({ preset: "entra", issuer: `${issuer}/tenant/v2.0`, ...post }),
    isClient: isPostClient,
    paths: { "/tenant/v2.0/.well-known/openid-configuration": "discovery" },
    metadata: (issuer) => ({ issuer: `${issuer}/tenant/v2.0`, authorization_response_iss_parameter_supported: undefined }),
    authorization: () => ({ iss: null, session_state: "s-1" }),
    idToken: (_claims, issuer) => ({ iss: `${issuer}/tenant/v2.0`, ver: "2.0", nbf: seconds() - 300, iat: seconds() - 300 }),
  }),
  seen("preset-cognito", "allowed", {
    oauth: { preset: "cognito" },
    idToken: () => ({ token_use: "id", "cognito:username": "u", event_id: "e", origin_jti: "o", auth_time: seconds() }),
    userinfo: { username: "u", email_verified: "true" },
  }),
  seen("preset-google", "allowed", { oauth: { preset: "google", ...post }, isClient: isPostClient, idToken: () => ({ azp: CLIENT_ID, hd: "acme.example", email_verified: true }) }),
];
