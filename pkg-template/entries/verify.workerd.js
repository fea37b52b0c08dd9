// handstamp/verify for Cloudflare Workers: the small module is compiled at deployment.

import compiled from "../handstamp_verify.wasm";
import { createApi } from "../verify/verify-api.js";

export { version } from "../codes.js";
export { HandstampError } from "../refusals/refusal.js";
export const { init, createVerifier } = createApi(() => compiled);
