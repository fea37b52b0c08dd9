// Browsers and bundlers without settings: the module is inlined and compiled without blocking.

import { fromBase64 } from "../loading/base64.js";
import base64 from "../inlined.js";
import { loader } from "../loading/load.js";
import { loaded } from "../loading/instance.js";

const init = loader(() => fromBase64(base64));

/** @type {import("../api/api.js").Host} */
export const host = { module: loaded, init, ready: () => init() };
