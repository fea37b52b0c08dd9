// Answers that say nothing where others would leave out a member, and answers in another encoding than UTF-8.

import { answer } from "./faults.mjs";

/** @import { Situation } from "./situation.d.ts" */

const latin1 = (/** @type {string} */ text) => Buffer.from(text, "latin1");
const person = { userinfo: { given_name: "José" }, prefill: { firstname: "José" } };
const json = "application/json";

/** @param {string} name @param {Partial<Situation>} more @returns {Situation} */
const empty = (name, more) => ({ name: `empty-${name}`, from: "RFC 6749 3.1", expected: "allowed", ...more });
/** @param {string} name @param {string} type @param {(text: string) => Uint8Array} encode @param {Partial<Situation>} more @returns {Situation} */
const encoded = (name, type, encode, more) => ({ name: `encoded-${name}`, from: "WHATWG Encoding", expected: "allowed", types: { userinfo: type }, encode, ...more });
const unread = { expected: "response_encoding", userinfo: person.userinfo };

/** @type {Situation[]} */
export const emptyAndEncoded = [
  empty("error-null", { tokens: { error: null, error_description: null } }),
  empty("error", { tokens: { error: "" } }),
  empty("error-false", { tokens: { error: false, error_description: false } }),
  empty("error-number", { tokens: { error: 0 } }),
  empty("error-list", { tokens: { error: [] } }),
  empty("error-object", { tokens: { error: {} } }),
  empty("id-token", { tokens: { id_token: "" }, expected: "id_token_missing" }),
  empty("error-beside-a-code", { authorization: () => ({ error: "", error_description: "" }) }),
  empty("code-beside-an-error", { authorization: () => ({ code: "", error: "access_denied" }), expected: "login_cancelled", got: /^access_denied$/, requests: { token: 0 } }),
  empty("iss", { authorization: () => ({ iss: "" }), metadata: () => ({ authorization_response_iss_parameter_supported: false }) }),
  empty("iss-promised", { authorization: () => ({ iss: "" }), expected: "issuer_param_missing", requests: { token: 0 } }),
  empty("metadata", { metadata: () => ({ pushed_authorization_request_endpoint: "", require_pushed_authorization_requests: null, id_token_signing_alg_values_supported: [], end_session_endpoint: "" }) }),
  empty("claims", { idToken: () => ({ azp: null, auth_time: null, at_hash: null }) }),
  empty("par-error", { oauth: { par: true }, metadata: (issuer) => ({ pushed_authorization_request_endpoint: `${issuer}/par` }), pushed: { error: null }, requests: { pushed: 1 } }),

  encoded("latin1", `${json}; charset=ISO-8859-1`, latin1, person),
  encoded("latin1-quoted", `${json};charset="iso-8859-1"`, latin1, person),
  encoded("windows", `${json}; Charset=windows-1252`, latin1, person),
  encoded("utf-16", `${json}; charset=utf-16le`, (text) => Buffer.from(text, "utf16le"), person),
  encoded("unknown-label", `${json}; charset=utf8mb4`, Buffer.from, person),
  encoded("byte-order-mark", json, (text) => Buffer.from(`\ufeff${text}`), person),
  encoded("undeclared", json, latin1, unread),
  encoded("declared-utf-8", `${json}; charset=utf-8`, latin1, unread),
  encoded("unknown-label-latin1", `${json}; charset=mine`, latin1, unread),
  { name: "encoded-token", from: "WHATWG Encoding", expected: "response_encoding", faults: { token: answer(400, json, latin1('{"error":"invalid_grant","error_description":"expiré"}')) } },
  { name: "encoded-token-declared", from: "WHATWG Encoding", expected: "exchange_refused", got: /^invalid_grant$/, faults: { token: answer(400, `${json}; charset=latin1`, latin1('{"error":"invalid_grant","error_description":"expiré"}')) } },
  { name: "encoded-discovery", from: "WHATWG Encoding", expected: "discovery_failed", got: /^response_encoding$/, faults: { discovery: answer(200, json, latin1('{"issuer":"é"}')) } },
];
