// Loading the module at its first use, synchronously: for Node and the edge, never for a browser window.

import { initSync } from "../handstamp.js";
import * as module from "../handstamp.js";
import { needWebAssembly } from "./compile.js";
import { instance } from "./instance.js";
import { started } from "./revival.js";

/**
 * Makes sure that the module runs.
 * @param {() => WebAssembly.Module} compiled
 * @returns {import("./instance.js").Module}
 */
export function loadNow(compiled) {
  if (!instance.module) {
    needWebAssembly();
    initSync({ module: ours(compiled()) });
    instance.module = module;
    started(module.__wbg_reset_state);
  }
  return instance.module;
}

/**
 * A module of another realm, as edge runtimes hand it over, is a module all the same; but the glue asks
 * `instanceof` and would compile it again.
 * @param {WebAssembly.Module} module
 */
function ours(module) {
  return module instanceof WebAssembly.Module ? module : Object.setPrototypeOf(module, WebAssembly.Module.prototype);
}
