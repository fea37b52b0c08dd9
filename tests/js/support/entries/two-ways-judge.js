// Judges rows of tokens by one way, in whatever host this runs: the content of each, or the code of its refusal.

import { testing } from "../../../../pkg/dist/webcrypto.js";

// The keys are those of the vectors: a page may hold them.
const options = { allowSecretsInBrowser: true };

/**
 * @param {Pick<typeof import("../../../../pkg/dist/index.js"), "createVerifier" | "decryptCompact" | "verifyCompact">} entry
 * @param {"table" | "module" | "host"} way
 * @param {{ open: string, key: any, verify?: any, token: string }[]} rows
 * @returns {Promise<string[]>}
 */
export async function judge(entry, way, rows) {
  testing.way = way;
  const found = [];
  for (const { open, key, verify, token } of rows) {
    try {
      if (open === "nested") {
        const verifier = await entry.createVerifier({ verify, decrypt: key }, options);
        found.push(JSON.stringify((await verifier.verify(token)).claims));
        continue;
      }
      const { plaintext, payload } = /** @type {any} */ (
        open === "decrypt" ? await entry.decryptCompact(token, key, options) : await entry.verifyCompact(token, key, options)
      );
      found.push(new TextDecoder().decode(plaintext ?? payload));
    } catch (error) {
      found.push(/** @type {any} */ (error).code);
    }
  }
  testing.way = "table";
  return found;
}
