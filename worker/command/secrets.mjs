// handstamp-worker secrets [--out FILE]: fresh secrets of a production deployment, as `wrangler secret bulk` takes them.

import { createHash, generateKeyPairSync, randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { createRing } from "../../pkg/dist/oauth.node.js";

/**
 * Makes the secrets of one deployment. The operator's own secret is not among what the worker gets: it has its hash.
 * @param {string} environment the ring's, such as `production`
 * @returns {{ operator: string, vars: { RING: string, NAME_KEY: string, SIGNING_KEY: string, OPERATOR: string } }}
 */
export function freshSecrets(environment) {
  const random = () => randomBytes(32).toString("base64url");
  const [operator, ring] = [random(), createRing(environment)];
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const secretHash = createHash("sha256").update(operator).digest("hex");
  const vars = {
    RING: JSON.stringify(ring),
    NAME_KEY: random(),
    SIGNING_KEY: JSON.stringify({ ...privateKey.export({ format: "jwk" }), kid: ring.keys[0].kid }),
    OPERATOR: JSON.stringify({ clientId: "operator", secretHash }),
  };
  return { operator, vars };
}

/** @param {string[]} args @returns {Promise<boolean>} whether they were written */
export async function secrets(args) {
  const { values } = parseArgs({ args, options: { out: { type: "string", default: "secrets.json" } } });
  const { operator, vars } = freshSecrets("production");
  try {
    // Whoever has lost NAME_KEY finds no participation again: what is there stays.
    await writeFile(values.out, `${JSON.stringify(vars, null, 2)}\n`, { flag: "wx", mode: 0o600 });
  } catch (fault) {
    if (/** @type {NodeJS.ErrnoException} */ (fault).code !== "EEXIST") throw fault;
    throw new Error(`${values.out} is there already, and is not written over: give another name with --out`);
  }
  console.log(`operator secret: ${operator}`);
  console.error(`${values.out} is written. The operator's secret is stored nowhere: keep both in your password store.`);
  return true;
}
