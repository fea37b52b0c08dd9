// After a trap (the module's memory could not grow, a fault that it promises never to have) nothing in the old
// instance can be trusted: a new one is made of the same compiled module, and whoever held something in the old
// one makes it again.

import { __wbg_reset_state as newInstance } from "../handstamp.js";

let made = 0;

/** Which instance is running, counted from 0: what was made in another one is gone. */
export const running = () => made;

/** Goes on with a new instance. */
export function revive() {
  try {
    newInstance();
    made += 1;
  } catch {
    // Before anything was loaded, or in a window of an old browser, which makes no large instance at once.
  }
}
