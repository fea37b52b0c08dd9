// handstamp/verify for browsers and bundlers without settings: the small module is inlined.

import { inflate } from "../loading/inflate.js";
import { createApi } from "../verify/verify-api.js";
import base64 from "../verify-inlined.js";

export { version } from "../codes.js";
export { HandstampError } from "../refusals/refusal.js";
export const { init, createVerifier } = createApi(() => inflate(base64));
