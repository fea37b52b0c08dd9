// GET /openapi.json

import { publicJson } from "../http/answers.js";
import { description } from "../openapi/description.js";

/** @import { Handler } from "../types.d.ts" */

/** @type {Handler} */
export function openapi(context) {
  return publicJson(description(context.config.publicUrl), 300);
}
