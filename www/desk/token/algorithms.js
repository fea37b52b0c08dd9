// The algorithms that people choose from, as the schema of the account document lists them.

import { DOCUMENT } from "../campaigns/schema.js";

/** @typedef {Record<string, any>} Node */

const { decryptKey, keySource } = /** @type {Record<string, Node>} */ (DOCUMENT.$defs);

/** The algorithms of one way to give a key. @param {string} method @returns {string[]} */
const algsOf = (method) => keySource.allOf.find((/** @type {Node} */ rule) => rule.if.properties.method.const === method).then.properties.alg.enum;

export const PUBLIC_ALGS = algsOf("publicKey");
export const SHARED_ALGS = algsOf("symmetricKey");
/** Key management with a secret that both sides know. @type {string[]} */
export const SHARED_WRAPS = decryptKey.properties.alg.enum.filter((/** @type {string} */ alg) => !/^(?:RSA|ECDH)/.test(alg));
/** Content encryption. @type {string[]} */
export const ENCS = decryptKey.properties.enc.enum;
