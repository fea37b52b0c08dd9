// A Worker that judges the conformance pack.

import * as entry from "../../../../pkg/dist/workerd.js";
import { judge } from "./pack-judge.js";

export default {
  /** @param {Request} request */
  async fetch(request) {
    const { way, pack } = /** @type {any} */ (await request.json());
    return Response.json(await judge(entry, way, pack));
  },
};
