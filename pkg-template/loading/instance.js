// The one running instance of the module that every entry over it shares.

import { HandstampError } from "./error.js";

/** @typedef {typeof import("../handstamp.js")} Module the module's exports, as wasm-bindgen made them */

/** @type {{ module: Module | null }} */
export const instance = { module: null };

/**
 * The running module, for hosts that cannot start it synchronously.
 * @returns {Module}
 */
export function loaded() {
  if (!instance.module) {
    throw new HandstampError("not_initialised", { expected: "await init() before this call" });
  }
  return instance.module;
}
