// Loading the module without blocking: for browsers, and for every host that hands the module over itself.
// In: a compiled module, its bytes, a Response, an address, or a promise of one. Out: the shared instance.

import start, * as module from "./handstamp.js";
import { HandstampError } from "./error.js";
import { instance } from "./instance.js";

/** @typedef {import("./index.js").ModuleSource} ModuleSource */

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
}

/**
 * @param {ModuleSource} source
 * @returns {Promise<WebAssembly.Module>}
 */
async function compile(source) {
  if (typeof source === "string" || source instanceof URL) source = await fetch(source);
  if (typeof Response === "function" && source instanceof Response) {
    if (!source.ok) throw failed(`status ${source.status}`);
    const type = source.headers.get("content-type")?.split(";")[0]?.trim();
    if (type === "application/wasm" && typeof WebAssembly.compileStreaming === "function") {
      return WebAssembly.compileStreaming(source);
    }
    return WebAssembly.compile(await source.arrayBuffer());
  }
  if (source instanceof ArrayBuffer || ArrayBuffer.isView(source)) {
    return WebAssembly.compile(/** @type {BufferSource} */ (source));
  }
  // Not instanceof: a module may come from another realm.
  if (Object.prototype.toString.call(source) === "[object WebAssembly.Module]") {
    return /** @type {WebAssembly.Module} */ (source);
  }
  throw failed("something else");
}

/** @param {string} got @param {unknown} [cause] */
function failed(got, cause) {
  const expected = "a WebAssembly.Module, its bytes, a successful Response, or an address";
  return new HandstampError("not_initialised", { at: "init", expected, got }, cause === undefined ? {} : { cause });
}
