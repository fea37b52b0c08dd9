// The secrets of one development machine: random, made once, kept in the state directory and nowhere else.

import { createHash, generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** @typedef {Awaited<ReturnType<typeof loadSecrets>>} Secrets */

const random = (bytes = 32) => randomBytes(bytes).toString("base64url");

/** A private P-256 key as a JWK with its own kid. */
function signingKey() {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return { ...privateKey.export({ format: "jwk" }), kid: random(6), alg: "ES256", use: "sig" };
}

const make = () => ({
  ring: { environment: "development", keys: [{ kid: random(6), key: random(), status: "active" }] },
  nameKey: random(),
  signingKey: signingKey(),
  operator: { clientId: "operator", secret: random() },
  /** The customer's own: signs the secure tokens of account demo. */
  tokenKey: random(),
  /** The customer's own: encrypts the secure tokens of account acme, and signs them. */
  jweKey: random(),
  siteKey: signingKey(),
  /** Shared with the login server. */
  oidcClient: random(),
});

/** @param {string} stateDir */
export async function loadSecrets(stateDir) {
  const file = join(stateDir, "secrets.json");
  const kept = await readFile(file, "utf8").then(JSON.parse, () => ({}));
  const secrets = { ...make(), ...kept };
  await mkdir(stateDir, { recursive: true });
  await writeFile(file, JSON.stringify(secrets, null, 2), { mode: 0o600 });
  return /** @type {ReturnType<typeof make>} */ (secrets);
}

/** What the worker reads from its environment. @param {Secrets} secrets */
export function workerSecrets({ ring, nameKey, signingKey: key, operator }) {
  return {
    RING: JSON.stringify(ring),
    NAME_KEY: nameKey,
    SIGNING_KEY: JSON.stringify(key),
    OPERATOR: JSON.stringify({
      clientId: operator.clientId,
      secretHash: createHash("sha256").update(operator.secret).digest("hex"),
    }),
  };
}

/** The secrets that the account documents name, by account. @param {Secrets} secrets @returns {Record<string, Record<string, { purpose: string, value: string }>>} */
export const accountSecrets = ({ tokenKey, jweKey, oidcClient }) => ({
  demo: { TOKEN_KEY: { purpose: "verify", value: tokenKey }, OIDC_CLIENT: { purpose: "client", value: oidcClient } },
  acme: { JWE_KEY: { purpose: "decrypt", value: jweKey } },
});
