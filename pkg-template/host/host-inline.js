// Browsers and bundlers without settings: the module is inlined and compiled without blocking.

import base64 from "../inlined.js";
import { inflate } from "../loading/inflate.js";
import { loader } from "../loading/load.js";
import { loaded } from "../loading/instance.js";

const init = loader(() => inflate(base64));

/** @type {import("../api/api.js").Host} */
export const host = { module: loaded, init, ready: () => init() };
