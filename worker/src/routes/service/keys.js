// GET /.well-known/jwks.json: the keys behind our own access tokens.

import { publicKeys } from "../../accounts/access.js";
import { publicJson } from "../../http/answers.js";

/** @import { Handler } from "../../types.d.ts" */

/** @type {Handler} */
export function jwks(context) {
  return publicJson(publicKeys(context.config), 300, "application/jwk-set+json");
}
