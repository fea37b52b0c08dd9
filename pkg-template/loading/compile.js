// A compiled module out of what a host has: the module itself, its bytes, a Response, or an address.

import { HandstampError } from "../refusals/refusal.js";

/** @typedef {import("../index.js").ModuleSource} ModuleSource */

/**
 * @param {ModuleSource} source
 * @returns {Promise<WebAssembly.Module>}
 */
export async function compile(source) {
  needWebAssembly();
  if (typeof source === "string" || source instanceof URL) source = await fetch(source);
  // Not instanceof: a module may come from another realm. And Response comes last: Node loads its whole fetch, 40 ms of
  // it, when the name is first looked at.
  if (Object.prototype.toString.call(source) === "[object WebAssembly.Module]") {
    return /** @type {WebAssembly.Module} */ (source);
  }
  if (source instanceof ArrayBuffer || ArrayBuffer.isView(source)) {
    return WebAssembly.compile(/** @type {BufferSource} */ (source));
  }
  if (typeof Response === "function" && source instanceof Response) {
    if (!source.ok) throw failed(`status ${source.status}`);
    const type = source.headers.get("content-type")?.split(";")[0]?.trim();
    if (type === "application/wasm" && typeof WebAssembly.compileStreaming === "function") {
      return WebAssembly.compileStreaming(source);
    }
    return WebAssembly.compile(await source.arrayBuffer());
  }
  throw failed("something else");
}

/** Says so where the host cannot run any module, before something else fails. */
export function needWebAssembly() {
  if (typeof WebAssembly !== "object") throw new HandstampError("needs_webassembly");
}

/** @param {string} got @param {unknown} [cause] */
export function failed(got, cause) {
  const expected = "a WebAssembly.Module, its bytes, a successful Response, or an address";
  return new HandstampError("not_initialised", { at: "init", expected, got }, cause === undefined ? {} : { cause });
}
