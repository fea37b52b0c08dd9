// Key sets that fail, change, or hold more than they should (T69, T76; anchors.md A.4).

import * as fault from "./faults.mjs";
import { keys, sign } from "./keys.mjs";

/** @import { Fault } from "./faults.mjs" */
/** @import { Situation } from "./situation.d.ts" */

/** A broken server is asked at most twice, however many people come. @param {string} name @param {Fault} kind @param {string} expected @returns {Situation} */
const failing = (name, kind, expected) => ({
  name: `jwks-${name}`,
  from: "T76",
  expected,
  faults: { jwks: kind },
  visits: 3,
  requests: { jwks: 2, elsewhere: 0 },
});

/** @param {string} name @param {string} expected @param {Partial<Situation>} more @returns {Situation} */
const published = (name, expected, more) => ({ name: `keys-${name}`, from: "T76", expected, ...more });

const foreign = { kty: "OKP-2030", kid: "odd", x: "AAAA" };
const short = { kty: "RSA", kid: "short", alg: "RS256", n: "AQAB", e: "AQAB" };
const forEncryption = { ...keys.rsa.jwk, use: "enc", alg: "RSA-OAEP" };
const shared = { kty: "oct", kid: "shared", k: "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" };

/** @type {Situation[]} */
export const keySets = [
  failing("500", fault.serverError, "key_set_unavailable"),
  failing("redirect", fault.redirect, "key_set_unavailable"),
  failing("html", fault.html, "key_set_invalid"),
  failing("64-mb", fault.huge, "key_set_unavailable"),
  failing("stall", fault.stall, "key_set_unavailable"),
  failing("drip", fault.drip, "key_set_unavailable"),
  failing("truncated", fault.truncated, "key_set_invalid"),
  failing("empty", fault.json({ keys: [] }), "key_set_empty"),
  failing("array", fault.notObject, "key_set_invalid"),

  published("rs512", "allowed", { signWith: () => "rsa512" }),
  published("ps256", "allowed", { signWith: () => "pss" }),
  published("es256", "allowed", { signWith: () => "ec" }),
  published("eddsa", "allowed", { signWith: () => "edwards" }),
  published("odd-ones", "allowed", { keySet: () => [foreign, short, forEncryption, shared, keys.rsa.jwk] }),
  published("none-fits", "id_token_invalid", { keySet: () => [keys.ec.jwk], got: /kid_unknown/, requests: { jwks: 2 } }),
  published("two-of-a-name", "id_token_invalid", { keySet: () => [keys.reused.jwk, keys.rsa.jwk], got: /kid_ambiguous/ }),
  published("name-reused", "allowed", {
    visits: 2,
    signWith: (visit) => (visit === 1 ? "rsa" : "reused"),
    keySet: (request) => [(request === 1 ? keys.rsa : keys.reused).jwk],
    requests: { jwks: 2 },
  }),
  published("old-one-removed", "id_token_invalid", {
    visits: 3,
    signWith: (visit) => (visit === 2 ? "rotated" : "rsa"),
    keySet: (request) => [(request === 1 ? keys.rsa : keys.rotated).jwk],
    got: /kid_unknown/,
    requests: { jwks: 2 },
  }),
  published("unknown-names", "id_token_invalid", {
    visits: 5,
    header: { kid: "nobody" },
    got: /kid_unknown/,
    requests: { jwks: 2 },
  }),
  published("in-the-header", "id_token_invalid", {
    header: { jwk: keys.rotated.jwk, jku: "https://evil.example/keys", kid: "rsa-2" },
    makeIdToken: (claims) => sign(claims, { jwk: keys.rotated.jwk }, keys.rotated),
    got: /kid_unknown/,
  }),
  // Two accounts whose key sets differ in nothing but the query of their address: each gets its own.
  ...["rsa", "rotated"].map((set) =>
    published(`by-query-${set}`, "allowed", {
      signWith: () => set,
      oauth: (/** @type {string} */ issuer) => ({ endpoints: { jwks: `${new URL(issuer).origin}/keys-by-query/jwks?set=${set}` } }),
    }),
  ),
  published("by-query", "allowed", { keySet: (_request, query) => [keys[query.get("set") ?? "rsa"].jwk] }),
];
