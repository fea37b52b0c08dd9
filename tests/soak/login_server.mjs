// The login server of a soak as a process of its own: tells its parent how an account uses it, and ends with it.

import { Provider } from "../js/support/worker/provider.mjs";

const provider = await Provider.start();
process.send?.(provider.settings());
process.on("disconnect", () => process.exit());
