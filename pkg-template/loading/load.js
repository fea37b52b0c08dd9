// Loading the module without blocking: for browsers, and for every host that hands the module over itself.
// In: a compiled module, its bytes, a Response, an address, or a promise of one. Out: the shared instance.

import start, * as module from "../handstamp.js";
import { compile, failed } from "./compile.js";
import { HandstampError } from "./error.js";
import { instance } from "./instance.js";
import { started } from "./revival.js";

/** @typedef {import("../index.js").ModuleSource} ModuleSource */

/** @type {Promise<void> | null} */
let loading = null;

/**
 * An `init` that loads from `fallback` when it is called without a source of its own. Calling it again, or
 * twice at once, loads once; after a failure it can be called again.
 * @param {() => ModuleSource | Promise<ModuleSource>} fallback
 * @returns {(source?: ModuleSource | Promise<ModuleSource>) => Promise<void>}
 */
export function loader(fallback) {
  return async function init(source) {
    // Somebody else's source may fail where ours does not, so theirs is only waited for.
    while (loading) await loading.catch(() => {});
    if (instance.module) return;
    loading = load(source ?? fallback());
    try {
      await loading;
    } finally {
      loading = null;
    }
  };
}

/** @param {ModuleSource | Promise<ModuleSource>} source */
async function load(source) {
  try {
    const compiled = await compile(await source);
    // Asynchronous on purpose: browsers refuse to instantiate large modules synchronously.
    await start({ module_or_path: compiled });
  } catch (cause) {
    throw cause instanceof HandstampError ? cause : failed("what cannot be had or compiled", cause);
  }
  instance.module = module;
  started(module.__wbg_reset_state);
}
