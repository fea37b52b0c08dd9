// Chromium: the whole measurement runs in the page. Bundled, and given `run(case, plan)` as a global.

import * as handstamp from "../../pkg/dist/inline.js";
import { contenders } from "./contenders.js";
import { interleaved } from "./measure.js";

await handstamp.init();
globalThis.run = async (given, plan) => interleaved(await contenders(handstamp, given), plan);
