// Vercel's edge runtime, which takes modules by this spelling only.

import compiled from "../handstamp_bg.wasm?module";
import { loader } from "../loading/load.js";
import { loadNow } from "../loading/load-now.js";

/** @type {import("../api/api.js").Host} */
export const host = {
  module: () => loadNow(() => compiled),
  init: loader(() => compiled),
  ready: async () => {},
};
