// Refusals of the module: what it throws, as what callers catch.

import { HandstampError } from "../refusals/refusal.js";
import "../refusals/words.js";
import { revive } from "./revival.js";

export { HandstampError };

/**
 * Runs a call into the module. What it throws becomes a HandstampError: its own refusals by their code,
 * anything else as `internal`; the next call then finds a new instance.
 * @template T
 * @param {() => T} call
 * @returns {T}
 */
export function refusing(call) {
  try {
    return call();
  } catch (thrown) {
    if (thrown instanceof HandstampError) throw thrown;
    if (typeof thrown !== "string") {
      revive();
      throw new HandstampError("internal", {}, { cause: thrown });
    }
    const { code, ...found } = JSON.parse(thrown);
    throw new HandstampError(code, found);
  }
}
