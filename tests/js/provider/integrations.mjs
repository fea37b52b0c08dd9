// Shapes of answers that whoever integrates an identity provider meets sooner or later: of the libraries, proxies and habits behind
// it, none of them an attack. What is harmless is read over; of the rest, the true cause and its owner are told.

import { answer, json } from "./faults.mjs";
import { keys, sign } from "./keys.mjs";
import { PERSON } from "./server.mjs";

/** @import { Situation } from "./situation.d.ts" */

const seconds = () => Math.floor(Date.now() / 1000);
/** @param {string} name @param {string} expected @param {Partial<Situation>} more @returns {Situation} */
const shape = (name, expected, more) => ({ name, from: "an integration", expected, ...more });
/** An answer of the login page. @param {string} name @param {string} expected @param {Record<string, string | null>} parameters @param {Partial<Situation>} [more] */
const back = (name, expected, parameters, more) => shape(name, expected, { authorization: () => parameters, requests: { token: 0 }, ...more });
const profile = (/** @type {string} */ more) => answer(200, "application/json", `{"sub":"${PERSON.sub}","email":"${PERSON.email}",${more}}`);
const { kid: _kid, ...nameless } = keys.ec.jwk;

/** @type {Situation[]} */
export const integrations = [
  // Nothing, in other words.
  shape("null-beside-tokens", "allowed", { tokens: { refresh_token: null, scope: null, expires_in: null, state: null } }),
  shape("null-in-metadata", "allowed", { metadata: () => ({ id_token_signing_alg_values_supported: null, code_challenge_methods_supported: null, require_pushed_authorization_requests: null, prompt_values_supported: null }) }),
  shape("null-in-userinfo", "allowed", { userinfo: { email: null, address: null, birthdate: "" }, prefill: { firstname: PERSON.given_name } }),

  // Encodings.
  shape("charset-without-hyphen", "allowed", { types: { userinfo: "application/json; charset=UTF8" }, prefill: { email: PERSON.email } }),
  shape("charset-empty", "allowed", { types: { userinfo: "application/json; charset=" } }),
  shape("cut-emoji", "allowed", { faults: { userinfo: profile('"nickname":"Ada \\ud83d"') }, prefill: { email: PERSON.email } }),
  shape("long-number", "allowed", { faults: { userinfo: profile('"legacy_id":340282366920938463463374607431768211455') }, prefill: { email: PERSON.email } }),

  // The person, or the provider.
  back("cancel-in-capitals", "login_cancelled", { code: null, error: "ACCESS_DENIED" }),
  back("cancel-with-a-reason", "login_cancelled", { code: null, error: "access_denied", error_reason: "user_denied", error_code: "200" }),
  back("not-assigned", "provider_error", { code: null, error: "access_denied", error_description: "User is not assigned to the client application." }, { got: /not assigned/ }),
  back("server-busy", "provider_error", { code: null, error: "temporarily_unavailable", error_description: "authentication_expired" }, { got: /^temporarily_unavailable/ }),

  // Keys.
  shape("two-types-of-a-name", "allowed", { keySet: () => [{ ...keys.ec.jwk, kid: keys.rsa.kid }, keys.rsa.jwk] }),
  shape("one-key-for-both-uses", "allowed", { keySet: () => [{ ...keys.rsa.jwk, use: "enc", alg: "RSA-OAEP" }, keys.rsa.jwk] }),
  shape("nameless-beside-others", "allowed", { header: { kid: null }, keySet: () => [nameless, keys.rsa.jwk] }),

  // Proxies.
  shape("http-behind-a-proxy", "address_refused", { fix: "issuer", metadata: () => ({ token_endpoint: "http://id.example/token" }), requests: { token: 0 } }),
  shape("relative-key-set", "address_refused", { fix: "issuer", metadata: () => ({ jwks_uri: "/jwks" }), requests: { token: 0 } }),
  shape("login-page-for-metadata", "discovery_invalid", { faults: { discovery: answer(200, "text/html", "<h1>Sign in</h1>") } }),
  shape("token-404", "exchange_failed", { faults: { token: answer(404, "text/html", "<h1>Not Found</h1>") }, got: /^status 404$/ }),
  shape("token-415", "exchange_failed", { faults: { token: answer(415, "text/plain", "") }, got: /^status 415$/ }),
  shape("userinfo-403", "userinfo_failed", { faults: { userinfo: json({ error: "insufficient_scope" }, 403) }, got: /^status 403$/ }),
  shape("userinfo-204", "userinfo_failed", { faults: { userinfo: (response) => response.writeHead(204).end() }, got: /^status 204$/ }),

  // Claims.
  shape("time-with-a-fraction", "allowed", { idToken: () => ({ iat: seconds() - 0.5, auth_time: seconds() - 1.25 }) }),
  shape("audience-as-list", "allowed", { idToken: (claims) => ({ aud: [claims.aud] }) }),
  shape("expiry-as-text", "id_token_invalid", { idToken: () => ({ exp: String(seconds() + 300) }), got: /claim_type|a string/ }),
  shape("subject-as-number", "userinfo_failed", { userinfo: { sub: 12345 }, got: /^a number$/ }),
  shape("subject-cut", "userinfo_failed", { faults: { userinfo: answer(200, "application/json", '{"sub":"a\\ud83d"}') } }),
  shape("signed-with-the-old-key", "id_token_invalid", { makeIdToken: (claims) => sign(claims, { kid: "retired" }, keys.rotated), got: /kid_unknown/, requests: { jwks: 2 } }),
];
