// Hosts that hand the module over themselves: `init(source)` comes first.

import { HandstampError } from "../loading/error.js";
import { loader } from "../loading/load.js";
import { loaded } from "../loading/instance.js";

const init = loader(() => {
  throw new HandstampError("not_initialised", { at: "init", expected: "the module: call init(source) first", got: "nothing" });
});

/** @type {import("../api/api.js").Host} */
export const host = { module: loaded, init, ready: () => init() };
