// Who reads the tokens: ours through the built package, and npm jose. A reading is "accepted" with the claims as
// JSON text, or "refused" with a code.

import { compactDecrypt, importJWK, jwtVerify } from "jose";
import { HandstampError, createVerifier } from "../../pkg/dist/node.js";

/** @typedef {import("./tokens.mjs").Item} Item */
/** @typedef {{ accepted: boolean, what: string }} Reading */

/** Claims in one spelling, whatever the order of reading. @param {unknown} claims */
export const spelled = (claims) =>
  JSON.stringify(claims, (_, value) =>
    value && typeof value === "object" && !Array.isArray(value)
      ? Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
      : value,
  );

/** @type {Map<string, Promise<import("../../pkg/dist/index.js").Verifier>>} */
const verifiers = new Map();

/** @param {Item} item */
function verifier({ alg, key, decrypt }) {
  const jwk = /** @type {import("../../pkg/dist/index.js").Jwk} */ (key);
  const known = /** @type {"HS256"} */ (alg);
  const name = JSON.stringify([alg, key, decrypt]);
  const made = verifiers.get(name) ?? createVerifier({
    verify: { method: alg.startsWith("HS") ? "symmetricKey" : "publicKey", key: jwk, alg: known },
    ...(decrypt && { decrypt: { key: { kty: "oct", k: decrypt.k }, alg: "dir", enc: /** @type {"A256GCM"} */ (decrypt.enc) } }),
    expiry: "optional",
    leewaySeconds: 0,
  });
  verifiers.set(name, made);
  return made;
}

/**
 * One of our two ways to read a token.
 * @param {() => unknown} read @returns {Promise<Reading>}
 */
async function reading(read) {
  try {
    const { claims } = /** @type {{ claims: object }} */ (await read());
    return { accepted: true, what: spelled(claims) };
  } catch (error) {
    if (!(error instanceof HandstampError)) throw error;
    return { accepted: false, what: error.code };
  }
}

/** Our reading; both ways to compute must give the same verdict and code. @param {Item} item @param {number} now */
export async function ours(item, now) {
  const ready = await verifier(item);
  const free = await reading(() => ready.verify(item.token, { now }));
  const bound = await reading(() => ready.verifySync(item.token, { now }));
  if (bound.what !== "sync_unsupported" && (free.accepted !== bound.accepted || free.what !== bound.what)) {
    throw new Error(`${item.fault}, ${item.alg}: ${free.what} by verify, ${bound.what} by verifySync`);
  }
  return free;
}

/** @param {Item} item @param {number} now @returns {Promise<Reading>} */
export async function jose(item, now) {
  try {
    let token = item.token;
    if (item.decrypt) {
      const options = { keyManagementAlgorithms: ["dir"], contentEncryptionAlgorithms: [item.decrypt.enc] };
      const { plaintext } = await compactDecrypt(token, Buffer.from(item.decrypt.k, "base64url"), options);
      token = new TextDecoder("utf-8", { fatal: true }).decode(plaintext);
    }
    const key = await importJWK(/** @type {import("jose").JWK} */ (item.key), item.alg);
    const options = { algorithms: [item.alg], currentDate: new Date(now * 1000), clockTolerance: 0 };
    return { accepted: true, what: spelled((await jwtVerify(token, key, options)).payload) };
  } catch (error) {
    return { accepted: false, what: String(/** @type {any} */ (error).code ?? error) };
  }
}
