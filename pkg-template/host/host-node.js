// Node, Deno and Bun: the module is inlined (bundlers move files) and starts at its first use.

import { inflateRawSync } from "node:zlib";
import { fromBase64 } from "../loading/base64.js";
import base64 from "../inlined.js";
import { loader } from "../loading/load.js";
import { loadNow } from "../loading/load-now.js";

const compiled = () => new WebAssembly.Module(inflateRawSync(fromBase64(base64)));

/** @type {import("../api/api.js").Host} */
export const host = {
  module: () => loadNow(compiled),
  init: loader(compiled),
  ready: async () => {},
};
