// handstamp/verify for Vercel's edge runtime, which takes modules by this spelling only.

import compiled from "../handstamp_verify.wasm?module";
import { createApi } from "../verify/verify-api.js";

export { version } from "../codes.js";
export { HandstampError } from "../refusals/refusal.js";
export const { init, createVerifier } = createApi(() => compiled);
