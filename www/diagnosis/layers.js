// A token taken apart: what is signed, and where there is a key for it, what is inside of what is encrypted.

import { HERE, HandstampError, decryptCompact, init, inspect } from "./handstamp.js";

/** @import { DecryptKey, Inspection, TokenSettings } from "../../pkg/dist/index.js" */
/**
 * @typedef {object} Layer
 * @property {Inspection} inspection
 * @property {Record<string, unknown>} members of its header
 * @property {"none" | "missing" | "wrong"} lock whether a key is needed to see more
 */

/**
 * @param {string} token
 * @param {TokenSettings | undefined} settings
 * @returns {Promise<Layer[]>} the outermost first
 */
export async function layersOf(token, settings) {
  await init();
  const outer = layer(token);
  if (outer.inspection.form !== "jwe") return [outer];
  const keys = [settings?.decrypt ?? []].flat();
  const whole = outer.inspection.parts.map(({ text }) => text).join(".");
  const inside = await opened(whole, keys);
  if (inside === undefined) return [{ ...outer, lock: keys.length === 0 ? "missing" : "wrong" }];
  return [outer, layer(inside)];
}

/** @param {string} text @returns {Layer} */
function layer(text) {
  const inspection = inspect(text);
  return { inspection, members: inspection.parts[0]?.members ?? {}, lock: "none" };
}

/** What is inside, by the first key that fits. @param {string} token @param {DecryptKey[]} keys */
async function opened(token, keys) {
  for (const key of keys) {
    try {
      const { plaintext } = await decryptCompact(token, key, HERE);
      return new TextDecoder().decode(plaintext);
    } catch (thrown) {
      // The report says what is wrong with the key; here the next one is tried.
      if (!(thrown instanceof HandstampError)) throw thrown;
    }
  }
  return undefined;
}
