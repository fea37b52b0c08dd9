// handstamp/testing: an issuer of tokens for people's own tests.

import { encryptCompact, signCompact } from "handstamp";
import { toBase64url } from "../loading/base64.js";

/** @import * as Types from "../testing.js" */

/** @type {Record<string, any>} */
const PAIRS = {
  ES256: { name: "ECDSA", namedCurve: "P-256" },
  ES384: { name: "ECDSA", namedCurve: "P-384" },
  RS256: { name: "RSASSA-PKCS1-v1_5", modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1), hash: "SHA-256" },
  EdDSA: { name: "Ed25519" },
};
/** Tests may run in a made-up window. */
const HERE = { allowSecretsInBrowser: true };

/** @type {typeof Types.createIssuer} */
export async function createIssuer({ alg = "ES256", kid = "test", claims = {} } = {}) {
  const isShared = alg.startsWith("HS");
  const keys = await newKeys(alg, kid);
  const other = await newKeys(alg, kid);
  /** @param {Record<string, unknown>} changed @param {any} key */
  const sign = (changed, key) => {
    const now = Math.floor(Date.now() / 1000);
    const all = { sub: "1234", campaignId: "123456", iat: now, exp: now + 300, ...claims, ...changed };
    // A shared secret has no name that a token could give.
    return signCompact(all, key, { alg, ...(!isShared && { kid }), typ: "JWT", ...HERE });
  };
  const set = { keys: isShared ? [] : [keys.public] };
  return {
    verify: isShared ? { method: "symmetricKey", key: keys.private, alg: /** @type {"HS256"} */ (alg) } : { method: "jwks", keys: set },
    keySet: set,
    fetch: async () => new Response(JSON.stringify(set), { headers: { "content-type": "application/jwk-set+json" } }),
    token: (changed = {}) => sign(changed, keys.private),
    expired: (changed = {}) => sign({ iat: Math.floor(Date.now() / 1000) - 7200, exp: Math.floor(Date.now() / 1000) - 3600, ...changed }, keys.private),
    forged: (changed = {}) => sign(changed, other.private),
    encrypted: async (to, changed = {}) => {
      const { key, encoding, alg: management, enc } = to;
      return encryptCompact(await sign(changed, keys.private), { key, ...(encoding && { encoding }) }, { alg: management, enc, cty: "JWT", ...HERE });
    },
  };
}

/** @param {string} alg @param {string} kid @returns {Promise<{ private: any, public: any }>} */
async function newKeys(alg, kid) {
  if (/^HS(256|384|512)$/.test(alg)) {
    const secret = { kty: "oct", k: toBase64url(crypto.getRandomValues(new Uint8Array(64))) };
    return { private: secret, public: undefined };
  }
  if (!Object.hasOwn(PAIRS, alg)) throw new TypeError(`createIssuer makes no keys for ${String(alg).slice(0, 20)}: use HS256, HS384, HS512, ${Object.keys(PAIRS).join(", ")}`);
  const pair = /** @type {CryptoKeyPair} */ (await crypto.subtle.generateKey(PAIRS[alg], true, ["sign", "verify"]));
  const { key_ops, ext, ...jwk } = await crypto.subtle.exportKey("jwk", pair.publicKey);
  return { private: pair.privateKey, public: { ...jwk, kid, alg, use: "sig" } };
}
