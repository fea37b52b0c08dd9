// Modelled on the 26 modules of the OpenID Foundation's suite for relying parties that concern the code flow; each
// has the name that it has there. Where the suite leaves the choice (an unsigned ID token), ours is the strict one.

import { CLIENT_ID, CLIENT_SECRET } from "./server.mjs";
import { damaged, keys, sign, unsigned } from "./keys.mjs";

/** @import { Situation } from "./situation.d.ts" */

const allowed = "allowed";
const refused = "id_token_invalid";

/** @type {Situation[]} */
export const relyingParty = [
  { name: "good", from: "oidcc-client-test", expected: allowed, requests: { discovery: 1, jwks: 1, userinfo: 1 } },
  { name: "invalid-iss", from: "oidcc-client-test-invalid-iss", expected: refused, idToken: ({ iss }) => ({ iss: `${iss}/other` }) },
  { name: "missing-sub", from: "oidcc-client-test-missing-sub", expected: refused, idToken: () => ({ sub: undefined }) },
  { name: "invalid-aud", from: "oidcc-client-test-invalid-aud", expected: refused, idToken: () => ({ aud: "another-client" }) },
  { name: "missing-aud", from: "oidcc-client-test-missing-aud", expected: refused, idToken: () => ({ aud: undefined }) },
  { name: "missing-iat", from: "oidcc-client-test-missing-iat", expected: refused, idToken: () => ({ iat: undefined }) },
  { name: "kid-absent-one", from: "oidcc-client-test-kid-absent-single-jwks", expected: allowed, header: { kid: null } },
  {
    name: "kid-absent-many",
    from: "oidcc-client-test-kid-absent-multiple-jwks",
    expected: allowed,
    header: { kid: null },
    keySet: () => [keys.ec.jwk, keys.rsa.jwk, keys.edwards.jwk],
  },
  {
    name: "kid-absent-ambiguous",
    from: "oidcc-client-test-kid-absent-multiple-jwks, two that fit",
    expected: refused,
    got: /kid_missing/,
    header: { kid: null },
    keySet: () => [keys.rsa.jwk, keys.rotated.jwk],
  },
  { name: "rs256", from: "oidcc-client-test-idtoken-sig-rs256", expected: allowed, signWith: () => "rsa" },
  { name: "unsigned", from: "oidcc-client-test-idtoken-sig-none", expected: refused, got: /alg_none/, makeIdToken: unsigned },
  {
    name: "bad-rs256",
    from: "oidcc-client-test-invalid-sig-rs256",
    expected: refused,
    got: /signature_invalid/,
    makeIdToken: async (claims) => damaged(await sign(claims, {}, keys.rsa)),
  },
  {
    name: "bad-es256",
    from: "oidcc-client-test-invalid-sig-es256",
    expected: refused,
    got: /signature_invalid/,
    signWith: () => "ec",
    makeIdToken: async (claims) => damaged(await sign(claims, {}, keys.ec)),
  },
  {
    name: "bad-hs256",
    from: "oidcc-client-test-invalid-sig-hs256",
    expected: refused,
    got: /signature_invalid/,
    makeIdToken: (claims) => sign(claims, {}, { alg: "HS256", secret: `${CLIENT_SECRET}.` }),
  },
  {
    name: "userinfo-sub",
    from: "oidcc-client-test-userinfo-invalid-sub",
    expected: "userinfo_subject_mismatch",
    userinfo: { sub: "somebody-else" },
  },
  { name: "bad-nonce", from: "oidcc-client-test-nonce-invalid", expected: "nonce_mismatch", idToken: () => ({ nonce: "of-another-login-here" }) },
  {
    name: "scope-claims",
    from: "oidcc-client-test-scope-userinfo-claims",
    expected: allowed,
    oauth: { scope: "openid email profile address phone" },
    prefill: { email: "canary@example.org", firstname: "Canary", city: "Brussels", country: "BE" },
  },
  { name: "basic", from: "oidcc-client-test-client-secret-basic", expected: allowed },
  { name: "bad-at-hash", from: "oidcc-client-test-invalid-athash", expected: refused, idToken: () => ({ at_hash: "A".repeat(22) }) },
  { name: "no-at-hash", from: "oidcc-client-test-missing-athash", expected: allowed, idToken: () => ({ at_hash: undefined }) },
  { name: "discovery", from: "oidcc-client-test-discovery-openid-config", expected: allowed, requests: { discovery: 1 } },
  {
    name: "jwks-uri",
    from: "oidcc-client-test-discovery-jwks-uri-keys",
    expected: allowed,
    metadata: (issuer) => ({ jwks_uri: `${issuer}/keys/of/the/day` }),
    paths: { "/keys/of/the/day": "jwks" },
    requests: { jwks: 1 },
  },
  {
    name: "other-issuer",
    from: "oidcc-client-test-discovery-issuer-mismatch",
    expected: "discovery_issuer_mismatch",
    metadata: (issuer) => ({ issuer: `${issuer}/` }),
  },
  {
    name: "rotation",
    from: "oidcc-client-test-signing-key-rotation",
    expected: allowed,
    visits: 2,
    signWith: (visit) => (visit === 1 ? "rsa" : "rotated"),
    keySet: (request) => [(request === 1 ? keys.rsa : keys.rotated).jwk],
    requests: { jwks: 2 },
  },
  {
    name: "rotation-at-once",
    from: "oidcc-client-test-signing-key-rotation-just-before-signing",
    expected: allowed,
    // The set that is asked for first is already the old one.
    signWith: () => "rotated",
    keySet: (request) => [(request === 1 ? keys.rsa : keys.rotated).jwk],
    requests: { jwks: 2 },
  },
  {
    name: "signed-userinfo",
    from: "oidcc-client-test-userinfo-signed",
    expected: allowed,
    signUserinfo: (profile, issuer) => sign({ ...profile, iss: issuer, aud: CLIENT_ID }, {}, keys.rsa),
    prefill: { email: "canary@example.org" },
  },
  { name: "bearer-header", from: "oidcc-client-test-userinfo-bearer-header", expected: allowed, requests: { userinfo: 1 } },
];

const inSuite = new Set(relyingParty.map(({ from }) => from.split(",")[0]));
if (inSuite.size !== 26) throw new Error(`${inSuite.size} modules of 26`);
