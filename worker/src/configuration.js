// The settings of one deployment, read from the environment once. What is wrong with them is a list of
// sentences: `/readyz` shows it and every other route answers 503 until it is empty, so a production
// deployment never runs on example secrets.

import { isLoopback } from "./addresses.js";
import { fromBase64url } from "./bytes.js";

/** @import { Env, Ring } from "./types.d.ts" */

/**
 * @typedef {object} Configuration
 * @property {boolean} development
 * @property {string} publicUrl origin of the worker, without a slash at its end
 * @property {Ring} ring
 * @property {Uint8Array} nameKey
 * @property {JsonWebKey & { kid: string }} signingKey
 * @property {{ clientId: string, secretHash: string } | undefined} operator
 * @property {string | undefined} demoUrl
 * @property {string[]} faults
 */

/** @type {WeakMap<object, Configuration>} */
const known = new WeakMap();

/**
 * @param {Env} env
 * @returns {Configuration}
 */
export function configuration(env) {
  let config = known.get(env);
  if (!config) {
    config = read(env);
    known.set(env, config);
  }
  return config;
}

/** @param {unknown} value */
function json(value) {
  try {
    const parsed = JSON.parse(String(value));
    return parsed && typeof parsed === "object" ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/**
 * @param {Env} env
 * @returns {Configuration}
 */
function read(env) {
  /** @type {string[]} */
  const faults = [];
  const development = env.ENVIRONMENT === "development";
  if (!development && env.ENVIRONMENT !== "production")
    faults.push("ENVIRONMENT is neither development nor production");

  const address = URL.canParse(env.PUBLIC_URL) ? new URL(env.PUBLIC_URL) : undefined;
  if (!address || address.origin === "null" || address.pathname !== "/" || address.search || address.hash) {
    faults.push("PUBLIC_URL is not an origin");
  } else if (address.protocol !== "https:" && !(development && isLoopback(address.hostname))) {
    faults.push("PUBLIC_URL is not https");
  }

  const ring = json(env.RING);
  const keys = Array.isArray(ring?.keys) ? ring.keys : [];
  if (
    typeof ring?.environment !== "string" ||
    keys.filter((/** @type {any} */ key) => key?.status === "active").length !== 1
  ) {
    faults.push("RING is not a ring with an environment and exactly one active key");
  } else if (keys.some((/** @type {any} */ key) => strength(key?.key) !== 32)) {
    faults.push("RING holds a key that is not 32 random bytes in base64url");
  } else if (!development && /^(dev|test|example)/i.test(ring.environment)) {
    faults.push("RING is the ring of another environment");
  }

  if (strength(env.NAME_KEY) !== 32) faults.push("NAME_KEY is not 32 random bytes in base64url");

  const signingKey = json(env.SIGNING_KEY);
  if (signingKey?.kty !== "EC" || signingKey.crv !== "P-256" || !signingKey.d || typeof signingKey.kid !== "string") {
    faults.push("SIGNING_KEY is not a private P-256 JWK with a kid");
  }

  const operator = env.OPERATOR ? json(env.OPERATOR) : undefined;
  if (env.OPERATOR && (typeof operator?.clientId !== "string" || !/^[0-9a-f]{64}$/.test(operator?.secretHash ?? ""))) {
    faults.push("OPERATOR is not { clientId, secretHash } with a SHA-256 in hexadecimal");
  }
  if (!development && env.DEMO_URL) faults.push("DEMO_URL is for development only");

  return {
    development,
    publicUrl: address?.origin ?? "",
    ring,
    nameKey: fromBase64url(String(env.NAME_KEY ?? "")) ?? new Uint8Array(),
    signingKey,
    operator,
    demoUrl: env.DEMO_URL || undefined,
    faults,
  };
}

/**
 * Length of a key; 0 for what no random generator made: fewer than 8 different bytes.
 * @param {unknown} value
 */
function strength(value) {
  const bytes = typeof value === "string" ? fromBase64url(value) : undefined;
  return bytes && new Set(bytes).size >= 8 ? bytes.length : 0;
}
