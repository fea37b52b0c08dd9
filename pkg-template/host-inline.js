// Browsers and bundlers without settings: the module is inlined and compiled without blocking.

import { inlinedBytes } from "./from-base64.js";
import { loader } from "./load.js";
import { loaded } from "./instance.js";

const init = loader(inlinedBytes);

/** @type {import("./api.js").Host} */
export const host = { module: loaded, init, ready: () => init() };
