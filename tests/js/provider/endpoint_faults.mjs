// Token endpoints (T72), metadata (T73), userinfo endpoints and answers of login pages (T59 to T63) gone wrong.

import * as fault from "./faults.mjs";
import { keys, sign } from "./keys.mjs";
import { CLIENT_ID } from "./server.mjs";

/** @import { Fault } from "./faults.mjs" */
/** @import { Situation } from "./situation.d.ts" */

/**
 * @param {string} endpoint
 * @param {string} from
 * @returns {(name: string, kind: Fault, expected: string, more?: Partial<Situation>) => Situation}
 */
const failing =
  (endpoint, from) =>
  (name, kind, expected, more = {}) => ({ name: `${endpoint}-${name}`, from, expected, faults: { [endpoint]: kind }, ...more });
const token = failing("token", "T72");
const discovery = failing("discovery", "T73");
const userinfo = failing("userinfo", "T70");
/** @param {string} name @param {Record<string, unknown>} tokens @param {string} expected @returns {Situation} */
const told = (name, tokens, expected) => ({ name: `token-${name}`, from: "T72", tokens, expected });
/** @param {string} name @param {string} from @param {Record<string, string | null>} parameters @param {string} expected @returns {Situation} */
const back = (name, from, parameters, expected) => ({ name, from, authorization: () => parameters, expected, requests: { token: 0 } });

/** @type {Situation[]} */
export const endpointFaults = [
  token("html", fault.html, "exchange_failed", { got: /^text\/html/ }),
  token("error-in-200", fault.json({ error: "invalid_grant", error_description: "canary" }), "exchange_refused", { got: /^invalid_grant$/ }),
  token("unknown-error", fault.json({ error: "canary-error" }, 400), "exchange_refused", { got: /^an error without a registered name$/ }),
  token("client-refused", fault.json({ error: "invalid_client" }, 401), "exchange_refused", { got: /^invalid_client$/ }),
  token("redirect", fault.redirect, "response_redirected", { requests: { elsewhere: 0 } }),
  token("500", fault.serverError, "exchange_failed", { got: /^status 500$/ }),
  token("503", fault.unavailable, "exchange_failed", { got: /^status 503$/ }),
  token("stall", fault.stall, "response_timeout"),
  token("drip", fault.drip, "response_timeout"),
  token("hang-up", fault.hangUp, "response_failed"),
  token("50-mb", fault.huge, "response_too_large"),
  token("truncated", fault.truncated, "exchange_failed"),
  token("array", fault.notObject, "exchange_failed"),
  token("empty", fault.empty, "exchange_failed"),
  told("other-type", { token_type: "DPoP" }, "exchange_invalid"),
  told("no-type", { token_type: undefined }, "exchange_invalid"),
  told("no-access-token", { access_token: undefined }, "exchange_invalid"),
  told("line-break", { access_token: "canary\r\nx-canary: 1" }, "exchange_invalid"),
  told("no-id-token", { id_token: undefined }, "id_token_missing"),
  told("no-id-token-null", { id_token: null }, "id_token_missing"),
  told("expires-text", { expires_in: "soon" }, "allowed"),
  told("bearer-small", { token_type: "bearer" }, "allowed"),

  discovery("html", fault.html, "discovery_invalid"),
  discovery("redirect", fault.redirect, "discovery_failed", { got: /^response_redirected$/, requests: { elsewhere: 0 } }),
  discovery("500", fault.serverError, "discovery_failed"),
  discovery("10-mb", fault.huge, "discovery_failed", { got: /^response_too_large$/ }),
  discovery("stall", fault.stall, "discovery_failed", { got: /^response_timeout$/ }),
  discovery("drip", fault.drip, "discovery_failed", { got: /^response_timeout$/ }),
  discovery("hang-up", fault.hangUp, "discovery_failed"),
  discovery("not-utf8", fault.notUtf8, "discovery_failed"),
  discovery("array", fault.notObject, "discovery_invalid"),
  { name: "http-authorization", from: "T73", expected: "address_refused", metadata: () => ({ authorization_endpoint: "http://id.example/authorize" }) },
  { name: "http-token", from: "T73", expected: "address_refused", metadata: () => ({ token_endpoint: "http://id.example/token" }) },
  { name: "inner-keys", from: "T73", expected: "address_refused", metadata: () => ({ jwks_uri: "https://169.254.169.254/keys" }) },
  ...[
    ["decimal", "https://2130706433/token"],
    ["octal", "https://0177.0.0.1/token"],
    ["short", "https://127.1/token"],
    ["v6", "https://[fd00::1]/token"],
    ["mapped", "https://[::ffff:10.0.0.1]/token"],
    ["ten", "https://10.0.0.1/token"],
    ["mdns", "https://printer.local/token"],
    ["ssh", "https://id.example:22/token"],
    ["user", "https://user:canary@id.example/token"],
    ["file", "file:///etc/passwd"],
  ].map(([name, url]) => ({ name: `inner-${name}`, from: "T74", expected: "address_refused", metadata: () => ({ token_endpoint: url }) })),
  {
    name: "other-host",
    from: "T73",
    expected: "allowed",
    metadata: (issuer) => ({ token_endpoint: `${issuer.replace("127.0.0.1", "localhost")}/token` }),
  },
  { name: "no-s256", from: "T62", expected: "allowed", metadata: () => ({ code_challenge_methods_supported: ["plain"] }) },

  userinfo("401", fault.json({ error: "invalid_token" }, 401), "userinfo_failed"),
  userinfo("html", fault.html, "userinfo_failed"),
  userinfo("redirect", fault.redirect, "response_redirected", { requests: { elsewhere: 0 } }),
  userinfo("stall", fault.stall, "response_timeout"),
  userinfo("50-mb", fault.huge, "response_too_large"),
  { name: "userinfo-no-sub", from: "T70", expected: "userinfo_subject_mismatch", userinfo: { sub: undefined } },
  { name: "verified-as-text", from: "T70", expected: "allowed", userinfo: { email_verified: "true" } },
  { name: "many-ats", from: "T70", expected: "allowed", userinfo: { email: "a@b@example.org" }, prefill: { firstname: "Canary" } },
  {
    name: "userinfo-other-key",
    from: "T70",
    expected: "userinfo_failed",
    signUserinfo: (profile, issuer) => sign({ ...profile, iss: issuer, aud: CLIENT_ID }, { kid: keys.rsa.kid }, keys.rotated),
  },
  {
    name: "userinfo-other-client",
    from: "T70",
    expected: "userinfo_failed",
    signUserinfo: (profile, issuer) => sign({ ...profile, iss: issuer, aud: "another-client" }, {}, keys.rsa),
  },

  back("iss-other", "T59", { iss: "https://evil.example" }, "issuer_param_mismatch"),
  back("iss-missing", "T59", { iss: null }, "issuer_param_missing"),
  back("code-missing", "T60", { code: null }, "code_missing"),
  back("code-long", "T60", { code: "c".repeat(5000) }, "code_missing"),
  back("code-break", "T60", { code: "canary\r\nset-cookie: a=b" }, "code_missing"),
  back("code-and-error", "T60", { error: "access_denied" }, "provider_error"),
  back("cancelled", "T61", { code: null, error: "access_denied", error_description: "<script>canary</script>" }, "login_cancelled"),
  back("unknown-word", "T61", { code: null, error: "<script>canary</script>" }, "provider_error"),
  back("signed-response", "T60", { code: null, response: "e30.e30.e30" }, "code_missing"),
  { ...back("code-strange", "T60", { code: "a&b=c%20+" }, "exchange_refused"), requests: { token: 1 } },
  { name: "code-injected", from: "T63", expected: "nonce_mismatch", idToken: () => ({ nonce: "n".repeat(22) }) },
  { name: "no-nonce", from: "T63", expected: "nonce_mismatch", idToken: () => ({ nonce: undefined }) },
];
