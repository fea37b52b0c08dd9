// The tokens and keys of one run: made fresh, the same for every contender and every runtime. Plain data, so that
// they can be sent to a browser page or a worker.

import { CompactEncrypt, exportJWK, exportSPKI, generateKeyPair, importJWK, SignJWT } from "jose";
import { randomBytes } from "node:crypto";

/** Claims of a participant, with a text that brings their JSON to this many bytes. */
export function claims(bytes) {
  const now = Math.floor(Date.now() / 1000);
  const all = {
    iss: "https://www.customer.example", sub: "participant-7f3a-0001", campaignId: "123456", iat: now, exp: now + 86_400,
    jti: "5f0c9a3e-0a52-4d0e-9d2f-1c9c2f5a7b10",
    limit: { nb: 3 },
    form: { email: "participant@example.com", firstname: "Ana", lastname: "Dupont", city: "Liège", birthdate: "1990-02-28" },
    optin: { news: true, partners: false },
    custom: { segment: "gold", text: "" },
  };
  const text = "The quick brown fox jumps over the lazy dog. ";
  const missing = bytes - Buffer.byteLength(JSON.stringify(all));
  all.custom.text = text.repeat(Math.ceil(missing / text.length)).slice(0, missing);
  return all;
}

const SIZES = { small: 614, large: 8246 };
const CROSSOVERS = [360, 614, 1228, 2456, 4912, 8246];

/**
 * @typedef {object} Case
 * @property {string} name
 * @property {string} alg
 * @property {"small" | "large"} size
 * @property {string} token
 * @property {JsonWebKey} jwk the key to verify with
 * @property {string} [pem]
 * @property {JsonWebKey} [decrypt] the key to decrypt with first
 * @property {{ token: string, jwk: JsonWebKey }[]} [many] as many keys, each with its token
 * @property {{ token: string, decrypt: JsonWebKey }} [sealed] the same token in an encrypted one: to compare both ways
 */

async function pair(alg) {
  if (alg.startsWith("HS")) {
    const jwk = { kty: "oct", k: randomBytes(Number(alg.slice(2)) / 8).toString("base64url"), alg };
    return { jwk, sign: await importJWK(jwk, alg) };
  }
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true, modulusLength: 2048 });
  return { jwk: { ...(await exportJWK(publicKey)), alg }, sign: privateKey, pem: await exportSPKI(publicKey) };
}

const signed = (claims, alg, key) => new SignJWT(claims).setProtectedHeader({ alg, typ: "JWT" }).sign(key);

/** @param {string[]} algs @returns {Promise<Case[]>} */
export async function cases(algs) {
  /** @type {Case[]} */
  const all = [];
  for (const alg of algs) {
    const { jwk, sign, pem } = await pair(alg);
    for (const [size, bytes] of Object.entries(SIZES)) {
      all.push({ name: `${alg} ${size}`, alg, size, token: await signed(claims(bytes), alg, sign), jwk, ...(pem && { pem }) });
    }
  }
  return all;
}

/** Tokens inside encrypted ones: a shared secret outside, HMAC inside. @returns {Promise<Case[]>} */
export async function encryptedCases() {
  const { jwk, sign } = await pair("HS256");
  const decrypt = { kty: "oct", k: randomBytes(32).toString("base64url"), alg: "dir" };
  const key = await importJWK(decrypt, "dir");
  const all = [];
  for (const [size, bytes] of Object.entries(SIZES)) {
    const inner = new TextEncoder().encode(await signed(claims(bytes), "HS256", sign));
    const token = await new CompactEncrypt(inner).setProtectedHeader({ alg: "dir", enc: "A256GCM", cty: "JWT" }).encrypt(key);
    all.push({ name: `dir+A256GCM, HS256 ${size}`, alg: "HS256", size, token, jwk, decrypt });
  }
  return all;
}

/**
 * Tokens of many sizes, signed and in encrypted ones, for the lengths from which the host is faster than the module.
 * @returns {Promise<Case[]>}
 */
export async function crossoverCases() {
  const all = [];
  for (const [alg, management] of [["HS256", "dir"], ["HS512", "A256KW"]]) {
    const { jwk, sign } = await pair(alg);
    const decrypt = { kty: "oct", k: randomBytes(32).toString("base64url"), alg: management };
    const key = await importJWK(decrypt, management);
    for (const bytes of CROSSOVERS) {
      const token = await signed(claims(bytes), alg, sign);
      const sealed = await new CompactEncrypt(new TextEncoder().encode(token))
        .setProtectedHeader({ alg: management, enc: "A256GCM", cty: "JWT" }).encrypt(key);
      all.push({ name: `${alg} in ${management}, ${token.length}`, alg, size: /** @type {const} */ ("small"), token, jwk, sealed: { token: sealed, decrypt } });
    }
  }
  return all;
}

/** Keys that are seen once: more of them than a cache of prepared keys holds. @returns {Promise<Case>} */
export async function firstSeen(alg, count = 80) {
  const many = [];
  for (let index = 0; index < count; index++) {
    const { jwk, sign } = await pair(alg);
    many.push({ jwk, token: await signed(claims(SIZES.small), alg, sign) });
  }
  return { name: `${alg} first-seen key`, alg, size: "small", ...many[0], many };
}
