// Node, Deno and Bun: the module is inlined (bundlers move files) and starts at its first use.

import { inlinedBytes } from "./from-base64.js";
import { loader } from "./load.js";
import { loadNow } from "./load-now.js";

const compiled = () => new WebAssembly.Module(inlinedBytes());

/** @type {import("./api.js").Host} */
export const host = {
  module: () => loadNow(compiled),
  init: loader(compiled),
  ready: async () => {},
};
