// Who is compared. Each prepares its key once and gives a function that verifies the case's token and reads its
// claims; `sync` ones return, the others promise. Runs in Node, in a browser and in workerd.

import { compactDecrypt, importJWK, jwtVerify } from "jose";
import { verify as honoVerify } from "hono/jwt";
import { testing } from "../../pkg/dist/webcrypto.js";
import { settings } from "./settings.js";

/** @typedef {{ name: string, sync?: boolean, run: () => unknown }} Contender */

const SUBTLE = {
  HS256: { name: "HMAC", hash: "SHA-256" }, HS384: { name: "HMAC", hash: "SHA-384" }, HS512: { name: "HMAC", hash: "SHA-512" },
  RS256: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" }, RS384: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-384" },
  RS512: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-512" }, PS256: { name: "RSA-PSS", hash: "SHA-256", saltLength: 32 },
  ES256: { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" }, ES384: { name: "ECDSA", namedCurve: "P-384", hash: "SHA-384" },
  ES512: { name: "ECDSA", namedCurve: "P-521", hash: "SHA-512" }, EdDSA: { name: "Ed25519" },
};

/** A browser's page holds no secrets but to measure. */
const OPTIONS = { allowSecretsInBrowser: true };

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (symbol) => symbol.charCodeAt(0));

/**
 * @param {any} handstamp the package's entry for this runtime
 * @param {import("./cases.mjs").Case} given
 * @returns {Promise<Contender[]>}
 */
export async function contenders(handstamp, given) {
  const { alg, token, jwk, decrypt, many, sealed } = given;
  if (many) return firstSeen(handstamp, given);
  if (sealed) return ways(handstamp, given);
  const verifier = await handstamp.createVerifier(settings(given), OPTIONS);
  const key = await importJWK(jwk, alg);
  /** @type {Contender[]} */
  // Claims become an object when they are looked at, so they are looked at.
  const all = [{ name: "handstamp", run: async () => (await verifier.verify(token)).claims }];
  const sync = () => verifier.verifySync(token).claims;
  if (works(sync)) all.push({ name: "handstamp sync", sync: true, run: sync });
  if (decrypt) {
    const outer = await importJWK(decrypt, "dir");
    const options = { keyManagementAlgorithms: ["dir"], contentEncryptionAlgorithms: ["A256GCM"] };
    const decoder = new TextDecoder();
    all.push({ name: "jose", run: async () => jwtVerify(decoder.decode((await compactDecrypt(token, outer, options)).plaintext), key, { algorithms: [alg] }) });
    return all;
  }
  all.push({ name: "jose", run: () => jwtVerify(token, key, { algorithms: [alg] }) });
  const algorithm = SUBTLE[alg];
  const subtleKey = await crypto.subtle.importKey("jwk", { ...jwk, alg: undefined }, algorithm, false, ["verify"]);
  const [head, payload, last] = token.split(".");
  const [data, signature] = [new TextEncoder().encode(`${head}.${payload}`), bytes(last)];
  all.push({ name: "crypto.subtle alone", run: () => crypto.subtle.verify(algorithm, subtleKey, signature, data) });
  const hono = alg.startsWith("HS") ? subtleKey : { ...jwk };
  if (await worksLater(() => honoVerify(token, hono, alg))) all.push({ name: "hono/jwt", run: () => honoVerify(token, hono, alg) });
  return all;
}

/** The same token, signed and in an encrypted one, by the module and by the host. */
async function ways(handstamp, { sealed, ...given }) {
  const signed = await handstamp.createVerifier(settings(given), OPTIONS);
  const nested = await handstamp.createVerifier(settings({ ...given, decrypt: sealed.decrypt }), OPTIONS);
  return ["module", "host"].flatMap((way) => {
    const by = (verifier, token) => async () => {
      Object.assign(testing, { way, openSsl: true });
      return (await verifier.verify(token)).claims;
    };
    return [{ name: `signed, ${way}`, run: by(signed, given.token) }, { name: `sealed, ${way}`, run: by(nested, sealed.token) }];
  });
}

/** Each turn another key, prepared and used once. */
async function firstSeen(handstamp, { alg, many }) {
  const next = () => {
    let turn = 0;
    return () => many[turn++ % many.length];
  };
  const [ours, oursSync, jose] = [next(), next(), next()];
  return [
    { name: "handstamp", run: async () => {
      const given = ours();
      const verifier = await handstamp.createVerifier(settings({ alg, jwk: given.jwk }));
      const found = (await verifier.verify(given.token)).claims;
      verifier.close();
      return found;
    } },
    { name: "handstamp sync", run: async () => {
      const given = oursSync();
      const verifier = await handstamp.createVerifier(settings({ alg, jwk: given.jwk }));
      const found = verifier.verifySync(given.token).claims;
      verifier.close();
      return found;
    } },
    { name: "jose", run: async () => {
      const given = jose();
      return jwtVerify(given.token, await importJWK(given.jwk, alg), { algorithms: [alg] });
    } },
  ];
}

function works(run) {
  try {
    run();
    return true;
  } catch {
    return false;
  }
}

async function worksLater(run) {
  try {
    await run();
    return true;
  } catch {
    return false;
  }
}
