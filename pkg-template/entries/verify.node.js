// handstamp/verify for Node, Deno and Bun: the small module is inlined.

import { inflateRawSync } from "node:zlib";
import { fromBase64 } from "../loading/base64.js";
import { createApi } from "../verify/verify-api.js";
import base64 from "../verify-inlined.js";

export { version } from "../codes.js";
export { HandstampError } from "../refusals/refusal.js";
export const { init, createVerifier } = createApi(() => inflateRawSync(fromBase64(base64)));
