// Login servers that sign on P-384 and P-521, which the worker computes by WebCrypto: ID tokens, access tokens and
// signed profiles, good ones and bad ones.

import { damaged, keys, sign } from "./keys.mjs";
import { CLIENT_ID, PERSON } from "./server.mjs";

/** @import { Situation } from "./situation.d.ts" */

const seconds = () => Math.floor(Date.now() / 1000);
const from = "keys on larger curves";

/** @param {string} issuer */
function member(issuer) {
  return { iss: issuer, aud: CLIENT_ID, sub: PERSON.sub, iat: seconds(), exp: seconds() + 300, email: "larger@example.org" };
}

/** @type {("ec384" | "ec512")[]} */
const names = ["ec384", "ec512"];

/** @type {Situation[]} */
export const largerCurves = names.flatMap((name) => {
  const key = keys[name];
  return [
    { name: `${name}-id-token`, from, expected: "allowed", signWith: () => name, requests: { jwks: 1 } },
    {
      name: `${name}-id-token-damaged`,
      from,
      expected: "id_token_invalid",
      got: /signature_invalid/,
      signWith: () => name,
      makeIdToken: async (claims) => damaged(await sign(claims, {}, key)),
      requests: { jwks: 2 },
    },
    {
      name: `${name}-id-token-of-the-next-key`,
      from,
      expected: "allowed",
      signWith: () => name,
      // The old key has the name of the new one: only the signature tells that the copy is old.
      keySet: (request) => [request === 1 ? { ...keys[`${name}Old`].jwk, kid: key.kid } : key.jwk],
      requests: { jwks: 2 },
    },
    {
      name: `${name}-access-token`,
      from,
      expected: "allowed",
      signWith: () => name,
      oauth: { profileFrom: "access_token" },
      accessToken: (issuer) => sign(member(issuer), { typ: "at+jwt" }, key),
      prefill: { email: "larger@example.org" },
    },
    {
      name: `${name}-access-token-damaged`,
      from,
      expected: "access_token_invalid",
      got: /signature_invalid/,
      signWith: () => name,
      oauth: { profileFrom: "access_token" },
      accessToken: async (issuer) => damaged(await sign(member(issuer), { typ: "at+jwt" }, key)),
    },
    {
      name: `${name}-userinfo`,
      from,
      expected: "allowed",
      signWith: () => name,
      signUserinfo: (profile, issuer) => sign({ ...profile, iss: issuer, email: "larger@example.org" }, {}, key),
      prefill: { email: "larger@example.org" },
    },
    {
      name: `${name}-userinfo-damaged`,
      from,
      expected: "userinfo_failed",
      got: /signature_invalid/,
      signWith: () => name,
      signUserinfo: async (profile) => damaged(await sign(profile, {}, key)),
    },
  ];
});
