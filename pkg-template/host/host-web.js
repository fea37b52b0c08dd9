// Browsers and bundlers that follow `new URL(…, import.meta.url)`: the module is fetched and compiled as it comes.

import { loader } from "../loading/load.js";
import { loaded } from "../loading/instance.js";

const init = loader(() => new URL("../handstamp_bg.wasm", import.meta.url));

/** @type {import("../api/api.js").Host} */
export const host = { module: loaded, init, ready: () => init() };
