// The settings of one deployment, read from the environment once. What is wrong with them is a list of
// sentences that begin with the setting's name: `/readyz` shows it and every other route but `/healthz` answers
// 503 with it until it is empty, so a production deployment never runs on example secrets, over http or with
// what is for development. `cargo xtask deploy-check` reads the same list before anything is deployed.

import { isLoopback } from "./addresses.js";
import { fromBase64url } from "./bytes.js";
import { frozen } from "./frozen.js";

/** @import { Jwk } from "./handstamp.js" */
/** @import { Env, Ring } from "../types.d.ts" */

/**
 * @typedef {object} Configuration
 * @property {boolean} development
 * @property {string} publicUrl origin of the worker, without a slash at its end
 * @property {string} consoleUrl origin of the console; that of the worker without a setting
 * @property {Ring} ring
 * @property {Uint8Array} nameKey
 * @property {Jwk & { kid: string }} signingKey
 * @property {{ clientId: string, secretHash: string } | undefined} operator
 * @property {string | undefined} demoUrl
 * @property {string} challengeUrl origin of the check that visitors are persons
 * @property {boolean} statistics whether the platform has a database and a queue for them
 * @property {string | undefined} jurisdiction where every object is kept, by law
 * @property {string[]} faults
 */

/** Keys that stand in RFC 7515, 7517, 7520 and 9449: whoever copies an example has a key that everybody has. */
const PUBLISHED = new Set([
  "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
  "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
  "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs",
  "hJtXIZ2uSN5kbQfbtTNWbpdmhkV8FJG-Onbc6mxCcYg",
]);
/** SHA-256 of nothing: a secret that was empty when it was hashed. */
const HASH_OF_NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
/** Names that documentation uses (RFC 2606). */
const EXAMPLE_HOST = /(?:^|\.)(?:example|example\.(?:com|net|org)|invalid|test)$/;
/** A name or an IP address. URLs may have other signs there, such as the star of a pattern. */
const HOST = /^[\w.-]+$|^\[[\d:a-f]+\]$/;
/** Variables of this worker that no production deployment has a use for; a worker that contains this one has others of its own. */
const FOR_DEVELOPMENT = ["DEMO_URL", "TEST_CHALLENGE_URL"];
/** What the platform binds. The second list is not to be had where the worker runs on plain workerd. */
const BINDINGS = ["ACCOUNT", "PARTICIPANT", "PERSON", "LOGIN", "DRAFT", "KEY_SET", "METRICS", "PROFILE", "COUNTER", "ASSETS"];
const PLATFORM_BINDINGS = ["STATISTICS", "OUTBOX", "LIMIT_CALLER", "LIMIT_ACCOUNT", "LIMIT_STRANGERS"];

/** Where Cloudflare Turnstile is; the tests have one of their own, which `FOR_DEVELOPMENT` keeps out of production. */
const CHALLENGE_URL = "https://challenges.cloudflare.com";

/** Where the platform can be told to keep objects. */
const JURISDICTIONS = ["eu", "fedramp"];

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
  const here = address !== undefined && isLoopback(address.hostname);
  if (address && address.origin !== "null" && address.pathname !== "/") {
    faults.push(`PUBLIC_URL has the path ${address.pathname}: the worker takes all of a host`);
  } else if (!address || address.origin === "null" || address.search || address.hash || !HOST.test(address.hostname)) {
    faults.push("PUBLIC_URL is not an origin");
  } else if (address.protocol !== "https:" && !(development && here)) {
    faults.push("PUBLIC_URL is not https");
  } else if (!development && EXAMPLE_HOST.test(address.hostname)) {
    faults.push("PUBLIC_URL is an example");
  } else if (development && !here) {
    faults.push("ENVIRONMENT is development, but PUBLIC_URL is not on this machine");
  }

  const own = URL.parse(env.CONSOLE_URL ?? "");
  if (env.CONSOLE_URL && (own?.origin !== env.CONSOLE_URL.replace(/\/$/, "") || !HOST.test(own.hostname))) faults.push("CONSOLE_URL is not an origin");
  else if (own && !development && EXAMPLE_HOST.test(own.hostname)) faults.push("CONSOLE_URL is an example");
  else if (own && own.protocol !== "https:" && !(development && isLoopback(own.hostname))) faults.push("CONSOLE_URL is not https");

  const ring = json(env.RING);
  const keys = Array.isArray(ring?.keys) ? ring.keys : [];
  if (
    typeof ring?.environment !== "string" ||
    keys.filter((/** @type {any} */ key) => key?.status === "active").length !== 1
  ) {
    faults.push("RING is not a ring with an environment and exactly one active key");
  } else if (keys.some((/** @type {any} */ key) => strength(key?.key) !== 32)) {
    faults.push("RING holds a key that is not 32 random bytes in base64url");
  } else if (new Set([env.NAME_KEY, ...keys.map((/** @type {any} */ key) => key.key)]).size !== keys.length + 1) {
    faults.push("RING holds a key twice, or the one of NAME_KEY");
  } else if (!development && /^(dev|test|example)/i.test(ring.environment)) {
    faults.push("RING is the ring of another environment");
  }

  if (strength(env.NAME_KEY) !== 32) faults.push("NAME_KEY is not 32 random bytes in base64url");

  const signingKey = json(env.SIGNING_KEY);
  if (signingKey?.kty !== "EC" || signingKey.crv !== "P-256" || !signingKey.d || typeof signingKey.kid !== "string") {
    faults.push("SIGNING_KEY is not a private P-256 JWK with a kid");
  } else if (PUBLISHED.has(signingKey.x)) {
    faults.push("SIGNING_KEY is a published example");
  }

  const operator = env.OPERATOR ? json(env.OPERATOR) : undefined;
  if (env.OPERATOR && (typeof operator?.clientId !== "string" || !/^[0-9a-f]{64}$/.test(operator?.secretHash ?? ""))) {
    faults.push("OPERATOR is not { clientId, secretHash } with a SHA-256 in hexadecimal");
  }
  if (operator?.secretHash === HASH_OF_NOTHING) faults.push("OPERATOR holds the hash of an empty secret");

  if (!development) {
    const flags = FOR_DEVELOPMENT.filter((name) => Object.hasOwn(env, name));
    faults.push(...flags.map((name) => `${name} is for development only`));
  }
  if (env.JURISDICTION && !JURISDICTIONS.includes(env.JURISDICTION))
    faults.push(`JURISDICTION is none of ${JURISDICTIONS.join(", ")}`);
  // The runtime by itself knows one place only: this machine.
  else if (env.JURISDICTION && (development || env.HOST === "workerd"))
    faults.push("JURISDICTION is for the platform only");
  const statistics = env.HOST !== "workerd";
  const missing = [...BINDINGS, ...(statistics ? PLATFORM_BINDINGS : [])].filter((name) => !(name in env));
  faults.push(...missing.map((name) => `${name} is not bound`));

  return {
    development,
    publicUrl: address?.origin ?? "",
    // A passkey belongs to a name, and no name is made of digits alone: on this machine it is localhost.
    consoleUrl: own?.origin ?? (here ? `http://localhost:${address.port}` : (address?.origin ?? "")),
    ring: frozen(ring),
    nameKey: fromBase64url(String(env.NAME_KEY ?? "")) ?? new Uint8Array(),
    signingKey,
    operator,
    demoUrl: env.DEMO_URL || undefined,
    challengeUrl: env.TEST_CHALLENGE_URL || CHALLENGE_URL,
    statistics,
    jurisdiction: env.JURISDICTION || undefined,
    faults,
  };
}

/**
 * Length of a key; 0 for what no random generator made, fewer than 8 different bytes, and for a published one.
 * @param {unknown} value
 */
function strength(value) {
  const bytes = typeof value === "string" ? fromBase64url(value) : undefined;
  return bytes && new Set(bytes).size >= 8 && !PUBLISHED.has(String(value)) ? bytes.length : 0;
}
