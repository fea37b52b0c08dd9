// Keys of every algorithm, and signatures over any text: Node's own cryptography signs what libraries would not.

import {
  createCipheriv, createHmac, createPublicKey, generateKeyPairSync, randomBytes, sign as signature, constants,
} from "node:crypto";

/** @typedef {{ alg: string, publicJwk: Record<string, unknown>, sign: (input: string) => Buffer }} Signer */

/** The one JWE secret for each `enc`, by its length. */
export const CONTENT = /** @type {const} */ ({ A128GCM: 16, A192GCM: 24, A256GCM: 32 });

/** @param {string | Uint8Array} bytes */
export const encode = (bytes) => Buffer.from(bytes).toString("base64url");

/** @param {string} alg @returns {Signer} */
function hmac(alg) {
  const hash = `sha${alg.slice(2)}`;
  const secret = randomBytes(Number(alg.slice(2)) / 8);
  return {
    alg,
    publicJwk: { kty: "oct", k: encode(secret) },
    sign: (input) => createHmac(hash, secret).update(input, "latin1").digest(),
  };
}

const CURVES = { ES256: "P-256", ES384: "P-384", ES512: "P-521" };

/** @type {{ publicKey: import("node:crypto").KeyObject, privateKey: import("node:crypto").KeyObject } | undefined} */
let rsaPair;

/** @param {string} alg @returns {Signer} */
function publicKey(alg) {
  const pairs = {
    R: () => (rsaPair ??= generateKeyPairSync("rsa", { modulusLength: 2048 })),
    P: () => (rsaPair ??= generateKeyPairSync("rsa", { modulusLength: 2048 })),
    E: () => alg === "EdDSA"
      ? generateKeyPairSync("ed25519")
      : generateKeyPairSync("ec", { namedCurve: CURVES[/** @type {keyof typeof CURVES} */ (alg)] }),
  };
  const { privateKey, publicKey: key } = pairs[/** @type {"R" | "P" | "E"} */ (alg[0])]();
  const hash = alg === "EdDSA" ? null : `sha${alg.slice(2)}`;
  const padding = alg.startsWith("PS")
    ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
    : {};
  const form = alg.startsWith("ES") ? { dsaEncoding: /** @type {const} */ ("ieee-p1363") } : {};
  return {
    alg,
    publicJwk: { ...createPublicKey(key.export({ type: "spki", format: "pem" })).export({ format: "jwk" }) },
    sign: (input) => signature(hash, Buffer.from(input, "latin1"), { key: privateKey, ...padding, ...form }),
  };
}

/** The algorithms that every party here knows; a further one is one more name. */
export const ALGORITHMS = ["HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "EdDSA"];

/** A fresh key of each algorithm. */
export function signers() {
  return new Map(ALGORITHMS.map((alg) => [alg, alg.startsWith("HS") ? hmac(alg) : publicKey(alg)]));
}

/**
 * A compact token with these bytes, properly signed whatever they say.
 * @param {Signer} signer @param {string | Uint8Array} header @param {string | Uint8Array} payload
 */
export function compact(signer, header, payload) {
  const input = `${encode(header)}.${encode(payload)}`;
  return `${input}.${encode(signer.sign(input))}`;
}

/**
 * An encrypted token with these parts, properly sealed whatever they say.
 * @param {Uint8Array} secret @param {string} header @param {string | Uint8Array} plaintext @param {{ iv?: number, tag?: number, key?: string }} [change]
 */
export function sealed(secret, header, plaintext, { iv = 12, tag = 16, key = "" } = {}) {
  const bits = /** @type {"aes-128-gcm"} */ (`aes-${secret.length * 8}-gcm`);
  const vector = randomBytes(iv);
  const cipher = createCipheriv(bits, secret, vector, { authTagLength: tag });
  cipher.setAAD(Buffer.from(encode(header)));
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return [encode(header), encode(key), encode(vector), encode(ciphertext), encode(cipher.getAuthTag())].join(".");
}
