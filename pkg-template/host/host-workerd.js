// Cloudflare Workers: the module is imported, compiled at deployment, and starts at its first use.

import compiled from "../handstamp_bg.wasm";
import { loader } from "../loading/load.js";
import { loadNow } from "../loading/load-now.js";

/** @type {import("../api/api.js").Host} */
export const host = {
  module: () => loadNow(() => compiled),
  init: loader(() => compiled),
  ready: async () => {},
  rehearses: true,
};
