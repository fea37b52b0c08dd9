// handstamp/verify/slim for hosts that hand the small module to `init(source)` themselves.

import { createApi } from "../verify/verify-api.js";
import { HandstampError } from "../refusals/refusal.js";

export { version } from "../codes.js";
export { HandstampError };
export const { init, createVerifier } = createApi(() => {
  throw new HandstampError("not_initialised", { at: "init", expected: "the module: call init(source) first", got: "nothing" });
});
