// The soak of killed logins, in short: each of its three places once for a sign-in in a frame, and once for one in a window of its
// own. `cargo xtask soak login-kills` runs a hundred loops.

import { test } from "node:test";
import { killLogins } from "../../../soak/login-kills.mjs";

test("workerd killed between start and callback, before and during redeem: finished or login_again, no code twice", async () => {
  await killLogins(6);
});
