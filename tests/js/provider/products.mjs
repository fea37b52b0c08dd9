// Login servers as products make them: the shapes of metadata, key sets, tokens and answers that Keycloak, Auth0, Okta,
// Gigya, Entra ID, Google, Zitadel, Authentik and Dex are known for. Valid ones sign people in; what is wrong with the
// others, and what is wrong with a setting, has its own code.

import * as fault from "./faults.mjs";
import { keys, sign } from "./keys.mjs";
import { CLIENT_ID, CLIENT_SECRET, PERSON } from "./server.mjs";

/** @import { Situation } from "./situation.d.ts" */

const seconds = () => Math.floor(Date.now() / 1000);
const { alg: _alg, use: _use, ...bare } = keys.rsa.jwk;
/** A certificate's place in a key; what stands there is not looked at. */
const x5c = { x5c: ["MIICnzCCAYcCBgGM"], x5t: "uFqG3Sxq6B1zJ6pUjV8mCw", "x5t#S256": "A".repeat(43) };
const encryption = { ...keys.rotated.jwk, kid: "enc-1", alg: "RSA-OAEP", use: "enc", ...x5c };
const post = { clientAuth: { method: "client_secret_post", secret: { secret: "OIDC_CLIENT" } } };
const isPostClient = (/** @type {URLSearchParams} */ form) => form.get("client_id") === CLIENT_ID && form.get("client_secret") === CLIENT_SECRET;
const algs = ["PS384", "RS384", "EdDSA", "ES384", "HS256", "HS512", "ES256", "RS256", "HS384", "ES512", "PS256", "PS512", "RS512"];
const mapped = () => ({ mapping: { email: "email", firstname: "given_name" } });
const prefill = { email: PERSON.email, firstname: PERSON.given_name };

/** @param {string} name @param {string} expected @param {Partial<Situation>} more @returns {Situation} */
const product = (name, expected, more) => ({ name, from: "a product's shape", expected, ...more });

/** Metadata as large as Keycloak's. @param {string} issuer */
const keycloakMetadata = (issuer) => ({
  introspection_endpoint: `${issuer}/protocol/openid-connect/token/introspect`,
  end_session_endpoint: `${issuer}/protocol/openid-connect/logout`,
  check_session_iframe: `${issuer}/protocol/openid-connect/login-status-iframe.html`,
  grant_types_supported: ["authorization_code", "implicit", "refresh_token", "password", "client_credentials", "urn:openid:params:grant-type:ciba"],
  acr_values_supported: ["0", "1"],
  response_types_supported: ["code", "none", "id_token", "token", "id_token token", "code id_token", "code token", "code id_token token"],
  subject_types_supported: ["public", "pairwise"],
  id_token_signing_alg_values_supported: algs,
  id_token_encryption_alg_values_supported: ["ECDH-ES+A256KW", "ECDH-ES+A192KW", "ECDH-ES+A128KW", "RSA-OAEP", "RSA-OAEP-256", "RSA1_5", "ECDH-ES"],
  userinfo_signing_alg_values_supported: [...algs, "none"],
  request_object_signing_alg_values_supported: [...algs, "none"],
  response_modes_supported: ["query", "fragment", "form_post", "query.jwt", "fragment.jwt", "form_post.jwt", "jwt"],
  token_endpoint_auth_methods_supported: ["private_key_jwt", "client_secret_basic", "client_secret_post", "tls_client_auth", "client_secret_jwt"],
  claims_supported: ["iss", "sub", "aud", "exp", "iat", "auth_time", "name", "given_name", "family_name", "preferred_username", "email", "acr", "azp", "nonce"],
  claims_parameter_supported: true,
  scopes_supported: ["openid", "roles", "phone", "profile", "address", "email", "web-origins", "microprofile-jwt", "offline_access", "acr"],
  request_parameter_supported: true,
  request_uri_parameter_supported: true,
  require_request_uri_registration: true,
  code_challenge_methods_supported: ["plain", "S256"],
  tls_client_certificate_bound_access_tokens: true,
  backchannel_logout_supported: true,
  require_pushed_authorization_requests: false,
  pushed_authorization_request_endpoint: `${issuer}/protocol/openid-connect/ext/par/request`,
  mtls_endpoint_aliases: { token_endpoint: `${issuer}/protocol/openid-connect/token`, revocation_endpoint: `${issuer}/protocol/openid-connect/revoke` },
});

/** @param {string} issuer @param {import("./keys.mjs").SigningKey} key @param {Record<string, unknown>} [more] */
const keycloakAccess = (issuer, key, more = {}) =>
  sign({ exp: seconds() + 300, iat: seconds(), auth_time: seconds() - 5, jti: "onrtac:1", iss: issuer, aud: "account", sub: PERSON.sub, typ: "Bearer", azp: CLIENT_ID, sid: "s-1", acr: "1", "allowed-origins": ["*"], realm_access: { roles: ["offline_access"] }, resource_access: { account: { roles: ["view-profile"] } }, scope: "openid email profile", email_verified: true, email: PERSON.email, given_name: PERSON.given_name, ...more }, { typ: "JWT" }, key);

/** @param {Partial<Situation>} [more] @returns {Partial<Situation>} */
const keycloak = (more) => ({
  metadata: keycloakMetadata,
  keySet: () => [encryption, { ...keys.rsa.jwk, ...x5c }],
  tokens: { refresh_expires_in: 1800, refresh_token: "canary-refresh", "not-before-policy": 0, session_state: "s-1", scope: "openid email profile" },
  authorization: () => ({ session_state: "s-1" }),
  idToken: () => ({ typ: "ID", azp: CLIENT_ID, sid: "s-1", acr: "1", auth_time: seconds() - 5 }),
  accessToken: keycloakAccess,
  types: { token: "application/json;charset=UTF-8", jwks: "application/json;charset=UTF-8", discovery: "application/json;charset=UTF-8" },
  ...more,
});

/** An issuer that ends in a slash, as its tokens have it. @param {Partial<Situation>} more @returns {Partial<Situation>} */
const slashed = (more) => ({
  oauth: (issuer) => ({ issuer: `${issuer}/`, ...post }),
  metadata: (issuer) => ({ issuer: `${issuer}/`, authorization_response_iss_parameter_supported: undefined }),
  authorization: () => ({ iss: null }),
  idToken: (_claims, issuer) => ({ iss: `${issuer}/` }),
  isClient: isPostClient,
  ...more,
});

const tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47";
/** @param {Partial<Situation>} [more] @returns {Partial<Situation>} */
const entra = (more) => ({
  oauth: post,
  isClient: isPostClient,
  metadata: () => ({ authorization_response_iss_parameter_supported: undefined, code_challenge_methods_supported: undefined, tenant_region_scope: "EU", cloud_instance_name: "microsoftonline.com" }),
  authorization: () => ({ iss: null, session_state: "s-1" }),
  // Keys without alg, with certificates and an issuer of their own.
  keySet: () => [{ ...bare, ...x5c, use: "sig", issuer: "https://login.example/{tenantid}/v2.0" }, { ...bare, kid: "old-1", ...x5c, use: "sig" }],
  idToken: () => ({ ver: "2.0", tid: tenant, oid: "o-1", rh: "0.AX", uti: "u", nbf: seconds() - 300, iat: seconds() - 300, at_hash: undefined }),
  tokens: { ext_expires_in: 300, scope: "openid profile email" },
  ...more,
});

/** @type {Situation[]} */
export const products = [
  product("keycloak-userinfo", "allowed", keycloak()),
  product("keycloak-access-token", "allowed", keycloak({ oauth: { profileFrom: "access_token" }, document: mapped, prefill, requests: { userinfo: 0 } })),
  product("keycloak-audience", "access_token_invalid", keycloak({ oauth: { profileFrom: "access_token", audience: "campaigns" }, got: /audience_mismatch/ })),
  product("keycloak-bearer-as-id", "id_token_invalid", keycloak({ makeIdToken: (claims) => keycloakAccess(String(claims.iss), keys.rsa) })),
  product("keycloak-encryption-key", "key_set_empty", keycloak({ keySet: () => [encryption] })),

  product("auth0-slash", "allowed", slashed({ prefill: { email: PERSON.email } })),
  product("auth0-no-slash", "discovery_issuer_mismatch", { metadata: (issuer) => ({ issuer: `${issuer}/` }) }),
  product("auth0-encrypted", "access_token_opaque", slashed({
    oauth: (issuer) => ({ issuer: `${issuer}/`, ...post, profileFrom: "access_token" }),
    accessToken: () => "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIiwiaXNzIjoiaHR0cHM6Ly8ifQ..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA",
    got: /^an encrypted token$/,
  })),
  product("auth0-audience", "allowed", slashed({
    oauth: (issuer) => ({ issuer: `${issuer}/`, ...post, profileFrom: "access_token", audience: "https://api.example/" }),
    accessToken: (issuer, key) => sign({ iss: `${issuer}/`, sub: PERSON.sub, aud: ["https://api.example/", `${issuer}/userinfo`], iat: seconds(), exp: seconds() + 300, azp: CLIENT_ID, scope: "openid" }, { typ: "JWT" }, key),
  })),

  product("okta-custom-server", "allowed", {
    oauth: { profileFrom: "access_token", audience: "api://default" },
    document: mapped,
    prefill,
    // No type in the header, cid for the client, scopes as a list.
    accessToken: (issuer, key) => sign({ ver: 1, jti: "AT.1", iss: issuer, aud: "api://default", iat: seconds(), exp: seconds() + 300, cid: CLIENT_ID, uid: "00u1", scp: ["openid"], sub: PERSON.sub, email: PERSON.email, given_name: PERSON.given_name }, {}, key),
  }),
  product("okta-org-server", "access_token_invalid", {
    oauth: { profileFrom: "access_token" },
    // Signed with a key that is not published.
    accessToken: (issuer) => sign({ ver: 1, iss: issuer, aud: issuer, sub: PERSON.sub, iat: seconds(), exp: seconds() + 300, cid: CLIENT_ID }, { kid: "unpublished" }, keys.rotated),
    got: /kid_unknown/,
  }),

  product("gigya", "allowed", {
    oauth: (issuer) => ({ preset: "gigya", issuer: `${issuer}/oidc/op/v1.0/3_key` }),
    paths: { "/oidc/op/v1.0/3_key/.well-known/openid-configuration": "discovery" },
    metadata: (issuer) => ({ issuer: `${issuer}/oidc/op/v1.0/3_key`, authorization_response_iss_parameter_supported: undefined }),
    authorization: () => ({ iss: null }),
    idToken: (_claims, issuer) => ({ iss: `${issuer}/oidc/op/v1.0/3_key`, azp: CLIENT_ID, apiKey: "3_key", auth_time: seconds() }),
  }),
  product("userinfo-by-post-only", "userinfo_failed", { got: /^status 405$/, methods: { userinfo: "POST" } }),
  product("userinfo-by-post", "allowed", { oauth: () => ({ userinfoMethod: "POST" }), methods: { userinfo: "POST" } }),

  product("entra-tenant", "allowed", entra()),
  product("entra-common", "discovery_issuer_mismatch", entra({ metadata: () => ({ issuer: "https://login.microsoftonline.com/{tenantid}/v2.0" }) })),
  product("entra-other-tenant", "id_token_invalid", entra({ idToken: (claims) => ({ iss: `${claims.iss}/${tenant}` }), got: /issuer_mismatch/ })),
  product("google-plain-issuer", "id_token_invalid", { idToken: (claims) => ({ iss: String(claims.iss).replace(/^https?:\/\//, "") }), got: /issuer_mismatch/ }),

  product("zitadel-projects", "allowed", { idToken: () => ({ aud: ["project-1", CLIENT_ID, "other@project"], azp: CLIENT_ID, client_id: CLIENT_ID, amr: ["pwd"] }) }),
  product("zitadel-no-party", "id_token_invalid", { idToken: () => ({ aud: ["project-1", CLIENT_ID] }), got: /^nothing$/ }),
  product("zitadel-trusted", "allowed", { oauth: { trustedAudiences: ["project-1"] }, idToken: () => ({ aud: ["project-1", CLIENT_ID] }) }),
  product("zitadel-other-party", "id_token_invalid", { idToken: () => ({ aud: ["project-1", CLIENT_ID], azp: "project-1" }) }),

  product("authentik-secret-signs", "allowed", slashed({
    keySet: () => [],
    makeIdToken: (claims) => sign(claims, { typ: "JWT" }, { alg: "HS256", secret: CLIENT_SECRET }),
    userinfo: { groups: [], preferred_username: "canary", nickname: "canary" },
  })),
  product("dex", "allowed", {
    idToken: () => ({ sub: "CiQwOGE4Njg0Yi1kYjg4LTRiNzMtOTBhOS0zY2QxNjYxZjU0NjYSBWxvY2Fs", email_verified: true, name: "Canary" }),
    userinfo: { sub: "CiQwOGE4Njg0Yi1kYjg4LTRiNzMtOTBhOS0zY2QxNjYxZjU0NjYSBWxvY2Fs" },
    metadata: (issuer) => ({ device_authorization_endpoint: `${issuer}/device/code`, authorization_response_iss_parameter_supported: undefined }),
    authorization: () => ({ iss: null }),
  }),

  product("signed-userinfo-charset", "allowed", {
    types: { userinfo: "application/jwt; charset=UTF-8" },
    signUserinfo: (profile, issuer) => sign({ ...profile, iss: issuer, aud: [CLIENT_ID] }, {}, keys.rsa),
  }),
  product("signed-userinfo-as-json", "userinfo_failed", { types: { userinfo: "application/json" }, signUserinfo: (profile, issuer) => sign({ ...profile, iss: issuer }, {}, keys.rsa) }),
  product("numbers-as-text", "allowed", { tokens: { expires_in: "3600", scope: undefined, unknown: { deep: [1, { a: null }] }, created_at: 1.5 } }),
  product("no-lifetime", "allowed", { tokens: { expires_in: undefined } }),
  product("key-set-type", "allowed", { types: { jwks: "application/jwk-set+json" } }),
  product("key-set-octets", "allowed", { types: { jwks: "application/octet-stream" } }),
  product("keys-bare", "allowed", { header: { kid: null }, keySet: () => [{ kty: bare.kty, n: bare.n, e: bare.e, ...x5c }] }),
  product("keys-future", "allowed", { keySet: () => [{ kty: "AKP", alg: "ML-DSA-44", kid: "pq", pub: "AAAA" }, { kty: "EC", crv: "secp256k1", kid: "k", x: "AAAA", y: "AAAA" }, { kty: "RSA" }, {}, keys.rsa.jwk] }),
  product("token-text-type", "exchange_failed", { types: { token: "text/plain" }, got: /^text\/plain$/ }),
  product("token-400-page", "exchange_failed", { faults: { token: fault.answer(400, "text/html", "<h1>Bad Request</h1>") }, got: /^status 400$/ }),
  product("token-401-page", "exchange_refused", { faults: { token: (response) => response.writeHead(401, { "content-type": "text/html", "www-authenticate": "Basic realm=canary" }).end("<h1>canary</h1>") }, got: /^status 401$/ }),
  product("token-error-object", "exchange_refused", { faults: { token: fault.json({ error: { code: 400, message: "canary" } }, 400) }, got: /^an error without a registered name$/ }),
  product("consent-missing", "provider_error", { authorization: () => ({ code: null, error: "consent_required", error_description: "AADSTS65001: canary", error_uri: "https://evil.example/?canary" }), got: /^consent_required \(AADSTS65001: canary\)$/, requests: { token: 0 } }),
  product("long-answer", "allowed", { authorization: () => ({ session_state: "s".repeat(2000), client_info: "eyJ1aWQiOiJ4In0", scope: "openid email" }) }),
  product("error-lowercase-bearer", "userinfo_failed", { faults: { userinfo: (response) => response.writeHead(401, { "www-authenticate": 'Bearer error="invalid_token", error_description="canary"' }).end() }, got: /^status 401$/ }),
];
