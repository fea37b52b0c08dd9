// A Worker that judges rows of tokens by one way.

import { isAsked } from "../../../../pkg/dist/openssl.js";
import * as entry from "../../../../pkg/dist/workerd.js";
import { judge } from "./two-ways-judge.js";

export default {
  /** @param {Request} request */
  async fetch(request) {
    const { way, rows } = /** @type {any} */ (await request.json());
    return Response.json({ found: await judge(entry, way, rows), openSsl: isAsked() });
  },
};
